"""What every answer shares: for whom it is, its bytes, and the ETag that lets clients ask whether it is new."""

import hashlib
from datetime import datetime

from django.db.models import OuterRef
from django.db.models.functions import Collate
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date, parse_etags
from rest_framework.request import Request

from claims.models import ClaimVersion
from claims.models.publication import Audience, ClaimVersionQuerySet
from sources.database.prepared_reads import PreparedStatement

_HEAD = PreparedStatement("claims_log_head", "SELECT hash FROM claims_publication ORDER BY sequence DESC LIMIT 1")


def current(request: Request) -> ClaimVersionQuerySet:
    """What answers this request now: all that newsrooms are told, or without a key what the public is."""
    return ClaimVersion.objects.current(audience_of(request))


def audience_of(request: Request) -> str:
    """Newsrooms have a key; whoever has none is the public."""
    return Audience.NEWSROOMS if request.auth is not None else Audience.PUBLIC


def origin(request: Request) -> str:
    """Scheme and host by which the client reached us."""
    return request.build_absolute_uri("/").rstrip("/")


def log_head() -> bytes:
    """The hash of the publication log's last row, empty if it has none. It names all rows before it too.

    What follows from the log alone, and was made after this was read, holds as long as the log still ends with it.
    """
    found = _HEAD.rows()
    return found[0][0] or b"" if found else b""


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
    etag = sha256 or hashlib.sha256(body).hexdigest()
    response = not_modified(request, etag)
    if response is None:
        response = HttpResponse(body, content_type=media_type)
        response.headers["ETag"] = f'"{etag}"'
    if modified is not None:
        response.headers["Last-Modified"] = http_date(modified.timestamp())
    return response


def not_modified(request: Request | HttpRequest, etag: str) -> HttpResponse | None:
    """The 304 if the client's If-None-Match names this ETag, given without its quotes."""
    quoted = f'"{etag}"'
    sent = request.META.get("HTTP_IF_NONE_MATCH", "")
    known = {tag.removeprefix("W/") for tag in parse_etags(sent)}
    if quoted not in known and "*" not in known:
        return None
    response = HttpResponse(status=304)
    response.headers["ETag"] = quoted
    return response
