"""What the template of a list shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from claims.desk.lists.bulk import BulkOffer
from claims.desk.lists.columns import Cell, Column, Words
from claims.desk.lists.filters import Control


@dataclass(frozen=True)
class Head:
    """A column's heading; `url` orders by it, and `sort` is the value of `aria-sort`."""

    label: Words
    url: str = ""
    sort: str = ""
    wide: bool = False


@dataclass(frozen=True)
class ShownCell:
    """A cell: one of a time, a day, or things; `label` stands before it where the table is one of cards."""

    label: Words
    things: tuple[Cell, ...] = ()
    moment: datetime | None = None
    day: date | None = None
    wide: bool = False


@dataclass(frozen=True)
class Row:
    key: Any
    url: str
    cells: list[ShownCell]


@dataclass(frozen=True)
class Empty:
    """Why there are no rows, and what to do."""

    sentence: Words
    label: Words = ""
    url: str = ""


@dataclass(frozen=True)
class Page:
    title: Words
    heads: list[Head]
    rows: list[Row]
    controls: list[Control]
    problems: list[str]
    remarks: list[str]
    search: Control | None
    kept: list[tuple[str, str]]
    is_filtered: bool
    """Whether anything cuts the rows, a default included."""
    is_set: bool
    """Whether the address does."""
    set_filters: int
    """How many filters the address sets."""
    count: tuple[int, bool]
    number: int
    before: str
    after: str
    is_last_of_many: bool
    clear: str
    csv: str
    empty: Empty | None
    tabs: Sequence[dict[str, Any]]
    actions: Sequence[Cell]
    bulk: Sequence[BulkOffer]
    here: str


def cell_of(column: Column, row: Any) -> ShownCell:
    """The cell of a row."""
    value = column.value(row)
    if isinstance(value, datetime):
        return ShownCell(column.label, moment=value, wide=column.wide)
    if isinstance(value, date):
        return ShownCell(column.label, day=value, wide=column.wide)
    things = value if isinstance(value, list) else [value]
    cells = (each if isinstance(each, Cell) else Cell("" if each is None else str(each)) for each in things)
    return ShownCell(column.label, tuple(each for each in cells if str(each.text)), wide=column.wide)
