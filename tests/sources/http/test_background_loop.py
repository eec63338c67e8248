"""The background event loop: collecting arrivals, limits and cancellation."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sources.http.background_loop import BackgroundLoop


class Loop(BackgroundLoop[str, int]):
    def __init__(self, events: list[str]) -> None:
        self.events = events
        super().__init__(self._open(), name="test")

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[str]:
        self.events.append(f"opened in {threading.current_thread().name}")
        yield "client"
        self.events.append("closed")

    async def say(self, *numbers: int, after: float = 0.0) -> None:
        assert self.client == "client"
        try:
            await asyncio.sleep(after)
        except asyncio.CancelledError:
            self.events.append("cancelled")
            raise
        for number in numbers:
            self.deliver(number)


def test_arrivals_are_collected_and_the_client_is_closed() -> None:
    events: list[str] = []
    with Loop(events) as loop:
        assert events == ["opened in test"]
        loop.start(loop.say(1, 2, 3), arrivals=3)
        loop.start(loop.say(4, after=0.3))
        assert loop.under_way == 4
        assert loop.collect(5, gather=0.1) == [1, 2, 3]
        assert loop.under_way == 1
        assert loop.collect(0.01) == []
        assert loop.collect(5) == [4]
        assert loop.under_way == 0
    assert events == ["opened in test", "closed"]


def test_collect_respects_the_limit_and_waits_only_for_announced_arrivals() -> None:
    with Loop([]) as loop:
        loop.start(loop.say(1, 2, 3), arrivals=3)
        assert loop.collect(5, most=2, gather=1) == [1, 2]
        started = time.monotonic()
        assert loop.collect(5, most=2, gather=5) == [3]
        assert loop.collect(5) == []
        assert time.monotonic() - started < 2


def test_running_coroutines_are_cancelled_on_exit() -> None:
    events: list[str] = []
    with Loop(events) as loop:
        loop.start(loop.say(1, after=60))
        loop.collect(0.1)
    assert "cancelled" in events and "closed" in events
