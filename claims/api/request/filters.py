"""The query parameters of each route: what they are called, what they may be, and what they ask for.

Each narrows a queryset of what is published already, so that no filter can reach further than the list. What
asks for one thing of many in a body says in `keeps` which of them count.
"""

from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet
from rest_framework import serializers

from claims.api.openapi import claim, resources
from claims.api.request.query_fields import Address, Fields, Id, Include, OneOf, Past, Since, Words
from claims.models import Evidence, Review, Verdict
from claims.models.publication import ClaimVersionQuerySet, after, before, holding
from claims.publication import body_parts
from sources.models import Change, Page, Source

Json = dict[str, Any]
Asked = dict[str, Any]


class Query(serializers.Serializer[Any]):
    """Parameters that narrow nothing."""

    def narrow(self, rows: Any, asked: Asked) -> Any:
        """Those that hold for everything asked."""
        return rows

    def keeps(self, thing: Json, asked: Asked) -> bool:
        """Whether this thing of a body is among those asked for."""
        return True


def shaped(of: type[serializers.Serializer[Any]]) -> type[Query]:
    """The parameters of a route that answers with one thing."""
    return type(f"{of.__name__}Query", (Query,), {"fields": Fields(of)})


class ClaimShape(Query):
    """How a claim is told."""

    fields = Fields(claim.ClaimSerializer)  # type: ignore[assignment]
    include = Include(["events"])
    as_of = Past(help_text="The answer as it was at this time. What was redacted since stays redacted.")


class ClaimQuery(ClaimShape):
    """Filters of the list of claims; several together must all hold."""

    q = Words(200, help_text="Words to search for, as in a search engine: quotes, `or`, `-without`. No stemming.")
    verification = OneOf([value.value for value in claim.PUBLISHED], help_text="State of the checking.")
    verdict = OneOf(Verdict.values, help_text="What a rating amounts to, across publishers' scales.")
    rating = Words(300, help_text="A publisher's rating, exactly as it is written: Mostly false.")
    topic = Words(80, help_text="A topic's slug.")
    speaker = Id("spk", help_text="Id of a speaker whose statement makes the claim.")
    organisation = Id("org", help_text="Id of an organisation that has reviewed the claim.")
    language = Words(35, help_text="BCP 47, exactly: en does not find en-GB.")
    source = Id("src", help_text="Id of a source that a review rests on.")  # type: ignore[assignment]
    host = Words(253, help_text="Host of a page that a review rests on: www.example.org.")
    page = Id("pag", help_text="Id of a page that a review rests on.")
    document = Id("doc", help_text="Id of a document in which the claim was made.")
    article = Id("art", help_text="Id of a fact-check of the claim.")
    appearance_url = Address(help_text="Address of an article, speech or post in which the claim was made.")
    evidence_url = Address(help_text="Address of a page that a review rests on.")
    article_url = Address(help_text="Address of a fact-check of the claim.")
    published_since = Since(help_text="Claims first published at this time or later.")
    published_until = Since(help_text="Claims first published before this time.")
    updated_since = Since(help_text="Claims that changed at this time or later.")
    updated_until = Since(help_text="Claims whose last change was before this time.")

    def narrow(self, versions: ClaimVersionQuerySet, asked: Asked) -> ClaimVersionQuerySet:
        """Those that hold for everything asked."""
        found = versions
        for name, column in (
            ("verdict", "verdicts"),
            ("rating", "ratings"),
            ("topic", "topics"),
            ("speaker", "speakers"),
            ("organisation", "organisations"),
            ("source", "sources"),
            ("page", "pages"),
        ):
            if name in asked:
                found = found.filter(**{f"{column}__contains": [asked[name]]})
        for name in ("document", "article"):
            if name in asked:
                found = found.filter(holding(asked[name]))
        for name, kind in (("appearance_url", "doc"), ("evidence_url", "pag"), ("article_url", "art")):
            if name in asked:
                found = found.filter(holding(body_parts.address_key(kind, asked[name])))
        if "host" in asked:
            found = found.filter(hosts__contains=[asked["host"].lower()])
        if "verification" in asked:
            found = found.filter(verification=asked["verification"])
        if "language" in asked:
            found = found.filter(language=asked["language"])
        if "published_since" in asked:
            # No version is older than its claim, so that the index of changes serves here too.
            moment = asked["published_since"]
            found = found.filter(changed_at__gte=moment, first_published_at__gte=moment)
        if "published_until" in asked:
            found = found.filter(first_published_at__lt=asked["published_until"])
        if "updated_since" in asked:
            found = found.filter(changed_at__gte=asked["updated_since"])
        if "updated_until" in asked:
            found = found.filter(before(asked["updated_until"]))
        if "q" in asked:
            words = SearchQuery(asked["q"], config="simple", search_type="websearch")
            found = found.filter(search=words)
        return found


