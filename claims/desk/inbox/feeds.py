"""The third tab of the Inbox: pages that feeds list and that are no documents yet."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk.inbox.base import InboxList
from claims.desk.lists.bulk import BulkVerb
from claims.desk.lists.columns import Cell, Column, Words
from claims.desk.lists.filters import Choice, Days, Rows, Typed
from claims.desk.shell.screen import render
from claims.models import Listing, Proposal
from claims.permissions import User
from sources.http.addresses import AddressRefused, UrlRefused, target

STATES: dict[str, Words] = {
    "proposed": gettext_lazy("waiting"),
    "accepted": gettext_lazy("read as a document"),
    "dismissed": gettext_lazy("set aside"),
}


def _in_state(rows: Rows, state: str, user: User) -> Rows:
    return rows.filter(state=state)


def _of_source(rows: Rows, name: str, user: User) -> Rows:
    return rows.filter(listings__item__feed__source__name__icontains=name).distinct()


def _found_on(rows: Rows, first: Any, last: Any) -> Rows:
    if first is not None:
        rows = rows.filter(created_at__date__gte=first)
    return rows if last is None else rows.filter(created_at__date__lte=last)


def sources_of(proposal: Any) -> str:
    return ", ".join(dict.fromkeys(each.item.feed.source.name for each in proposal.listings.all()))


def _listed() -> Any:
    listings = Listing.objects.select_related("item__feed__source").order_by("pk")
    return Prefetch("listings", queryset=listings)


class FromFeeds(InboxList):
    """Pages of feeds, the newest first."""

    path, permission, order = "desk:inbox_feeds", "claims.view_proposal", "-found"
    search_label = gettext_lazy("Words of the title or the address")
    nothing_yet = gettext_lazy("Nothing yet. New pages of the feeds of a source come here; add feeds under Sources.")
    columns = (
        Column("page", gettext_lazy("Page"), lambda row: Cell(str(row), small=row.url), ("title",), wide=True),
        Column("address", gettext_lazy("Address"), lambda row: row.url, only_csv=True),
        Column("source", gettext_lazy("Source"), sources_of),
        Column("state", gettext_lazy("State"), lambda row: Cell(STATES[row.state], tone="plain")),
        Column("found", gettext_lazy("Found"), lambda row: row.created_at, ("pk",), falls=True),
    )
    bulk = (BulkVerb("proposal", "dismiss", gettext_lazy("Set aside"), "write", gettext_lazy("Not proposed again")),)
    filters = (
        Choice("state", gettext_lazy("State"), STATES.items(), _in_state, default="proposed"),
        Typed("source", gettext_lazy("Source"), _of_source),
        Days("found", gettext_lazy("Found from"), gettext_lazy("Found until"), _found_on),
    )

    def rows(self) -> QuerySet[Any]:
        return Proposal.objects.all()

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.prefetch_related(_listed())

    def search(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        return rows.filter(title__icontains=words) | rows.filter(url__icontains=words)

    def url(self, row: Any) -> str:
        return reverse("desk:inbox_feed", args=[row.pk])


def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One page that a feed lists, and what can be done with it."""
    row = get_object_or_404(
        Proposal.objects.select_related("document", "decided_by").prefetch_related(_listed()), pk=pk
    )
    published = next((each.item.published for each in row.listings.all() if each.item.published), "")
    context = {
        "row": row,
        "state": STATES[row.state],
        "sources": sources_of(row),
        "published": published,
        "is_address": _can_be_opened(row.url),
    }
    crumbs = [(_("Inbox"), reverse("desk:inbox")), (_("From feeds"), reverse("desk:inbox_feeds"))]
    return render(request, "desk/inbox/feed.html", context, title=str(row), item="inbox", crumbs=crumbs)


def _can_be_opened(url: str) -> bool:
    try:
        target(url)
    except (UrlRefused, AddressRefused):
        return False
    return True
