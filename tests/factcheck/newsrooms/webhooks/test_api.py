"""A newsroom's webhooks by REST: its own alone, the secret once, odd bodies refused."""

import itertools
from typing import Any

import orjson
import pytest

from claims.models import Publication
from factcheck.newsrooms.keys import create_key
from factcheck.newsrooms.models import WebhookDelivery, WebhookEndpoint
from tests.api_client import ask, problem, said
from tests.factcheck.newsrooms.webhooks.test_deliver import publish

pytestmark = pytest.mark.django_db
API = "/api/v1/webhooks/"
# Route: method → what a key with the scope `read` gets for an endpoint of its own.
TABLE: dict[str, dict[str, int]] = {
    "": {"GET": 200, "POST": 201},
    "{id}/": {"GET": 200, "PATCH": 200, "DELETE": 204},
    "{id}/deliveries/": {"GET": 200},
    "{id}/replay/": {"POST": 202},
    "{id}/rotate/": {"POST": 200},
    "{id}/test/": {"POST": 202},
}
BODIES = {"": {"url": "https://b.example/"}, "{id}/replay/": {"after": 0}}


def send(path: str, key: str | None, body: Any = None, method: str = "POST") -> Any:
    data = b"" if body is None else body if isinstance(body, bytes) else orjson.dumps(body)
    return ask(API + path, key, method=method, data=data, content_type="application/json")


@pytest.fixture
def key() -> str:
    return create_key("Daily Paper", ["read", "write"])


def create(key: str, **asked: Any) -> dict[str, Any]:
    response = send("", key, {"url": "https://a.example/", **asked})
    assert response.status_code == 201, response.content
    return orjson.loads(response.content)  # type: ignore[no-any-return]


def test_role_route_method_table(key: str) -> None:
    roles = {"nobody": None, "bad": "fc_abcdefgh_" + "x" * 44, "tips": create_key("Tips", ["tips"])}
    roles["read"] = create_key("Read")
    roles |= {"write": create_key("Write", ["write"]), "other": create_key("Another", ["read", "write"]), "own": key}
    made = create(key)["id"]
    for route, role, method in itertools.product(TABLE, roles, ("GET", "POST", "PUT", "PATCH", "DELETE")):
        if (route, role, method) == ("{id}/", "own", "DELETE"):
            continue
        response = send(route.format(id=made), roles[role], BODIES.get(route, {}), method)
        allowed = TABLE[route].get(method)
        if role in ("nobody", "bad"):
            want = 401
        elif allowed is None:
            want = 405
        elif role == "tips" or role == ("write" if method == "GET" else "read"):
            want = 403
        elif role != "own" and "{id}" in route:
            want = 404
        else:
            want = allowed
        assert response.status_code == want, (route, role, method, response.content[:300])
        if want >= 400:
            problem(response)
    assert send(f"{made}/", key, method="DELETE").status_code == 204
    assert send(f"{made}/", key, method="DELETE").status_code == 404


def test_whats_anothers_answers_as_if_it_did_not_exist(key: str) -> None:
    made = create(key)["id"]
    other = create_key("Another", ["read", "write"])
    for route, methods in TABLE.items():
        for method in methods if "{id}" in route else ():
            answers = [
                send(route.format(id=each), other, BODIES.get(route, {}), method)
                for each in (made, "whk_0000000000000000", "x")
            ]
            assert {(each.status_code, each.content) for each in answers} == {(404, answers[0].content)}
    assert said(API, other) == {"results": [], "next": None}
    assert [each["id"] for each in said(API, key)["results"]] == [made]


def test_the_secret_is_shown_once_and_kept_by_nobody(key: str) -> None:
    response = send("", key, {"url": "https://a.example/", "events": ["corrected"]})
    made = orjson.loads(response.content)
    assert response.headers["Cache-Control"] == "no-store"
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert made == said(f"{API}{made['id']}/", key)
    rotated = send(f"{made['id']}/rotate/", key, {"overlap_seconds": 60})
    assert rotated.headers["Cache-Control"] == "no-store"
    newer = orjson.loads(rotated.content)
    assert newer["secret"] not in ("", secret) and [each["expires_at"] is None for each in newer["secrets"]] == [
        True,
        False,
    ]
    for path in ("", f"{made['id']}/", f"{made['id']}/deliveries/"):
        content = ask(API + path, key).content.decode()
        assert "whsec" not in content and secret[10:30] not in content and newer["secret"][10:30] not in content


