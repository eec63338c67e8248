"""The append-only publication log, and the index of claim versions that serves lists and filters.

Editors work on the other tables; newsrooms read these alone. They hold nothing unpublished, so nothing unpublished can
leak from them.
"""

import uuid
from datetime import datetime, timedelta
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.db.models.lookups import Exact

from claims.models import facet_count
from claims.models.claim import Claim
from claims.models.review import Review
from claims.models.verification import Verification
from sources.database.audit import append_only
from sources.database.locks import Lock
from sources.database.public_ids import PublicIdField


def _line_digest(row: str) -> str:
    """SQL for the digest of the row's line, as bytes; claims/publication/log_line.py says what is in it.

    The public ids are looked up row by row: a plan made for a join of an empty table would be kept for a full one.
    """
    return f"""sha256(convert_to(concat_ws(E'\\n',
        'factcheck-log/1', {row}.sequence, to_char({row}.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        {row}.event, {row}.audience, {row}.public_id,
        COALESCE((SELECT claim.public_id FROM claims_claim AS claim WHERE claim.id = {row}.claim_id), ''),
        COALESCE((SELECT review.public_id FROM claims_review AS review WHERE review.id = {row}.review_id), ''),
        {row}.version, {row}.commitment
    ), 'UTF8'))"""  # noqa: S608 - what is put in is ours


def _hash(previous: str, digest: str) -> str:
    """SQL for the hash of a row from the hash of the row before it and the digest of its line."""
    return f"encode(sha256(decode({previous}, 'hex') || {digest}), 'hex')"


_NO_HASH = "repeat('0', 64)"
_LOCK = f"PERFORM pg_advisory_xact_lock({Lock.LOG}); RETURN NULL;"
# A row without a hash gets it here, as the successor of the last row.
_CHAIN = f"""
    SELECT sequence, at, hash INTO head FROM claims_publication ORDER BY sequence DESC LIMIT 1;
    IF NEW.sequence <> COALESCE(head.sequence, 0) + 1 THEN
        RAISE EXCEPTION 'publication % does not follow %', NEW.sequence, COALESCE(head.sequence, 0)
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.at < head.at THEN
        RAISE EXCEPTION 'publication % is dated before the one it follows', NEW.sequence
            USING ERRCODE = 'check_violation';
    ELSIF NEW.at > greatest(head.at, clock_timestamp() + interval '1 minute') THEN
        RAISE EXCEPTION 'publication % is dated in the future', NEW.sequence USING ERRCODE = 'check_violation';
    END IF;
    digest := {_line_digest("NEW")};
    NEW.line_sha256 := encode(digest, 'hex');
    NEW.hash := {_hash(f"COALESCE(head.hash, {_NO_HASH})", "digest")};
    RETURN NEW;
"""  # noqa: S608 - what is put in is ours
# Every insert, by whatever route, must continue the log. Recomputing the hashes of a whole batch here costs a twentieth
# of a SELECT per row.
_CHECK = f"""
    SELECT sequence, at, hash INTO head FROM claims_publication
        WHERE sequence < (SELECT min(sequence) FROM new_values) ORDER BY sequence DESC LIMIT 1;
    SELECT row.sequence, row.before, row.follows, row.in_time INTO wrong FROM (
        SELECT sequence, COALESCE(lag(sequence, 1, head.sequence) OVER log, 0) AS before,
            sequence = COALESCE(lag(sequence, 1, head.sequence) OVER log, 0) + 1 AS follows,
            at >= COALESCE(lag(at, 1, head.at) OVER log, at)
                AND at <= greatest(head.at, clock_timestamp() + interval '1 minute') AS in_time,
            line_sha256 = encode(digest, 'hex')
                AND hash = {_hash(f"COALESCE(lag(hash, 1, head.hash::text) OVER log, {_NO_HASH})", "digest")} AS hashed
        FROM (SELECT *, {_line_digest("new_values")} AS digest FROM new_values) AS brought
        WINDOW log AS (ORDER BY sequence)
    ) AS row WHERE NOT (follows AND in_time AND hashed) ORDER BY row.sequence LIMIT 1;
    IF wrong.sequence IS NOT NULL THEN
        IF NOT wrong.follows THEN
            RAISE EXCEPTION 'publication % does not follow %', wrong.sequence, wrong.before
                USING ERRCODE = 'check_violation';
        ELSIF NOT wrong.in_time THEN
            RAISE EXCEPTION 'publication % is dated before the one it follows, or in the future', wrong.sequence
                USING ERRCODE = 'check_violation';
        END IF;
        RAISE EXCEPTION 'publication % does not continue the chain of hashes', wrong.sequence
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""  # noqa: S608 - what is put in is ours
# The body beside a row is the one that the row commits to.
_BODY_CHECK = """
    SELECT min(body.publication_id) INTO wrong FROM new_values AS body
    JOIN claims_publication AS row ON row.sequence = body.publication_id
    WHERE row.commitment <> encode(sha256(body.salt || body.json), 'hex');
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'the body of publication % is not the one that it commits to', wrong
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""

