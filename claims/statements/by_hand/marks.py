"""Set statements aside, say which are worth checking, and correct the figures that were read in them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Statement
from claims.permissions import Refused, User, may_edit, require
from claims.statements.figures import figures
from claims.visibility import visible
from sources.database.audit import acting

BY_HAND = "marked by an editor"
"""The reason of a statement that a person holds for worth checking."""


@dataclass(frozen=True)
class WrittenFigure:
    """A figure as an editor writes it: its words in the statement, and what they count; what is empty is read."""

    text: str
    value: str = ""
    unit: str = ""
    counts: str = ""


def set_aside(statement: Statement, *, actor: User) -> None:
    """Say that nobody need check this statement; it stays where it is. Raises `Refused` where a claim was made."""
    _require(actor)
    with acting(actor, reason="set a statement aside"), transaction.atomic():
        row = Statement.objects.select_for_update().get(pk=statement.pk)
        if visible(row.appearances.all(), actor).exists():
            raise Refused(_("A claim was made of this statement, so it is done already."))
        if row.set_aside_at is None:
            row.set_aside_at, row.set_aside_by = timezone.now(), actor
            row.save(update_fields=["set_aside_at", "set_aside_by"])


def take_back(statement: Statement, *, actor: User) -> None:
    """Put a statement that was set aside among those that wait again."""
    _require(actor)
    with acting(actor, reason="took a statement back"), transaction.atomic():
        row = Statement.objects.select_for_update().get(pk=statement.pk)
        row.set_aside_at = row.set_aside_by = None
        row.save(update_fields=["set_aside_at", "set_aside_by"])


def mark(statement: Statement, *, worthy: bool, actor: User) -> None:
    """Say whether a statement is worth checking, whatever was read. What speaks for it or against it is kept."""
    _require(actor)
    with acting(actor, reason="said how worth checking a statement is"), transaction.atomic():
        row = Statement.objects.select_for_update().get(pk=statement.pk)
        if row.checkworthy != worthy:
            others = [reason for reason in row.checkworthy_reasons if reason != BY_HAND]
            row.checkworthy, row.checkworthy_reasons = worthy, [BY_HAND, *others] if worthy else others
            row.save(update_fields=["checkworthy", "checkworthy_reasons"])


def write_figures(statement: Statement, written: Sequence[WrittenFigure], *, actor: User) -> Statement:
    """Replace the figures of a statement, in the order of the words. Raises `Refused` for words that it lacks."""
    _require(actor)
    with acting(actor, reason="corrected the figures of a statement"), transaction.atomic():
        row = Statement.objects.select_for_update().select_related("document").get(pk=statement.pk)
        known = [each for each in row.figures if isinstance(each, dict)]
        found = [_figure(each, row, known) for each in written if each.text.strip()]
        found.sort(key=lambda each: each["start"])
        for one, other in pairwise(found):
            if other["start"] < one["end"]:
                raise Refused(
                    _("“%(one)s” and “%(other)s” share words; write them as one figure.")
                    % {"one": one["text"], "other": other["text"]}
                )
        if found != row.figures:
            row.figures = found
            row.save(update_fields=["figures"])
        return row


def _require(actor: User) -> None:
    require(
        may_edit(actor),
        _("You may not change statements; ask an administrator for the role of a reporter or an editor."),
    )


def _figure(written: WrittenFigure, statement: Statement, known: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The figure of these words: the one that was read, else what they are read as, with what the editor says."""
    text = written.text.strip()
    at = statement.text.find(text)
    if at < 0:
        raise Refused(_("“%(text)s” does not stand in the statement, letter by letter.") % {"text": text})
    start = statement.start + at
    figure = next((dict(each) for each in known if each.get("text") == text), None)
    if figure is None:
        read = [asdict(each) for each in figures(text, start, statement.document.language)]
        whole = {"kind": "count", "value": text, "unit": "", "counts": "", "qualifier": ""}
        figure = {**(read[0] if len(read) == 1 else whole), "text": text, "start": start, "end": start + len(text)}
    for name in ("unit", "counts"):
        figure[name] = str(getattr(written, name)).strip()[:200]
    if written.value.strip() and written.value.strip() != value_text(figure):
        figure["value"] = _value(written.value.strip()[:200])
    return figure


def value_text(figure: dict[str, Any]) -> str:
    """The value of a figure as an editor reads and writes it: `4200`, `3 – 5`, `2022-06`."""
    value = figure.get("value")
    return " – ".join(map(str, value)) if isinstance(value, list) else str("" if value is None else value)


def _value(text: str) -> Any:
    parts = [part.strip() for part in text.split("–")]
    if len(parts) == 2 and all(parts):
        return [_number(part) for part in parts]
    return _number(text)


def _number(text: str) -> Any:
    plain = text.replace(",", "").replace(" ", "")
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        number = float(plain)
    except ValueError:
        return text
    return number if number == number and abs(number) != float("inf") else text
