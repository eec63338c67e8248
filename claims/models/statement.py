"""Who said what, where and when: speakers, documents, the statements found in them and their attributions."""

import re
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from claims.models.amendments.kept import kept_while_published
from claims.models.amendments.noted import IS_UPGRADE, edit_is_noted, links_are_noted
from claims.visible_text import refuse_language, refuse_unreadable
from sources.database.audit import ACTOR_ID, audited_in_bulk, audited_with
from sources.database.public_ids import PublicIdField
from sources.http.url_key_field import UrlKeyField
from sources.reordered import shown

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    UserField = models.ForeignKey[User | None, User | None]


def user_field(*, blank: bool = True, editable: bool = False, help_text: str = "") -> "UserField":
    """A field for the user who did something with a row; null if nobody or no user did."""
    options: Any = {"blank": blank, "editable": editable, "help_text": help_text}
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", **options)


@audited_in_bulk
class Speaker(models.Model):
    """A person or organisation that makes statements."""

    class Kind(models.TextChoices):
        PERSON = "person", "person"
        ORGANISATION = "organisation", "organisation"
        UNKNOWN = "unknown", "not known"

    public_id = PublicIdField(prefix="spk", unique=True)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.UNKNOWN)
    role = models.CharField(max_length=300, blank=True, help_text="For example: Chief Justice.")
    wikidata_id = models.CharField(max_length=20, blank=True, help_text="For example Q42.")
    aliases = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["name"], name="speaker_name")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="speaker_name_given"),
            models.CheckConstraint(
                condition=Q(wikidata_id="") | Q(wikidata_id__regex=r"^Q[1-9][0-9]*$"),
                name="speaker_wikidata_id",
                violation_error_message="A Wikidata id is Q and digits, for example Q42.",
            ),
            models.UniqueConstraint(
                fields=["wikidata_id"], condition=~Q(wikidata_id=""), name="speaker_wikidata_unique"
            ),
        ]
        triggers = [
            kept_while_published(
                "speaker", "Correct the name, or give its statements another speaker.", published="speakers && gone"
            ),
            # Statements that imports brought keep their words, and one speaker can have thousands of them.
            edit_is_noted(
                """
                SELECT link.claim_id FROM claims_statement AS statement
                JOIN claims_appearance AS link ON link.statement_id = statement.id
                LEFT JOIN claims_attribution AS attribution ON attribution.id = link.attribution_id
                WHERE NEW.id IN (statement.speaker_id, attribution.speaker_id) AND (
                    link.created_by_id IS NOT NULL
                    OR EXISTS (SELECT FROM claims_review WHERE claim_id = link.claim_id AND origin = 'own')
                )
                """,
                of=("name", "kind", "role", "wikidata_id"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        refuse_unreadable(name=self.name, role=self.role)


@audited_in_bulk
class Document(models.Model):
    """An article, speech, post, transcript or tip that contains statements, with its full text.

    `text` never changes once it has statements, whose offsets are positions in it. `reading` says whether its
    statements are still to be extracted; `reading_note` says why they could not be, and what to do, as a sentence.
    """

    class Reading(models.TextChoices):
        DONE = "done", "read"
        WAITING = "waiting", "being read"
        STOPPED = "stopped", "not read"

    class Kind(models.TextChoices):
        ARTICLE = "article", "article"
        SPEECH = "speech", "speech"
        POST = "post", "post"
        TRANSCRIPT = "transcript", "transcript"
        RELEASE = "release", "press release"
        TIP = "tip", "tip"
        OTHER = "other", "other"

    public_id = PublicIdField(prefix="doc", unique=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ARTICLE)
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64, editable=False, db_collation="C")
    url = models.URLField(max_length=2000, blank=True)
    canonical_url = models.CharField(
        max_length=2000,
        blank=True,
        editable=False,
        help_text="The canonical form of the URL, which is fetched.",
    )
    url_key = UrlKeyField()
    publisher = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(null=True, blank=True)
    language = models.CharField(
        max_length=35, default="und", help_text="BCP 47, for example en or pt-BR; und if it is not known."
    )
    reading = models.CharField(
        max_length=7, choices=Reading, default=Reading.DONE, db_default=Reading.DONE, editable=False
    )
    reading_note = models.TextField(blank=True, default="", db_default="", editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = user_field()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="document_newest"),
            models.Index(fields=["id"], name="document_waiting", condition=Q(reading="waiting")),
            models.Index(fields=["url_key"], name="document_url_key", condition=~Q(url_key="")),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="document_text_given"),
            models.UniqueConstraint(fields=["text_sha256", "url"], name="document_unique"),
        ]
        triggers = [
            kept_while_published("document", "Unlink its statements.", published="contained_ids && gone"),
            edit_is_noted(
                """
                SELECT link.claim_id FROM claims_statement AS statement
                JOIN claims_appearance AS link ON link.statement_id = statement.id WHERE statement.document_id = NEW.id
                """,
                of=("kind", "title", "url", "publisher", "published_on", "language"),
            ),
        ]

    def __str__(self) -> str:
        return shown(self.title or self.text[:80])

    def clean(self) -> None:
        refuse_language(self.language)


