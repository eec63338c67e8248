"""What frames a sentence: headline, labels, headings, notices, and the sentences right beside it."""

import pytest

from sources.quotes.cues import LANGUAGES
from sources.quotes.exact_match import TextQuote, find_exact
from sources.quotes.locate import select
from sources.quotes.look import untouched
from sources.quotes.stance.find_stance import find_stance
from sources.quotes.stance.findings import Finding, Reading, Stance
from tests.sources.quotes.stance.frames import ARTICLES, BEES, Article, page
from tests.sources.quotes.stance.frames_more import OTHERS


def look(article: Article, edit: dict[str, str], before: dict[str, str] | None = None, language: str = "en") -> Finding:
    readings = [Reading(*page(article, words), language) for words in (edit, before or {})]
    places = [next(find_exact(TextQuote(article.quote), reading.text)) for reading in readings]
    return find_stance(readings[0], places[0], readings[1], places[1])


def wrong(article: Article, language: str) -> list[tuple[str, dict[str, str], Finding]]:
    tried = ((expected, edit, look(article, edit, language=language)) for expected, edit in article.edits)
    return [each for each in tried if (each[2].stance is not Stance.STANDS) != (each[0] != "stands")]


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.title)
def test_what_frames_a_sentence(article: Article) -> None:
    assert not wrong(article, "en")


@pytest.mark.parametrize("language", OTHERS)
def test_what_frames_a_sentence_in_other_languages(language: str) -> None:
    assert not wrong(OTHERS[language], language)


def test_every_language_is_tried() -> None:
    assert {*OTHERS, "en"} == LANGUAGES


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_what_was_there_before_never_alarms(language: str) -> None:
    for article in ARTICLES if language == "en" else (OTHERS[language],):
        for _, edit in article.edits:
            assert look(article, edit, edit, language=language).stance is Stance.STANDS
            moved = {**edit, "footer": "Contact – 18 May"}
            assert look(article, moved, edit, language=language).stance is Stance.STANDS, edit


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_what_stands_away_from_the_sentence_waits_for_a_second_look(language: str) -> None:
    for article in ARTICLES if language == "en" else (OTHERS[language],):
        for expected, edit in article.edits:
            in_frame = {"para", "after", "before"} & edit.keys() or edit.get("head", "").endswith(":")
            if expected != "stands" and not in_frame:
                assert not look(article, edit, language=language).at_once, edit


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_a_poll_with_such_an_edit_is_not_quiet(language: str) -> None:
    for article in ARTICLES if language == "en" else (OTHERS[language],):
        before = Reading(*page(article, {}), language)
        for expected, edit in article.edits:
            if expected != "stands":
                now = Reading(*page(article, edit), language)
                assert not untouched(select(article.quote, before.text), now, before), edit


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"top": "WITHDRAWN"}, {"top": "Withdrawn"}),
        ({"top": "WITHDRAWN"}, {"top": "Withdrawn on 8 May 2025"}),
        ({"kicker": "SATIRE"}, {"kicker": "[ Satire ]"}),
        ({"top": "Withdrawn on 3 May 2025"}, {"foot": "Withdrawn, 8 May 2025"}),
        (
            {"top": "Correction, 3 May: the number of wild bee species rose by 8 per cent, not by 18."},
            {"foot": "CORRECTION (8 May) – The number of wild bee species rose by 8 per cent, not by 18."},
        ),
        ({"title": "RETRACTED: Wild bees return"}, {"title": "[Retracted] Wild bees return to the valley"}),
        ({"after": "Verdict: false"}, {"after": "VERDICT: False"}),
    ],
)
def test_a_notice_that_is_dated_or_styled_anew_is_no_news(before: dict[str, str], now: dict[str, str]) -> None:
    assert look(BEES, before).stance is not Stance.STANDS, "the control"
    assert look(BEES, now, before).stance is Stance.STANDS
