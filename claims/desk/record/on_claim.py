"""The open complaints about a claim, for its workbench."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from claims.models import Claim, Complaint
from claims.permissions import User, rights
from claims.visibility import visible

SHOWN = 20


def open_complaints(claim: Claim, user: User) -> dict[str, Any]:
    """Those about the claim and about claims that are part of it, the soonest due first; for who may see complaints."""
    if "claims.view_complaint" not in rights(user):
        return {}
    rows = visible(Complaint.objects.filter(Q(claim=claim) | Q(claim__merged_into=claim), outcome=""), user)
    found = list(rows.select_related("owner").order_by("due_on", "pk")[: SHOWN + 1])
    today = datetime.now(UTC).date()
    shown = [(each, each.due_on < today) for each in found[:SHOWN]]
    return {"complaints": shown, "complaints_go_on": len(found) > SHOWN}
