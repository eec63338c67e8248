"""The buttons of a version: save, preview, submit, take back, send back, approve, publish, discard.

Each saves the posted form first. What comes after is the one function of claims/reviews that holds the rule.
"""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.authorship import Contribution, contributions
from claims.desk.shell.verbs import Act, Verb, register
from claims.desk.workbench import standing
from claims.desk.workbench.saving import save_version
from claims.models import Publication, ReviewVersion
from claims.people import name_of
from claims.permissions import Refused
from claims.reviews import publish, workflow
from claims.teamwork import checklists
from claims.watch.quotes_now import objections

_State = ReviewVersion.State
_NEW_NAME = gettext_lazy(
    "New since the last approval: %(field)s, by %(person)s. You have submitted under it; take it back if it is wrong."
)
ASKED_FIRST = ("approve-and-publish", "approve", "publish")
"""Verbs that show what goes out, and are done from there."""
OF_VERSION = (
    *("save", "preview", "submit", "take-back", "send-back", "approve-and-publish", "approve", "publish"),
    *("set-timer", "discard"),
)
"""The verbs of the foot bar, in their order; `set-timer` is that of claims/desk/teamwork."""


def page(version: ReviewVersion) -> str:
    """The workbench, with the review of this version on it."""
    claim = reverse("desk:claim", args=[version.review.claim_id])
    return f"{claim}?review={version.review_id}"


def _to(version: ReviewVersion) -> HttpResponseRedirect:
    return HttpResponseRedirect(page(version))


def _save(act: Act) -> HttpResponseBase | str:
    answer = save_version(act, act.row)
    if answer is not None:
        return answer
    _warn_if_voided(act)
    messages.success(act.request, _("Saved."))
    return _to(act.row)


def _preview(act: Act) -> HttpResponseBase | str:
    answer = save_version(act, act.row)
    return answer or HttpResponseRedirect(preview_address(act.row))


def preview_address(version: ReviewVersion, then: str = "") -> str:
    address = reverse("desk:preview", args=[version.review.claim_id, version.pk])
    return f"{address}?then={then}" if then else address


def _submit(act: Act) -> HttpResponseBase | str:
    answer = save_version(act, act.row)
    if answer is not None:
        return answer
    renamed = [each for each in contributions(act.row.pk) if _is_new_name(each) and each.user_id != act.user.pk]
    try:
        with transaction.atomic():
            workflow.submit(act.row, actor=act.user)
    except Refused as refusal:
        # What was typed is saved all the same.
        messages.error(act.request, _("Saved, but not submitted. %(why)s") % {"why": refusal})
        return _to(act.row)
    _warn_of_quotes(act)
    for change in renamed:
        messages.warning(act.request, _NEW_NAME % {"field": change.label, "person": change.actor})
    messages.success(act.request, _("Submitted. A colleague has to approve it; nothing has gone out."))
    return _to(act.row)


def _is_new_name(change: Contribution) -> bool:
    return change.part == "organisation" and change.user_id is not None


def _take_back(act: Act) -> HttpResponseBase:
    workflow.send_back(act.row, actor=act.user)
    messages.success(act.request, _("Taken back. It is a draft again."))
    return _to(act.row)


def _send_back(act: Act) -> HttpResponseBase:
    reason = act.text("reason")
    workflow.send_back(act.row, actor=act.user, reason=reason)
    told = _("Sent back to its author as a draft, with your reason.") if reason else _("Sent back as a draft.")
    messages.success(act.request, told)
    return _to(act.row)


def _approve(act: Act) -> HttpResponseBase:
    if "shown" not in act.data and standing.may_approve(act.user, act.row):
        return HttpResponseRedirect(preview_address(act.row, "approve"))
    workflow.approve(act.row, actor=act.user, shown=act.text("shown"))
    _warn_of_quotes(act)
    messages.success(act.request, _("Approved, exactly as you read it. Nothing has gone out. Any edit voids it."))
    return _to(act.row)


def _publish(act: Act) -> HttpResponseBase:
    if "shown" not in act.data:
        return HttpResponseRedirect(preview_address(act.row, "publish"))
    publication = publish.publish(act.row, actor=act.user)
    messages.success(act.request, _published(publication))
    return _to(act.row)


def _approve_and_publish(act: Act) -> HttpResponseBase:
    if "shown" not in act.data and standing.may_approve_and_publish(act.user, act.row):
        return HttpResponseRedirect(preview_address(act.row, "approve-and-publish"))
    approved = workflow.approve(act.row, actor=act.user, shown=act.text("shown"))
    publication = publish.publish(approved, actor=act.user)
    messages.success(act.request, _published(publication))
    return _to(act.row)


def _published(publication: Publication) -> str:
    named = {"entry": publication.sequence}
    if publication.event == Publication.Event.WITHDRAWN:
        return _("Published as entry %(entry)s of the public record: the review is withdrawn.") % named
    return _("Published as entry %(entry)s of the public record. Its pages are watched from now on.") % named


def _discard(act: Act) -> HttpResponseBase:
    claim = act.row.review.claim_id
    workflow.discard(act.row, actor=act.user)
    messages.success(act.request, _("Discarded. It can be restored for 30 days, at the end of this page."))
    return HttpResponseRedirect(reverse("desk:claim", args=[claim]))


