"""The list of quotes that published verdicts rest on, by what the last look found: behind the numbers of Today."""

from functools import cached_property
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.desk.lists.base import List
from claims.desk.lists.columns import Cell, Column, Words
from claims.desk.lists.filters import Choice, Rows, Typed
from claims.desk.rechecks.words import label
from claims.desk.sources.tabs import tabs
from claims.models import Evidence, EvidenceCheck
from claims.permissions import User
from claims.publication.quote_state import NO_LONGER, LastLook, in_last_look, with_last_look
from claims.visibility import visible

STATES: dict[str, Words] = {
    "stands": _("stands where it stood"),
    "no_longer": _("no longer stands"),
    LastLook.OPEN.value: _("no longer stands, re-check open"),
    LastLook.ONCE.value: _("not in its place at one look"),
    LastLook.KEPT.value: _("no longer stands, kept by a decision"),
    LastLook.UNREAD.value: _("could not be read"),
}
_TONES = {"stands": "ok", "open": "off", "once": "off", "kept": "off", "unread": "dim"}


def _in_state(rows: Rows, state: str, user: User) -> Rows:
    return in_last_look(rows, NO_LONGER if state == "no_longer" else [LastLook(state)])


def _state(row: Any) -> Cell:
    return Cell(STATES[row.last_look], tone=_TONES[row.last_look], small=row.found)


class WatchedQuotes(List):
    """Every quote that a published verdict rests on."""

    title = _("Quotes that published verdicts rest on")
    item, path, permission, order = "sources", "desk:quotes", "claims.view_evidence", "-id"
    search_label = _("Words of the quote")
    nothing_yet = _("No published verdict rests on a quote yet.")
    columns = (
        Column("quote", _("Quote"), lambda row: f"“{row.exact}”", plain=lambda row: row.exact, wide=True),
        Column("claim", _("Claim"), lambda row: Cell(row.version.review.claim.text), wide=True),
        Column("page", _("Page"), lambda row: Cell(str(row.page), small=row.page.host)),
        Column("address", _("Address"), lambda row: row.page.url, only_csv=True),
        Column("state", _("At the last look"), _state, wide=True),
        Column("found", _("Found there"), lambda row: row.found, only_csv=True),
        Column("looked", _("Looked at"), lambda row: row.looked_at),
        Column("id", _("Id"), lambda row: row.public_id, ("pk",), only_csv=True),
    )
    filters = (
        Choice("state", _("State"), STATES.items(), _in_state),
        Typed("page", _("Host of the page"), lambda rows, host, user: rows.filter(page__polling__host=host.lower())),
    )

    def tabs(self) -> list[dict[str, Any]]:
        return tabs(self.path)

    @cached_property
    def _rows(self) -> QuerySet[Evidence]:
        return visible(Evidence.objects.watched(), self.user)

    def rows(self) -> QuerySet[Any]:
        return self._rows.all()

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        last = EvidenceCheck.objects.filter(evidence=OuterRef("pk")).order_by("-pk").values("pk")[:1]
        found: QuerySet[Any] = with_last_look(rows).annotate(last_check=Subquery(last))
        return found.select_related("page__polling", "version__review__claim")

    def prepared(self, rows: list[Any]) -> None:
        checks = EvidenceCheck.objects.select_related("evidence").in_bulk(
            [row.last_check for row in rows if row.last_check is not None]
        )
        for row in rows:
            check = checks.get(row.last_check)
            row.looked_at = check.checked_at if check is not None else None
            row.found = label(check) if check is not None else ""

    def search(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        return rows.filter(exact__icontains=words)

    def url(self, row: Any) -> str:
        return reverse("desk:claim", args=[row.version.review.claim_id])
