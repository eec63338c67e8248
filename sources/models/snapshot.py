"""Models of snapshots of a page (bytes, extracted text, time, status) and of the changes between them."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from sources.database.audit import append_only, never_deleted
from sources.database.public_ids import PublicIdField
from sources.models.page import Page
from sources.outcome import Outcome


@never_deleted
class Blob(models.Model):
    """Response bytes, one row per sha256. The bytes themselves are in the snapshot store.

    The row of bytes that nothing refers to any more is marked by `unused_since`. A day later a thinning removes the
    file, and then the row, unless somebody has stored the same bytes again.
    """

    sha256 = models.CharField(max_length=64, primary_key=True, db_collation="C")
    size = models.PositiveBigIntegerField(help_text="Bytes, before compression.")
    media_type = models.CharField(max_length=200, blank=True)
    stored_at = models.DateTimeField(db_default=Now())
    unused_since = models.DateTimeField(
        null=True, help_text="Since when nothing refers to these bytes; their file may be gone."
    )

    class Meta:
        indexes = [models.Index(fields=["unused_since"], name="blob_unused", condition=Q(unused_since__isnull=False))]
        triggers = [
            pgtrigger.ReadOnly(name="bytes_are_final", fields=["sha256", "size", "media_type", "stored_at"]),
        ]

    def __str__(self) -> str:
        return self.sha256


@append_only
class Text(models.Model):
    """Text extracted from response bytes, one row per sha256 of its UTF-8 form."""

    sha256 = models.CharField(max_length=64, primary_key=True, db_collation="C")
    text = models.TextField()

    def __str__(self) -> str:
        return self.sha256


@append_only
class Snapshot(models.Model):
    """One observation of a page: its status, bytes and text at a point in time."""

    class Origin(models.TextChoices):
        POLL = "poll", "a poll"
        ATTACHED = "attached", "fetched when an editor attached the page"
        UPLOADED = "uploaded", "a private copy that an editor uploaded"

    public_id = PublicIdField(prefix="snp", unique=True)
    # The index `snapshot_latest` covers it.
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="snapshots", db_index=False)
    taken_at = models.DateTimeField()
    requested_at = models.DateTimeField(null=True, help_text="The database's time before the request was sent.")
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.POLL)
    status = models.PositiveSmallIntegerField(null=True, help_text="HTTP status.")
    final_url = models.URLField(max_length=2000, blank=True)
    canonical_url = models.URLField(max_length=2000, blank=True, help_text="The page's own canonical link (RFC 6596).")
    headers = models.JSONField(default=list, help_text="Pairs of name and value, as received.")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", verbose_name="sha256 of the bytes")
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", verbose_name="sha256 of the text")
    title = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=35, blank=True)
    extractor = models.CharField(max_length=60)
    flags = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        ordering = ["-taken_at", "-id"]
        indexes = [models.Index(fields=["page", "-taken_at", "-id"], name="snapshot_latest")]

    def __str__(self) -> str:
        return f"{self.page_id} at {self.taken_at:%Y-%m-%d %H:%M:%S}"

    @property
    def content_type(self) -> str:
        header = next((value for name, value in self.headers if name.lower() == "content-type"), "")
        return header or self.blob.media_type


@append_only
class Change(models.Model):
    """An append-only event of a page, and an entry of the queue that the claims app sweeps.

    Written when the text differs or the class of outcome changes (`suspected`; `back` is confirmed at once), and
    when a poll at least `confirm_after` later finds the same state (`confirmed`). `after` is null when the page could
    not be read.
    """

    class Kind(models.TextChoices):
        TEXT = "text", "text changed"
        GONE = "gone", "page gone"
        BLOCKED = "blocked", "page cannot be read"
        BACK = "back", "page can be read again"
        MOVED = "moved", "page moved to another address"

    class Certainty(models.TextChoices):
        SUSPECTED = "suspected", "seen once"
        CONFIRMED = "confirmed", "confirmed by a later poll"

    public_id = PublicIdField(prefix="chg", unique=True)
    # The index `change_of_page` covers it.
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="changes", db_index=False)
    before = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, related_name="+")
    after = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    certainty = models.CharField(max_length=10, choices=Certainty)
    kinds = ArrayField(
        models.CharField(max_length=20),
        default=list,
        help_text="How the text differs, as far as a machine can tell: see sources/changes/change_kinds.py.",
    )
    outcome = models.CharField(
        max_length=20, choices=Outcome.choices(), help_text="Outcome of the poll that detected it."
    )
    detected_at = models.DateTimeField()

    class Meta:
        ordering = ["-detected_at", "-id"]
        indexes = [
            models.Index(fields=["page", "-detected_at"], name="change_of_page"),
            models.Index(fields=["-detected_at", "-public_id"], name="change_latest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(before__isnull=True) | ~Q(before=F("after")) | Q(certainty="confirmed") | Q(kind="back"),
                name="change_differs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.certainty}), {self.detected_at:%Y-%m-%d %H:%M:%S}"
