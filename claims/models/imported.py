"""What was imported before, by which an import knows it again, and how far each import has come."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.review import Review


class ImportedRecord(models.Model):
    """The record of a review that came from elsewhere.

    `key` is of the article's address and the words of the claim, `digest` of everything else that the record says of
    the review; claims/imports/formats/records.py makes both. Written in the transaction that writes the review.
    """

    key = models.CharField(max_length=32, primary_key=True, db_collation="C")
    digest = models.CharField(max_length=32, db_collation="C")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="imported")
    modified_at = models.DateTimeField(null=True, help_text="When its publisher last changed it, as far as told.")

    def __str__(self) -> str:
        return self.key


class Import(models.Model):
    """One import of one source. Its position is written in the transaction that writes what was read up to there."""

    source = models.TextField(help_text="A file or a URL.")
    fingerprint = models.CharField(max_length=64, db_collation="C", help_text="Of the source, as it was then.")
    position = models.BigIntegerField(default=0, help_text="Records read and done with.")
    cursor = models.TextField(blank=True, help_text="Where the next page of an API is.")
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
