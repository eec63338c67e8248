"""Serializers of the draft routes: the fields of each request body, and of the response with its read-only fields."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.api.request.body_fields import (
    Body,
    Day,
    HttpUrl,
    Items,
    Language,
    Line,
    Lines,
    PublicId,
    StrictBoolean,
    StrictChoice,
    StrictInteger,
    Timestamp,
)
from claims.claim_length import LONGEST_CLAIM, too_long
from claims.models import Document, Evidence, Speaker
from claims.newsroom_drafts.articles import public_address
from claims.statements.languages.detection import language_of

MAX_CHARACTERS = 500_000  # of a document
MAX_LINKS = 50
_TOLD_FROM_TEXT = "BCP 47, for example en or pt-BR. By default told from the text, und if it cannot be told."
_TOLD_FROM_TITLE = "BCP 47. By default told from the title, und if it cannot be told."
_READ_ONLY = frozenset({"id", "url", "revision", "sent_at"})
_EDITORS_ONLY = frozenset(
    ["version", "kind", "author", "approver", "public_note", "embargo_until", "published_at", "withdrawn_at"]
)
_OF_THE_DESK = frozenset({"state", "evidence", "sent_back", "published", *_EDITORS_ONLY})
_SEEN_BY_THE_DESK = frozenset({"state", "watchable", "source", "snapshot", "checked_in"})
Spans = list[list[int]]


class DocumentBody(Body):
    """A text that contains statements. It is kept character for character: offsets count its characters."""

    read_only_names = frozenset({"id"})

    text = Lines(MAX_CHARACTERS, trim_whitespace=False, help_text="The whole text; line ends are \\n.")
    kind = StrictChoice(
        [kind for kind in Document.Kind.values if kind != Document.Kind.TIP],
        required=False,
        default=Document.Kind.ARTICLE.value,
    )
    title = Line(500, shown=True, required=False, allow_blank=True, default="")
    url = HttpUrl(required=False, allow_blank=True, default="", help_text="Noted, never fetched.")
    publisher = Line(300, shown=True, required=False, allow_blank=True, default="")
    published_on = Day(required=False, allow_null=True, default=None)
    language = Language(required=False, help_text=_TOLD_FROM_TEXT)

    def validate_text(self, value: str) -> str:
        if not value.strip():
            raise serializers.ValidationError("The text is empty.")
        return value

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "language": data.get("language") or language_of(data["text"])}


class DocumentField(serializers.Field):  # type: ignore[type-arg]
    """A document, or the id of one that was sent before."""

    def to_internal_value(self, data: Any) -> Any:
        field: Any = PublicId("doc") if isinstance(data, str) else DocumentBody()
        return field.run_validation(data)

    def to_representation(self, value: Any) -> Any:
        return value


class DocumentFieldSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """The OpenAPI schema of `DocumentField`."""

    target_class = DocumentField

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        whole = auto_schema.resolve_serializer(DocumentBody, direction)
        return {"oneOf": [{"type": "string", "pattern": "^doc_[0-9a-z]{16}$"}, whole.ref]}


class SpeakerBody(Body):
    """A speaker by name. The desk takes it for a speaker on file only if that is sure; else an editor decides."""

    read_only_names = frozenset({"id", "aliases"})

    name = Line(300, shown=True)
    kind = StrictChoice(Speaker.Kind.values, required=False, default=Speaker.Kind.UNKNOWN.value)
    role = Line(300, shown=True, required=False, allow_blank=True, default="", help_text="For example: Chief Justice.")
    wikidata_id = serializers.RegexField(
        r"^Q[1-9][0-9]{0,18}\Z",
        required=False,
        allow_null=True,
        default=None,
        error_messages={"invalid": "Say a Wikidata id such as Q42."},
    )


class SpeakerField(serializers.Field):  # type: ignore[type-arg]
    """A speaker, or only the name."""

    def to_internal_value(self, data: Any) -> Any:
        return SpeakerBody().run_validation({"name": data} if isinstance(data, str) else data)

    def to_representation(self, value: Any) -> Any:
        return value


class SpeakerFieldSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """The OpenAPI schema of `SpeakerField`."""

    target_class = SpeakerField

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        whole = auto_schema.resolve_serializer(SpeakerBody, direction)
        return {"oneOf": [{"type": "string", "maxLength": 300}, whole.ref]}


@extend_schema_field(
    {
        "type": "array",
        "maxItems": 20,
        "items": {
            "type": "array",
            "minItems": 2,
            "maxItems": 2,
            "items": {"type": "integer", "minimum": 0, "maximum": MAX_CHARACTERS},
        },
        "description": "The spans of what was said, within the statement; by default all of it.",
    }
)
class SpansField(serializers.Field):  # type: ignore[type-arg]
    """Spans of a document's text."""

    def to_internal_value(self, data: Any) -> Spans:
        whole = isinstance(data, list) and all(
            isinstance(span, list) and len(span) == 2 and all(type(number) is int for number in span) for span in data
        )
        if not whole or len(data) > 20:
            raise serializers.ValidationError("Say at most 20 pairs of characters, [[start, end], …].")
        spans: Spans = data
        return spans

    def to_representation(self, value: Any) -> Any:
        return value


