"""Merges: one claim becomes part of another, and separate again; each asked for by one person, decided by another.

requested ──approve, by somebody else──> approved: one event of the log for each claim concerned
    └──decline──> declined: nothing leaves

`Claim.merged_into` follows from these rows by a trigger; of each claim the newest approved row counts. Reviews and
appearances move to the claim that stays, and back when the two are separated (claims/reviews/merging.py).
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from claims.models.accounts.change import SAME_HAND
from claims.models.claim import Claim
from claims.models.statement import user_field
from sources.database.audit import ACTOR_ID, audited

_BEGINS = f"""
    IF NEW.state <> 'requested' OR {ACTOR_ID} IS DISTINCT FROM NEW.requested_by_id THEN
        RAISE EXCEPTION 'a merge begins as a request, by whoever acts' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_DECIDED = f"""
    IF OLD.state <> 'requested' OR NEW.state = 'requested'
        OR (NEW.kind, NEW.claim_id, NEW.into_id, NEW.reason, NEW.sha256, NEW.requested_at, NEW.requested_by_id)
            IS DISTINCT FROM
            (OLD.kind, OLD.claim_id, OLD.into_id, OLD.reason, OLD.sha256, OLD.requested_at, OLD.requested_by_id)
    THEN
        RAISE EXCEPTION 'a merge is decided once, and what was asked for stays' USING ERRCODE = 'check_violation';
    END IF;
    IF {ACTOR_ID} IS DISTINCT FROM NEW.decided_by_id THEN
        RAISE EXCEPTION 'a merge is decided by whoever acts' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> 'approved' THEN
        RETURN NEW;
    END IF;
    IF NOT factcheck_may_approve(NEW.decided_by_id) THEN
        RAISE EXCEPTION 'the account may not approve' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM {SAME_HAND}(NEW.decided_by_id, NEW.requested_by_id)) THEN
        RAISE EXCEPTION 'One person may be behind whoever asked and whoever approves: an account was made, given a'
            ' right or given a new password by the other, or both by a third or by somebody unknown, within 72 hours.'
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT merged_into_id INTO part_of FROM claims_claim WHERE id = NEW.claim_id FOR UPDATE;
    SELECT merged_into_id INTO other FROM claims_claim WHERE id = NEW.into_id FOR UPDATE;
    IF NEW.kind = 'merge' AND (part_of IS NOT NULL OR other IS NOT NULL) THEN
        RAISE EXCEPTION 'a claim that was merged is not merged again' USING ERRCODE = 'check_violation';
    ELSIF NEW.kind = 'unmerge' AND (part_of IS DISTINCT FROM NEW.into_id OR other IS NOT NULL) THEN
        RAISE EXCEPTION 'the claim is no part of that one' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""  # noqa: S608 - names of ours
_FOLLOWED = """
    UPDATE claims_claim SET merged_into_id = CASE NEW.kind WHEN 'merge' THEN NEW.into_id END WHERE id = NEW.claim_id;
    RETURN NULL;
"""


@audited
class Merge(models.Model):
    """A request to make one claim a part of another, or to separate them again, and what was decided."""

    class Kind(models.TextChoices):
        MERGE = "merge", "merge"
        UNMERGE = "unmerge", "separation"

    class State(models.TextChoices):
        REQUESTED = "requested", "waits for a second person"
        APPROVED = "approved", "approved"
        DECLINED = "declined", "declined"

    kind = models.CharField(max_length=7, choices=Kind)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="merges")
    into = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="merges_into", help_text="The claim that stays."
    )
    reason = models.TextField(help_text="Why, for colleagues. Readers do not see it.")
    sha256 = models.CharField(
        max_length=64, db_collation="C", help_text="Of what the person who asked was shown of both claims."
    )
    state = models.CharField(max_length=9, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField()
    requested_by = user_field(blank=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = user_field()
    reviews = ArrayField(models.BigIntegerField(), default=list, help_text="Ids of the reviews that moved with it.")
    appearances = ArrayField(
        models.BigIntegerField(), default=list, help_text="Ids of the links to statements that moved with it."
    )

    class Meta:
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["claim"], condition=Q(state="requested"), name="merge_one_request"),
            models.CheckConstraint(condition=~Q(claim=F("into")), name="merge_of_two_claims"),
            models.CheckConstraint(condition=~Q(reason=""), name="merge_reason_given"),
            models.CheckConstraint(condition=Q(kind__in=["merge", "unmerge"]), name="merge_kind"),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="merge_sha256"),
            models.CheckConstraint(condition=Q(requested_by__isnull=False), name="merge_by_a_person"),
            models.CheckConstraint(
                condition=Q(state="requested", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state__in=["approved", "declined"], decided_by__isnull=False, decided_at__isnull=False),
                name="merge_decision_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(decided_by=F("requested_by")),
                name="merge_two_persons",
                violation_error_message="Whoever asked for a merge cannot approve it; ask a colleague.",
            ),
            models.CheckConstraint(
                condition=Q(state="approved") | Q(reviews=[], appearances=[]), name="merge_moves_when_approved"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(name="begins_requested", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_BEGINS),
            pgtrigger.Trigger(
                name="decided_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                declare=[("part_of", "BIGINT"), ("other", "BIGINT")],
                func=_DECIDED,
            ),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="claim_follows",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__state="approved"),
                func=_FOLLOWED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.requested_at:%Y-%m-%d %H:%M} UTC"
