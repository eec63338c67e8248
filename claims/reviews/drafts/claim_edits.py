"""Who may change what a claim says while a version of its review waits for a second person, or has been approved.

A version leaves with the words of its claim, so whoever edits those edits each version that waits: the approval is
void. The rule is therefore the one of the versions, “edit a version” in claims/permissions.py.
"""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from claims.models import Claim, Review, ReviewVersion
from claims.people import name_of
from claims.permissions import Refused, User, allowed, facts, remembered

_WAITING = (ReviewVersion.State.IN_REVIEW, ReviewVersion.State.APPROVED)


def waiting_versions(claim: Claim) -> list[ReviewVersion]:
    """The versions of ours that an edit of the claim makes drafts again, with who wrote and approved them."""
    rows = ReviewVersion.objects.filter(review__claim=claim, review__origin=Review.Origin.OWN, state__in=_WAITING)
    rows = rows.select_related("author", "approver").order_by("pk")
    found: list[ReviewVersion] = remembered(_key(claim), lambda: list(rows))
    return found


def remember_waiting(claim: Claim, versions: Iterable[ReviewVersion]) -> None:
    """Spare a page that knows all versions of the claim's reviews the query for those that wait."""
    own = [each for each in versions if each.state in _WAITING and each.review.origin == Review.Origin.OWN]
    remembered(_key(claim), lambda: own)


def _key(claim: Claim) -> tuple[str, int]:
    return ("waiting versions", claim.pk)


def why_not_edit(user: User, claim: Claim, *, approved_only: bool = False) -> str | None:
    """Why this person may not change what the claim says now, with what to do; None if she may.

    With `approved_only`, of a change that touches no version that still waits, such as another statement of the claim.
    """
    known = facts(user, claim=claim)
    if not allowed("write", known):
        return _("You may not edit this claim; ask an editor.")
    for version in waiting_versions(claim):
        if allowed("edit a version", replace(known, state=version.state, is_author=version.author_id == user.pk)):
            continue
        if version.state == ReviewVersion.State.APPROVED:
            return _(
                "%(approver)s has approved a review of this claim, and your edit would undo that. Ask an editor or"
                " %(author)s to send it back first."
            ) % {"approver": _name(version.approver), "author": _name(version.author)}
        if not approved_only:
            return _(
                "A review of this claim waits for approval, and your edit would take it back. Ask an editor or"
                " %(author)s to send it back first."
            ) % {"author": _name(version.author)}
    return None


def require_may_edit(user: User, claim: Claim, *, approved_only: bool = False) -> None:
    """Raise `Refused` with what to do. Call it with the claim locked: nothing is approved meanwhile."""
    why = why_not_edit(user, claim, approved_only=approved_only)
    if why is not None:
        raise Refused(why)


def _name(user: User) -> str:
    return name_of(user, _("somebody"))