# What publishes words that two people approved, or that were imported.
WORD_EVENTS = (
    *("published", "updated", "clarified", "corrected", "withdrawn"),
    *("merged", "unmerged", "redacted"),
)
# A minimum and no LIMIT in these checks: with one PostgreSQL expects to end early, and joins row by row.
_WORDS_STAY = f"""
    SELECT min(publication.sequence) INTO wrong
    FROM new_values JOIN claims_publication AS publication ON publication.sequence = new_values.publication_id
    CROSS JOIN LATERAL (
        SELECT body.words_sha256 FROM claims_publication AS earlier
        JOIN claims_publicationbody AS body ON body.publication_id = earlier.sequence
        WHERE earlier.claim_id = publication.claim_id AND earlier.version < publication.version
        ORDER BY earlier.version DESC LIMIT 1
    ) AS before
    WHERE publication.event NOT IN ({", ".join(f"'{event}'" for event in WORD_EVENTS)})
        AND before.words_sha256 IS DISTINCT FROM new_values.words_sha256;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'publication % changes words that two people approved, and publishes none', wrong
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""  # noqa: S608 - what is put in is ours

# What an event says of a review of ours is what its last published version says, which two people approved.
_OWN_WORDS = """
    SELECT min(publication.sequence) INTO wrong
    FROM new_values JOIN claims_publication AS publication ON publication.sequence = new_values.publication_id
    JOIN claims_review AS review ON review.claim_id = publication.claim_id AND review.origin = 'own'
    CROSS JOIN LATERAL (
        SELECT number, summary, body, public_note, rating_id FROM claims_reviewversion
        WHERE review_id = review.id AND state = 'published' ORDER BY number DESC LIMIT 1
    ) AS version
    LEFT JOIN claims_rating AS rating ON rating.id = version.rating_id
    LEFT JOIN LATERAL (
        SELECT each FROM jsonb_array_elements(convert_from(new_values.json, 'UTF8')::jsonb -> 'reviews') AS each
        WHERE each ->> 'id' = review.public_id
    ) AS said ON true
    WHERE publication.event <> 'redacted' AND (
        (said.each ->> 'version')::integer IS DISTINCT FROM version.number
        OR COALESCE(said.each ->> 'summary', '') <> version.summary
        OR COALESCE(said.each ->> 'body', '') <> version.body
        OR COALESCE(said.each ->> 'public_note', '') <> version.public_note
        OR said.each #>> '{rating,label}' IS DISTINCT FROM rating.label
        OR said.each #>> '{rating,verdict}' IS DISTINCT FROM rating.verdict
    );
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'publication % says of a review what none of its published versions says', wrong
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


