"""Assign a claim to a colleague, set the time by which it is due, and remind the assignee once."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from claims.models import Assignment, Claim
from claims.notices import notify
from claims.permissions import Refused, User, may_assign, require
from claims.teamwork.colleagues import colleagues, path_of
from sources.database import clock
from sources.database.audit import acting, acting_as


def assign(claim: Claim, *, actor: User, assignee: User | None, due_at: datetime | None = None) -> Assignment | None:
    """Say who works on the claim and until when; with neither, nobody does. The assignee is told. Raises `Refused`.

    It stays until somebody changes it.
    """
    require(
        may_assign(actor, claim),
        _("You may not assign claims; ask an administrator for the role of a reporter or an editor."),
    )
    if assignee is not None and not colleagues(claim).filter(pk=assignee.pk).exists():
        raise Refused(_("Choose a colleague who writes at this desk and may see the claim."))
    with acting(actor, reason="assigned the claim"), transaction.atomic():
        Claim.objects.select_for_update().get(pk=claim.pk)
        found = Assignment.objects.filter(claim=claim).first()
        if assignee is None and due_at is None:
            if found is not None:
                found.delete()
            return None
        made = found or Assignment(claim=claim)
        before = (made.assignee_id, made.due_at)
        if before == (None if assignee is None else assignee.pk, due_at):
            return made
        is_new = assignee is not None and made.assignee_id != assignee.pk
        made.assignee, made.due_at = assignee, due_at
        made.assigned_by, made.assigned_at, made.reminded_at = actor, clock.now(), None
        made.save()
        if is_new:
            notify([assignee], "assigned", claim=claim, by=actor, path=path_of(claim))
        return made


def remind_due(limit: int = 200) -> int:
    """Tell each assignee once that a claim is due. Returns the number told."""
    due = Assignment.objects.filter(due_at__lte=Now(), reminded_at__isnull=True, assignee__isnull=False)
    with acting_as("desk", reason="reminded"), transaction.atomic():
        rows = list(due.select_related("claim", "assignee").select_for_update(of=("self",), skip_locked=True)[:limit])
        for row in rows:
            row.reminded_at = clock.now()
            row.save(update_fields=["reminded_at"])
            if colleagues(row.claim).filter(pk=row.assignee_id).exists():
                notify([row.assignee], "work_due", claim=row.claim, path=path_of(row.claim))
        return len(rows)