@audited_in_bulk
class Statement(models.Model):
    """A verbatim span of a document: `document.text[start:end] == text`.

    `content` lists the spans of what was said as `[[start, end], …]` in the document's text; a quote interrupted by
    its cue has several. `figures` lists `{value, unit, counts, text, start, end}`.

    Speaker, cue, content and `quoted` are those of its first asserted attribution. A statement without attributions, as
    imports and newsrooms send it, is attributed by these fields alone.
    """

    public_id = PublicIdField(prefix="stm", unique=True)
    # indexed by statement_unique
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="statements", db_index=False)
    text = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    content = models.JSONField(default=list, blank=True)
    speaker = models.ForeignKey(Speaker, on_delete=models.PROTECT, null=True, blank=True, related_name="statements")
    speaker_as_written = models.CharField(max_length=300, blank=True)
    cue = models.CharField(max_length=100, blank=True, help_text="The reporting verb, for example said or told.")
    quoted = models.BooleanField(default=False, help_text="A direct quote; otherwise a paraphrase.")
    figures = models.JSONField(default=list, blank=True)
    checkworthy = models.BooleanField(default=False)
    checkworthy_reasons = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    set_aside_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="Nobody need check it.")
    set_aside_by = user_field()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["document", "start"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="statement_span"),
            models.UniqueConstraint(fields=["document", "start", "end"], name="statement_unique"),
            models.CheckConstraint(
                condition=Q(set_aside_at__isnull=True, set_aside_by__isnull=True)
                | Q(set_aside_at__isnull=False, set_aside_by__isnull=False),
                name="statement_set_aside_by",
            ),
        ]
        triggers = [
            kept_while_published("statement", "Unlink it from the claims.", published="contained_ids && gone"),
            edit_is_noted(
                "SELECT claim_id FROM claims_appearance WHERE statement_id = NEW.id",
                of=("document_id", "text", "speaker_id", "speaker_as_written", "cue", "quoted", "figures"),
            ),
        ]

    def __str__(self) -> str:
        return shown(self.text[:120])


_NEEDS_A_PERSON = f"""
    IF OLD.mended_at IS NOT NULL AND {ACTOR_ID} IS NULL THEN
        RAISE EXCEPTION 'An editor mended this attribution, so no program changes it.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""
_STAYS_ASSERTED = """
    IF NEW.statement_id <> OLD.statement_id THEN
        RAISE EXCEPTION 'An attribution stays with its statement.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.polarity <> 'asserted' AND EXISTS (SELECT FROM claims_appearance WHERE attribution_id = NEW.id) THEN
        RAISE EXCEPTION 'A claim hangs on this attribution. Link its statement without a speaker first.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_CLAIMS_OF = "SELECT link.claim_id FROM claims_appearance AS link WHERE link.statement_id"


