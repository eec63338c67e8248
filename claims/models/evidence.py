"""Evidence of reviews: quotes of pages, which are watched, and other kinds. Its checks are in claims/models/watch/."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Now

from claims.models.review import ReviewVersion
from sources.database.audit import audited_with
from sources.database.public_ids import PublicIdField
from sources.models import Page, Passage, Snapshot


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def in_force(self) -> Self:
        """Evidence of the latest published version of reviews that are not withdrawn."""
        latest = (
            ReviewVersion.objects.filter(review=OuterRef("version__review"), state=ReviewVersion.State.PUBLISHED)
            .order_by("-number")
            .values("pk")[:1]
        )
        return self.filter(version=Subquery(latest), version__review__withdrawn_at__isnull=True)

    def watched(self) -> Self:
        """Page quotes that published reviews rest on, which are checked after every change of their page."""
        return self.in_force().filter(kind=Evidence.Kind.PAGE_QUOTE)


@audited_with(models.Index(fields=["version"], name="evidence_event_version"))
class Evidence(models.Model):
    """One piece of evidence of one version of a review. A new version starts with copies of it.

    A page quote has a W3C Web Annotation TextQuoteSelector (`exact`, `prefix`, `suffix`) of a snapshot's text and is
    watched. The other kinds are shown as *not watchable*.
    """

    class Kind(models.TextChoices):
        PAGE_QUOTE = "page_quote", "quote of a page"
        FILE = "file", "file"
        DATASET = "dataset", "dataset value"
        INTERVIEW = "interview", "interview or letter"
        BROADCAST = "broadcast", "broadcast"
        ANALYSIS = "analysis", "our own analysis"

    class Stance(models.TextChoices):
        SUPPORTS = "supports", "supports the claim"
        REFUTES = "refutes", "refutes the claim"
        CONTEXT = "context", "gives context"

    class Visibility(models.TextChoices):
        PUBLIC = "public", "public"
        DESCRIBED = "described", "described only, for example “a hospital doctor”"
        CONFIDENTIAL = "confidential", "confidential: never published"

    public_id = PublicIdField(prefix="evd", unique=True)
    version = models.ForeignKey(ReviewVersion, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PAGE_QUOTE)
    stance = models.CharField(max_length=8, choices=Stance)
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.PUBLIC)
    note = models.TextField(blank=True, help_text="What it shows. Readers see it while the evidence is public.")
    description = models.CharField(
        max_length=300, blank=True, help_text="What readers see in place of a source that is not named."
    )
    # page quote
    page = models.ForeignKey(Page, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=200, blank=True)
    suffix = models.CharField(max_length=200, blank=True)
    passage = models.ForeignKey(
        Passage,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="Where the quote stood when it was attached; later places are anchorings.",
    )
    # file
    file_name = models.CharField(max_length=300, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True, db_collation="C")
    # dataset value
    dataset = models.CharField(max_length=500, blank=True, help_text="Name and publisher of the data.")
    release = models.CharField(max_length=200, blank=True)
    cell = models.CharField(max_length=300, blank=True, help_text="Table, row and column.")
    value = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=100, blank=True)
    # interview, letter, broadcast
    who = models.CharField(max_length=300, blank=True)
    happened_at = models.DateTimeField(null=True, blank=True, verbose_name="when")
    how = models.CharField(max_length=200, blank=True, help_text="Telephone, letter, e-mail, in person.")
    programme = models.CharField(max_length=300, blank=True)
    timecode = models.CharField(max_length=20, blank=True, help_text="hh:mm:ss")
    kept_because = models.TextField(
        blank=True,
        verbose_name="kept because",
        help_text="Why the review keeps a quote that its page no longer has, or no longer stands by. Readers see it.",
    )
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["version", "id"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="page_quote") | (Q(page__isnull=False, snapshot__isnull=False) & ~Q(exact="")),
                name="evidence_quote_complete",
                violation_error_message="A quote of a page needs the page and the quoted words.",
            ),
            models.CheckConstraint(
                condition=Q(kind="page_quote") | Q(page__isnull=True, snapshot__isnull=True, exact=""),
                name="evidence_only_quotes_have_pages",
                violation_error_message="Only a quote of a page names a page.",
            ),
            models.CheckConstraint(
                condition=Q(kind="page_quote") | Q(kept_because=""),
                name="evidence_only_quotes_are_kept",
                violation_error_message="Only a quote of a page can be kept although it broke.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="file") | Q(file_sha256__regex="^[0-9a-f]{64}$"),
                name="evidence_file_complete",
                violation_error_message="A file needs its sha256: 64 hexadecimal digits.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="dataset") | (~Q(dataset="") & ~Q(cell="") & ~Q(value="")),
                name="evidence_dataset_complete",
                violation_error_message="A dataset value needs the dataset, the cell and the value.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="interview") | (~Q(who="") & Q(happened_at__isnull=False) & ~Q(how="")),
                name="evidence_interview_complete",
                violation_error_message="An interview or letter needs who, when and how.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="broadcast") | (~Q(programme="") & Q(timecode__regex=r"^\d{1,2}:\d{2}:\d{2}$")),
                name="evidence_broadcast_complete",
                violation_error_message="A broadcast needs the programme and a time code such as 00:12:30.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="analysis") | ~Q(note=""),
                name="evidence_analysis_complete",
                violation_error_message="Say in the note what the analysis found.",
            ),
            models.CheckConstraint(
                condition=~Q(visibility="described") | ~Q(description=""),
                name="evidence_description_given",
                violation_error_message="Say the public words for this source, for example “a hospital doctor”.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="locked_with_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM claims_reviewversion
                        WHERE id IN (NEW.version_id, OLD.version_id) AND state = 'published'
                    ) THEN
                        RAISE EXCEPTION 'The evidence of a published version is locked; start a new version.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    UPDATE claims_reviewversion
                    SET state = 'draft', approver_id = NULL, approved_at = NULL, approved_sha256 = '',
                        approved_words = NULL
                    WHERE id IN (NEW.version_id, OLD.version_id) AND state IN ('in_review', 'approved');
                    IF TG_OP = 'DELETE' THEN
                        RETURN OLD;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.exact or self.note or self.dataset or self.who}"[:120]
