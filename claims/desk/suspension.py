"""Suspend a review at the desk: the page that shows what readers will be shown, and the buttons that resume it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.desk.shell.screen import render
from claims.models import Review, Suspension
from claims.permissions import Refused, may_resume, may_suspend
from claims.reviews import suspension
from claims.visibility import visible
from sources.reordered import shown


def suspend(request: HttpRequest, review: Review) -> HttpResponse | str:
    """Show what readers will be shown, and ask for the reason; with a reason, suspend the review."""
    if "reason" in request.POST:
        suspension.suspend(review, actor=request.user, reason=request.POST["reason"])
        return _("Under review. Readers are told so, and are shown no rating of it until two of you resume it.")
    if (refusal := suspension.why_not(review)) is not None:
        raise Refused(refusal)
    now = timezone.now()
    context: dict[str, Any] = {
        "review": review,
        "sentence": suspension.shown_to_readers(review, at=now),
        "now": now,
        "rating": review.latest_published(),
        "others": review.claim.reviews.published().exclude(pk=review.pk).exists(),
        "address": reverse("desk:review", args=[review.pk]),
        "verb_address": reverse("admin:claims_review_verb", args=[review.pk, "suspend"]),
    }
    crumbs = [(_("Claims"), reverse("desk:claims")), (shown(review.claim.text), context["address"])]
    title = _("Suspend this review?")
    return render(request, "desk/suspend.html", context, title=title, item="claims", crumbs=crumbs)


def ask_to_resume(request: HttpRequest, review: Review) -> str:
    suspension.request_resume(review, actor=request.user, note=request.POST.get("note", ""))
    return _("Asked. Somebody else has to resume it.")


def keep(request: HttpRequest, review: Review) -> str:
    suspension.keep_suspended(review, actor=request.user)
    return _("It stays suspended.")


def resume(request: HttpRequest, review: Review) -> str:
    suspension.resume(review, actor=request.user)
    return _("Resumed. Its verdict stands again, as it was approved.")


def offered(user: Any, review: Review) -> list[str]:
    """The names of the buttons that this person is offered on the review's page."""
    if suspension.why_not(review) is None:
        return ["suspend"] if may_suspend(user, review.claim) else []
    current = suspension.open_suspension(review)
    if current is None:
        return []
    if current.resume_requested_by is None:
        return ["ask-to-resume"] if may_suspend(user, review.claim) else []
    second = may_resume(user, review.claim) and current.resume_requested_by.pk != user.pk
    return [*(["resume"] if second else []), *(["keep-suspended"] if may_suspend(user, review.claim) else [])]


def open_suspensions(user: Any) -> Any:
    """The suspensions that have not ended and that the user may see, the oldest first, for the home."""
    rows = visible(Suspension.objects.filter(ended_at__isnull=True), user).order_by("suspended_at", "pk")
    return rows.select_related("review__claim", "suspended_by", "resume_requested_by")
