"""The query parameters of each published route, and how they filter its querysets and the items in claim bodies.

Every class narrows a queryset of published rows, so that no filter can reach beyond the list. A class that selects
single items from bodies decides on each item in `matches`.
"""

from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet
from rest_framework import serializers

from claims.api.openapi import resources
from claims.api.request import names
from claims.api.request.languages import in_languages
from claims.api.request.query_fields import (
    Choice,
    Fields,
    Id,
    Include,
    InvalidParameter,
    LanguageRanges,
    PastTime,
    Slug,
    Text,
    Time,
    Url,
)
from claims.api.request.standing_claim import standing_claim
from claims.formats.suspended import shown_rating
from claims.json_object import Json
from claims.models import Evidence, FacetCount, Organisation, Review, Speaker, Verdict
from claims.models.publication import ClaimVersionQuerySet, after, before, holding
from claims.publication import body_parts
from claims.publication.published_claim import STATES, STATUSES, Claim

Params = dict[str, Any]

_MAPPED = "With `verdict`: `true` also counts verdicts that shipped scales map a publisher's label to."


class Query(serializers.Serializer[Any]):
    """A route without filters; base of the others."""

    def narrow(self, rows: Any, params: Params) -> Any:
        """The rows that match all parameters."""
        return rows

    def matches(self, item: Json, params: Params) -> bool:
        """Whether an item of a body matches all parameters."""
        return True


def detail_query(shape: Any) -> type[Query]:
    """The parameters of a route that returns one resource."""
    return type(f"{shape.__name__}Query", (Query,), {"fields": Fields(shape)})


class ClaimDetailQuery(Query):
    """Parameters of one claim: which fields, what to include, and as of which time."""

    fields = Fields(Claim)  # type: ignore[assignment]
    include = Include(["events", "freshness", "verdict_mapped"])
    as_of = PastTime(help_text="The answer as it was at this time. What was redacted since stays redacted.")


class ClaimQuery(ClaimDetailQuery):
    """Filters of the list of claims; all that are given must match."""

    q = Text(
        200,
        help_text="Words that must all occur, as they are written; `or`, `-without`, quoted phrases. It filters and "
        "does not rank: `/api/v1/search` does, and `/api/v1/match` says whether a sentence was checked.",
    )
    verification = Choice(STATUSES, help_text="State of the checking.")
    verdict = Choice(Verdict.values, help_text="What a rating amounts to, across publishers' scales.")
    mapped = Choice(["true", "false"], help_text=_MAPPED)
    rating = Text(300, help_text="A publisher's rating, in whichever case and with or without accents: mostly false.")
    origin = Choice(Review.Origin.values, help_text="Claims with a review of our own, or with an imported one.")
    topic = Slug(80, help_text="A topic's slug.")
    speaker = Id("spk", help_text="Id of a speaker whose statement makes the claim.")
    organisation = Id("org", help_text="Id of an organisation that has reviewed the claim.")
    language = LanguageRanges(help_text="Language ranges (RFC 4647), with commas between: en finds en-GB too; * all.")
    source = Id("src", help_text="Id of a source that a review rests on.")  # type: ignore[assignment]
    host = Text(253, help_text="Host of a page that a review rests on: www.example.org.")
    page = Id("pag", help_text="Id of a page that a review rests on.")
    document = Id("doc", help_text="Id of a document in which the claim was made.")
    article = Id("art", help_text="Id of a fact-check of the claim.")
    appearance_url = Url(help_text="Address of an article, speech or post in which the claim was made.")
    evidence_url = Url(help_text="Address of a page that a review rests on.")
    article_url = Url(help_text="Address of a fact-check of the claim.")
    published_since = Time(help_text="Claims first published at this time or later.")
    published_until = Time(help_text="Claims first published before this time.")
    updated_since = Time(help_text="Claims that changed at this time or later.")
    updated_until = Time(help_text="Claims whose last change was before this time.")

    def narrow(self, versions: ClaimVersionQuerySet, params: Params) -> ClaimVersionQuerySet:
        """The versions that match all parameters."""
        for name, column in (
            ("verdict", _verdict_column(params)),
            ("topic", "topics"),
            ("speaker", "speakers"),
            ("organisation", "organisations"),
            ("source", "sources"),
            ("page", "pages"),
        ):
            if name in params:
                versions = versions.filter(**{f"{column}__contains": [params[name]]})
        for name in ("document", "article"):
            if name in params:
                versions = versions.filter(holding(params[name]))
        if "rating" in params:
            versions = versions.filter(holding(body_parts.rating_key(params["rating"])))
        if "origin" in params:
            versions = versions.filter(holding(body_parts.ORIGIN + params["origin"]))
        for name, kind in (("appearance_url", "doc"), ("evidence_url", "pag"), ("article_url", "art")):
            if name in params:
                versions = versions.filter(holding(body_parts.address_key(kind, params[name])))
        if "host" in params:
            versions = versions.filter(hosts__contains=[params["host"].lower()])
        if "verification" in params:
            versions = versions.filter(verification=params["verification"])
        if "language" in params and "*" not in params["language"]:
            versions = versions.filter(in_languages(params["language"], past="as_of" in params))
        if "published_since" in params:
            # No version is older than its claim, so the index on changed_at serves here too.
            moment = params["published_since"]
            versions = versions.filter(changed_at__gte=moment, first_published_at__gte=moment)
        if "published_until" in params:
            versions = versions.filter(first_published_at__lt=params["published_until"])
        if "updated_since" in params:
            versions = versions.filter(changed_at__gte=params["updated_since"])
        if "updated_until" in params:
            versions = versions.filter(before(params["updated_until"]))
        if "q" in params:
            words = SearchQuery(params["q"], config="simple", search_type="websearch")
            versions = versions.filter(search=words)
        return versions


