"""The years and months that a sentence names, and whether those of a text are others than those of a claim."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from claims.matching.differences.quantities import is_year
from claims.matching.types import Why
from claims.statements.figures import Figure

_DATE = re.compile(r"(?:(\d{4})(?:-|$))?(?:(\d\d)(?:-(\d\d))?)?$")
"""A date of `claims/statements/figures`: `2029`, `2029-03`, `2029-03-14`, `03-14`."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The years that are named, the months and the days in their months; `written` in the words of the sentence."""

    years: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    days: frozenset[tuple[int, int]] = frozenset()
    written: str = ""


def dates(figures: Sequence[Figure]) -> Dates:
    """The dates among the figures of one sentence."""
    years: set[int] = set()
    months: set[int] = set()
    days: set[tuple[int, int]] = set()
    written: list[str] = []
    for figure in figures:
        if figure.kind in ("date", "period"):
            for value in _each(figure.value):
                if named := _DATE.match(value):
                    year, month, day = (int(each) if each else 0 for each in named.groups())
                    years |= {year} - {0}
                    months |= {month} - {0}
                    days |= {(month, day)} if day else set()
            written.append(figure.text)
        elif is_year(figure):
            years.add(int(figure.text[:4]))
            written.append(figure.text[:4])
    return Dates(frozenset(years), frozenset(months), frozenset(days), ", ".join(written))


def _each(value: object) -> Iterable[str]:
    return (str(each) for each in (value if isinstance(value, list) else [value]))


def together(each: Iterable[Dates]) -> Dates:
    """The dates of several sentences."""
    found = list(each)
    return Dates(
        frozenset().union(*(one.years for one in found)),
        frozenset().union(*(one.months for one in found)),
        frozenset().union(*(one.days for one in found)),
        ", ".join(one.written for one in found if one.written),
    )


Period = tuple[date | None, date | None]
"""The first and the last day of a claim's own period; None for what is open or not told."""


def differing_dates(text: Dates, claim: Dates, period: Period, *, copied: bool) -> list[Why]:
    """How the dates of a text differ from those in the words of a claim, else from its own period.

    `copied`: the text is nearly the claim, so that a year more is no further news of it.
    """
    start, end = period
    dated = start is not None or end is not None
    if not text.years:
        return _differing_months(text, claim)
    only_text, only_claim = text.years - claim.years, claim.years - text.years
    if not claim.years:
        if not dated:
            return [Why("date", text.written, "")]
        if any(_within(year, start, end) for year in text.years):
            return _differing_months(text, claim)
        return [Why("period", text.written, _period(start, end))]
    if only_text and only_claim:
        shared = text.years & claim.years
        if not shared and all(_within(year, start, end) for year in text.years) and dated:
            return [Why("period", text.written, "")]
        return [Why("date", text.written, claim.written)]
    if not text.years & claim.years:  # one of them is empty, which is answered above
        return []
    if only_text and copied:
        return [Why("date", text.written, "")]
    return _differing_months(text, claim)


def _differing_months(text: Dates, claim: Dates) -> list[Why]:
    for mine, theirs in ((text.months, claim.months), (text.days, claim.days)):
        if mine and theirs and not mine & theirs:
            return [Why("date", text.written, claim.written)]
    return []


def _within(year: int, start: date | None, end: date | None) -> bool:
    first = start.year if start else (end.year if end else year)
    last = end.year if end else (9999 if start else year)
    return first <= year <= last


def _period(start: date | None, end: date | None) -> str:
    days = [each.isoformat() if each else "" for each in (start, end)]
    if start and end and start.year == end.year and (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return str(start.year)
    return "/".join(days)
