"""Copies of pages at an archive outside, and what that archive asks of us.

waiting ──submit──> submitted ──poll──> succeeded ──fetched and compared──> confirmed
   ^                    │ passing error      │ not there yet: looked at again, ever less often
   └────── later ───────┘                    └── another page, or without the quote ──> failed
                        └── the archive or the site will not ──> refused

Any that is not there yet and may no longer be named to the archive is `dropped`. Failed and refused ones wait again
if an editor asks again, dropped ones if they are wanted again.
"""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sources.models.page import Page
from sources.models.snapshot import Snapshot


class ArchiveService(models.Model):
    """One archive: locked while a copy is leased, so that it is asked one thing at a time."""

    address = models.CharField(max_length=500, unique=True)
    day = models.DateField(null=True, help_text="The day (UTC) that `asked` counts.")
    asked = models.PositiveIntegerField(default=0, help_text="Captures asked for on that day, lost answers included.")
    rests_until = models.DateTimeField(null=True, help_text="Until then nothing is asked of it.")
    full_until = models.DateTimeField(null=True, help_text="Until then no capture is asked for.")
    detail = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.address


class ArchiveCopyQuerySet(models.QuerySet["ArchiveCopy"]):
    def at(self, address: str) -> Self:
        """Those wanted at one archive, without what was dropped."""
        return self.filter(service__address=address).exclude(state=ArchiveCopy.State.DROPPED)

    def unfinished(self) -> Self:
        """Those for which the archive will still be asked something."""
        return self.filter(state__in=["waiting", "submitted", "succeeded"])


class ArchiveCopy(models.Model):
    """A copy of a page that is wanted at an archive: the row is the job, and its queue of record."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        SUBMITTED = "submitted", "asked for"
        SUCCEEDED = "succeeded", "made, as the archive says; not confirmed"
        CONFIRMED = "confirmed", "confirmed"
        FAILED = "failed", "not a copy of what we read"
        REFUSED = "refused", "refused"
        DROPPED = "dropped", "no longer wanted"

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="archive_copies")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="archive_copies")
    service = models.ForeignKey(ArchiveService, on_delete=models.PROTECT, related_name="copies")
    quotes = models.JSONField(default=list, help_text="Words that should stand in the copy: exact, prefix, suffix.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    chosen_by = models.CharField(
        max_length=150,
        blank=True,
        db_default="",
        help_text="The editor who chose it before publication; else it was published.",
    )
    job = models.CharField(max_length=200, blank=True)
    memento_url = models.CharField(max_length=2600, blank=True)
    memento_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(db_default=Now())
    tries = models.PositiveIntegerField(default=0, help_text="Since the state last changed.")
    detail = models.CharField(max_length=500, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = ArrayField(models.CharField(max_length=20), default=list, help_text="Which comparisons held.")
    lease_token = models.BigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    wanted_at = models.DateTimeField(
        db_default=Now(), help_text="Since when; later than made if it was asked for again. No older capture will do."
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