def test_what_is_asked_is_what_there_is(key: str) -> None:
    filters = {
        "events": ["corrected", "withdrawn"],
        "claims": ["clm_4v9k2m0t7q8x1z3b"],
        "speakers": ["spk_4v9k2m0t7q8x1z3b"],
        "topics": ["roads"],
        "hosts": ["www.a.example"],
    }
    made = create(key, **filters)
    assert {name: made[name] for name in filters} == filters
    assert (made["active"], made["disabled"], made["url"]) == (True, None, "https://a.example/")
    assert (made["health"]["status"], made["health"]["pending"], made["health"]["p95_milliseconds"]) == (
        "active",
        0,
        None,
    )
    changed = orjson.loads(send(f"{made['id']}/", key, {"topics": [], "active": False}, "PATCH").content)
    assert (changed["topics"], changed["hosts"], changed["active"]) == ([], ["www.a.example"], False)
    assert changed["disabled"]["by"] == "newsroom" and changed["health"]["status"] == "disabled"
    back = orjson.loads(send(f"{made['id']}/", key, {"active": True, "url": "https://c.example/x"}, "PATCH").content)
    assert (back["active"], back["disabled"], back["url"]) == (True, None, "https://c.example/x")


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ({}, 422, "url"),
        ([], 422, "object"),
        (None, 422, "url"),
        ({"url": "http://a.example/"}, 422, "https"),
        ({"url": "https://10.0.0.1/"}, 422, "public Internet"),
        ({"url": None}, 422, "url"),
        ({"url": ["https://a.example/"]}, 422, "url"),
        ({"url": "https://a.example/\u0000"}, 400, "NUL"),
        (b'{"url": "https://a.example/\\ud800"}', 400, "JSON"),
        (b"{" * 3_000, 400, "JSON"),
        (b'{"url": ' + b"[" * 500 + b"]" * 500 + b"}", 400, "deep"),
        (b"\xff\xfe", 400, "JSON"),
        ({"url": "https://b.example/", "id": "whk_4v9k2m0t7q8x1z3b"}, 422, "id"),
        ({"url": "https://b.example/", "secret": "whsec_x"}, 422, "secret"),
        ({"url": "https://b.example/", "active": False}, 422, "active"),
        ({"url": "https://b.example/", "events": ["exploded"]}, 422, "events"),
        ({"url": "https://b.example/", "events": "corrected"}, 422, "events"),
        ({"url": "https://b.example/", "events": [{}]}, 422, "events"),
        ({"url": "https://b.example/", "claims": ["spk_4v9k2m0t7q8x1z3b"]}, 422, "claims"),
        ({"url": "https://b.example/", "topics": ["x" * 81]}, 422, "topics"),
        ({"url": "https://b.example/", "hosts": ["h"] * 101}, 422, "hosts"),
    ],
)
def test_bodies_that_cannot_be(key: str, body: Any, status: int, word: str) -> None:
    answer = problem(send("", key, body))
    assert (answer["status"], word in answer["detail"]) == (status, True), answer
    assert not WebhookEndpoint.objects.exists()


def test_other_bodies_that_cannot_be(key: str) -> None:
    made = create(key)["id"]
    for route, body in (
        ("rotate", {"overlap_seconds": -1}),
        ("rotate", {"overlap_seconds": 10**9}),
        ("rotate", {"overlap_seconds": "soon"}),
        ("rotate", {"secret": "whsec_mine"}),
        ("replay", {"after": 10**18}),
        ("replay", {"after": -1}),
        ("replay", {"since": "yesterday"}),
        ("replay", {"since": "9999-12-31T23:59:59-23:59"}),
        ("test", {"type": "claim.corrected"}),
        ("test", [1]),
    ):
        assert problem(send(f"{made}/{route}/", key, body))["status"] in (400, 422), (route, body)
    for body in ({}, {"after": 0, "since": "2026-01-01T00:00:00Z"}, {"after": 5}):
        assert problem(send(f"{made}/replay/", key, body))["status"] == 409
    assert problem(send("?nonsense=1", key, {"url": "https://b.example/"}))["parameter"] == "nonsense"
    assert problem(send(f"{made}/test/?x=1", key, {}))["status"] == 400
    response = ask(API, key, method="POST", data=b"url=https://b.example/", content_type="text/plain")
    assert problem(response)["status"] == 415


