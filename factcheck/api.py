"""What all routes under /api/ share: errors as RFC 9457 problems, keyset pages, declared parameters, headers.

The views live in the apps and do not import this module; settings name its classes by dotted path, and
REST framework imports it while it loads itself, so no view can stand here. What views declare:

    query_class   a serializer whose fields are the route's query parameters and whose `narrow(queryset, asked)`
                  applies them; without one the route takes none. What was asked is left in the view's `asked`
    keyset        for lists: the columns of the order, unique together, each with `-` if it descends
"""

import base64
import binascii
import functools
import logging
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
import psycopg
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import DataError, OperationalError, connection
from django.db.models import Model, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.timezone import is_naive
from rest_framework import exceptions, status
from rest_framework.fields import empty
from rest_framework.filters import BaseFilterBackend
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.pagination import BasePagination
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from claims.api.answers import answer

logger = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
PREFIX = "/api/"
GOOGLE = "/v1alpha1/"
DEFAULT_LIMIT = 50
MAX_LIMIT = 100
MAX_POSITION = 2**31  # of a thing in a row: after all that it can hold
_WHOLE_CURSOR = "Take it, whole, from the `next` link of the page before."
MAX_ERRORS = 50  # of one body that are named

# Every problem by its stable name: HTTP status and title. docs/api.md explains each.
PROBLEMS: dict[str, tuple[int, str]] = {
    "malformed-request": (400, "The request cannot be read"),
    "unknown-parameter": (400, "Unknown query parameter"),
    "invalid-parameter": (400, "A query parameter has a value that cannot be"),
    "invalid-value": (400, "A value cannot be stored"),
    "not-authenticated": (401, "An API key is needed"),
    "forbidden": (403, "The key may not do this"),
    "not-found": (404, "There is nothing here"),
    "method-not-allowed": (405, "The method is not offered here"),
    "conflict": (409, "What is there now does not allow this"),
    "request-in-progress": (409, "The same request is still under way"),
    "length-required": (411, "The length of the body is missing"),
    "precondition-failed": (412, "It has changed since you read it"),
    "body-too-large": (413, "The body is too large"),
    "unsupported-media-type": (415, "The body is of a kind that is not read here"),
    "invalid-body": (422, "The body has values that cannot be"),
    "idempotency-key-reused": (422, "The Idempotency-Key belongs to another request"),
    "precondition-required": (428, "Say which version you mean to change"),
    "too-many-requests": (429, "Too many requests"),
    "internal-error": (500, "Something went wrong on our side"),
    "not-implemented": (501, "This is not offered yet"),
    "too-slow": (503, "The answer would take too long"),
    "busy": (503, "As many of these are answered as can be"),
    "unavailable": (503, "The database does not answer"),
}
_NAME_OF_STATUS = {status_: name for name, (status_, _) in reversed(PROBLEMS.items())}


class UnknownParameter(exceptions.APIException):
    """A query parameter that the route does not have: a misspelt filter must not pass for an answer."""

    status_code = status.HTTP_400_BAD_REQUEST
    problem = "unknown-parameter"

    def __init__(self, name: str, allowed: Sequence[str]) -> None:
        listed = ", ".join(allowed) if allowed else "none"
        super().__init__(f"There is no parameter {_shown(name)} here; allowed: {listed}.")
        self.extra = {"parameter": name, "allowed": list(allowed)}


class InvalidParameter(exceptions.APIException):
    """A query parameter whose value makes no sense."""

    status_code = status.HTTP_400_BAD_REQUEST
    problem = "invalid-parameter"

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"{name}: {sentence}")
        self.extra = {"parameter": name}


