"""What follows from looking for a quote: one table, the worst first.

    (result of the search, grade of an alteration, stance of the page, whether the page is gone)
        -> the cause to look at the quote again, if any, and the words for editors and for the public

A row with a cause raises a re-check, at once or after a second look; a row without one never does. The rank of a row
is its place: the queue of re-checks sorts by it, and the cause of a re-check is the worst of its quotes so far.

The public sentences say what we saw and when, never who wrote it or why. What is missing is missing in its place: the
words may stand elsewhere on the page, as in a pull quote. Pure: models, publication and the watch read the table.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import models
from django.db.models import Case, Q, Value, When

from sources.quotes.cues import undated
from sources.quotes.grade import Grade
from sources.quotes.locate import Result
from sources.quotes.stance.findings import Stance

GRADES = [(each.value, each.value) for each in Grade]
STANCES = [
    (Stance.STANDS.value, "stands"),
    (Stance.DISOWNED.value, "disowned"),
    (Stance.REATTRIBUTED.value, "said by somebody else"),
    (Stance.REQUALIFIED.value, "in another frame"),
]
UNVERIFIABLE = "unverifiable"
"""The result where nobody could look."""


class Cause(models.TextChoices):
    """Why a quote has to be looked at again."""

    ALTERED = "altered", "altered"
    DISOWNED = "disowned", "taken back by its page"
    REATTRIBUTED = "reattributed", "said by somebody else now"
    REQUALIFIED = "requalified", "in another frame now"
    GONE = "gone", "no longer found"
    PAGE_GONE = "page_gone", "page gone"


OF_STANCE = frozenset({Cause.DISOWNED.value, Cause.REATTRIBUTED.value, Cause.REQUALIFIED.value})
"""The causes of a quote whose words still stand, while the page no longer stands by them."""


@dataclass(frozen=True)
class Row:
    """What is found, and what follows. None stands for any."""

    result: str
    label: str
    """For editors."""
    cause: str = ""
    sentence: str = ""
    """For the public; `{on}` is the day."""
    grade: str | None = None
    stance: str | None = None
    page_gone: bool = False


_GONE = "On {on} we no longer found this sentence in its place on the page."
_ALTERED = "On {on} we no longer found this sentence in its place on the page; a similar one stood there."
_STOOD = (Result.INTACT.value, Result.MOVED.value, Result.ALTERED.value)

TABLE: tuple[Row, ...] = (
    Row(Result.ALTERED, "altered in substance", Cause.ALTERED, _ALTERED, grade=Grade.SUBSTANCE),
    # An alteration that nobody graded may be any.
    Row(Result.ALTERED, "altered", Cause.ALTERED, _ALTERED, grade=""),
    *(
        Row(result, label, cause, sentence, stance=stance, grade=None if result != Result.ALTERED else Grade.COSMETIC)
        for stance, cause, label, sentence in (
            (
                Stance.DISOWNED,
                Cause.DISOWNED,
                "taken back by its page",
                "On {on} this sentence stood on the page, and other words there seemed to take it back.",
            ),
            (
                Stance.REATTRIBUTED,
                Cause.REATTRIBUTED,
                "said by somebody else now",
                "On {on} this sentence stood on the page, and seemed to be ascribed to somebody else than before.",
            ),
            (
                Stance.REQUALIFIED,
                Cause.REQUALIFIED,
                "in another frame now",
                "On {on} this sentence stood on the page, and what stood around it seemed to change what it says.",
            ),
        )
        for result in _STOOD
    ),
    Row(Result.GONE, "no longer found", Cause.GONE, _GONE),
    Row(UNVERIFIABLE, "page gone", Cause.PAGE_GONE, "On {on} we no longer found the page.", page_gone=True),
    Row(Result.ALTERED, "altered in wording", Cause.ALTERED, _ALTERED, grade=Grade.WORDING),
    Row(Result.ALTERED, "typography differs", grade=Grade.COSMETIC),
    Row(Result.MOVED, "moved within the page"),
    Row(Result.INTACT, "intact"),
    Row(UNVERIFIABLE, "page could not be read"),
)


def judge(result: str, *, grade: str = "", stance: str = "", page_gone: bool = False) -> Row:
    """The row of what was found. Raises KeyError for what is not in the table."""
    for row in TABLE:
        if (
            row.result == result
            and row.grade in (None, grade)
            and row.stance in (None, stance)
            and row.page_gone == (page_gone and result == UNVERIFIABLE)
        ):
            return row
    raise KeyError((result, grade, stance, page_gone))


_COMES_AND_GOES = " At some of our looks within a week this was so, at others it was not."


def sentence(cause: str, at: datetime, *, comes_and_goes: bool = False) -> str:
    """The public sentence about a quote with this cause, seen at this time; empty without a cause."""
    said = next((row.sentence for row in TABLE if row.cause == cause), "") if cause else ""
    if said and comes_and_goes:
        said += _COMES_AND_GOES
    return said.format(on=f"{at.astimezone(UTC):%-d %B %Y}")


def without_dates(cause: str, words: str) -> str:
    """The words of a finding, to be compared: a notice under another date, or set in other type, is no news."""
    return undated(words) if cause in OF_STANCE else words


_RANKED = tuple(
    dict.fromkeys(
        (str(row.cause), str(row.grade or "") if row.cause == Cause.ALTERED else "") for row in TABLE if row.cause
    )
)
"""Cause and grade, the worst first. Only an alteration's cause has grades."""
UNRANKED = len(_RANKED)


def rank(cause: str, grade: str = "") -> int:
    """0 for the worst cause; `UNRANKED` for none."""
    wanted = (cause, grade if cause == Cause.ALTERED else "")
    return _RANKED.index(wanted) if wanted in _RANKED else UNRANKED


def label(cause: str, grade: str = "") -> str:
    """The cause in words for editors."""
    rows = [row for row in TABLE if cause and row.cause == cause]
    exact = [row for row in rows if row.grade == grade]
    return (exact or rows)[0].label if rows else ""


def rank_expression() -> Case:
    """`rank` over the fields `cause` and `grade` of a query, for a queue. A row without a cause may be any."""
    return Case(
        When(cause="", then=Value(_RANKED.index((Cause.ALTERED, "")))),
        *(
            When(Q(cause=cause, grade=grade) if cause == Cause.ALTERED else Q(cause=cause), then=Value(place))
            for place, (cause, grade) in enumerate(_RANKED)
        ),
        default=Value(UNRANKED),
    )


def rank_sql(row: str) -> str:
    """`rank` in SQL, for a trigger: `row` is NEW or OLD."""
    whens = " ".join(
        f"WHEN {row}.cause = '{cause}'"
        + (f" AND {row}.grade = '{grade}'" if cause == Cause.ALTERED else "")
        + f" THEN {place}"
        for place, (cause, grade) in enumerate(_RANKED)
    )
    return f"(CASE {whens} ELSE {UNRANKED} END)"
