"""Both logs, page by page, in the shape of /api/v1/log/, for who verifies a claim or the register without a key."""

from collections.abc import Iterator

import orjson
from django.http import Http404, HttpRequest, HttpResponse

from claims.models.publication import Audience
from claims.public.page import address, finished, readers_page
from claims.public.proof.entries import signed
from claims.publication import log_proof
from claims.publication.site.log import SiteRow, site_end, site_rows

MOST = 1_000


@readers_page
def proof_log(request: HttpRequest) -> HttpResponse:
    """Rows of the log after `after`: of each the hash of its line, of public ones also line and salt."""
    after, limit = _number(request, "after", 0), min(max(_number(request, "limit", MOST), 1), MOST)
    end = log_proof.end(Audience.PUBLIC)
    if after > end:
        raise Http404
    rows = log_proof.rows_between(after, min(after + limit, end), audience=Audience.PUBLIC)
    last = rows[-1].sequence if rows else after
    rest = {
        "previous_hash": log_proof.hash_at(after),
        "hash": log_proof.hash_at(last),
        "next": f"{address(request, 'proof_log')}?after={last}&limit={limit}" if last < end else None,
    }
    return finished(
        b'{"results":[%b],%b' % (b",".join(row.json for row in rows), orjson.dumps(rest)[1:]), "application/json"
    )


@readers_page
def proof_site_log(request: HttpRequest) -> HttpResponse:
    """Entries of the site's own log after `after`, up to yesterday: of each the hash of its line, line and body.

    With the newest checkpoint, so that docs/verify_register.py takes the address both as --log and as --checkpoint.
    """
    after, limit = _number(request, "after", 0), min(max(_number(request, "limit", MOST), 1), MOST)
    end, _hash = site_end()
    if after > end:
        raise Http404
    rows = site_rows(after, limit)
    last = rows[-1].sequence if rows else after
    following = f"{address(request, 'proof_site_log')}?after={last}&limit={limit}" if last < end else None
    checkpoint = signed()
    told = {
        "results": [_told(row) for row in rows],
        "next": following,
        "checkpoint": checkpoint.text if checkpoint else None,
    }
    return finished(orjson.dumps(told), "application/json", keep=False)


def site_log_lines() -> Iterator[bytes]:
    """The site's own log as lines of JSON, for a mirror."""
    after, rows = 0, site_rows(0, MOST)
    while rows:
        yield from (orjson.dumps(_told(row)) + b"\n" for row in rows)
        after = rows[-1].sequence
        rows = site_rows(after, MOST)


def _told(row: SiteRow) -> dict[str, int | str | None]:
    told: dict[str, int | str | None] = {
        "sequence": row.sequence,
        "line_sha256": row.line_sha256,
        "hash": row.hash,
    }
    return told if row.line is None else told | {"line": row.line, "body": row.body}


def _number(request: HttpRequest, name: str, otherwise: int) -> int:
    value = request.GET.get(name, "")
    if not value:
        return otherwise
    if not (value.isascii() and value.isdigit()) or len(value) > 12:
        raise Http404
    return int(value)
