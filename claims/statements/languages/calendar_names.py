"""The names of months and weekdays in CLDR (package Babel)."""

from collections.abc import Iterator

from babel import Locale


def month_names(locale: Locale) -> Iterator[tuple[str, int]]:
    """Each name or abbreviation of a month as CLDR writes it, with its number. Some occur several times."""
    yield from _names(locale.months)


def weekday_names(locale: Locale) -> Iterator[tuple[str, int]]:
    """The same for weekdays, from 0 for Monday."""
    yield from _names(locale.days)


def _names(data: object) -> Iterator[tuple[str, int]]:
    for use in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in data[use][width].items():  # type: ignore[index]
                yield name, number
