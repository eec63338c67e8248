"""Models of claims (checkable assertions), their topics, and their links to the statements that make them."""

from collections.abc import Collection

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from claims.claim_length import too_long
from claims.models.amendments.kept import kept_while_published
from claims.models.amendments.noted import IS_IMPORT, IS_UPGRADE, edit_is_noted, links_are_noted
from claims.models.statement import Attribution, Statement, user_field
from claims.visible_text import refuse_language, refuse_unreadable
from sources.database.audit import audited, audited_in_bulk, audited_links, audited_with
from sources.database.public_ids import PublicIdField


@audited
class Topic(models.Model):
    """A subject that claims are filed under."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="topic_name_given")]
        triggers = [
            kept_while_published(
                "topic",
                "Take it from the claims.",
                published="topics && gone",
                # Also the slugs that it had before: published claims name it by these.
                names="SELECT slug FROM old_values UNION SELECT event.slug FROM claims_topicevent AS event"
                " JOIN old_values ON old_values.id = event.pgh_obj_id",
            ),
            edit_is_noted("SELECT claim_id FROM claims_claim_topics WHERE topic_id = NEW.id", of=("slug", "name")),
        ]

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        super().clean_fields(exclude=exclude)
        refuse_unreadable(exclude or (), name=self.name)


# By two people: see claims/models/amendments/merge.py.
_MERGED_BY_TWO = """
    IF NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id AND NEW.merged_into_id IS DISTINCT FROM (
        SELECT CASE kind WHEN 'merge' THEN into_id END FROM claims_merge
        WHERE claim_id = NEW.id AND state = 'approved' ORDER BY decided_at DESC, id DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'a claim is merged and separated by approved merges alone' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
# An approval of a review covers these fields of its claim too.
_APPROVED_FIELDS = ("text", "language", "period_start", "period_end", "place", "repeats")


def _columns(row: str) -> str:
    return ", ".join(f"{row}.{'repeats_id' if name == 'repeats' else name}" for name in _APPROVED_FIELDS)


@audited_in_bulk
class Claim(models.Model):
    """A normalised assertion that can be checked; one claim for many statements.

    The same words about another period are another claim that `repeats` the first. A merged claim stays
    available under its id and names the claim it was merged into.
    """

    public_id = PublicIdField(prefix="clm", unique=True)
    text = models.TextField()
    language = models.CharField(
        max_length=35, default="und", help_text="BCP 47, for example en or pt-BR; und if it is not known."
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="claims")
    period_start = models.DateField(null=True, blank=True, help_text="First day of the period it is about.")
    period_end = models.DateField(null=True, blank=True, help_text="Last day of that period.")
    place = models.CharField(max_length=300, blank=True)
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeated_by")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged_from"
    )
    statements = models.ManyToManyField(Statement, through="Appearance", related_name="claims")
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = user_field()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="claim_text_given"),
            models.CheckConstraint(
                condition=Q(period_start__isnull=True)
                | Q(period_end__isnull=True)
                | Q(period_end__gte=F("period_start")),
                name="claim_period",
                violation_error_message="The period ends before it starts.",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="claim_not_merged_into_itself"),
            models.CheckConstraint(condition=~Q(repeats=F("id")), name="claim_not_repeating_itself"),
        ]
        triggers = [
            kept_while_published("claim", "Withdraw its reviews.", published="claim_public_id = ANY (gone)"),
            edit_is_noted(
                "SELECT NEW.id AS claim_id",
                of=("text", "language", "period_start", "period_end", "place", "repeats_id"),
            ),
            pgtrigger.Trigger(
                name="merged_by_two",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("merged_into_id"),  # type: ignore[no-untyped-call]
                func=_MERGED_BY_TWO,
            ),
            pgtrigger.Trigger(
                name="edit_voids_approvals",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                func=f"""
                    IF ({_columns("NEW")}) IS DISTINCT FROM ({_columns("OLD")}) THEN
                        UPDATE claims_reviewversion AS version
                        SET state = 'draft', approver_id = NULL, approved_at = NULL, approved_sha256 = '',
                            approved_words = NULL
                        FROM claims_review AS review
                        WHERE review.claim_id = NEW.id AND version.review_id = review.id
                            AND version.state IN ('in_review', 'approved');
                    END IF;
                    RETURN NULL;
                """,  # noqa: S608 - names of columns
            ),
            # claims/models/fingerprint.py; an import writes those of its claims itself.
            pgtrigger.Trigger(
                name="lacks_fingerprint",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_values"),  # type: ignore[no-untyped-call]
                func=f"""
                    IF {IS_IMPORT} THEN
                        RETURN NULL;
                    END IF;
                    INSERT INTO claims_claimfingerprint (claim_id) SELECT id FROM new_values;
                    RETURN NULL;
                """,  # noqa: S608 - what is put in is ours
            ),
            pgtrigger.Trigger(
                name="fingerprint_is_of_before",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("text", "language", "period_start", "period_end", "place"),  # type: ignore[no-untyped-call]
                func="""
                    UPDATE claims_claimfingerprint SET fingerprint = NULL WHERE claim_id = NEW.id;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 120 else f"{self.text[:119].rstrip()}…"

    def clean(self) -> None:
        refuse_unreadable(text=self.text, place=self.place)
        if reason := too_long(self.text):
            raise ValidationError({"text": reason})
        refuse_language(self.language)


audited_links(Claim.topics.through, models.Index(fields=["claim"], name="claim_topics_event_claim"))
pgtrigger.register(*links_are_noted())(Claim.topics.through)


# The lock keeps the polarity as it is until the link is written.
_GIVES_WORDS = """
    PERFORM FROM claims_attribution
        WHERE id = NEW.attribution_id AND statement_id = NEW.statement_id AND polarity = 'asserted' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'A claim hangs on an asserted attribution of its statement, or on none.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


# Imports insert links and never delete any, so this index costs them nothing.
@audited_with(
    models.Index(fields=["claim"], name="appearance_event_unlinked", condition=~Q(pgh_label="insert")), in_bulk=True
)
class Appearance(models.Model):
    """A claim made in a statement (schema.org `appearance`), by the attribution that gives it a speaker, if any."""

    # indexed by appearance_unique
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="appearances", db_index=False)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="appearances")
    # indexed by appearance_attribution: imports write none
    attribution = models.ForeignKey(
        Attribution, on_delete=models.PROTECT, null=True, blank=True, related_name="appearances", db_index=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = user_field()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "statement"], name="appearance_unique")]
        indexes = [
            models.Index(fields=["attribution"], name="appearance_attribution", condition=Q(attribution__isnull=False)),
        ]
        triggers = [
            *links_are_noted(unless=IS_UPGRADE),
            pgtrigger.Trigger(
                name="attribution_gives_words",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__attribution__isnull=False),
                func=_GIVES_WORDS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} in {self.statement_id}"
