"""The buttons of a review: start what follows its public version, withdraw it, suspend it and let it stand again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk.shell.verbs import Act, Run, Verb, register
from claims.models import Review, ReviewVersion, Suspension
from claims.permissions import Facts, allowed, facts
from claims.reviews import suspension, workflow

_Kind = ReviewVersion.Kind
NAMES = (
    *("update", "correction", "clarification", "withdrawal", "suspend"),
    *("ask-to-resume", "resume", "keep-suspended", "review-day"),
)
"""The verbs of the foot bar, in their order; `review-day` is that of claims/desk/rechecks."""


def _known(user: Any, review: Review) -> Facts:
    kept: dict[int, Facts] = review.__dict__.setdefault("_facts", {})
    if user.pk not in kept:
        kept[user.pk] = facts(user, claim=review.claim)
    return kept[user.pk]


def _may(verb: str) -> Any:
    return lambda user, review: allowed(verb, _known(user, review))


def _versions(review: Review) -> list[ReviewVersion]:
    if not hasattr(review, "shown_versions"):
        review.shown_versions = list(review.versions.order_by("-number"))  # type: ignore[attr-defined]
    found: list[ReviewVersion] = review.shown_versions  # type: ignore[attr-defined]
    return found


def _can_go_on(review: Review) -> bool:
    states = [each.state for each in _versions(review)]
    return (
        review.origin == Review.Origin.OWN
        and review.withdrawn_at is None
        and review.claim.merged_into_id is None
        and bool(states)
        and all(state == ReviewVersion.State.PUBLISHED for state in states)
    )


def _to(review: Review) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('desk:claim', args=[review.claim_id])}?review={review.pk}")


def _starter(kind: str) -> Run:
    def start(act: Act) -> HttpResponseBase:
        workflow.start_version(act.row, kind=kind, actor=act.user)
        messages.success(act.request, _("Begun, with copies of the public words and evidence. Nothing has gone out."))
        return _to(act.row)

    return start


def _withdraw(act: Act) -> HttpResponseBase:
    version = workflow.start_version(
        act.row, kind=_Kind.WITHDRAWAL, actor=act.user, public_note=act.text("public_note")
    )
    workflow.submit(version, actor=act.user)
    messages.success(
        act.request, _("Submitted. The review stays public until a colleague approves and publishes this.")
    )
    return _to(act.row)


def current(review: Review) -> Suspension | None:
    """The suspension that has not ended, kept with this row."""
    if review.suspended_at is None:
        return None
    if not hasattr(review, "_suspension"):
        review._suspension = suspension.open_suspension(review)  # type: ignore[attr-defined]
    found: Suspension | None = review._suspension  # type: ignore[attr-defined]
    return found


def _is_public(review: Review) -> bool:
    return (
        review.origin == Review.Origin.OWN
        and review.withdrawn_at is None
        and any(each.state == ReviewVersion.State.PUBLISHED for each in _versions(review))
    )


def _suspend(act: Act) -> HttpResponseBase:
    suspension.suspend(act.row, actor=act.user, reason=act.text("reason"))
    messages.success(
        act.request, _("Under review. Readers are told so, and are shown no rating of it until two of you resume it.")
    )
    return _to(act.row)


def _ask_to_resume(act: Act) -> HttpResponseBase:
    suspension.request_resume(act.row, actor=act.user, note=act.text("note"))
    messages.success(act.request, _("Asked. Somebody else has to resume it."))
    return _to(act.row)


def _keep(act: Act) -> HttpResponseBase:
    suspension.keep_suspended(act.row, actor=act.user)
    messages.success(act.request, _("It stays suspended."))
    return _to(act.row)


def _resume(act: Act) -> HttpResponseBase:
    suspension.resume(act.row, actor=act.user)
    messages.success(act.request, _("Resumed. Its verdict stands again, as it was approved."))
    return _to(act.row)


def _is_asked(review: Review) -> bool:
    found = current(review)
    return found is not None and found.resume_requested_by_id is not None


def _is_unasked(review: Review) -> bool:
    found = current(review)
    return found is not None and found.resume_requested_by_id is None


def _may_resume(user: Any, review: Review) -> bool:
    found = current(review)
    own = found is not None and found.resume_requested_by_id == user.pk
    return not own and allowed("resume", _known(user, review))


def _why_not_resume(user: Any, review: Review) -> str:
    found = current(review)
    if found is not None and found.resume_requested_by_id == user.pk:
        return _("You asked for it, so a colleague has to resume it.")
    return _("An editor may.")


def _suspending(user: Any, review: Review) -> dict[str, Any]:
    return {"sentence": suspension.shown_to_readers(review)}


register(
    "review",
    Review,
    [
        Verb(
            "update",
            gettext_lazy("Update"),
            _starter(_Kind.UPDATE),
            may=_may("start the next version"),
            when=_can_go_on,
            effect=gettext_lazy("Facts moved on. Begins a draft; nothing goes out."),
        ),
        Verb(
            "correction",
            gettext_lazy("Correct"),
            _starter(_Kind.CORRECTION),
            may=_may("start the next version"),
            when=_can_go_on,
            effect=gettext_lazy("We were wrong. Begins a draft; nothing goes out."),
        ),
        Verb(
            "clarification",
            gettext_lazy("Clarify"),
            _starter(_Kind.CLARIFICATION),
            may=_may("start the next version"),
            when=_can_go_on,
            effect=gettext_lazy("Begins a draft in clearer words; nothing goes out."),
            rare=True,
        ),
        Verb(
            "withdrawal",
            gettext_lazy("Withdraw the review"),
            _withdraw,
            may=_may("start the next version"),
            when=_can_go_on,
            effect=gettext_lazy("Readers see a dated notice in its place, once a second person approves."),
            asks="desk/workbench/ask_withdraw.html",
            tone="danger",
            rare=True,
        ),
        Verb(
            "suspend",
            gettext_lazy("Suspend"),
            _suspend,
            may=_may("suspend"),
            when=lambda review: _is_public(review) and review.suspended_at is None,
            why_not=lambda user, review: _("An editor may."),
            effect=gettext_lazy("Goes out at once: readers see “under review” in place of the rating."),
            asks="desk/workbench/ask_suspend.html",
            context=_suspending,
            tone="danger",
            rare=True,
        ),
        Verb(
            "ask-to-resume",
            gettext_lazy("Ask to resume"),
            _ask_to_resume,
            may=_may("suspend"),
            when=_is_unasked,
            why_not=lambda user, review: _("An editor may."),
            effect=gettext_lazy("A second person lets the verdict stand again; nothing goes out yet."),
            asks="desk/workbench/ask_resume.html",
        ),
        Verb(
            "resume",
            gettext_lazy("Resume"),
            _resume,
            may=_may_resume,
            when=_is_asked,
            why_not=_why_not_resume,
            effect=gettext_lazy("Goes out at once: the verdict stands again, as it was approved."),
            tone="go",
        ),
        Verb(
            "keep-suspended",
            gettext_lazy("Keep it suspended"),
            _keep,
            may=_may("suspend"),
            when=_is_asked,
            effect=gettext_lazy("Declines the request; nothing goes out."),
        ),
    ],
)
