"""Keyset pagination of lists; a view names the columns of its order in `keyset` (see factcheck/rest/drf.py)."""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.http import HttpResponse
from django.utils.timezone import is_naive
from rest_framework.pagination import BasePagination
from rest_framework.request import Request

from claims.api.request.query_fields import InvalidParameter
from claims.api.response import etag_response

DEFAULT_LIMIT = 50
MAX_LIMIT = 100
MAX_POSITION = 2**31  # after every item that one row can contain
_INVALID_CURSOR = "Take it, whole, from the `next` link of the page before."


class KeysetPagination(BasePagination):
    """Continue after the last row of a page instead of counting rows: none is skipped or doubled, and no page is slow.

    `paginate_queryset` orders the queryset by the view's `keyset` and returns at most `limit` rows.
    `get_paginated_response` takes the finished JSON of each and returns `{"results": […], "next": URL or null}`, with
    `total` if it is known.
    """

    parameters = ("limit", "cursor")
    total: int | None = None
    """The number of rows on all pages, where the view knows it without counting them."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        keyset: Sequence[str] = view.keyset
        limit = _limit(request.query_params.get("limit"))
        rows = queryset.order_by(*keyset)
        cursor = request.query_params.get("cursor")
        if cursor is not None:
            rows = rows.filter(_after(keyset, _read_cursor(cursor, keyset, queryset.model)))
        found = list(rows[: limit + 1])
        self._set_next(request, None)
        if len(found) > limit:
            last = found[limit - 1]
            self._set_next(request, [_value(last, column.lstrip("-")) for column in keyset])
        return found[:limit]

    def paginate_contents(
        self, rows: Any, request: Request, view: Any, contents: Callable[[Any], Iterable[Any]]
    ) -> list[Any]:
        """Paginate the items inside rows, of which each row contains any number, in the order of the rows.

        Reads at most `limit` rows, so a page may have fewer items than that, even none, and still a next page.
        """
        [column] = view.keyset
        name = column.lstrip("-")
        limit = _limit(request.query_params.get("limit"))
        cursor = request.query_params.get("cursor")
        place: Any = None
        position = -1
        rows = rows.order_by(column)
        if cursor is not None:
            place, position = _read_place(cursor)
            beyond = "lt" if column.startswith("-") else "gt"
            rows = rows.filter(**{f"{name}__{beyond}{'' if position == MAX_POSITION else 'e'}": place})
        found = list(rows[: limit + 1])
        self._set_next(request, None)
        things: list[Any] = []
        last: list[Any] = []
        for row in found[:limit]:
            for at, thing in enumerate(contents(row)):
                if _value(row, name) == place and at <= position:
                    continue
                if len(things) == limit:
                    self._set_next(request, last)
                    return things
                things.append(thing)
                last = [_value(row, name), at]
        if len(found) > limit:
            self._set_next(request, [_value(found[limit - 1], name), MAX_POSITION])
        return things

    def _set_next(self, request: Request, values: Sequence[Any] | None) -> None:
        self.request = request
        self.next_url: str | None = None
        if values is not None:
            parameters = request.query_params.copy()
            parameters["cursor"] = _write_cursor(values)
            self.next_url = request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")

    def get_paginated_response(self, data: list[bytes]) -> HttpResponse:  # type: ignore[override]
        rows = b",".join(data)
        total = b"" if self.total is None else b',"total":%d' % self.total
        body = b'{"results":[' + rows + b'],"next":' + orjson.dumps(self.next_url) + total + b"}"
        return etag_response(self.request, body)


def _value(row: Any, column: str) -> Any:
    return row[column] if isinstance(row, Mapping) else getattr(row, column)


def _limit(given: str | None) -> int:
    if given is None:
        return DEFAULT_LIMIT
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= MAX_LIMIT):
        raise InvalidParameter("limit", f"Say a number from 1 to {MAX_LIMIT}.")
    return int(given)


def _after(keyset: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after the one with these values: (a, b) > (x, y) written out, because directions may differ."""
    condition = Q()
    equal = Q()
    for column, value in zip(keyset, values, strict=True):
        name = column.lstrip("-")
        operator = "lt" if column.startswith("-") else "gt"
        condition |= equal & Q(**{f"{name}__{operator}": value})
        equal &= Q(**{name: value})
    return condition


def _read_place(cursor: str) -> tuple[int, int]:
    """Read a row's number and the position of an item in it. Raises `InvalidParameter`."""
    place, position = _decoded(cursor, 2)
    for number in (place, position):
        if type(number) is not int or not 0 <= number < 2**63:
            raise InvalidParameter("cursor", _INVALID_CURSOR)
    return place, position


def _write_cursor(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).rstrip(b"=").decode()


def _read_cursor(cursor: str, keyset: Sequence[str], model: type[Model]) -> list[Any]:
    """Read the values that `_write_cursor` wrote, as the types of the columns. Raises `InvalidParameter`."""
    wrong = InvalidParameter("cursor", _INVALID_CURSOR)
    values = _decoded(cursor, len(keyset))
    read = []
    for column, value in zip(keyset, values, strict=True):
        try:
            known = model._meta.get_field(column.lstrip("-")).to_python(value)  # type: ignore[union-attr]
        except (ValidationError, TypeError, ValueError) as error:
            raise wrong from error
        odd = isinstance(value, bool) or known is None or (isinstance(known, str) and "\x00" in known)
        if odd or (isinstance(known, datetime) and is_naive(known)):
            raise wrong
        read.append(known)
    return read


def _decoded(cursor: str, length: int) -> list[Any]:
    wrong = InvalidParameter("cursor", _INVALID_CURSOR)
    if len(cursor) > 400:
        raise wrong
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise wrong from error
    if not isinstance(values, list) or len(values) != length:
        raise wrong
    return values
