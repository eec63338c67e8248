"""Answer whether up to 500 copies of claims are current, by their ids."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.openapi import resources
from claims.api.openapi.serializers import serializer_of
from claims.api.response import audience_of, visible_versions
from claims.json_object import Json
from claims.models import ClaimVersion
from claims.models.verification import Verification
from claims.publication.body_parts import page_quotes
from claims.publication.description import example
from claims.publication.freshness import UNKNOWN, freshness
from sources.timestamp import timestamp

_ID = re.compile(r"clm_[0-9a-z]{16}\Z")
_EXAMPLE = example(resources.ClaimStatus)
_UNKNOWN: Json = dict.fromkeys(_EXAMPLE) | {"known": False}
_EXAMPLES = [
    OpenApiExample("Two copies", value={"ids": [_EXAMPLE["id"], "clm_0000000000000000"]}, request_only=True),
    OpenApiExample(
        "One is known",
        value={"results": [_EXAMPLE, _UNKNOWN | {"id": "clm_0000000000000000"}]},
        response_only=True,
    ),
]


class ClaimStatuses(GenericAPIView[ClaimVersion]):
    """The state of claims by their ids. A read, sent by POST because 500 ids are too long for a URL."""

    anonymous = True
    only_asks = True

    @extend_schema(
        operation_id="claim_statuses",
        summary="Ask whether copies are current",
        request=resources.StatusQuestionSerializer,
        responses=serializer_of(resources.ClaimStatuses),
        examples=_EXAMPLES,
    )
    def post(self, request: Request) -> HttpResponse:
        """For up to 500 ids: version, time of the last change, state of the checking, and where a claim went.

        Of a claim that was merged into another (`moved_to`), the rest is said of that one.

        Compare `etag` or `sequence` with your copy, and ask anew for those that differ.
        """
        versions = self.filter_queryset(visible_versions(request))
        question = resources.StatusQuestionSerializer(data=request.data)
        question.is_valid(raise_exception=True)
        ids = list(dict.fromkeys(question.validated_data["ids"]))
        rows = _rows(versions, [name for name in ids if _ID.match(name)])
        bodies = {name: _body(row) for name, row in rows.items()}
        moved = {name: body["merged_into"] for name, body in bodies.items() if body and body["merged_into"]}
        if wanted := sorted(set(moved.values()) - set(rows)):  # of merged claims, the claims that they are part of
            more = _rows(versions, wanted)
            rows |= more
            bodies |= {name: _body(row) for name, row in more.items()}
        seen = _freshness(bodies, audience_of(request))
        known = {name: _status(row, bodies[name]) | seen[name] for name, row in rows.items()}
        known |= {
            name: known[whole] | {"id": name, "moved_to": whole} for name, whole in moved.items() if whole in known
        }
        results = [known.get(name) or _UNKNOWN | {"id": name} for name in ids]
        return HttpResponse(orjson.dumps({"results": results}), content_type="application/json")


def _rows(versions: QuerySet[ClaimVersion], names: Sequence[str]) -> dict[str, Any]:
    rows = versions.filter(claim_public_id__in=names).values(
        "claim_public_id",
        "sequence_from",
        "changed_at",
        "verification",
        "publication__version",
        "publication__commitment",
        "publication__body__json",
    )
    return {row["claim_public_id"]: row for row in rows}


def _body(row: Mapping[str, Any]) -> Json | None:
    json = row["publication__body__json"]
    return None if json is None else orjson.loads(bytes(json))


def _freshness(bodies: Mapping[str, Json | None], audience: str) -> dict[str, Json]:
    """The times of each claim: the earliest of its quotes, null if there are none or one is not known."""
    quotes = {
        claim: [item["id"] for item in page_quotes(body)] if body is not None else [] for claim, body in bodies.items()
    }
    known = freshness((name for names in quotes.values() for name in names), audience=audience)
    found = {claim: [known.get(name, UNKNOWN) for name in names] for claim, names in quotes.items()}
    return {
        claim: {
            "last_seen_at": timestamp(_earliest([each.last_seen_at for each in times])),
            "last_validated_at": timestamp(_earliest([each.last_validated_at for each in times])),
        }
        for claim, times in found.items()
    }


def _earliest(times: Sequence[datetime | None]) -> datetime | None:
    known = [at for at in times if at is not None]
    return min(known) if known and len(known) == len(times) else None


def _status(row: Mapping[str, Any], body: Json | None) -> Json:
    status = row["verification"]
    since = body["verification"]["since"] if body is not None else None
    return {
        "id": row["claim_public_id"],
        "known": True,
        "version": row["publication__version"],
        "sequence": row["sequence_from"],
        "changed_at": timestamp(row["changed_at"]),
        "etag": None if body is None else f'"{row["publication__commitment"]}"',
        "verification": status,
        "recheck_since": since if status == Verification.NEEDS_RECHECK else None,
        "suspended_since": since if status == Verification.SUSPENDED else None,
        "withdrawn": status == Verification.WITHDRAWN,
        "moved_to": body["merged_into"] if body else None,
        "redacted": body is None,
    }
