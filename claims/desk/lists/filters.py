"""Filters of a list. Each reads its parameters of the address, says in words what it could not read, and cuts rows.

None of them raises for what stands in an address: what cannot be read filters nothing, and the list says so.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from claims.desk.lists.columns import Words
from claims.desk.shell.addresses import number
from claims.permissions import User

LONGEST = 300
"""Characters of a parameter that are read."""
ALL = "all"
"""The value by which the address asks for all rows where a filter is on without being chosen."""
Rows = QuerySet[Any]
Choices = Iterable[tuple[str, Words]]


@dataclass(frozen=True)
class Control:
    """One labelled field of the form of filters."""

    name: str
    label: Words
    value: str = ""
    choices: tuple[tuple[str, Words], ...] = ()
    """(value, words) of a select; none for a field to type into."""
    hint: Words = ""
    is_date: bool = False


@dataclass(frozen=True)
class Read:
    """What a filter read of the address: `value` is None if it filters nothing."""

    controls: tuple[Control, ...]
    value: Any = None
    problem: str = ""
    is_set: bool = False
    """Whether the address asks for it, rather than its default."""


class Filter(Protocol):
    @property
    def names(self) -> tuple[str, ...]:
        """Its parameters of the address."""

    def read(self, data: QueryDict, user: User) -> Read: ...

    def cut(self, rows: Rows, value: Any, user: User) -> Rows: ...


@dataclass(frozen=True)
class Choice:
    """One of several values, as a select. `choices` may ask the database; `where` cuts the rows to a value."""

    name: str
    label: Words
    choices: Choices | Callable[[User], Choices]
    where: Callable[[Rows, str, User], Rows]
    default: str = ""
    any_label: Words = ""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def read(self, data: QueryDict, user: User) -> Read:
        known = tuple((str(key), words) for key, words in _choices(self.choices, user))
        asked = text_of(data, self.name)
        every = (ALL if self.default else "", self.any_label or _("all"))
        value, problem = asked or self.default, ""
        if value and value != ALL and value not in {key for key, _words in known}:
            problem = _("The address asks for “%(value)s”, which is not one of the choices of “%(filter)s”.") % {
                "value": asked[:60],
                "filter": self.label,
            }
            value = self.default
        control = Control(self.name, self.label, value or every[0], (every, *known))
        return Read((control,), None if value in ("", ALL) else value, problem, bool(asked) and not problem)

    def cut(self, rows: Rows, value: Any, user: User) -> Rows:
        return self.where(rows, value, user)


@dataclass(frozen=True)
class Typed:
    """Words that are typed."""

    name: str
    label: Words
    where: Callable[[Rows, str, User], Rows]
    hint: Words = ""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def read(self, data: QueryDict, user: User) -> Read:
        value = text_of(data, self.name)
        return Read((Control(self.name, self.label, value, hint=self.hint),), value or None, "", bool(value))

    def cut(self, rows: Rows, value: Any, user: User) -> Rows:
        return self.where(rows, value, user)


@dataclass(frozen=True)
class Days:
    """A first and a last day, both included and either open; `where` gets (first, last)."""

    name: str
    first_label: Words
    last_label: Words
    where: Callable[[Rows, date | None, date | None], Rows]
    hint: Words = field(default="2026-11-30")

    @property
    def names(self) -> tuple[str, ...]:
        return (f"{self.name}_from", f"{self.name}_to")

    def read(self, data: QueryDict, user: User) -> Read:
        given = [text_of(data, name)[:30] for name in self.names]
        days, problems = [], []
        for text in given:
            try:
                days.append(date.fromisoformat(text) if text else None)
            except ValueError:
                days.append(None)
                problems.append(_("“%(text)s” is not a day; write it as 2026-11-30.") % {"text": text})
        labels = (self.first_label, self.last_label)
        controls = tuple(
            Control(name, label, text, hint=self.hint, is_date=True)
            for name, label, text in zip(self.names, labels, given, strict=True)
        )
        if days[0] and days[1] and days[0] > days[1]:
            problems.append(_("The first day is later than the last one, so nothing can match."))
        value = (days[0], days[1]) if any(days) else None
        return Read(controls, value, " ".join(problems), value is not None)

    def cut(self, rows: Rows, value: Any, user: User) -> Rows:
        return self.where(rows, *value)


def text_of(data: QueryDict, name: str) -> str:
    """A parameter as text that a database takes: cut, trimmed, and without NUL."""
    return str(data.get(name, ""))[:LONGEST].replace("\x00", "").encode(errors="ignore").decode().strip()


def number_of(text: str) -> int | None:
    """A key in an address; None for anything else, and for what no column could hold."""
    return number(text)


def _choices(choices: Choices | Callable[[User], Choices], user: User) -> Sequence[tuple[str, Words]]:
    return list(choices(user) if callable(choices) else choices)
