"""What holds on every route: who may come in, how errors look, how pages follow each other, what the schema says."""

import re
from datetime import timedelta

import orjson
import pytest
from django.db import connection
from django.test.utils import override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from drf_spectacular.validation import validate_schema

from claims.exports import dumps
from claims.models import Article, Topic
from claims.proof import checkpoints
from claims.public import readers_urls
from claims.reviews import publish
from factcheck.newsrooms.keys import create_key
from factcheck.newsrooms.models import ApiKey
from factcheck.rest import problems
from tests import factories
from tests.api_client import ask, problem, reading_key, said

API = "/api/v1/"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
ROLES = ("nobody", "bad key", "cut key", "revoked", "expired", "tips", "write", "read", "everything")
SHUT_OUT = frozenset({"bad key", "cut key", "revoked", "expired"})
ANYBODY = "anybody"  # needs no key, but one that is sent must be good
OPEN = "open"  # looks at no key
READ_WITH_KEY = {"GET": "read"}
# What a request that is let in may come to; only its body or what it names decides.
LET_IN = frozenset({200, 201, 202, 204, 400, 404, 409, 412, 415, 422, 428})
LISTS = (
    *("claims", "statements", "speakers", "documents", "reviews", "articles", "organisations", "evidence"),
    *("sources", "pages", "snapshots", "changes", "rating-scales", "topics"),
)
# Every route, its methods, and the scope that each needs. A route that is not here or below fails the suite, as does
# a method that is answered and not here.
TABLE: dict[str, dict[str, str]] = {
    "": READ_WITH_KEY,
    **{f"{name}/": READ_WITH_KEY for name in LISTS},
    **{f"{name}/<id>/": READ_WITH_KEY for name in LISTS},
    "claims/<id>/claimreview/": READ_WITH_KEY,
    "reviews/<id>/claimreview/": READ_WITH_KEY,
    "datafeed/": READ_WITH_KEY,
    "feed/": READ_WITH_KEY,
    "feed/atom": READ_WITH_KEY,
    "feed/json": READ_WITH_KEY,
    "log/": READ_WITH_KEY,
    "checkpoints/": {"GET": ANYBODY},
    "dumps/": READ_WITH_KEY,
    "dumps/<name>": READ_WITH_KEY,
    "schema/": {"GET": ANYBODY},
}
# Those that are written to, with ids of nothing in their addresses; and those outside /api/v1/, with their whole path.
_MANY = {"GET": "write", "POST": "write"}
_ONE = {"GET": "write", "PATCH": "write", "DELETE": "write"}
WRITING: dict[str, dict[str, str]] = {
    "claims/status": {"POST": "read"},
    "match": {"POST": "read"},
    "search": {"GET": "read", "POST": "read"},
    "desk/statements/": _MANY,
    "desk/statements/<id>/": {"GET": "write"},
    "desk/claims/": _MANY,
    "desk/claims/<id>/": _ONE,
    "desk/reviews/": _MANY,
    "desk/reviews/<id>/": _ONE,
    "desk/reviews/<id>/submit/": {"POST": "write"},
    "desk/evidence/": _MANY,
    "desk/evidence/<id>/": _ONE,
    "test/claims/<id>/<event>/": {"POST": "test"},
    "tips/": {"POST": "tips"},
    "webhooks/": {"GET": "read", "POST": "write"},
    "webhooks/<id>/": {"GET": "read", "PATCH": "write", "DELETE": "write"},
    "webhooks/<id>/deliveries/": READ_WITH_KEY,
    "webhooks/<id>/replay/": {"POST": "write"},
    "webhooks/<id>/rotate/": {"POST": "write"},
    "webhooks/<id>/test/": {"POST": "write"},
}
OUTSIDE: dict[str, dict[str, str]] = {
    "/healthz": {"GET": OPEN},
    "/api/v1/docs/": {"GET": OPEN},
    "/v1alpha1/claims:search": READ_WITH_KEY,
    "/v1alpha1/claims:imageSearch": READ_WITH_KEY,
    "/v1alpha1/pages": _MANY,
    "/v1alpha1/pages/<id>": {"GET": "write", "PUT": "write", "DELETE": "write"},
}
# Google has it and we do not.
NOT_OFFERED = {"/v1alpha1/claims:imageSearch"}
EVERY_ROUTE = {**TABLE, **WRITING, **OUTSIDE}
# Pages of people, who log in there; tests/factcheck/login has what opens without, and no key counts. Under /t/ whoever
# has a tip's link reads its page (tests/claims/public).
FOR_PEOPLE = ("/admin/", "/account/", "/link/", "/t/")
ANONYMOUS = {route for route in TABLE if not route.startswith(("pages/", "changes/"))}


def path_of(route: str) -> str:
    return route if route.startswith("/") else API + route


def path_in(route: str) -> str:
    """The path as OpenAPI writes it."""
    return re.sub("<(.*?)>", r"{\1}", path_of(route))