class StatementBody(Body):
    """A verbatim span of a document."""

    read_only_names = _READ_ONLY | {"figures"}

    document = DocumentField()
    text = Lines(MAX_CHARACTERS, trim_whitespace=False, help_text="Exactly the document's characters start to end.")
    start = StrictInteger(0, MAX_CHARACTERS)
    end = StrictInteger(1, MAX_CHARACTERS, help_text="The first character after the statement.")
    content = SpansField(required=False)
    speaker = SpeakerField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Who said it, by the full name: a text or an object.",
    )
    speaker_as_written = Line(
        300, shown=True, required=False, allow_blank=True, default="", help_text="Whom the text names: the minister."
    )
    cue = Line(100, required=False, allow_blank=True, default="", help_text="The word that reports it: said, told.")
    quoted = StrictBoolean(required=False, default=False, help_text="Direct quote, or else a paraphrase.")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        start, end = data["start"], data["end"]
        if end <= start:
            raise serializers.ValidationError({"end": ["The statement ends before it starts."]})
        before = start
        for low, high in data.get("content", []):
            if not before <= low < high <= end:
                raise serializers.ValidationError(
                    {"content": ["The spans must lie within the statement, in order, none over another."]}
                )
            before = high
        return data


class PeriodBody(Body):
    """The days that a claim is about."""

    start = Day(required=False, allow_null=True, default=None)
    end = Day(required=False, allow_null=True, default=None)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        start, end = data.get("start"), data.get("end")
        if start and end and end < start:
            raise serializers.ValidationError({"end": ["The period ends before it starts."]})
        return data


class ClaimText(Lines):
    """The text of a claim, refused in the desk's words if it is too long."""

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, str) and (reason := too_long(data.strip())):
            raise serializers.ValidationError(reason)
        return super().to_internal_value(data)


class ClaimBody(Body):
    """The checkable assertion."""

    read_only_names = _READ_ONLY | {"state", "reviews", "verification", "merged_into", "version", "sequence", "event"}

    text = ClaimText(LONGEST_CLAIM, shown=True)
    language = Language(required=False, help_text=_TOLD_FROM_TEXT)
    topics = Items(
        child=Line(80),
        required=False,
        default=list,
        max_length=MAX_LINKS,
        help_text="Slugs of topics that published claims have.",
    )
    period = PeriodBody(required=False, allow_null=True, default=None)
    place = Line(300, shown=True, required=False, allow_blank=True, default="")
    repeats = PublicId(
        "clm",
        required=False,
        allow_null=True,
        default=None,
        help_text="A claim, yours or published, of another period.",
    )
    statements = Items(
        child=PublicId("stm"),
        required=False,
        default=list,
        max_length=MAX_LINKS,
        help_text="Statements that were sent with this key.",
    )
    attributions = Items(
        child=PublicId("atr"),
        required=False,
        default=list,
        max_length=MAX_LINKS,
        help_text="Where several speak in a statement, the one that makes the claim; by default that of the "
        "speaker_as_written and cue that were sent.",
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "language": data.get("language") or language_of(data["text"])}


