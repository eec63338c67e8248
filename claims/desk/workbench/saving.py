"""Write what was posted with a button of the workbench: nothing over what somebody else saved meanwhile."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseBase, QueryDict
from django.utils.translation import gettext as _

from claims.desk.shell.addresses import number
from claims.desk.shell.verbs import Act, seen_of
from claims.desk.teamwork import conflict as conflicts
from claims.desk.teamwork.ticks import save_ticks
from claims.desk.workbench.forms import ClaimForm, VersionForm
from claims.models import Claim, Organisation, ReviewVersion
from claims.newsroom_drafts.drafts import take_over_claim
from claims.permissions import Refused, may_edit, may_write, require
from claims.reviews import workflow
from claims.reviews.claim_lock import lock_claim_of
from claims.reviews.drafts.claim_edits import require_may_edit
from sources.database.audit import acting

MARK = "form"
"""A field of the forms of this page, so that a button alone is told from a form with empty fields."""
_MAY_NOT = "You may not edit this version; ask its author or an editor."


def save_version(act: Act, version: ReviewVersion) -> HttpResponseBase | None:
    """Save the posted words of a version; a button without its form saves nothing.

    Answers with the page that shows both texts if somebody saved others since the form was shown. Raises `Refused`
    and ValidationError.
    """
    if MARK not in act.data:
        return None
    answer = _save_words(act, version)
    if answer is None:
        save_ticks(act, version)
    return answer


def _save_words(act: Act, version: ReviewVersion) -> HttpResponseBase | None:
    with transaction.atomic():
        lock_claim_of(version.review_id)
        rows = ReviewVersion.objects.select_for_update(of=("self",)).select_related("review__claim")
        locked = rows.get(pk=version.pk)
        form = VersionForm(act.data, instance=locked)
        if not form.has_changed():
            return None
        require(may_write(act.user, locked), _(_MAY_NOT))
        if act.seen != seen_of(ReviewVersion.objects.get(pk=version.pk)):
            return conflict(act, version, form)
        _require_valid(form)
        with acting(act.user, reason="edited"):
            made: ReviewVersion = form.save(commit=False)
            made.save(update_fields=_columns(form))
        workflow.take_over(locked, actor=act.user)
    return None


def begin(act: Act, claim: Claim) -> ReviewVersion:
    """Start the review of a claim that has none of this organisation, with the posted words. Raises `Refused`.

    A button that is pressed twice, or by two people at once, starts one review.
    """
    organisation = organisation_of(act.data)
    with transaction.atomic():
        Claim.objects.select_for_update().get(pk=claim.pk)
        if ReviewVersion.objects.filter(review__claim=claim, review__organisation=organisation).exists():
            raise Refused(_("A review of this claim was begun meanwhile; look at it first. Nothing was saved."))
        version = workflow.start_review(claim=claim, organisation=organisation, author=act.user)
        save_ticks(act, version)
        if MARK in act.data:
            form = VersionForm(act.data, instance=version, organisation=organisation.pk)
            _require_valid(form)
            if form.has_changed():
                with acting(act.user, reason="edited"):
                    made: ReviewVersion = form.save(commit=False)
                    made.save(update_fields=_columns(form))
    return version


def organisation_of(data: QueryDict) -> Organisation:
    """The posted organisation of ours; the only one if there is one. Raises `Refused`."""
    ours = Organisation.objects.filter(is_ours=True)
    named = data.get("organisation", "")
    if (key := number(named)) is not None:
        found = ours.filter(pk=key).first()
        if found is not None:
            return found
    rows = list(ours[:2])
    if not rows:
        raise Refused(_("No organisation of yours is set up that could publish a review; a chief does that."))
    if len(rows) > 1:
        raise Refused(_("Choose the organisation that publishes the review."))
    return rows[0]


def save_claim(act: Act, claim: Claim) -> HttpResponseBase | None:
    """Save the posted fields of the claim."""
    with transaction.atomic():
        locked = Claim.objects.select_for_update().get(pk=claim.pk)
        require(may_edit(act.user, locked), _("You may not edit this claim; ask an editor."))
        if locked.merged_into_id is not None:
            raise Refused(_("This claim was merged into another; edit that one."))
        form = ClaimForm(act.data, instance=locked, user=act.user)
        if not form.has_changed():
            return None
        if act.seen != seen_of(Claim.objects.get(pk=claim.pk)):
            return conflict(act, claim, form)
        require_may_edit(act.user, locked)
        _require_valid(form)
        with acting(act.user, reason="edited"):
            form.save()
        take_over_claim(locked, actor=act.user)
    return None


def conflict(act: Act, row: Any, form: Any) -> HttpResponseBase:
    """Show both texts, if somebody saved others meanwhile. Nothing is saved and nothing is lost."""
    return conflicts.page(act.request, row, {name: field_label(form, name) for name in form.fields}, act.data)


def field_label(form: Any, name: str) -> str:
    """What a field is called on the workbench."""
    labels = {
        "summary": _("Finding"),
        "body": _("How we checked"),
        "public_note": _("What changed, for readers"),
        "reply_asked": _("Right of reply: who was asked"),
        "reply_asked_on": _("Right of reply: asked on"),
        "reply_answered_on": _("Right of reply: answered on"),
        "reply": _("Right of reply: the answer"),
        "reply_url": _("Right of reply: where it can be read whole"),
        "reply_none_by": _("Right of reply: no answer by"),
        "embargo_until": _("Not before"),
        "repeats_id": _("Repeats"),
        "add_topics": _("Topics to add"),
        "speaker": _("Speaker"),
        "new_speaker": _("a new speaker of this name"),
        "said_words": _("In these very words"),
        "said_at": _("Where it was said"),
        "said_on": _("On the day"),
    }
    return labels.get(name) or str(form[name].label)


def _columns(form: Any) -> list[str]:
    names = set(form.changed_data) & {each.name for each in ReviewVersion._meta.concrete_fields}
    return sorted(names | ({"correction_kind"} if "kind" in names else set()))


def _require_valid(form: Any) -> None:
    if form.is_valid():
        return
    told = []
    for name, errors in form.errors.items():
        label = "" if name == "__all__" else f"{form.fields[name].label or form[name].label}: "
        told += [f"{label}{error}" for error in errors]
    raise ValidationError(told)
