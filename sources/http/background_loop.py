"""Run an asynchronous HTTP client in a background thread, for synchronous callers such as the poller."""

import asyncio
import threading
import time
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from queue import Empty, SimpleQueue
from typing import Any, Generic, Self, TypeVar

_Client = TypeVar("_Client")
_Arrival = TypeVar("_Arrival")


class BackgroundLoop(Generic[_Client, _Arrival]):
    """Runs coroutines with one HTTP client in its own thread; the caller collects the results that they `deliver`.

    `opening` opens the client for the duration of the `with` block. Leaving the block cancels running coroutines.
    """

    client: _Client

    def __init__(self, opening: AbstractAsyncContextManager[_Client], *, name: str) -> None:
        self.under_way = 0
        """The number of arrivals announced and not collected yet."""
        self._opening = opening
        self._arrived: SimpleQueue[_Arrival] = SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._stop: asyncio.Event | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *args: object) -> None:
        if self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def start(self, work: Coroutine[Any, Any, None], *, arrivals: int = 1) -> None:
        """Run a coroutine that will deliver this many arrivals."""
        self.under_way += arrivals
        asyncio.run_coroutine_threadsafe(work, self._loop)

    def deliver(self, arrival: _Arrival) -> None:
        """Queue an arrival, from any thread."""
        self._arrived.put(arrival)

    def collect(self, seconds: float, *, most: int | None = None, gather: float = 0.0) -> list[_Arrival]:
        """Return up to `most` arrivals, after waiting `seconds` for the first and `gather` seconds for more."""
        arrivals: list[_Arrival] = []
        ends = time.monotonic() + seconds
        while len(arrivals) < min(most or self.under_way, self.under_way):
            try:
                arrivals.append(self._arrived.get(timeout=max(ends - time.monotonic(), 0.0)))
            except Empty:
                break
            if len(arrivals) == 1:
                ends = time.monotonic() + gather
        self.under_way -= len(arrivals)
        return arrivals

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._ready.set()
            self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        async with self._opening as self.client:
            self._ready.set()
            await self._stop.wait()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
