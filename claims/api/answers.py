"""What every answer shares: for whom it is, its bytes, and the ETag that lets clients ask whether it is new."""

import hashlib
from datetime import datetime

from django.db.models import OuterRef
from django.db.models.functions import Collate
from django.http import HttpResponse
from django.utils.http import http_date, parse_etags
from rest_framework.request import Request

from claims.models import ClaimVersion
from claims.models.publication import Audience, ClaimVersionQuerySet


def current(request: Request) -> ClaimVersionQuerySet:
    """What answers this request now: all that newsrooms are told, or without a key what the public is."""
    audience = Audience.NEWSROOMS if request.auth is not None else Audience.PUBLIC
    return ClaimVersion.objects.current(audience)


def outer_id(column: str) -> Collate:
    """A public id of the outer query, to be looked for in an array of `ClaimVersion`.

    Ids are collated by byte value and the arrays are not: without the database's own collation PostgreSQL
    would not use the arrays' index.
    """
    return Collate(OuterRef(column), "default")


def etag_of(body: bytes) -> str:
    """The ETag of these bytes: a strong one, quotes included."""
    return f'"{hashlib.sha256(body).hexdigest()}"'


def answer(
    request: Request,
    body: bytes,
    *,
    sha256: str | None = None,
    modified: datetime | None = None,
    media_type: str = "application/json",
) -> HttpResponse:
    """The JSON bytes as they are, or 304 if the client's If-None-Match names them (RFC 9110 section 13.1.2).

    If-Modified-Since is not looked at: two changes within a second would look like none.
    """
    etag = f'"{sha256}"' if sha256 else etag_of(body)
    known = {tag.removeprefix("W/") for tag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))}
    unchanged = etag in known or "*" in known
    response = HttpResponse(status=304) if unchanged else HttpResponse(body, content_type=media_type)
    response.headers["ETag"] = etag
    if modified is not None:
        response.headers["Last-Modified"] = http_date(modified.timestamp())
    return response
