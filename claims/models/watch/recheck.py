"""Re-checks of reviews whose evidence does not stand as it did, from the alarm to the editors' decision.

    Evidence (a page quote) ──< EvidenceCheck: intact · moved · altered · gone · unverifiable
                                      │ altered, gone twice, or gone again and again
                                      ▼
    Recheck:  raised ──confirm──> confirmed ──> re-confirmed · updated · corrected · withdrawn
                 └─────dismiss──> dismissed

The program raises a re-check; only people confirm or dismiss it and change a verdict.
"""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from claims.causes import GRADES, Cause, rank_sql
from claims.models.review import Review
from claims.models.statement import user_field
from sources.database.audit import audited
from sources.database.public_ids import PublicIdField


class RecheckQuerySet(models.QuerySet["Recheck"]):
    def open(self) -> Self:
        """Re-checks that are raised or confirmed: people still have to decide."""
        return self.filter(state__in=[Recheck.State.RAISED, Recheck.State.CONFIRMED])


@audited
class Recheck(models.Model):
    """The re-check of a review whose evidence broke, from the alarm to the editors' decision."""

    class State(models.TextChoices):
        RAISED = "raised", "raised"
        CONFIRMED = "confirmed", "confirmed"
        DISMISSED = "dismissed", "dismissed"
        RECONFIRMED = "reconfirmed", "still stands"
        UPDATED = "updated", "updated"
        CORRECTED = "corrected", "corrected"
        WITHDRAWN = "withdrawn", "withdrawn"

    public_id = PublicIdField(prefix="rck", unique=True)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="rechecks")
    state = models.CharField(max_length=12, choices=State, default=State.RAISED, editable=False)
    raised_at = models.DateTimeField(editable=False)
    seen_at = models.DateTimeField(null=True, editable=False, help_text="When an editor first acted on it.")
    seen_by = user_field(blank=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    resolved_at = models.DateTimeField(null=True, editable=False)
    resolved_by = user_field(blank=False)
    note = models.TextField(blank=True, help_text="Why it was dismissed, or why the verdict still stands.")
    cause = models.CharField(
        max_length=12, choices=Cause, blank=True, editable=False, help_text="The worst cause of its quotes so far."
    )
    grade = models.CharField(
        max_length=9, choices=GRADES, blank=True, editable=False, help_text="The grade of that cause."
    )

    objects = RecheckQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-id"]
        verbose_name = "re-check"
        permissions = [("decide_recheck", "Can confirm, dismiss and resolve re-checks")]
        constraints = [
            models.UniqueConstraint(
                fields=["review"], condition=Q(state__in=["raised", "confirmed"]), name="recheck_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["raised", "confirmed"], resolved_at__isnull=True)
                | Q(
                    state__in=["dismissed", "reconfirmed", "updated", "corrected", "withdrawn"],
                    resolved_at__isnull=False,
                    resolved_by__isnull=False,
                ),
                name="recheck_resolved_by_a_person",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="cause_only_worsens",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("cause", "grade"),  # type: ignore[no-untyped-call]
                func=f"""
                    IF {rank_sql("NEW")} > {rank_sql("OLD")} THEN
                        RAISE EXCEPTION 'The cause of a re-check is the worst so far; it never becomes a lesser one.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether people still have to decide."""
        return self.state in (self.State.RAISED, self.State.CONFIRMED)

    def __str__(self) -> str:
        return f"re-check raised {self.raised_at:%Y-%m-%d %H:%M} UTC ({self.get_state_display()})"
