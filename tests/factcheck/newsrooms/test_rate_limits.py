"""Limits: what passes and what does not, by however many processes it is asked, and when the store is away."""

import logging
import multiprocessing
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import override_settings
from django.utils import timezone

from factcheck.newsrooms import client_hash, rate_limits
from factcheck.newsrooms.keys import create_key, revoke_key
from factcheck.newsrooms.models import Bucket, Newsroom
from tests import factories
from tests.api_client import ask, problem

pytestmark = pytest.mark.sql

CLAIMS = "/api/v1/claims/"
HERE, THERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture(autouse=True)
def a_new_process() -> Iterator[None]:
    rate_limits.reset()
    yield
    rate_limits.reset()


@pytest.fixture
def redis_address(tmp_path: Path) -> Iterator[str]:
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed; .ci/run installs it")
    socket = tmp_path / "redis.sock"
    server = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", ""], stdout=subprocess.DEVNULL
    )
    while not socket.exists():
        time.sleep(0.01)
    yield f"redis+socket://{socket}"
    server.kill()
    server.wait()


@pytest.fixture(params=["postgresql", "redis"])
def store(request: pytest.FixtureRequest) -> Iterator[str]:
    address = request.param if request.param == "postgresql" else request.getfixturevalue("redis_address")
    with override_settings(RATE_LIMIT_STORE=address):
        yield request.param


def limited(per_minute: int) -> str:
    """The key of a newsroom with this limit."""
    key = create_key("Daily Paper")
    Newsroom.objects.update(requests_per_minute=per_minute)
    return key


def passed(times: int, what: Callable[[], Any]) -> int:
    statuses = [what().status_code for _ in range(times)]
    assert set(statuses) <= {200, 429}
    return statuses.count(200)


def by_processes(processes: int, threads: int, times: int, key: str) -> int:
    """How many of so many requests, sent at once by processes of several threads each, are answered."""

    def ask_often(counted: Any) -> None:
        def run(_: int) -> int:
            try:
                return passed(times, lambda: ask(CLAIMS, key))
            finally:
                connections.close_all()

        with ThreadPoolExecutor(threads) as pool:
            counted.put(sum(pool.map(run, range(threads))))

    connections.close_all()
    rate_limits.reset()
    forking = multiprocessing.get_context("fork")
    counted = forking.Queue()
    started = [forking.Process(target=ask_often, args=(counted,)) for _ in range(processes)]
    for process in started:
        process.start()
    total = sum(counted.get(timeout=60) for _ in started)
    for process in started:
        process.join()
    return total


def test_processes_share_one_limit(live_database: Any, store: str) -> None:
    key = limited(60)
    began = time.monotonic()
    answered = by_processes(3, 3, 15, key)
    took = time.monotonic() - began
    assert 60 <= answered <= 60 + took + 1, "a minute's worth, and one for each second since"


def test_the_control_without_a_shared_store_each_process_has_a_limit_of_its_own(
    live_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class InThisProcess:
        left = 20

        def take(self, name: str, per_minute: int, wanted: int, least: int = 1) -> tuple[int, float]:
            given, self.left = min(wanted, self.left), max(0, self.left - wanted)
            return given, 60.0

    alone = InThisProcess()
    monkeypatch.setattr(rate_limits, "_store", lambda address: alone)
    assert by_processes(3, 1, 30, limited(20)) == 60


def test_a_busy_newsroom_costs_few_statements_and_never_gets_more_than_its_limit(db: None, store: str) -> None:
    newsroom = Newsroom.objects.create(name="Busy", requests_per_minute=60_000)
    statements = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*arguments)

    began = time.monotonic()
    with connection.execute_wrapper(count):
        granted = sum(rate_limits.take(newsroom).granted for _ in range(20_000))
    assert granted == 20_000
    assert statements <= 200, "a hundred at a time"
    took = time.monotonic() - began
    granted += sum(rate_limits.take(newsroom).granted for _ in range(50_000))
    assert 60_000 <= granted <= 60_000 + (took + time.monotonic() - began) * 1_000 + 1_000


