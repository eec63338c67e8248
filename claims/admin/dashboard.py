"""Data of the admin's start page: what waits for an editor, most urgent first, and the badge of open re-checks."""

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.http import HttpRequest

from claims.accounts import hears_of_grants, unread_grants, unread_until
from claims.causes import rank_expression
from claims.desk import quotes
from claims.desk.rechecks.comparison import for_queue, pages_of, what_changed
from claims.desk.suspension import open_suspensions
from claims.models import Evidence, EvidenceCheck, Proposal, Recheck, ReviewVersion, TipGroup
from claims.models.verification import with_verification
from claims.notices import unread as unread_notices
from claims.reviews import amendments, merging
from claims.visibility import visible, visible_claims
from sources.admin.pages import unreadable
from sources.models import Page
from sources.snapshots import integrity_check

SHOWN = 12  # rows of each list


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to the context the lists that this user may see."""
    user = request.user
    context["notices"] = unread_notices(user)
    if hears_of_grants(user):
        context["grants"] = grants = list(unread_grants(user)[:SHOWN])
        context["grants_count"] = unread_grants(user).count()
        context["grants_stay"] = unread_until(user, grants)
    if user.has_perm("claims.view_recheck"):
        queue = visible(Recheck.objects.open(), user)
        context["recheck_count"] = queue.count()
        context["standing"] = quotes.standing()
        context["rechecks"] = [
            {"row": recheck, "pages": pages_of(recheck), "changed": what_changed(recheck)}
            for recheck in for_queue(queue).order_by(rank_expression(), "raised_at", "pk")[:SHOWN]
        ]
    if user.has_perm("claims.view_review"):
        context["suspensions"] = open_suspensions(user)
    if user.has_perm("claims.view_reviewversion"):
        versions = visible(ReviewVersion.objects.all(), user)
        waiting = versions.filter(
            Q(state__in=[ReviewVersion.State.IN_REVIEW, ReviewVersion.State.APPROVED])
            | Q(state=ReviewVersion.State.DRAFT, author=user.pk)
        )
        from_newsrooms = versions.filter(state=ReviewVersion.State.DRAFT, author__sender__isnull=False)
        context["newsrooms_drafts"] = from_newsrooms.count()
        context["waiting"] = waiting.select_related("review__claim", "author", "approver").order_by("-state", "pk")[
            :SHOWN
        ]
    if user.has_perm("sources.view_page"):
        unread = Page.objects.filter(unreadable(), watch=Page.Watch.WATCHED)
        context["unread_count"] = unread.count()
        context["unread_pages"] = (
            unread.annotate(rested_on=Exists(Evidence.objects.watched().filter(page=OuterRef("pk"))))
            .select_related("source", "polling")
            .order_by("-rested_on", "-polling__failures", "url")[:SHOWN]
        )
    if user.has_perm("sources.view_scrub"):
        context["damaged_snapshots"] = integrity_check.count_damaged()
    if user.has_perm("claims.view_claim"):
        context["edited_count"] = amendments.count_unpublished(user)
        context["amendments_waiting"] = amendments.waiting(user)[:SHOWN]
        context["merges_waiting"] = merging.waiting(user)[:SHOWN]
        claims = with_verification(visible_claims(user)).filter(merged_into__isnull=True)
        context["claims"] = claims.order_by("-created_at", "-pk")[:SHOWN]
    if user.has_perm("claims.view_evidence"):
        last = EvidenceCheck.objects.filter(evidence=OuterRef("pk")).order_by("-pk").values("pk")[:1]
        watched = visible(Evidence.objects.watched(), user).annotate(last=Subquery(last))
        stood = Exists(EvidenceCheck.objects.stood().filter(pk=OuterRef("last")))
        broken = Case(When(stood, then=Value(1)), default=Value(0))
        rows = watched.select_related("page__polling", "version__review__claim").order_by(broken, "-pk")[:SHOWN]
        shown = quotes.on_screen(rows)
        context["quotes"] = [{"row": row, "shown": shown[row.pk]} for row in rows]
    if user.has_perm("claims.view_tipgroup"):
        waiting_tips = TipGroup.objects.filter(state=TipGroup.State.NEW, tips__isnull=False)
        context["new_tips"] = visible(waiting_tips, user).distinct().count()
    if user.has_perm("claims.view_proposal"):
        context["proposals"] = Proposal.objects.filter(state=Proposal.State.PROPOSED).count()
    return context


def open_rechecks_badge(request: HttpRequest) -> str:
    """The number of open re-checks, for the side bar; empty for none."""
    if not request.user.has_perm("claims.view_recheck"):
        return ""
    count = visible(Recheck.objects.open(), request.user).count()
    return str(count) if count else ""
