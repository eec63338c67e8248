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
