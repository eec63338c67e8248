"""Typed dictionaries for OpenAPI: responses of the routes of claims, their parts, and shared entities."""

from typing import Annotated, Any, NotRequired, TypedDict

from rest_framework import serializers

from claims.api.openapi.bounded_list import Items
from claims.publication import published_claim as published
from claims.publication.description import OMITTED, Meaning, Time

_CLAIM = "clm_4v9k2m0t7q8x1z3b"
_Claims = Annotated[list[str], Meaning([_CLAIM], "Ids of the claims that contain it, the latest change first.")]


def _count(number: int) -> Meaning:
    return Meaning(number, "How many published claims name it.", schema={"type": "integer", "minimum": 1})


class EventOfClaim(TypedDict):
    """An event of the claim, which made one of its versions."""

    sequence: Annotated[int, Meaning(412, "Place in the publication log of all claims.")]
    version: Annotated[int, Meaning(1, "Counts the events of the claim, from 1.")]
    event: Annotated[str, Meaning("published", choices=published.EVENTS)]
    at: Annotated[Time, Meaning(published.AT)]


_LAST_SEEN = (
    "Before the last request whose whole body was read and in which it stood; null if that is not known. It is never "
    "later than the truth."
)
_LAST_VALIDATED = (
    "Before the last request that the page's server answered by “not modified”, which proves nothing; null if none was."
)


class QuoteFreshness(TypedDict):
    """When a quote was last truly seen on its page, as known now; it is in no stored body."""

    evidence: published.EvidenceId
    last_seen_at: Annotated[Time | None, Meaning(published.AT, _LAST_SEEN)]
    last_validated_at: Annotated[Time | None, Meaning(published.AT, _LAST_VALIDATED)]


class MappedVerdict(TypedDict):
    """What the publisher's label amounts to by a scale that ships with this server. It is not the publisher's word."""

    verdict: Annotated[str, Meaning("false", choices=published.VERDICTS)]
    scale: Annotated[str, Meaning("snopes", "Name of the scale.")]
    version: Annotated[int, Meaning(1, "Version of the scales.")]
    borderline: NotRequired[
        Annotated[bool, Meaning(OMITTED, "True if other published mappings put the label one verdict aside.")]
    ]


class MappedReview(MappedVerdict):
    """The same for one of a claim's reviews."""

    review: published.ReviewId


class ClaimWithEvents(published.Claim):
    """A published claim with its reviews.

    `events`, the oldest first, `freshness` and `verdict_mapped` only if `include` names them.
    """

    events: NotRequired[Annotated[list[EventOfClaim], Meaning(OMITTED)]]
    freshness: NotRequired[Annotated[list[QuoteFreshness], Meaning(OMITTED, "One for each quote of a page.")]]
    verdict_mapped: NotRequired[
        Annotated[list[MappedReview], Meaning(OMITTED, "One for each review whose label a shipped scale maps.")]
    ]


class RedactedClaim(TypedDict):
    """A claim whose text was redacted from the log."""

    id: published.ClaimId
    url: Annotated[str, Meaning(f"/api/v1/claims/{_CLAIM}/", "Path of this resource.")]
    redacted: Annotated[bool, Meaning(True, "Always true.")]
    sequence: Annotated[int, Meaning(412, "Place in the publication log of all claims.")]
    changed_at: Annotated[Time, Meaning(published.AT)]
    first_published_at: Annotated[Time, Meaning(published.AT)]


class ListedStatement(published.Statement):
    """A statement and the claims that it makes."""

    claims: _Claims


class ListedDocument(published.Document):
    """A document and the claims that were made in it."""

    claims: _Claims


class ListedArticle(published.Article):
    """The published article of a fact-check, its organisation, and the claims that it is about."""

    organisation: published.Organisation
    claims: _Claims


class NamedClaim(TypedDict):
    """A claim in short."""

    id: published.ClaimId
    url: Annotated[str, Meaning(f"/api/v1/claims/{_CLAIM}/", "Path of the claim.")]
    text: Annotated[str, Meaning("412 bridges need repair.")]
    language: Annotated[str, Meaning("en")]


class ReviewDetail(published.Review):
    """A review and the claim that it rates; `verdict_mapped` only if a shipped scale maps its label."""

    claim: NamedClaim
    verdict_mapped: NotRequired[Annotated[MappedVerdict, Meaning(OMITTED)]]


class ListedReview(ReviewDetail):
    """A review in a list; `body`, `evidence` and `history` only if `include` names them."""

    body: NotRequired[Annotated[str | None, Meaning(OMITTED)]]  # type: ignore[misc]
    evidence: NotRequired[Annotated[list[published.Evidence], Meaning(OMITTED)]]  # type: ignore[misc]
    history: NotRequired[Annotated[list[published.ReviewHistory], Meaning(OMITTED)]]  # type: ignore[misc]


