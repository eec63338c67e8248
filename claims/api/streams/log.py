"""Route of the log's lines, from which anybody can recompute the chain of hashes."""

from typing import Any

import orjson
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.openapi.serializers import serializer_of
from claims.api.openapi.streams import LogPage
from claims.api.request.query_fields import Integer
from claims.api.response import audience_of, etag_response
from claims.models import ClaimVersion, Publication
from claims.publication import log_proof
from claims.publication.description import example


class LogQuery(serializers.Serializer[Publication]):
    """Which rows."""

    after = Integer(0, 2**63 - 1, default=0, help_text="Sequence of the last row that you have.")
    limit = Integer(1, 1_000, default=100, help_text="Rows of a page.")

    def narrow(self, _: Any, params: dict[str, Any]) -> tuple[int, int]:
        """Where the page begins, and how many rows it has."""
        return params["after"], params["limit"]


class Log(GenericAPIView[ClaimVersion]):
    """The lines of the publication log."""

    anonymous = True
    of_log = True
    query_class = LogQuery

    @extend_schema(
        operation_id="log",
        parameters=[LogQuery],
        responses=serializer_of(LogPage),
        examples=[OpenApiExample("Two rows", example(LogPage), response_only=True)],
    )
    def get(self, request: Request) -> HttpResponse:
        """Every row of the publication log, in order, to recompute its chain of hashes.

        Of a row that you may not read there are `sequence` and `line_sha256` alone. The log ends for you with the
        last row that you may read. docs/log.md says what a line holds and how the hashes are made.
        """
        query: Any = self.filter_queryset((0, 0))  # type: ignore[arg-type]
        after, limit = query
        audience = audience_of(request)
        end = log_proof.end(audience)
        after = min(after, end)
        rows = log_proof.rows_between(after, min(after + limit, end), audience=audience)
        previous_hash = log_proof.hash_at(after)
        last = rows[-1].sequence if rows else after
        rest = {
            "previous_hash": previous_hash,
            "hash": rows[-1].hash if rows else previous_hash,
            "next": self._next(request, last) if last < end else None,
        }
        items = b",".join(row.json for row in rows)
        return etag_response(request, b'{"results":[' + items + b"]," + orjson.dumps(rest)[1:])

    def _next(self, request: Request, last: int) -> str:
        parameters = request.query_params.copy()
        parameters["after"] = str(last)
        return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")
