"""Store the items of a list export, to be taken over one after the other, and report the rows that cannot come in."""

import hashlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.check_import.columns import Columns, NoListOfCheck, columns
from claims.check_import.reading import Row, rows
from claims.check_import.row import claim_text, item_of
from claims.models import CheckImport, CheckItem
from claims.permissions import Facts, Refused, User, allowed, require, rights
from claims.visible_text import NO_LANGUAGE, is_language_tag
from sources.database.audit import acting

MAY_NOT = gettext_noop("You may not take over lists from Check; ask an administrator for the role of an editor.")
MOST_LINES = 5_000
"""Lines of a report; what follows is counted in the last."""
_BATCH = 1_000


def may_take_over(user: User) -> bool:
    """Take over lists that Check exported."""
    return allowed("take over from Check", Facts(rights=rights(user)))


def read_list(file: BinaryIO, *, name: str, actor: User, language: str = "") -> CheckImport:
    """Store the items of the file. Raises `Refused` if it is no list of Check, and stores nothing then.

    `language` is that of claims of which the list does not say it; else their words have to tell.
    An item that is known already stays as it is, but for its status as Check names it now.
    """
    require(may_take_over(actor), MAY_NOT)
    if language and not is_language_tag(language):
        raise Refused(NO_LANGUAGE)
    with acting(actor, reason="took over a list from Check"), transaction.atomic():
        made = CheckImport.objects.create(
            file_name=name[-300:] or "list.csv", sha256=_sha256(file), rows=0, started_by=actor
        )
        report = Report()
        made.rows = _store(_items(file, report, language), made, report)
        made.report = report.lines()
        made.save(update_fields=["rows", "report"])
        if not made.items.exists():
            CheckImport.objects.filter(pk=made.pk).update(ended_at=Now())
        return made


class Report:
    """What could not come in: row, column and why, of the first rows; the rest is counted."""

    def __init__(self) -> None:
        self._lines: list[dict[str, Any]] = []
        self._more = 0

    def add(self, row: int, column: str, why: str) -> None:
        if len(self._lines) < MOST_LINES:
            self._lines.append({"row": row, "column": column, "why": why})
        else:
            self._more += 1

    def lines(self) -> list[dict[str, Any]]:
        more = {"row": 0, "column": "", "why": f"{self._more:,} more rows could not come in."}
        return [*self._lines, *([more] if self._more else [])]


def _sha256(file: BinaryIO) -> str:
    file.seek(0)
    hashed = hashlib.sha256()
    while piece := file.read(1 << 20):
        hashed.update(piece)
    return hashed.hexdigest()


def _items(file: BinaryIO, report: Report, language: str) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Each row's number and its item; None for a row that cannot come in, which the report has by then."""
    where: Columns | None = None
    for row in rows(file):
        if where is None:
            where = _header(row)
            continue
        if row.broken:
            report.add(row.number, "", row.broken)
            yield row.number, None
            continue
        item = item_of(row.cells, where)
        if not claim_text(item["words"]):
            column = where.name_of("claim") or where.name_of("title")
            report.add(row.number, column, "The item has neither a claim nor a title, so there is nothing to check.")
            yield row.number, None
            continue
        if language:
            item["words"].setdefault("language", language)
        yield row.number, item
    if where is None:
        raise Refused(_("The file is empty. In Check, open the list, then Export list."))


def _header(row: Row) -> Columns:
    try:
        return columns(row.cells)
    except NoListOfCheck as error:
        raise Refused(str(error)) from error


def _store(items: Iterator[tuple[int, dict[str, Any] | None]], made: CheckImport, report: Report) -> int:
    """Store what is new, a batch at a time. Returns the number of rows read."""
    number, batch = 0, dict[str, CheckItem]()
    seen: set[str] = set()
    for row, item in items:
        number += 1
        if item is None:
            continue
        if item["external_id"] in seen:
            report.add(row, "", "The item stands in an earlier row of this file as well; that one is taken over.")
            continue
        seen.add(item["external_id"])
        batch[item["external_id"]] = CheckItem(check_import=made, row=row, **item)
        if len(batch) == _BATCH:
            _write(batch)
            batch = {}
    _write(batch)
    return number


def _write(batch: dict[str, CheckItem]) -> None:
    for known in CheckItem.objects.filter(external_id__in=batch):
        again = batch.pop(known.external_id)
        if known.status != again.status and known.review_id is None:
            CheckItem.objects.filter(pk=known.pk).update(status=again.status)
    CheckItem.objects.bulk_create(batch.values())
