"""The requests that the matcher's sockets take, as JSON objects with the member `ask`.

    match  {texts, language, limit}  ->  {results, degraded}      claims/matching/wire/messages.py has their form;
                                                                  null for a text that there was no time for
    search {q, limit, filters}       ->  {hits, degraded}
    state  {}                        ->  the state
    …                                ->  {error}

Each may say in how many seconds its sender has gone.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from claims.matching.server.turns import Late, Turns
from claims.matching.types import Hit, Match
from claims.matching.wire import messages

MOST_TEXTS = 2_000
MOST_ANSWERS = 100
AT_ONCE = 2  # requests, where nothing else is said


class Searchable(Protocol):
    """What a request is answered by (claims/matching/engine.py)."""

    def match(self, texts: list[str], language: str, limit: int) -> list[list[Match]]: ...

    def search(self, q: str, *, limit: int, filters: Mapping[str, tuple[str, ...]]) -> list[Hit]: ...


class NotReady(Exception):
    """The index is not built yet."""


class PublishedRequests:
    """Requests about published claims. `engine` raises NotReady; `state` has the member `state`."""

    def __init__(
        self, engine: Callable[[], Searchable], state: Callable[[], dict[str, Any]], at_once: int = AT_ONCE
    ) -> None:
        self._engine = engine
        self._state = state
        self._matches, self._searches = Turns(at_once), Turns(at_once)  # a search takes a tenth of the time

    def __call__(self, request: dict[str, Any], deadline: float) -> dict[str, Any]:
        ask = request.get("ask")
        if ask == "state":
            return self._state()
        try:
            engine = self._engine()
        except NotReady:
            return {"error": "not ready"}
        degraded = self._state()["state"] != "ok"
        texts = request.get("texts")
        if ask == "match" and isinstance(texts, list) and _are_texts(texts, most=MOST_TEXTS):
            results = match_in_time(engine, texts, _text(request, "language"), _limit(request), deadline, self._matches)
            return {"results": messages.matches_as_json(results), "degraded": degraded or None in results}
        if ask == "search" and isinstance(request.get("q"), str):
            with self._searches.turn(deadline):
                hits = engine.search(request["q"], limit=_limit(request, most=1_000), filters=_filters(request))
            return {"hits": messages.hits_as_json(hits), "degraded": degraded}
        return {"error": "no such request"}


def match_in_time(
    engine: Searchable, texts: Sequence[str], language: str, limit: int, deadline: float, turns: Turns
) -> list[list[Match] | None]:
    """The matches of each text; None for those that there was no time for. Raises Busy, and Late if it is all of them.

    Ends before the deadline by as long as the slowest text took, so that what is found reaches who asks in time.
    """
    results: list[list[Match] | None] = []
    slowest = 0.0
    for text in texts:
        try:
            with turns.turn(deadline, goes_on=bool(results)):
                began = time.monotonic()
                if began + slowest >= deadline:
                    raise Late
                results += engine.match([text], language, limit)
                slowest = max(slowest, time.monotonic() - began)
        except Late:
            if not results:
                raise
            break
    return results + [None] * (len(texts) - len(results))


def _are_texts(value: Any, *, most: int) -> bool:
    return isinstance(value, list) and len(value) <= most and all(isinstance(each, str) for each in value)


def _text(request: dict[str, Any], name: str) -> str:
    value = request.get(name)
    return value if isinstance(value, str) else ""


def _limit(request: dict[str, Any], *, most: int = MOST_ANSWERS) -> int:
    value = request.get("limit")
    return max(1, min(value, most)) if isinstance(value, int) else 5


def _filters(request: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    value = request.get("filters")
    filters = value if isinstance(value, dict) else {}
    return {name: tuple(values) for name, values in filters.items() if _are_texts(values, most=1_000)}
