"""Models of page copies at an external web archive, and of that archive's limits.

waiting ──submit──> submitted ──poll──> succeeded ──fetched and compared──> confirmed
   ^                    │ temporary error    │ not there yet: checked again at growing intervals
   └────── later ───────┘                    └── another page, or without the quote ──> failed
                        └── the archive or the site declines ──> refused

An unfinished copy becomes `dropped` when its page may no longer be named to the archive. An editor can retry failed
and refused copies; a dropped copy returns to `waiting` when it is requested again.
"""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sources.models.page import Page
from sources.models.snapshot import Snapshot


class ArchiveService(models.Model):
    """One archive. Its row is locked while a copy is leased, so it receives one request at a time."""

    address = models.CharField(max_length=500, unique=True)
    day = models.DateField("day (UTC)", null=True)
    asked = models.PositiveIntegerField(
        "captures requested", default=0, help_text="On that day, including requests whose response was lost."
    )
    rests_until = models.DateTimeField("paused until", null=True, help_text="No request is sent before this time.")
    full_until = models.DateTimeField(
        "quota used up until", null=True, help_text="No capture is requested before this time."
    )
    detail = models.CharField("last problem", max_length=500, blank=True)

    class Meta:
        verbose_name = "archive"

    def __str__(self) -> str:
        return self.address


class ArchiveCopyQuerySet(models.QuerySet["ArchiveCopy"]):
    def at(self, address: str) -> Self:
        """Copies at one archive, except dropped ones."""
        return self.filter(service__address=address).exclude(state=ArchiveCopy.State.DROPPED)

    def unfinished(self) -> Self:
        """Copies that still need requests to the archive."""
        return self.filter(state__in=["waiting", "submitted", "succeeded"])


class ArchiveCopy(models.Model):
    """A copy of a page requested from an archive. The row is the job; the table is the queue of record."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        SUBMITTED = "submitted", "requested"
        SUCCEEDED = "succeeded", "made according to the archive, not confirmed"
        CONFIRMED = "confirmed", "confirmed"
        FAILED = "failed", "differs from our snapshot"
        REFUSED = "refused", "refused"
        DROPPED = "dropped", "cancelled"

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="archive_copies")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="archive_copies")
    service = models.ForeignKey(ArchiveService, on_delete=models.PROTECT, related_name="copies", verbose_name="archive")
    quotes = models.JSONField(default=list, help_text="Quotes the copy should contain: exact, prefix, suffix.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    chosen_by = models.CharField(
        "requested by",
        max_length=150,
        blank=True,
        db_default="",
        help_text="The editor who requested it before publication. Empty: requested by publication.",
    )
    job = models.CharField(max_length=200, blank=True)
    memento_url = models.CharField(max_length=2600, blank=True)
    memento_at = models.DateTimeField("captured at", null=True)
    asked_at = models.DateTimeField("requested at", null=True)
    next_try_at = models.DateTimeField("next attempt at", db_default=Now())
    tries = models.PositiveIntegerField("attempts", default=0, help_text="Since the state last changed.")
    detail = models.CharField(max_length=500, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = ArrayField(models.CharField(max_length=20), default=list, help_text="The comparisons that matched.")
    lease_token = models.BigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    wanted_at = models.DateTimeField(
        "needed since",
        db_default=Now(),
        help_text="Later than the creation time if the request was repeated. No older capture is accepted.",
    )

    objects = ArchiveCopyQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "archive copies"
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="archive_copy_due",
                condition=Q(state__in=["waiting", "submitted", "succeeded"]),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["page", "snapshot", "service"], name="archive_copy_once"),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | (Q(confirmed_at__isnull=False, memento_at__isnull=False) & ~Q(memento_url="")),
                name="archive_copy_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"copy of {self.page_id} ({self.get_state_display()})"
