"""The stance of a page toward a sentence that still stands, in every language that has cue tables."""

import pytest

from sources.quotes.cues import LANGUAGES
from sources.quotes.exact_match import TextQuote, find_exact
from sources.quotes.stance.find_stance import concerns, find_stance
from sources.quotes.stance.findings import Finding, Reading, Stance
from tests.sources.quotes.stance.more_edits import FAKES_AND_RUMOURS, MORE_EDITS
from tests.sources.quotes.stance.pages import PAGES, page


def edits(language: str) -> tuple[tuple[str, str, str], ...]:
    return (*PAGES[language].edits, *MORE_EDITS[language], *FAKES_AND_RUMOURS[language])


def look(language: str, where: str, words: str, *, before: tuple[str, str] = ("", "")) -> Finding:
    pages = PAGES[language]
    old_text, old_title = page(pages, *before)
    new_text, new_title = page(pages, where, words)
    quote = TextQuote(pages.quote)
    was, now = next(find_exact(quote, old_text)), next(find_exact(quote, new_text))
    return find_stance(Reading(new_text, new_title, language), now, Reading(old_text, old_title, language), was)


@pytest.mark.parametrize("language", PAGES)
def test_edits_round_a_sentence(language: str) -> None:
    wrong = []
    for expected, where, words in edits(language):
        found = look(language, where, words)
        raised = found.stance is not Stance.STANDS
        if raised != (expected != "stands") or (raised and found.at_once != (where == "para")):
            wrong.append((expected, where, words, found))
        if raised:
            assert found.because
    assert not wrong


@pytest.mark.parametrize("language", PAGES)
def test_what_was_there_before_never_alarms(language: str) -> None:
    for _, where, words in edits(language):
        assert look(language, where, words, before=(where, words)).stance is Stance.STANDS


@pytest.mark.parametrize("language", PAGES)
def test_what_the_page_drops_elsewhere_never_alarms(language: str) -> None:
    for _, where, words in edits(language):
        if where not in ("para", "head"):
            found = look(language, "", "", before=(where, words))
            assert found.stance is Stance.STANDS, (where, words, found)


def test_every_language_is_tried() -> None:
    assert set(PAGES) == LANGUAGES


def test_the_words_of_an_unknown_language_say_nothing() -> None:
    text = "Veden pinta nousi 87 prosenttia. Luku on perjantailta, eikä sitä ole muutettu sen jälkeen lainkaan."
    edited = text.replace("prosenttia. ", "prosenttia. Tämä ei pidä paikkaansa. ")
    place = (0, 32)
    assert find_stance(Reading(edited, "", "fi"), place, Reading(text, "", "fi"), place).stance is Stance.STANDS


@pytest.mark.parametrize("language", PAGES)
def test_a_notice_may_concern_the_quote_and_a_menu_does_not(language: str) -> None:
    pages = PAGES[language]
    old, title = page(pages)
    place = next(find_exact(TextQuote(pages.quote), old))
    notice = next(words for expected, where, words in pages.edits if expected == "disowned" and where == "top")
    before = Reading(old, title, language)
    assert concerns(Reading(page(pages, "top", notice)[0], title, language), before, place)
    assert not concerns(Reading(old.replace("  Sport", "  Sport\n  Chess"), title, language), before, place)


def test_a_notice_in_the_one_line_that_holds_the_article() -> None:
    pages = PAGES["en"]
    old = " ".join([pages.first, pages.quote, pages.after, pages.third, pages.fourth])
    wrong = "Correction: the Ellen reservoir was 78 per cent full, not 87 per cent."
    other = "Correction: the pumps cost 3.1 million, not 1.3 million."
    place = next(find_exact(TextQuote(pages.quote), old))
    for notice, stance in ((wrong, Stance.DISOWNED), (other, Stance.STANDS)):
        found = find_stance(Reading(f"{old} {notice}", "", "en"), place, Reading(old, "", "en"), place)
        assert found.stance is stance


def test_another_person_than_the_one_who_said_it() -> None:
    old = "Finance minister Ruth Dall spoke first.\n\n“Nobody paid more tax,” she told the house."
    place = next(find_exact(TextQuote("Nobody paid more tax"), old))
    for first, stance in (
        ("Opposition leader Dana Prior spoke first.", Stance.REATTRIBUTED),
        ("Former minister Ruth Dall spoke first.", Stance.STANDS),
    ):
        new = old.replace("Finance minister Ruth Dall spoke first.", first)
        found = find_stance(
            Reading(new, "", "en"),
            next(find_exact(TextQuote("Nobody paid more tax"), new)),
            Reading(old, "", "en"),
            place,
        )
        assert found.stance is stance and (found.at_once or stance is not Stance.STANDS)


@pytest.mark.parametrize(
    ("before", "now", "stance"),
    [
        ("Im Bericht des Amtes heißt es: „{Q}“ {N}", "„{Q}“, heißt es im Bericht des Amtes. {N}", Stance.STANDS),
        (
            "Im Bericht des Amtes heißt es: „{Q}“ {N}",
            "Im Prospekt eines Händlers heißt es: „{Q}“ {N}",
            Stance.REATTRIBUTED,
        ),
        ("Der Bericht sagt: „{Q}“ {N}", "Der Bericht, der noch nicht vorliegt, sagt: „{Q}“ {N}", Stance.STANDS),
    ],
)
def test_a_sentence_in_the_quotation_marks_of_its_language(before: str, now: str, stance: Stance) -> None:
    assert look("de", "para", now, before=("para", before)).stance is stance