class ListedEvidence(published.Evidence):
    """A piece of evidence, and the review and claim that rest on it."""

    claim: published.ClaimId
    review: published.ReviewId


class SnapshotQuote(TypedDict):
    """A quote that was taken from the snapshot."""

    claim: published.ClaimId
    review: published.ReviewId
    evidence: published.EvidenceId
    stance: published.Stance
    quote: published.Quote
    state: published.State


class ListedSnapshot(published.Snapshot):
    """An observation of a page that published reviews quote, with the quotes; never its text or bytes."""

    page: published.NamedPage
    source: published.NamedSource
    status: Annotated[int | None, Meaning(200, "HTTP status.")]
    media_type: Annotated[str | None, Meaning("text/html")]
    size: Annotated[int, Meaning(18_204, "Bytes, before compression.")]
    quotes: list[SnapshotQuote]
    claims: _Claims


class MentionedSpeaker(published.Speaker):
    """A speaker, and how many published claims name them."""

    claims: Annotated[int, _count(12)]


class MentionedOrganisation(published.Organisation):
    """An organisation whose reviews are published here."""

    licence: Annotated[
        str | None,
        Meaning(
            "https://creativecommons.org/licenses/by/4.0/", "URL of the licence under which its reviews may be reused."
        ),
    ]
    claims: Annotated[int, _count(412)]


class MentionedTopic(published.Topic):
    """A topic, and how many published claims have it."""

    claims: Annotated[int, _count(31)]


class Step(TypedDict):
    """A step of a rating scale that published reviews use."""

    label: Annotated[str, Meaning("Right")]
    value: Annotated[int, Meaning(3)]
    verdict: Annotated[str, Meaning("true", choices=published.VERDICTS)]
    claims: Annotated[int, _count(97)]


class RatingScale(TypedDict):
    """An organisation's own scale, with those of its steps that published reviews use."""

    id: Annotated[str, Meaning("scl_0d2f4h6k8m1n3p5r", "scl_…")]
    name: Annotated[str, Meaning("Our scale")]
    organisation: published.Organisation
    worst: Annotated[int, Meaning(1)]
    best: Annotated[int, Meaning(3)]
    ratings: list[Step]


class ClaimStatus(TypedDict):
    """Whether a copy of a claim is current. All other fields are null if no published claim has the id."""

    id: Annotated[str, Meaning(_CLAIM, "As requested.")]
    known: Annotated[bool, Meaning(True, "False if no published claim has this id.")]
    version: Annotated[int | None, Meaning(1)]
    sequence: Annotated[int | None, Meaning(412)]
    changed_at: Annotated[Time | None, Meaning(published.AT)]
    etag: Annotated[
        str | None,
        Meaning(
            '"9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a"',
            "The ETag of the claim's own address.",
        ),
    ]
    verification: Annotated[str | None, Meaning("checked", choices=(*published.STATUSES, "merged"))]
    recheck_since: Annotated[Time | None, Meaning(None, "If it needs a re-check.")]
    suspended_since: Annotated[Time | None, Meaning(None, "If a review of it is under review.")]
    withdrawn: Annotated[bool | None, Meaning(False, "Every review of it was withdrawn.")]
    moved_to: Annotated[
        str | None, Meaning(None, "The claim that it is part of since it was merged; the rest is said of that one.")
    ]
    redacted: Annotated[bool | None, Meaning(False, "Its text was taken out of the log.")]
    last_seen_at: Annotated[
        Time | None,
        Meaning(published.AT, "Each of its quotes was seen on its page then or later; null if one was never seen."),
    ]
    last_validated_at: Annotated[
        Time | None,
        Meaning(
            published.AT, "The servers of all its pages said then or later that nothing changed; it proves nothing."
        ),
    ]


class ClaimStatuses(TypedDict):
    """One status for each id, in the order of the request."""

    results: list[ClaimStatus]


class _IdField(serializers.CharField):
    """A text; numbers are refused."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("Say ids as texts: “clm_4v9k2m0t7q8x1z3b”.")
        return data


class StatusQuestionSerializer(serializers.Serializer[Any]):
    """The ids of claims that a client has copies of."""

    ids = Items(
        child=_IdField(max_length=64, allow_blank=True, trim_whitespace=False),
        min_length=1,
        max_length=500,
        help_text="Ids of claims; a repeated one is answered once.",
    )

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - {"ids"}) if isinstance(data, dict) else []
        if unknown:
            raise serializers.ValidationError({str(unknown[0])[:80]: ["There is no such field here, only “ids”."]})
        return super().to_internal_value(data)
