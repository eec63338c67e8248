"""Idempotency-Key: however often a write is sent, it is done once, and its answer is always the same."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.http import HttpResponse
from django.test.utils import override_settings
from django.utils import timezone

from claims.models import Topic
from factcheck.newsrooms import idempotency
from factcheck.newsrooms.keys import create_key
from factcheck.newsrooms.models import StoredAnswer
from tests.api_client import ask, problem
from tests.factcheck.write_routes import Topics

pytestmark = pytest.mark.sql

TOPICS = "/api/v1/topics/"
UUID = '"8e03978e-40d5-43dd-bc93-6894a57f9324"'


@pytest.fixture(autouse=True)
def writing() -> Iterator[None]:
    with override_settings(ROOT_URLCONF="tests.factcheck.write_routes"):
        yield


@pytest.fixture
def key(db: None) -> str:
    return create_key("Daily Paper", ["read", "write"])


def send(key: str, name: str | None = UUID, body: bytes = b'{"name":"Bridges"}', **options: Any) -> HttpResponse:
    headers = {} if name is None else {"Idempotency-Key": name}
    options = {"method": "POST", "path": TOPICS, "content_type": "application/json", **options}
    return ask(options.pop("path"), key, data=body, headers=headers, **options)


def in_threads(number: int, what: Callable[[], HttpResponse]) -> list[HttpResponse]:
    """All at once, each on a connection of its own."""
    ready = threading.Barrier(number)

    def run(_: int) -> HttpResponse:
        try:
            ready.wait()
            return what()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def in_a_process(what: Callable[[], object]) -> int:
    """In a copy of this process, which ends without cleaning up; its exit status."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            what()
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_write_sent_again_is_answered_and_not_done(key: str, method: str) -> None:
    first = send(key, method=method)
    assert first.status_code == 201
    assert "Idempotency-Replayed" not in first.headers
    for name in (UUID, UUID.strip('"')):
        again = send(key, name, method=method)
        assert (again.status_code, again.content) == (201, first.content)
        assert again.headers["Idempotency-Replayed"] == "true"
        for header in ("Content-Type", "Location", "Cache-Control"):
            assert again.headers[header] == first.headers[header]
    assert Topic.objects.count() == 1
    for name in (None, '"other"'):
        assert "Idempotency-Replayed" not in send(key, name, method=method).headers
    assert Topic.objects.count() == 3, "the control: without the key, or with another, it is done"


def test_the_key_of_another_request_is_refused(key: str) -> None:
    send(key)
    for options in ({"body": b'{"name":"Weirs"}'}, {"path": f"{TOPICS}?a=1"}, {"method": "PATCH"}):
        assert problem(send(key, **options))["type"] == "urn:factcheck:problem:idempotency-key-reused", options
    assert Topic.objects.count() == 1
    other = create_key("Evening Paper", ["write"])
    assert send(other, body=b'{"name":"Weirs"}').status_code == 201, "keys of others are their own"


def test_an_error_is_undone_and_forgotten(key: str) -> None:
    assert problem(send(key, body=b'{"name":7000,"name":[]}'))["status"] == 422
    assert Topic.objects.count() == 0, "what the view had written"
    assert send(key).status_code == 201, "the mended request, with the same key"


def test_a_bug_is_undone_and_forgotten(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Topics, "meanwhile", lambda: 1 / 0)
        assert problem(send(key))["status"] == 500
    assert Topic.objects.count() == 0
    assert send(key).status_code == 201


@pytest.mark.parametrize("name", ["", '""', "a b", '"a', "é", "a" * 256, '"a\\"b"', "a\x7f"])
def test_names_that_cannot_be(key: str, name: str) -> None:
    assert "visible ASCII" in problem(send(key, name))["detail"]
    assert Topic.objects.count() == 0


def test_who_has_no_key_gets_nothing_stored(key: str) -> None:
    first = send(key)
    for bad in (None, key[:-1] + ("a" if key[-1] != "a" else "b")):
        assert problem(send(bad))["status"] == 401
    reader = create_key("Daily Paper", ["read"])
    response = send(reader)
    assert problem(response)["status"] == 403, "another key of the same newsroom"
    assert first.content not in response.content


