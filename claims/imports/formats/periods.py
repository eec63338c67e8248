"""Read the period of a `temporalCoverage`: years to days and intervals of ISO 8601, and months in words."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

from claims.imports.formats.dates import (
    FILLERS,
    LONGEST,
    MONTH_ALONE,
    WrittenDate,
    calendar_date,
    day,
    plain_text,
    single,
    with_month_numbers,
    written_date,
)
from claims.imports.formats.records import RepairLog

_DURATION = re.compile(r"P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T[\dHMS.,]*)?")
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ][\d:.Z+-]*)?)?)?")
_QUARTER = re.compile(r"(?:(\d{4})-?\s?[QT]([1-4])|[QT]([1-4])[ /-](\d{4}))", re.IGNORECASE)
_END_ONLY = re.compile(r"(?:(\d{2})-)?(\d{2})")  # ISO 8601: the end of an interval may leave out what it shares
_BETWEEN = re.compile(r"\s+(?:[-–—]|to|bis|until)\s+|\s*[–—]\s*|\s*/\s*|\s*--\s*|(?<=^\d{4})-(?=\d{4}$)")
Period = tuple[date | None, date | None]


def period(value: Any, repairs: RepairLog, *, language: str = "") -> Period | None:
    """The first and the last day of a `temporalCoverage`, None where it is open; None if it cannot be read.

    A year, a month or a quarter is all its days; `2022-01-01/P1Y` ends on 31 December 2022.
    """
    value = single(value, repairs)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        return None
    result = _period(value.strip(), language)
    if result is None:
        repairs.append("a period that cannot be read left out")
        return None
    start, end = result
    if start and end and start > end:
        repairs.append("a period turned round")
        return end, start
    return result


def single_day(value: Any, repairs: RepairLog, *, now: datetime, language: str = "") -> date | None:
    """The day in a `temporalCoverage`; None for a longer period, which names no day."""
    if isinstance(value, str) and len(value) == 10 and value[4:5] == "-":
        return day(value, repairs, now=now, language=language)
    read = period(value, repairs, language=language) if value else None
    if read is None:
        return None
    if read[0] is None or read[0] != read[1]:
        repairs.append("a period where a day should be left out")
        return None
    return day(read[0].isoformat(), repairs, now=now)


def _period(text: str, language: str) -> Period | None:
    whole = _days(text, language)
    if whole is not None:
        return whole
    parts = [part.strip() for part in _BETWEEN.split(text)]
    if len(parts) != 2 or len(text) > 2 * LONGEST:
        return None
    first, last = parts
    open_first, open_last = first in {"", ".."}, last in {"", ".."}
    if duration := _DURATION.fullmatch(last):
        start = _days(first, language)
        end = _moved(start[0], duration, 1) if start else None
        return (start[0], end - timedelta(days=1)) if start and end and end > start[0] else None
    if duration := _DURATION.fullmatch(first):
        stop = _days(last, language)
        begin = _moved(stop[1] + timedelta(days=1), duration, -1) if stop else None
        return (begin, stop[1]) if stop and begin and begin <= stop[1] else None
    start = None if open_first else _days(first, language)
    stop = None if open_last else _days(last, language)
    if start is not None and stop is None and (short := _END_ONLY.fullmatch(last)):
        stop = _shortened(start, short)
    if (start is None and not open_first) or (stop is None and not open_last) or (open_first and open_last):
        return None
    if start and stop and start[0] > stop[1]:
        return stop[0], start[1]
    return (start[0] if start else None), (stop[1] if stop else None)


def _shortened(start: tuple[date, date], end: re.Match[str]) -> tuple[date, date] | None:
    """The end of `2022-03-01/06-30` and `2022-03-01/15`; after a month or a year it has more than one meaning."""
    if start[0] != start[1]:
        return None
    found = calendar_date(start[0].year, int(end[1]) if end[1] else start[0].month, int(end[2]))
    return (found, found) if found else None


def _days(text: str, language: str) -> tuple[date, date] | None:
    """The first and the last day of a year, a quarter, a month or a day."""
    try:
        if match := _PARTIAL.fullmatch(text):
            year = int(match[1])
            first, last = int(match[2] or 1), int(match[2] or 12)
            if match[3]:
                return (date(year, first, int(match[3])),) * 2
            return date(year, first, 1), date(year, last, monthrange(year, last)[1])
        if match := _QUARTER.fullmatch(text):
            year, quarter = int(match[1] or match[4]), int(match[2] or match[3])
            return date(year, 3 * quarter - 2, 1), date(year, 3 * quarter, monthrange(year, 3 * quarter)[1])
    except (ValueError, IndexError):
        return None
    for each in with_month_numbers(plain_text(text), language):
        words = " ".join(word for word in each.replace(",", " ").split() if word not in FILLERS)
        if (match := MONTH_ALONE.fullmatch(words)) and match["month"]:
            year, month = int(match["year"]), int(match["month"])
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    read = written_date(text, language)
    return (read.day, read.day) if isinstance(read, WrittenDate) else None


def _moved(start: date, duration: re.Match[str], sign: int) -> date | None:
    years, months, weeks, days = (sign * int(part or 0) for part in duration.groups())
    if not (years or months or weeks or days):
        return None
    month = start.year * 12 + start.month - 1 + 12 * years + months
    try:
        year, number = divmod(month, 12)
        moved = date(year, number + 1, min(start.day, monthrange(year, number + 1)[1]))
        return moved + timedelta(weeks=weeks, days=days)
    except (ValueError, OverflowError, IndexError):
        return None
