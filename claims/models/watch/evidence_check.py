"""Checks of whether evidence still stands, one for each quote and snapshot, and the record that a change was swept."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.causes import GRADES, OF_STANCE, STANCES, Cause
from claims.models.evidence import Evidence
from claims.models.watch.recheck import Recheck
from sources.database.audit import append_only
from sources.models import Change, Passage, Snapshot

LEGACY_BROKEN = (Cause.ALTERED.value, Cause.GONE.value)
"""The results of checks without a version that are causes too."""
BROKE = ~Q(cause="") | Q(version="", result__in=LEGACY_BROKEN)
"""The condition of `EvidenceCheck.broke`, for queries."""
DID_NOT_STAND = BROKE | Q(result="unverifiable")
"""The condition of the checks that did not find the quote standing, or could not look. They are few, and indexed."""


class EvidenceCheckQuerySet(models.QuerySet["EvidenceCheck"]):
    def broken(self) -> Self:
        """Those that found a cause to look at the quote again."""
        return self.filter(BROKE)

    def stood(self) -> Self:
        """Those that found the quote, and the page standing by it."""
        return self.exclude(BROKE).exclude(result=EvidenceCheck.Result.UNVERIFIABLE)

    def answered(self) -> Self:
        """Those that say something of the quote: all but those of pages that could not be read."""
        return self.filter(BROKE | ~Q(result="unverifiable"))


@append_only
class EvidenceCheck(models.Model):
    """The result of looking for one quote in one snapshot. `snapshot` is null if there was no text.

    `cause` says why the quote has to be looked at again; it is empty for a quote that stands, and where nobody could
    look. Checks of earlier versions, which lack `version`, have none: then it follows from the result.

    Written at publication, after changes and when a quote is anchored, never for drafts: checks are append-only, and
    evidence with a check could not be removed from a draft.
    """

    class Result(models.TextChoices):
        INTACT = "intact", "intact"
        MOVED = "moved", "moved within the page"
        ALTERED = "altered", "altered"
        GONE = "gone", "no longer found"
        UNVERIFIABLE = "unverifiable", "page could not be read"

    class Reason(models.TextChoices):
        CHANGE = "change", "the page changed"
        PUBLISHED = "published", "the review was published"
        ANCHORED = "anchored", "an editor accepted other words"
        KEPT = "kept", "the page changed; broken as the review keeps it"
        UNREAD = "unread", "this version does not read the passage where it stood"
        RECURRING = "recurring", "the page changed; found at some looks and not at others"

    # indexed by evidence_check_latest
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="checks", db_index=False)
    reason = models.CharField(max_length=10, choices=Reason)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, null=True, related_name="+")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, related_name="+")
    recheck = models.ForeignKey(Recheck, on_delete=models.PROTECT, null=True, related_name="checks")
    anchoring = models.ForeignKey(
        "Anchoring",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whose words were looked for; empty for the quote's own.",
    )
    result = models.CharField(max_length=12, choices=Result)
    found = models.TextField(blank=True, help_text="The sentence on the page now, or its words about the quote.")
    surroundings = models.TextField(
        blank=True, help_text="The sentence found, with some 200 characters on either side."
    )
    diff = models.JSONField(default=list, help_text="Word diff: [operation, words] with =, - or +.")
    kinds = models.JSONField(default=list, help_text="What changed: number, negation, name, date.")
    passage = models.ForeignKey(
        Passage, on_delete=models.PROTECT, null=True, related_name="+", help_text="The passage that was looked for."
    )
    before = models.ForeignKey(
        Snapshot,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The last snapshot in which it stood, with which this one was compared.",
    )
    grade = models.CharField(max_length=9, choices=GRADES, blank=True, help_text="How much an alteration changes.")
    stance = models.CharField(
        max_length=12, choices=STANCES, blank=True, help_text="Of the page toward a quote that stands."
    )
    cause = models.CharField(max_length=12, choices=Cause, blank=True, help_text="Why it raises a re-check, if so.")
    version = models.CharField(max_length=60, blank=True, help_text="Of the rules that gave this answer.")
    checked_at = models.DateTimeField(db_default=Now())

    objects = EvidenceCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["evidence", "-id"], name="evidence_check_latest"),
            models.Index(fields=["evidence"], condition=DID_NOT_STAND, name="evidence_check_not_stood"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "change"], condition=Q(change__isnull=False), name="evidence_check_once"
            ),
            models.CheckConstraint(
                condition=Q(result="unverifiable") | Q(snapshot__isnull=False),
                name="evidence_check_looked_at_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id}: {self.get_result_display()}"

    @property
    def why(self) -> str:
        """The cause to look at the quote again; empty if there is none."""
        legacy = not self.version and self.result in LEGACY_BROKEN
        return self.result if legacy else self.cause

    @property
    def after(self) -> str:
        """The similar sentence that the page has instead; empty if there is none."""
        return "" if self.why in OF_STANCE else self.found

    @property
    def notice(self) -> str:
        """The words by which the page no longer stands by the quote; empty if it does."""
        return self.found if self.why in OF_STANCE else ""

    @property
    def broke(self) -> bool:
        """Whether the quote has to be looked at again."""
        return bool(self.why)

    @property
    def comes_and_goes(self) -> bool:
        """Whether the same was found at some looks and not at others: no second look in a row confirmed it."""
        return self.reason == self.Reason.RECURRING

    @property
    def sought(self) -> str:
        """The words that were looked for."""
        return self.anchoring.exact if self.anchoring else self.evidence.exact


@append_only
class Sweep(models.Model):
    """The record that a change was swept: every quote that published reviews rest on was checked against it."""

    change = models.OneToOneField(Change, on_delete=models.PROTECT, primary_key=True, related_name="sweep")
    swept_at = models.DateTimeField(db_default=Now())
    checks = models.PositiveIntegerField(help_text="Number of quotes checked.")

    class Meta:
        verbose_name = "processed change"

    def __str__(self) -> str:
        return f"sweep of {self.change_id}"