def routes_outside_the_desk(resolver: URLResolver | None = None, prefix: str = "/") -> list[str]:
    """Every route but those of people and readers, as the URL configuration has them, `<str:id>` written `<id>`."""
    found = []
    if resolver is not None and resolver.urlconf_name is readers_urls:
        return found  # pages that anybody reads, and no key counts (tests/claims/public)
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + re.sub(r"<\w+:(\w+)>", r"<\1>", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            found += routes_outside_the_desk(pattern, route)
        elif isinstance(pattern, URLPattern) and not route.startswith(FOR_PEOPLE) and route != "/":
            found.append(route)
    return found


@pytest.fixture
def keys_of_roles(db: None) -> dict[str, str | None]:
    everything = create_key("All", ["read", "write", "tips"], test=True)
    made = {
        "nobody": None,
        "bad key": "fc_abcdefgh_" + "x" * 44,
        "cut key": everything[:-1],
        "revoked": create_key("Revoked", ["read", "write", "tips"]),
        "expired": create_key("Expired", ["read", "write", "tips"]),
        "tips": create_key("Tips", ["tips"]),
        "write": create_key("Write", ["write"]),
        "read": create_key("Read"),
        "everything": everything,
    }
    now = timezone.now()
    ApiKey.objects.filter(newsroom__name="Revoked").update(revoked_at=now)
    ApiKey.objects.filter(newsroom__name="Expired").update(created_at=now - timedelta(days=2), expires_at=now)
    assert tuple(made) == ROLES
    return made


@pytest.fixture
def addresses(db: None, settings, tmp_path) -> dict[str, str]:
    """An existing address of every route in the table."""
    settings.DUMPS = str(tmp_path)
    settings.DATA = tmp_path
    claim = factories.claim()
    claim.topics.add(Topic.objects.create(slug="roads", name="Roads"))
    statement = factories.linked(claim)
    version = factories.draft(claim)
    version.review.article = Article.objects.create(
        organisation=version.review.organisation, url="https://desk.example/a", title="Bridges"
    )
    version.review.save()
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    evidence = version.evidence.get()
    change = factories.change(evidence.page, factories.PAGE_TEXT.replace("412", "430"))
    checkpoints.write()
    ids = {
        "claims/": claim.public_id,
        "statements/": statement.public_id,
        "speakers/": statement.speaker.public_id,
        "documents/": statement.document.public_id,
        "reviews/": version.review.public_id,
        "articles/": version.review.article.public_id,
        "organisations/": version.review.organisation.public_id,
        "evidence/": evidence.public_id,
        "sources/": evidence.page.source.public_id,
        "pages/": evidence.page.public_id,
        "snapshots/": evidence.snapshot.public_id,
        "changes/": change.public_id,
        "rating-scales/": version.rating.scale.public_id,
        "topics/": "roads",
        "dumps/": f"{dumps.write(tmp_path, keep=1).name}-manifest.json",
    }
    return {route: re.sub("<.*?>", ids.get(route.partition("<")[0], "x"), path_of(route)) for route in TABLE}


def test_every_route_is_in_the_table() -> None:
    assert set(routes_outside_the_desk()) == {path_of(route) for route in EVERY_ROUTE}


def expected(route: str, method: str, role: str) -> frozenset[int]:
    """The statuses that the table allows."""
    methods = EVERY_ROUTE[route]
    needed = methods.get("GET" if method == "HEAD" else method)
    if OPEN in methods.values():
        return frozenset({200, 503}) if needed else frozenset({405})
    if role in SHUT_OUT or (role == "nobody" and ANYBODY not in methods.values()):
        return frozenset({401})
    if needed is None:
        return frozenset({405})
    if needed not in (ANYBODY, role) and role != "everything":
        return frozenset({403})
    return frozenset({501}) if route in NOT_OFFERED else LET_IN


def in_words_of_its_own(route: str, response) -> None:
    """The error is a problem, or Google's envelope where everything is in Google's shape."""
    if not route.startswith("/v1alpha1/"):
        problem(response)
        return
    error = orjson.loads(response.content)["error"]
    assert error["code"] == response.status_code and error["message"] and error["status"].isupper()


def test_role_route_method_table(keys_of_roles, addresses) -> None:
    for route, methods in EVERY_ROUTE.items():
        address = addresses.get(route, path_of(route).replace("<id>", "clm_0000000000000000"))
        allowed = {*methods, *(["HEAD"] if "GET" in methods else [])}
        for role, key in keys_of_roles.items():
            # Methods that are not offered come to the same for each kind of key; one of each kind will do.
            for method in METHODS if role in ("nobody", "bad key", "everything") else allowed:
                response = ask(address, key, method=method)
                want = expected(route, method, role)
                assert response.status_code in want, (method, route, role, response.content[:200])
                if response.status_code >= 400 and method != "HEAD" and route != "/healthz":
                    in_words_of_its_own(route, response)
                if want == {405}:
                    assert set(response.headers["Allow"].split(", ")) == allowed


def test_what_is_read_is_there(keys_of_roles, addresses) -> None:
    """Else the table would hold for addresses that lead nowhere."""
    for route in TABLE:
        if TABLE[route].get("GET") == "read":
            assert ask(addresses[route], keys_of_roles["read"]).status_code == 200, route


def test_without_a_key_nothing_is_read_unless_the_setting_says_so(addresses) -> None:
    with override_settings(ANONYMOUS_READ=True):
        for route, address in addresses.items():
            assert ask(address).status_code == (200 if route in ANONYMOUS else 401), route
            assert ask(address, method="POST").status_code in (401, 405)
            assert ask(address, "fc_abcdefgh_" + "x" * 44).status_code == 401, "a bad key is not nobody"


def test_a_question_by_post_is_a_read(db) -> None:
    question = {"data": b'{"ids": ["clm_0000000000000000"]}', "content_type": "application/json"}
    assert ask(f"{API}claims/status", reading_key(), "POST", **question).status_code == 200
    assert ask(f"{API}claims/status", None, "POST", **question).status_code == 401
    with override_settings(ANONYMOUS_READ=True):
        assert ask(f"{API}claims/status", None, "POST", **question).status_code == 200


def test_answers_are_never_kept_without_asking(keys_of_roles, addresses) -> None:
    for address in [*addresses.values(), f"{API}claims/unknown/", f"{API}nothing/"]:
        for key in (None, keys_of_roles["read"]):
            response = ask(address, key)
            assert response.headers["Cache-Control"] == "private, no-cache"
            assert "Authorization" in response.headers["Vary"]


def test_an_etag_answers_304_without_a_body_and_never_to_a_bad_key(keys_of_roles, addresses) -> None:
    for route, address in addresses.items():
        etag = ask(address, keys_of_roles["read"]).headers["ETag"]
        for sent in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            response = ask(address, keys_of_roles["read"], headers={"If-None-Match": sent})
            assert (response.status_code, response.content) == (304, b""), (route, sent)
            assert response.headers["ETag"] == etag
            # A cache would write it over the type of the JSON that it holds.
            assert "Content-Type" not in response.headers
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
    monkeypatch.setattr("claims.api.published.claims.audience_of", lambda request: 1 / 0)
    body = problem(ask(f"{API}claims/", key))
    assert body["status"] == 500
    assert "division" not in body["detail"]


@pytest.mark.sql
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
    monkeypatch.setattr("claims.api.published.claims.visible_versions", lambda request: sleeping.filter(slept=True))
    with override_settings(STATEMENT_TIMEOUT=0.2):
        response = ask(f"{API}claims/?q=bridges", key)
        assert problem(response)["type"] == "urn:factcheck:problem:too-slow"
        assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    connection.close()
    with override_settings(STATEMENT_TIMEOUT=20):
        response = ask(f"{API}claims/?q=bridges", key)
        assert response.status_code == 200, "the control: with time enough it is answered"


@pytest.mark.sql
def test_a_database_that_is_away_is_a_problem(live_database, monkeypatch: pytest.MonkeyPatch) -> None:
    key = reading_key()
    connection.close()
    with monkeypatch.context() as patched:
        patched.setitem(connection.settings_dict, "NAME", "no_such_database")
        response = ask(f"{API}claims/", key)
    assert problem(response)["type"] == "urn:factcheck:problem:unavailable"
    assert "no_such_database" not in response.content.decode()
    connection.close()


def test_the_schema_is_valid_and_whole(capsys: pytest.CaptureFixture[str], db) -> None:
    document = said(f"{API}schema/")
    validate_schema(document)
    assert document["openapi"].startswith("3.1")
    assert capsys.readouterr().err == "", "drf-spectacular warns"
    described = set(document["paths"])
    undescribed = {"schema/", "/healthz", "/api/v1/docs/"}
    assert described == {path_in(route) for route in EVERY_ROUTE if route not in undescribed}
    for route in set(EVERY_ROUTE) - undescribed:
        path = path_in(route)
        operations = document["paths"][path]
        assert set(operations) == {method.lower() for method in EVERY_ROUTE[route]}, path
        for method, operation in operations.items():
            assert operation["description"], path
            assert {"400", "401", "403", "429"} <= set(operation["responses"]), path
            assert {"200", "201", "202", "204", "501"} & set(operation["responses"]), path
            assert all(parameter.get("description") for parameter in operation.get("parameters", [])), path
            if "requestBody" in operation:
                assert {"413", "415", "422"} <= set(operation["responses"]), path
                assert operation["requestBody"]["content"]["application/json"]["examples"], path
                assert operation["requestBody"].get("required") or path not in (f"{API}match", f"{API}tips/"), path
            if method in ("patch", "delete") and path.startswith(f"{API}desk/"):
                assert {"404", "409", "412", "428"} <= set(operation["responses"]), path
    parameters = {p["name"] for p in document["paths"][f"{API}claims/"]["get"]["parameters"]}
    allowed = problem(ask(f"{API}claims/?nonsense=1", reading_key()))["allowed"]
    assert parameters == set(allowed)


def test_every_problem_is_documented(request: pytest.FixtureRequest) -> None:
    text = (request.config.rootpath / "docs/api.md").read_text()
    assert [name for name in problems.PROBLEMS if f"`{name}`" not in text] == []


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
