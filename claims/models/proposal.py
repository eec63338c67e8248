"""What machines propose and people decide: pages of feeds as documents, and claims that say the same to be merged."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from claims.models.claim import Claim
from claims.models.statement import Document
from sources.database.audit import append_only, audited
from sources.database.public_ids import PublicIdField
from sources.http.url_key_field import UrlKeyField
from sources.models import FeedItem


@audited
class Proposal(models.Model):
    """A page that a feed lists and that is no document yet. An editor accepts or dismisses it.

    proposed ──> accepted, with its document
        └──> dismissed ──> accepted
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "proposed"
        ACCEPTED = "accepted", "accepted"
        DISMISSED = "dismissed", "dismissed"

    public_id = PublicIdField(prefix="prp", unique=True)
    url = models.URLField(max_length=2000, help_text="The canonical URL of the page.")
    url_key = UrlKeyField()
    title = models.CharField(max_length=500, blank=True, help_text="The title in the feed.")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="proposals")
    created_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["-id"], name="proposal_waiting", condition=Q(state="proposed")),
            models.Index(fields=["url_key"], name="proposal_url_key"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["url"], name="proposal_url_unique"),
            models.CheckConstraint(
                condition=Q(state="accepted", document__isnull=False)
                | Q(state__in=["proposed", "dismissed"], document__isnull=True),
                name="proposal_accepted_with_its_document",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True, decided_by__isnull=True)
                | Q(state__in=["accepted", "dismissed"], decided_at__isnull=False, decided_by__isnull=False),
                name="proposal_decided_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url


@audited
class MergeProposal(models.Model):
    """A claim that says what a claim of this desk says: in the same words, or in others.

    Open until somebody dismisses it, or the two are merged by two people. Found by the import that published the claim,
    or by the matcher (claims/imports/joining/merge_candidates.py).
    """

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="merge_proposal")
    into = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="merge_proposals", help_text="The claim of this desk."
    )
    created_at = models.DateTimeField(db_default=Now())
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "claim that says the same"
        verbose_name_plural = "claims that say the same"
        ordering = ["-id"]
        indexes = [models.Index(fields=["-id"], name="merge_proposal_open", condition=Q(dismissed_at__isnull=True))]
        constraints = [
            models.CheckConstraint(condition=~Q(claim=F("into")), name="merge_proposal_of_two_claims"),
            models.CheckConstraint(
                condition=Q(dismissed_at__isnull=True, dismissed_by__isnull=True)
                | Q(dismissed_at__isnull=False, dismissed_by__isnull=False),
                name="merge_proposal_dismissed_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.claim)


@append_only
class Listing(models.Model):
    """The record that a feed item was examined, with its proposal; None if its page was a document already."""

    item = models.OneToOneField(FeedItem, on_delete=models.PROTECT, primary_key=True, related_name="listing")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, related_name="listings")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "processed feed item"

    def __str__(self) -> str:
        return f"listing of {self.item_id}"
