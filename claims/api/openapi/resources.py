"""What the routes of a claim's parts, and of what many claims share, answer; for OpenAPI. Tests compare."""

from typing import Any

from rest_framework import serializers

from claims.api.openapi.claim import (
    PUBLISHED,
    STATES,
    ArticleSerializer,
    DocumentSerializer,
    EvidenceSerializer,
    Moment,
    OrganisationSerializer,
    QuoteSerializer,
    ReviewHistorySerializer,
    ReviewSerializer,
    Shape,
    SnapshotSerializer,
    SpeakerSerializer,
    StatementSerializer,
    Text,
    TopicSerializer,
)
from claims.models import Evidence, Publication, Verdict
from sources.api.representation import HealthSerializer, NamedPageSerializer, NamedSourceSerializer
from sources.models import Page


def _claims() -> serializers.ListField:
    return serializers.ListField(child=Text(), help_text="Ids of the claims that have it, the latest change first.")


def _count() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, help_text="How many published claims name it.")


class ListedStatementSerializer(StatementSerializer):
    """A statement and the claims that it makes."""

    claims = _claims()


class ListedDocumentSerializer(DocumentSerializer):
    """A document and the claims that were made in it."""

    claims = _claims()


class ListedArticleSerializer(ArticleSerializer):
    """A fact-check as readers meet it, whose it is, and the claims that it is about."""

    organisation = OrganisationSerializer()
    claims = _claims()


class NamedClaimSerializer(Shape):
    """A claim in short."""

    id = Text(help_text="clm_…")
    url = Text(help_text="Path of the claim.")
    text = Text()
    language = Text()


class ReviewDetailSerializer(ReviewSerializer):
    """A review and the claim that it rates."""

    claim = NamedClaimSerializer()


class ListedReviewSerializer(ReviewDetailSerializer):
    """The same; `body`, `evidence` and `history` only where `include` names them."""

    body = Text(required=False)
    evidence = EvidenceSerializer(many=True, required=False)
    history = ReviewHistorySerializer(many=True, required=False)


class ListedEvidenceSerializer(EvidenceSerializer):
    """A piece of evidence, and what rests on it."""

    claim = Text(help_text="clm_…")
    review = Text(help_text="rev_…")


class SnapshotQuoteSerializer(Shape):
    """A quote that was taken from the snapshot."""

    claim = Text(help_text="clm_…")
    review = Text(help_text="rev_…")
    evidence = Text(help_text="evd_…")
    stance = serializers.ChoiceField(choices=Evidence.Stance.values)
    quote = QuoteSerializer()
    state = serializers.ChoiceField(choices=STATES)


class ListedSnapshotSerializer(SnapshotSerializer):
    """An observation of a page that published reviews quote: never its text or bytes, only the quotes."""

    page = NamedPageSerializer()
    source = NamedSourceSerializer()  # type: ignore[assignment]
    status = serializers.IntegerField(allow_null=True, help_text="HTTP status.")
    media_type = Text(allow_null=True)
    size = serializers.IntegerField(help_text="Bytes, before compression.")
    quotes = SnapshotQuoteSerializer(many=True)
    claims = _claims()


class MentionedSpeakerSerializer(SpeakerSerializer):
    """A speaker, and how many published claims name them."""

    claims = _count()


class MentionedOrganisationSerializer(OrganisationSerializer):
    """An organisation whose reviews are published here."""

    licence = Text(allow_null=True, help_text="URL of the licence under which its reviews may be reused.")
    claims = _count()


class MentionedTopicSerializer(TopicSerializer):
    """A topic, and how many published claims are filed under it."""

    claims = _count()


class StepSerializer(Shape):
    """A step of a rating scale that published reviews stand on."""

    label = Text()  # type: ignore[assignment]
    value = serializers.IntegerField()
    verdict = serializers.ChoiceField(choices=Verdict.values)
    claims = _count()


class RatingScaleSerializer(Shape):
    """An organisation's own scale, with those of its steps that published reviews stand on."""

    id = Text(help_text="scl_…")
    name = Text()
    organisation = OrganisationSerializer()
    worst = serializers.IntegerField()
    best = serializers.IntegerField()
    ratings = StepSerializer(many=True)


class ListedPageSerializer(NamedPageSerializer):
    """A page that published reviews rest on, and how reading it went."""

    host = Text()
    source = NamedSourceSerializer()  # type: ignore[assignment]
    demo = serializers.BooleanField()
    watch = serializers.ChoiceField(choices=Page.Watch.values)
    health = HealthSerializer()


class EventSerializer(Shape):
    """What happened to a claim."""

    sequence = serializers.IntegerField()
    version = serializers.IntegerField()
    event = serializers.ChoiceField(choices=Publication.Event.values)
    at = Moment()


class _IdField(serializers.CharField):
    """A text, and not a number that looks like one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("Say ids as texts: “clm_4v9k2m0t7q8x1z3b”.")
        return data


class StatusQuestionSerializer(Shape):
    """The claims that a client has copies of."""

    ids = serializers.ListField(
        child=_IdField(max_length=64, allow_blank=True, trim_whitespace=False),
        min_length=1,
        max_length=500,
        help_text="Ids of claims; each is answered once.",
    )

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - {"ids"}) if isinstance(data, dict) else []
        if unknown:
            raise serializers.ValidationError({str(unknown[0])[:80]: ["There is no such field here, only “ids”."]})
        return super().to_internal_value(data)


class ClaimStatusSerializer(Shape):
    """Whether a copy is still what we would send. Null throughout where nothing published has the id."""

    id = Text(help_text="As it was asked for.")
    known = serializers.BooleanField(help_text="False: nothing published has this id.")
    version = serializers.IntegerField(allow_null=True)
    sequence = serializers.IntegerField(allow_null=True)
    changed_at = Moment(allow_null=True)
    etag = Text(allow_null=True, help_text="That the claim's own address would send.")
    verification = serializers.ChoiceField(choices=[value.value for value in PUBLISHED], allow_null=True)
    recheck_since = Moment(allow_null=True, help_text="If it needs a re-check.")
    withdrawn = serializers.BooleanField(allow_null=True, help_text="Every review of it was withdrawn.")
    moved_to = Text(allow_null=True, help_text="The claim that it was merged into.")
    redacted = serializers.BooleanField(allow_null=True, help_text="Its text was taken out of the log.")


class ClaimStatusesSerializer(Shape):
    """One answer for each id, in the order of the question."""

    results = ClaimStatusSerializer(many=True)
