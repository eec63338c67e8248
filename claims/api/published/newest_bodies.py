"""Read what many claims name, such as a speaker or a page, out of the newest current body that names it.

So the words are those that were published, whatever the desk has edited since. `FacetCount` says which body it is.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson
from django.db.models import OuterRef, QuerySet, Subquery
from rest_framework.request import Request

from claims.api.response import audience_of, visible_versions
from claims.json_object import Json
from claims.models import FacetCount
from claims.publication import body_parts
from sources.database.prepared_reads import PreparedStatement

# The column of `ClaimVersion` that lists the entities of a kind, for the few whose newest body is not known.
_COLUMNS = {
    FacetCount.Kind.SPEAKER: "speakers",
    FacetCount.Kind.ORGANISATION: "organisations",
    FacetCount.Kind.TOPIC: "topics",
    FacetCount.Kind.STEP: "rating_steps",
    FacetCount.Kind.SOURCE: "sources",
    FacetCount.Kind.PAGE: "pages",
}
_BODIES = PreparedStatement(
    "claims_newest_bodies",
    "SELECT publication_id, json FROM claims_publicationbody WHERE publication_id = ANY ($1::bigint[])",
)


class NewestBodies:
    """The stored bodies of these publications (sequences), read by one query."""

    def __init__(self, request: Request, sequences: Iterable[int | None]) -> None:
        self._request = request
        known = {sequence for sequence in sequences if sequence is not None}
        names = b"{%b}" % b",".join(b"%d" % sequence for sequence in known)
        stored = _BODIES.rows(names, binary=True) if known else ()
        self._bodies = {int.from_bytes(sequence or b""): orjson.loads(json or b"") for sequence, json in stored}

    def find(
        self,
        name: str,
        sequence: int | None,
        kind: FacetCount.Kind,
        entities: Callable[[Json], Iterator[Json]],
        key: str = "id",
    ) -> Json | None:
        """The entity of this name as the body of the sequence has it; None if no stored body names it.

        If that body is unknown or redacted, a query of its own finds the latest one that names it.
        """
        body = self._bodies.get(sequence) if sequence is not None else None
        if body is None:
            body = _latest_with(self._request, _COLUMNS[kind], name)
        return next((entity for entity in entities(body) if entity[key] == name), None) if body else None

    def source(self, name: str, sequence: int | None) -> Json | None:
        """A source, as published."""
        return self.find(name, sequence, FacetCount.Kind.SOURCE, body_parts.sources)

    def page(self, name: str, sequence: int | None) -> Json | None:
        """A page with its source, as published."""
        return self.find(name, sequence, FacetCount.Kind.PAGE, body_parts.pages)


def with_newest(rows: QuerySet[Any], request: Request, kind: FacetCount.Kind) -> QuerySet[Any]:
    """Add to rows with a `public_id` the sequence of the newest body that names each, as `newest`."""
    facets = FacetCount.objects.filter(audience=audience_of(request), kind=kind, name=OuterRef("public_id"))
    annotated: QuerySet[Any] = rows.annotate(newest=Subquery(facets.values("newest")))
    return annotated


def published_sources_of(request: Request, rows: Iterable[Any]) -> dict[str, Json]:
    """The sources (with `newest`) as published, by public id, without those that no stored body names."""
    rows = list(rows)
    bodies = NewestBodies(request, (row.newest for row in rows))
    found = {row.public_id: bodies.source(row.public_id, row.newest) for row in rows}
    return {name: entity for name, entity in found.items() if entity is not None}


def published_pages_of(request: Request, rows: Iterable[Any]) -> dict[str, Json]:
    """The same for pages, each with its source."""
    rows = list(rows)
    bodies = NewestBodies(request, (row.newest for row in rows))
    found = {row.public_id: bodies.page(row.public_id, row.newest) for row in rows}
    return {name: entity for name, entity in found.items() if entity is not None}


def _latest_with(request: Request, column: str, name: str) -> Json | None:
    """The latest body that lists the name in this column."""
    having = visible_versions(request).filter(publication__body__isnull=False, **{f"{column}__contains": [name]})
    json = having.order_by("-sequence_from").values_list("publication__body__json", flat=True).first()
    return None if json is None else orjson.loads(bytes(json))
