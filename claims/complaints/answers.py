"""What the private page of a complaint shows: that it was received, or the answer, and nothing between."""

from dataclasses import dataclass
from datetime import UTC, date

from claims.models import Complaint
from claims.tips.inbox import token_sha256


@dataclass(frozen=True)
class ComplaintPage:
    """What who complained may know. `change` is the place in the log of what followed in the claim
    `change_of`, None if nothing did."""

    complaint: int
    number: str
    received_on: date
    due_on: date
    claim: str
    has_contact: bool
    outcome: str
    answer: str
    answered_on: date | None
    change: int | None
    change_of: str


def complaint_page(token: str) -> ComplaintPage | None:
    """The complaint with this token in its private link; None if there is none. One statement."""
    row = (
        Complaint.objects.filter(token_sha256=token_sha256(token))
        .select_related("contact", "claim", "correction__claim")
        .first()
    )
    if row is None:
        return None
    return ComplaintPage(
        complaint=row.pk,
        number=row.number,
        received_on=row.received_on,
        due_on=row.due_on,
        claim=row.claim.public_id if row.claim else "",
        has_contact=hasattr(row, "contact"),
        outcome=row.outcome,
        answer=row.answer,
        answered_on=row.answered_at.astimezone(UTC).date() if row.answered_at else None,
        change=row.correction_id,
        change_of=row.correction.claim.public_id if row.correction else "",
    )