# Two people merge claims, and separate them (claims/models/amendments/merge.py).
_MERGED_BY_TWO = """
    SELECT min(sequence) INTO wrong FROM new_values
    WHERE event IN ('merged', 'unmerged') AND NOT EXISTS (
        SELECT FROM claims_merge AS merge WHERE merge.state = 'approved'
            AND new_values.claim_id IN (merge.claim_id, merge.into_id)
    );
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'publication % merges claims without an approved merge', wrong
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


class Audience(models.TextChoices):
    """Who may see an event: newsrooms with a key see all events, the public only confirmed ones."""

    NEWSROOMS = "newsrooms", "newsrooms"
    PUBLIC = "public", "public"


EVERYONE = "everyone"
_OTHER: dict[str, str] = {Audience.NEWSROOMS: Audience.PUBLIC.value, Audience.PUBLIC: Audience.NEWSROOMS.value}


@append_only
class Publication(models.Model):
    """One outward event of a claim, in commit order. Its finished JSON is in `PublicationBody`.

    `hash` covers the hash of the row before and the row's line, which names sequence, time, event, audience, public
    ids, version and the salted hash of the body (claims/publication/log_line.py). So a row that is removed or changed
    breaks every later one, and strangers can recompute the chain without reading what they may not.
    """

    class Event(models.TextChoices):
        PUBLISHED = "published", "published"
        UPDATED = "updated", "updated"
        CLARIFIED = "clarified", "clarified"
        CORRECTED = "corrected", "corrected"
        RECHECK_RAISED = "recheck_raised", "re-check raised"
        RECHECK_OPEN = "recheck_open", "re-check still open"
        RECHECK_CONFIRMED = "recheck_confirmed", "re-check confirmed"
        RECHECK_DISMISSED = "recheck_dismissed", "re-check dismissed"
        RECONFIRMED = "reconfirmed", "re-confirmed"
        SOURCE_ASKED = "source_asked", "source asked"
        SOURCE_ANSWERED = "source_answered", "source answered"
        SOURCE_SILENT = "source_silent", "source did not answer"
        WATCH_LOST = "watch_lost", "page can no longer be looked at"
        WATCH_RESUMED = "watch_resumed", "page can be looked at again"
        SUSPENDED = "suspended", "put under review"
        RESUMED = "resumed", "no longer under review"
        MERGED = "merged", "merged"
        UNMERGED = "unmerged", "unmerged"
        WITHDRAWN = "withdrawn", "withdrawn"
        REDACTED = "redacted", "redacted"

    sequence = models.BigIntegerField(primary_key=True)
    public_id = PublicIdField(prefix="pub", unique=True)
    at = models.DateTimeField()
    event = models.CharField(max_length=20, choices=Event)
    audience = models.CharField(max_length=10, choices=Audience)
    # indexed by publication_version_unique
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="publications", db_index=False)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, related_name="publications")
    version = models.PositiveIntegerField(help_text="Version of the claim; 1 for its first event.")
    commitment = models.CharField(max_length=64, db_collation="C", help_text="sha256 of salt and body.")
    line_sha256 = models.CharField(max_length=64, db_collation="C", blank=True)
    hash = models.CharField(max_length=64, db_collation="C", blank=True)

    class Meta:
        verbose_name = "log entry"
        verbose_name_plural = "log entries"
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "version"], name="publication_version_unique"),
            models.CheckConstraint(condition=Q(audience__in=["newsrooms", "public"]), name="publication_audience"),
            # Lines are unambiguous: no field contains a line break.
            models.CheckConstraint(
                condition=Q(event__regex="^[a-z_]+$")
                & Q(public_id__regex="^pub_[0-9a-z]{16}$")
                & Q(commitment__regex="^[0-9a-f]{64}$"),
                name="publication_line",
            ),
        ]
        indexes = [
            # The last redaction decides which dumps may still be served.
            models.Index(fields=["sequence"], name="publication_redacted", condition=Q(event="redacted")),
        ]
        # The same lock and last row as in claims/publication/append.py, so rows written in any other way join the chain
        # or are refused.
        triggers = [
            pgtrigger.Trigger(
                name="a_lock",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_LOCK,
            ),
            pgtrigger.Trigger(
                name="chain",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__hash=""),
                declare=[("head", "RECORD"), ("digest", "BYTEA")],
                func=_CHAIN,
            ),
            pgtrigger.Trigger(
                name="chain_holds",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_values"),  # type: ignore[no-untyped-call]
                declare=[("head", "RECORD"), ("wrong", "RECORD")],
                func=_CHECK,
            ),
            pgtrigger.Trigger(
                name="merged_by_two",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_values"),  # type: ignore[no-untyped-call]
                declare=[("wrong", "BIGINT")],
                func=_MERGED_BY_TWO,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.get_event_display()}"


@append_only
class PublicationBody(models.Model):
    """The finished JSON of a publication, byte for byte as newsrooms receive it, and the salts of its hashes.

    Without the salt nobody can tell by a hash what a body said: whoever deletes a body deletes its salts with it.
    """

    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, primary_key=True, related_name="body")
    json = models.BinaryField(help_text="UTF-8 JSON of the claim after this event.")
    salt = models.BinaryField(help_text="32 random bytes: the commitment is sha256 of salt and body.")
    words_salt = models.BinaryField(help_text="Salt of the hash of the words; the same for all bodies of a claim.")
    words_sha256 = models.BinaryField(
        help_text="Salted hash of what stays as long as nobody publishes other words (claims/publication/words.py)."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Exact(Func(F("salt"), function="octet_length", output_field=models.IntegerField()), 32),
                name="publication_body_salt",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="commitment_holds",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_values"),  # type: ignore[no-untyped-call]
                declare=[("wrong", "BIGINT")],
                func=_BODY_CHECK,
            ),
            pgtrigger.Trigger(
                name="words_stay",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_values"),  # type: ignore[no-untyped-call]
                declare=[("wrong", "BIGINT")],
                func=_WORDS_STAY,
            ),
            pgtrigger.Trigger(
                name="own_words_are_approved",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_values"),  # type: ignore[no-untyped-call]
                declare=[("wrong", "BIGINT")],
                func=_OWN_WORDS,
            ),
        ]

    def __str__(self) -> str:
        return f"body of {self.publication_id}"


@append_only
class LogRestore(models.Model):
    """The log was restored from a backup whose last row this is; rows that had followed it are lost.

    Later rows take their sequences again, with other public ids and hashes. So readers are told where to go on.
    """

    sequence = models.BigIntegerField(help_text="Of the last row of the backup; 0 for an empty log.")
    hash = models.CharField(max_length=64, db_collation="C")
    backup = models.CharField(max_length=40, help_text="Name of the backup set, which is its time.")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"restored to {self.sequence} at {self.at:%Y-%m-%d %H:%M} UTC"


_LAST_BEFORE = """
    WITH RECURSIVE search (low, high) AS (
        SELECT 0::bigint, COALESCE((SELECT max(sequence) FROM claims_publication), 0)
        UNION ALL
        SELECT CASE WHEN row.at < %s THEN row.sequence ELSE low END,
               CASE WHEN row.at < %s THEN high ELSE row.sequence - 1 END
        FROM search JOIN claims_publication AS row ON row.sequence = (low + high + 1) / 2
        WHERE low < high
    )
    SELECT max(low) FROM search