def test_a_method_that_is_not_offered_is_said_not_to_be(key: str) -> None:
    send(key)
    assert problem(send(key, path="/api/v1/claims/", method="PATCH"))["status"] == 405


def test_a_question_is_asked_anew(key: str) -> None:
    asked = {"path": "/api/v1/question/"}
    first = send(key, **asked)
    send(key, '"another"')
    again = send(key, **asked)
    assert first.status_code == again.status_code == 200
    assert first.content != again.content
    assert ask("/api/v1/claims/", key, headers={"Idempotency-Key": UUID}).status_code == 200
    assert StoredAnswer.objects.count() == 1


def test_answers_are_forgotten_after_a_day(key: str) -> None:
    send(key)
    StoredAnswer.objects.update(created_at=timezone.now() - timedelta(hours=23))
    assert idempotency.delete_expired() == 0
    StoredAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert idempotency.delete_expired() == 1
    assert send(key).status_code == 201
    assert Topic.objects.count() == 2


def test_a_dump_of_the_database_tells_no_answer(key: str) -> None:
    first = send(key)
    [stored] = StoredAnswer.objects.values_list("body", flat=True)
    assert first.content not in bytes(stored)
    assert bytes(stored)[-len(first.content) :] != first.content
    with override_settings(SECRET_KEY="another"):
        assert problem(send(key))["type"] == "urn:factcheck:problem:conflict"
    assert send(key).content == first.content
    assert Topic.objects.count() == 1
    for body in (b"", b"\x00\x00", b"a" * 100_000):
        sealed = idempotency._encrypt(body)
        assert (idempotency._decrypt(sealed), len(sealed)) == (body, len(body) + 48)
        assert idempotency._encrypt(body) != sealed


def test_twenty_at_once_are_done_once(live_database: Any) -> None:
    key = create_key("Daily Paper", ["write"])
    answers = in_threads(20, lambda: send(key))
    assert Topic.objects.count() == StoredAnswer.objects.count() == 1
    done = [answer for answer in answers if answer.status_code == 201]
    assert done
    for answer in answers:
        if answer.status_code != 201:
            assert problem(answer)["type"] == "urn:factcheck:problem:request-in-progress"
            assert answer.headers["Retry-After"] == "1"
            answer = send(key)
        assert (answer.status_code, answer.content) == (201, done[0].content)

    in_threads(20, lambda: send(key, None))
    assert Topic.objects.count() == 21, "the control: without the header each is done"


def test_what_is_under_way_is_said_to_be(live_database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    key = create_key("Daily Paper", ["write"])
    writing, go_on = threading.Event(), threading.Event()
    monkeypatch.setattr(Topics, "meanwhile", lambda: (writing.set(), go_on.wait(10)))

    def first() -> HttpResponse:
        try:
            return send(key)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(first)
        assert writing.wait(10)
        assert problem(send(key))["status"] == 409
        go_on.set()
        assert answer.result().status_code == 201
    assert send(key).headers["Idempotency-Replayed"] == "true"


def test_a_crash_before_the_commit_leaves_nothing_and_one_after_it_both(
    live_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = create_key("Daily Paper", ["write"])
    with monkeypatch.context() as patch:
        patch.setattr(Topics, "meanwhile", lambda: os._exit(7))
        assert in_a_process(lambda: send(key)) == 7
    assert Topic.objects.count() == StoredAnswer.objects.count() == 0

    def lost() -> None:
        os._exit(8 if send(key).status_code == 201 else 9)

    assert in_a_process(lost) == 8
    assert Topic.objects.count() == 1
    answer = send(key)
    assert (answer.status_code, answer.headers["Idempotency-Replayed"]) == (201, "true")
    assert Topic.objects.count() == 1


def test_a_commit_that_fails_is_no_success(live_database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    key = create_key("Daily Paper", ["write"])

    def lose_the_connection() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [pid] = cursor.fetchone()
        import psycopg

        with psycopg.connect(live_database.url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [pid])

    with monkeypatch.context() as patch:
        patch.setattr(Topics, "meanwhile", lose_the_connection)
        assert problem(send(key))["status"] == 503
    connection.close()
    assert Topic.objects.count() == 0
    assert send(key).status_code == 201
