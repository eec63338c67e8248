"""One figure of a text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from claims.statements.figures.numbers import Number

Value = Number | str | list[Number]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `text` is `document[start:end]`, including the qualifier and the phrase that is counted.

    `kind`: count, percent, money, date, period, duration, age, measure, ratio, multiple, rate, time, rank. `value` is a
    number, a list of two (a range, or a share such as 3 of 5), or a string (dates, periods, ratios). `unit` is for
    example "pieces", "percent" or "USD", `counts` the whole phrase counted ("cyber crime cases"), `qualifier` "over".
    """

    kind: str
    value: Value
    unit: str
    counts: str
    qualifier: str
    text: str
    start: int
    end: int


def figure(
    match: re.Match[str], kind: str, value: Value | None, unit: str = "", counts: str = "", end: int | None = None
) -> Figure | None:
    """A figure at the place of a match, without the spaces round it; None if it has no value."""
    if value is None:
        return None
    start, stop = match.start(), match.end() if end is None else end
    while start < stop and match.string[start].isspace():
        start += 1
    while stop > start and match.string[stop - 1].isspace():
        stop -= 1
    qualifier = " ".join((match.groupdict().get("qualifier") or "").lower().split())
    return Figure(kind, value, unit, counts, qualifier, match.string[start:stop], start, stop)


def literal(kind: str, unit: str = "") -> Callable[[re.Match[str]], Figure | None]:
    """A reader whose value is the matched text in lower case."""

    def reader(match: re.Match[str]) -> Figure | None:
        return figure(match, kind, " ".join(match.group().lower().split()), unit)

    return reader
