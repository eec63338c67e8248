"""Looking at a page: the words and the stance in one answer, and polls that nobody needs to look at."""

from random import Random

import pytest

from sources.quotes.grade import Grade
from sources.quotes.locate import Result, select
from sources.quotes.look import look, untouched
from sources.quotes.stance.findings import Reading, Stance

QUOTE = "The survey found that 38 of the 214 sea walls no longer meet the national safety standard."
LINES = (
    "Home",
    "12:40",
    "Sea walls failing",
    "The coastal office published its survey of the sea walls on Tuesday, after a wet spring on the coast.",
    "What was found",
    QUOTE,
    "The people of the lower town have complained for years that the pumps fail when the tide is high.",
    "The council will debate the survey in June, and a public hearing is planned in the old customs house.",
    "Most read",
    "A cat was saved from a tree by firemen in the morning.",
    "Contact",
)
BEFORE = Reading("\n".join(LINES), "Sea walls failing", "en")
EDITED = QUOTE.replace("38", "31")


def page(old: str, new: str, title: str = BEFORE.title) -> Reading:
    assert old in BEFORE.text
    return Reading(BEFORE.text.replace(old, new), title, "en")


def test_the_answer_holds_words_and_stance() -> None:
    quote = select(QUOTE, BEFORE.text)
    assert look(quote, BEFORE, BEFORE).stance is Stance.STANDS
    assert look(quote, BEFORE).check.result is Result.INTACT
    edited = look(quote, page(QUOTE, EDITED), BEFORE)
    assert (edited.check.result, edited.check.grade, edited.needs_second_look) == (
        Result.ALTERED,
        Grade.SUBSTANCE,
        False,
    )
    gone = look(quote, page(QUOTE, ""), BEFORE)
    assert gone.check.result is Result.GONE and gone.needs_second_look
    disowned = look(quote, page("Contact", f"Correction: we wrongly reported that {QUOTE}\nContact"), BEFORE)
    assert disowned.check.result is Result.INTACT and disowned.stance is Stance.DISOWNED and disowned.because


def test_a_cosmetic_change_hides_no_stance() -> None:
    quote = select(QUOTE, BEFORE.text)
    notice = f"Correction: an earlier version of this article wrongly said that {QUOTE}"
    found = look(quote, page(QUOTE, f"{QUOTE.upper()}\n{notice}"), BEFORE)
    assert found.stance is Stance.DISOWNED or found.check.grade is not Grade.COSMETIC


@pytest.mark.parametrize("language", ["en", ""])
def test_a_denial_around_the_quote_is_found_once(language: str) -> None:
    part = "the walls of the upper town are safe"
    before = Reading(BEFORE.text.replace("Most read", f"Officials say {part}.\nMost read"), "", language)
    now = Reading(before.text.replace("Officials say", "It is not true that"), "", language)
    found = look(select(part, before.text), now, before)
    assert found.check.result is Result.ALTERED or found.stance is not Stance.STANDS
    innocent = Reading(before.text.replace(f"{part}.", f"{part}, though the report is not yet online."), "", "en")
    assert look(select(part, before.text), innocent, before).check.result is Result.INTACT


# Quiet polls.


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("12:40", "12:55"),
        ("A cat was saved", "A dog was saved"),
        ("Most read", "Read most"),
        ("Contact", "Write to us"),
        ("Home", "Home\nShop"),
        ("Home", "Home\nUpdated: 3 May 2024, 09:15"),
        (f"{QUOTE}\n", f"{QUOTE}\nAdvertisement: shoes from 28.99\n"),
        (QUOTE, f"Photo: Ann Roe, 12:55\n{QUOTE}"),
        ("Home", "Home\nAnn Roe Last updated: 3 May 2024, 09:15:01 4711 views"),
        ("Home", "Home\nThe lift in the old town is closed without further notice"),
        ("A cat was saved from a tree by firemen in the morning.\n", ""),
    ],
)
def test_a_poll_in_which_nothing_of_the_quote_changed_is_quiet(old: str, new: str) -> None:
    assert untouched(select(QUOTE, BEFORE.text), page(old, new) if old else BEFORE, BEFORE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (QUOTE, EDITED),
        (QUOTE, QUOTE.upper()),
        (QUOTE, f"Critics say: {QUOTE}"),
        ("What was found", "What critics say was found"),
        ("Sea walls failing", "Sea walls said to fail"),
        ("Contact", f"{QUOTE}\nContact"),
        ("Contact", "Correction: the number of walls is 31, not 38.\nContact"),
        ("Home", "This article has been retracted.\nHome"),
        ("Home", "Update: fewer walls than we said\nHome"),
        (QUOTE, f"{EDITED}\n{QUOTE}"),
        (f"{QUOTE}\n", f"{QUOTE}\nCorrection: that is wrong.\n"),
        (f"{QUOTE}\n", f"{QUOTE}\n{QUOTE}\n"),
        (f"{QUOTE}\nThe people", f"{QUOTE} The people"),
        ("Home", "Correction (3 May 2024): fewer walls\nHome"),
        ("Most read", f"Most read\n{EDITED}"),
    ],
)
def test_a_poll_that_could_concern_the_quote_is_not_quiet(old: str, new: str) -> None:
    assert not untouched(select(QUOTE, BEFORE.text), page(old, new), BEFORE)


def test_another_headline_or_language_is_not_quiet() -> None:
    quote = select(QUOTE, BEFORE.text)
    assert not untouched(quote, Reading(BEFORE.text, "Sea walls are fine", "en"), BEFORE)
    assert not untouched(quote, Reading(BEFORE.text, BEFORE.title, "de"), BEFORE)
    assert not untouched(select("Nothing of the kind", "Nothing of the kind"), BEFORE, BEFORE)


def test_a_quiet_poll_is_one_in_which_a_look_finds_nothing() -> None:
    rng = Random(13)
    bits = (
        *LINES,
        EDITED,
        "2024",
        "Correction:",
        "This is not true:",
        "If so,",
        f"A reader wrote: {QUOTE}",
        "12:59",
        "38",
        "",
    )
    quiet = 0
    for _ in range(400):
        lines = list(LINES)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(lines))
            lines[at : at + rng.randint(0, 1)] = [rng.choice(bits)] if rng.random() < 0.8 else []
            if rng.random() < 0.15:
                lines[at:at] = [f"{rng.choice(bits)} {lines.pop(rng.randrange(len(lines)))}"]
            if rng.random() < 0.1:
                rng.shuffle(lines)
        now = Reading("\n".join(lines), BEFORE.title, "en")
        text = rng.choice([QUOTE, QUOTE, "38 of the 214 sea walls", f"{LINES[3]} {LINES[4]} {QUOTE}"])
        quote = select(text, BEFORE.text)
        if untouched(quote, now, BEFORE):
            quiet += 1
            found = look(quote, now, BEFORE)
            assert found.check.result is Result.INTACT and found.stance is Stance.STANDS, "\n".join(lines)
            assert not found.needs_second_look
    assert quiet > 40


def test_a_page_without_its_notice_again_is_no_quiet_poll() -> None:
    body = "The report is out.\n\nThe ministry counted 412 bridges in need of repair.\n\nMore follows in spring."
    notice = "Correction: we wrongly wrote that 412 bridges need repair.\n\n"
    quote = select("The ministry counted 412 bridges in need of repair.", body)
    plain, noted = Reading(body, "Bridges", "en"), Reading(notice + body, "Bridges", "en")
    assert not untouched(quote, noted, plain)
    assert not untouched(quote, plain, noted)
    assert untouched(quote, Reading(body + "\n\n14 visitors online.", "Bridges", "en"), plain)
