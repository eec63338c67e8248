"""Amendments: edits of published claims that one person submits together and another approves.

submitted ──approve, by somebody else──> approved: one event of the log for each claim
    └──decline──> declined: nothing leaves
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from claims.models.accounts.change import SAME_HAND
from claims.models.amendments.unpublished_edit import UnpublishedEdit
from claims.models.claim import Claim
from claims.models.publication import Publication
from claims.models.statement import user_field
from sources.database.audit import ACTOR_ID, audited

_BEGINS = f"""
    IF NEW.state <> 'submitted' OR {ACTOR_ID} IS DISTINCT FROM NEW.submitted_by_id THEN
        RAISE EXCEPTION 'an amendment begins submitted, by whoever acts' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_DECIDED = f"""
    IF OLD.state <> 'submitted' OR NEW.state = 'submitted'
        OR (NEW.kind, NEW.note, NEW.submitted_at, NEW.submitted_by_id)
            IS DISTINCT FROM (OLD.kind, OLD.note, OLD.submitted_at, OLD.submitted_by_id)
    THEN
        RAISE EXCEPTION 'an amendment is decided once, and what it says stays' USING ERRCODE = 'check_violation';
    END IF;
    IF {ACTOR_ID} IS DISTINCT FROM NEW.decided_by_id THEN
        RAISE EXCEPTION 'an amendment is decided by whoever acts' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'approved' AND EXISTS (SELECT FROM {SAME_HAND}(NEW.decided_by_id, NEW.submitted_by_id)) THEN
        RAISE EXCEPTION 'One person may be behind whoever submitted and whoever approves: an account was made, given a'
            ' right or given a new password by the other, or both by a third or by somebody unknown, within 72 hours.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_ITEM_ADDED = f"""
    IF NEW.publication_id IS NOT NULL OR NOT EXISTS (
        SELECT FROM claims_amendment
        WHERE id = NEW.amendment_id AND state = 'submitted' AND submitted_by_id = {ACTOR_ID}
    ) THEN
        RAISE EXCEPTION 'only whoever submits an amendment puts words into it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_ITEM_PUBLISHED = """
    IF OLD.publication_id IS NOT NULL OR (NEW.amendment_id, NEW.claim_id, NEW.words, NEW.sha256)
        IS DISTINCT FROM (OLD.amendment_id, OLD.claim_id, OLD.words, OLD.sha256)
        OR NOT EXISTS (SELECT FROM claims_amendment WHERE id = NEW.amendment_id AND state = 'approved')
        OR NOT EXISTS (
            SELECT FROM claims_publication WHERE sequence = NEW.publication_id AND claim_id = NEW.claim_id
        )
    THEN
        RAISE EXCEPTION 'what an amendment says stays; only its events are added' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


@audited
class Amendment(models.Model):
    """Edits of published claims, submitted together by one person."""

    Kind = UnpublishedEdit.Kind

    class State(models.TextChoices):
        SUBMITTED = "submitted", "waits for a second person"
        APPROVED = "approved", "approved and published"
        DECLINED = "declined", "declined"

    kind = models.CharField(max_length=11, choices=UnpublishedEdit.Kind)
    note = models.TextField(blank=True, help_text="Why, for colleagues. Readers do not see it.")
    state = models.CharField(max_length=9, choices=State, default=State.SUBMITTED)
    submitted_at = models.DateTimeField()
    submitted_by = user_field(blank=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = user_field()

    class Meta:
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(submitted_by__isnull=False), name="amendment_by_a_person"),
            models.CheckConstraint(
                condition=Q(state="submitted", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state__in=["approved", "declined"], decided_by__isnull=False, decided_at__isnull=False),
                name="amendment_decision_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(decided_by=F("submitted_by")),
                name="amendment_two_persons",
                violation_error_message="Whoever submitted these edits cannot approve them; ask a colleague.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(name="begins_submitted", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_BEGINS),
            pgtrigger.Trigger(name="decided_once", when=pgtrigger.Before, operation=pgtrigger.Update, func=_DECIDED),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.submitted_at:%Y-%m-%d %H:%M} UTC"


@audited
class AmendmentItem(models.Model):
    """The words of one claim as they leave with the amendment, and the event with which they left."""

    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, related_name="items", db_index=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="amendments")
    words = models.JSONField(help_text="The words of people that are approved (claims/publication/amended.py).")
    sha256 = models.CharField(max_length=64, db_collation="C")
    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["amendment", "claim"]
        constraints = [
            models.UniqueConstraint(fields=["amendment", "claim"], name="amendment_item_unique"),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="amendment_item_sha256"),
        ]
        triggers = [
            pgtrigger.Trigger(name="added_first", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_ITEM_ADDED),
            pgtrigger.Trigger(
                name="only_leaves", when=pgtrigger.Before, operation=pgtrigger.Update, func=_ITEM_PUBLISHED
            ),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} in {self.amendment_id}"
