"""Publish what was edited after publication: one person submits the edits of many claims, another approves them.

The states are drawn in claims/models/amendments/amendment.py. An approval appends one event for each claim, in one
transaction: whatever interrupts it, none of them or all of them are out.
"""

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.accounts import why_not_approve
from claims.formats.as_now import in_one_notation
from claims.models import Amendment, AmendmentItem, Claim, Publication, UnpublishedEdit
from claims.models.publication import Audience
from claims.permissions import Refused, User, may_approve_edits, may_submit_edits, require
from claims.publication.amended import Amended, amended
from claims.publication.append import append
from claims.publication.words import differences, sentence
from claims.reviews.edit_authors import edit_authors
from claims.visibility import hidden_claims, visible, visible_claims
from sources.database.audit import acting

AT_ONCE = 300
"""Claims of one amendment at most."""
_SUBMIT = gettext_noop(
    "You may not submit edits of published claims; ask an administrator for the role of a reporter or an editor."
)
_APPROVE = gettext_noop(
    "You may not approve edits of published claims; ask an administrator for the role of an editor."
)
_EVENTS = {
    UnpublishedEdit.Kind.EDITS: Publication.Event.CLARIFIED,
    UnpublishedEdit.Kind.APPEARANCES: Publication.Event.UPDATED,
}


def unpublished(user: User) -> list[Amended]:
    """The published claims that differ from the editors' tables, oldest edit first, `AT_ONCE` at most."""
    edits = _compared(user)
    claims = Claim.objects.in_bulk(list(edits.values_list("claim", flat=True)[:AT_ONCE]))
    return [each for each in amended(claims.values()) if each.differences]


def count_unpublished(user: User) -> int:
    """How many claims that list holds for this person."""
    return _compared(user).count()


def _compared(user: User) -> QuerySet[UnpublishedEdit]:
    """The edits that this person may see, each compared with what is published since it was made."""
    edits = visible(UnpublishedEdit.objects.filter(claim__merged_into__isnull=True), user)
    unknown = {each.claim_id: each for each in edits.filter(kind="").select_related("claim")[:AT_ONCE]}
    kinds = {each.claim.pk: each.kind for each in amended(row.claim for row in unknown.values()) if each.differences}
    for key, edit in unknown.items():
        # Of an edit that came in between the time differs, so that it is compared again.
        row = UnpublishedEdit.objects.filter(pk=key, changed_at=edit.changed_at)
        row.update(kind=kinds[key]) if key in kinds else row.delete()
    return edits.exclude(kind="")


def waiting(user: User) -> QuerySet[Amendment]:
    """The amendments that wait for a second person, without those that contain a claim hidden from this one."""
    rows = Amendment.objects.filter(state=Amendment.State.SUBMITTED).select_related("submitted_by")
    hidden = AmendmentItem.objects.filter(claim__in=hidden_claims(user))
    return rows.exclude(pk__in=hidden.values("amendment")).order_by("submitted_at", "pk")


def submitted_claims() -> set[int]:
    """The keys of the claims that wait for a second person."""
    items = AmendmentItem.objects.filter(amendment__state=Amendment.State.SUBMITTED)
    return set(items.values_list("claim", flat=True))


def now(amendment: Amendment) -> list[Amended]:
    """The claims of an amendment as they would leave now, without those that do not differ any more."""
    claims = Claim.objects.filter(amendments__amendment=amendment).order_by("pk")
    return [each for each in amended(claims) if each.differences]


def shown_sha256(changes: Iterable[Amended]) -> str:
    """The hash of what a page shows of these claims; it goes back with the form."""
    lines = sorted(f"{each.claim.public_id} {each.sha256}" for each in changes)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def submit(claims: Iterable[int], *, actor: User, shown: str, note: str = "") -> Amendment:
    """Submit the edits of these claims, by their keys, for approval by a second person. Raises `Refused`.

    `shown` is the hash of what the person was shown (`shown_sha256`).
    """
    require(may_submit_edits(actor), _SUBMIT)
    with acting(actor, reason="submitted edits of published claims"), transaction.atomic():
        rows = visible_claims(actor).filter(pk__in=list(claims), merged_into__isnull=True)
        changes = [each for each in amended(_locked(rows)) if each.differences]
        if not changes:
            raise Refused(_("Nothing of these claims differs from what is published."))
        if len(changes) > AT_ONCE:
            raise Refused(_("Choose at most %(at_once)s claims at a time.") % {"at_once": AT_ONCE})
        if shown_sha256(changes) != shown:
            raise Refused(_("The words are not those that you were shown: somebody edited them. Read them once more."))
        pending = AmendmentItem.objects.filter(amendment__state=Amendment.State.SUBMITTED)
        if (
            item := pending.filter(claim__in=[each.claim.pk for each in changes]).select_related("claim").first()
        ) is not None:
            raise Refused(
                _("“%(claim)s” waits for a second person already; decide on that first.") % {"claim": item.claim}
            )
        kinds = {each.kind for each in changes}
        kind = kinds.pop() if len(kinds) == 1 else Amendment.Kind.EDITS
        amendment = Amendment.objects.create(
            kind=kind, note=note.strip(), submitted_at=timezone.now(), submitted_by=actor
        )
        AmendmentItem.objects.bulk_create(
            AmendmentItem(amendment=amendment, claim=each.claim, words=each.approved, sha256=each.sha256)
            for each in changes
        )
        return amendment