def test_what_is_said_of_the_limit(db: None, store: str) -> None:
    key = limited(3)
    for left in (2, 1, 0):
        response = ask(CLAIMS, key)
        assert response.status_code == 200
        assert response.headers["RateLimit-Policy"] == '"newsroom";q=3;w=60'
        assert response.headers["RateLimit"].startswith(f'"newsroom";r={left};t=')
        assert "Retry-After" not in response.headers
    response = ask(CLAIMS, key)
    said = problem(response)
    assert (said["status"], said["type"]) == (429, "urn:factcheck:problem:too-many-requests")
    assert "3 requests a minute" in said["detail"]
    assert 18 <= int(response.headers["Retry-After"]) <= 20
    assert response.headers["RateLimit"].startswith('"newsroom";r=0;t=')
    assert (response.headers["Cache-Control"], response.headers["RateLimit-Policy"]) == (
        "private, no-cache",
        '"newsroom";q=3;w=60',
    )


def test_what_was_refused_passes_when_it_was_said_to(db: None) -> None:
    key = limited(3)
    assert passed(4, lambda: ask(CLAIMS, key)) == 3
    for seconds, more in ((19, 0), (1.5, 1), (40, 2), (600, 3)):
        Bucket.objects.update(full_at=F("full_at") - timedelta(seconds=seconds))
        rate_limits.reset()
        assert passed(4, lambda: ask(CLAIMS, key)) == more, seconds


def test_every_answer_counts(db: None) -> None:
    key, per_second = limited(20), 20 / 60
    claim = factories.published_review().claim.public_id
    etag = ask(f"{CLAIMS}{claim}/", key).headers["ETag"]
    only_tips = create_key("Daily Paper", ["tips"])
    asked = [
        (200, {"path": f"{CLAIMS}{claim}/"}),
        (304, {"path": f"{CLAIMS}{claim}/", "headers": {"If-None-Match": etag}}),
        (400, {"path": f"{CLAIMS}?nonsense=1"}),
        (404, {"path": f"{CLAIMS}nothing/"}),
        (404, {"path": "/api/v1/nothing/"}),
        (405, {"path": CLAIMS, "method": "DELETE"}),
        (403, {"path": CLAIMS, "key": only_tips}),
    ]
    left, began = None, time.monotonic()
    for status, options in asked:
        response = ask(**{"key": key, **options})
        assert response.status_code == status
        now = int(response.headers["RateLimit"].split("r=")[1].split(";")[0])
        assert left is None or now in (left - 1, left), (status, "one may have come back meanwhile")
        left = now
    assert left <= 20 - len(asked) + (time.monotonic() - began) * per_second
    assert "RateLimit" not in ask("/healthz").headers


def test_an_address_without_a_key_has_a_limit_of_its_own(db: None) -> None:
    key = create_key("Daily Paper")
    with override_settings(ANONYMOUS_PER_MINUTE=2, ANONYMOUS_READ=True):
        for address in (HERE, THERE):
            assert passed(4, lambda at=address: ask(CLAIMS, REMOTE_ADDR=at)) == 2
        assert ask("/api/v1/schema/", REMOTE_ADDR=HERE).status_code == 429, "all routes together"
        assert ask("/healthz", REMOTE_ADDR=HERE).status_code != 429
        assert passed(4, lambda: ask(CLAIMS, key, REMOTE_ADDR=HERE)) == 4, "a key has its own"
    with override_settings(ANONYMOUS_PER_MINUTE=2):
        statuses = [ask(CLAIMS, REMOTE_ADDR="192.0.2.1").status_code for _ in range(4)]
        assert statuses == [401, 401, 429, 429]


def test_keys_that_open_nothing_are_counted_by_address(db: None) -> None:
    key = create_key("Daily Paper")
    bad = ["fc_abcdefgh_" + letter * 44 for letter in "abcdef"]
    revoked = create_key("Revoked")
    revoke_key("Revoked", revoked.split("_")[1])
    with override_settings(FAILED_KEYS_PER_MINUTE=4):
        statuses = [ask(CLAIMS, each, REMOTE_ADDR=HERE).status_code for each in [*bad[:3], revoked, *bad[3:]]]
        assert statuses == [401] * 4 + [429] * 3
        response = ask(f"{CLAIMS}?key={key}", REMOTE_ADDR=HERE)
        assert problem(response)["status"] == 429
        assert int(response.headers["Retry-After"]) <= 15
        assert ask(CLAIMS, bad[0], REMOTE_ADDR=THERE).status_code == 401
        assert ask(CLAIMS, key, REMOTE_ADDR=HERE).status_code == 200, "who has a key is not kept out by a neighbour"


