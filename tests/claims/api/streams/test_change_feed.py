"""The change feed over REST: cursors, filters, waiting, server-sent events."""

import threading
import time
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.db import connection, connections

from claims.api.concurrency import Slots
from claims.api.streams import long_poll
from claims.models import LogRestore, Publication, Topic
from claims.publication import append, log_reader
from tests import factories
from tests.api_client import ask, problem, reading_key, said

pytestmark = pytest.mark.sql

FEED = "/api/v1/feed/"


@pytest.fixture
def key(db: None) -> str:
    return reading_key()


def sequences(answer: dict[str, Any]) -> list[int]:
    return [item["sequence"] for item in answer["results"]]


def follow(path: str, key: str | None) -> list[dict[str, Any]]:
    """Every event from there to the end."""
    found = []
    while True:
        answer = said(path, key)
        found += answer["results"]
        if not answer["more"]:
            return found
        path = answer["next"].removeprefix("http://testserver")


def test_every_event_in_order_with_its_body(key: str) -> None:
    reviews = [factories.published_review() for _ in range(3)]
    append.append(reviews[0].claim, event="reconfirmed", audience="public", review=reviews[0])
    events = follow(f"{FEED}?limit=3", key)
    assert [event["sequence"] for event in events] == [1, 2, 3, 4]
    assert [event["event"] for event in events] == ["published"] * 3 + ["reconfirmed"]
    last = events[-1]
    assert (last["claim"], last["review"], last["version"]) == (reviews[0].claim.public_id, reviews[0].public_id, 2)
    assert last["id"] == Publication.objects.get(sequence=4).public_id
    assert last["at"] == last["body"]["changed_at"] and last["body"]["version"] == 2 and not last["redacted"]


def test_the_cursor_is_always_there_and_stays(key: str) -> None:
    empty = said(FEED, key)
    assert empty["results"] == [] and empty["more"] is False
    factories.published_review()
    one = said(f"{FEED}?after={empty['cursor']}", key)
    assert sequences(one) == [1]
    for _ in range(2):
        none = said(f"{FEED}?after={one['cursor']}", key)
        assert none["results"] == [] and none["cursor"] == one["cursor"]
    factories.published_review()
    assert sequences(said(f"{FEED}?after={one['cursor']}", key)) == [2]
    assert sequences(said(f"{FEED}?after={empty['cursor']}", key)) == [1, 2]
    assert said(f"{FEED}?after=latest", key)["cursor"] == log_reader.Selection("newsrooms").end().cursor
    assert sequences(said(f"{FEED}?after=latest", key)) == []


def test_unknown_cursors_are_refused(key: str) -> None:
    factories.published_review()
    good = said(FEED, key)["cursor"]
    of_another_log = log_reader.Place(1, "f" * 64).cursor
    for wrong in (of_another_log, good[:-1], good + "A", good + "=", "1", "x", "%E2%82%AC", "A" * 101, ""):
        body = problem(ask(f"{FEED}?after={wrong}", key))
        assert (body["status"], body["parameter"]) == (400, "after"), wrong
        assert wrong in ("", "A" * 101) or "`cursor`" in body["detail"]
    assert problem(ask(FEED, key, headers={"Accept": "text/event-stream", "Last-Event-ID": "x"}))["status"] == 400


def test_a_cursor_that_a_restored_log_has_lost_says_where_to_go_on(key: str) -> None:
    for _ in range(4):
        factories.published_review()
    rows = {row.sequence: log_reader.Place(row.sequence, row.hash) for row in Publication.objects.all()}
    lost = log_reader.Place(3, "a" * 64).cursor
    ahead = log_reader.Place(9, "a" * 64).cursor
    streamed = {"Accept": "text/event-stream", "Last-Event-ID": ahead}
    # Restored by other means than ours, so that nothing tells how far the log had been the same: from scratch.
    body = problem(ask(f"{FEED}?after={ahead}", key))
    assert (body["status"], body["restored_to"], body["restart_after"]) == (410, 0, log_reader.START.cursor)
    assert problem(ask(f"{FEED}?after={lost}", key))["status"] == 400
    LogRestore.objects.create(sequence=2, hash=rows[2].hash, backup="2026-03-01T02-00-00Z")
    for response in (ask(f"{FEED}?after={lost}", key), ask(FEED, key, headers=streamed)):
        body = problem(response)
        assert (body["type"], body["restored_to"]) == ("urn:factcheck:problem:log-restored", 2)
        assert sequences(said(f"{FEED}?after={body['restart_after']}", key)) == [3, 4]
        assert body["restart_after"] in body["detail"]
    # What was never ours, and what still stands.
    assert problem(ask(f"{FEED}?after={log_reader.Place(2, 'a' * 64).cursor}", key))["status"] == 400
    assert sequences(said(f"{FEED}?after={rows[3].cursor}", key)) == [4]


