"""What stands beside the review on the workbench: edits that are not out, what a newsroom sent, invited guests."""

from typing import Any

from django.db.models import F, Q

from claims.desk.documents.sent import as_text
from claims.desk.edits import differs
from claims.desk.workbench import standing
from claims.desk.workbench.bench import Bench
from claims.models import Amendment, ReviewVersion, Submission, UnpublishedEdit
from claims.permissions import User, may_submit_edits
from claims.visibility import visible


def edited_since(found: Bench, user: User) -> dict[str, Any]:
    """What was edited since it was published, the request that has it, and whether this person may submit it."""
    claim = found.claim
    if not found.is_on_record or not UnpublishedEdit.objects.filter(claim=claim).exists():
        return {"differs": None}
    waits = Amendment.objects.filter(state=Amendment.State.SUBMITTED, items__claim=claim).order_by("pk").first()
    return {
        "differs": differs(claim, user),
        "amendment": waits,
        "may_submit_edits": waits is None and may_submit_edits(user),
    }


def sent(found: Bench, user: User) -> dict[str, Any]:
    """What a newsroom sent by API of the review that is worked on, else of the claim."""
    rows = Submission.objects.with_state().select_related("sender", "markup_page", "claim", "review")
    of = Q(claim=found.claim) | (Q(review=found.review) if found.review is not None else Q())
    of_review = F("review_id").asc(nulls_last=True)
    submission = visible(rows.filter(of), user).order_by(of_review, "pk").first()
    return {
        "sent": submission,
        "sent_key": f"fc_{submission.key}_…" if submission else "",
        "sent_text": as_text(submission),
    }


def guests(version: ReviewVersion, user: User) -> dict[str, Any]:
    """Who is invited to approve the version without a role, and whether this person may invite somebody."""
    invited = version.guests.active().select_related("user").order_by("invited_at", "pk")
    return {"guests": list(invited), "may_invite": standing.may("invite a guest")(user, version)}
