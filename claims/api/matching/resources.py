"""Typed dictionaries for OpenAPI: answers of match and search."""

from typing import Annotated, NotRequired, TypedDict

from rest_framework import serializers

from claims.api.openapi import resources
from claims.api.openapi.serializers import serializer_of
from claims.matching.types import Tier
from claims.publication import published_claim as published
from claims.publication.description import OMITTED, Day, Meaning, Time, example

STANDS, NEEDS_RECHECK, SUSPENDED = "stands", "needs_recheck", "suspended"
TIERS = tuple(tier.value for tier in Tier)
_TIER = (
    "`match`: the claim says what the text says. `possible`: somebody has to look. `related`: it is about another "
    "year, place or figure, or says the reverse."
)


class Status(TypedDict):
    """The status of the check."""

    status: Annotated[str, Meaning("checked", choices=("checked", NEEDS_RECHECK, SUSPENDED))]
    since: Annotated[Time | None, Meaning(published.AT)]


class MatchedClaim(TypedDict):
    """A claim in short; `url` leads to the whole."""

    id: published.ClaimId
    url: Annotated[str, Meaning("/api/v1/claims/clm_4v9k2m0t7q8x1z3b/", "Path of the claim.")]
    text: Annotated[str, Meaning("412 bridges need repair.")]
    language: Annotated[str, Meaning("en")]
    period: published.Period | None
    place: Annotated[str | None, Meaning(None)]
    topics: list[published.Topic]
    verification: Status


class MatchedReview(TypedDict):
    """A review of one of the claims in the entry. Withdrawn ones are left out."""

    id: published.ReviewId
    url: Annotated[str, Meaning("/api/v1/reviews/rev_7a9c1e3g5j8k0m2n/", "Path of the review.")]
    claim: published.ClaimId
    state: Annotated[
        str,
        Meaning(
            STANDS,
            "`needs_recheck`: a quote it rests on is no longer found; its rating may be out of date. `suspended`: its "
            "publisher is looking at it again; it has no rating, and none may be shown.",
            choices=(STANDS, NEEDS_RECHECK, SUSPENDED),
        ),
    ]
    organisation: published.Organisation
    article: published.Article | None
    link: Annotated[
        str | None,
        Meaning(
            "https://desk.example/bridges",
            "Where readers find it: its article, or else the page of the claim for readers; null if it is on neither.",
        ),
    ]
    rating: published.Rating | None
    verdict_mapped: NotRequired[Annotated[resources.MappedVerdict, Meaning(OMITTED)]]
    summary: Annotated[str | None, Meaning("The agency's yearly report says so.")]
    true_as_of: Annotated[Day | None, Meaning("2026-03-01")]
    first_published_at: Annotated[Time | None, Meaning(published.AT, "Null if its publisher gave no date.")]
    attribution: Annotated[
        str | None, Meaning(example(published.Review)["attribution"], "A line by which to quote it.")
    ]
    display: Annotated[
        str,
        Meaning(
            "Our desk rated this claim Right (as of 1 March 2026).",
            "The finding in sentences that may be shown as they are.",
        ),
    ]
    origin: Annotated[str, Meaning("own", choices=("own", "imported"))]
    licence: Annotated[str | None, Meaning(published.LICENCE, "URL of the licence under which it may be reused.")]


class Reason(TypedDict):
    """A reason for the tier; `text` and `claim` are the words on each side that it rests on."""

    code: Annotated[str, Meaning("same_meaning", "As docs/api.md lists them; further ones may come.")]
    text: Annotated[str | None, Meaning(None, "Words of the text that was sent.")]
    claim: Annotated[str | None, Meaning(None, "Words of the claim, or its period or place.")]


class OtherClaim(TypedDict):
    """A claim in the same words about another period or place."""

    claim: MatchedClaim
    tier: Annotated[str, Meaning("related", choices=("related",))]
    why: list[Reason]
    reviews: list[MatchedReview]


class MatchResult(TypedDict):
    """A claim that answers the text: all claims in these words are one entry, with all their reviews."""

    claim: MatchedClaim
    claims: Annotated[list[str], Meaning(["clm_4v9k2m0t7q8x1z3b"], "Ids of all claims in these words, `claim` first.")]
    score: Annotated[float, Meaning(0.97, "The probability that the claim says what the text says, from 0 to 1.")]
    tier: Annotated[str, Meaning("match", _TIER, choices=TIERS)]
    why: list[Reason]
    matched_terms: Annotated[list[str], Meaning(["412", "bridges", "repair"], "Words of the text that the claim has.")]
    reviews: list[MatchedReview]
    others: Annotated[list[OtherClaim], Meaning([])]
    start: NotRequired[Annotated[int, Meaning(OMITTED, "Of the statement, in an article.")]]
    end: NotRequired[Annotated[int, Meaning(OMITTED, "Of the statement, in an article.")]]


class MatchedStatement(TypedDict):
    """Where a statement stands in the article as it was sent, in characters (Unicode code points)."""

    start: Annotated[int, Meaning(0)]
    end: Annotated[int, Meaning(44, "The place after its last character.")]


class MatchAnswer(serializers.Serializer[None]):
    """For each text, or each statement of the article, the claims that answer it, the best first."""

    results = serializers.ListField(child=serializer_of(MatchResult)(many=True))
    degraded = serializers.BooleanField(
        help_text="True while the matcher does not answer: only claims in the same words are then found for certain."
    )
    statements = serializer_of(MatchedStatement)(
        many=True, required=False, help_text="Of an article: the statement that each list of `results` is about."
    )
    next_start = serializers.IntegerField(
        required=False,
        allow_null=True,
        help_text="Of an article: where the first statement begins that was not looked at; null if all were.",
    )


class FacetValue(TypedDict):
    """A value of a facet, and how many of the claims found have it."""

    value: Annotated[str, Meaning("true", "As the filter of the same name takes it.")]
    name: Annotated[str | None, Meaning(None, "Of an organisation or topic; null for others.")]
    count: Annotated[int, Meaning(3)]


class Facets(TypedDict, total=False):
    """The facets that were asked for."""

    verdict: list[FacetValue]
    language: list[FacetValue]
    organisation: list[FacetValue]
    topic: list[FacetValue]
    verification: list[FacetValue]


class SearchResult(TypedDict):
    """A claim that was found, as the list of claims has it."""

    claim: resources.ClaimWithEvents
    score: Annotated[float, Meaning(0.83, "Orders the claims of one answer; means nothing beside another's.")]
    matched_terms: Annotated[list[str], Meaning(["bridges"], "Words of the query that the claim has.")]


class SearchPage(TypedDict):
    """Claims that were found, the best first."""

    results: list[SearchResult]
    next: Annotated[str | None, Meaning(None, "Address of the next page; null on the last.")]
    degraded: Annotated[
        bool, Meaning(False, "True while the matcher does not answer: only claims that have the words are found.")
    ]
    facets: NotRequired[Facets]
    facets_of: NotRequired[
        Annotated[int, Meaning(OMITTED, "How many claims the facets count: the best ones found, at most 1,000.")]
    ]
