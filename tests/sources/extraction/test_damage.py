"""Damaged characters where a quote stands: nobody could look, unless what damage leaves whole was edited."""

import pytest

from sources.quotes import locate
from sources.quotes.look import Look, look
from sources.quotes.stance.findings import Reading

GERMAN = "Die Behörde prüfte 38 der 214 Deiche und fand größere Schäden."
RUSSIAN = "Ведомство проверило 38 из 214 дамб и нашло серьёзные повреждения."
JAPANESE = "当局は二百十四か所のうち38か所の堤防で大きな損傷を見つけた。"
AROUND = ("Der Bericht liegt seit Montag vor.", "Im Herbst wird weiter geprüft.")


def found(quote: str, now: str, title: str = "") -> Look:
    before = "\n\n".join((AROUND[0], quote, AROUND[1]))
    after = "\n\n".join((AROUND[0], now, AROUND[1]))
    return look(locate.select(quote, before), Reading(after, title), Reading(before, title))


DAMAGES = {
    "replaced": lambda quote: quote.encode("utf-8").decode("ascii", errors="replace"),
    "one by one": lambda quote: "".join(each if each.isascii() else "\ufffd" for each in quote),
    "lost": lambda quote: quote.encode("ascii", errors="replace").decode("ascii"),
    "lost by bytes": lambda quote: "".join(each if each.isascii() else "?" * len(each.encode()) for each in quote),
    "as Latin": lambda quote: quote.encode().decode("cp1252", errors="replace"),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("quote", [GERMAN, RUSSIAN, JAPANESE], ids=["German", "Russian", "Japanese"])
def test_a_damaged_sentence_says_nothing(quote: str, damage: str) -> None:
    assert found(quote, DAMAGES[damage](quote)).damaged


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("quote", [GERMAN, RUSSIAN, JAPANESE], ids=["German", "Russian", "Japanese"])
def test_a_damaged_sentence_with_another_figure_was_edited(quote: str, damage: str) -> None:
    looked = found(quote, DAMAGES[damage](quote.replace("38", "31")))
    assert not looked.damaged and looked.check.result in {"altered", "gone"}


def test_sound_edits_and_removals_are_none() -> None:
    for now in (GERMAN.replace("38", "31"), GERMAN.replace("größere", "keine"), ""):
        looked = found(GERMAN, now)
        assert not looked.damaged and looked.check.result in {"altered", "gone"}


def test_damage_elsewhere_does_not_matter() -> None:
    assert found(GERMAN, f"{GERMAN}\n\nGr\ufffdße aus K\ufffdln.").check.result == "intact"
    looked = found(GERMAN, "Gr\ufffdße aus K\ufffdln.")
    assert not looked.damaged and looked.check.result == "gone"


FRENCH = "Le café « Zürich » a fermé 38 fois, dit-on."
CZECH = "Úřad prověřil 38 hrází; škody už nalezl."


@pytest.mark.parametrize(
    ("quote", "now"),
    [
        (FRENCH, FRENCH.replace("é", "?").replace("ü", "?").replace("«", "?").replace("»", "?")),
        (FRENCH, FRENCH.replace("é", "??")),
        (CZECH, CZECH.encode("latin-1", errors="replace").decode("latin-1")),
        ("The “final” report counts 38 walls.", "The ?final? report counts 38 walls."),
        ("墙壁并不安全，他说。", "??????????"),
    ],
)
def test_letters_that_a_charset_lost_say_nothing(quote: str, now: str) -> None:
    assert found(quote, now).damaged
    assert found(quote, f"{now} Et plus.").damaged


@pytest.mark.parametrize(
    ("quote", "now"),
    [
        # A question that was asked, in place of what stood there.
        ("The wall is safe…", "The wall is safe?"),
        ("The wall is safe.", "The wall is safe?"),
        ("Le mur est très sûr.", "Le mur est très ?"),
        ("Он сказал им: да, стена цела.", "Он сказал им: ??, стена цела."),
        ("Le chef a démissionné hier.", "Le chef a démissionn? hier."),
        ("Die Mauer ist sicher, sagt Müller.", "Die Mauer ist sicher? sagt Müller."),
        # Damage, and an edit beside it.
        (FRENCH, FRENCH.replace("é", "?").replace("38", "31")),
        (FRENCH, FRENCH.replace("é", "?").replace("dit-on", "dit-elle")),
        (RUSSIAN, "????????? ????????? 31 ?? 214 ???? ? ????? ????????? ???????????."),
        (RUSSIAN, "?"),
        ("墙壁并不安全，他说。", "???"),
    ],
)
def test_question_marks_that_were_written_raise(quote: str, now: str) -> None:
    looked = found(quote, now)
    assert not looked.damaged and looked.check.result in {"altered", "gone"}


def test_a_damaged_copy_elsewhere_hides_no_edit() -> None:
    looked = found(FRENCH, FRENCH.replace("38", "31") + "\n\n" + FRENCH.replace("é", "?"))
    assert not looked.damaged and looked.check.result == "altered"


def test_many_question_marks_take_no_time() -> None:
    assert not found("墙" * 400 + "a" + "壁" * 400, "?" * 4_000).damaged
