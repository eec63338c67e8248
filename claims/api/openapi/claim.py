"""OpenAPI schemas of the published claim. claims/publication/body.py writes the bytes; tests compare the two."""

from typing import Any, get_args

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.models import Evidence, EvidenceCheck, Publication, Review, ReviewVersion, Speaker, Verdict
from claims.models.statement import Document
from claims.models.verification import Verification
from sources.api.representation import (
    HealthSerializer,
    NamedPageSerializer,
    NamedSourceSerializer,
    SourceSerializer,
)
from sources.changes.change_kinds import Kind
from sources.models import Change, Outcome, Page
from sources.quotes.word_diff import Kind as Difference

Shape = serializers.Serializer[Any]
Text = serializers.CharField
Moment = serializers.DateTimeField
PUBLISHED = (Verification.CHECKED, Verification.NEEDS_RECHECK, Verification.WITHDRAWN)
STATES = [*EvidenceCheck.Result.values, "not_watchable"]


@extend_schema_field(
    {
        "type": "array",
        "items": {"type": "array", "prefixItems": [{"enum": ["=", "-", "+"]}, {"type": "string"}]},
        "description": "Pairs of an operation (= in both, - before, + now) and words.",
    }
)
class DiffField(serializers.JSONField):
    """A word diff."""


@extend_schema_field({"type": "object", "additionalProperties": True})
class FigureField(serializers.JSONField):
    """A figure in a statement: value, unit, what it counts, text, start, end."""


def _changed() -> serializers.ListField:
    choices = serializers.ChoiceField(choices=[kind.value for kind in Difference])
    return serializers.ListField(child=choices, help_text="What sort of thing differs.")


class CauseSerializer(Shape):
    """A quote that broke."""

    recheck = Text(help_text="rck_…")
    review = Text(help_text="rev_…")
    evidence = Text(help_text="evd_…")
    page = Text(allow_null=True, help_text="pag_…")
    result = serializers.ChoiceField(choices=["altered", "gone"])
    before = Text(help_text="The quote as the review has it.")
    after = Text(allow_null=True, help_text="The sentence that stands there now, if one like it does.")
    surroundings = Text(allow_null=True, help_text="That sentence with some 200 characters either side.")
    changed = _changed()
    diff = DiffField()
    detected_at = Moment()
    wording = Text(help_text="What may be said of it in public.")


class VerificationSerializer(Shape):
    """State of the checking. Apart from the rating, which only people change."""

    status = serializers.ChoiceField(choices=[value.value for value in PUBLISHED])
    since = Moment(allow_null=True)
    seen_by_editor = serializers.BooleanField(allow_null=True, help_text="Null unless a re-check is open.")
    because = CauseSerializer(many=True)


class TopicSerializer(Shape):
    """What claims are filed under."""

    slug = Text()
    name = Text()


class PeriodSerializer(Shape):
    """The days that a claim is about."""

    start = serializers.DateField(allow_null=True)
    end = serializers.DateField(allow_null=True)


class SpeakerSerializer(Shape):
    """Who said it."""

    id = Text(help_text="spk_…")
    name = Text()
    kind = serializers.ChoiceField(choices=Speaker.Kind.values)
    role = Text(allow_null=True)
    wikidata_id = Text(allow_null=True)


class DocumentSerializer(Shape):
    """Where it was said."""

    id = Text(help_text="doc_…")
    kind = serializers.ChoiceField(choices=Document.Kind.values)
    title = Text(allow_null=True)
    url = Text(allow_null=True)
    publisher = Text(allow_null=True)
    published_on = serializers.DateField(allow_null=True)
    language = Text()


class StatementSerializer(Shape):
    """The claim as it was made, word for word (schema.org appearance)."""

    id = Text(help_text="stm_…")
    text = Text()
    speaker = SpeakerSerializer(allow_null=True)
    speaker_as_written = Text(allow_null=True)
    cue = Text(allow_null=True, help_text="The word that reports it: said, told.")
    quoted = serializers.BooleanField(help_text="Direct quote, or else a paraphrase.")
    figures = serializers.ListField(child=FigureField())
    document = DocumentSerializer()


