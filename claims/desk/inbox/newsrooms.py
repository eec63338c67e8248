"""The second tab of the Inbox: drafts of reviews that newsrooms sent by API, those first that nobody works on."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.desk.inbox.base import InboxList
from claims.desk.lists.columns import Cell, Column, Words
from claims.desk.lists.filters import Choice, Days, Rows, number_of
from claims.models import ReviewVersion, Sender, Submission
from claims.permissions import User
from claims.visibility import visible

_State = ReviewVersion.State
STATES: dict[str, Words] = {
    "draft": _("draft"),
    "in_review": _("submitted"),
    "taken_over": _("taken over by an editor"),
    "published": _("published"),
}


def _in_state(rows: Rows, state: str, user: User) -> Rows:
    published = ReviewVersion.objects.filter(number=1, state=_State.PUBLISHED).values("review")
    if state == "published":
        return rows.filter(review__in=published)
    rows = rows.exclude(review__in=published)
    if state == "taken_over":
        return rows.filter(taken_at__isnull=False)
    drafts = ReviewVersion.objects.filter(number=1, state=_State.DRAFT).values("review")
    rows = rows.filter(taken_at__isnull=True)
    return rows.filter(review__in=drafts) if state == "draft" else rows.exclude(review__in=drafts)


def _senders(user: User) -> list[tuple[str, Words]]:
    return [(str(key), name) for key, name in Sender.objects.order_by("name").values_list("pk", "name")[:200]]


def _sent_by(rows: Rows, key: str, user: User) -> Rows:
    return rows.filter(sender=number_of(key))


class FromNewsrooms(InboxList):
    """Reviews that newsrooms drafted; their claims and evidence stand on the claim's page."""

    path, permission, order = "desk:inbox_newsrooms", "claims.view_submission", "-sent"
    search_label = _("Words of the claim")
    nothing_yet = _("Nothing yet. Newsrooms send drafts with a key that an administrator gives them.")
    columns = (
        Column("claim", _("Claim"), lambda row: Cell(row.review.claim.text), wide=True),
        Column("from", _("From"), lambda row: row.sender.name, ("sender__name",)),
        Column("state", _("State"), lambda row: Cell(STATES[row.state], tone="plain")),
        Column("sent", _("Sent"), lambda row: row.sent_at, ("sent_at",), falls=True),
        Column("taken", _("Taken over"), lambda row: row.taken_at),
    )
    filters = (
        Choice("state", _("State"), STATES.items(), _in_state),
        Choice("from", _("From"), _senders, _sent_by),
        Days("sent", _("Sent from"), _("Sent until"), lambda rows, first, last: _sent_on(rows, first, last)),
    )

    @cached_property
    def _rows(self) -> QuerySet[Submission]:
        return visible(Submission.objects.filter(review__isnull=False), self.user)

    def rows(self) -> QuerySet[Any]:
        return self._rows.all()

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.with_state().select_related("review__claim", "sender")  # type: ignore[attr-defined]
        return found

    def search(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        return rows.filter(review__claim__text__icontains=words)

    def url(self, row: Any) -> str:
        return reverse("desk:claim", args=[row.review.claim_id])


def _sent_on(rows: Rows, first: Any, last: Any) -> Rows:
    if first is not None:
        rows = rows.filter(sent_at__date__gte=first)
    return rows if last is None else rows.filter(sent_at__date__lte=last)
