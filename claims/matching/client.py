"""Ask which published claims a text makes, and search them: the only way in for web processes.

The functions never raise for a matcher that is down, slow or not filled yet: `degraded` is True then, and PostgreSQL
answers (claims/matching/fallback.py), where the same words alone are a `match`. An answer holds ids and scores. Who
shows them takes what a claim says from `ClaimVersion` for the reader, and leaves out what is no longer there.

This module imports nothing heavy; tests/claims/matching/test_client.py holds that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from claims.matching import fallback
from claims.matching.types import Hit, Match
from claims.matching.wire import messages, socket_folder
from claims.matching.wire.connection_pool import ConnectionPool, NoAnswer

# What a matcher gets that says that it works; one that says nothing gets a second (connection_pool.py).
SECONDS, SECONDS_A_TEXT, MOST_SECONDS = 10.0, 0.25, 20.0
SEARCH_SECONDS, STATE_SECONDS = 5.0, 1.0
MARGIN_SECONDS = 0.5  # by which it answers before this side has gone

_pool = ConnectionPool(lambda: socket_folder.socket_path(settings.MATCHER_FOLDER, socket_folder.PUBLISHED))


@dataclass(frozen=True)
class Answer:
    """For each text its matches, best first. `degraded`: by less than the whole matcher."""

    results: list[list[Match]]
    degraded: bool


@dataclass(frozen=True)
class SearchAnswer:
    """The hits of a search, best first. `degraded`: by less than the whole matcher."""

    hits: list[Hit] = field(default_factory=list)
    degraded: bool = False


def match(texts: Sequence[str], language: str = "", limit: int = 5) -> Answer:
    """The published claims that each text makes; `language` is a language tag, "" if it is not known."""
    seconds = min(SECONDS + SECONDS_A_TEXT * len(texts), MOST_SECONDS)
    request = {"ask": "match", "texts": [sendable(text) for text in texts], "language": language, "limit": limit}
    try:
        answer = _ask(request, seconds)
        results = messages.matches_of_json(answer.get("results"))
        if len(results) == len(texts):
            return _whole(texts, results, language, limit, degraded=bool(answer.get("degraded", True)))
    except (NoAnswer, messages.BadMessage):
        pass
    return Answer(fallback.match(texts, language, limit), degraded=True)


def search(q: str, limit: int = 50, filters: Mapping[str, Sequence[str]] | None = None) -> SearchAnswer:
    """The published claims that are about the words.

    `filters` are `language` (ranges), `organisation` (ids), `topic` (slugs) and `speaker` (names); of each, one of the
    values has to be met.
    """
    filters = filters or {}
    sent = {name: [sendable(value) for value in values] for name, values in filters.items()}
    try:
        request = {"ask": "search", "q": sendable(q), "limit": limit, "filters": sent}
        answer = _ask(request, SEARCH_SECONDS, quick=True)
        return SearchAnswer(messages.hits_of_json(answer.get("hits")), degraded=bool(answer.get("degraded", True)))
    except (NoAnswer, messages.BadMessage):
        return SearchAnswer(fallback.search(q, limit, filters), degraded=True)


def state() -> dict[str, Any]:
    """What the matcher says of itself: `state` (ok, filling, degraded or off), `reason`, and counts."""
    if settings.MATCHER == "off":
        return {"state": "off", "reason": "FACTCHECK_MATCHER=off"}
    try:
        answer = _ask({"ask": "state"}, STATE_SECONDS, quick=True)
    except NoAnswer as error:
        return {"state": "degraded", "reason": error.reason}
    return answer if isinstance(answer.get("state"), str) else {"state": "degraded", "reason": "it answers wrongly"}


def answers() -> bool:
    """Whether a matcher answers at its socket."""
    try:
        return "state" in _ask({"ask": "state"}, STATE_SECONDS, quick=True)
    except NoAnswer:
        return False


def _whole(
    texts: Sequence[str], results: list[list[Match] | None], language: str, limit: int, *, degraded: bool
) -> Answer:
    """The matcher's results, and PostgreSQL's for the texts that it had no time for."""
    left = [text for text, matches in zip(texts, results, strict=True) if matches is None]
    others = iter(fallback.match(left, language, limit) if left else ())
    return Answer([next(others) if matches is None else matches for matches in results], degraded or bool(left))


def _ask(request: dict[str, Any], seconds: float, *, quick: bool = False) -> dict[str, Any]:
    if settings.MATCHER == "off":
        raise NoAnswer("FACTCHECK_MATCHER=off")
    return _pool.ask(request | {"seconds": max(seconds - MARGIN_SECONDS, seconds / 2)}, seconds=seconds, quick=quick)


def sendable(text: str) -> str:
    """The text without lone surrogates, which JSON has no bytes for."""
    return text.encode("utf-8", "replace").decode()