class OrganisationSerializer(Shape):
    """Who publishes the review."""

    id = Text(help_text="org_…")
    name = Text()
    site = Text(allow_null=True)


class ArticleSerializer(Shape):
    """The fact-check as readers meet it."""

    id = Text(help_text="art_…")
    url = Text()
    title = Text()
    language = Text()


class NamedScaleSerializer(Shape):
    """The scale that a rating belongs to."""

    id = Text(help_text="scl_…")
    name = Text()


class RatingSerializer(Shape):
    """The publisher's own rating, and what it amounts to."""

    label = Text()  # type: ignore[assignment]
    # Of imported ones as they came: also 2.5.
    value = serializers.FloatField(allow_null=True)
    worst = serializers.FloatField(allow_null=True)
    best = serializers.FloatField(allow_null=True)
    verdict = serializers.ChoiceField(choices=Verdict.values, allow_null=True)
    scale = NamedScaleSerializer(allow_null=True)


class QuoteSerializer(Shape):
    """W3C Web Annotation TextQuoteSelector."""

    exact = Text()
    prefix = Text()
    suffix = Text()


class SnapshotSerializer(Shape):
    """The observation of the page that the quote was taken from."""

    id = Text(help_text="snp_…")
    taken_at = Moment()
    sha256 = Text(help_text="Of the bytes as they came.")
    text_sha256 = Text(help_text="Of the extracted text.")


class FileSerializer(Shape):
    """A file."""

    name = Text(allow_null=True)
    sha256 = Text()


class DatasetSerializer(Shape):
    """A value of a dataset."""

    dataset = Text(allow_null=True)
    release = Text(allow_null=True)
    cell = Text(allow_null=True)
    value = Text(allow_null=True)
    unit = Text(allow_null=True)


class InterviewSerializer(Shape):
    """An interview or letter."""

    who = Text()
    when = Moment(allow_null=True)
    how = Text()


class BroadcastSerializer(Shape):
    """A place in a broadcast."""

    programme = Text()
    when = Moment(allow_null=True)
    timecode = Text()


class EvidenceSerializer(Shape):
    """What a review rests on. Which of the last fields there are depends on `kind` and `visibility`."""

    id = Text(help_text="evd_…")
    kind = serializers.ChoiceField(choices=Evidence.Kind.values)
    stance = serializers.ChoiceField(choices=Evidence.Stance.values)
    visibility = serializers.ChoiceField(choices=["public", "described"])
    description = Text(allow_null=True, help_text="The public words for a source that is not named.")
    watchable = serializers.BooleanField(help_text="Whether we can look for it again: quotes of pages.")
    state = serializers.ChoiceField(
        choices=STATES, help_text="`unverifiable`: we could not look, so neither changed nor unchanged."
    )
    checked_at = Moment(allow_null=True)
    note = Text(allow_null=True, required=False)
    quote = QuoteSerializer(required=False)
    now = Text(allow_null=True, required=False, help_text="The sentence that stands there now, if altered.")
    page = NamedPageSerializer(required=False)
    source = NamedSourceSerializer(required=False)  # type: ignore[assignment]
    snapshot = SnapshotSerializer(required=False)
    file = FileSerializer(required=False)
    dataset = DatasetSerializer(required=False)
    interview = InterviewSerializer(required=False)
    broadcast = BroadcastSerializer(required=False)


class ReviewHistorySerializer(Shape):
    """A published version of a review."""

    version = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ReviewVersion.Kind.values)
    correction_kind = serializers.ChoiceField(choices=ReviewVersion.CorrectionKind.values, allow_null=True)
    public_note = Text(allow_null=True, help_text="What changed and why.")
    rating = Text(allow_null=True)
    published_at = Moment()


class ReviewSerializer(Shape):
    """One organisation's rating of the claim."""

    id = Text(help_text="rev_…")
    origin = serializers.ChoiceField(choices=Review.Origin.values, help_text="Whether it is our own or imported.")
    licence = Text(allow_null=True, help_text="URL of the licence under which it may be reused.")
    attribution = Text(help_text="Whose it is, on one line.")
    display = Text(help_text="The finding in a sentence that may be shown as it stands.")
    organisation = OrganisationSerializer()
    article = ArticleSerializer(allow_null=True)
    rating = RatingSerializer(allow_null=True)
    summary = Text()
    body = Text()
    true_as_of = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ReviewVersion.Kind.values)
    correction_kind = serializers.ChoiceField(choices=ReviewVersion.CorrectionKind.values, allow_null=True)
    public_note = Text(allow_null=True)
    published_at = Moment()
    first_published_at = Moment()
    withdrawn_at = Moment(allow_null=True)
    evidence = EvidenceSerializer(many=True)
    history = ReviewHistorySerializer(many=True)