class ContentQuery(Query):
    """Filters of lists of what stands in bodies."""

    updated_since = Since(help_text="In claims that changed at this time or later.")

    def narrow(self, versions: ClaimVersionQuerySet, asked: Asked) -> ClaimVersionQuerySet:
        """Versions that may hold what is asked for; `keeps` decides on each thing in them."""
        found = versions.filter(after(asked["updated_since"])) if "updated_since" in asked else versions
        for name, column in self.columns.items():
            if name in asked:
                value = asked[name]
                found = found.filter(
                    holding(value) if column == "contained_ids" else Q(**{f"{column}__contains": [value]})
                )
        for name, kind in self.addresses.items():
            if name in asked:
                found = found.filter(holding(body_parts.address_key(kind, asked[name])))
        return found

    # Parameters by the column of versions that knows them, and addresses by the kind of their keys.
    columns: Asked = {}
    addresses: Asked = {}


class StatementQuery(ContentQuery):
    """Filters of the list of statements."""

    fields = Fields(resources.ListedStatementSerializer)  # type: ignore[assignment]
    speaker = Id("spk", help_text="Id of who said it.")
    document = Id("doc", help_text="Id of the document that it stands in.")
    document_url = Address(help_text="Address of that document.")

    columns = {"speaker": "speakers", "document": "contained_ids"}
    addresses = {"document_url": "doc"}

    def keeps(self, thing: Json, asked: Asked) -> bool:
        speaker, document = thing["speaker"], thing["document"]
        return (
            asked.get("speaker") in (None, speaker and speaker["id"])
            and asked.get("document") in (None, document["id"])
            and _at(asked.get("document_url"), document["url"])
        )


class DocumentQuery(ContentQuery):
    """Filters of the list of documents."""

    fields = Fields(resources.ListedDocumentSerializer)  # type: ignore[assignment]
    address = Address(help_text="The document's own address on the web.")

    addresses = {"address": "doc"}

    def keeps(self, thing: Json, asked: Asked) -> bool:
        return _at(asked.get("address"), thing["url"])


class ArticleQuery(ContentQuery):
    """Filters of the list of articles."""

    fields = Fields(resources.ListedArticleSerializer)  # type: ignore[assignment]
    organisation = Id("org", help_text="Id of the organisation whose they are.")
    address = Address(help_text="The article's own address on the web.")

    columns = {"organisation": "organisations"}
    addresses = {"address": "art"}

    def keeps(self, thing: Json, asked: Asked) -> bool:
        whose = asked.get("organisation") in (None, thing["organisation"]["id"])
        return whose and _at(asked.get("address"), thing["url"])


class ReviewQuery(ContentQuery):
    """Filters of the list of reviews."""

    fields = Fields(resources.ListedReviewSerializer)  # type: ignore[assignment]
    include = Include(["body", "evidence", "history"])
    organisation = Id("org", help_text="Id of the organisation whose they are.")
    article = Id("art", help_text="Id of the fact-check that they stand in.")
    verdict = OneOf(Verdict.values, help_text="What the rating amounts to.")
    rating = Words(300, help_text="The rating, exactly as it is written.")
    origin = OneOf(Review.Origin.values, help_text="Our own, or imported.")

    columns = {"organisation": "organisations", "article": "contained_ids", "verdict": "verdicts", "rating": "ratings"}

    def keeps(self, thing: Json, asked: Asked) -> bool:
        article, rating = thing["article"], thing["rating"]
        return (
            asked.get("organisation") in (None, thing["organisation"]["id"])
            and asked.get("article") in (None, article and article["id"])
            and asked.get("verdict") in (None, rating and rating["verdict"])
            and asked.get("rating") in (None, rating and rating["label"])
            and asked.get("origin") in (None, thing.get("origin"))
        )