"""


def last_before(moment: datetime) -> RawSQL:
    """Sequence of the last publication before the moment; 0 if there is none.

    Sequences have no gaps and times never decrease, so a binary search needs some twenty primary-key lookups.
    """
    return RawSQL(_LAST_BEFORE, [moment, moment], output_field=models.BigIntegerField())  # noqa: S611 - no text is put in


def after(moment: datetime) -> Q:
    """Versions that were published at the moment or later."""
    return Q(sequence_from__gt=last_before(moment))


def holding(part: str | None) -> Q:
    """Versions whose `contained_ids` include this id or key; none for None.

    The condition is stated twice on purpose: PostgreSQL estimates either form at one version in 200, however rare the
    id is, and would then scan the whole list. It estimates both together as few.
    """
    return Q(contained_ids__contains=[part], contained_ids__overlap=[part])


def before(moment: datetime) -> Q:
    """Versions that were published before the moment."""
    return Q(sequence_from__lte=last_before(moment))


def visible_to(audience: str) -> Q:
    """Versions that the audience may see, alone or with the other. Phrased as the indexes' conditions are."""
    return ~Q(audience=_OTHER[audience])


def visible_to_sql(audience: str, *, table: str) -> str:
    """Return `visible_to` as SQL on the table of that name, without parameters."""
    return f"{table}.audience <> '{_OTHER[audience]}'"


class ClaimVersionQuerySet(models.QuerySet["ClaimVersion"]):
    def current(self, audience: str) -> Self:
        """The current version of each claim."""
        return self.filter(visible_to(audience), sequence_to__isnull=True)

    def standing_alone(self) -> Self:
        """Without those of claims that are part of others: lists show the others."""
        return self.filter(~Q(verification=Verification.MERGED))

    def at(self, audience: str, moment: datetime) -> Self:
        """The version of each claim that was current at the moment.

        Filters by `publication`, which equals `sequence_from` and has the only index that includes ended versions.
        """
        last = last_before(moment + timedelta(microseconds=1))
        open_then = Q(sequence_to__isnull=True) | Q(sequence_to__gt=last)
        return self.filter(open_then, visible_to(audience), publication__lte=last)


_NOW = Q(sequence_to__isnull=True)
_CURRENT = {audience.value: _NOW & visible_to(audience) for audience in Audience}


