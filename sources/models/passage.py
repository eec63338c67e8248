"""Passages: the places on pages that somebody watches. `sources` knows what is watched, though not why.

A passage is registered by another app, which keeps its id. `Polling.passages` holds the ids of those of a page that are
watched now.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from sources.database.audit import append_only
from sources.models.page import Page
from sources.models.snapshot import Snapshot, Text


@append_only
class Passage(models.Model):
    """Words at one place of one reading of a page, with what stands around them.

    `start` and `end` count characters of `text`, which is the snapshot's own text, or that which a later extractor
    reads from the same bytes.
    """

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="passages")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    copies = models.PositiveIntegerField(default=1, help_text="Places of the text in which the same words stand.")
    exact = models.TextField()
    prefix = models.CharField(max_length=200, blank=True)
    suffix = models.CharField(max_length=200, blank=True)
    omission = models.BooleanField(default=False, help_text="Whether the dots in the words are an editor's omission.")
    extractor = models.CharField(max_length=60)
    registered_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(exact=""), name="passage_has_words"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="passage_span"),
        ]

    def __str__(self) -> str:
        return self.exact[:120]