@pytest.mark.django_db
def test_the_public_is_told_what_is_public_alone(settings: Any, key: str) -> None:
    settings.ANONYMOUS_READ = True
    review = factories.published_review()
    before = ask(FEED)
    append.append(review.claim, event="recheck_raised", audience="newsrooms", review=review)
    assert ask(FEED).content == before.content, "not even the cursor tells of it"
    assert sequences(said(FEED, key)) == [1, 2]
    cursor = said(FEED)["cursor"]
    append.append(review.claim, event="reconfirmed", audience="public", review=review)
    assert sequences(said(f"{FEED}?after={cursor}")) == [3]


@pytest.mark.parametrize("window", [log_reader.WINDOW, 2])
def test_filters_find_what_holds_and_come_to_the_end(key: str, window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_reader, "WINDOW", window)
    roads = factories.claim("Roads are long.")
    roads.topics.add(Topic.objects.create(slug="roads", name="Roads"))
    statement = factories.linked(roads)
    other = factories.published_review()
    page = factories.page("https://roads.example/long")
    review = factories.published_review(roads, of=page)
    for claim in (other.claim, roads, other.claim, other.claim):
        append.append(claim, event="reconfirmed", audience="public")
    for filters, expected in (
        (f"claim={roads.public_id}", [2, 4]),
        ("topic=roads", [2, 4]),
        (f"speaker={statement.speaker.public_id}", [2, 4]),
        ("host=ROADS.example", [2, 4]),
        ("event=published", [1, 2]),
        ("event=published,reconfirmed&topic=roads", [2, 4]),
        ("event=reconfirmed&topic=roads", [4]),
        ("topic=none", []),
    ):
        assert [e["sequence"] for e in follow(f"{FEED}?{filters}&limit=1", key)] == expected, filters
        answer = said(f"{FEED}?{filters}&limit=100", key)
        while answer["more"]:
            answer = said(answer["next"].removeprefix("http://testserver"), key)
        assert answer["cursor"] == log_reader.Selection("newsrooms").end().cursor, "so that nothing is looked at twice"
    assert review.claim == roads


def test_a_filter_looks_at_a_bounded_part_of_the_log(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_reader, "WINDOW", 2)
    for _ in range(3):
        factories.published_review()
    first = said(f"{FEED}?topic=none", key)
    assert first["results"] == [] and first["more"] is True
    assert first["cursor"] == log_reader.Place(2, Publication.objects.get(sequence=2).hash).cursor


def test_fields_leave_out_the_body(key: str, django_assert_num_queries: Any) -> None:
    factories.published_review()
    with django_assert_num_queries(3):  # the key, the head, the events
        answer = said(f"{FEED}?fields=event,sequence", key)
    assert answer["results"] == [{"sequence": 1, "event": "published"}]
    assert said(f"{FEED}?fields=body", key)["results"][0]["body"]["text"]
    assert problem(ask(f"{FEED}?fields=event,colour", key))["parameter"] == "fields"


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "wait=31",
        "wait=-1",
        "wait=x",
        "wait=1.0",
        "limit=%2B5",
        "limit=%D9%A5",
        "event=nothing",
        "after=%00",
    ],
)
def test_what_cannot_be_is_refused(key: str, query: str) -> None:
    assert problem(ask(f"{FEED}?{query}", key))["status"] == 400


def test_a_redacted_body_says_so(live_database: object, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        key = reading_key()
        factories.published_review()
        owner = connections["owner"]
        with owner.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE claims_publicationbody DISABLE TRIGGER USER; DELETE FROM claims_publicationbody"
            )
        (item,) = said(FEED, key)["results"]
        assert item["redacted"] is True and item["body"] is None and item["event"] == "published"
        (item,) = said(f"{FEED}?fields=redacted", key)["results"]
        assert item == {"redacted": True}
        owner.close()


def test_an_etag_answers_304_until_something_happens(key: str) -> None:
    factories.published_review()
    response = ask(FEED, key)
    headers = {"If-None-Match": response.headers["ETag"]}
    assert ask(FEED, key, headers=headers).status_code == 304
    factories.published_review()
    assert ask(FEED, key, headers=headers).status_code == 200


class Elsewhere:
    """Something that runs in a thread of its own; `result()` joins it."""

    def __init__(self, run: Callable[[], Any]) -> None:
        def body() -> None:
            try:
                self._result = run()
            finally:
                connections.close_all()

        self._thread = threading.Thread(target=body)
        self._thread.start()

    def result(self) -> Any:
        self._thread.join(20)
        assert not self._thread.is_alive()
        return self._result


def until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def open_transactions() -> int:
    with connection.cursor() as sql:
        sql.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start < now()")
        return int(sql.fetchone()[0])


