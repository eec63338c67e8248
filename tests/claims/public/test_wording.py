"""Sentences for readers are those that newsrooms get, and each of them can be said in the language of the site."""

import re

import pytest
from django.utils.translation import override

from claims import causes
from claims.models import Publication
from claims.models.publication import Audience
from claims.public import wording
from claims.publication import citation
from claims.publication.quote_state import STATES

REVIEW = {
    "organisation": {"name": "Our desk"},
    "rating": {"label": "Right"},
    "display": "",
}
NEWSROOMS_ALONE = {"recheck_raised", "recheck_page_raised"}


@pytest.mark.parametrize("code", sorted(set(citation._ENGLISH) - NEWSROOMS_ALONE))
def test_a_code_reads_letter_for_letter_as_newsrooms_read_it(code: str) -> None:
    codes = [{"code": code} if code.endswith("_undated") else {"code": code, "on": "2026-03-01"}]
    english = citation.display(REVIEW, codes)  # type: ignore[arg-type]
    said = wording._DISPLAY[code]
    with override("en"):
        filled = str(said) % {"organisation": "Our desk", "rating": "Right", "on": wording.day("2026-03-01")}
    assert filled == english


def test_another_language_says_it_from_codes() -> None:
    review = {**REVIEW, "display": "Our desk rated …", "display_codes": [{"code": "rated", "on": "2026-03-01"}]}
    with override("de"):
        sentence, ours = wording.display(review)
    assert ours and "1. März 2026" in sentence and "Our desk" in sentence and "Right" in sentence


def test_a_body_without_codes_keeps_its_english_sentence() -> None:
    with override("de"):
        assert wording.display({**REVIEW, "display": "Our desk rated it."}) == ("Our desk rated it.", False)


def test_every_cause_has_the_sentence_of_newsrooms() -> None:
    at = re.compile(r"\{on\}")
    for row in causes.TABLE:
        if row.sentence:
            assert str(wording._CAUSES[row.cause]) == at.sub("%(on)s", row.sentence)


def test_every_state_and_event_has_words() -> None:
    with override("en"):
        assert not [state for state in (*STATES, "not_watchable") if wording.state(state) == state]
        newsrooms_alone = {"recheck_raised", "recheck_open", "source_asked", "source_answered", "source_silent"}
        events = set(Publication.Event.values) - newsrooms_alone
        assert not [event for event in events if wording.event(event) == event]
    assert Audience.PUBLIC


@pytest.mark.parametrize(
    ("states", "seen", "said"),
    [
        ([], None, ""),
        (["not_watchable"], None, ""),
        (["intact"], "2026-03-01", "The quote that it rests on was last seen in its place on 1 March 2026."),
        (
            ["intact", "moved"],
            "2026-03-01",
            "Each of the 2 quotes that it rests on was seen in its place on 1 March 2026 or later.",
        ),
        (["intact"], None, ""),
        (["intact", "unverifiable"], "2026-03-01", "Of 2 quotes 1 stood; 1 could not be read."),
        (["intact", "kept", "unverifiable"], None, "Of 3 quotes 1 stood, 1 no longer as quoted, 1 could not be read."),
        (["gone"], None, "The quote that it rests on no longer stands on its page as quoted."),
        (["unverifiable"], None, "The page that it rests on could not be read."),
        (["gone", "intact"], "2026-03-01", "Of 2 quotes 1 stood; 1 no longer as quoted."),
    ],
)
def test_quotes_are_counted_and_never_called_well(states: list[str], seen: str | None, said: str) -> None:
    with override("en"):
        assert wording.quotes_standing(states, seen) == said