def _verdict_column(params: Params) -> str:
    """The column that `verdict` looks into: the publishers' own verdicts, or also those of shipped scales."""
    if "mapped" in params and "verdict" not in params:
        raise InvalidParameter("mapped", "Say it together with verdict.")
    return "all_verdicts" if params.get("mapped") == "true" else "verdicts"


class ContentQuery(Query):
    """Filters of lists of items that are parts of claim bodies."""

    claim = Id("clm", help_text="Id of the claim that they belong to.")
    updated_since = Time(help_text="In claims that changed at this time or later.")

    def narrow(self, versions: ClaimVersionQuerySet, params: Params) -> ClaimVersionQuerySet:
        """The versions that may hold matching items; `matches` then decides on each item."""
        versions = versions.filter(after(params["updated_since"])) if "updated_since" in params else versions
        if "claim" in params:
            versions = versions.filter(claim_public_id=standing_claim(params["claim"]))
        for name, column in self.columns.items():
            if name in params:
                value = params[name]
                versions = versions.filter(
                    holding(value) if column == "contained_ids" else Q(**{f"{column}__contains": [value]})
                )
        for name, kind in self.addresses.items():
            if name in params:
                versions = versions.filter(holding(body_parts.address_key(kind, params[name])))
        return versions

    # The version column that each parameter filters on, and the key prefix of each address parameter.
    columns: Params = {}
    addresses: Params = {}


class StatementQuery(ContentQuery):
    """Filters of the list of statements."""

    fields = Fields(resources.ListedStatement)  # type: ignore[assignment]
    speaker = Id("spk", help_text="Id of who said it.")
    document = Id("doc", help_text="Id of the document that it stands in.")
    document_url = Url(help_text="Address of that document.")

    columns = {"speaker": "speakers", "document": "contained_ids"}
    addresses = {"document_url": "doc"}

    def matches(self, item: Json, params: Params) -> bool:
        speaker, document = item["speaker"], item["document"]
        return (
            params.get("speaker") in (None, speaker and speaker["id"])
            and params.get("document") in (None, document["id"])
            and _at(params.get("document_url"), document["url"])
        )


class DocumentQuery(ContentQuery):
    """Filters of the list of documents."""

    fields = Fields(resources.ListedDocument)  # type: ignore[assignment]
    address = Url(help_text="The document's own address on the web.")

    addresses = {"address": "doc"}

    def matches(self, item: Json, params: Params) -> bool:
        return _at(params.get("address"), item["url"])


class ArticleQuery(ContentQuery):
    """Filters of the list of articles."""

    fields = Fields(resources.ListedArticle)  # type: ignore[assignment]
    organisation = Id("org", help_text="Id of the organisation whose they are.")
    address = Url(help_text="The article's own address on the web.")

    columns = {"organisation": "organisations"}
    addresses = {"address": "art"}

    def matches(self, item: Json, params: Params) -> bool:
        whose = params.get("organisation") in (None, item["organisation"]["id"])
        return whose and _at(params.get("address"), item["url"])