def problem(name: str, detail: str, **extra: Any) -> dict[str, Any]:
    """An RFC 9457 problem. `type` and `title` never change for one name; `detail` is a sentence for people."""
    status_, title = PROBLEMS[name]
    return {
        "type": f"urn:factcheck:problem:{name}",
        "title": title,
        "status": status_,
        "detail": detail,
        **extra,
    }


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Any error of a view as a problem; None for what is a bug, which `ApiBoundary` turns into a 500."""
    if isinstance(error, OperationalError):
        return _as_response(_problem_of_database(error), {"Retry-After": "60"})
    if isinstance(error, DataError):
        # The last net: views check what they take. A value that PostgreSQL cannot hold is nobody's server error.
        logger.error("A value went unchecked into the database: %s", error)
        return _as_response(problem("invalid-value", "A value is too large, or holds what cannot be stored."))
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, SuspiciousOperation):
        return _as_response(problem("malformed-request", "The request has too many or malformed parameters."))
    if not isinstance(error, exceptions.APIException):
        return None
    name = getattr(error, "problem", None) or _NAME_OF_STATUS[error.status_code]
    if isinstance(error, exceptions.ValidationError):
        errors = _pointed(error.detail)[:MAX_ERRORS]
        sentence = " ".join(f"{each['pointer']} {each['detail']}".strip() for each in errors[:1])
        return _as_response(problem("invalid-body", sentence or "The body cannot be read.", errors=errors))
    headers: dict[str, str] = dict(getattr(error, "headers", {}))
    if (challenge := getattr(error, "auth_header", None)) is not None:
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    return _as_response(problem(name, _sentence(error, context), **getattr(error, "extra", {})), headers)


def _problem_of_database(error: OperationalError) -> dict[str, Any]:
    if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
        return problem("too-slow", "This question takes too long to answer; ask for less, or narrow it.")
    logger.error("The database does not answer: %s", error)
    return problem("unavailable", "Nothing can be read at the moment; try again in a minute.")


def _sentence(error: exceptions.APIException, context: Mapping[str, Any]) -> str:
    if isinstance(error, exceptions.NotAuthenticated):
        return "Send your API key in the header “Authorization: Bearer KEY”."
    if isinstance(error, exceptions.NotFound):
        return str(getattr(context["view"], "absent", "Nothing published has this address."))
    if isinstance(error, exceptions.MethodNotAllowed):
        allowed = ", ".join(method for method in context["view"].allowed_methods if method != "OPTIONS")
        return f"Only {allowed} can be used here."
    if isinstance(error, exceptions.UnsupportedMediaType):
        return "Send the body as “Content-Type: application/json”, in UTF-8."
    return str(error.detail)


def _pointed(detail: Any, pointer: str = "") -> list[dict[str, str]]:
    """The errors of a serializer, each with the JSON Pointer (RFC 6901) of its place in the body."""
    if isinstance(detail, Mapping):
        found = []
        for name, inner in detail.items():
            escaped = str(name).replace("~", "~0").replace("/", "~1")
            found += _pointed(inner, pointer if name == "non_field_errors" else f"{pointer}/{escaped}")
        return found
    if isinstance(detail, list):
        plain = all(isinstance(each, str) for each in detail)
        places = [pointer if plain else f"{pointer}/{at}" for at in range(len(detail))]
        return [error for place, each in zip(places, detail, strict=True) for error in _pointed(each, place)]
    return [{"pointer": pointer, "detail": str(detail)}]


def _as_response(body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(body, status=body["status"], headers=headers, content_type=PROBLEM)


def _shown(name: str) -> str:
    return f"“{name[:60]}”"


class JSONRenderer(BaseRenderer):
    """UTF-8 JSON without blanks."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data)


class JSONOnly(BaseContentNegotiation):
    """Whatever `Accept` says, the answer is JSON: RFC 9110 section 12.5.1 allows it and clients forget the header."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        """By media type; None, which becomes 415, for any other, another charset or a packed body."""
        media_type, _, rest = request.content_type.lower().partition(";")
        charset = re.search(r"charset\s*=\s*\"?([^\s;\"]*)", rest)
        packed = request.META.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() != "identity"
        if packed or (charset and charset[1] not in {"utf-8", "utf8"}):
            return None
        return next((parser for parser in parsers if media_type.strip() == parser.media_type), None)

    def select_renderer(self, request: Request, renderers: Iterable[Any], format_suffix: Any = None) -> Any:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class DeclaredParameters(BaseFilterBackend):
    """Refuses query parameters that the view does not declare, then lets its `query_class` narrow the answer."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        query_class: type[Serializer[Any]] | None = getattr(view, "query_class", None)
        query = _query(query_class) if query_class else None
        view.asked = {}
        declared = list(query.fields) if query else []
        refuse_unknown(request, [*declared, *(KeysetPages.parameters if hasattr(view, "keyset") else ())])
        if query is None:
            return queryset
        if not request.query_params and not _fills_in(query_class):
            return query.narrow(queryset, view.asked)  # type: ignore[attr-defined]
        try:
            view.asked = query.run_validation({name: request.query_params[name] for name in request.query_params})
        except exceptions.ValidationError as error:
            name, errors = next(iter(error.detail.items()))  # type: ignore[union-attr]
            raise InvalidParameter(name, " ".join(str(each) for each in errors)) from error
        return query.narrow(queryset, view.asked)  # type: ignore[attr-defined]


