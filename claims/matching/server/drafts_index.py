"""Keep an engine of drafts, in memory alone, and answer which claims say nearly what an editor types.

    similar {text, language, limit}  ->  {similar: [[claim, tier, why, published, score, *likeness], …], degraded}
    find {q, limit}                  ->  {found: [claim, …], degraded}

`likeness` is terms, by_meaning, shared, as in `Match`.

Only the editors' socket takes this request; that of the published claims does not know of drafts.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from claims.matching.answers import score_of_other
from claims.matching.engine import Engine
from claims.matching.server.draft_claims import DraftReader, drafts, entries_of
from claims.matching.server.requests import AT_ONCE, NotReady, Searchable, match_in_time
from claims.matching.server.turns import Turns
from claims.matching.server.vector_filling import Vectors
from claims.matching.types import Match, Tier
from claims.matching.wire import messages

_AT_ONCE = 2_000
MOST_FOUND = 1_000
_TIERS = tuple(Tier)


class DraftsIndex:
    """The engine of the drafts, with legs by meaning if there are `vectors`. One thread calls `look`."""

    def __init__(self, vectors: Vectors | None = None) -> None:
        self._vectors = vectors
        self._threads = ThreadPoolExecutor(1, "drafts")
        self._computing: Future[bool] | None = None
        self._engine: Engine | None = None
        self._reader: DraftReader | None = None
        self._stale = False  # whether texts came or went since their vectors were looked at

    def engine(self) -> Engine:
        """Raises NotReady."""
        if self._engine is None:
            raise NotReady
        return self._engine

    def forget(self) -> None:
        """Open the engine anew at the next look."""
        self._reader = None

    def look(self) -> None:
        """Read all drafts, or what changed since the last look. Raises Django's errors."""
        if self._reader is None:
            reader, engine = DraftReader(), Engine()
            if self._vectors:
                engine = engine.with_legs(self._vectors.legs([]))
            entries = list(entries_of(drafts()))
            for at in range(0, len(entries), _AT_ONCE):
                engine.apply(entries[at : at + _AT_ONCE], [])
            self._engine, self._reader, self._stale = engine, reader, True
        else:
            changes = self._reader.changes()
            if (changes.entries or changes.removed) and self._engine is not None:
                self._engine.apply(changes.entries, changes.removed)
                self._stale = True
        if self._vectors and self._engine:
            self._look_at_vectors(self._vectors, self._engine)

    def _look_at_vectors(self, vectors: Vectors, engine: Engine) -> None:
        """Compute the vectors of drafts that came, and delete those of drafts that went, in a thread."""
        if self._computing is not None:
            if not self._computing.done():
                return
            computed, self._computing = self._computing, None
            self._stale = self._stale or not computed.result()
            engine.apply([], [])
        elif self._stale:
            self._stale = False
            texts = [entry.text for entry in engine.entries]
            self._computing = self._threads.submit(lambda: vectors.fill(texts) and vectors.compact(texts))


class DraftRequests:
    """Requests of editors. Both functions raise NotReady."""

    def __init__(
        self, published: Callable[[], Searchable], drafts: Callable[[], Searchable], at_once: int = AT_ONCE
    ) -> None:
        self._engines = ((published, True), (drafts, False))
        self._turns = Turns(at_once)

    def __call__(self, request: dict[str, Any], deadline: float) -> dict[str, Any]:
        text, limit = request.get("text"), request.get("limit")
        if request.get("ask") == "find" and isinstance(request.get("q"), str) and isinstance(limit, int):
            return self._find(request["q"], max(1, min(limit, MOST_FOUND)), deadline)
        if request.get("ask") != "similar" or not isinstance(text, str) or not isinstance(limit, int):
            return {"error": "no such request"}
        language = request.get("language") if isinstance(request.get("language"), str) else ""
        found: list[tuple[Match, bool]] = []
        degraded = False
        for engine, is_published in self._engines:
            try:
                [matches] = match_in_time(
                    engine(), [text], language or "", max(1, min(limit, 100)), deadline, self._turns
                )
            except NotReady:
                degraded = True
                continue
            found += [(match, is_published) for match in matches or ()]
        found.sort(key=lambda each: (_TIERS.index(each[0].tier), -each[0].score))
        similar: list[list[Any]] = []
        for match, is_published in found:
            why = messages.whys_as_json(match.why)
            likeness = [match.terms, match.by_meaning, match.shared]
            similar += [[claim, match.tier.value, why, is_published, match.score, *likeness] for claim in match.claims]
            similar += [
                [
                    claim,
                    Tier.RELATED.value,
                    messages.whys_as_json(whys),
                    is_published,
                    score_of_other(match, whys),
                    *likeness,
                ]
                for claim, whys in match.others
            ]
        return {"similar": similar[:limit], "degraded": degraded}

    def _find(self, q: str, limit: int, deadline: float) -> dict[str, Any]:
        """The claims that a search finds. Scores mean nothing across engines, so their hits take turns."""
        hits: list[tuple[int, str]] = []
        degraded = False
        for engine, _is_published in self._engines:
            try:
                searched = engine()
                with self._turns.turn(deadline):
                    found = searched.search(q, limit=limit, filters={})
            except NotReady:
                degraded = True
                continue
            hits += [(rank, hit.claim) for rank, hit in enumerate(found)]
        hits.sort(key=lambda each: each[0])
        return {"found": list(dict.fromkeys(claim for _rank, claim in hits))[:limit], "degraded": degraded}
