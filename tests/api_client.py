"""Send requests to the REST API with a newsroom's key, and check the response."""

from typing import Any

import orjson
from django.http import HttpResponse
from django.test import Client

from factcheck.newsrooms import client_identity, rate_limits
from factcheck.newsrooms.keys import create_key, find_key

_client = Client(raise_request_exception=False)
# One for all requests: errors name it, and those of what is not there and of what one may not see are compared.
REQUEST_ID = "of-the-tests"


def ask(path: str, key: str | None = None, method: str = "GET", *, begun: bool = False, **options: Any) -> HttpResponse:
    """One request, with the key in its header if there is one. A server error is an answer, not an exception.

    What is streamed is read to its end, as a server does, unless `begun` says that the test reads it.
    """
    headers = {"X-Request-ID": REQUEST_ID, **({"Authorization": f"Bearer {key}"} if key else {})}
    response = _client.generic(method, path, headers={**headers, **options.pop("headers", {})}, **options)
    if response.streaming and not begun:
        response.streaming_content = [b"".join(response)]
    return response


def said(path: str, key: str | None = None, **options: Any) -> Any:
    """The JSON of an answer that must be 200."""
    response = ask(path, key, **options)
    assert response.status_code == 200, (path, response.status_code, response.content[:500])
    return orjson.loads(b"".join(response) if response.streaming else response.content)


def problem(response: HttpResponse) -> dict[str, Any]:
    """The body of an error answer, which must be a whole RFC 9457 problem."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content[:500]
    body: dict[str, Any] = orjson.loads(response.content)
    assert {"type", "title", "status", "detail"} <= set(body)
    assert body["type"].startswith("urn:factcheck:problem:")
    assert body["status"] == response.status_code
    assert len(body["detail"].split()) > 2
    return body


def reading_key(newsroom: str = "Daily Paper") -> str:
    """A key that may read, used before: what is done once a minute for each key is behind it."""
    made = create_key(newsroom)
    found = find_key(made)
    client_identity.record_use(found)
    rate_limits.take(found.newsroom)
    return made
