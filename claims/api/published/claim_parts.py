"""Serve the parts of published claims: statements, documents, articles, reviews, evidence and snapshots.

Nothing here reads the editors' tables: a part is found through the current bodies that contain it, and shown as the
newest of them has it. A part that no current body contains is not found.
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
from claims.formats.as_now import as_now
from claims.json_object import Json
from claims.mapped_verdicts import with_mapped
from claims.models import ClaimVersion
from claims.models.publication import holding, visible_to_sql
from claims.publication import body_parts
from sources.models import Snapshot

SequencedPart = tuple[int, Json]
"""The sequence of a body, and a part of it."""

MAX_BODIES = 100
_BODY = "publication__body__json"
_CLAIMS_HOLDING = """
    SELECT wanted.id, version.sequence_from, version.claim_public_id
    FROM unnest(%s::text[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT sequence_from, claim_public_id FROM claims_claimversion AS held
        WHERE contained_ids @> ARRAY[wanted.id]::varchar[] AND {visible} AND sequence_to IS NULL
        OFFSET 0
    ) AS version
"""


class PartView(GenericAPIView[ClaimVersion]):
    """Parts of one kind in the current bodies."""

    anonymous = True
    of_log = True
    parts: ClassVar[Callable[[Json], Iterator[Json]]]
    shared: ClassVar = True  # whether several claims can contain the same part
    marker: ClassVar[str] = ""  # the entry of `contained_ids` in bodies that have any
    columns: ClassVar[tuple[str, ...]] = (_BODY,)  # of `ClaimVersion`, beside its place

    def extended(self, parts: list[Json]) -> list[Json]:
        """The parts with fields that stand in no body."""
        return parts

    def serialized(self, request: Request, parts: list[Json]) -> list[bytes]:
        return [orjson.dumps(select_fields(part, self.params.get("fields"))) for part in self.extended(parts)]  # type: ignore[attr-defined]


class PartList(PartView):
    """Parts in the order of their claims, the latest first; a shared one stands with the latest of its claims."""

    query_class: ClassVar[type[Query]]
    keyset: ClassVar = ("-sequence_from",)

    def get(self, request: Request) -> HttpResponse:
        versions = self.filter_queryset(visible_versions(request))
        if self.marker:
            versions = versions.filter(contained_ids__contains=[self.marker])
        query = self.query_class()

        def matching(row: dict[str, Any]) -> Iterator[SequencedPart]:
            for part in type(self).parts(_body(row)):
                if query.matches(part, self.params):  # type: ignore[attr-defined]
                    yield row["sequence_from"], part

        rows = versions.filter(publication__body__isnull=False).values("sequence_from", *self.columns)
        found: list[SequencedPart] = self.paginator.paginate_contents(rows, request, self, matching)  # type: ignore[union-attr]
        parts = self._deduplicated(request, found) if self.shared else [part for _, part in found]
        return self.get_paginated_response(self.serialized(request, parts))

    def _deduplicated(self, request: Request, found: Sequence[SequencedPart]) -> list[Json]:
        """Each part once, with the latest claim that contains it, and the ids of all the claims that do."""
        holders = _claims_holding(request, {part["id"] for _, part in found}) if found else {}
        return [
            part | {"claims": [claim for _, claim in holders[part["id"]]]}
            for sequence, part in found
            if holders[part["id"]] and ("claim" in self.params or holders[part["id"]][0][0] == sequence)  # type: ignore[attr-defined]
        ]


def _claims_holding(request: Request, ids: set[str]) -> dict[str, list[tuple[int, str]]]:
    """By id of a part, sequence and claim of the current bodies that contain it, the latest change first. One query.

    It looks into the index once for each part: for all at once PostgreSQL expects so many rows that it scans the log.
    """
    holders: dict[str, list[tuple[int, str]]] = defaultdict(list)
    with connection.cursor() as cursor:
        visible = visible_to_sql(audience_of(request), table="held")
        cursor.execute(_CLAIMS_HOLDING.format(visible=visible), [sorted(ids)])
        for name, sequence, claim in cursor.fetchall():
            holders[name].append((sequence, claim))
    for held in holders.values():
        held.sort(reverse=True)
    return holders


class PartDetail(PartView):
    """One part, as the newest body has it."""

    def get(self, request: Request, id: str) -> HttpResponse:
        found = self.filter_queryset(visible_versions(request)).filter(holding(id), publication__body__isnull=False)
        bodies = [_body(row) for row in found.order_by("-sequence_from").values(*self.columns)[:MAX_BODIES]]
        same = [part for body in bodies for part in type(self).parts(body) if part["id"] == id]
        if not same:
            raise Http404
        part = self.merge(same)
        if self.shared:
            part["claims"] = [body["id"] for body in bodies]
        [body] = self.serialized(request, [part])
        return etag_response(request, body)

    def merge(self, same: list[Json]) -> Json:
        """Combine what the bodies say of one part, the newest first."""
        return same[0]


def _body(row: dict[str, Any]) -> Json:
    return as_now(with_mapped(orjson.loads(bytes(row[_BODY])), row.get("verdict_mapped")))


@list_operation("statements", StatementQuery, resources.ListedStatement, "Statement")
class StatementList(PartList):
    """Statements in which published claims were made, word for word."""

    query_class = StatementQuery
    parts = body_parts.statements
    marker = body_parts.HAS_STATEMENTS


@detail_operation("statement", resources.ListedStatement)
class StatementDetail(PartDetail):
    """One statement, who said it where, and the claims that it makes."""

    query_class = detail_query(resources.ListedStatement)
    parts = body_parts.statements


@list_operation("documents", DocumentQuery, resources.ListedDocument, "Document")
class DocumentList(PartList):
    """Articles, speeches and posts in which published claims were made. Never their full text."""

    query_class = DocumentQuery
    parts = body_parts.documents
    marker = body_parts.HAS_STATEMENTS


@detail_operation("document", resources.ListedDocument)
class DocumentDetail(PartDetail):
    """One article, speech or post, and the claims that were made in it."""

    query_class = detail_query(resources.ListedDocument)
    parts = body_parts.documents


@list_operation("articles", ArticleQuery, resources.ListedArticle, "Article")
class ArticleList(PartList):
    """Fact-checks as readers meet them, at their own addresses."""

    query_class = ArticleQuery
    parts = body_parts.articles


@detail_operation("article", resources.ListedArticle)
class ArticleDetail(PartDetail):
    """One fact-check, whose it is, and the claims that it is about."""

    query_class = detail_query(resources.ListedArticle)
    parts = body_parts.articles


class _Reviews(PartView):
    parts = body_parts.reviews
    shared = False
    columns = (_BODY, "verdict_mapped")


@list_operation("reviews", ReviewQuery, resources.ListedReview, "Review")
class ReviewList(_Reviews, PartList):
    """Reviews in short; `include` adds their text, what they rest on, and their earlier versions."""

    query_class = ReviewQuery

    def extended(self, parts: list[Json]) -> list[Json]:
        left_out = {"body", "evidence", "history"} - self.params.get("include", frozenset())  # type: ignore[attr-defined]
        return [{name: value for name, value in part.items() if name not in left_out} for part in parts]


@detail_operation("review", resources.ReviewDetail)
class ReviewDetail(_Reviews, PartDetail):
    """One review, what it rests on, its versions, and the claim that it rates."""

    query_class = detail_query(resources.ReviewDetail)


class _Evidence(PartView):
    parts = body_parts.evidence
    shared = False
    marker = body_parts.HAS_EVIDENCE


@list_operation("evidence", EvidenceQuery, resources.ListedEvidence, "Evidence")
class EvidenceList(_Evidence, PartList):
    """What published reviews rest on, and whether it still stands."""

    query_class = EvidenceQuery


@detail_operation("evidence_item", resources.ListedEvidence)
class EvidenceDetail(_Evidence, PartDetail):
    """One piece of evidence, and the review that rests on it."""

    query_class = detail_query(resources.ListedEvidence)


class _Snapshots(PartView):
    of_log = False
    parts = body_parts.snapshots
    marker = body_parts.HAS_EVIDENCE

    def extended(self, parts: list[Json]) -> list[Json]:
        """Add the status, media type and size of the response. Snapshots never change, so the table cannot be ahead."""
        rows = Snapshot.objects.filter(public_id__in=[part["id"] for part in parts])
        noted = {
            public_id: {"status": status, "media_type": media_type or None, "size": size}
            for public_id, status, media_type, size in rows.values_list(
                "public_id", "status", "blob__media_type", "blob__size"
            )
        }
        return [part | noted[part["id"]] for part in parts]


@list_operation("snapshots", SnapshotQuery, resources.ListedSnapshot, "Snapshot")
class SnapshotList(_Snapshots, PartList):
    """Observations of pages that published reviews quote. `quotes` are those of the claim that changed last."""

    query_class = SnapshotQuery


@detail_operation("snapshot", resources.ListedSnapshot)
class SnapshotDetail(_Snapshots, PartDetail):
    """One observation of a page, and the quotes that were taken from it with their surroundings."""

    query_class = detail_query(resources.ListedSnapshot)

    def merge(self, same: list[Json]) -> Json:
        return same[0] | {"quotes": [quote for snapshot in same for quote in snapshot["quotes"]]}