class ArticleBody(Body):
    """The article in which readers meet the fact-check."""

    read_only_names = frozenset({"id", "organisation"})

    url = HttpUrl(help_text="The canonical URL. Noted, never fetched.")
    title = Line(500, shown=True)
    language = Language(required=False, help_text=_TOLD_FROM_TITLE)

    def validate_url(self, value: str) -> str:
        try:
            public_address(value)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error
        return value

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "language": data.get("language") or language_of(data["title"])}


class ReviewChange(Body):
    """What can be changed of a draft."""

    read_only_names = _READ_ONLY | {"claim", "organisation", *_OF_THE_DESK}

    rating = Line(
        100, required=False, allow_null=True, default=None, help_text="A step of the organisation's scale: its label."
    )
    summary = Lines(
        5_000,
        shown=True,
        required=False,
        allow_blank=True,
        default="",
        help_text="The finding in a sentence or two, for readers.",
    )
    body = Lines(MAX_CHARACTERS, required=False, allow_blank=True, default="", help_text="How it was checked.")
    true_as_of = Day(required=False, allow_null=True, default=None, help_text="The day for which the finding holds.")
    article = ArticleBody(required=False, allow_null=True, default=None)
    bylines = Items(
        child=Line(200, shown=True),
        required=False,
        default=list,
        max_length=20,
        help_text="Who wrote it, for the desk; not published.",
    )


class ReviewBody(ReviewChange):
    """A rating of a claim by the desk's own organisation, and what it says. A draft may leave fields out."""

    read_only_names = _READ_ONLY | _OF_THE_DESK

    claim = PublicId("clm", help_text="A claim that was sent with this key, or a published one.")
    organisation = PublicId("org", required=False, help_text="By default the desk's own.")


class PageBody(Body):
    """A page."""

    url = HttpUrl(help_text="Fetched once, now; never, if its text is sent.")
    text = Lines(
        MAX_CHARACTERS,
        required=False,
        allow_blank=True,
        default="",
        trim_whitespace=False,
        help_text="The page's text as you saved it, if the desk may not be able to read the page. A private copy.",
    )


class QuoteBody(Body):
    """The words that stand on the page. If they do in several places, the others say which of them is meant."""

    exact = Lines(5_000, help_text="A sentence or two, copied from the page.")
    prefix = Lines(200, required=False, allow_blank=True, default="", help_text="What stands before it.")
    suffix = Lines(200, required=False, allow_blank=True, default="", help_text="What stands after it.")
    copy = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, help_text="1 for the first place on the page."
    )


class FileBody(Body):
    """A file."""

    name = Line(300, required=False, allow_blank=True, default="")
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}\Z", error_messages={"invalid": "Say 64 hexadecimal digits."})


class DatasetBody(Body):
    """A value of a dataset."""

    dataset = Line(500, shown=True, help_text="Name and publisher of the data.")
    release = Line(200, required=False, allow_blank=True, default="")
    cell = Line(300, help_text="Table, row and column.")
    value = Line(200)
    unit = Line(100, required=False, allow_blank=True, default="")


class InterviewBody(Body):
    """An interview or letter."""

    who = Line(300, shown=True)
    when = Timestamp()
    how = Line(200, help_text="Telephone, letter, e-mail, in person.")


