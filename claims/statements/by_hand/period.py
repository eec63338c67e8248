"""The time that a statement is about, by the dates and periods that were found in it: a proposal for its claim."""

import calendar
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_YEAR = re.compile(r"\d{4}")
Span = tuple[date, date]


def period_of(figures: Iterable[Any]) -> Span | tuple[None, None]:
    """The first and the last day that the figures name; (None, None) where none of them names a year."""
    spans = [span for each in figures if isinstance(each, dict) for span in _spans(each.get("value"), each)]
    if not spans:
        return None, None
    return min(first for first, _last in spans), max(last for _first, last in spans)


def _spans(value: Any, figure: dict[str, Any]) -> list[Span]:
    if isinstance(value, list):
        is_years = figure.get("kind") == "period" or figure.get("unit") == "year"
        return [span for year in value if is_years and (span := _span(str(year)))]
    if not isinstance(value, str) or figure.get("kind", "date") not in ("date", "period"):
        return []
    return [span for part in value.split("/") if (span := _span(part))]


def _span(written: str) -> Span | None:
    """The days of a date as precisely as it is written."""
    try:
        if found := _DAY.fullmatch(written):
            day = date(*map(int, found.groups()))
            return day, day
        if found := _QUARTER.fullmatch(written):
            return _months(int(found[1]), 3 * int(found[2]) - 2, 3 * int(found[2]))
        if found := _MONTH.fullmatch(written):
            return _months(int(found[1]), int(found[2]), int(found[2]))
        return _months(int(written), 1, 12) if _YEAR.fullmatch(written) else None
    except ValueError:
        return None


def _months(year: int, first: int, last: int) -> Span:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])
