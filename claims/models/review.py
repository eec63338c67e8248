"""Reviews: one organisation's rating of one claim, written, approved, published and corrected in versions.

    ReviewVersion:   draft ──submit──> in review ──approve──> approved ──publish──> published
                       ▲                  │                      │
                       └──send back, or any edit (trigger)───────┘

A trigger locks a published version. An update, clarification, correction or withdrawal is a new version of the same
review, with a public note.
"""

from collections.abc import Collection
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from claims.models.accounts.change import SAME_HAND
from claims.models.amendments.kept import kept_while_published
from claims.models.amendments.noted import edit_is_noted
from claims.models.claim import Claim
from claims.models.statement import user_field
from claims.visible_text import refuse_unreadable
from sources.database.audit import ACTOR_ID, audited, audited_in_bulk
from sources.database.public_ids import PublicIdField
from sources.http.url_key_field import UrlKeyField


class Verdict(models.TextChoices):
    """The common meaning of a rating, by which newsrooms filter across the scales of organisations."""

    TRUE = "true", "true"
    FALSE = "false", "false"
    MIXED = "mixed", "mixed"
    UNPROVEN = "unproven", "unproven"


@audited
class Organisation(models.Model):
    """A publisher of reviews: this desk or another organisation."""

    public_id = PublicIdField(prefix="org", unique=True)
    name = models.CharField(max_length=300, unique=True)
    site = models.URLField(max_length=2000, blank=True)
    licence = models.URLField(
        max_length=2000,
        blank=True,
        default="",
        db_default="",
        help_text="URL of the licence under which others may reuse its reviews.",
    )
    is_ours = models.BooleanField(default=False)
    # Until 0.7.0 the checklist, one item a line. Migration 0030 made rows of it (ChecklistItem); the history keeps it.
    checklist = models.TextField(blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="organisation_name_given")]
        triggers = [
            kept_while_published("organisation", "Correct its name instead.", published="organisations && gone"),
            # Of imported reviews the publisher's own words stay until the next import.
            edit_is_noted(
                "SELECT claim_id FROM claims_review WHERE organisation_id = NEW.id AND origin = 'own'",
                of=("name", "site", "licence"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        super().clean_fields(exclude=exclude)
        refuse_unreadable(exclude or (), name=self.name)


_SCALE_STAYS = (
    "Reviews were approved by this scale, so its name stays. Define another scale, and retire the steps of this one."
)
_STEP_STAYS = "Reviews were approved by the step “%”, so it stays as it is. Retire it, or retire and replace it."


def _used(step: str) -> str:
    """SQL for whether an approved or published version of a review uses the step."""
    return f"""EXISTS (
        SELECT FROM claims_reviewversion WHERE rating_id = {step}.id AND state IN ('approved', 'published')
    )"""


@audited
class RatingScale(models.Model):
    """An organisation's own ordered scale of ratings."""

    public_id = PublicIdField(prefix="scl", unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="scales")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["organisation", "name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="rating_scale_unique")]
        triggers = [
            pgtrigger.Trigger(
                name="used_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF (NEW.name, NEW.organisation_id) IS DISTINCT FROM (OLD.name, OLD.organisation_id) AND EXISTS (
                        SELECT FROM claims_rating AS step WHERE step.scale_id = OLD.id AND {_used("step")}
                    ) THEN
                        RAISE EXCEPTION '{_SCALE_STAYS}' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.name}"


class RatingQuerySet(models.QuerySet["Rating"]):
    def offered(self) -> Self:
        """The steps that reviews can be rated by: those that are not retired."""
        return self.filter(retired_at__isnull=True)


@audited
class Rating(models.Model):
    """One step of a scale. `value` is its number from worst to best (schema.org `ratingValue`).

    Once a version of a review was approved by it a step stays as it is: it is retired, and another takes its place.
    """

    scale = models.ForeignKey(RatingScale, on_delete=models.PROTECT, related_name="ratings")
    label = models.CharField(max_length=100, help_text="As readers see it, for example Mostly false.")
    value = models.SmallIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict)
    retired_at = models.DateTimeField(null=True, editable=False, help_text="Since when no review can be rated by it.")

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ["scale", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["scale", "label"], condition=Q(retired_at__isnull=True), name="rating_label_unique"
            ),
            models.UniqueConstraint(
                fields=["scale", "value"], condition=Q(retired_at__isnull=True), name="rating_value_unique"
            ),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="rating_verdict"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="used_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    IF TG_OP = 'UPDATE' THEN
                        IF (NEW.label, NEW.value, NEW.verdict, NEW.scale_id)
                            IS NOT DISTINCT FROM (OLD.label, OLD.value, OLD.verdict, OLD.scale_id)
                        THEN
                            RETURN NEW;
                        END IF;
                    END IF;
                    IF {_used("OLD")} THEN
                        RAISE EXCEPTION '{_STEP_STAYS}', OLD.label USING ERRCODE = 'check_violation';
                    END IF;
                    IF TG_OP = 'DELETE' THEN
                        RETURN OLD;
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.label


@audited_in_bulk
class Article(models.Model):
    """A published fact-check as readers see it; it contains one or more reviews."""

    public_id = PublicIdField(prefix="art", unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="articles")
    url = models.URLField(max_length=2000, unique=True, help_text="The canonical URL, often in your CMS.")
    url_key = UrlKeyField()
    title = models.CharField(max_length=500)
    language = models.CharField(max_length=35, default="und")

    class Meta:
        ordering = ["title"]
        indexes = [models.Index(fields=["url_key"], name="article_url_key")]
        triggers = [
            kept_while_published("article", "Take it from its reviews.", published="contained_ids && gone"),
            edit_is_noted(
                "SELECT claim_id FROM claims_review WHERE article_id = NEW.id AND origin = 'own'",
                of=("url", "title", "language"),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url


class ReviewQuerySet(models.QuerySet["Review"]):
    def published(self) -> Self:
        """Reviews with at least one published version, including withdrawn ones."""
        versions = ReviewVersion.objects.filter(review=OuterRef("pk"), state=ReviewVersion.State.PUBLISHED)
        return self.filter(Exists(versions))


@audited_in_bulk
class Review(models.Model):
    """One organisation's rating of one claim. Its content is in its versions."""

    class Origin(models.TextChoices):
        OWN = "own", "our own"
        IMPORTED = "imported", "imported"

    public_id = PublicIdField(prefix="rev", unique=True)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="reviews")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reviews")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, null=True, blank=True, related_name="reviews")
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.OWN, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    suspended_at = models.DateTimeField(
        null=True, editable=False, help_text="Since when it is under review; set by the rows of `Suspension`."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(suspended_at__isnull=True) | Q(origin="own", withdrawn_at__isnull=True),
                name="review_suspended_is_ours",
            )
        ]
        triggers = [
            edit_is_noted("SELECT NEW.claim_id", of=("organisation_id", "article_id")),
            pgtrigger.Trigger(
                name="imported_is_not_ours",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_values"),  # type: ignore[no-untyped-call]
                func="""
                    IF EXISTS (
                        SELECT FROM new_values JOIN claims_organisation AS organisation
                            ON organisation.id = new_values.organisation_id
                        WHERE new_values.origin = 'imported' AND organisation.is_ours
                    ) THEN
                        RAISE EXCEPTION 'A review of our own organisation is never an imported one.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="stays_what_it_is",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF NEW.origin <> OLD.origin THEN
                        RAISE EXCEPTION 'A review of our own and an imported one never turn into each other.'
                            USING ERRCODE = 'check_violation';
                    ELSIF (NEW.claim_id, NEW.organisation_id) IS DISTINCT FROM (OLD.claim_id, OLD.organisation_id)
                        AND EXISTS (
                            SELECT FROM claims_reviewversion WHERE review_id = NEW.id AND state = 'published'
                        )
                        -- It moves with its claim, when two people merge claims or separate them.
                        AND (NEW.organisation_id <> OLD.organisation_id OR NOT EXISTS (
                            SELECT FROM (
                                SELECT kind, claim_id, into_id FROM claims_merge
                                WHERE state = 'approved' AND NEW.id = ANY (reviews)
                                ORDER BY decided_at DESC, id DESC LIMIT 1
                            ) AS moved
                            WHERE (OLD.claim_id, NEW.claim_id) = CASE kind
                                WHEN 'merge' THEN (claim_id, into_id) ELSE (into_id, claim_id) END
                        ))
                    THEN
                        RAISE EXCEPTION 'A published review stays with its claim and organisation; start another.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="suspended_as_decided",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("suspended_at"),  # type: ignore[no-untyped-call]
                func="""
                    IF NEW.suspended_at IS DISTINCT FROM (
                        SELECT suspended_at FROM claims_suspension WHERE review_id = NEW.id AND ended_at IS NULL
                    ) THEN
                        RAISE EXCEPTION 'a review is suspended and resumed by rows of suspensions alone'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} on “{self.claim}”"

    def latest_published(self) -> "ReviewVersion | None":
        return self.versions.filter(state=ReviewVersion.State.PUBLISHED).order_by("-number").first()

    def open_version(self) -> "ReviewVersion | None":
        """The unpublished version, if there is one. A constraint allows only one."""
        return self.versions.exclude(state=ReviewVersion.State.PUBLISHED).first()


# The columns that an approval covers. Changing one of them voids the approval.
_APPROVED_COLUMNS = (
    "kind",
    "correction_kind",
    "rating_id",
    "rating_as_given",
    "summary",
    "body",
    "public_note",
    "true_as_of",
    "reply_asked",
    "reply_asked_on",
    "reply_answered_on",
    "reply",
    "reply_url",
    "reply_none_by",
    "embargo_until",
    "author_id",
)
_TWO_PERSONS = (
    "RAISE EXCEPTION 'only an imported review goes without an author and an approver'"
    " USING ERRCODE = 'check_violation';"
)
# Whoever approved it, or was invited to, is told that an edit returned it to draft; sending it back is no edit.
_TELL = """
    INSERT INTO claims_notice (recipient_id, kind, what, actor_id, parameters, claim_id, path, created_at)
    SELECT reader.id, 'approval_voided', reader.what, (SELECT id FROM auth_user WHERE id = edit.actor_id),
        jsonb_build_object('who', COALESCE(edit.actor, '')), review.claim_id,
        '/admin/claims/reviewversion/' || NEW.id || '/change/', clock_timestamp()
    FROM (
        SELECT OLD.approver_id AS id, 'approved_edited' AS what WHERE OLD.approver_id IS NOT NULL
        UNION SELECT user_id, 'asked_edited' FROM claims_guestapproval
            WHERE version_id = NEW.id AND revoked_at IS NULL AND user_id IS DISTINCT FROM OLD.approver_id
    ) AS reader
    JOIN claims_review AS review ON review.id = NEW.review_id
    CROSS JOIN (
        SELECT NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb AS said
    ) AS context
    CROSS JOIN LATERAL (
        SELECT said ->> 'actor' AS actor, (said ->> 'actor_id')::bigint AS actor_id, said ->> 'reason' AS reason
    ) AS edit
    WHERE edit.reason IS DISTINCT FROM 'sent back' AND edit.actor IS DISTINCT FROM
        (SELECT username FROM auth_user WHERE auth_user.id = reader.id);
    RETURN NULL;
"""
_NOBODY_ASKED = Q(
    reply_asked="",
    reply_asked_on__isnull=True,
    reply_answered_on__isnull=True,
    reply="",
    reply_url="",
    reply_none_by__isnull=True,
)
_ASKED = Q(reply_asked_on__isnull=False) & ~Q(reply_asked="")
_ANSWERED = (
    _ASKED
    & Q(reply_answered_on__isnull=False, reply_answered_on__gte=F("reply_asked_on"), reply_none_by__isnull=True)
    & (~Q(reply="") | ~Q(reply_url=""))
)
_SILENT = _ASKED & Q(
    reply_none_by__isnull=False,
    reply_none_by__gte=F("reply_asked_on"),
    reply_answered_on__isnull=True,
    reply="",
    reply_url="",
)
_APPROVAL_COLUMNS = ("approver_id", "approved_at", "approved_sha256", "approved_words")
_APPROVED_BY_AN_AUTHOR = """
    IF NEW.state = 'published' AND OLD.state <> 'approved' OR OLD.state = 'draft' THEN
        RAISE EXCEPTION 'a version is submitted, then approved, then published' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'approved' THEN
        IF {approval_changed} THEN
            RAISE EXCEPTION 'an approval is given once, and voided as a whole' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF {actor} IS DISTINCT FROM NEW.approver_id THEN
        RAISE EXCEPTION 'a version is approved by whoever acts' USING ERRCODE = 'check_violation';
    ELSIF NOT factcheck_may_approve(NEW.approver_id) AND NOT EXISTS (
        SELECT FROM claims_guestapproval AS guest JOIN auth_user ON auth_user.id = guest.user_id AND is_active
        WHERE guest.version_id = NEW.id AND guest.user_id = NEW.approver_id AND guest.revoked_at IS NULL
    ) THEN
        RAISE EXCEPTION 'the account may not approve' USING ERRCODE = 'check_violation';
    END IF;
    IF {changed} THEN
        RAISE EXCEPTION 'a version cannot be changed and approved at once' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO author FROM factcheck_authors(NEW.id)
        WHERE author_id IS NULL OR author_id = NEW.approver_id LIMIT 1;
    IF FOUND AND author.author_id IS NULL THEN
        RAISE EXCEPTION 'nobody knows who changed % (%)', author.part, author.field USING ERRCODE = 'check_violation';
    ELSIF FOUND THEN
        RAISE EXCEPTION 'the approver is an author: % changed % (%)', author.actor, author.part, author.field
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_APPROVAL_CHANGED = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _APPROVAL_COLUMNS)
_CONTENT_CHANGED = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _APPROVED_COLUMNS)


@audited_in_bulk
class ReviewVersion(models.Model):
    """One numbered version of a review's content. Published versions cannot be changed."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        IN_REVIEW = "in_review", "in review"
        APPROVED = "approved", "approved"
        PUBLISHED = "published", "published"

    class Kind(models.TextChoices):
        ORIGINAL = "original", "first publication"
        UPDATE = "update", "update: the facts changed; it was right on its date"
        CLARIFICATION = "clarification", "clarification"
        CORRECTION = "correction", "correction"
        WITHDRAWAL = "withdrawal", "withdrawal"

    class CorrectionKind(models.TextChoices):
        RATING = "rating", "the rating was wrong"
        SUBSTANTIVE = "substantive", "a fact was wrong"
        TYPO = "typo", "a typing error"

    # indexed by review_version_unique
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField(editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.ORIGINAL)
    correction_kind = models.CharField(max_length=12, choices=CorrectionKind, blank=True)
    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    rating_as_given = models.CharField(
        max_length=300, blank=True, editable=False, help_text="The imported rating as its publisher wrote it."
    )
    rating_numbers = models.JSONField(
        null=True, editable=False, help_text="Value, worst and best of the imported rating, in that order."
    )
    summary = models.TextField(blank=True, help_text="The finding in a sentence or two, for readers.")
    body = models.TextField(blank=True, help_text="How it was checked.")
    true_as_of = models.DateField(null=True, blank=True, help_text="The day for which the finding holds.")
    public_note = models.TextField(blank=True, help_text="What changed and why. Readers see it.")
    # The right of reply: who was asked, when, and what came of it (claims/reviews/right_of_reply.py).
    reply_asked = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="Who was asked to respond, for readers."
    )
    reply_asked_on = models.DateField(null=True, blank=True)
    reply_answered_on = models.DateField(null=True, blank=True)
    reply = models.TextField(blank=True, default="", db_default="", help_text="The answer, in their own words.")
    reply_url = models.URLField(
        max_length=2000, blank=True, default="", db_default="", help_text="Where the answer can be read whole."
    )
    reply_none_by = models.DateField(null=True, blank=True, help_text="The day until which no answer came.")
    embargo_until = models.DateTimeField(null=True, blank=True)
    author = user_field(blank=False, editable=True, help_text="Empty for an imported review.")
    approver = user_field()
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_sha256 = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Hash of the words that were approved."
    )
    approved_words = models.JSONField(
        null=True, editable=False, help_text="The words that were approved, of the claim and of this review."
    )
    published_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["review", "number"]
        permissions = [
            ("approve_review", "Can approve reviews that others wrote"),
            ("publish_review", "Can publish approved reviews"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="review_version_unique"),
            models.UniqueConstraint(fields=["review"], condition=~Q(state="published"), name="review_one_open_version"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "in_review", "approved", "published"]),
                name="review_version_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "in_review"], approver__isnull=True)
                | Q(
                    state__in=["approved", "published"],
                    approver__isnull=False,
                    approved_at__isnull=False,
                    approved_sha256__regex="^[0-9a-f]{64}$",
                    approved_words__isnull=False,
                )
                | Q(author__isnull=True, state="published"),
                name="review_approval_complete",
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=False) | Q(state="published", approver__isnull=True),
                name="review_author_given",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="review_published_at"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(kind="original") | ~Q(public_note=""),
                name="review_note_given",
            ),
            models.CheckConstraint(
                condition=~Q(kind="correction")
                | ~Q(correction_kind="")
                | ~Q(state="published")
                | Q(author__isnull=True),
                name="review_correction_kind",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | _NOBODY_ASKED | _ANSWERED | _SILENT, name="review_reply_whole"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_is_locked",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
            ),
            # A version without author and approver belongs to an imported review, by whatever route it is written.
            pgtrigger.Trigger(
                name="two_persons_or_imported",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_values"),  # type: ignore[no-untyped-call]
                func=f"""
                    IF EXISTS (
                        SELECT FROM new_values JOIN claims_review AS review ON review.id = new_values.review_id
                        WHERE review.origin <> 'imported'
                        AND (new_values.author_id IS NULL OR new_values.state IN ('approved', 'published'))
                    ) THEN
                        {_TWO_PERSONS}
                    END IF;
                    RETURN NULL;
                """,
            ),
            # Authors are counted from the audit, see claims/sql/factcheck_authors.sql.
            pgtrigger.Trigger(
                name="two_persons",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__state__in=["approved", "published"]) & ~pgtrigger.Q(old__state="published"),
                declare=[("author", "RECORD")],
                func=_APPROVED_BY_AN_AUTHOR.format(
                    changed=_CONTENT_CHANGED, approval_changed=_APPROVAL_CHANGED, actor=ACTOR_ID
                ),
            ),
            pgtrigger.Trigger(
                name="author_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__author_id__isnull=True),
                func=_TWO_PERSONS,
            ),
            # By the database's clock: see claims/accounts.py.
            pgtrigger.Trigger(
                name="not_by_the_same_hand",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__approver_id__isnull=False),
                func=f"""
                    IF (TG_OP = 'INSERT' OR OLD.approver_id IS DISTINCT FROM NEW.approver_id) AND EXISTS (
                        SELECT FROM (
                            SELECT NEW.author_id UNION SELECT author_id FROM factcheck_authors(NEW.id)
                        ) AS wrote (id) CROSS JOIN LATERAL {SAME_HAND}(NEW.approver_id, wrote.id)
                        WHERE wrote.id IS NOT NULL
                    ) THEN
                        RAISE EXCEPTION 'One person may be behind approver and author: an account was made, given a'
                            ' right or given a new password by the other, or both by a third or by somebody unknown,'
                            ' within 72 hours.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - a name of ours
            ),
            pgtrigger.Trigger(
                name="edit_voids_approval",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["in_review", "approved"]),
                func=f"""
                    IF {_CONTENT_CHANGED} THEN
                        NEW.state := 'draft';
                        NEW.approver_id := NULL;
                        NEW.approved_at := NULL;
                        NEW.approved_sha256 := '';
                        NEW.approved_words := NULL;
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="tell_of_voided_approval",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["in_review", "approved"], new__state="draft"),
                func=_TELL,
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} ({self.get_state_display()})"

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        super().clean_fields(exclude=exclude)
        refuse_unreadable(
            exclude or (),
            summary=self.summary,
            public_note=self.public_note,
            reply_asked=self.reply_asked,
            reply=self.reply,
        )