def approve(amendment: Amendment, *, actor: User, shown: str) -> Amendment:
    """Publish the submitted words as a second person, who wrote none of them. Raises `Refused`.

    Each claim's words are rendered once more: if they are no longer those that were submitted, nothing leaves.
    """
    with acting(actor, reason="approved edits of published claims"), transaction.atomic():
        locked = _open(amendment, actor)
        require(may_approve_edits(actor), _APPROVE)
        if locked.submitted_by is not None and locked.submitted_by.pk == actor.pk:
            raise Refused(_("You submitted these edits, so somebody else has to approve them. Ask a colleague."))
        items = {item.claim_id: item for item in locked.items.all()}
        changes = amended(_locked(Claim.objects.filter(pk__in=items)))
        for change in changes:
            _require_as_submitted(change, items[change.claim.pk])
        changes = [each for each in changes if each.differences]
        if not changes:
            raise Refused(_("All of this was published since. Decline it, so that it waits no longer."))
        if shown_sha256(changes) != shown:
            raise Refused(_("The words are not those that you were shown. Read them once more."))
        _require_no_author(locked, changes, actor)
        _decide(locked, Amendment.State.APPROVED, actor)
        for change in changes:
            event = _EVENTS[UnpublishedEdit.Kind(change.kind)]
            item = items[change.claim.pk]
            item.publication = append(change.claim, event=event, audience=Audience.PUBLIC, words=change.words)
            item.save(update_fields=["publication"])
        return locked


def decline(amendment: Amendment, *, actor: User) -> Amendment:
    """Let nothing of it leave: as a second person who disagrees, or as whoever submitted it. Raises `Refused`."""
    with acting(actor, reason="declined edits of published claims"), transaction.atomic():
        locked = _open(amendment, actor)
        own = locked.submitted_by is not None and locked.submitted_by.pk == actor.pk
        require(may_approve_edits(actor) or (own and may_submit_edits(actor)), _APPROVE)
        return _decide(locked, Amendment.State.DECLINED, actor)


def _open(amendment: Amendment, actor: User) -> Amendment:
    rows = Amendment.objects.select_for_update(of=("self",)).select_related("submitted_by")
    locked = rows.get(pk=amendment.pk)
    if locked.state != Amendment.State.SUBMITTED:
        raise Refused(
            _("These edits are %(state)s. Reload the page to see them as they are.")
            % {"state": locked.get_state_display()}
        )
    if locked.items.filter(claim__in=hidden_claims(actor)).exists():
        raise Refused(_("A claim among these is restricted to others; ask one of its members."))
    return locked


def _locked(claims: QuerySet[Claim]) -> list[Claim]:
    """The claims, locked until commit in the order of their keys, as every verb locks claims first."""
    return list(claims.select_for_update(of=("self",)).order_by("pk"))


def _decide(amendment: Amendment, state: Amendment.State, actor: User) -> Amendment:
    amendment.state = state
    amendment.decided_at = timezone.now()
    amendment.decided_by = actor
    amendment.save(update_fields=["state", "decided_at", "decided_by"])
    return amendment


def _require_as_submitted(change: Amended, item: AmendmentItem) -> None:
    # An earlier version may have submitted the same in another notation.
    if change.sha256 != item.sha256 and in_one_notation(item.words) != in_one_notation(change.approved):
        since = sentence(differences(item.words, change.approved))
        raise Refused(
            _("“%(claim)s” was edited after these edits were submitted; decline them and submit anew. %(since)s")
            % {"claim": change.claim, "since": since}
        )
    if change.claim.merged_into_id is not None:
        raise Refused(_("“%(claim)s” was merged into another claim; decline these edits.") % {"claim": change.claim})


def _require_no_author(amendment: Amendment, changes: list[Amended], actor: User) -> None:
    authors = edit_authors(changes)
    if any(each.user == actor.pk for each in authors):
        raise Refused(
            _("You made some of these edits yourself, so somebody else has to approve them. Ask a colleague.")
        )
    wrote = [amendment.submitted_by_id, *(each.user for each in authors)]
    if (reason := why_not_approve(actor, wrote)) is not None:
        raise Refused(reason)
    unknown = sorted({each.name or "nobody known" for each in authors if each.user is None})
    if unknown:
        raise Refused(
            _(
                "The audit does not say which person made some of these edits (%(list)s), so nobody can be the "
                "second. Take them back, and make them again at the desk."
            )
            % {"list": ", ".join(unknown)}
        )
