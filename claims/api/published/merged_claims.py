"""Answer under the id of a merged claim with the claim that it is part of, as that one reads now.

What the log holds of a merged claim are its words and where it went (claims/reviews/merged_claim.py). The answer under
its id is the body of the claim that it is part of, with `id` and `url` as asked and that claim's id in `merged_into`.
"""

from collections.abc import Iterable

import orjson
from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.request import Request

from claims.api.published.stored_bodies import stored_body
from claims.api.response import audience_of, etag_response, origin
from claims.json_object import Json
from claims.models import ClaimVersion

_MARK = b'"merged_into":"clm_'  # no text of a body can contain it, because quotation marks are escaped in texts


def is_merged(body: bytes) -> bool:
    """Whether a stored body is that of a claim which is part of another."""
    return _MARK in body


def merged_claim(request: Request, body: bytes) -> HttpResponse | None:
    """The response under the id of the merged claim with this body; None if the other one's body was redacted."""
    pointer = orjson.loads(body)
    found = stored_body(pointer["merged_into"], audience_of(request))
    if found is None:
        return None
    whole, commitment, changed_at = found
    under_id = orjson.dumps(under_its_id(pointer, orjson.loads(whole)))
    response = etag_response(request, under_id, etag=commitment, modified=changed_at)
    response.headers["Link"] = f'<{origin(request)}/api/v1/claims/{pointer["merged_into"]}/>; rel="canonical"'
    return response


def under_its_id(pointer: Json, whole: Json) -> Json:
    """The body `whole` under the id of the merged claim whose own body is `pointer`."""
    return whole | {"id": pointer["id"], "url": pointer["url"], "merged_into": whole["id"]}


def wholes(versions: QuerySet[ClaimVersion], bodies: Iterable[Json]) -> dict[str, Json]:
    """Of the merged claims among these bodies, those that they are part of, by id. A query, if there are any."""
    names = {body["merged_into"] for body in bodies if body["merged_into"]}
    if not names:
        return {}
    rows = versions.filter(claim_public_id__in=names, publication__body__isnull=False)
    return {
        name: orjson.loads(bytes(json)) for name, json in rows.values_list("claim_public_id", "publication__body__json")
    }
