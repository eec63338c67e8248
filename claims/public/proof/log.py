"""The public log, page by page, in the shape of /api/v1/log/, for who verifies a claim without a key."""

import orjson
from django.http import Http404, HttpRequest, HttpResponse

from claims.models.publication import Audience
from claims.public.page import address, finished, readers_page
from claims.publication import log_proof

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


def _number(request: HttpRequest, name: str, otherwise: int) -> int:
    value = request.GET.get(name, "")
    if not value:
        return otherwise
    if not (value.isascii() and value.isdigit()) or len(value) > 12:
        raise Http404
    return int(value)
