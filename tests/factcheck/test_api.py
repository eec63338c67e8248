"""What holds on every route: who may come in, how errors look, how pages follow each other, what the schema says."""

import re

import pytest
from django.db import connection
from django.test.utils import override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from drf_spectacular.validation import validate_schema

from factcheck import api
from factcheck.newsrooms.keys import create_key
from factcheck.newsrooms.models import ApiKey
from tests import factories
from tests.asking import ask, problem, reading_key, said

API = "/api/v1/"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
ROLES = ("nobody", "bad key", "revoked", "tips", "write", "read", "everything")
READ_WITH_KEY = dict.fromkeys(("nobody", "bad key", "revoked"), 401) | {"tips": 403, "write": 403}
READ_WITH_KEY |= {"read": 200, "everything": 200}
# Every route and what a GET answers to each role. A route that is not here fails the suite.
TABLE = {
    "": READ_WITH_KEY,
    "claims/": READ_WITH_KEY,
    "claims/<id>/": READ_WITH_KEY,
    "sources/": READ_WITH_KEY,
    "sources/<id>/": READ_WITH_KEY,
    "pages/<id>/": READ_WITH_KEY,
    "changes/": READ_WITH_KEY,
    "changes/<id>/": READ_WITH_KEY,
    # Public, but a key that is sent must be good.
    "schema/": dict.fromkeys(ROLES, 200) | {"bad key": 401, "revoked": 401},
}
ANONYMOUS = {"", "claims/", "claims/<id>/", "sources/", "sources/<id>/", "schema/"}


