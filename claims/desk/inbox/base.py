"""What the three lists of the Inbox have in common: their tabs, with how much waits in each."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk.lists.base import List
from claims.desk.shell.navigation import count
from claims.models import Proposal, ReviewVersion, TipGroup
from claims.permissions import User
from claims.visibility import visible

MOST = 999
"""What waits is counted up to here."""


class InboxList(List):
    """A tab of the Inbox."""

    item = "inbox"
    title = gettext_lazy("Inbox")

    def tabs(self) -> list[dict[str, Any]]:
        user, counts = self.user, waiting_counts(self.user)
        entries = (
            ("tips", _("Questions from readers"), "desk:inbox", "claims.view_tipgroup"),
            ("newsrooms", _("From newsrooms"), "desk:inbox_newsrooms", "claims.view_submission"),
            ("feeds", _("From feeds"), "desk:inbox_feeds", "claims.view_proposal"),
        )
        return [
            {"label": label, "url": reverse(route), "count": counts[key], "current": route == self.path}
            for key, label, route, right in entries
            if user.has_perm(right)
        ]


def waiting_counts(user: User) -> dict[str, int]:
    """How many wait in each tab, up to `MOST`."""
    groups = TipGroup.objects.filter(state=TipGroup.State.NEW)
    drafts = visible(ReviewVersion.objects.exclude(state=ReviewVersion.State.PUBLISHED), user)
    from_newsrooms = drafts.filter(state=ReviewVersion.State.DRAFT, author__sender__isnull=False)
    proposals = Proposal.objects.filter(state=Proposal.State.PROPOSED)
    return {
        "tips": groups.order_by()[:MOST].count(),
        "newsrooms": from_newsrooms.order_by()[:MOST].count(),
        "feeds": proposals.order_by()[:MOST].count(),
    }


@count("inbox")
def new_questions(request: HttpRequest) -> QuerySet[TipGroup]:
    """The questions of readers that wait, for the navigation. A new one has no claim, so none is hidden."""
    return TipGroup.objects.filter(state=TipGroup.State.NEW).order_by()[:MOST]
