"""A sentence that gained a frame, with the old words beside it as a pull quote; and sentences beside it that do not."""

import pytest

from sources.quotes.locate import Result, select
from sources.quotes.look import look
from sources.quotes.stance.findings import Reading, Stance

# A page's other paragraphs, the sentence, and the same in a frame.
FRAMED = {
    "en": (
        ("The ferry line has run since 1904.", "Its papers are kept in the harbour office."),
        "Captain Orde sold the brass bell for 900 crowns.",
        "Nobody has ever proved that Captain Orde sold the brass bell for 900 crowns.",
    ),
    "de": (
        ("Die Fährlinie besteht seit 1904.", "Ihre Akten liegen im Hafenamt."),
        "Kapitän Orde verkaufte die Glocke für 900 Kronen.",
        "Auf einem Flugblatt stand angeblich: Kapitän Orde verkaufte die Glocke für 900 Kronen.",
    ),
    "fr": (
        ("La ligne existe depuis 1904.", "Ses papiers sont gardés au bureau du port."),
        "Le capitaine Orde a vendu la cloche pour 900 couronnes.",
        "Un tract anonyme prétendait que le capitaine Orde a vendu la cloche pour 900 couronnes.",
    ),
    "ru": (
        ("Паромная линия работает с 1904 года.", "Её бумаги хранятся в портовом управлении."),
        "Капитан Орде продал колокол за 900 крон.",
        "В анонимной листовке утверждалось, что капитан Орде продал колокол за 900 крон.",
    ),
}


def stands(language: str, *blocks: str) -> bool:
    (above, below), sentence, _ = FRAMED[language]
    before = Reading("\n\n".join((above, sentence, below)), language=language)
    now = Reading("\n\n".join((above, *blocks, below)), language=language)
    found = look(select(sentence, before.text), now, before)
    return found.stance is Stance.STANDS and found.check.result is Result.INTACT


@pytest.mark.parametrize("copy_first", [True, False])
@pytest.mark.parametrize("language", FRAMED)
def test_the_old_words_beside_the_sentence_in_a_frame(language: str, copy_first: bool) -> None:
    _, sentence, framed = FRAMED[language]
    framed = framed.replace("le capitaine", "Le capitaine").replace("капитан", "Капитан")
    assert not stands(language, *((sentence, framed) if copy_first else (framed, sentence)))


@pytest.mark.parametrize("language", FRAMED)
def test_what_repeats_the_sentence_and_frames_nothing(language: str) -> None:
    _, sentence, _ = FRAMED[language]
    for beside in (f"“{sentence}”", f"1904: {sentence}", sentence):
        assert stands(language, sentence, beside)
        assert stands(language, beside, sentence)


def test_what_a_person_says_in_quotation_marks_beside_it() -> None:
    sentence = FRAMED["en"][1]
    said = "“Captain Orde sold the brass bell for 900 crowns.” So says his mate, whom few believe."
    assert stands("en", sentence, said)
