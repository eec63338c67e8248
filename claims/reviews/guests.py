"""Invite a guest to approve one version of a review, or take the invitation back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.models import GuestApproval, ReviewVersion
from claims.permissions import Refused, User, is_newsroom, may_invite, require, rights
from sources.database.audit import acting

_MAY_NOT = gettext_noop("You may not invite guests; ask a chief.")


def invite(version: ReviewVersion, *, guest: User, actor: User) -> GuestApproval:
    """Let the guest read this version as it will leave, and approve it or send it back. Raises `Refused`.

    The guest has an account without a role; whoever has a role works by it.
    """
    require(may_invite(actor, version.review.claim), _MAY_NOT)
    if not guest.is_active or is_newsroom(guest):
        raise Refused(_("%(guest)s cannot log in; choose another person.") % {"guest": guest})
    if guest.is_superuser or rights(guest):
        raise Refused(
            _("%(guest)s has a role at the desk, so she approves by that and needs no invitation.") % {"guest": guest}
        )
    with acting(actor, reason="invited a guest to approve"), transaction.atomic():
        locked = ReviewVersion.objects.select_for_update().get(pk=version.pk)
        if locked.state == ReviewVersion.State.PUBLISHED:
            raise Refused(_("This version is published; there is nothing left to approve."))
        invitation, _made = GuestApproval.objects.update_or_create(
            version=locked, user=guest, defaults={"invited_by": actor, "revoked_at": None}
        )
        return invitation


def revoke(invitation: GuestApproval, *, actor: User) -> GuestApproval:
    """Take the invitation back; what the guest has approved stays approved. Raises `Refused`."""
    require(may_invite(actor, invitation.version.review.claim), _MAY_NOT)
    with acting(actor, reason="took a guest's invitation back"), transaction.atomic():
        locked = GuestApproval.objects.select_for_update().get(pk=invitation.pk)
        if locked.revoked_at is not None:
            raise Refused(_("This invitation was taken back already."))
        locked.revoked_at = timezone.now()
        locked.save(update_fields=["revoked_at"])
        return locked
