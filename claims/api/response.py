"""Build conditional HTTP responses (ETag, 304), and choose what a request may see: newsroom or public versions."""

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

_STATE = PreparedStatement(
    "claims_log_state",
    """
    SELECT (SELECT hash FROM claims_publication ORDER BY sequence DESC LIMIT 1),
        (SELECT epoch FROM claims_indexstate)
    """,
)


def visible_versions(request: Request) -> ClaimVersionQuerySet:
    """The current claim versions that the request may see: those for newsrooms or, without a key, for the public."""
    return ClaimVersion.objects.current(audience_of(request))


def audience_of(request: Request) -> str:
    """NEWSROOMS for a request with a key, else PUBLIC."""
    return Audience.NEWSROOMS if request.auth is not None else Audience.PUBLIC


def origin(request: Request) -> str:
    """The scheme and host of the request, as in https://host."""
    return request.build_absolute_uri("/").rstrip("/")


def log_state() -> bytes:
    """The hash of the publication log's last row, which covers all rows before it, and the epoch of the index.

    A result derived from log and index alone, and computed after this was read, is valid while this stays the same.
    """
    [(head, epoch)] = _STATE.rows()
    return b"%b %b" % (head or b"", epoch or b"")


def outer_id(column: str) -> Collate:
    """A public id of the outer query, to compare with the array columns of `ClaimVersion`.

    Ids are collated by byte value and the arrays are not: without the database's default collation PostgreSQL would
    not use the index on the arrays.
    """
    return Collate(OuterRef(column), "default")


def etag_of(body: bytes) -> str:
    """The strong ETag of these bytes, including its quotes."""
    return f'"{hashlib.sha256(body).hexdigest()}"'


def etag_response(
    request: Request,
    body: bytes,
    *,
    etag: str | None = None,
    modified: datetime | None = None,
    media_type: str = "application/json",
) -> HttpResponse:
    """A response with these bytes and their ETag, or 304 if If-None-Match names it (RFC 9110 section 13.1.2).

    `etag` is passed without quotes; without it the ETag is the digest of the bytes. If-Modified-Since is ignored,
    because its resolution of a second could hide a change.
    """
    etag = etag or hashlib.sha256(body).hexdigest()
    response = not_modified(request, etag)
    if response is None:
        response = HttpResponse(body, content_type=media_type)
        response.headers["ETag"] = f'"{etag}"'
    if modified is not None:
        response.headers["Last-Modified"] = http_date(modified.timestamp())
    return response


def depends_on_more_than_the_log(response: HttpResponse) -> HttpResponse:
    """Mark a response of a view with `of_log` that the response cache must not keep, and return it."""
    response.depends_on_more = True  # type: ignore[attr-defined]
    return response


def not_modified(request: Request | HttpRequest, etag: str) -> HttpResponse | None:
    """The 304 response if If-None-Match names this ETag (passed without quotes), else None.

    It has no Content-Type: caches write the headers of a 304 over those that they hold (RFC 9111 section 3.2).
    """
    quoted = f'"{etag}"'
    header = request.META.get("HTTP_IF_NONE_MATCH", "")
    etags = {tag.removeprefix("W/") for tag in parse_etags(header)}
    if quoted not in etags and "*" not in etags:
        return None
    response = HttpResponse(status=304)
    del response.headers["Content-Type"]
    response.headers["ETag"] = quoted
    return response
