"""The middleware around everything under /api/ and /v1alpha1/: what must hold there whichever view answers, or none."""

from collections.abc import Callable

import orjson
from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.response import Response

from factcheck.rest.google_errors import error_of
from factcheck.rest.problems import PROBLEM, as_problem, problem_of_database, problem_with

PREFIX = "/api/"
GOOGLE = "/v1alpha1/"


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
            response = as_problem(response)
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
    if len(given) > 15 or int(given) > settings.MAX_BODY_BYTES:
        return problem_with(
            "body-too-large", f"The body may have at most {settings.MAX_BODY_BYTES} bytes; send less at once."
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


def _in_googles_words(response: HttpResponseBase) -> HttpResponse:
    """The same error in Google's envelope."""
    content = response.render().content if isinstance(response, Response) else getattr(response, "content", b"")
    status_, body = error_of(orjson.loads(content))
    said = HttpResponse(orjson.dumps(body), status=status_, content_type="application/json; charset=UTF-8")
    for name, value in response.headers.items():
        if not name.lower().startswith("content-"):
            said.headers[name] = value
    return said
