"""Who said what, where and when: speakers, documents and the statements found in them."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from claims.models.amendments.kept import kept_while_published
from claims.models.amendments.noted import edit_is_noted
from sources.database.audit import audited_in_bulk
from sources.database.public_ids import PublicIdField

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
                WHERE statement.speaker_id = NEW.id AND (
                    link.created_by_id IS NOT NULL
                    OR EXISTS (SELECT FROM claims_review WHERE claim_id = link.claim_id AND origin = 'own')
                )
                """,
                of=("name", "kind", "role", "wikidata_id"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@audited_in_bulk
class Document(models.Model):
    """An article, speech, post, transcript or tip that contains statements, with its full text.

    `text` never changes once it has statements, whose offsets are positions in it.
    """

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
        help_text="The canonical form of the URL, by which the document is found.",
    )
    publisher = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=35, default="en", help_text="BCP 47, for example en or pt-BR.")
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = user_field()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["canonical_url"], name="document_address", condition=~Q(canonical_url="")),
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
        return self.title or self.text[:80]


@audited_in_bulk
class Statement(models.Model):
    """A verbatim span of a document: `document.text[start:end] == text`.

    `content` lists the spans of what was said as `[[start, end], …]` in the document's text; a quote interrupted by
    its cue has several. `figures` lists `{value, unit, counts, text, start, end}`.
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
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["document", "start"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="statement_span"),
            models.UniqueConstraint(fields=["document", "start", "end"], name="statement_unique"),
        ]
        triggers = [
            kept_while_published("statement", "Unlink it from the claims.", published="contained_ids && gone"),
            edit_is_noted(
                "SELECT claim_id FROM claims_appearance WHERE statement_id = NEW.id",
                of=("document_id", "text", "speaker_id", "speaker_as_written", "cue", "quoted", "figures"),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:120]
