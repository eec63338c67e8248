"""Every response names the id of its request, and so do errors and the lines of the log."""

import logging

import orjson
import pytest

from factcheck.web.request_ids import HEADER, RequestIdFilter, request_id
from tests.api_client import ask, problem, reading_key

PLAIN = "Trace.7f:3-a_b/c=~+"


@pytest.mark.parametrize("name", ["HTTP_X_REQUEST_ID", "HTTP_REQUEST_ID"])
def test_a_plain_id_is_taken_over(name: str) -> None:
    assert request_id({name: f" {PLAIN} "}) == PLAIN
    assert request_id({name: "a" * 128}) == "a" * 128


@pytest.mark.parametrize("sent", ["", " ", "a" * 129, "a b", "a\nb", "-a", "ä", "a\x00", "<b>", '"a"', "a,b", "%0a"])
def test_any_other_gets_one_of_ours_and_keeps_it(sent: str) -> None:
    environ = {"HTTP_X_REQUEST_ID": sent}
    made = request_id(environ)
    assert made != sent and len(made) == 32
    assert request_id(environ) == made
    assert request_id({"HTTP_X_REQUEST_ID": sent}) != made
    assert request_id({"HTTP_X_REQUEST_ID": sent, "HTTP_REQUEST_ID": "other"}) == "other"


def test_responses_and_problems_name_it(db: None) -> None:
    key = reading_key()
    for path in ("/api/v1/claims/", "/api/v1/claims", "/api/v1/nothing/", "/healthz", "/admin/", "/nothing"):
        assert ask(path, key, headers={HEADER: "mine"}).headers[HEADER] == "mine", path
        assert len(ask(path, key, headers={HEADER: "no id"}).headers[HEADER]) == 32
    first, second = (ask("/api/v1/claims/", key, headers={HEADER: name}) for name in ("one", "two"))
    assert (first.content, second.headers[HEADER]) == (second.content, "two"), "what is cached has no id"
    assert problem(ask("/api/v1/claims/?q=", key, headers={HEADER: "mine"}))["request_id"] == "mine"
    assert problem(ask("/api/v1/claims/", None, headers={HEADER: "mine"}))["request_id"] == "mine"
    error = orjson.loads(ask("/v1alpha1/claims:search", key, headers={HEADER: "mine"}).content)["error"]
    named = {"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": "mine"}
    assert named in error["details"]


def test_lines_of_the_log_name_it(db: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    key = reading_key()
    monkeypatch.setattr("claims.api.published.claims.audience_of", lambda request: 1 / 0)
    caplog.handler.addFilter(RequestIdFilter())
    with caplog.at_level(logging.ERROR):
        assert ask("/api/v1/claims/", key, headers={HEADER: "mine"}).status_code == 500
        logging.getLogger("factcheck").error("Between two requests.")
    told = [(record.getMessage(), getattr(record, "request_id", None)) for record in caplog.records]
    assert ("Internal Server Error: /api/v1/claims/", " [request mine]") in told
    assert told[-1] == ("Between two requests.", "")
    assert {name for _, name in told[:-1]} == {" [request mine]"}
