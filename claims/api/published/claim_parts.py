"""What stands in the bodies of published claims: statements, documents, articles, reviews, evidence, snapshots.

Nothing here reads the desk's tables: a thing is found through the bodies that hold it, and told as the newest of
them tells it. What no current body holds is not there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

import orjson
from django.db import connection
from django.http import Http404, HttpResponse
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.openapi import resources
from claims.api.openapi.operations import detail_operation, list_operation
from claims.api.request.filters import (
    ArticleQuery,
    DocumentQuery,
    EvidenceQuery,
    Query,
    ReviewQuery,
    SnapshotQuery,
    StatementQuery,
    detail_query,
)
from claims.api.request.sparse_fields import select_fields
from claims.api.response import audience_of, etag_response, visible_versions
from claims.json_object import Json
from claims.models import ClaimVersion
from claims.models.publication import holding, visible_to_sql
from claims.publication import body_parts
from sources.models import Snapshot

Found = tuple[int, Json]
"""A thing, after the sequence of the body that it was read from."""

MAX_BODIES = 100
_BODY = "publication__body__json"
_HOLDERS = """
    SELECT wanted.id, version.sequence_from, version.claim_public_id
    FROM unnest(%s::text[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT sequence_from, claim_public_id FROM claims_claimversion AS held
        WHERE parts @> ARRAY[wanted.id]::varchar[] AND {told} AND sequence_to IS NULL
        OFFSET 0
    ) AS version
"""


class Contained(GenericAPIView[ClaimVersion]):
    """Things of one kind in the bodies that answer now."""

    anonymous = True
    of_log = True
    things: ClassVar[Callable[[Json], Iterator[Json]]]
    shared: ClassVar = True  # several claims can have the same
    marker: ClassVar[str] = ""  # that a body has any at all

    def completed(self, things: list[Json]) -> list[Json]:
        """The same things with what stands in no body."""
        return things

    def told(self, request: Request, things: list[Json]) -> list[bytes]:
        return [orjson.dumps(select_fields(thing, self.params.get("fields"))) for thing in self.completed(things)]  # type: ignore[attr-defined]


class ContainedList(Contained):
    """Those of the latest changed claims first. One that several claims have stands where the latest of them does."""

    query_class: ClassVar[type[Query]]
    keyset: ClassVar = ("-sequence_from",)

    def get(self, request: Request) -> HttpResponse:
        versions = self.filter_queryset(visible_versions(request))
        if self.marker:
            versions = versions.filter(contained_ids__contains=[self.marker])
        query = self.query_class()

        def kept(row: dict[str, Any]) -> Iterator[Found]:
            for thing in type(self).things(_body(row)):
                if query.matches(thing, self.params):  # type: ignore[attr-defined]
                    yield row["sequence_from"], thing

        rows = versions.filter(publication__body__isnull=False).values("sequence_from", _BODY)
        found: list[Found] = self.paginator.paginate_contents(rows, request, self, kept)  # type: ignore[union-attr]
        things = self._once(request, found) if self.shared else [thing for _, thing in found]
        return self.get_paginated_response(self.told(request, things))

    def _once(self, request: Request, found: Sequence[Found]) -> list[Json]:
        """Each thing only where the latest claim that has it stands, with all the claims that do."""
        holders = _holders(request, {thing["id"] for _, thing in found}) if found else {}
        return [
            thing | {"claims": [claim for _, claim in holders[thing["id"]]]}
            for sequence, thing in found
            if holders[thing["id"]] and holders[thing["id"]][0][0] == sequence
        ]


def _holders(request: Request, ids: set[str]) -> dict[str, list[tuple[int, str]]]:
    """By id, sequence and claim of the bodies that hold the thing, the latest change first. One query.

    One look into the index for each: asked for all at once, PostgreSQL reckons with so many rows that it reads
    through the whole log.
    """
    holders: dict[str, list[tuple[int, str]]] = defaultdict(list)
    with connection.cursor() as cursor:
        told = visible_to_sql(audience_of(request), table="held")
        cursor.execute(_HOLDERS.format(told=told), [sorted(ids)])
        for name, sequence, claim in cursor.fetchall():
            holders[name].append((sequence, claim))
    for held in holders.values():
        held.sort(reverse=True)
    return holders


class ContainedDetail(Contained):
    """One of them, as the body that changed last tells it."""

    def get(self, request: Request, id: str) -> HttpResponse:
        found = self.filter_queryset(visible_versions(request)).filter(holding(id), publication__body__isnull=False)
        bodies = [_body(row) for row in found.order_by("-sequence_from").values(_BODY)[:MAX_BODIES]]
        same = [thing for body in bodies for thing in type(self).things(body) if thing["id"] == id]
        if not same:
            raise Http404
        thing = self.merged(same)
        if self.shared:
            thing["claims"] = [body["id"] for body in bodies]
        [body] = self.told(request, [thing])
        return etag_response(request, body)

    def merged(self, same: list[Json]) -> Json:
        """One thing of what the bodies say of it, the newest first."""
        return same[0]


def _body(row: dict[str, Any]) -> Json:
    body: Json = orjson.loads(bytes(row[_BODY]))
    return body


@list_operation("statements", StatementQuery, resources.ListedStatement, "Statement")
class StatementList(ContainedList):
    """Statements in which published claims were made, word for word."""

    query_class = StatementQuery
    things = body_parts.statements
    marker = body_parts.HAS_STATEMENTS


@detail_operation("statement", resources.ListedStatement)
class StatementDetail(ContainedDetail):
    """One statement, who said it where, and the claims that it makes."""

    query_class = detail_query(resources.ListedStatement)
    things = body_parts.statements


@list_operation("documents", DocumentQuery, resources.ListedDocument, "Document")
class DocumentList(ContainedList):
    """Articles, speeches and posts in which published claims were made. Never their full text."""

    query_class = DocumentQuery
    things = body_parts.documents
    marker = body_parts.HAS_STATEMENTS


@detail_operation("document", resources.ListedDocument)
class DocumentDetail(ContainedDetail):
    """One article, speech or post, and the claims that were made in it."""

    query_class = detail_query(resources.ListedDocument)
    things = body_parts.documents


@list_operation("articles", ArticleQuery, resources.ListedArticle, "Article")
class ArticleList(ContainedList):
    """Fact-checks as readers meet them, at their own addresses."""

    query_class = ArticleQuery
    things = body_parts.articles


@detail_operation("article", resources.ListedArticle)
class ArticleDetail(ContainedDetail):
    """One fact-check, whose it is, and the claims that it is about."""

    query_class = detail_query(resources.ListedArticle)
    things = body_parts.articles


class _Reviews(Contained):
    things = body_parts.reviews
    shared = False


@list_operation("reviews", ReviewQuery, resources.ListedReview, "Review")
class ReviewList(_Reviews, ContainedList):
    """Reviews in short; `include` adds their text, what they rest on, and their earlier versions."""

    query_class = ReviewQuery

    def completed(self, things: list[Json]) -> list[Json]:
        left_out = {"body", "evidence", "history"} - self.params.get("include", frozenset())  # type: ignore[attr-defined]
        return [{name: value for name, value in thing.items() if name not in left_out} for thing in things]


@detail_operation("review", resources.ReviewDetail)
class ReviewDetail(_Reviews, ContainedDetail):
    """One review, what it rests on, its versions, and the claim that it rates."""

    query_class = detail_query(resources.ReviewDetail)


class _Evidence(Contained):
    things = body_parts.evidence
    shared = False
    marker = body_parts.HAS_EVIDENCE


@list_operation("evidence", EvidenceQuery, resources.ListedEvidence, "Evidence")
class EvidenceList(_Evidence, ContainedList):
    """What published reviews rest on, and whether it still stands."""

    query_class = EvidenceQuery


@detail_operation("evidence_item", resources.ListedEvidence)
class EvidenceDetail(_Evidence, ContainedDetail):
    """One piece of evidence, and the review that rests on it."""

    query_class = detail_query(resources.ListedEvidence)


class _Snapshots(Contained):
    of_log = False
    things = body_parts.snapshots
    marker = body_parts.HAS_EVIDENCE

    def completed(self, things: list[Json]) -> list[Json]:
        """With what was noted of the answer. Snapshots never change, so the table cannot say more than was so."""
        rows = Snapshot.objects.filter(public_id__in=[thing["id"] for thing in things])
        noted = {
            public_id: {"status": status, "media_type": media_type or None, "size": size}
            for public_id, status, media_type, size in rows.values_list(
                "public_id", "status", "blob__media_type", "blob__size"
            )
        }
        return [thing | noted[thing["id"]] for thing in things]


@list_operation("snapshots", SnapshotQuery, resources.ListedSnapshot, "Snapshot")
class SnapshotList(_Snapshots, ContainedList):
    """Observations of pages that published reviews quote. `quotes` are those of the claim that changed last."""

    query_class = SnapshotQuery


@detail_operation("snapshot", resources.ListedSnapshot)
class SnapshotDetail(_Snapshots, ContainedDetail):
    """One observation of a page, and the quotes that were taken from it with their surroundings."""

    query_class = detail_query(resources.ListedSnapshot)

    def merged(self, same: list[Json]) -> Json:
        return same[0] | {"quotes": [quote for snapshot in same for quote in snapshot["quotes"]]}
