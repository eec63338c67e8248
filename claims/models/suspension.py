"""Suspensions: one editor puts a published review under review at once; it takes two to let its verdict stand again.

    suspended ──ask to resume──> resume requested ──resume, by somebody else──> ended
        │   ▲                          │     │
        │   └─────keep suspended───────┘     │
        └──publish a version of the review that was approved since──────────────> ended

`Review.suspended_at` follows from these rows by a trigger.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from claims.models.accounts.change import SAME_HAND
from claims.models.review import Review, ReviewVersion
from claims.models.statement import user_field
from sources.database.audit import ACTOR_ID, audited

_OPENED = """
    IF NEW.ended_at IS NOT NULL OR NEW.resume_requested_at IS NOT NULL THEN
        RAISE EXCEPTION 'a suspension begins without an end' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM claims_reviewversion WHERE review_id = NEW.review_id AND state = 'published'
    ) THEN
        RAISE EXCEPTION 'only a published review can be suspended' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
# Whoever asks to resume and whoever resumes are the ones that act, each in a statement of their own.
_CHANGED = f"""
    IF OLD.ended_at IS NOT NULL
        OR (NEW.review_id, NEW.reason, NEW.suspended_at, NEW.suspended_by_id)
            IS DISTINCT FROM (OLD.review_id, OLD.reason, OLD.suspended_at, OLD.suspended_by_id)
    THEN
        RAISE EXCEPTION 'what a suspension says stays; only its end is added' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.resume_requested_by_id IS NOT NULL
        AND (NEW.resume_requested_by_id, NEW.resume_requested_at)
            IS DISTINCT FROM (OLD.resume_requested_by_id, OLD.resume_requested_at)
        AND ({ACTOR_ID} IS DISTINCT FROM NEW.resume_requested_by_id OR OLD.resume_requested_by_id IS NOT NULL
            OR NEW.ended_at IS NOT NULL)
    THEN
        RAISE EXCEPTION 'to resume a review is asked for by whoever acts, before somebody else resumes it'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.resumed_by_id IS NOT NULL AND {ACTOR_ID} IS DISTINCT FROM NEW.resumed_by_id THEN
        RAISE EXCEPTION 'a review is resumed by whoever acts' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.resumed_by_id IS NOT NULL AND EXISTS (
        SELECT FROM {SAME_HAND}(NEW.resumed_by_id, NEW.resume_requested_by_id)
    ) THEN
        RAISE EXCEPTION 'One person may be behind whoever asked and whoever resumes: an account was made, given a right'
            ' or given a new password by the other, or both by a third or by somebody unknown, within 72 hours.'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.ended_by_version_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM claims_reviewversion
        WHERE id = NEW.ended_by_version_id AND review_id = NEW.review_id AND state = 'published'
            AND approved_at > NEW.suspended_at
    ) THEN
        RAISE EXCEPTION 'only a version that was approved since ends a suspension' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""  # noqa: S608 - names of ours
_FOLLOWED = """
    IF TG_OP = 'INSERT' OR NEW.ended_at IS NOT NULL THEN
        UPDATE claims_review SET suspended_at = CASE WHEN NEW.ended_at IS NULL THEN NEW.suspended_at END
            WHERE id = NEW.review_id;
    END IF;
    RETURN NULL;
"""


@audited
class Suspension(models.Model):
    """A time during which readers are told that a review is under review, and are shown no rating of it."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="suspensions")
    reason = models.TextField(help_text="Why, for colleagues. Readers do not see it.")
    suspended_at = models.DateTimeField()
    suspended_by = user_field(blank=False)
    resume_requested_at = models.DateTimeField(null=True)
    resume_requested_by = user_field()
    resume_note = models.TextField(blank=True, help_text="Why the verdict may stand again, for colleagues.")
    ended_at = models.DateTimeField(null=True)
    resumed_by = user_field()
    ended_by_version = models.ForeignKey(ReviewVersion, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-suspended_at", "-id"]
        permissions = [("suspend_review", "Can put published reviews under review")]
        constraints = [
            models.UniqueConstraint(fields=["review"], condition=Q(ended_at__isnull=True), name="suspension_one_open"),
            models.CheckConstraint(condition=~Q(reason=""), name="suspension_reason_given"),
            models.CheckConstraint(condition=Q(suspended_by__isnull=False), name="suspension_by_a_person"),
            models.CheckConstraint(
                condition=Q(resume_requested_by__isnull=True, resume_requested_at__isnull=True, resume_note="")
                | (Q(resume_requested_by__isnull=False, resume_requested_at__isnull=False) & ~Q(resume_note="")),
                name="suspension_request_complete",
            ),
            models.CheckConstraint(
                condition=Q(resumed_by__isnull=True)
                | (Q(resume_requested_by__isnull=False) & ~Q(resumed_by=F("resume_requested_by"))),
                name="suspension_two_persons",
                violation_error_message="Whoever asked to resume a review cannot resume it; ask a colleague.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, resumed_by__isnull=True, ended_by_version__isnull=True)
                | Q(ended_at__isnull=False, resumed_by__isnull=False, ended_by_version__isnull=True)
                | Q(ended_at__isnull=False, resumed_by__isnull=True, ended_by_version__isnull=False),
                name="suspension_end_complete",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(name="begins_open", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_OPENED),
            pgtrigger.Trigger(name="only_ends", when=pgtrigger.Before, operation=pgtrigger.Update, func=_CHANGED),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="review_follows",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_FOLLOWED,
            ),
        ]

    def __str__(self) -> str:
        return f"suspended {self.suspended_at:%Y-%m-%d %H:%M} UTC"