def test_a_truncated_store_fills_every_bucket(live_database: Any) -> None:
    key = limited(2)
    assert passed(4, lambda: ask(CLAIMS, key)) == 2
    with psycopg.connect(live_database.owner_url, autocommit=True) as owner:
        [kept] = owner.execute("SELECT relpersistence FROM pg_class WHERE relname = 'newsrooms_bucket'").fetchone()
        owner.execute("TRUNCATE newsrooms_bucket")
    rate_limits.reset()
    assert kept == "u", "unlogged: a crash of the server does just that"
    assert passed(4, lambda: ask(CLAIMS, key)) == 2


def test_a_store_that_is_away_lets_everybody_pass(live_database: Any, caplog: pytest.LogCaptureFixture) -> None:
    key = limited(2)
    with psycopg.connect(live_database.owner_url, autocommit=True) as owner:
        owner.execute("ALTER TABLE newsrooms_bucket RENAME TO elsewhere")
    with caplog.at_level(logging.ERROR):
        assert passed(5, lambda: ask(CLAIMS, key)) == 5
    assert len([record for record in caplog.records if "no limit applies" in record.getMessage()]) == 1, "said once"
    assert "RateLimit" not in ask(CLAIMS, key).headers
    with psycopg.connect(live_database.owner_url, autocommit=True) as owner:
        owner.execute("ALTER TABLE elsewhere RENAME TO newsrooms_bucket")
    assert passed(1, lambda: ask(CLAIMS, key)) == 1
    rate_limits.reset()  # what five seconds do
    assert passed(5, lambda: ask(CLAIMS, key)) == 2, "the control: with the store there it is limited"


def test_a_redis_that_is_away_lets_everybody_pass(db: None, tmp_path: Path) -> None:
    key = limited(2)
    with override_settings(RATE_LIMIT_STORE=f"redis+socket://{tmp_path}/nothing"):
        assert passed(5, lambda: ask(CLAIMS, key)) == 5


def test_a_clock_that_was_set_back_keeps_nobody_out_for_long(db: None) -> None:
    key = limited(6)
    assert passed(1, lambda: ask(CLAIMS, key)) == 1
    Bucket.objects.update(full_at=timezone.now() + timedelta(hours=1))
    rate_limits.reset()
    response = ask(CLAIMS, key)
    assert (response.status_code, int(response.headers["Retry-After"])) == (429, 10)
    assert Bucket.objects.filter(full_at__lte=Now() + timedelta(seconds=61)).exists()


def test_a_raised_limit_holds_at_once(db: None) -> None:
    key = limited(1)
    assert passed(3, lambda: ask(CLAIMS, key)) == 1
    Newsroom.objects.update(requests_per_minute=60)
    assert ask(CLAIMS, key).status_code == 429, "the bucket was empty"
    Bucket.objects.update(full_at=F("full_at") - timedelta(seconds=5))
    rate_limits.reset()
    assert passed(10, lambda: ask(CLAIMS, key)) == 5


def test_a_refused_client_costs_no_statement(db: None, django_assert_num_queries: Any) -> None:
    newsroom = Newsroom.objects.create(name="Slow", requests_per_minute=1)
    assert rate_limits.take(newsroom).granted
    assert not rate_limits.take(newsroom).granted
    with django_assert_num_queries(0):
        assert not any(rate_limits.take(newsroom).granted for _ in range(50))


def test_full_buckets_are_forgotten(db: None) -> None:
    for address in (HERE, THERE):
        rate_limits.take_without_key(address)
    here, there = (f"address:{client_hash.digest(f'address:{address}')}" for address in (HERE, THERE))
    Bucket.objects.filter(name=here).update(full_at=timezone.now() - timedelta(seconds=1))
    Bucket.objects.filter(name=there).update(full_at=timezone.now() + timedelta(seconds=9))
    assert rate_limits.delete_full() == 1
    assert Bucket.objects.get().name == there


def test_no_address_is_stored(db: None) -> None:
    rate_limits.take_without_key(HERE)
    rate_limits.take_failure(THERE)
    names = str(list(Bucket.objects.values_list("name", flat=True)))
    assert len(Bucket.objects.all()) == 2 and HERE not in names and THERE not in names


def test_a_process_remembers_only_so_many_clients(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "_MAX_CLIENTS", 5)
    for number in range(9):
        rate_limits.take_without_key(f"192.0.2.{number}")
    assert len(rate_limits._clients) == 5
