"""Bodies that no view should see: too long, too deep, not JSON, with what the database cannot hold."""

import pytest
from django.test.utils import override_settings
from rest_framework.exceptions import ParseError

from claims.models import Topic
from factcheck.newsrooms.keys import create_key
from factcheck.rest import json_parser
from factcheck.rest.problems import _pointed
from tests.api_client import ask, problem

TOPICS = "/api/v1/topics/"


@pytest.fixture
def key(db: None) -> str:
    with override_settings(ROOT_URLCONF="tests.factcheck.write_routes"):
        yield create_key("Daily Paper", ["read", "write"])


def send(key: str | None, data: bytes, content_type: str = "application/json", **options):
    return ask(TOPICS, key, method="POST", data=data, content_type=content_type, **options)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":[1,-2.5,true,null,"\\ud83d\\ude00"]}',
        b"[" * json_parser.MAX_DEPTH + b"1" + b"]" * json_parser.MAX_DEPTH,
        b"9007199254740991",
    ],
)
def test_json_is_read(body: bytes) -> None:
    json_parser.read(body)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"name=x", "not JSON"),
        (b'{"name":NaN}', "not JSON"),
        (b'\xef\xbb\xbf{"name":"x"}', "not JSON"),
        (b'{"name":"\xff"}', "not JSON"),
        (b'{"name":"\\ud800"}', "not JSON"),
        (b'{"name":"\xed\xa0\x80"}', "not JSON"),
        (b"1e400", "not JSON"),
        (b"[" * (json_parser.MAX_DEPTH + 1) + b"1" + b"]" * (json_parser.MAX_DEPTH + 1), "nested too deeply"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "nested too deeply"),
        (b'{"name":"a\\u0000b"}', "NUL"),
        (b'{"a\\u0000b":"name"}', "NUL"),
        (b'[{"name":["\\u0000"]}]', "NUL"),
        (b"9007199254740992", "2^53"),
        (b"-1e300", "2^53"),
        (b"9" * 5_000, "not JSON"),
    ],
)
def test_what_is_refused_says_why(body: bytes, word: str) -> None:
    with pytest.raises(ParseError, match=word.replace("^", r"\^")):
        json_parser.read(body)


def test_a_body_is_refused_as_a_problem_and_nothing_is_written(key: str) -> None:
    assert send(key, b'{"name":"Bridges"}').status_code == 201
    for data in (b"{", b'{"name":"\\u0000"}', b'{"name":"\\udfff"}', b"[" * 5_000):
        assert problem(send(key, data))["type"] == "urn:factcheck:problem:malformed-request"
    said = problem(send(key, b'{"name":["x"]}'))
    assert (said["status"], said["type"]) == (422, "urn:factcheck:problem:invalid-body")
    assert said["detail"].startswith("/name Not a valid string")
    assert [error["pointer"] for error in said["errors"]] == ["/name"]
    for data in (b"[]", b"null", b"7", b'"x"'):
        assert problem(send(key, data))["status"] == 422, data
    assert Topic.objects.exclude(name="under way").count() == 1


def test_errors_point_at_their_place() -> None:
    detail = {"a/b": ["One.", "Two."], "rows": [{}, {"x~y": ["Three."]}], "non_field_errors": ["Four."]}
    pointed = [(error["pointer"], error["detail"]) for error in _pointed(detail)]
    assert pointed == [("/a~1b", "One."), ("/a~1b", "Two."), ("/rows/1/x~0y", "Three."), ("", "Four.")]


def test_only_json_in_utf8_is_read(key: str) -> None:
    for content_type in ("application/json", "Application/JSON; charset=utf-8", 'application/json;charset="UTF-8"'):
        assert send(key, b'{"name":"Bridges"}', content_type).status_code == 201
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", "x"):
        assert problem(send(key, b'{"name":"Bridges"}', content_type))["status"] == 415, content_type
    packed = send(key, b'{"name":"Bridges"}', headers={"Content-Encoding": "gzip"})
    assert problem(packed)["type"] == "urn:factcheck:problem:unsupported-media-type"
    assert "without Content-Encoding" in problem(packed)["detail"]


def test_a_body_has_a_length_and_not_too_great_a_one(key: str) -> None:
    with override_settings(MAX_BODY_BYTES=1_000):
        assert send(key, b'{"name":"Bridges"}'.ljust(1_000)).status_code == 201
        said = problem(send(key, b'{"name":"Bridges"}'.ljust(1_001)))
        assert (said["status"], said["type"]) == (413, "urn:factcheck:problem:body-too-large")
        assert "1000 bytes" in said["detail"]
        assert problem(send(None, b" " * 1_001))["status"] == 413, "before anything is looked up"
    for given, status in (("9" * 400, 413), ("ten", 400), ("-1", 400), ("٣", 400)):
        assert problem(send(key, b"{}", CONTENT_LENGTH=given))["status"] == status, given
    pieces = send(key, b"{}", CONTENT_LENGTH="", headers={"Transfer-Encoding": "chunked"})
    assert problem(pieces)["status"] == 411


def test_a_value_that_postgresql_cannot_hold_is_no_server_error(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last net, under a view that forgot to look."""
    from tests.factcheck.write_routes import Topics

    monkeypatch.setattr(Topics, "meanwhile", lambda: Topic.objects.filter(name="\x00").count())
    assert problem(send(key, b'{"name":"Bridges"}'))["type"] == "urn:factcheck:problem:invalid-value"