def test_too_many_and_the_same_twice_are_conflicts(key: str, settings: Any) -> None:
    settings.WEBHOOK_MAX_ENDPOINTS = 1
    made = create(key)
    assert "1 webhooks" in problem(send("", key, {"url": "https://b.example/"}))["detail"]
    settings.WEBHOOK_MAX_ENDPOINTS = 5
    answer = problem(send("", key, {"url": "https://a.example"}))
    assert answer["status"] == 409 and made["id"] in answer["detail"]


def test_deliveries_in_pages_and_by_state(receiver: Any, deliver: Any, key: str) -> None:
    made = create(key, url=receiver.url())
    receiver.replies["/hook"] = [204, 204, 500]
    published = publish(3)
    deliver()
    test = orjson.loads(send(f"{made['id']}/test/", key).content)
    assert (test["type"], test["state"], test["sequence"]) == ("webhook.test", "pending", None)
    address, seen = f"{API}{made['id']}/deliveries/?limit=2", []
    while address:
        page = said(address, key)
        seen += page["results"]
        address = page["next"]
    assert [each["sequence"] for each in seen] == [None, *[each.sequence for each in published[::-1]]]
    failed, received = seen[1], seen[2]
    assert (failed["state"], failed["last_status"], failed["last_answer"]) == ("pending", 500, "said the newsroom")
    assert (received["state"], received["type"], received["attempts"]) == ("delivered", "claim.watch_lost", 1)
    assert received["claim"] == Publication.objects.first().claim.public_id
    assert received["id"] == receiver.received[1].id
    delivered = said(f"{API}{made['id']}/deliveries/?state=delivered", key)["results"]
    assert len(delivered) == 2
    assert problem(ask(f"{API}{made['id']}/deliveries/?state=lost", key))["status"] == 400


def test_a_replay_by_api(receiver: Any, deliver: Any, key: str) -> None:
    made = create(key, url=receiver.url())
    published = publish(2)
    deliver()
    response = send(f"{made['id']}/replay/", key, {"after": published[0].sequence})
    assert (response.status_code, orjson.loads(response.content)) == (
        202,
        {"after": published[0].sequence, "upto": published[1].sequence},
    )
    assert deliver() == 1
    response = send(f"{made['id']}/replay/", key, {"since": "2026-01-01T00:00:00Z"})
    assert orjson.loads(response.content)["after"] == 0
    assert deliver() == 2 and WebhookDelivery.objects.count() == 2


def test_the_list_costs_the_same_with_more_rows(key: str, django_assert_num_queries: Any) -> None:
    create(key)
    ask(API, key)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        said(API, key)
    for number in range(4):
        create(key, url=f"https://n{number}.example/")
    with CaptureQueriesContext(connection) as many:
        assert len(said(API, key)["results"]) == 5
    assert len(few) == len(many)


def test_every_operation_is_described_with_an_example() -> None:
    document = said("/api/v1/schema/")
    for route, methods in TABLE.items():
        operations = document["paths"][API + route]
        assert {method.upper() for method in operations} == set(methods)
        for method, status in methods.items():
            operation = operations[method.lower()]
            assert operation["description"] and str(status) in operation["responses"], (route, method)
            if status != 204:
                content = operation["responses"][str(status)]["content"]["application/json"]
                assert content["examples"], (route, method)
            if method in ("POST", "PATCH"):
                assert operation["requestBody"]["content"]["application/json"]["examples"]
                assert {"413", "415", "422", "409"} <= set(operation["responses"]), (route, method)