class BroadcastBody(Body):
    """A place in a broadcast."""

    programme = Line(300, shown=True)
    when = Timestamp(required=False, allow_null=True, default=None)
    timecode = serializers.RegexField(
        r"^\d{1,2}:[0-5]\d:[0-5]\d\Z", error_messages={"invalid": "Say a time code such as 00:12:30."}
    )


# The fields that each kind of evidence requires and no other kind may have.
FIELDS_OF_KIND = {
    Evidence.Kind.PAGE_QUOTE.value: ("page", "quote"),
    Evidence.Kind.FILE.value: ("file",),
    Evidence.Kind.DATASET.value: ("dataset",),
    Evidence.Kind.INTERVIEW.value: ("interview",),
    Evidence.Kind.BROADCAST.value: ("broadcast",),
    Evidence.Kind.ANALYSIS.value: (),
}


class EvidenceChange(Body):
    """What can be changed of evidence. A quote of a page stays as it is: delete it and send another."""

    read_only_names = _READ_ONLY | {"review", "kind", "page", "quote"} | _SEEN_BY_THE_DESK

    stance = StrictChoice(Evidence.Stance.values)
    visibility = StrictChoice(Evidence.Visibility.values, required=False, default=Evidence.Visibility.PUBLIC.value)
    description = Line(
        300,
        shown=True,
        required=False,
        allow_blank=True,
        default="",
        help_text="The public words for a source that is not named.",
    )
    note = Lines(5_000, required=False, allow_blank=True, default="", help_text="What it shows.")
    file = FileBody(required=False)
    dataset = DatasetBody(required=False)
    interview = InterviewBody(required=False)
    broadcast = BroadcastBody(required=False)


class EvidenceBody(EvidenceChange):
    """What a review rests on. The member named by `kind` is needed; a quote of a page needs `page` and `quote`."""

    read_only_names = _READ_ONLY | _SEEN_BY_THE_DESK

    review = PublicId("rev", help_text="A draft that was sent with this key.")
    kind = StrictChoice(Evidence.Kind.values)
    page = PageBody(required=False)
    quote = QuoteBody(required=False)


class DraftFields(serializers.Serializer[Any]):
    """The read-only fields of every draft."""

    id = serializers.CharField()
    url = serializers.CharField(help_text="Path of this answer.")
    revision = serializers.IntegerField(help_text="Counts your changes.")
    sent_at = serializers.DateTimeField()


class StatementDraft(DraftFields, StatementBody):
    """A statement as it was sent, and its document without the text."""

    document = serializers.DictField()  # type: ignore[assignment]


class ClaimDraft(DraftFields, ClaimBody):
    """A claim as it was sent."""

    state = serializers.ChoiceField(["draft", "taken_over", "published"])


class SentBack(serializers.Serializer[Any]):
    """That an editor sent the draft back."""

    at = serializers.DateTimeField()
    reason = serializers.CharField(allow_null=True, help_text="What the editor wrote for you; null if nothing.")


class PublishedDraft(serializers.Serializer[Any]):
    """That the draft was published."""

    at = serializers.DateTimeField()
    url = serializers.CharField(help_text="Path of the published review.")


class ReviewDraft(DraftFields, ReviewBody):
    """A draft of a review as it was sent."""

    state = serializers.ChoiceField(["draft", "in_review", "taken_over", "published"])
    sent_back = SentBack(allow_null=True, help_text="The last time; null if it never was.")
    published = PublishedDraft(allow_null=True)


class SentPage(serializers.Serializer[Any]):
    """A page; of a text that was sent its hash and length, never the text."""

    url = serializers.CharField()
    text_sha256 = serializers.CharField(required=False)
    characters = serializers.IntegerField(required=False)


class EvidenceDraft(DraftFields, EvidenceBody):
    """Evidence as it was sent; a quote with the words around it."""

    page = SentPage(required=False)  # type: ignore[assignment]
    checked_in = serializers.ChoiceField(
        ["page", "text_sent"],
        required=False,
        help_text="Where the desk found the quote: on the page that it read, or only in the text that you sent.",
    )