@functools.cache
def _query(query_class: type[Serializer[Any]]) -> Serializer[Any]:
    """One serializer for all requests: making its fields takes longer than the query; validating changes nothing."""
    return query_class()


@functools.cache
def _fills_in(query_class: type[Serializer[Any]]) -> bool:
    """Whether a parameter that is left out counts as one that was sent."""
    return any(field.default is not empty for field in _query(query_class).fields.values())


def refuse_unknown(request: Request, allowed: Sequence[str]) -> None:
    """Raise `UnknownParameter` for a parameter that is not allowed, `InvalidParameter` for one sent twice."""
    for name, values in request.query_params.lists():
        if name not in allowed:
            raise UnknownParameter(name, sorted(allowed))
        if len(values) > 1:
            raise InvalidParameter(name, "Send it once.")


class KeysetPages(BasePagination):
    """Pages by the last row seen, not by counting: none is skipped or doubled, and the last is as fast as the first.

    `paginate_queryset` orders the queryset by the view's `keyset` and returns at most `limit` rows.
    `get_paginated_response` takes the finished JSON of each and sets them side by side, beside the address
    of the rest or null.
    """

    parameters = ("limit", "cursor")

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
        """Pages of what rows hold, each of which may hold any number of things, in the order of the rows.

        Reads at most `limit` rows, so that a page can have fewer things than that, even none, and more follow.
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
        body = b'{"results":[' + rows + b'],"next":' + orjson.dumps(self.next_url) + b"}"
        return answer(self.request, body)


def _value(row: Any, column: str) -> Any:
    return row[column] if isinstance(row, Mapping) else getattr(row, column)


def _limit(given: str | None) -> int:
    if given is None:
        return DEFAULT_LIMIT
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= MAX_LIMIT):
        raise InvalidParameter("limit", f"Say a number from 1 to {MAX_LIMIT}.")
    return int(given)


def _after(keyset: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that come after the one with these values: (a, b) > (x, y) spelt out, for mixed directions."""
    condition = Q()
    equal = Q()
    for column, value in zip(keyset, values, strict=True):
        name = column.lstrip("-")
        operator = "lt" if column.startswith("-") else "gt"
        condition |= equal & Q(**{f"{name}__{operator}": value})
        equal &= Q(**{name: value})
    return condition


def _read_place(cursor: str) -> tuple[int, int]:
    """A row's number and a position in it. Raises `InvalidParameter`."""
    place, position = _decoded(cursor, 2)
    for number in (place, position):
        if type(number) is not int or not 0 <= number < 2**63:
            raise InvalidParameter("cursor", _WHOLE_CURSOR)
    return place, position


def _write_cursor(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).rstrip(b"=").decode()


def _read_cursor(cursor: str, keyset: Sequence[str], model: type[Model]) -> list[Any]:
    """The values that `_write_cursor` wrote, of the kinds that the columns hold. Raises `InvalidParameter`."""
    wrong = InvalidParameter("cursor", _WHOLE_CURSOR)
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
    wrong = InvalidParameter("cursor", _WHOLE_CURSOR)
    if len(cursor) > 400:
        raise wrong
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise wrong from error
    if not isinstance(values, list) or len(values) != length:
        raise wrong
    return values


