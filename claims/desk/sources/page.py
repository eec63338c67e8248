"""The screen of one page: what rests on it, how it is read, its periods, its saved pages."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.desk import quotes
from claims.desk.evidence import cards
from claims.desk.shell.screen import render
from claims.desk.sources.lists import Changes, outcome_cell, resting_on
from claims.models import Evidence, ReviewVersion
from claims.models.publication import Audience
from claims.watch.watch_line import WatchLine, watch_lines
from sources.models import Change, Feed, Page

_MOST = 50


@dataclass(frozen=True)
class Resting:
    """A quote that rests on the page."""

    row: Evidence
    line: WatchLine | None
    shown: quotes.QuoteOnScreen | None

    @property
    def word(self) -> Any:
        """Its state in a word or two."""
        return cards.word(self.shown) if self.shown else ""

    @property
    def is_public(self) -> bool:
        return self.row.version.state == ReviewVersion.State.PUBLISHED


def screen(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One page."""
    page = get_object_or_404(Page.objects.select_related("source", "polling"), pk=pk)
    rows = list(resting_on(page, request.user)[: _MOST + 1])
    context: dict[str, Any] = {
        "page": page,
        "state": getattr(page, "polling", None),
        "outcome": outcome_cell(getattr(page, "polling", None)),
        "resting": _resting(rows[:_MOST]),
        "more_resting": len(rows) > _MOST,
        "periods": _periods(request, page),
        "saved": list(page.snapshots.select_related("blob").order_by("-taken_at", "-pk")[:_MOST]),
        "copies": list(page.archive_copies.order_by("-pk")[:_MOST]),
        "feed": Feed.objects.filter(page=page).select_related("reading").first(),
    }
    crumbs = [(_("Sources"), reverse("desk:sources"))]
    return render(
        request, "desk/sources/page.html", context, title=page.title or page.url, item="sources", crumbs=crumbs
    )


def _resting(rows: list[Evidence]) -> list[Resting]:
    lines = watch_lines(rows, audience=Audience.NEWSROOMS)
    published = [row for row in rows if row.version.state == ReviewVersion.State.PUBLISHED]
    shown = quotes.on_screen(published)
    return [Resting(row, lines.get(row.pk), shown.get(row.pk)) for row in rows]


def _periods(request: HttpRequest, page: Page) -> list[Change]:
    """The periods of the page, the newest first, as the list of changes has them."""
    changes = Changes(request)
    keys = list(changes.rows().filter(page=page).order_by("-pk").values_list("pk", flat=True)[:_MOST])
    return changes.of_keys(keys)