class ClaimSerializer(Shape):
    """A published claim with its reviews."""

    id = Text(help_text="clm_…")
    url = Text(help_text="Path of this answer.")
    text = Text()
    language = Text()
    topics = TopicSerializer(many=True)
    period = PeriodSerializer(allow_null=True)
    place = Text(allow_null=True)
    repeats = Text(allow_null=True, help_text="The claim that said the same of another period.")
    merged_into = Text(allow_null=True, help_text="The claim to ask for instead.")
    demo = serializers.BooleanField(help_text="Made up for the demonstration.")
    verification = VerificationSerializer()
    statements = StatementSerializer(many=True)
    reviews = ReviewSerializer(many=True)
    event = serializers.ChoiceField(choices=Publication.Event.values, help_text="What made this version.")
    version = serializers.IntegerField(help_text="Of the claim: 1 for its first event.")
    sequence = serializers.IntegerField(help_text="Place in the log, over all claims.")
    changed_at = Moment()
    first_published_at = Moment()


class ClaimEventSerializer(Shape):
    """An event of the claim, which made one of its versions."""

    sequence = serializers.IntegerField(help_text="Place in the log, over all claims.")
    version = serializers.IntegerField(help_text="Of the claim: 1 for its first event.")
    event = serializers.ChoiceField(choices=Publication.Event.values)
    at = Moment()


class ClaimWithEventsSerializer(ClaimSerializer):
    """A published claim with its reviews; `events`, the oldest first, only where `include` names them."""

    events = ClaimEventSerializer(many=True, required=False)


class RedactedClaimSerializer(Shape):
    """A claim whose text was taken out of the log: that there was one is all that is left."""

    id = Text(help_text="clm_…")
    url = Text(help_text="Path of this answer.")
    redacted = serializers.BooleanField(help_text="Always true.")
    sequence = serializers.IntegerField(help_text="Place in the log, over all claims.")
    changed_at = Moment()
    first_published_at = Moment()


class SourceDetailSerializer(SourceSerializer):
    """A source and its pages that published reviews rest on."""

    pages = NamedPageSerializer(many=True)


class PageQuoteSerializer(Shape):
    """A quote that a published review rests on, and whether it stands."""

    claim = Text(help_text="clm_…")
    review = Text(help_text="rev_…")
    evidence = Text(help_text="evd_…")
    stance = serializers.ChoiceField(choices=Evidence.Stance.values)
    quote = QuoteSerializer()
    state = serializers.ChoiceField(choices=EvidenceCheck.Result.values)
    checked_at = Moment(allow_null=True)
    now = Text(allow_null=True)


class PageSerializer(NamedPageSerializer):
    """A page and its health."""

    host = Text()
    source = NamedSourceSerializer()  # type: ignore[assignment]
    demo = serializers.BooleanField()
    watch = serializers.ChoiceField(choices=Page.Watch.values)
    health = HealthSerializer()
    quotes = PageQuoteSerializer(many=True)


class ChangedQuoteSerializer(Shape):
    """What came of looking for a quote after the change."""

    claim = Text(help_text="clm_…")
    review = Text(help_text="rev_…")
    evidence = Text(help_text="evd_…")
    result = serializers.ChoiceField(choices=EvidenceCheck.Result.values)
    before = Text(help_text="The quote as the review has it.")
    after = Text(allow_null=True, help_text="The sentence that stands there now, if one like it does.")
    surroundings = Text(allow_null=True, help_text="That sentence with some 200 characters either side.")
    changed = _changed()
    recheck = Text(allow_null=True, help_text="The re-check that it belongs to.")
    checked_at = Moment()
    wording = Text(allow_null=True, help_text="What may be said of it in public; null unless it broke.")


