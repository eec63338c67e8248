"""Serve claims in a custom form: selected fields, additional fields, or as of a time.

Default responses are the stored bytes (claims/api/published/claims.py).
"""

from collections import defaultdict
from typing import Any

import orjson
from django.http import Http404, HttpResponse
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from claims.api.published.merged_claims import is_merged, under_its_id
from claims.api.published.totals import total_of
from claims.api.request.sparse_fields import select_fields
from claims.api.response import audience_of, depends_on_more_than_the_log, etag_response
from claims.formats.as_now import as_now
from claims.json_object import Json
from claims.models import ClaimVersion, Publication
from claims.models.publication import Audience, ClaimVersionQuerySet
from claims.publication.body_parts import page_quotes
from claims.publication.freshness import UNKNOWN, freshness
from sources.timestamp import timestamp

PARAMETERS = frozenset({"fields", "include", "as_of"})
COLUMNS = (
    *("sequence_from", "publication_id", "claim_public_id", "changed_at", "first_published_at"),
    "verdict_mapped",
)
BODY = "publication__body__json"


def is_custom(request: Request) -> bool:
    """Whether the request asks for anything but the stored bytes."""
    return not PARAMETERS.isdisjoint(request.query_params)


def claims(view: Any, request: Request) -> HttpResponse:
    """A page of claims."""
    versions = _selected_versions(view, request).standing_alone()
    if "as_of" in view.params:
        view.keyset = ("-publication_id",)
    view.paginator.total = total_of(view.params, audience_of(request))
    rows = view.paginate_queryset(versions.filter(publication__body__isnull=False).values(*COLUMNS, BODY)) or []
    response: HttpResponse = view.get_paginated_response(customized(view, request, rows))
    return _finished(view, response)


def claim(view: Any, request: Request, id: str) -> HttpResponse:
    """One claim, or what a redaction left of it."""
    versions = _selected_versions(view, request)
    row = versions.filter(claim_public_id=id).values(*COLUMNS, BODY).first()
    if row is None:
        raise Http404
    if row[BODY] is None:
        return etag_response(request, orjson.dumps(_redacted(row)))
    if is_merged(bytes(row[BODY])):
        pointer = orjson.loads(bytes(row[BODY]))
        found = versions.filter(claim_public_id=pointer["merged_into"], publication__body__isnull=False)
        for whole in found.values(BODY, "verdict_mapped"):
            under_id = under_its_id(pointer, orjson.loads(bytes(whole[BODY])))
            row |= whole | {BODY: orjson.dumps(under_id)}
    [body] = customized(view, request, [row])
    return _finished(view, etag_response(request, body))


def redacted(request: Request, id: str) -> HttpResponse:
    """What a redaction left of a claim. Raises `Http404` if there is no such claim."""
    versions = ClaimVersion.objects.current(audience_of(request))
    row = versions.filter(claim_public_id=id, publication__body__isnull=True).values(*COLUMNS).first()
    if row is None:
        raise Http404
    return etag_response(request, orjson.dumps(_redacted(row)))


def _finished(view: Any, response: HttpResponse) -> HttpResponse:
    """Keep a response with freshness out of the cache, which is valid while the log stays the same."""
    return depends_on_more_than_the_log(response) if "freshness" in view.params.get("include", ()) else response


def _selected_versions(view: Any, request: Request) -> ClaimVersionQuerySet:
    """The current versions, or those as of the requested time, narrowed by the query parameters."""
    audience = audience_of(request)
    narrowed: ClaimVersionQuerySet = view.filter_queryset(ClaimVersion.objects.all())
    if "as_of" in view.params:
        if "freshness" in view.params.get("include", ()):
            raise ValidationError({"include": ["Freshness is of now; leave out as_of."]})
        return narrowed.at(audience, view.params["as_of"])
    return narrowed.current(audience)


def customized(view: Any, request: Request, rows: list[dict[str, Any]]) -> list[bytes]:
    """The finished JSON of rows with COLUMNS and BODY, as the view's parameters `fields` and `include` ask for it."""
    params = view.params
    if "fields" not in params and "include" not in params:
        return [bytes(row[BODY]) for row in rows]
    whole = [as_now(orjson.loads(bytes(row[BODY]))) for row in rows]
    bodies = [select_fields(body, params.get("fields")) for body in whole]
    if "freshness" in params.get("include", ()):
        seen = _freshness(whole, audience_of(request))
        bodies = [body | {"freshness": each} for body, each in zip(bodies, seen, strict=True)]
    if "verdict_mapped" in params.get("include", ()):
        bodies = [body | {"verdict_mapped": _mapped(row)} for row, body in zip(rows, bodies, strict=True)]
    if "events" in params.get("include", ()):
        events = _events(request, rows)
        bodies = [body | {"events": events[row["claim_public_id"]]} for row, body in zip(rows, bodies, strict=True)]
    return [orjson.dumps(body) for body in bodies]


def _mapped(row: dict[str, Any]) -> list[Json]:
    """What the labels of the claim's reviews are mapped to."""
    return [{"review": review, **mapped} for review, mapped in sorted((row["verdict_mapped"] or {}).items())]


def _freshness(bodies: list[Json], audience: str) -> list[list[Json]]:
    """When each quote of each body was last seen."""
    quotes = [[item["id"] for item in page_quotes(body)] for body in bodies]
    known = freshness((name for of_body in quotes for name in of_body), audience=audience)
    return [
        [
            {
                "evidence": name,
                "last_seen_at": timestamp(known.get(name, UNKNOWN).last_seen_at),
                "last_validated_at": timestamp(known.get(name, UNKNOWN).last_validated_at),
            }
            for name in of_body
        ]
        for of_body in quotes
    ]


def _events(request: Request, rows: list[dict[str, Any]]) -> dict[str, list[Json]]:
    """The events of each claim up to the version that is shown, oldest first. One query."""
    until = {row["claim_public_id"]: row["sequence_from"] for row in rows}
    published = Publication.objects.filter(claim__public_id__in=until).order_by("sequence")
    if audience_of(request) == Audience.PUBLIC:
        published = published.filter(audience=Audience.PUBLIC)
    found: dict[str, list[Json]] = defaultdict(list)
    for claim_id, sequence, version, event, at in published.values_list(
        "claim__public_id", "sequence", "version", "event", "at"
    ):
        if sequence <= until[claim_id]:
            found[claim_id].append({"sequence": sequence, "version": version, "event": event, "at": timestamp(at)})
    return found


def _redacted(row: dict[str, Any]) -> Json:
    return {
        "id": row["claim_public_id"],
        "url": f"/api/v1/claims/{row['claim_public_id']}/",
        "redacted": True,
        "sequence": row["sequence_from"],
        "changed_at": timestamp(row["changed_at"]),
        "first_published_at": timestamp(row["first_published_at"]),
    }
