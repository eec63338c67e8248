"""Errors as RFC 9457 problems: their names, and the conversion of every exception into one.

Settings name `problem_response` by dotted path, and REST framework imports this module while it loads, so that no view
can be defined here.
"""

import difflib
import logging
import math
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError, OperationalError
from django.http import Http404, HttpResponse, HttpResponseBase
from rest_framework import exceptions, status
from rest_framework.response import Response

from factcheck.web.failures import Failure, failure_of, full_disk

logger = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
MAX_ERRORS = 50  # listed for one body
_OF_THE_BODY = frozenset(
    {"content-type", "content-length", "content-encoding", "content-disposition", "content-language"}
)

# HTTP status and title of every problem by its stable name. docs/api.md explains each.
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
    "log-restored": (410, "The log was restored from a backup and lacks this place"),
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
    "disk-full": (507, "The server has no space left"),
}
_NAME_OF_STATUS = {status_: name for name, (status_, _) in reversed(PROBLEMS.items())}


class UnknownParameter(exceptions.APIException):
    """A query parameter that the route does not have: ignoring a misspelt filter would give a wrong response."""

    status_code = status.HTTP_400_BAD_REQUEST
    problem = "unknown-parameter"

    def __init__(self, name: str, allowed: Sequence[str]) -> None:
        listed = ", ".join(allowed) if allowed else "none"
        near = difflib.get_close_matches(name[:60].lower(), allowed, n=1)
        meant = f" Did you mean {_shown(near[0])}?" if near else ""
        super().__init__(f"There is no parameter {_shown(name)} here; allowed: {listed}.{meant}")
        self.extra = {"parameter": name, "allowed": list(allowed)} | ({"nearest": near[0]} if near else {})


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
    """Convert an exception of a view into a problem; None for a bug, which `factcheck.rest.middleware` makes a 500."""
    if isinstance(error, OperationalError) or failure_of(error) is Failure.DISK_FULL:
        return _as_response(_problem_of_database(error), {"Retry-After": "60"})
    if isinstance(error, DataError):
        # Views validate their input; if one missed a value that PostgreSQL cannot store, the client sent it.
        logger.error("An unvalidated value reached the database: %s", error)
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


def _problem_of_database(error: Exception) -> dict[str, Any]:
    failure = failure_of(error) or Failure.UNAVAILABLE
    if failure is Failure.DISK_FULL:
        full_disk.seen()
        logger.error("The disk is full: %s", error)
    elif failure is Failure.UNAVAILABLE:
        logger.error("The database does not answer: %s", error)
    return _problem_of(failure)


def _problem_of(failure: Failure) -> dict[str, Any]:
    if failure is Failure.DISK_FULL:
        return problem("disk-full", "Nothing was saved: the server's disk is full. Try again later.")
    if failure is Failure.TOO_SLOW:
        return problem("too-slow", "This request takes too long to answer; ask for less, or narrow it.")
    if failure is Failure.LOCKED:
        return problem("unavailable", "Another change to the same thing has not ended; try again in a minute.")
    return problem("unavailable", "The database is unavailable at the moment; try again in a minute.")


def _sentence(error: exceptions.APIException, context: Mapping[str, Any]) -> str:
    if isinstance(error, exceptions.NotAuthenticated):
        return "Send your API key in the header “Authorization: Bearer KEY”."
    if isinstance(error, exceptions.NotFound):
        return str(getattr(context["view"], "absent", "Nothing published has this address."))
    if isinstance(error, exceptions.MethodNotAllowed):
        allowed = ", ".join(method for method in context["view"].allowed_methods if method != "OPTIONS")
        return f"Only {allowed} can be used here."
    if isinstance(error, exceptions.UnsupportedMediaType):
        return (
            "Send the body as “Content-Type: application/json”, in UTF-8 and not compressed (without Content-Encoding)."
        )
    return str(error.detail)


def _pointed(detail: Any, pointer: str = "") -> list[dict[str, str]]:
    """Flatten the errors of a serializer, each with the JSON Pointer (RFC 6901) of its place in the body."""
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


def as_problem(response: HttpResponseBase) -> HttpResponse:
    """Convert Django's own error page into a problem; headers about limits and methods are kept."""
    return in_place_of(response, _problem_of_django(_problem_of_status(response.status_code)))


def in_place_of(response: HttpResponseBase, made: HttpResponse) -> HttpResponse:
    """The new response with the headers of the other one, but for those that describe its body."""
    for name, value in response.headers.items():
        if name.lower() not in _OF_THE_BODY:
            made.headers[name] = value
    made.headers["Content-Length"] = str(len(made.content))
    made._has_been_logged = getattr(response, "_has_been_logged", False)  # type: ignore[attr-defined]
    return made


def _problem_of_status(code: int) -> dict[str, Any]:
    name = _NAME_OF_STATUS.get(code, "malformed-request" if code < 500 else "internal-error")
    sentences = {
        "not-found": "Nothing published has this address.",
        "internal-error": "The server's log has the details; nothing was changed. Try again later.",
    }
    return problem(name, sentences.get(name, "The request cannot be read; see docs/api.md.")) | {"status": code}


def _problem_of_django(body: dict[str, Any]) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), status=body["status"], content_type=PROBLEM)


def problem_with(name: str, detail: str, *, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A problem as the response of a middleware."""
    response = _problem_of_django(problem(name, detail))
    for header, value in (headers or {}).items():
        response.headers[header] = value
    return response


def problem_of_failure(failure: Failure) -> HttpResponse:
    """The response to a failure that no view handled."""
    response = _problem_of_django(_problem_of(failure))
    response.headers["Retry-After"] = "60"
    return response


def problem_of_database(error: OperationalError) -> HttpResponse:
    """The response of a middleware when the database does not answer."""
    response = _problem_of_django(_problem_of_database(error))
    response.headers["Retry-After"] = "60"
    return response
