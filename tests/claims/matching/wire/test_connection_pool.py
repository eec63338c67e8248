"""What a web process does when the matcher is there, is gone, restarts, hangs, or answers nonsense."""

import gc
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from claims.matching.server.listener import Listener
from claims.matching.wire import connection_pool, framing
from claims.matching.wire.connection_pool import ConnectionPool, NoAnswer

CANARY = "quaestor xylocarp"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "m" / "match.sock"


@pytest.fixture
def listening(path: Path) -> Iterator[Callable[..., Listener]]:
    started: list[Listener] = []

    def start(handler: Any) -> Listener:
        listener = Listener(path, handler)
        listener.start()
        started.append(listener)
        return listener

    yield start
    for listener in started:
        listener.stop()


@pytest.fixture
def pool(path: Path) -> ConnectionPool:
    return ConnectionPool(lambda: path)


def echo(request: dict[str, Any], deadline: float) -> dict[str, Any]:
    return {"said": request.get("say")}


def refused(pool: ConnectionPool, seconds: float = 2.0) -> tuple[str, float]:
    """Why the matcher does not answer, and after how many seconds that is known."""
    started = time.monotonic()
    with pytest.raises(NoAnswer) as caught:
        pool.ask({"say": CANARY}, seconds=seconds)
    assert CANARY not in repr(caught.value)
    assert caught.value.__cause__ is None
    return caught.value.reason, time.monotonic() - started


def test_many_threads_are_answered_over_few_connections(listening, pool) -> None:
    listener = listening(echo)
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda number: pool.ask({"say": number}, seconds=5)["said"], range(200)))
    assert answers == list(range(200))
    assert len(listener._connections) <= connection_pool.MOST_LONG


def test_a_matcher_that_is_down_costs_nothing_and_is_asked_again(listening, pool) -> None:
    reason, seconds = refused(pool)
    assert reason == "it does not run" and seconds < 0.3
    listening(echo)
    assert pool.ask({"say": 1}, seconds=2) == {"said": 1}


def test_a_restart_between_two_requests_is_not_noticed(listening, pool) -> None:
    first = listening(echo)
    assert pool.ask({"say": 1}, seconds=2) == {"said": 1}
    first.stop()
    listening(echo)
    assert pool.ask({"say": 2}, seconds=2) == {"said": 2}


def test_a_hung_matcher_costs_one_request_a_moment_and_the_next_ones_nothing(path, pool, monkeypatch) -> None:
    path.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as hung:  # takes connections and reads nothing, as after SIGSTOP
        hung.bind(str(path))
        hung.listen(4)
        reason, seconds = refused(pool)
        assert reason == "it accepts no request" and seconds < 1.5
        reason, seconds = refused(pool)
        assert reason == "it did not answer a moment ago" and seconds < 0.2
    monkeypatch.setattr(connection_pool, "PAUSE_SECONDS", 0.0)
    pool.forget()
    assert refused(pool)[0] == "it does not run"


def test_after_the_pause_one_request_tries_and_an_answer_ends_it(listening, pool, monkeypatch) -> None:
    monkeypatch.setattr(connection_pool, "PAUSE_SECONDS", 0.2)
    pool._circuit.failed(hung=True)
    listening(echo)
    assert refused(pool)[0] == "it did not answer a moment ago"
    time.sleep(0.25)
    assert pool.ask({"say": 1}, seconds=2) == {"said": 1}
    assert pool.ask({"say": 2}, seconds=2) == {"said": 2}


def test_a_busy_matcher_is_waited_for(listening, pool, monkeypatch) -> None:
    monkeypatch.setattr(connection_pool, "SILENT_SECONDS", 0.6)
    listening(lambda request, deadline: {"said": str(threading.Event().wait(1.2))})
    assert [pool.ask({"say": 1}, seconds=5) for _ in range(2)] == [{"said": "False"}] * 2


def test_a_matcher_that_falls_silent_costs_a_second(path, pool) -> None:
    path.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as stopped:
        stopped.bind(str(path))
        stopped.listen(4)

        def accept() -> None:
            connection, _ = stopped.accept()
            connection.recv(1_000)
            connection.sendall(framing.ACCEPTED + framing.WORKING)
            connection.recv(1)  # until the client goes

        threading.Thread(target=accept, daemon=True).start()
        reason, seconds = refused(pool, seconds=20)
        assert reason == "it hangs" and seconds < 1.5
        assert refused(pool, seconds=20)[1] < 0.2


def test_the_pause_after_one_silence_is_short_and_grows(pool, monkeypatch) -> None:
    monkeypatch.setattr(connection_pool.time, "monotonic", lambda: 100.0)
    pauses = []
    for _ in range(5):
        pool._circuit.failed(hung=True)
        pauses.append(pool._circuit._until - 100)
    assert pauses == [1, 2, 4, 5, 5]
    pool._circuit.answered()
    pool._circuit.failed(hung=True)
    assert pool._circuit._until == 101


