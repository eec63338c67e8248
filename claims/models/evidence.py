"""Evidence of reviews, the checks of whether it still stands, and the re-checks of reviews when it does not.

    Evidence (a page quote) ──< EvidenceCheck: intact · moved · altered · gone · unverifiable
                                      │ altered, gone twice, or gone again and again
                                      ▼
    Recheck:  raised ──confirm──> confirmed ──> re-confirmed · updated · corrected · withdrawn
                 └─────dismiss──> dismissed

The program raises a re-check; only people confirm or dismiss it and change a verdict.
"""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Now

from claims.causes import GRADES, OF_STANCE, STANCES, Cause, rank_sql
from claims.models.review import Review, ReviewVersion
from claims.models.statement import user_field
from sources.database.audit import append_only, audited, audited_with
from sources.database.public_ids import PublicIdField
from sources.models import Change, Page, Passage, Snapshot

LEGACY_BROKEN = (Cause.ALTERED.value, Cause.GONE.value)
"""The results of checks without a version that are causes too."""
BROKE = ~Q(cause="") | Q(version="", result__in=LEGACY_BROKEN)
"""The condition of `EvidenceCheck.broke`, for queries."""


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


class RecheckQuerySet(models.QuerySet["Recheck"]):
    def open(self) -> Self:
        """Re-checks that are raised or confirmed: people still have to decide."""
        return self.filter(state__in=[Recheck.State.RAISED, Recheck.State.CONFIRMED])


@audited
class Recheck(models.Model):
    """The re-check of a review whose evidence broke, from the alarm to the editors' decision."""

    class State(models.TextChoices):
        RAISED = "raised", "raised"
        CONFIRMED = "confirmed", "confirmed"
        DISMISSED = "dismissed", "dismissed"
        RECONFIRMED = "reconfirmed", "still stands"
        UPDATED = "updated", "updated"
        CORRECTED = "corrected", "corrected"
        WITHDRAWN = "withdrawn", "withdrawn"

    public_id = PublicIdField(prefix="rck", unique=True)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="rechecks")
    state = models.CharField(max_length=12, choices=State, default=State.RAISED, editable=False)
    raised_at = models.DateTimeField(editable=False)
    seen_at = models.DateTimeField(null=True, editable=False, help_text="When an editor first acted on it.")
    seen_by = user_field(blank=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    resolved_at = models.DateTimeField(null=True, editable=False)
    resolved_by = user_field(blank=False)
    note = models.TextField(blank=True, help_text="Why it was dismissed, or why the verdict still stands.")
    cause = models.CharField(
        max_length=12, choices=Cause, blank=True, editable=False, help_text="The worst cause of its quotes so far."
    )
    grade = models.CharField(
        max_length=9, choices=GRADES, blank=True, editable=False, help_text="The grade of that cause."
    )

    objects = RecheckQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-id"]
        verbose_name = "re-check"
        permissions = [("decide_recheck", "Can confirm, dismiss and resolve re-checks")]
        constraints = [
            models.UniqueConstraint(
                fields=["review"], condition=Q(state__in=["raised", "confirmed"]), name="recheck_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["raised", "confirmed"], resolved_at__isnull=True)
                | Q(
                    state__in=["dismissed", "reconfirmed", "updated", "corrected", "withdrawn"],
                    resolved_at__isnull=False,
                    resolved_by__isnull=False,
                ),
                name="recheck_resolved_by_a_person",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="cause_only_worsens",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("cause", "grade"),  # type: ignore[no-untyped-call]
                func=f"""
                    IF {rank_sql("NEW")} > {rank_sql("OLD")} THEN
                        RAISE EXCEPTION 'The cause of a re-check is the worst so far; it never becomes a lesser one.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether people still have to decide."""
        return self.state in (self.State.RAISED, self.State.CONFIRMED)

    def __str__(self) -> str:
        return f"re-check raised {self.raised_at:%Y-%m-%d %H:%M} UTC ({self.get_state_display()})"


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
        indexes = [models.Index(fields=["evidence", "-id"], name="evidence_check_latest")]
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
