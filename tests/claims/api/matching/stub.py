"""A matcher that says what a test tells it to, in place of claims/matching/client.py."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from claims.matching import client
from claims.matching.client import Answer, SearchAnswer
from claims.matching.types import Hit, Match, Tier, Why


class StubMatcher:
    """Answers each text with `matches`, and each search with `hits`; `asked` is what it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.matches: list[Match] = []
        self.hits: list[Hit] = []
        self.degraded = False
        self.asked: list[Any] = []
        monkeypatch.setattr(client, "match", self.match)
        monkeypatch.setattr(client, "search", self.search)
        self.position: int | None = None
        monkeypatch.setattr(client, "state", lambda: {"state": "ok", "sequence": self.position})

    def match(self, texts: Sequence[str], language: str = "", limit: int = 5) -> Answer:
        self.asked.append((list(texts), language, limit))
        return Answer([self.matches[:limit] for _ in texts], self.degraded)

    def search(self, q: str, limit: int = 50, filters: Mapping[str, Sequence[str]] | None = None) -> SearchAnswer:
        self.asked.append((q, limit, dict(filters or {})))
        return SearchAnswer(self.hits[:limit], self.degraded)


def match(*claims: str, tier: str = "match", score: float = 0.9, why: Sequence[Why] = (), **options: Any) -> Match:
    return Match(claims, score, Tier(tier), tuple(why) or (Why("same_meaning"),), **options)