_SUGGESTION_STAYS = """
    IF OLD.state <> 'open' OR (NEW.version_id, NEW.field, NEW.before, NEW.after, NEW.is_weighty, NEW.suggested_by_id)
        IS DISTINCT FROM (OLD.version_id, OLD.field, OLD.before, OLD.after, OLD.is_weighty, OLD.suggested_by_id)
    THEN
        RAISE EXCEPTION 'a suggestion is decided once, and stays as it was made' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


@audited
class Suggestion(models.Model):
    """A change of one text that a reviewer proposes, and that an author of the version accepts or declines.

    Accepted, it is the author's change. Only a weighty one makes the person who suggested it an author too.
    """

    class Field(models.TextChoices):
        SUMMARY = "summary", "summary"
        BODY = "body", "text"
        PUBLIC_NOTE = "public_note", "public note"
        TRUE_AS_OF = "true_as_of", "date of the finding"
        RATING = "rating", "rating"
        CORRECTION_KIND = "correction_kind", "correction kind"
        CLAIM_TEXT = "claim_text", "text of the claim"

    class State(models.TextChoices):
        OPEN = "open", "open"
        ACCEPTED = "accepted", "accepted"
        DECLINED = "declined", "declined"

    version = models.ForeignKey(ReviewVersion, on_delete=models.CASCADE, related_name="suggestions")
    field = models.CharField(max_length=20, choices=Field)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True, help_text="Of a rating, its id.")
    is_weighty = models.BooleanField(help_text="It touches the rating, the claim's text or a figure.")
    suggested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    suggested_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_by = user_field()
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, help_text="Why it was declined.")

    class Meta:
        ordering = ["suggested_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(before=F("after")), name="suggestion_changes_something"),
            models.CheckConstraint(
                condition=Q(state="open", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state__in=["accepted", "declined"], decided_by__isnull=False, decided_at__isnull=False),
                name="suggestion_decided_by_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | ~Q(decided_by=F("suggested_by")), name="suggestion_accepted_by_another"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(name="stays", when=pgtrigger.Before, operation=pgtrigger.Update, func=_SUGGESTION_STAYS),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.after[:80]}"
