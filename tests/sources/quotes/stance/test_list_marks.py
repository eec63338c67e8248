"""The marks of a list, and what joins its items, say nothing of who speaks and deny nothing."""

import pytest

from sources.quotes.locate import Result, select
from sources.quotes.look import look
from sources.quotes.stance.findings import Reading, Stance

ITEMS = {
    "hi": (
        "जल विभाग ने मंगलवार को बाँध की मरम्मत के बारे में अपनी रिपोर्ट जारी की और सुझाव माँगे।",
        ("बाँध की दीवार में 38 दरारें मिलीं", "नहर की सफ़ाई का काम अधूरा है", "तीन गाँवों को पानी नहीं मिलता"),
    ),
    "en": (
        "The water board published its report on the dam on Tuesday and asked for comments from the villages.",
        ("The wall of the dam has 38 cracks", "The canal is still to be cleaned", "Three villages do not have water"),
    ),
    "de": (
        "Das Wasseramt hat am Dienstag seinen Bericht über den Damm vorgelegt und um Hinweise gebeten.",
        ("Die Mauer hat 38 Risse", "Der Kanal ist noch nicht sauber", "Drei Dörfer haben kein Wasser"),
    ),
}
STYLES = ("• {}", "- {}", "– {}", "— {}", "{}.")


def stands(language: str, quote: str, before: str, after: str) -> bool:
    lead = ITEMS[language][0]
    was, now = (Reading(f"{lead}\n\n{each}\n\n{lead}", "", language) for each in (before, after))
    found = look(select(quote, was.text), now, was)
    return found.check.result is Result.INTACT and found.stance is Stance.STANDS


@pytest.mark.parametrize("language", ITEMS)
@pytest.mark.parametrize("after", STYLES)
@pytest.mark.parametrize("before", STYLES)
def test_the_marks_of_a_list_change(language: str, before: str, after: str) -> None:
    items = ITEMS[language][1]
    was, now = ("\n".join(style.format(item) for item in items) for style in (before, after))
    assert [item for item in items if not stands(language, item, was, now)] == []


@pytest.mark.parametrize("language", ITEMS)
@pytest.mark.parametrize("join", [" – ", " — ", " - ", "; "])
def test_sentences_are_joined(language: str, join: str) -> None:
    items = ITEMS[language][1]
    stop = "।" if language == "hi" else "."
    was, now = (f"{stop} ".join(items) + stop, join.join(items) + stop)
    assert [item for item in items if not stands(language, item, was, now)] == []


def test_what_is_new_beside_a_dash_counts() -> None:
    item = ITEMS["en"][1][0]
    assert not stands("en", item, f"{item}.", f"{item} – so claims a leaflet of the anglers.")
    assert not stands("en", item, f"{item}.", f"{item}\n— Ida Moe, campaigner")
    assert not stands("en", item, f"{item}. Nobody was hurt.", f"Nobody was hurt: it is not true that {item}.")


def test_a_source_named_elsewhere_counts() -> None:
    item = ITEMS["en"][1][0]
    other = "The old wall was built by monks"
    said = f"{other}, the anglers claim. {item}. According to the anglers, the mayor slept."
    assert not stands("en", item, said, said.replace(f"{item}.", f"{item} – the anglers claim."))


def test_what_governed_it_and_is_gone_counts() -> None:
    item = "the wall of the dam has 38 cracks"
    assert not stands("en", item, f"It is not true that {item}. Nobody was hurt.", f"{item}. Nobody was hurt.")
