"""Pages of lists by a cursor: the place in the log of the last entry, so that nothing is shown twice or left out.

A claim that changes while somebody reads on moves to the front of the first page; all others keep their order.
"""

from dataclasses import dataclass
from typing import Any

import orjson
from django.http import Http404, HttpRequest

from claims.formats.as_now import as_now
from claims.models.publication import ClaimVersionQuerySet
from claims.public.lists.entry import Entry, entry_of

LENGTH = 20
BEFORE = "before"


@dataclass(frozen=True)
class Listed:
    """A page of a list; `older` is the query of the next one, empty on the last."""

    entries: list[Entry]
    older: str
    is_first: bool


def listed(versions: ClaimVersionQuerySet, request: HttpRequest) -> Listed:
    """The page of these current versions that the address asks for, the latest change first. One query."""
    before = cursor(request)
    rows = versions.standing_alone().filter(publication__body__isnull=False)
    if before is not None:
        rows = rows.filter(sequence_from__lt=before)
    values: Any = rows.order_by("-sequence_from").values_list("sequence_from", "publication__body__json")
    found = list(values[: LENGTH + 1])
    entries = [entry_of(as_now(orjson.loads(bytes(json)))) for _, json in found[:LENGTH]]
    older = f"{BEFORE}={found[LENGTH - 1][0]}" if len(found) > LENGTH else ""
    return Listed(entries, older, before is None)


def cursor(request: HttpRequest) -> int | None:
    """The place that the address names; None for the first page. Raises `Http404` for what is no place."""
    given = request.GET.get(BEFORE)
    if given is None:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > 18:
        raise Http404
    return int(given)