class ApiBoundary:
    """Middleware around everything under /api/ and /v1alpha1/: what must hold there whichever view answers, or none.

    A body has a length, and not too great a one; NUL is refused before it reaches the database (PostgreSQL's
    text cannot hold it); a statement that takes longer than STATEMENT_TIMEOUT is ended; Django's own HTML errors
    become problems; nothing is kept in shared caches, and private ones ask each time. Under /v1alpha1/ problems are
    said in Google's words.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith((PREFIX, GOOGLE)):
            return self.get_response(request)
        response = self._answer(request)
        if response.status_code >= 400 and response.headers.get("Content-Type") != PROBLEM:
            response = _as_problem(response)
        if response.status_code >= 400 and request.path.startswith(GOOGLE):
            response = _in_googles_words(response)
        if response.headers.get("Cache-Control") != "no-store":  # as an answer with a secret says
            response.headers["Cache-Control"] = "private, no-cache"
        if "Allow" in response.headers:
            # REST framework names OPTIONS everywhere, and without metadata answers it with 405.
            response.headers["Allow"] = response.headers["Allow"].replace(", OPTIONS", "")
        patch_vary_headers(response, ["Authorization"])
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return problem_with("malformed-request", "The address holds a NUL character (%00); leave it out.")
        if refused := _refused_length(request):
            return refused
        try:
            limit_statements()
        except OperationalError as error:
            return problem_of_database(error)
        return self.get_response(request)


def _refused_length(request: HttpRequest) -> HttpResponse | None:
    """The answer to a body that is too long, or of which nobody says how long it is; None if it can be read."""
    given = request.META.get("CONTENT_LENGTH") or ""
    if not given:
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            return problem_with("length-required", "Send the body whole, with a Content-Length.")
        return None
    if not (given.isascii() and given.isdigit()):
        return problem_with("malformed-request", "Content-Length is not a number.")
    if len(given) > 15 or int(given) > settings.MAX_BODY:
        return problem_with(
            "body-too-large", f"The body may have at most {settings.MAX_BODY} bytes; send less at once."
        )
    return None


def limit_statements() -> None:
    """End statements of this connection that take too long. Said once per connection, so it costs nothing later."""
    connection.ensure_connection()
    session = connection.connection
    if getattr(connection, "limited_session", None) is session or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        # Compiling costs half a second a query and pays only for reports that read whole tables.
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, false), set_config('jit', 'off', false)",
            [f"{round(settings.STATEMENT_TIMEOUT * 1000)}ms"],
        )
    connection.limited_session = session  # type: ignore[attr-defined]


def _as_problem(response: HttpResponseBase) -> HttpResponse:
    """Django's own error page as a problem; what else its headers say (limits, methods) stays."""
    made = _problem_of_django(_problem_of_status(response.status_code))
    for name, value in response.headers.items():
        if not name.lower().startswith("content-"):
            made.headers[name] = value
    return made


def _problem_of_status(code: int) -> dict[str, Any]:
    name = _NAME_OF_STATUS.get(code, "malformed-request" if code < 500 else "internal-error")
    sentences = {
        "not-found": "Nothing published has this address.",
        "internal-error": "The desk's log says what; nothing was changed. Try again later.",
    }
    return problem(name, sentences.get(name, "The request cannot be read; see docs/api.md.")) | {"status": code}


def _in_googles_words(response: HttpResponseBase) -> HttpResponse:
    """The same error in Google's envelope. The import waits: REST framework imports this module while it loads."""
    from factcheck.google import error_of

    content = response.render().content if isinstance(response, Response) else getattr(response, "content", b"")
    status_, body = error_of(orjson.loads(content))
    said = HttpResponse(orjson.dumps(body), status=status_, content_type="application/json; charset=UTF-8")
    for name, value in response.headers.items():
        if not name.lower().startswith("content-"):
            said.headers[name] = value
    return said


def _problem_of_django(body: dict[str, Any]) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), status=body["status"], content_type=PROBLEM)


def problem_with(name: str, detail: str, *, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A problem as the answer of a middleware."""
    response = _problem_of_django(problem(name, detail))
    for header, value in (headers or {}).items():
        response.headers[header] = value
    return response


def problem_of_database(error: OperationalError) -> HttpResponse:
    """What a middleware answers when the database does not."""
    response = _problem_of_django(_problem_of_database(error))
    response.headers["Retry-After"] = "60"
    return response