class ChangeSerializer(Shape):
    """Something that happened to a page."""

    id = Text(help_text="chg_…")
    url = Text(help_text="Path of this answer.")
    page = NamedPageSerializer()
    source = NamedSourceSerializer()  # type: ignore[assignment]
    kind = serializers.ChoiceField(choices=Change.Kind.values)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=get_args(Kind)),
        help_text="In what the text differs, the most telling first.",
    )
    certainty = serializers.ChoiceField(choices=Change.Certainty.values)
    outcome = serializers.ChoiceField(choices=[each.value for each in Outcome])
    detected_at = Moment()
    quotes = ChangedQuoteSerializer(many=True)


def _next() -> serializers.CharField:
    return Text(allow_null=True, help_text="Address of the next page; null on the last.")


def page_of(one: type[serializers.Serializer[Any]], name: str, things: str) -> type[Shape]:
    """The answer of a list: a page of these."""
    fields = {"__doc__": f"A page of {things}.", "results": one(many=True), "next": _next()}
    return type(f"{name}PageSerializer", (Shape,), fields)


class FeedItemSerializer(Shape):
    """An event of the log. With `fields` only those asked for."""

    sequence = serializers.IntegerField(required=False, help_text="Place in the log, over all claims.")
    id = Text(required=False, help_text="pub_…")
    event = serializers.ChoiceField(choices=Publication.Event.values, required=False)
    claim = Text(required=False, help_text="clm_…")
    review = Text(allow_null=True, required=False, help_text="rev_… if it was about one review.")
    version = serializers.IntegerField(required=False, help_text="Of the claim: 1 for its first event.")
    at = Moment(required=False)
    redacted = serializers.BooleanField(required=False, help_text="The body was taken away for good; forget yours.")
    body = ClaimSerializer(allow_null=True, required=False, help_text="The claim after the event; null if redacted.")


class FeedPageSerializer(Shape):
    """Events in order, and where to go on."""

    results = FeedItemSerializer(many=True)
    cursor = Text(help_text="Ask on with `after`: it is there also when nothing happened, and is good for ever.")
    next = Text(help_text="The address to ask next, with this cursor and the same parameters.")
    more = serializers.BooleanField(help_text="Whether there is more to read already.")


class GooglePublisherSerializer(Shape):
    """Google's Publisher."""

    name = Text(required=False)
    site = Text(required=False, help_text="Host, without www.")


class GoogleClaimReviewSerializer(Shape):
    """Google's ClaimReview."""

    publisher = GooglePublisherSerializer()
    url = Text()
    title = Text(required=False)
    reviewDate = Moment()
    textualRating = Text(required=False)
    languageCode = Text()


class GoogleClaimSerializer(Shape):
    """Google's Claim."""

    text = Text()
    claimant = Text(required=False)
    claimDate = Moment(required=False)
    claimReview = GoogleClaimReviewSerializer(many=True)


class GoogleSearchSerializer(Shape):
    """Google's FactCheckedClaimSearchResponse; empty if nothing was found."""

    claims = GoogleClaimSerializer(many=True, required=False)
    nextPageToken = Text(required=False)


class DumpFileSerializer(Shape):
    """A file of a dump, gzipped."""

    name = Text()
    bytes = serializers.IntegerField()
    sha256 = Text()
    rows = serializers.IntegerField(help_text="Claims in the NDJSON, reviews in the CSV.")
    url = Text()


class DumpSerializer(Shape):
    """A dump of what is public."""

    name = Text(help_text="When it was begun.")
    sequence = serializers.IntegerField(help_text="The last event that it knows.")
    hash = Text(help_text="Of that event in the chain of the log.")
    at = Moment(allow_null=True, help_text="When that event happened.")
    began_at = Moment()
    ended_at = Moment()
    claims = serializers.IntegerField()
    reviews = serializers.IntegerField()
    files = DumpFileSerializer(many=True)
    manifest = Text(help_text="Address of the same as a file.")
    sums = Text(help_text="Address of the SHA256SUMS.")


class DumpPageSerializer(Shape):
    """The dumps, the newest first."""

    results = DumpSerializer(many=True)
    next = _next()
