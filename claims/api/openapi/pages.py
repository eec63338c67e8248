"""Typed dictionaries for OpenAPI: responses of the routes of sources, pages and changes."""

from typing import Annotated, TypedDict, get_args

from claims import causes
from claims.models import EvidenceCheck
from claims.publication import published_claim as published
from claims.publication.description import Meaning, Time
from claims.publication.quote_state import STATES
from sources import models
from sources.changes.change_kinds import Kind

_SOURCE, _CHANGE = "src_2b7d9f1h3k5m8p0r", "chg_2h4k6m9p1r3t5v7x"
CAUSES = tuple(causes.Cause.values)
GRADES = tuple(code for code, _ in causes.GRADES)
_RESULTS = tuple(EvidenceCheck.Result.values)
_OUTCOMES = tuple(outcome.value for outcome in models.Outcome)


class Source(TypedDict):
    """A publisher of pages that published reviews rest on."""

    id: Annotated[str, Meaning(_SOURCE, "src_…")]
    url: Annotated[str, Meaning(f"/api/v1/sources/{_SOURCE}/", "Path of this resource.")]
    name: Annotated[str, Meaning("Roads agency")]
    kind: Annotated[str, Meaning("government", choices=tuple(models.Source.Kind.values))]
    homepage: Annotated[str | None, Meaning("https://roads.example")]
    language: Annotated[str | None, Meaning("en", "BCP 47.")]
    demo: Annotated[bool, Meaning(False, "Demonstration data.")]


class SourceDetail(Source):
    """A source and its pages that published reviews rest on."""

    pages: list[published.NamedPage]


class Health(TypedDict):
    """How polling the page went. Only `ok` and `unchanged` say anything about its text."""

    outcome: Annotated[str | None, Meaning("unchanged", "Of the last poll; null before the first.", choices=_OUTCOMES)]
    last_attempt_at: Annotated[Time | None, Meaning(published.AT)]
    last_success_at: Annotated[Time | None, Meaning(published.AT, "When its text was last read.")]
    last_validated_at: Annotated[
        Time | None,
        Meaning(published.AT, "Before the last request answered by “not modified”, which proves nothing of its text."),
    ]
    failures: Annotated[int, Meaning(0, "Failed polls in a row.")]


class ListedPage(published.NamedPage):
    """A page that published reviews rest on, and how polling it went."""

    host: Annotated[str, Meaning("roads.example")]
    source: published.NamedSource
    demo: Annotated[bool, Meaning(False)]
    watch: Annotated[str, Meaning("watched", choices=tuple(models.Page.Watch.values))]
    health: Health


class PageQuote(TypedDict):
    """A quote that a published review rests on, and whether it stands."""

    claim: published.ClaimId
    review: published.ReviewId
    evidence: published.EvidenceId
    stance: published.Stance
    quote: published.Quote
    state: Annotated[str, Meaning("intact", choices=STATES)]
    checked_at: Annotated[Time | None, Meaning(published.AT)]
    now: Annotated[str | None, Meaning(None)]
    cause: Annotated[str | None, Meaning(None, "Why it has to be looked at again.", choices=CAUSES)]
    grade: Annotated[str | None, Meaning(None, "How much an alteration changes.", choices=GRADES)]
    notice: Annotated[str | None, Meaning(None, "The words by which the page no longer stands by it.")]
    last_seen_at: Annotated[
        Time | None,
        Meaning(published.AT, "Before the last request whose whole body was read and in which it stood, if known."),
    ]


class Page(ListedPage):
    """A page, its health and its quotes."""

    quotes: list[PageQuote]


class ChangedQuote(TypedDict):
    """The result of checking a quote after the change."""

    claim: published.ClaimId
    review: published.ReviewId
    evidence: published.EvidenceId
    result: Annotated[str, Meaning("altered", choices=_RESULTS)]
    cause: Annotated[str | None, Meaning("altered", "Why it has to be looked at again.", choices=CAUSES)]
    grade: Annotated[str | None, Meaning("substance", "How much an alteration changes.", choices=GRADES)]
    notice: Annotated[str | None, Meaning(None, "The words by which the page no longer stands by it.")]
    before: published.Before
    after: published.After
    surroundings: published.Surroundings
    changed: published.Changed
    recheck: Annotated[str | None, Meaning(published.RECHECK, "Id of its re-check.")]
    checked_at: Annotated[Time, Meaning(published.AT)]
    wording: Annotated[
        str | None, Meaning(published.WORDING, "A sentence about it for the public; null unless it broke.")
    ]


class Change(TypedDict):
    """A change of a page."""

    id: Annotated[str, Meaning(_CHANGE, "chg_…")]
    url: Annotated[str, Meaning(f"/api/v1/changes/{_CHANGE}/", "Path of this resource.")]
    page: published.NamedPage
    source: published.NamedSource
    kind: Annotated[str, Meaning("text", choices=tuple(models.Change.Kind.values))]
    kinds: Annotated[
        list[str], Meaning(["figures"], "How the text differs, the most important first.", choices=get_args(Kind))
    ]
    certainty: Annotated[str, Meaning("suspected", choices=tuple(models.Change.Certainty.values))]
    outcome: Annotated[str, Meaning("ok", choices=_OUTCOMES)]
    detected_at: Annotated[Time, Meaning(published.AT)]
    quotes: list[ChangedQuote]