# The index serves factcheck_authors, which counts those that were deleted too.
@audited_with(models.Index(fields=["statement"], name="attribution_event_statement"), in_bulk=True)
class Attribution(models.Model):
    """What a statement says of who said something: source, cue and content (the terms of PARC 3 and PolNeAR).

    `start` and `end` are the place of the cue in the document's text, null where an earlier version read it or an
    editor added it. `speaker_as_written` is whom the cue names, whatever the polarity; only an asserted attribution has
    a `speaker`. `content` lists spans within the statement, in characters of the document's text.
    """

    class Polarity(models.TextChoices):
        ASSERTED = "asserted", "asserted"
        NEGATED = "negated", "negated"
        MODAL = "modal", "modal"
        CONDITIONAL = "conditional", "conditional"
        ASKED = "asked", "asked"

    public_id = PublicIdField(prefix="atr", unique=True)
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="attributions")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    speaker = models.ForeignKey(Speaker, on_delete=models.PROTECT, null=True, blank=True, related_name="attributions")
    speaker_as_written = models.CharField(max_length=300, blank=True)
    cue = models.CharField(max_length=100, blank=True, help_text="The reporting words, for example said or told.")
    content = models.JSONField(default=list, blank=True)
    quoted = models.BooleanField(default=False, help_text="A direct quote; otherwise a paraphrase.")
    polarity = models.CharField(
        max_length=11,
        choices=Polarity,
        help_text="Whether the document says that it was said: only then does it give anybody words.",
    )
    unsure = models.TextField(blank=True, help_text="Why it is not certain who speaks, or whether.")
    mended_at = models.DateTimeField(null=True, blank=True, editable=False)
    mended_by = user_field()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["statement", "start", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__isnull=False, end__gt=F("start")),
                name="attribution_cue_span",
            ),
            models.CheckConstraint(
                condition=Q(polarity__in=["asserted", "negated", "modal", "conditional", "asked"]),
                name="attribution_polarity",
            ),
            models.CheckConstraint(
                condition=Q(speaker__isnull=True) | Q(polarity="asserted"),
                name="attribution_speaker_asserted",
                violation_error_message="Only what the document says was said has a speaker; take the speaker away.",
            ),
            models.CheckConstraint(
                condition=Q(mended_at__isnull=True, mended_by__isnull=True)
                | Q(mended_at__isnull=False, mended_by__isnull=False),
                name="attribution_mended_by",
            ),
        ]
        triggers = [
            kept_while_published(
                "attribution",
                "Unlink its statement from the claims.",
                published="contained_ids && gone",
                names="SELECT statement.public_id FROM claims_statement AS statement"
                " JOIN old_values ON old_values.statement_id = statement.id",
            ),
            edit_is_noted(
                f"{_CLAIMS_OF} = NEW.statement_id",
                of=("speaker_id", "speaker_as_written", "cue", "content", "quoted", "polarity"),
            ),
            *links_are_noted(
                new=f"{_CLAIMS_OF} IN (SELECT statement_id FROM new_values)",  # noqa: S608
                ended=f"{_CLAIMS_OF} = OLD.statement_id",
                ended_by=pgtrigger.Delete,
                unless=IS_UPGRADE,
            ),
            pgtrigger.Trigger(
                name="mended_by_people",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_NEEDS_A_PERSON,
            ),
            pgtrigger.Trigger(
                name="stays_asserted", when=pgtrigger.Before, operation=pgtrigger.Update, func=_STAYS_ASSERTED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker_as_written or '–'}, {self.cue or '–'} ({self.get_polarity_display()})"

    @property
    def is_read_as(self) -> bool:
        """Whether the document calls the speaker by no word of the name here, but by a pronoun or a role."""
        if self.speaker is None or self.mended_at is not None:
            return False
        known = " ".join([self.speaker.name, *self.speaker.aliases])
        written = set(re.findall(r"\w+", self.speaker_as_written.casefold()))
        return bool(written) and not written & set(re.findall(r"\w+", known.casefold()))

    @property
    def speaker_as_read(self) -> str:
        """Who speaks, for editors: "Ida Moe", or "“She” (read as Ida Moe)"; empty for nobody."""
        if self.is_read_as:
            return f"“{self.speaker_as_written}” (read as {self.speaker})"
        return str(self.speaker or self.speaker_as_written)

    def pieces(self, statement: Statement) -> list[str]:
        """The parts of what was said, word for word; `statement` is the one that it is of."""
        return [statement.text[start - statement.start : end - statement.start] for start, end in self.content]

    @property
    def is_of_earlier_version(self) -> bool:
        """Whether an earlier version read it, which kept one of each statement and not where its cue stands."""
        return self.start is None and self.mended_at is None