class EvidenceQuery(ContentQuery):
    """Filters of the list of evidence."""

    fields = Fields(resources.ListedEvidenceSerializer)  # type: ignore[assignment]
    kind = OneOf(Evidence.Kind.values, help_text="Sort of evidence.")
    stance = OneOf(Evidence.Stance.values, help_text="Whether it supports or refutes the claim.")
    state = OneOf(claim.STATES, help_text="What came of looking for it again.")
    page = Id("pag", help_text="Id of the page that is quoted.")
    source = Id("src", help_text="Id of the source that is quoted.")  # type: ignore[assignment]
    address = Address(help_text="Address of the page that is quoted.")

    columns = {"page": "pages", "source": "sources"}
    addresses = {"address": "pag"}

    def keeps(self, thing: Json, asked: Asked) -> bool:
        page, source = thing.get("page") or {}, thing.get("source") or {}
        return (
            all(asked.get(name) in (None, thing[name]) for name in ("kind", "stance", "state"))
            and asked.get("page") in (None, page.get("id"))
            and asked.get("source") in (None, source.get("id"))
            and _at(asked.get("address"), page.get("url"))
        )


class SnapshotQuery(ContentQuery):
    """Filters of the list of snapshots."""

    fields = Fields(resources.ListedSnapshotSerializer)  # type: ignore[assignment]
    page = Id("pag", help_text="Id of the page.")
    address = Address(help_text="Address of the page.")

    columns = {"page": "pages"}
    addresses = {"address": "pag"}

    def keeps(self, thing: Json, asked: Asked) -> bool:
        page = thing["page"]
        return asked.get("page") in (None, page["id"]) and _at(asked.get("address"), page["url"])


def _at(address: str | None, url: str | None) -> bool:
    """Whether the URL is at the address, which is in its canonical form; true if none is asked for."""
    return address is None or body_parts.address_key("", url) == body_parts.address_key("", address)


class SpeakerQuery(Query):
    """Parameters of the list of speakers."""

    fields = Fields(resources.MentionedSpeakerSerializer)  # type: ignore[assignment]


class OrganisationQuery(Query):
    """Parameters of the list of organisations."""

    fields = Fields(resources.MentionedOrganisationSerializer)  # type: ignore[assignment]


class TopicQuery(Query):
    """Parameters of the list of topics."""

    fields = Fields(resources.MentionedTopicSerializer)  # type: ignore[assignment]


class RatingScaleQuery(Query):
    """Parameters of the list of rating scales."""

    fields = Fields(resources.RatingScaleSerializer)  # type: ignore[assignment]


class SourceQuery(Query):
    """Filters of the list of sources."""

    kind = OneOf(Source.Kind.values, help_text="Sort of publisher.")

    def narrow(self, sources: QuerySet[Source], asked: Asked) -> QuerySet[Source]:
        """Those that hold for everything asked."""
        return sources.filter(kind=asked["kind"]) if "kind" in asked else sources


class PageQuery(Query):
    """Filters of the list of pages; several together must all hold."""

    source = Id("src", help_text="Id of a source.")  # type: ignore[assignment]
    host = Words(253, help_text="Host: www.example.org.")
    address = Address(help_text="The page's own address on the web.")

    def narrow(self, pages: QuerySet[Page], asked: Asked) -> QuerySet[Page]:
        """Those that hold for everything asked."""
        found = pages
        if "source" in asked:
            found = found.filter(source__public_id=asked["source"])
        if "host" in asked:
            found = found.filter(polling__host=asked["host"].lower())
        if "address" in asked:
            found = found.filter(url=asked["address"])
        return found


class ChangeQuery(Query):
    """Filters of the list of changes; several together must all hold."""

    page = Id("pag", help_text="Id of a page.")
    source = Id("src", help_text="Id of a source.")  # type: ignore[assignment]
    kind = OneOf(Change.Kind.values, help_text="What happened.")
    certainty = OneOf(Change.Certainty.values, help_text="Seen once, or confirmed by a later poll.")
    detected_since = Since(help_text="Changes seen at this time or later.")

    def narrow(self, changes: QuerySet[Change], asked: Asked) -> QuerySet[Change]:
        """Those that hold for everything asked."""
        columns = {
            "page": "page__public_id",
            "source": "page__source__public_id",
            "kind": "kind",
            "certainty": "certainty",
            "detected_since": "detected_at__gte",
        }
        return changes.filter(**{columns[name]: value for name, value in asked.items()})
