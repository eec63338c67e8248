"""Imported records, by which a later import recognises a review, and the progress of each import."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.review import Review
from sources.database.audit import audited
from sources.database.public_ids import PublicIdField


class ImportedRecord(models.Model):
    """The record of an imported review.

    `key` is a hash of the article's address and `claim_sha`, that of the claim's words, period and place; `digest` is
    one of what else the record says (claims/imports/formats/records.py). Written in the transaction that writes the
    review. Keys are made anew from `claim_sha` when the rules for addresses change (claims/imports/stored_keys.py).
    """

    key = models.CharField(max_length=32, primary_key=True, db_collation="C")
    claim_sha = models.CharField(max_length=32, default="", db_collation="C")
    digest = models.CharField(max_length=32, db_collation="C")
    earlier_digests = ArrayField(
        models.CharField(max_length=32, db_collation="C"), null=True, help_text="Digests that were here before."
    )
    source = models.CharField(max_length=32, db_default="", db_collation="C")
    """A hash of the file or URL whose word is here; empty if an earlier version took it."""
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="imported")
    modified_at = models.DateTimeField(null=True, help_text="When the publisher last changed it, if known.")

    def __str__(self) -> str:
        return self.key


@audited
class ImportConflict(models.Model):
    """A record that says something else than the imported review it is of, without telling which is the later word.

    waiting ──> accepted: the review says what came
       └──────> kept: the review stays as it is

    `digest` is that of what came, `against` that of what was here. The same record waits once. A decision is final:
    what comes after it is another row.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        ACCEPTED = "accepted", "taken"
        KEPT = "kept", "kept as it was"

    class Doubt(models.TextChoices):
        HERE_BEFORE = (
            "here_before",
            "It was here before or an editor decided against it; no date says that it is later.",
        )
        OTHER_SOURCE = (
            "other_source",
            "It is of another source than what is here, and neither says when it was changed.",
        )
        SAME_SOURCE = "same_source", "The source says two things, and dates neither later."
        UNDATED = "undated", "It does not say when it was changed, though what is here does; so it may be older."
        SAME_DATE = "same_date", "It is dated as what is here is, but says something else."
        NO_LONGER_WITHDRAWN = "no_longer_withdrawn", "What is here was withdrawn; this is not, and bears no date."

    public_id = PublicIdField(prefix="icf", unique=True)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="import_conflicts")
    digest = models.CharField(max_length=32, db_collation="C", editable=False)
    against = models.CharField(max_length=32, db_collation="C", editable=False)
    record = models.JSONField(editable=False, help_text="What came (claims/imports/formats/records.py).")
    doubt = models.CharField(max_length=20, choices=Doubt, editable=False)
    source = models.TextField(editable=False, help_text="The file or URL that was imported.")
    came_at = models.DateTimeField(db_default=Now(), editable=False)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["-id"], name="import_conflict_waiting", condition=Q(state="waiting"))]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "digest"], condition=Q(state="waiting"), name="import_conflict_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True, decided_by__isnull=True)
                | Q(state__in=["accepted", "kept"], decided_at__isnull=False, decided_by__isnull=False),
                name="import_conflict_decided_by_a_person",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="decision_is_final",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="waiting"),
                func="RAISE EXCEPTION 'a decision on an import is final' USING ERRCODE = 'check_violation';",
            )
        ]

    def __str__(self) -> str:
        return f"{self.review}: {self.get_doubt_display()}"


class Import(models.Model):
    """One import of one source. `position` is saved in the transaction that writes the records up to it."""

    source = models.TextField(help_text="A file or a URL.")
    fingerprint = models.CharField(max_length=64, db_collation="C", help_text="Hash of the source at that time.")
    position = models.BigIntegerField(default=0, help_text="Records processed.")
    cursor = models.TextField(blank=True, help_text="Cursor of the next page of an API.")
    created = models.BigIntegerField(default=0)
    joined = models.BigIntegerField(default=0, help_text="Those of the new reviews that joined a claim.")
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    contradictory = models.BigIntegerField(default=0, help_text="Records that wait for an editor.")
    repaired = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "fingerprint"], condition=Q(finished_at__isnull=True), name="import_one_unfinished"
            )
        ]

    def __str__(self) -> str:
        return self.source
