"""Who says a sentence now, in every language that has cue tables: somebody else, or the same by another name."""

import time

import pytest

from sources.quotes.cues import LANGUAGES
from sources.quotes.exact_match import TextQuote, find_exact
from sources.quotes.stance.find_stance import concerns, find_stance
from sources.quotes.stance.findings import Finding, Reading, Stance
from tests.sources.quotes.stance.pages import PAGES
from tests.sources.quotes.stance.sources import SOURCES


def look(language: str, before: str, now: str) -> Finding:
    sources = SOURCES[language]
    texts = [
        f"{sources.opening}\n\n{words.replace('{Q}', sources.quote)}\n\n{PAGES[language].fourth}"
        for words in (now, before)
    ]
    places = [next(find_exact(TextQuote(sources.quote), text)) for text in texts]
    return find_stance(Reading(texts[0], "", language), places[0], Reading(texts[1], "", language), places[1])


@pytest.mark.parametrize("language", SOURCES)
def test_another_source_and_the_same_by_other_words(language: str) -> None:
    wrong = []
    for expected, before, now in SOURCES[language].edits:
        found = look(language, before, now)
        if (found.stance is Stance.STANDS) != (expected == "stands") or not found.at_once:
            wrong.append((expected, before, now, found))
    assert not wrong


@pytest.mark.parametrize(
    "added",
    [
        "it is wrong, (" * 700_000,
        "false. " * 1_400_000,
        "1 " * 5_000_000,
        "\n" + "\n".join(f"Notice {n}: wrong" for n in range(100_000)),
        "\nVerdict: " + "false (" * 1_000_000,
        "\n" + "— Ida Moe, " * 700_000,
    ],
)
def test_huge_lines_and_many_lines_take_no_time(added: str) -> None:
    opening, quote = SOURCES["en"].opening, SOURCES["en"].quote
    old = f"{opening} In all, {quote}. "
    place = (old.index(quote), old.index(quote) + len(quote))
    for now, before in ((old + added, old), (f"{old}\nCorrection: the ferry.\n{added}", old + added)):
        started = time.process_time()
        concerns(Reading(now, "", "en"), Reading(before, "", "en"), place)
        find_stance(Reading(now, "", "en"), place, Reading(before, "", "en"), place)
        assert time.process_time() - started < 4, "about 0.6 s on a quiet machine"


def test_every_language_has_sources() -> None:
    assert set(SOURCES) == LANGUAGES