def _warn_of_quotes(act: Act) -> None:
    """Say early which quotes publishing would refuse. The page may still come back, so this refuses nothing."""
    for sentence in objections(act.row):
        messages.warning(act.request, _("It cannot be published as it is. %(why)s") % {"why": sentence})


def _warn_if_voided(act: Act) -> None:
    now = ReviewVersion.objects.filter(pk=act.row.pk).values_list("state", flat=True).first()
    if act.row.state != _State.DRAFT and now == _State.DRAFT:
        messages.warning(
            act.request,
            _(
                "It is a draft again, and has to be submitted again. Whoever edits the words becomes an author and"
                " cannot approve them: put the earlier words back to undo this, and use “Suggest a change” instead."
            ),
        )


def _in(*states: str) -> Any:
    return lambda version: version.state in states and version.author_id is not None


def _submitting(version: ReviewVersion) -> str:
    missing = getattr(version, "lacking", None)
    if missing is None:
        missing = [*workflow.missing(version), *checklists.missing(version)]
    if missing:
        told = ngettext(
            "%(count)d thing is missing. Nothing goes out.",
            "%(count)d things are missing. Nothing goes out.",
            len(missing),
        )
        return told % {"count": len(missing)}
    return _("Asks a colleague to approve; nothing goes out.")


def _author(version: ReviewVersion) -> str:
    return name_of(version.author, _("its author"))


def _discarding(version: ReviewVersion) -> str:
    if version.number > 1:
        return _("What is public stays as it is. Can be undone for 30 days.")
    return _("Nothing of it is public. Can be undone for 30 days.")


def _not_before_approval(user: Any, version: ReviewVersion) -> str:
    return _("It has to be approved first.") if version.state != _State.APPROVED else _("An editor publishes it.")


register(
    "version",
    ReviewVersion,
    [
        Verb(
            "save",
            gettext_lazy("Save"),
            _save,
            compares=True,
            merges=True,
            why_not=lambda user, version: _("You may not edit this version; ask its author or an editor."),
            may=standing.may("edit a version"),
            when=_in(_State.DRAFT, _State.IN_REVIEW, _State.APPROVED),
            effect=lambda version: (
                _("Nothing goes out.") if version.state == _State.DRAFT else _("Makes it a draft again.")
            ),
        ),
        Verb(
            "preview",
            gettext_lazy("Preview"),
            _preview,
            compares=True,
            merges=True,
            when=_in(_State.DRAFT, _State.IN_REVIEW, _State.APPROVED),
            effect=gettext_lazy("What will go out"),
        ),
        Verb(
            "submit",
            gettext_lazy("Submit for approval"),
            _submit,
            compares=True,
            merges=True,
            may=standing.may("submit"),
            when=_in(_State.DRAFT),
            effect=_submitting,
            tone="go",
        ),
        Verb(
            "take-back",
            gettext_lazy("Take back"),
            _take_back,
            may=standing.may("send back"),
            when=_in(_State.IN_REVIEW, _State.APPROVED),
            why_not=lambda user, version: _("Its author or an editor may."),
            effect=gettext_lazy("A draft again; nobody outside is told."),
        ),
        Verb(
            "send-back",
            gettext_lazy("Send back"),
            _send_back,
            may=standing.may("send back"),
            when=_in(_State.IN_REVIEW, _State.APPROVED),
            effect=lambda version: _("Tells %(name)s why; nothing goes out.") % {"name": _author(version)},
            asks="desk/workbench/ask_send_back.html",
            context=lambda user, version: {"longest": workflow.LONGEST_REASON, "author": _author(version)},
        ),
        Verb(
            "approve-and-publish",
            gettext_lazy("Approve and publish …"),
            _approve_and_publish,
            may=standing.may_approve_and_publish,
            when=_in(_State.IN_REVIEW),
            why_not=standing.why_not,
            effect=gettext_lazy("Shows what goes out, then asks once."),
            tone="go",
        ),
        Verb(
            "approve",
            gettext_lazy("Approve only …"),
            _approve,
            may=standing.may_approve,
            when=_in(_State.IN_REVIEW),
            why_not=standing.why_not,
            effect=gettext_lazy("Publishes nothing yet; an editor publishes later."),
            rare=True,
        ),
        Verb(
            "publish",
            gettext_lazy("Publish …"),
            _publish,
            may=standing.may("publish"),
            when=_in(_State.DRAFT, _State.IN_REVIEW, _State.APPROVED),
            why_not=_not_before_approval,
            effect=gettext_lazy("Shows what goes out, then asks once."),
            tone="go",
        ),
        Verb(
            "discard",
            gettext_lazy("Discard"),
            _discard,
            may=standing.may("discard"),
            when=_in(_State.DRAFT, _State.IN_REVIEW, _State.APPROVED),
            why_not=lambda user, version: _("Its author may while it is a draft, or an editor."),
            effect=_discarding,
            tone="danger",
            asks="desk/workbench/ask_discard.html",
            rare=True,
        ),
    ],
)
