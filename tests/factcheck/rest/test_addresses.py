"""A write reaches its route however its address is written, and is never turned into a read."""

from typing import Any
from urllib.parse import unquote

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client, override_settings

from factcheck.newsrooms.keys import create_key
from tests import api_client, factories
from tests.api_client import problem, reading_key, said

API = "/api/v1/"
STATUS = {"data": b'{"ids": ["clm_0000000000000000"]}', "content_type": "application/json"}
TIP = {"data": b'{"text": "Have 412 bridges been repaired?"}', "content_type": "application/json"}


def ask(path: str, key: str | None = None, method: str = "GET", **options: Any) -> HttpResponse:
    """Django's client would take what follows two slashes for a host."""
    path, _, query = path.partition("?")
    environ = {"PATH_INFO": unquote(path), "QUERY_STRING": query}
    return api_client.ask("/", key, method, **environ, **options)


@pytest.mark.parametrize(
    "address",
    ["tips/", "tips", "/tips/", "/tips", "tips%2F", "tips//", "%74ips"],
)
def test_a_tip_arrives_with_and_without_the_last_slash(db: None, address: str) -> None:
    response = ask(API + address, create_key("Daily Paper", ["tips"]), "POST", **TIP)
    assert (response.status_code, list(orjson.loads(response.content))) == (201, ["receipt", "link", "checked"])


@pytest.mark.parametrize("address", ["/api/v1/claims/status", "/api/v1/claims/status/", "//api/v1//claims/status"])
def test_a_question_by_post_is_answered_too(db: None, address: str) -> None:
    key = reading_key()
    response = ask(address, key, "POST", **STATUS)
    assert response.status_code == 200
    assert [each["known"] for each in orjson.loads(response.content)["results"]] == [False]


def test_drafts_are_changed_and_deleted_without_the_last_slash(db: None) -> None:
    key = create_key("Daily Paper", ["read", "write"])
    claims = f"{API}desk/claims"
    sent = ask(claims, key, "POST", data=b'{"text": "412 bridges need repair."}', content_type="application/json")
    assert sent.status_code == 201
    address = f"{claims}/{orjson.loads(sent.content)['id']}"
    change = {"data": b'{"text": "430 bridges need repair."}', "content_type": "application/json"}
    changed = ask(address, key, "PATCH", headers={"If-Match": sent.headers["ETag"]}, **change)
    assert (changed.status_code, orjson.loads(changed.content)["text"]) == (200, "430 bridges need repair.")
    assert ask(address, key, "DELETE", headers={"If-Match": changed.headers["ETag"]}).status_code == 204
    assert ask(f"{address}/", key).status_code == 404


def test_one_idempotency_key_is_for_one_address_however_it_is_written(db: None) -> None:
    key = create_key("Daily Paper", ["tips"])
    first, again = (
        ask(f"{API}{address}", key, "POST", headers={"Idempotency-Key": '"once"'}, **TIP)
        for address in ("tips/", "tips")
    )
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_googles_routes_take_a_last_slash(db: None) -> None:
    key = create_key("Daily Paper", ["read", "write"])
    factories.organisation()
    markup = {"claimReviewed": "412 bridges need repair.", "rating": {"textualRating": "Wrong"}}
    page = {"pageUrl": "https://paper.example/a", "claimReviewMarkups": [markup]}
    sent = ask("/v1alpha1/pages/", key, "POST", data=orjson.dumps(page), content_type="application/json")
    assert sent.status_code == 200
    assert ask(f"/v1alpha1/{orjson.loads(sent.content)['name']}/", key, "DELETE").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("address", ["claims", "tips", "webhooks", "nothing", "claims/clm_0000000000000000", ""])
def test_no_method_but_get_and_head_is_redirected(db: None, method: str, address: str) -> None:
    key = create_key("Daily Paper", ["read"])
    for each in (f"{API}{address}", f"/{API}{address}", f"{API}{address}//"):
        response = ask(each, key, method, data=b"{}", content_type="application/json")
        assert problem(response)["status"] in (403, 404, 405), each


def test_reads_are_redirected_to_the_address_of_the_documentation(db: None) -> None:
    key = reading_key()
    factories.published_review()
    for method in ("GET", "HEAD"):
        response = ask(f"{API}claims?limit=1", key, method)
        assert (response.status_code, response.headers["Location"]) == (301, f"{API}claims/?limit=1")
    doubled = ask("//api//v1/claims/?limit=1", key)
    assert orjson.loads(doubled.content) == said(f"{API}claims/?limit=1", key)
    for method in ("GET", "HEAD"):
        response = ask(f"{API}search/?q=bridges%20%26%20roads", key, method)
        assert (response.status_code, response.headers["Location"]) == (301, f"{API}search?q=bridges%20%26%20roads")
    assert ask(f"{API}feed/atom/", key).headers["Location"] == f"{API}feed/atom"
    assert problem(ask(f"{API}claims/nothing/", key))["status"] == 404, "where the address is right"


@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_write_that_is_redirected_to_https_stays_a_write(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_client, "_client", Client(raise_request_exception=False))  # it reads the setting anew
    assert ask(f"{API}tips/", None, "POST", **TIP).status_code == 308
    assert ask(f"{API}claims/").status_code == 301, "the control"
    response = ask(f"{API}claims/", headers={"Host": "evil.example"})
    assert problem(response)["status"] == 400, "also what a middleware around REST refuses"


def test_the_same_error_comes_for_what_is_not_there(db: None) -> None:
    key = reading_key()
    answers: list[Any] = [problem(ask(f"{API}{path}", key, "POST")) for path in ("nothing", "nothing/", "/nothing")]
    assert answers[0] == answers[1] == answers[2]