class ClaimVersion(models.Model):
    """One row of the index: what a claim said from one publication to the next. Rebuilt from the log.

    One row serves newsrooms and the public as long as both may see the same, which is nearly always. From a publication
    that only newsrooms may see until the next one for everyone, each has a row of its own.
    Filters use the arrays; claims/publication/body_parts.py fills `rating_steps` and `contained_ids`.
    """

    # No constraint: the publication refers to the same claim and has one.
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="claim_versions", db_index=False, db_constraint=False
    )
    claim_public_id = models.CharField(max_length=24, db_collation="C")
    audience = models.CharField(max_length=10, choices=[*Audience.choices, (EVERYONE, "everyone")])
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    sequence_from = models.BigIntegerField()
    sequence_to = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    first_published_at = models.DateTimeField()
    verification = models.CharField(max_length=14, choices=Verification)
    language = models.CharField(max_length=35)
    verdicts = ArrayField(models.CharField(max_length=10), default=list)
    ratings = ArrayField(models.CharField(max_length=300), default=list)
    topics = ArrayField(models.CharField(max_length=80), default=list)
    speakers = ArrayField(models.CharField(max_length=24), default=list)
    organisations = ArrayField(models.CharField(max_length=24), default=list)
    sources = ArrayField(models.CharField(max_length=24), default=list)
    pages = ArrayField(models.CharField(max_length=24), default=list)
    hosts = ArrayField(models.CharField(max_length=253), default=list)
    rating_steps = ArrayField(models.CharField(max_length=30, db_collation="C"), default=list, db_default=[])
    contained_ids = ArrayField(models.CharField(max_length=24, db_collation="C"), default=list, db_default=[])
    sites = ArrayField(models.CharField(max_length=253), default=list, db_default=[])
    newest_on = models.DateField(null=True)
    all_verdicts = ArrayField(
        models.CharField(max_length=10),
        default=list,
        db_default=[],
        help_text="Verdicts of its ratings, and those that shipped scales map labels of other publishers to.",
    )
    verdict_mapped = models.JSONField(
        null=True, help_text="By the id of a review what its label is mapped to: verdict, scale, version."
    )
    scales_version = models.SmallIntegerField(
        default=0, db_default=0, help_text="The version of the shipped scales by which it was mapped."
    )
    search = SearchVectorField()

    objects = ClaimVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "published claim"
        constraints = [
            *(
                # With the verdicts, so that the claims of one are found without reading the wide rows.
                models.UniqueConstraint(
                    fields=["claim"],
                    include=["all_verdicts"],
                    condition=condition,
                    name=f"claim_version_one_{audience}",
                )
                for audience, condition in _CURRENT.items()
            ),
            models.UniqueConstraint(fields=["claim", "sequence_from", "audience"], name="claim_version_unique"),
            models.CheckConstraint(
                condition=Q(audience__in=[*Audience.values, EVERYONE]), name="claim_version_audience"
            ),
            models.CheckConstraint(
                condition=Q(sequence_to__isnull=True) | Q(sequence_to__gt=F("sequence_from")),
                name="claim_version_span",
            ),
        ]
        # One per audience for lists: while many claims wait for a re-check, a shared index would lead through all rows
        # of the other audience.
        indexes = [
            *(
                index
                for audience, condition in _CURRENT.items()
                for index in (
                    models.Index(fields=["-sequence_from"], name=f"claim_version_list_{audience}", condition=condition),
                    models.Index(
                        fields=["verification", "-sequence_from"],
                        name=f"claim_version_verif_{audience}",
                        condition=condition,
                    ),
                    models.Index(
                        fields=["language", "-sequence_from"],
                        name=f"claim_version_lang_{audience}",
                        condition=condition,
                    ),
                )
            ),
            # For the few that changed lately; queries for many use the index of the list.
            models.Index(fields=["changed_at"], name="claim_version_changed", condition=_NOW),
            models.Index(fields=["claim_public_id"], name="claim_version_by_id"),
            GinIndex(
                fields=["verdicts", "ratings", "topics", "speakers", "sources", "pages", "hosts"],
                name="claim_version_filters",
                condition=_NOW,
            ),
            GinIndex(
                fields=["contained_ids", "organisations"],
                name="claim_version_contained",
                condition=_NOW,
            ),
            GinIndex(fields=["sites"], name="claim_version_sites", condition=_NOW),
            GinIndex(fields=["all_verdicts"], name="claim_version_all_verdicts", condition=_NOW),
            models.Index(fields=["scales_version"], name="claim_version_scales", condition=_NOW),
            GinIndex(fields=["search"], name="claim_version_search", condition=_NOW),
        ]
        triggers = facet_count.TRIGGERS

    def __str__(self) -> str:
        return f"{self.claim_public_id} for {self.audience} from {self.sequence_from}"


class IndexState(models.Model):
    """The state of the index (`ClaimVersion`, `FacetCount`), in one row: its epoch and its last rebuild.

    A rebuild sets a new epoch, so that responses cached before it are no longer served.
    """

    epoch = models.UUIDField(default=uuid.uuid4)
    position = models.BigIntegerField(null=True, help_text="Id of the last claim that the rebuild has compared.")
    claims = models.BigIntegerField(default=0, help_text="Claims compared.")
    rows = models.BigIntegerField(default=0, help_text="Rows replaced.")
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    url_key_version = models.PositiveIntegerField(
        default=0, help_text="The rules by which the stored keys of addresses were made (URL_KEY_VERSION)."
    )
    desk_labels_event = models.BigIntegerField(
        default=0, db_default=0, help_text="The last audit row of a step of a scale that the index has heeded."
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="index_state_is_one_row")]

    def __str__(self) -> str:
        return str(self.epoch)