@pytest.fixture
def live(live_database: object, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A database with commits, in which nobody waits yet."""
    monkeypatch.setattr(long_poll, "WAITERS", Slots(3, per_caller=2))
    with django_db_blocker.unblock():
        yield live_database
        until(lambda: long_poll._watch._thread is None)


def test_waiting_ends_when_something_happens_and_holds_no_transaction(live: object) -> None:
    key = reading_key()
    review = factories.published_review()
    cursor = said(FEED, key)["cursor"]
    asked_at = time.monotonic()
    waits = Elsewhere(lambda: said(f"{FEED}?after={cursor}&wait=20", key))
    until(lambda: long_poll.WAITERS.taken)
    until(lambda: long_poll._watch._waiting)
    # The look at the head of the log is a transaction of some milliseconds; one held by a wait would last 20 seconds.
    until(lambda: open_transactions() == 0)
    append.append(review.claim, event="reconfirmed", audience="public")
    assert sequences(waits.result()) == [2]
    assert time.monotonic() - asked_at < 10
    assert long_poll.WAITERS.taken == 0


def test_waiting_for_what_a_filter_finds_is_not_ended_by_the_rest(live: object) -> None:
    key = reading_key()
    review, other = factories.published_review(), factories.published_review()
    cursor = said(FEED, key)["cursor"]
    waits = Elsewhere(lambda: said(f"{FEED}?after={cursor}&wait=20&claim={review.claim.public_id}", key))
    until(lambda: long_poll._watch._waiting)
    append.append(other.claim, event="reconfirmed", audience="public")
    until(lambda: long_poll._watch._head == 3)
    append.append(review.claim, event="reconfirmed", audience="public")
    assert sequences(waits.result()) == [4]


def test_waiting_ends_empty_when_the_time_is_over(live: object) -> None:
    key = reading_key()
    cursor = said(FEED, key)["cursor"]
    assert said(f"{FEED}?after={cursor}&wait=1", key)["results"] == []


def test_no_more_wait_than_may(live: object) -> None:
    keys = [reading_key(f"Paper {n}") for n in range(3)]
    review = factories.published_review()
    cursor = said(FEED, keys[0])["cursor"]
    path = f"{FEED}?after={cursor}&wait=20"
    waits = [Elsewhere(lambda: said(path, keys[0])) for _ in range(2)]
    until(lambda: long_poll.WAITERS.taken == 2)
    refused = ask(path, keys[0])
    assert refused.status_code == 200 and refused.headers["Retry-After"] == "5", "two of one newsroom"
    waits.append(Elsewhere(lambda: said(path, keys[1])))
    until(lambda: long_poll.WAITERS.taken == 3)
    refused = ask(path, keys[2])
    assert (refused.status_code, refused.headers["Retry-After"]) == (200, "5"), "three in all"
    assert orjson.loads(refused.content)["cursor"] == cursor
    append.append(review.claim, event="reconfirmed", audience="public")
    assert [sequences(each.result()) for each in waits] == [[2]] * 3
    assert "Retry-After" not in ask(FEED, keys[2]).headers


def test_the_watch_outlives_a_database_that_went_away(live: object) -> None:
    key = reading_key()
    review = factories.published_review()
    cursor = said(FEED, key)["cursor"]
    waits = Elsewhere(lambda: said(f"{FEED}?after={cursor}&wait=20", key))
    until(lambda: long_poll._watch._waiting)
    with connection.cursor() as sql:
        sql.execute("SELECT pg_backend_pid()")
        sql.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND usename = current_user AND pid <> pg_backend_pid() AND query LIKE '%MAX%'"
        )
    append.append(review.claim, event="reconfirmed", audience="public")
    assert sequences(waits.result()) == [2]


def streamed(pieces: Any) -> list[tuple[str, int | None]]:
    """Last event id and sequence of each event, as an EventSource reads them."""
    found = []
    for block in b"".join(pieces).decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "id" in fields:
            data = orjson.loads(fields["data"]) if "data" in fields else {}
            found.append((fields["id"], data.get("sequence")))
    return found


def test_server_sent_events_go_on_from_the_last(live: object) -> None:
    key = reading_key()
    review = factories.published_review()
    headers = {"Accept": "text/event-stream"}
    response = ask(f"{FEED}?wait=20", key, headers=headers, begun=True)
    assert response.headers["Content-Type"] == "text/event-stream"
    pieces = iter(response)
    assert next(pieces) == b"retry: 1000\n\n"
    [(first, sequence)] = streamed([next(pieces)])
    assert sequence == 1 and first == said(FEED, key)["cursor"]
    writes = Elsewhere(lambda: append.append(review.claim, event="reconfirmed", audience="public"))
    [(second, sequence)] = streamed([next(pieces)])
    writes.result()
    assert sequence == 2
    response.close()
    assert long_poll.WAITERS.taken == 0
    again = ask(f"{FEED}?wait=1", key, headers={**headers, "Last-Event-ID": first})
    assert streamed(again) == [(second, 2)]


def test_server_sent_events_end_at_once_when_too_many_wait(live: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_poll, "WAITERS", Slots(0))
    key = reading_key()
    for _ in range(3):
        factories.published_review()
    started = time.monotonic()
    response = ask(f"{FEED}?limit=2", key, headers={"Accept": "text/event-stream"})
    text = b"".join(response)
    assert text.startswith(b"retry: 5000\n\n")
    assert [sequence for _, sequence in streamed([text])] == [1, 2]
    assert time.monotonic() - started < 5


def test_a_stream_says_how_far_it_came_though_it_found_nothing(live: object) -> None:
    key = reading_key()
    factories.published_review()
    response = ask(f"{FEED}?wait=1&topic=none", key, headers={"Accept": "text/event-stream"})
    assert streamed(response) == [(log_reader.Selection("newsrooms").end().cursor, None)]
