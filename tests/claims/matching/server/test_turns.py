"""Who works when, and what becomes of a request that there is no time for."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from claims.matching.server.requests import PublishedRequests, match_in_time
from claims.matching.server.turns import Busy, Late, Turns

SOON = 0.05


def later(seconds: float) -> float:
    return time.monotonic() + seconds


def test_those_who_wait_come_in_their_order() -> None:
    turns, came = Turns(1), []

    def work(number: int) -> None:
        with turns.turn(later(10)):
            came.append(number)

    with ThreadPoolExecutor(5) as threads, turns.turn(later(1)):
        for number in range(5):
            threads.submit(work, number)
            while len(turns._waiting) <= number:
                time.sleep(0.001)
    assert came == [0, 1, 2, 3, 4]


def test_too_many_are_refused_at_once_and_what_goes_on_is_not() -> None:
    turns = Turns(1, most_waiting=0)
    with turns.turn(later(1)):
        with pytest.raises(Busy), turns.turn(later(10)):
            pass
        with pytest.raises(Late), turns.turn(later(SOON), goes_on=True):
            pass
    with turns.turn(later(0)):  # nothing was lost
        pass
    assert (turns._free, len(turns._waiting)) == (1, 0)


def test_a_turn_ends_with_what_fails_in_it() -> None:
    turns = Turns(1)
    with pytest.raises(ValueError, match="it"), turns.turn(later(1)):
        raise ValueError("it")
    assert turns._free == 1


class Slow:
    """An engine that takes its time over each text."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def match(self, texts: list[str], language: str, limit: int) -> list[list[Any]]:
        time.sleep(self.seconds)
        return [[] for _ in texts]

    def search(self, q: str, *, limit: int, filters: Any) -> list[Any]:
        return []


def test_what_is_done_in_time_is_answered() -> None:
    results = match_in_time(Slow(0.1), ["a"] * 20, "", 5, later(0.55), Turns(1))
    assert len(results) == 20
    done = [each for each in results if each is not None]
    assert 1 <= len(done) <= 5 and results[: len(done)] == [[]] * len(done)
    with pytest.raises(Late):
        match_in_time(Slow(0), ["a"], "", 5, later(-1), Turns(1))


def test_one_text_need_not_wait_for_fifty() -> None:
    handler = PublishedRequests(lambda: Slow(0.02), lambda: {"state": "ok"}, 1)
    with ThreadPoolExecutor(1) as threads:
        many = threads.submit(handler, {"ask": "match", "texts": ["a"] * 50}, later(10))
        time.sleep(SOON)
        assert handler({"ask": "match", "texts": ["b"]}, later(10)) == {"results": [[]], "degraded": False}
        assert handler({"ask": "search", "q": "b"}, later(10)) == {"hits": [], "degraded": False}
        assert handler({"ask": "state"}, later(10)) == {"state": "ok"}
        assert not many.done()
        assert many.result() == {"results": [[]] * 50, "degraded": False}


def test_an_answer_in_part_is_degraded() -> None:
    handler = PublishedRequests(lambda: Slow(0.1), lambda: {"state": "ok"}, 1)
    answer = handler({"ask": "match", "texts": ["a"] * 9}, later(0.4))
    assert answer["degraded"] and answer["results"][0] == [] and answer["results"][-1] is None


def test_a_state_is_told_while_all_turns_are_taken() -> None:
    release = threading.Event()
    engine = Slow(0)
    engine.match = lambda texts, language, limit: [[] for _ in texts if release.wait(10)]  # type: ignore[method-assign]
    handler = PublishedRequests(lambda: engine, lambda: {"state": "ok"}, 1)
    with ThreadPoolExecutor(1) as threads:
        waits = threads.submit(handler, {"ask": "match", "texts": ["a"]}, later(10))
        assert handler({"ask": "state"}, later(1)) == {"state": "ok"}
        with pytest.raises(Late):
            handler({"ask": "match", "texts": ["a"]}, later(SOON))
        release.set()
        assert waits.result() == {"results": [[]], "degraded": False}
