"""Errors of any size and with any words in them keep their format, compressed or not."""

from typing import Any

import brotli
import orjson
import pytest
from django.http import HttpResponse
from isal import isal_zlib

from factcheck.newsrooms.keys import create_key
from tests import factories
from tests.api_client import ask, problem

PAGES = "/v1alpha1/pages"
ENCODINGS = ("identity", "gzip", "br", "gzip, deflate, br, zstd", "*", "nonsense")
# Names and values that come back in an error's sentences.
HOSTILE = [
    "a" * 900_000,
    "</script><img src=x onerror=alert(1)>",
    "\u202e\u2066 \ufeff\U0001f4a3",
    "\x01\x1f\x7f\r\nX-Injected: 1",
    '"}{"error": {"code": 200}}',
    "../" * 1_000,
    "%s %(name)s {0} {self}",
]


def read(response: HttpResponse) -> Any:
    """The JSON of a body in whichever encoding it came."""
    encoding = response.headers.get("Content-Encoding", "identity")
    content = response.content
    assert response.headers.get("Content-Length", str(len(content))) == str(len(content))
    if encoding == "gzip":
        content = isal_zlib.decompress(content, 31)
    elif encoding == "br":
        content = brotli.decompress(content)
    return orjson.loads(content)


def googles(response: HttpResponse) -> dict[str, Any]:
    assert response.headers["Content-Type"] == "application/json; charset=UTF-8", response.content[:300]
    assert response.status_code < 500
    error: dict[str, Any] = read(response)["error"]
    assert error["code"] == response.status_code and error["message"] and error["status"].isupper()
    return error


@pytest.fixture
def key(db: None) -> str:
    factories.organisation()
    return create_key("Daily Paper", ["read", "write"])


def send(path: str, key: str | None, body: Any, encoding: str, method: str = "POST") -> HttpResponse:
    data = body if isinstance(body, bytes) else orjson.dumps(body)
    headers = {"Accept-Encoding": encoding}
    return ask(path, key, method, data=data, content_type="application/json", headers=headers)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_googles_errors_of_many_markups_stay_googles(key: str, encoding: str) -> None:
    for number in (1, 5, 8, 10, 12, 50):
        markup = {"url": "https://paper.example/fc", "rating": {"textualRating": "False"}}
        page = {"pageUrl": "https://paper.example/fc", "claimReviewMarkups": [markup] * number}
        violations = googles(send(PAGES, key, page, encoding))["details"][0]["fieldViolations"]
        fields = [each["field"] for each in violations]
        assert fields == [f"claimReviewMarkups[{at}].claimReviewed" for at in range(number)]


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: ascii(words)[:20])
def test_googles_errors_with_hostile_words_stay_googles(key: str, words: str) -> None:
    for encoding in ("identity", "gzip"):
        for body in (
            {words: 1},
            {"pageUrl": words},
            {"pageUrl": "https://paper.example/fc", "claimReviewMarkups": [{words: words}] * 3},
            {"pageUrl": "https://paper.example/fc", "claimReviewMarkups": words},
            words,
            [words],
            words.encode(),
        ):
            googles(send(PAGES, key, body, encoding))
            googles(send(f"{PAGES}/mkp_0000000000000000", key, body, encoding, "PUT"))
        query = {words[:2_000]: words[:2_000]}
        headers = {"Accept-Encoding": encoding}
        for path in (PAGES, "/v1alpha1/claims:search", "/v1alpha1/nothing", f"{PAGES}/{words[:1_000]}"):
            googles(ask(path, key, query_params=query, headers=headers))


def test_googles_other_errors_are_googles_too(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    many = {"Accept-Encoding": "gzip"}
    assert googles(ask(PAGES, None, headers=many))["status"] == "UNAUTHENTICATED"
    assert googles(ask(PAGES, key, "PATCH", headers=many))["status"] == "UNIMPLEMENTED"
    assert googles(send(PAGES, key, b'{"pageUrl": "\\ud800"}', "gzip"))["status"] == "INVALID_ARGUMENT"
    assert googles(send(PAGES, key, b"[" * 100_000, "gzip"))["status"] == "INVALID_ARGUMENT"
    assert googles(send(PAGES, key, b" " * 1_000_001, "gzip"))["status"] == "INVALID_ARGUMENT"
    monkeypatch.setattr("claims.api.google.markup_pages.MarkupPageList.get", lambda *_: 1 / 0)
    response = ask(PAGES, key, headers=many)
    assert (response.status_code, read(response)["error"]["status"]) == (500, "INTERNAL")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_problems_of_any_size_stay_problems(key: str, encoding: str) -> None:
    for words in HOSTILE:
        body: Any = {words: 1, "text": words[:20_000], "statements": words[:20_000]}
        response = send("/api/v1/desk/claims/", key, body, encoding)
        assert response.headers["Content-Type"] == "application/problem+json"
        assert (response.status_code, read(response)["status"]) == (422, 422)
    response = send("/api/v1/claims/status", key, {"ids": ["x" * 100] * 500}, encoding)
    body = read(response)
    assert (response.status_code, len(body["errors"])) == (422, 50)
    large = len(orjson.dumps(body)) > 1_000
    assert large and ("Content-Encoding" in response.headers) == (encoding not in ("identity", "nonsense"))
    assert "Accept-Encoding" in response.headers["Vary"]


def test_a_body_that_no_error_has_is_logged_and_replaced(
    key: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Should a view ever answer with something else under the name of a problem."""

    def broken(*_: Any) -> HttpResponse:
        return HttpResponse(b"\x1f\x8b", status=422, content_type="application/problem+json")

    monkeypatch.setattr("claims.api.published.claims.ClaimList.get", broken)
    assert problem(ask("/api/v1/claims/", key))["status"] == 422
    assert "cannot be read: 422 for /api/v1/claims/" in caplog.text