def routes_of_api(resolver: URLResolver | None = None, prefix: str = "/") -> list[tuple[str, URLPattern]]:
    """Routes under /api/, as the URL configuration has them, `<str:id>` written `<id>`."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + re.sub(r"<\w+:(\w+)>", r"<\1>", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            found += routes_of_api(pattern, route)
        elif route.startswith("/api/"):
            found.append((route, pattern))
    return found


@pytest.fixture
def keys_of_roles(db: None) -> dict[str, str | None]:
    made = {
        "nobody": None,
        "bad key": "fc_abcdefgh_" + "x" * 44,
        "revoked": create_key("Revoked"),
        "tips": create_key("Tips", ["tips"]),
        "write": create_key("Write", ["write"]),
        "read": create_key("Read"),
        "everything": create_key("All", ["read", "write", "tips"]),
    }
    ApiKey.objects.filter(newsroom__name="Revoked").update(revoked_at=timezone.now())
    assert tuple(made) == ROLES
    return made


@pytest.fixture
def addresses(db: None) -> dict[str, str]:
    """An existing address of every route in the table."""
    review = factories.published_review()
    evidence = review.latest_published().evidence.get()
    change = factories.change(evidence.page, factories.PAGE_TEXT.replace("412", "430"))
    ids = {
        "claims/": review.claim.public_id,
        "sources/": evidence.page.source.public_id,
        "pages/": evidence.page.public_id,
        "changes/": change.public_id,
    }
    return {route: API + route.replace("<id>", ids.get(route.removesuffix("<id>/"), "")) for route in TABLE}


def test_every_route_is_in_the_table() -> None:
    webhooks = f"{API}webhooks/"  # tests/factcheck/webhooks/test_api.py has its own table: some can be written to
    assert {route for route, _ in routes_of_api() if not route.startswith(webhooks)} == {API + route for route in TABLE}


def test_role_route_method_table(keys_of_roles, addresses) -> None:
    for route, expected in TABLE.items():
        for role, key in keys_of_roles.items():
            for method in METHODS:
                response = ask(addresses[route], key, method=method)
                want = expected[role]
                if method not in ("GET", "HEAD"):
                    refused = want if want == 401 else 405
                    want = 401 if role == "nobody" and route != "schema/" else refused
                assert response.status_code == want, (method, route, role, response.content[:200])
                if want >= 400 and method != "HEAD":
                    problem(response)
                if want == 405:
                    assert response.headers["Allow"] == "GET, HEAD"


def test_without_a_key_nothing_is_read_unless_the_setting_says_so(addresses) -> None:
    with override_settings(ANONYMOUS_READ=True):
        for route, address in addresses.items():
            assert ask(address).status_code == (200 if route in ANONYMOUS else 401), route
            assert ask(address, method="POST").status_code in (401, 405)
            assert ask(address, "fc_abcdefgh_" + "x" * 44).status_code == 401, "a bad key is not nobody"


def test_answers_are_never_kept_without_asking(keys_of_roles, addresses) -> None:
    for address in [*addresses.values(), f"{API}claims/unknown/", f"{API}nothing/"]:
        for key in (None, keys_of_roles["read"]):
            response = ask(address, key)
            assert response.headers["Cache-Control"] == "private, no-cache"
            assert "Authorization" in response.headers["Vary"]


def test_an_etag_answers_304_without_a_body_and_never_to_a_bad_key(keys_of_roles, addresses) -> None:
    for route, address in addresses.items():
        if route == "":
            continue
        etag = ask(address, keys_of_roles["read"]).headers["ETag"]
        for sent in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            response = ask(address, keys_of_roles["read"], headers={"If-None-Match": sent})
            assert (response.status_code, response.content) == (304, b""), (route, sent)
            assert response.headers["ETag"] == etag
        assert ask(address, keys_of_roles["read"], headers={"If-None-Match": '"other"'}).status_code == 200
        assert ask(address, keys_of_roles["bad key"], headers={"If-None-Match": etag}).status_code == 401


def test_unknown_parameters_are_named(keys_of_roles, addresses) -> None:
    for address in addresses.values():
        body = problem(ask(f"{address}?verdikt=true", keys_of_roles["read"]))
        assert (body["status"], body["parameter"]) == (400, "verdikt")
        assert body["type"] == "urn:factcheck:problem:unknown-parameter"
        for name in body["allowed"]:
            assert name in body["detail"]
    assert "verdict" in problem(ask(f"{API}claims/?verdikt=true", keys_of_roles["read"]))["allowed"]


def test_nul_is_refused_wherever_it_stands(keys_of_roles, addresses) -> None:
    key = keys_of_roles["read"]
    for address in addresses.values():
        assert problem(ask(f"{address}%00/", key))["status"] == 400
        assert problem(ask(f"{address}?q=a%00b", key))["status"] == 400
        assert problem(ask(f"{address}?a%00b=q", key))["status"] == 400
        assert problem(ask(address, "fc_abcdefgh_\x00"))["status"] == 401
        assert ask(address, key, headers={"If-None-Match": '"\x00"'}).status_code == 200
        assert problem(ask(address, key, method="POST", data=b'{"a":"\\u0000"}'))["status"] == 405
    for parameter in ("cursor", "limit", "updated_since", "speaker", "host"):
        assert problem(ask(f"{API}claims/?{parameter}=%00", key))["status"] == 400


@pytest.mark.parametrize(
    "query",
    [
        *(f"limit={value}" for value in ("0", "101", "-1", "1.5", "ten", "", "٣", "9" * 5000, "1e2", "0x10")),
        *(
            f"cursor={value}"
            for value in ("", "x", "!!!!", "e30", "W10", "WzEsMl0", "W251bGxd", "WzFlNDAwXQ", "A" * 9999)
        ),
        "cursor=WyJ4Il0",  # ["x"]: a text where a number belongs
        "cursor=WyIyMDI2LTAxLTAxVDAwOjAwOjAwWiJd",  # a time where a number belongs
        "cursor=W3RydWVd",  # [true]
        "limit=5&limit=6",
    ],
)
def test_bad_pages_are_refused(db, query: str) -> None:
    body = problem(ask(f"{API}claims/?{query}", reading_key()))
    assert (body["status"], body["type"]) == (400, "urn:factcheck:problem:invalid-parameter")


def test_too_many_parameters_and_odd_encodings_are_refused(db) -> None:
    key = reading_key()
    many = "&".join(f"a{number}=1" for number in range(2000))
    for query in (many, "q=%ff%fe", "%ff=1", "q=" + "a" * 201, "q=", "&&&=", "host=%c0%80"):
        assert ask(f"{API}claims/?{query}", key).status_code in (200, 400), query[:40]
    assert problem(ask(f"{API}claims/?{many}", key))["status"] == 400
    assert problem(ask(f"{API}claims/%ff%fe/", key))["status"] == 404
    assert problem(ask(f"{API}claims/{'a' * 5000}/", key))["status"] == 404


def test_whatever_accept_says_the_answer_is_json(db) -> None:
    key = reading_key()
    for accept in ("text/html", "application/xml", "nonsense", "*/*", "application/json;q=0"):
        response = ask(f"{API}claims/", key, headers={"Accept": accept})
        assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")


def test_the_root_names_routes_that_answer(db) -> None:
    key = reading_key()
    for address in said(API, key).values():
        assert ask(address.removeprefix("http://testserver"), key).status_code == 200


def test_a_bug_and_a_bad_host_are_problems_too(db, monkeypatch: pytest.MonkeyPatch) -> None:
    key = reading_key()
    assert problem(ask(f"{API}claims/", key, headers={"Host": "evil.example"}))["status"] == 400
    monkeypatch.setattr("claims.api.claims.current", lambda request: 1 / 0)
    body = problem(ask(f"{API}claims/", key))
    assert body["status"] == 500
    assert "division" not in body["detail"]


def test_a_slow_statement_is_ended(live_database, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.models import BooleanField, Func, Value

    from claims.models import ClaimVersion

    key = reading_key()
    factories.published_review()
    connection.close()
    sleeping = ClaimVersion.objects.current("newsrooms").annotate(
        slept=Func(
            Value(1),
            function="pg_sleep",
            template="(%(function)s(%(expressions)s) IS NOT NULL)",
            output_field=BooleanField(),
        )
    )
    monkeypatch.setattr("claims.api.claims.current", lambda request: sleeping.filter(slept=True))
    with override_settings(STATEMENT_TIMEOUT=0.2):
        response = ask(f"{API}claims/", key)
        assert problem(response)["type"] == "urn:factcheck:problem:too-slow"
        assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    connection.close()
    with override_settings(STATEMENT_TIMEOUT=20):
        assert ask(f"{API}claims/", key).status_code == 200, "the control: with time enough it is answered"


def test_a_database_that_is_away_is_a_problem(live_database, monkeypatch: pytest.MonkeyPatch) -> None:
    key = reading_key()
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "NAME", "no_such_database")
    response = ask(f"{API}claims/", key)
    assert problem(response)["type"] == "urn:factcheck:problem:unavailable"
    assert "no_such_database" not in response.content.decode()
    connection.close()


def test_the_schema_is_valid_and_whole(capsys: pytest.CaptureFixture[str], db) -> None:
    document = said(f"{API}schema/")
    validate_schema(document)
    assert document["openapi"].startswith("3.1")
    assert capsys.readouterr().err == "", "drf-spectacular warns"
    described = {path for path in document["paths"] if not path.startswith(f"{API}webhooks/")}
    assert described == {(API + route).replace("<id>", "{id}") for route in TABLE if route != "schema/"}
    for path, operations in document["paths"].items():
        assert path not in described or set(operations) == {"get"}
        operation = next(iter(operations.values()))
        assert operation["description"], path
        assert {"400", "401", "403"} <= set(operation["responses"])
        assert all(parameter.get("description") for parameter in operation.get("parameters", []))
    parameters = {p["name"] for p in document["paths"][f"{API}claims/"]["get"]["parameters"]}
    allowed = problem(ask(f"{API}claims/?nonsense=1", reading_key()))["allowed"]
    assert parameters == set(allowed)


def test_every_problem_is_documented(request: pytest.FixtureRequest) -> None:
    text = (request.config.rootpath / "docs/api.md").read_text()
    assert [name for name in api.PROBLEMS if f"`{name}`" not in text] == []


def test_keyset_pages_skip_nothing_and_double_nothing(db) -> None:
    key = reading_key()
    made = [factories.published_review().claim.public_id for _ in range(5)]
    seen: list[str] = []
    address = f"{API}claims/?limit=2&language=en"
    pages = 0
    while address:
        page = said(address, key)
        assert len(page["results"]) <= 2
        seen += [claim["id"] for claim in page["results"]]
        address = page["next"]
        pages += 1
    assert seen == made[::-1]
    assert pages == 3


def test_a_page_that_ends_exactly_has_no_next(db) -> None:
    key = reading_key()
    for _ in range(2):
        factories.published_review()
    assert said(f"{API}claims/?limit=2", key)["next"] is None
    assert said(f"{API}claims/?limit=1", key)["next"] is not None
