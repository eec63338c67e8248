"""The table of causes: each finding has one row, and only those with a cause raise."""

from datetime import UTC, datetime

import pytest

from claims import causes
from claims.causes import Cause

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("result", "grade", "stance", "page_gone", "cause"),
    [
        ("altered", "substance", "stands", False, "altered"),
        ("altered", "wording", "stands", False, "altered"),
        ("altered", "", "", False, "altered"),
        ("altered", "cosmetic", "stands", False, ""),
        ("altered", "cosmetic", "disowned", False, "disowned"),
        ("gone", "", "stands", False, "gone"),
        ("intact", "", "stands", False, ""),
        ("moved", "", "stands", False, ""),
        ("intact", "", "disowned", False, "disowned"),
        ("moved", "", "reattributed", False, "reattributed"),
        ("intact", "", "requalified", False, "requalified"),
        ("unverifiable", "", "", False, ""),
        ("unverifiable", "", "", True, "page_gone"),
    ],
)
def test_what_is_found_has_its_cause(result: str, grade: str, stance: str, page_gone: bool, cause: str) -> None:
    row = causes.judge(result, grade=grade, stance=stance, page_gone=page_gone)
    assert row.cause == cause and row.label
    said = causes.sentence(row.cause, AT)
    assert said.startswith("On 1 March 2026 ") if cause else not said


def test_an_unknown_finding_is_refused() -> None:
    with pytest.raises(KeyError):
        causes.judge("vanished")


def test_every_cause_has_a_rank_a_label_and_a_careful_sentence() -> None:
    ranks = [causes.rank(cause, "substance" if cause == Cause.ALTERED else "") for cause in Cause.values]
    assert sorted(set(ranks)) == sorted(ranks) and max(ranks) < causes.UNRANKED
    for cause in Cause.values:
        assert causes.label(cause)
        assert not {"lied", "wrong", "false"} & set(causes.sentence(cause, AT).split())
    assert causes.rank("altered", "substance") < causes.rank("disowned") < causes.rank("gone")
    assert causes.rank("gone") < causes.rank("altered", "wording") < causes.rank("") == causes.UNRANKED
    assert causes.rank("disowned", "cosmetic") == causes.rank("disowned"), "only an alteration has grades"
