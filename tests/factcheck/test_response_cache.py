"""The response cache: never stale, never for clients who may not read; other reads go straight to their view."""

import threading
from collections.abc import Callable, Iterator

import orjson
import pytest
from django.db import connection, transaction
from django.test.utils import override_settings
from django.urls import get_resolver
from django.utils import timezone

from claims.models import Claim, ClaimVersion, Publication, Recheck
from claims.publication import append, rebuild
from claims.reviews import rechecks
from claims.watch import sweep
from factcheck import response_cache
from factcheck.newsrooms.keys import create_key
from factcheck.newsrooms.models import ApiKey, Bucket, Newsroom
from sources.database.prepared_reads import PreparedStatement
from tests import factories
from tests.api_client import ask, problem, reading_key, said
from tests.factcheck.rest.test_rest import API, TABLE, addresses

pytestmark = pytest.mark.sql

CLAIMS = f"{API}claims/"
__all__ = ["addresses"]  # a fixture
CHANGED = factories.PAGE_TEXT.replace("412", "430")


@pytest.fixture
def hits(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The paths that were answered from the cache."""
    seen: list[str] = []
    response = response_cache.CachedResponse.response

    def noted(self, request):
        seen.append(request.get_full_path())
        return response(self, request)

    monkeypatch.setattr(response_cache.CachedResponse, "response", noted)
    return seen


def elsewhere(work: Callable[[], object]) -> None:
    """On a connection of its own, committed, as another process would."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again below
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


def test_a_response_is_cached_until_anything_is_published_anywhere(live_database, hits: list[str]) -> None:
    key, review = reading_key(), factories.published_review()
    path = f"{CLAIMS}{review.claim.public_id}/"
    paths = (path, CLAIMS, f"{CLAIMS}?language=en")
    first = {each: ask(each, key) for each in paths}
    assert hits == []
    for each in paths:
        again = ask(each, key)
        assert again.content == first[each].content
        for name in ("Content-Type", "ETag", "Vary", "Cache-Control"):
            assert again.headers[name] == first[each].headers[name]
        assert again.headers.get("Last-Modified") == first[each].headers.get("Last-Modified")
    assert hits == list(paths)

    other: list[Claim] = []
    elsewhere(lambda: other.append(factories.published_review().claim))
    hits.clear()
    assert [claim["id"] for claim in said(CLAIMS, key)["results"]] == [other[0].public_id, review.claim.public_id]
    assert ask(path, key).content == first[path].content, "of this claim nothing is new"
    assert hits == [], "but that was asked of the database again"
    elsewhere(lambda: append.append(review.claim, event="updated", audience="public"))
    assert said(path, key)["event"] == "updated"
    held = first[path].headers["ETag"]
    assert ask(path, key, headers={"If-None-Match": held}).status_code == 200
    connection.close()


def test_the_control_without_asking_the_log_an_old_answer_is_given(
    live_database, hits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factcheck.response_cache.log_state", lambda: b"always the same")
    key = reading_key()
    factories.published_review()
    before = ask(CLAIMS, key).content
    elsewhere(factories.published_review)
    assert ask(CLAIMS, key).content == before
    assert hits == [CLAIMS]
    connection.close()


@pytest.mark.parametrize("epoch", [True, False])
def test_what_was_cached_before_the_index_was_rebuilt_is_not_served_after(
    live_database, hits: list[str], monkeypatch: pytest.MonkeyPatch, epoch: bool
) -> None:
    """The log ends as before, so that nothing but the epoch can tell."""
    if not epoch:
        head = "SELECT hash, NULL FROM claims_publication ORDER BY sequence DESC LIMIT 1"
        monkeypatch.setattr("claims.api.response._STATE", PreparedStatement("without_epoch", head))
    key, claims = reading_key(), [factories.published_review().claim for _ in range(2)]
    whole = ask(CLAIMS, key).content
    path = f"{CLAIMS}{claims[0].public_id}/"
    elsewhere(lambda: ClaimVersion.objects.filter(claim=claims[0]).delete())
    response_cache.cache.clear()
    broken = ask(CLAIMS, key).content
    assert broken != whole and ask(path, key).status_code == 404
    elsewhere(rebuild.rebuild_index)
    assert ask(CLAIMS, key).content == (whole if epoch else broken)
    assert hits == ([] if epoch else [CLAIMS])
    assert ask(path, key).status_code == 200
    before = ask(CLAIMS, key).content
    elsewhere(rebuild.rebuild_index)
    assert ask(CLAIMS, key).content == before
    connection.close()


def test_a_publication_that_commits_while_an_answer_is_made_is_in_the_next(
    live_database, hits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from claims.api.published import claims

    key, review = reading_key(), factories.published_review()
    path = f"{CLAIMS}{review.claim.public_id}/"
    found = claims.stored_body

    def slowly(*asked):
        body = found(*asked)
        elsewhere(lambda: append.append(review.claim, event="updated", audience="public"))
        return body

    monkeypatch.setattr(claims, "stored_body", slowly)
    assert said(path, key)["event"] == "published", "it was read before"
    monkeypatch.setattr(claims, "stored_body", found)
    assert said(path, key)["event"] == "updated"
    assert hits == []
    connection.close()


def test_what_is_rolled_back_leaves_no_answer(live_database, hits: list[str]) -> None:
    key, review = reading_key(), factories.published_review()
    path = f"{CLAIMS}{review.claim.public_id}/"
    with transaction.atomic():
        append.append(review.claim, event="updated", audience="public")
        assert said(path, key)["event"] == "updated", "inside it is so"
        transaction.set_rollback(True)
    assert said(path, key)["event"] == "published"
    with transaction.atomic():
        append.append(review.claim, event="clarified", audience="public")
    assert Publication.objects.latest("sequence").sequence == 2, "the same number again"
    assert said(path, key)["event"] == "clarified", "but another hash"
    assert hits == []
    connection.close()


def test_newsrooms_learn_of_a_recheck_at_once_and_the_public_when_it_is_confirmed(db, hits: list[str]) -> None:
    key, review = reading_key(), factories.published_review()
    path = f"{CLAIMS}{review.claim.public_id}/"

    def status(who: str | None) -> str:
        return str(said(path, who)["verification"]["status"])

    with override_settings(ANONYMOUS_READ=True):
        for _ in range(2):
            assert (status(key), status(None)) == ("checked", "checked")
        factories.change(review.latest_published().evidence.first().page, CHANGED)
        sweep.sweep()
        for _ in range(2):
            assert (status(key), status(None)) == ("needs_recheck", "checked")
        rechecks.confirm(Recheck.objects.get(), actor=factories.editor())
        for _ in range(2):
            assert (status(key), status(None)) == ("needs_recheck", "needs_recheck")
    assert len(hits) == 6, "the second of each two was cached"
    assert ask(path).status_code == 401, "and without the setting nobody is served what is cached for the public"


def test_what_is_kept_is_only_for_who_may_read(db, hits: list[str]) -> None:
    key, claim = reading_key(), factories.published_review().claim
    path = f"{CLAIMS}{claim.public_id}/"
    etag = ask(path, key).headers["ETag"]
    others = {
        None: 401,
        "fc_abcdefgh_" + "x" * 44: 401,
        key[:-1] + ("a" if key[-1] != "a" else "b"): 401,
        create_key("Tips", ["tips"]): 403,
    }
    for other, want in others.items():
        for headers in ({}, {"If-None-Match": etag}, {"If-None-Match": "*"}):
            assert problem(ask(path, other, headers=headers))["status"] == want
    assert problem(ask(f"{path}?key={key}", key))["status"] == 401
    assert hits == []
    assert ask(path, key).status_code == 200
    ApiKey.objects.filter(newsroom__name="Daily Paper").update(revoked_at=timezone.now())
    assert problem(ask(path, key))["detail"].startswith("This API key was revoked")
    again = create_key("Daily Paper")
    assert ask(path, again).status_code == 200
    Newsroom.objects.filter(name="Daily Paper").update(is_active=False)
    assert ask(path, again).status_code == 401
    assert hits == [path, path]


def test_what_is_kept_counts_against_the_limit(db, hits: list[str]) -> None:
    key = reading_key()
    Newsroom.objects.update(requests_per_minute=3)
    Bucket.objects.all().delete()  # which is not full until a tenth of a second after `reading_key`
    factories.published_review()
    answers = [ask(CLAIMS, key) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["RateLimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0", "r=0"]
    assert len(hits) == 2


def test_addresses_and_hosts_have_answers_of_their_own(db, hits: list[str]) -> None:
    key = reading_key()
    for _ in range(3):
        factories.published_review()
    with override_settings(ALLOWED_HOSTS=["one.example", "two.example"]):
        for host in ("one.example", "two.example"):
            assert said(f"{CLAIMS}?limit=1", key, headers={"Host": host})["next"].startswith(f"http://{host}/")
        assert said(f"{CLAIMS}?limit=2", key, headers={"Host": "one.example"})["next"] is not None
        assert ask(f"{CLAIMS}?limit=1", key, headers={"Host": "three.example"}).status_code == 400
    assert hits == []


def test_what_does_not_follow_from_the_log_alone_is_not_cached(db, hits: list[str]) -> None:
    key, review = reading_key(), factories.published_review()
    page = review.latest_published().evidence.get().page
    for path in (f"{API}pages/{page.public_id}/", f"{API}pages/", f"{API}changes/", f"{API}schema/"):
        assert ask(path, key).content == ask(path, key).content
    for path in (f"{CLAIMS}unknown/", f"{CLAIMS}?limit=0", f"{CLAIMS}?verdikt=true"):
        assert ask(path, key).status_code == ask(path, key).status_code >= 400
    for method in ("POST", "PUT", "DELETE"):
        assert ask(CLAIMS, key, method=method).status_code == 405
    assert hits == []


def cached(size: int, log_state: bytes = b"1") -> response_cache.CachedResponse:
    return response_cache.CachedResponse(log_state, b"x" * size, {"ETag": '"x"'})


def test_a_text_is_cached_as_gzip_alone_and_served_in_each_form(db, hits: list[str]) -> None:
    key = reading_key()
    for _ in range(3):
        factories.published_review()
    forms = ("", "gzip", "br")
    fresh = []
    for form in forms:
        response_cache.cache.clear()
        fresh.append(ask(CLAIMS, key, headers={"Accept-Encoding": form}))
    assert hits == []
    for first in forms:
        response_cache.cache.clear()
        ask(CLAIMS, key, headers={"Accept-Encoding": first})
        again = [ask(CLAIMS, key, headers={"Accept-Encoding": form}) for form in forms]
        for made, served in zip(fresh, again, strict=True):
            assert served.content == made.content
            for name in ("ETag", "Content-Length", "Content-Encoding", "Vary", "Content-Type"):
                assert served.headers.get(name) == made.headers.get(name)
    assert len(hits) == 9
    (answer,) = response_cache.cache._responses.values()
    assert answer.body == b""
    assert len(answer.forms["gzip"]) < len(fresh[0].content) / 2
    assert sum(map(len, answer.forms.values())) <= answer.size
    head = ask(CLAIMS, key, method="HEAD")
    assert head.headers["Content-Length"] == str(len(fresh[0].content))


def test_the_capacity_is_bounded_and_what_was_used_last_stays() -> None:
    capacity = 100 * cached(1_000).size
    cache = response_cache.ResponseCache(capacity)
    for number in range(100):
        cache.set((str(number),), cached(1_000))
    assert cache.get(("0",)) is not None
    cache.set(("100",), cached(1_000))
    assert cache.get(("0",)) is not None
    assert cache.get(("1",)) is None, "the one that was used longest ago"
    cache.set(("large",), cached(capacity))
    assert cache.get(("large",)) is None, "it would push out everything"
    for _ in range(1_000):
        cache.set(("0",), cached(1_000, b"2"))
    assert cache.get(("0",)).log_state == b"2"
    assert cache.get(("99",)) is not None, "replaced, not added"
    cache.clear()
    assert cache.get(("0",)) is None


def test_nothing_is_cached_without_capacity(db, hits: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_cache, "cache", response_cache.ResponseCache(0))
    key = reading_key()
    factories.published_review()
    assert ask(CLAIMS, key).content == ask(CLAIMS, key).content
    assert hits == []


def test_reads_pass_nothing_that_pages_need_and_say_that_they_are_no_page(db, monkeypatch: pytest.MonkeyPatch) -> None:
    key = reading_key()
    for path, status in ((CLAIMS, 200), (f"{API}sources/", 200), (f"{CLAIMS}unknown/", 404)):
        response = ask(path, key)
        assert response.status_code == status
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert response.headers["Content-Length"] == str(len(response.content))
        assert not response.cookies
    assert ask(CLAIMS.rstrip("/"), key).headers["Location"] == CLAIMS, (
        "the rest of the way is there for what is no view"
    )
    monkeypatch.setattr("django.contrib.sessions.middleware.SessionMiddleware.process_request", lambda *_: 1 / 0)
    assert ask(CLAIMS, key).status_code == 200
    assert ask("/admin/login/").status_code == 500, "the control"


# Queries of each route for a newsroom, the key's among them; no route takes more than MOST.
QUERIES = {
    "": 1,
    "claims/": 3,  # the head of the log, the bodies
    "claims/<id>/": 3,
    "claims/<id>/claimreview/": 3,
    "reviews/<id>/claimreview/": 3,
    "sources/": 4,
    "sources/<id>/": 5,
    "pages/": 3,
    "pages/<id>/": 8,  # four for when each quote was last seen
    "changes/": 4,
    "changes/<id>/": 4,
    "schema/": 1,
}
MOST = 6
# What is read from the log alone.
BODIES = ("statements", "documents", "articles", "reviews", "evidence")
MENTIONS = ("speakers", "organisations", "topics", "rating-scales", "sources")
OF_LOG = {f"{kind}/{one}" for kind in ("claims", *BODIES, *MENTIONS) for one in ("", "<id>/")}
OF_LOG |= {"claims/<id>/claimreview/", "reviews/<id>/claimreview/", "feed/atom", "feed/json", "log/"}


def test_queries_of_each_route(db, addresses, hits: list[str], django_assert_num_queries) -> None:
    assert set(QUERIES) <= set(TABLE)
    assert {
        route for route, path in addresses.items() if getattr(get_resolver().resolve(path).func.cls, "of_log", False)
    } == OF_LOG
    key = create_key("Daily Paper")
    sweep.sweep()
    ask(API, key)  # takes from the limit, notes the key's use
    for route, path in addresses.items():
        with django_assert_num_queries(QUERIES.get(route, MOST), exact=route in QUERIES, info=path):
            assert ask(path, key).status_code == 200
        if route in OF_LOG:
            for headers in ({}, {"If-None-Match": "*"}, {"Accept-Encoding": "br"}):
                with django_assert_num_queries(2, info=path):  # the key, the head of the log
                    ask(path, key, headers=headers)
            assert hits[-3:] == [path] * 3
    plain = ("?limit=1", "?q=bridges", "?updated_since=2026-01-01")
    # How many claims have a topic is asked first. A verdict, a language range, or two filters, that find no whole page
    # among the newest claims are asked for once more.
    once_more = ("?topic=none", "?verdict=true", "?language=en", "?language=en&verdict=true")
    for query in plain + once_more:
        with django_assert_num_queries(4 if query in once_more else 3, info=query):
            ask(f"{CLAIMS}{query}", key)


def test_a_page_of_many_costs_as_many_queries_as_a_page_of_one(db, django_assert_num_queries) -> None:
    key = reading_key()
    for _ in range(4):
        factories.published_review()
    ask(API, key)
    for limit in (1, 4):
        with django_assert_num_queries(3):
            assert len(orjson.loads(ask(f"{CLAIMS}?limit={limit}", key).content)["results"]) == limit
    assert ClaimVersion.objects.current("newsrooms").count() == 4
