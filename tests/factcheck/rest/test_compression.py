"""gzip and Brotli by what the client accepts, with an ETag for each form."""

import gzip

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from factcheck.rest.compression import MIN_SIZE, CompressionMiddleware, choose_encoding, compress
from tests import factories
from tests.api_client import ask, reading_key

CLAIMS = "/api/v1/claims/"
DECODED = {"gzip": gzip.decompress, "br": brotli.decompress}


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", None),
        ("gzip", "gzip"),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br, zstd", "gzip"),
        ("br", "br"),
        ("BR", "br"),
        ("deflate", None),
        ("*", "gzip"),
        ("*;q=0", None),
        ("gzip;q=0", None),
        ("gzip;q=0, *", "br"),
        ("gzip, deflate;q=0.5", "gzip"),
        ("gzip;q=0.5, br;q=0.9", "br"),
        ("gzip;q=0.2, identity", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("gzip;q=nonsense", None),
        ("gzip; q=0.001", "gzip"),
        ("gzipped, brotli", None),
        ("gzip;q=1.5", None),
        (",;=,,q", None),
    ],
)
def test_what_is_chosen(accepted: str, chosen: str | None) -> None:
    assert choose_encoding(accepted) == chosen


def test_both_encodings_give_the_bytes_back_and_are_repeatable() -> None:
    data = "“Ünïcode” and text. ".encode() * 500
    for name, decode in DECODED.items():
        assert decode(compress(data, name)) == data
        assert compress(data, name) == compress(data, name)
        assert len(compress(data, name)) < len(data) // 10


def test_answers_go_out_in_each_form_under_a_tag_of_its_own(db) -> None:
    key, claim = reading_key(), factories.published_review().claim
    for path in (CLAIMS, f"{CLAIMS}{claim.public_id}/"):
        plain = ask(path, key)
        assert "Content-Encoding" not in plain.headers
        tags = {plain.headers["ETag"]}
        for name, decode in DECODED.items():
            for method in ("GET", "HEAD"):
                response = ask(path, key, method=method, headers={"Accept-Encoding": name})
                assert response.headers["Content-Encoding"] == name
                assert {"Authorization", "Accept-Encoding"} <= set(response.headers["Vary"].split(", "))
            response = ask(path, key, headers={"Accept-Encoding": name})
            assert decode(response.content) == plain.content
            assert response.headers["Content-Length"] == str(len(response.content))
            tags.add(response.headers["ETag"])
        assert "Accept-Encoding" in plain.headers["Vary"], "or a cache would give it to everybody"
        assert len(tags) == 3
        assert not any(tag.startswith("W/") for tag in tags)


def test_any_form_that_the_client_holds_answers_304_and_is_named(db) -> None:
    key, claim = reading_key(), factories.published_review().claim
    path = f"{CLAIMS}{claim.public_id}/"
    forms = ("", "gzip", "br")
    tags = [ask(path, key, headers={"Accept-Encoding": form}).headers["ETag"] for form in forms]
    for held in tags:
        for form in forms:
            for sent in (held, f"W/{held}", f'"other", {held}'):
                response = ask(path, key, headers={"Accept-Encoding": form, "If-None-Match": sent})
                assert (response.status_code, response.content) == (304, b""), (held, form)
                assert response.headers["ETag"] == held, "it would be told that it holds other bytes"
                assert "Accept-Encoding" in response.headers["Vary"]
    for form, tag in zip(forms, tags, strict=True):
        both = ask(path, key, headers={"Accept-Encoding": form, "If-None-Match": ", ".join(tags)})
        assert both.headers["ETag"] == tag
        assert ask(path, key, headers={"Accept-Encoding": form, "If-None-Match": "*"}).headers["ETag"] == tag
        other = {"Accept-Encoding": form, "If-None-Match": f'"{"0" * 64}-gzip"'}
        assert ask(path, key, headers=other).status_code == 200


def test_small_answers_and_errors_are_left_alone(db) -> None:
    for path, key in ((CLAIMS, reading_key()), (CLAIMS, None), (f"{CLAIMS}nothing/", reading_key("Other"))):
        response = ask(path, key, headers={"Accept-Encoding": "gzip, br"})
        assert "Content-Encoding" not in response.headers
        assert len(response.content) < MIN_SIZE


def through(response: HttpResponse | StreamingHttpResponse, path: str = "/api/v1/", **headers: str):
    seen = []

    def view(request):
        seen.append({name: value for name, value in request.META.items() if name.startswith("HTTP_IF")})
        return response

    made = CompressionMiddleware(view)(RequestFactory().get(path, headers={"Accept-Encoding": "gzip", **headers}))
    return made, seen[0]


def test_views_see_tags_as_they_gave_them() -> None:
    _, seen = through(
        HttpResponse(), **{"If-Match": '"a-gzip", W/"b-br", "c"', "If-None-Match": '"d-gzip-gzip", "e-zip"'}
    )
    assert seen == {"HTTP_IF_MATCH": '"a", W/"b", "c"', "HTTP_IF_NONE_MATCH": '"d-gzip", "e-zip"'}


def test_streams_pictures_and_what_is_encoded_already_pass() -> None:
    much = b"x" * 5 * MIN_SIZE
    stream, _ = through(StreamingHttpResponse([much], content_type="text/event-stream"))
    assert "Content-Encoding" not in stream.headers
    picture, _ = through(HttpResponse(much, content_type="image/png"))
    assert picture.content == much
    encoded, _ = through(HttpResponse(much, content_type="application/json", headers={"Content-Encoding": "br"}))
    assert (encoded.content, encoded.headers["Content-Encoding"]) == (much, "br")
    for kind in ("application/json", "application/ld+json", "text/csv", "application/atom+xml; charset=utf-8"):
        control, _ = through(HttpResponse(much, content_type=kind))
        assert control.headers["Content-Encoding"] == "gzip", kind


def test_pages_with_tokens_in_them_are_never_compressed(db) -> None:
    page = ask("/account/login/", headers={"Accept-Encoding": "gzip, br"})
    assert len(page.content) > MIN_SIZE
    assert b"csrfmiddlewaretoken" in page.content
    assert "Content-Encoding" not in page.headers
    much = b"x" * 5 * MIN_SIZE
    plain = ("/", "/admin/", "/account/login/", "/static/desk.css")
    for path, encoded in [*((each, False) for each in plain), ("/v1alpha1/x", True)]:
        response, _ = through(HttpResponse(much, content_type="text/html"), path)
        assert response.has_header("Content-Encoding") is encoded, path