def test_a_deadline_holds_whatever_the_matcher_says(listening, pool) -> None:
    release = threading.Event()
    listening(lambda request, deadline: {"said": str(release.wait(5))})
    reason, seconds = refused(pool, seconds=0.3)
    assert reason == "it is slow" and seconds < 1.2
    release.set()
    assert "said" in pool.ask({"say": 1}, seconds=2)  # one late answer does not end it


def test_few_threads_wait_for_a_busy_matcher_and_quick_requests_for_none(listening, pool) -> None:
    release = threading.Event()

    def handler(request: dict[str, Any], deadline: float) -> dict[str, Any]:
        return {"said": request["ask"] == "state" or release.wait(10)}

    def outcome(_: int) -> str:
        try:
            return str(pool.ask({"ask": "match"}, seconds=10)["said"])
        except NoAnswer as error:
            return error.reason

    listening(handler)
    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(outcome, number) for number in range(8)]
        started = time.monotonic()
        while sum(each.done() for each in waiting) < 8 - connection_pool.MOST_LONG:
            assert time.monotonic() - started < 5
            time.sleep(0.02)
        assert pool.ask({"ask": "state"}, seconds=2, quick=True) == {"said": True}
        release.set()
        outcomes = sorted(each.result() for each in waiting)
    assert outcomes == ["True"] * connection_pool.MOST_LONG + ["too many requests wait for it"] * 4


@pytest.mark.parametrize(
    "answer",
    [b"", b"\x06", b"\x06\x00\x00\x00\x02[]", b"\x06\x00\x00\x00\x02{a", b"\x06\xff\xff\xff\xff", b"HTTP/1.1 400 Bad"],
)
def test_nonsense_is_no_answer(path: Path, pool: ConnectionPool, answer: bytes) -> None:
    path.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        other.listen(4)

        def speak() -> None:
            connection, _ = other.accept()
            connection.recv(1_000)
            connection.sendall(answer)
            connection.close()

        threading.Thread(target=speak, daemon=True).start()
        assert refused(pool)[1] < 2


def test_a_process_after_a_fork_has_connections_of_its_own(listening, pool) -> None:
    listening(echo)
    assert pool.ask({"say": "parent"}, seconds=2) == {"said": "parent"}
    assert len(pool._idle) == 1
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        idle = len(pool._idle)
        said = pool.ask({"say": "child"}, seconds=2)["said"]
        os.write(writing, f"{idle} {said}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 100) == b"0 child"
    assert pool.ask({"say": "parent"}, seconds=2) == {"said": "parent"}


def test_a_folder_of_somebody_else_is_not_trusted(path: Path, pool: ConnectionPool) -> None:
    path.parent.mkdir(mode=0o700)
    os.chown(path.parent, 12345, 12345) if os.getuid() == 0 else pytest.skip("needs root")
    assert "belongs to someone else" in refused(pool)[0]


class TestPrivacy:
    """A text that is sent is in no log, no exception and no object that stays."""

    def failing(self, request: dict[str, Any], deadline: float) -> dict[str, Any]:
        text = request["say"]
        if text.endswith("unsendable"):
            return {"said": {1, 2}}  # no JSON
        raise ValueError(f"cannot read {text!r}")

    def test_every_way_to_fail_keeps_it(self, listening, pool, path, caplog, capfd) -> None:
        with caplog.at_level(logging.DEBUG):
            listening(self.failing)
            assert pool.ask({"say": CANARY}, seconds=2) == {"error": "failed"}
            assert pool.ask({"say": f"{CANARY} unsendable"}, seconds=2) == {"error": "failed"}
            with pytest.raises(NoAnswer) as caught:
                pool.ask({"say": f"{CANARY} \ud800"}, seconds=2)
            with pytest.raises(NoAnswer) as long:
                pool.ask({"say": CANARY * framing.MAX_REQUEST}, seconds=2)
            for sent in (b"\x00\x00\x00\x40" + CANARY.encode(), CANARY.encode(), b"\x00\x00\x00\x13" + CANARY.encode()):
                with socket.socket(socket.AF_UNIX) as raw:
                    raw.connect(str(path))
                    raw.sendall(sent)
                    raw.shutdown(socket.SHUT_WR)
                    raw.settimeout(3)
                    with suppress(ConnectionResetError):
                        raw.recv(100)
        for error in (caught.value, long.value):
            assert CANARY not in repr(error) + repr(error.__cause__)
        assert "ValueError at test_connection_pool.py" in caplog.text
        written = capfd.readouterr()
        assert CANARY not in caplog.text + written.out + written.err
        gc.collect()
        kept = [each for each in gc.get_objects() if type(each) is dict and each.get("say") == CANARY]
        assert kept == []


def test_the_socket_is_made_again_when_its_folder_is_removed(listening, pool, path, caplog) -> None:
    listener = listening(echo)
    path.unlink()
    path.parent.rmdir()
    listener.check()
    assert pool.ask({"say": 1}, seconds=2) == {"said": 1}
    assert "was removed" in caplog.text
    identity = listener._identity
    listener.check()
    assert listener._identity == identity
    assert (path.parent.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)