class ReviewQuery(ContentQuery):
    """Filters of the list of reviews."""

    fields = Fields(resources.ListedReview)  # type: ignore[assignment]
    include = Include(["body", "evidence", "history"])
    organisation = Id("org", help_text="Id of the organisation whose they are.")
    article = Id("art", help_text="Id of the fact-check that they stand in.")
    verdict = Choice(Verdict.values, help_text="What the rating amounts to.")
    mapped = Choice(["true", "false"], help_text=_MAPPED)
    rating = Text(300, help_text="The rating, in whichever case and with or without accents.")
    origin = Choice(Review.Origin.values, help_text="Our own, or imported.")

    columns = {"organisation": "organisations", "article": "contained_ids"}

    def narrow(self, versions: ClaimVersionQuerySet, params: Params) -> ClaimVersionQuerySet:
        versions = super().narrow(versions, params)
        if "rating" in params:
            versions = versions.filter(holding(body_parts.rating_key(params["rating"])))
        column = _verdict_column(params)
        return versions.filter(**{f"{column}__contains": [params["verdict"]]}) if "verdict" in params else versions

    def matches(self, item: Json, params: Params) -> bool:
        article, rating = item["article"], shown_rating(item)
        verdict = rating and rating["verdict"]
        if not verdict and params.get("mapped") == "true":
            verdict = item.get("verdict_mapped", {}).get("verdict")
        return (
            params.get("organisation") in (None, item["organisation"]["id"])
            and params.get("article") in (None, article and article["id"])
            and params.get("verdict") in (None, verdict)
            and ("rating" not in params or _has_rating(rating, params["rating"]))
            and params.get("origin") in (None, item.get("origin"))
        )


class EvidenceQuery(ContentQuery):
    """Filters of the list of evidence."""

    fields = Fields(resources.ListedEvidence)  # type: ignore[assignment]
    kind = Choice(Evidence.Kind.values, help_text="Sort of evidence.")
    stance = Choice(Evidence.Stance.values, help_text="Whether it supports or refutes the claim.")
    state = Choice(STATES, help_text="What came of looking for it again.")
    page = Id("pag", help_text="Id of the page that is quoted.")
    source = Id("src", help_text="Id of the source that is quoted.")  # type: ignore[assignment]
    address = Url(help_text="Address of the page that is quoted.")

    columns = {"page": "pages", "source": "sources"}
    addresses = {"address": "pag"}

    def matches(self, item: Json, params: Params) -> bool:
        page, source = item.get("page") or {}, item.get("source") or {}
        return (
            all(params.get(name) in (None, item[name]) for name in ("kind", "stance", "state"))
            and params.get("page") in (None, page.get("id"))
            and params.get("source") in (None, source.get("id"))
            and _at(params.get("address"), page.get("url"))
        )


class SnapshotQuery(ContentQuery):
    """Filters of the list of snapshots."""

    fields = Fields(resources.ListedSnapshot)  # type: ignore[assignment]
    page = Id("pag", help_text="Id of the page.")
    address = Url(help_text="Address of the page.")

    columns = {"page": "pages"}
    addresses = {"address": "pag"}

    def matches(self, item: Json, params: Params) -> bool:
        page = item["page"]
        return params.get("page") in (None, page["id"]) and _at(params.get("address"), page["url"])


def _has_rating(rating: Json | None, label: str) -> bool:
    return rating is not None and body_parts.rating_key(rating["label"]) == body_parts.rating_key(label)


def _at(address: str | None, url: str | None) -> bool:
    """Whether the URL is an address of the page at this one; true if no address is given."""
    return address is None or body_parts.address_key("", url) == body_parts.address_key("", address)


class SpeakerQuery(Query):
    """Parameters of the list of speakers."""

    fields = Fields(resources.MentionedSpeaker)  # type: ignore[assignment]
    q = Text(200, help_text="Words of the name, whole or in part; all must occur. Case and accents do not matter.")

    def narrow(self, facets: QuerySet[FacetCount], params: Params) -> QuerySet[FacetCount]:
        """Those that have, or once had, such a name; `matches` then asks the published one."""
        return facets.filter(name__in=names.ever_named(Speaker, params["q"])) if "q" in params else facets

    def matches(self, item: Json, params: Params) -> bool:
        return names.has_words(item["name"], params.get("q", ""))


class OrganisationQuery(Query):
    """Parameters of the list of organisations."""

    fields = Fields(resources.MentionedOrganisation)  # type: ignore[assignment]
    q = Text(200, help_text="Words of the name, whole or in part; all must occur. Case and accents do not matter.")
    site = Text(300, help_text="Its site, by host or address, with or without www.: paper.example.")

    def narrow(self, facets: QuerySet[FacetCount], params: Params) -> QuerySet[FacetCount]:
        """Those that have, or once had, such a name or site; `matches` then asks the published ones."""
        if "q" in params:
            facets = facets.filter(name__in=names.ever_named(Organisation, params["q"]))
        if "site" in params:
            host = names.host_in(params["site"])
            facets = facets.filter(name__in=names.ever_named(Organisation, host, column="site"))
        return facets

    def matches(self, item: Json, params: Params) -> bool:
        at = "site" not in params or names.host_in(item["site"] or "") == names.host_in(params["site"])
        return at and names.has_words(item["name"], params.get("q", ""))


class TopicQuery(Query):
    """Parameters of the list of topics."""

    fields = Fields(resources.MentionedTopic)  # type: ignore[assignment]


class RatingScaleQuery(Query):
    """Parameters of the list of rating scales."""

    fields = Fields(resources.RatingScale)  # type: ignore[assignment]
