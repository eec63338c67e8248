"""Today: what to do now, the state of the watch, what is due, and the charts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import select_template
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.accounts import hears_of_grants, unread_grants, unread_until
from claims.desk.shell.screen import render
from claims.desk.sources.lists import blind
from claims.desk.suspension import open_suspensions
from claims.desk.tips.demand import asked_most
from claims.desk.today.cards import cards
from claims.desk.today.figures import HEIGHT, WIDTH, figures
from claims.desk.today.soon import soon
from claims.desk.today.watch import watch_state
from claims.desk.today.work import open_rechecks, waiting
from claims.models import ReviewVersion
from claims.notices import unread as unread_notices
from claims.permissions import may_edit
from claims.reviews import amendments, merging
from claims.visibility import visible
from sources.models import Page
from sources.snapshots import integrity_check

SHOWN = 12
BLIND = 5


def today(request: HttpRequest) -> HttpResponse:
    """Show what this person has to do; nobody is shown what her roles do not include."""
    user = request.user
    made = cards(request)
    context: dict[str, Any] = {
        "now": timezone.localtime(),
        "zone": timezone.get_current_timezone_name(),
        "notices": list(unread_notices(user)[: SHOWN + 1]),
        "urgent": [card for card in made if card.urgent],
        "cards": [card for card in made if not card.urgent],
        "width": WIDTH,
        "height": HEIGHT,
    }
    if hears_of_grants(user):
        grants = list(unread_grants(user)[:SHOWN])
        context |= {"grants": grants, "grants_count": unread_grants(user).count()}
        context["grants_stay"] = unread_until(user, grants)
    if user.has_perm("sources.view_scrub"):
        context["damaged_snapshots"] = integrity_check.count_damaged()
    if user.has_perm("claims.view_claim"):
        context |= _editorial(request)
    return render(request, "desk/today/today.html", context, title=_("Today"), item="today")


def _editorial(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    rechecks, recheck_count = open_rechecks(user)
    watch = watch_state(user)
    drafts = visible(ReviewVersion.objects.filter(state=ReviewVersion.State.DRAFT), user)
    context = {
        "editorial": True,
        "paste": select_template(["desk/documents/paste.html", "desk/today/paste.html"]) if may_edit(user) else None,
        "watch": watch,
        "watch_bar": watch.bar(),
        "rechecks": rechecks,
        "recheck_count": recheck_count,
        "waiting": waiting(user),
        "soon": soon(user),
        "suspensions": open_suspensions(user)[:SHOWN],
        "merges_waiting": merging.waiting(user)[:SHOWN],
        "edited_count": amendments.count_unpublished(user),
        "amendments_waiting": amendments.waiting(user)[:SHOWN],
        "newsrooms_drafts": drafts.filter(author__sender__isnull=False).count(),
        "asked": asked_most(user),
        "figures": figures(watch.levels()),
    }
    if user.has_perm("sources.view_page"):
        context["blind"] = (
            Page.objects.filter(pk__in=blind(request).values("pk"))
            .select_related("source", "polling")
            .order_by("-polling__weight", "polling__unread_since", "pk")[: BLIND + 1]
        )
    return context
