"""Imported records, by which a later import recognises a review, and the progress of each import."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.review import Review


class ImportedRecord(models.Model):
    """The record of an imported review.

    `key` is a hash of the article's address and the claim's text, `digest` one of everything else that the record says
    about the review (claims/imports/formats/records.py). Written in the transaction that writes the review.
    """

    key = models.CharField(max_length=32, primary_key=True, db_collation="C")
    digest = models.CharField(max_length=32, db_collation="C")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="imported")
    modified_at = models.DateTimeField(null=True, help_text="When the publisher last changed it, if known.")

    def __str__(self) -> str:
        return self.key


class Import(models.Model):
    """One import of one source. `position` is saved in the transaction that writes the records up to it."""

    source = models.TextField(help_text="A file or a URL.")
    fingerprint = models.CharField(max_length=64, db_collation="C", help_text="Hash of the source at that time.")
    position = models.BigIntegerField(default=0, help_text="Records processed.")
    cursor = models.TextField(blank=True, help_text="Cursor of the next page of an API.")
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
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
