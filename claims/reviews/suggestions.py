"""Suggest changes of a version that others wrote, and accept or decline what was suggested.

A reviewer's suggestion changes nothing until an author accepts it; then it is the author's change, and the version has
to be submitted again. So two people can run a desk: who only suggested may still approve.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.authorship import authors, contributions
from claims.models import Claim, Rating, ReviewVersion, Suggestion
from claims.notices import notify
from claims.permissions import Refused, User, may_decide_on_suggestion, may_suggest, require
from claims.reviews.claim_lock import lock_claim_of
from claims.teamwork.colleagues import path_of
from sources.database.audit import acting
from sources.quotes.word_diff import Kind, changed_kinds

_SUGGEST = gettext_noop(
    "Suggestions are for those who may approve and wrote nothing of a version in review; else edit it yourself."
)
_DECIDE = gettext_noop("Only those who wrote this version decide on what was suggested for it.")
_FIGURES = {Kind.NUMBER, Kind.DATE}


def suggest(version: ReviewVersion, *, changes: Mapping[str, str], actor: User) -> list[Suggestion]:
    """Suggest new texts for fields of a version in review (`{"summary": "…"}`); its authors are told.

    A rating is given by its id, a date as YYYY-MM-DD. Fields that stay as they are are left out. Raises `Refused`.
    """
    with acting(actor, reason="suggested a change"), transaction.atomic():
        locked = _lock(version)
        require(may_suggest(actor, locked), _SUGGEST)
        made = []
        for field, text in changes.items():
            before, after = current(locked, field), _checked(locked, field, text)
            if before != after:
                weighty = is_weighty(field, before, after)
                made.append(
                    Suggestion.objects.create(
                        version=locked, field=field, before=before, after=after, is_weighty=weighty, suggested_by=actor
                    )
                )
        if not made:
            raise Refused(_("Nothing differs from what stands there; change a text, or approve the version."))
        claim = locked.review.claim
        told = authors(contributions(locked.pk))
        notify(told, "suggested", claim=claim, by=actor, path=path_of(claim))
        return made


def accept(suggestion: Suggestion, *, actor: User) -> ReviewVersion:
    """Make the suggested change under the actor's name; the version is a draft again. Raises `Refused`."""
    with acting(actor, reason="accepted a suggestion"), transaction.atomic():
        version, locked = _lock_open(suggestion, actor)
        if locked.suggested_by_id == actor.pk:
            raise Refused(_("You suggested it, so another author has to accept it."))
        if current(version, locked.field) != locked.before:
            raise Refused(_("The text changed after this was suggested; decline it, and edit the text yourself."))
        _apply(version, locked)
        _decide(locked, Suggestion.State.ACCEPTED, actor)
        return ReviewVersion.objects.get(pk=version.pk)


def decline(suggestion: Suggestion, *, actor: User, note: str = "") -> Suggestion:
    """Leave the text as it is, and say why if you like. Raises `Refused`."""
    with acting(actor, reason="declined a suggestion"), transaction.atomic():
        _, locked = _lock_open(suggestion, actor)
        locked.note = note.strip()
        return _decide(locked, Suggestion.State.DECLINED, actor)


def current(version: ReviewVersion, field: str) -> str:
    """What stands in the field now, as suggestions hold it. Raises `Refused` for a field that is none of theirs."""
    if field not in Suggestion.Field.values:
        raise Refused(
            _("Nothing can be suggested for “%(field)s”; choose one of %(list)s.")
            % {"field": field, "list": ", ".join(Suggestion.Field.values)}
        )
    if field == Suggestion.Field.CLAIM_TEXT:
        return Claim.objects.get(reviews=version.review_id).text
    value: Any = version.rating_id if field == Suggestion.Field.RATING else getattr(version, field)
    return "" if value is None else str(value)


def is_weighty(field: str, before: str, after: str) -> bool:
    """Whether accepting this makes who suggested it an author: it touches rating, claim text or a figure."""
    if field in (Suggestion.Field.RATING, Suggestion.Field.CLAIM_TEXT, Suggestion.Field.TRUE_AS_OF):
        return True
    return _figures(before) != _figures(after) or bool(changed_kinds(before, after) & _FIGURES)


def _figures(text: str) -> list[str]:
    """Every run of characters that stand for numbers, in any script."""
    marked = "".join(each if unicodedata.numeric(each, None) is not None else " " for each in text)
    return marked.split()


def _checked(version: ReviewVersion, field: str, text: str) -> str:
    current(version, field)
    after = text.strip()
    if field == Suggestion.Field.RATING:
        steps = Rating.objects.filter(scale__organisation=version.review.organisation_id)
        if not after.isascii() or not after.isdecimal() or not steps.filter(pk=after).exists():
            raise Refused(_("Choose a rating of the review's own organisation."))
    elif field == Suggestion.Field.TRUE_AS_OF:
        try:
            return date.fromisoformat(after).isoformat()
        except ValueError as error:
            raise Refused(_("Give the day for which the finding holds as YYYY-MM-DD.")) from error
    elif field == Suggestion.Field.CORRECTION_KIND:
        if version.kind != ReviewVersion.Kind.CORRECTION or after not in ReviewVersion.CorrectionKind.values:
            raise Refused(_("Choose a kind of correction; only corrections have one."))
    elif field in (Suggestion.Field.CLAIM_TEXT, Suggestion.Field.SUMMARY) and not after:
        raise Refused(_("Suggest words; a text that readers need cannot be empty."))
    return after


def _apply(version: ReviewVersion, suggestion: Suggestion) -> None:
    if suggestion.field == Suggestion.Field.CLAIM_TEXT:
        Claim.objects.filter(reviews=version.review_id).update(text=suggestion.after)
        undone = {"approver": None, "approved_at": None, "approved_sha256": "", "approved_words": None}
        ReviewVersion.objects.filter(pk=version.pk).update(state=ReviewVersion.State.DRAFT, **undone)
        return
    column = "rating_id" if suggestion.field == Suggestion.Field.RATING else suggestion.field
    ReviewVersion.objects.filter(pk=version.pk).update(**{column: suggestion.after})


def _decide(suggestion: Suggestion, state: Suggestion.State, actor: User) -> Suggestion:
    suggestion.state, suggestion.decided_by, suggestion.decided_at = state, actor, timezone.now()
    suggestion.save(update_fields=["state", "decided_by", "decided_at", "note"])
    return suggestion


def _lock(version: ReviewVersion) -> ReviewVersion:
    # Claim, review, version: the order in which every verb locks.
    lock_claim_of(version.review_id)
    rows = ReviewVersion.objects.select_for_update(of=("self",)).select_related("review__claim")
    return rows.get(pk=version.pk)


def _lock_open(suggestion: Suggestion, actor: User) -> tuple[ReviewVersion, Suggestion]:
    version = _lock(suggestion.version)
    locked = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    require(may_decide_on_suggestion(actor, version), _DECIDE)
    if locked.state != Suggestion.State.OPEN:
        raise Refused(_("This suggestion is %(state)s already.") % {"state": locked.get_state_display()})
    return version, locked
