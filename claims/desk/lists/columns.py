"""The columns of a list, and what a cell holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise

from sources.reordered import shown

Words = str | Promise
"""Text that may still have to be translated."""
LONGEST = 240
"""Characters of a text that a cell shows; CSV has all of it."""


@dataclass(frozen=True)
class Cell:
    """One thing in a cell.

    `tone` makes a tag of it (ok, off, dim, on, or "plain" for one without colour); `small` stands below in small
    print; `lang` is the language of a text that somebody wrote.
    """

    text: Words
    url: str = ""
    tone: str = ""
    small: Words = ""
    lang: str = ""

    @property
    def line(self) -> str:
        """The text on one line, cut to what a cell shows."""
        return one_line(str(self.text))

    @property
    def small_line(self) -> str:
        return one_line(str(self.small))


Value = Cell | str | Promise | datetime | date | int | float | bool | None | list[Cell]


@dataclass(frozen=True)
class Column:
    """A column: its name in the address, its label, how a row's cell is made and by what it is ordered.

    `order` are the fields that order by it ascending ("-field" for the other way round); none if it cannot be.
    `plain` makes the cell of the CSV where that is more than the words of `value`. `only_csv` shows it nowhere else,
    `no_csv` not there.
    """

    name: str
    label: Words
    value: Callable[[Any], Value]
    order: tuple[str, ...] = ()
    falls: bool = False
    """Whether the first press orders it descending, as times are."""
    plain: Callable[[Any], Value] | None = None
    only_csv: bool = False
    no_csv: bool = False
    wide: bool = False

    def csv(self, row: Any) -> str:
        """The cell of the CSV."""
        return as_plain((self.plain or self.value)(row))


def as_plain(value: Value) -> str:
    """A value as one text: times in UTC by ISO 8601, several things of one kind with a semicolon between.

    The small print of a cell is another thing, so it is left out; where it tells something, it has a column of its own.
    """
    if value is None:
        return ""
    if isinstance(value, Cell):
        return str(value.text)
    if isinstance(value, list):
        return "; ".join(as_plain(each) for each in value)
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    return str(value)


def one_line(text: str, length: int = LONGEST) -> str:
    """The text on one line, cut, and without marks that turn its direction."""
    flat = shown(" ".join(text[: length * 3].split()))
    return flat if len(flat) <= length else f"{flat[: length - 1].rstrip()}…"
