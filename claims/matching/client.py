"""Ask which published claims a text makes, and search them: the only way in for web processes.

The functions never raise for a matcher that is down, slow or not filled yet: `degraded` is True then, and PostgreSQL
answers (claims/matching/fallback.py), where the same words alone are a `match`. An answer holds ids and scores. Who
shows them takes what a claim says from `ClaimVersion` for the reader, and leaves out what is no longer there.

This module imports nothing heavy; tests/claims/matching/test_client.py holds that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from claims.matching import fallback
from claims.matching.types import Hit, Match


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
    return Answer(fallback.match(texts, language, limit), degraded=True)


def search(q: str, limit: int = 50, filters: Mapping[str, Sequence[str]] | None = None) -> SearchAnswer:
    """The published claims that are about the words.

    `filters` are `language`, `organisations` (ids) and `topics` (slugs); of each, one of the values has to be met.
    """
    return SearchAnswer(fallback.search(q, limit, filters or {}), degraded=True)


def state() -> dict[str, Any]:
    """What the matcher says of itself: `state` (ok, filling, degraded or off), `reason`, and counts."""
    return {"state": "off", "reason": "no matcher runs"}
