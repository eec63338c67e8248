"""Middleware of the REST interface: body size, NUL characters, statement timeout, error format, cache headers."""

import logging
from collections.abc import Callable

import orjson
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.response import Response

from factcheck.rest import deprecations
from factcheck.rest.google_errors import error_of
from factcheck.rest.problems import PROBLEM, as_problem, in_place_of, problem_of_database, problem_with
from factcheck.web.request_ids import request_id
from factcheck.web.statement_limits import limit_statements

logger = logging.getLogger(__name__)

PREFIX = "/api/"
GOOGLE = "/v1alpha1/"


class ApiMiddleware:
    """Enforce the rules of the REST interface around every view.

    - A body has a Content-Length of at most MAX_BODY_BYTES.
    - NUL characters are rejected before they reach the database, whose text type cannot hold them.
    - PostgreSQL cancels a statement that takes longer than STATEMENT_TIMEOUT.
    - Django's HTML error pages become problems (RFC 9457), which name the id of their request; under /v1alpha1/
      problems become Google's error format. Nothing has compressed them yet.
    - Shared caches store nothing, and private caches revalidate each time.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith((PREFIX, GOOGLE)):
            return self.get_response(request)
        response = self._respond(request)
        if response.status_code >= 400 and response.headers.get("Content-Type") != PROBLEM:
            response = as_problem(response)
        if response.status_code >= 400:
            response = finished_error(response, request)
        if response.headers.get("Cache-Control") != "no-store":  # set where the body has a secret
            response.headers["Cache-Control"] = "private, no-cache"
        if "Allow" in response.headers:
            # REST framework lists OPTIONS everywhere, but responds 405 to it without metadata.
            response.headers["Allow"] = response.headers["Allow"].replace(", OPTIONS", "")
        patch_vary_headers(response, ["Authorization"])
        deprecations.mark(response, request)
        return response

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return problem_with("malformed-request", "The address holds a NUL character (%00); leave it out.")
        if error_response := _length_error(request):
            return error_response
        try:
            limit_statements(settings.STATEMENT_TIMEOUT)
        except OperationalError as error:
            return problem_of_database(error)
        return self.get_response(request)


def _length_error(request: HttpRequest) -> HttpResponse | None:
    """The error response to a body that is too long or has no stated length; None if it can be read."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length:
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            return problem_with("length-required", "Send the body whole, with a Content-Length.")
        return None
    if not (length.isascii() and length.isdigit()):
        return problem_with("malformed-request", "Content-Length is not a number.")
    if len(length) > 15 or int(length) > settings.MAX_BODY_BYTES:
        sentence = f"The body may have at most {settings.MAX_BODY_BYTES} bytes; send less at once."
        return problem_with("body-too-large", sentence)
    return None


def finished_error(response: HttpResponseBase, request: HttpRequest) -> HttpResponse:
    """The problem with the id of its request, in Google's format under /v1alpha1/."""
    content = response.render().content if isinstance(response, Response) else getattr(response, "content", b"")
    try:
        problem = orjson.loads(content)
    except orjson.JSONDecodeError:
        logger.error("The body of an error cannot be read: %d for %s", response.status_code, request.path)
        problem = orjson.loads(as_problem(response).content)
    problem["request_id"] = request_id(request.META)
    status_, body, media_type = response.status_code, problem, PROBLEM
    if request.path.startswith(GOOGLE):
        status_, body = error_of(problem)
        media_type = "application/json; charset=UTF-8"
    return in_place_of(response, HttpResponse(orjson.dumps(body), status=status_, content_type=media_type))
