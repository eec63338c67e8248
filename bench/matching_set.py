"""Read a set of claims, texts and right answers, and ask an engine in this process about it."""

import json
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from claims.matching.candidates import Found  # noqa: E402
from claims.matching.engine import Engine  # noqa: E402
from claims.matching.leg import Query  # noqa: E402
from claims.matching.normalization import normalize  # noqa: E402
from claims.matching.types import ClaimEntry  # noqa: E402
from claims.matching.vectors.fill import fill_folder  # noqa: E402
from claims.matching.vectors.folder import open_legs  # noqa: E402
from claims.matching.vectors.leg import VectorLeg  # noqa: E402


@dataclass(frozen=True)
class Asked:
    """A text, its split, and the ids of the claims that answer it."""

    id: str
    text: str
    split: str
    right: frozenset[str]


@dataclass(frozen=True)
class MatchingSet:
    """`claims.jsonl`, `queries.jsonl` and `qrels.tsv` of a folder; `same` has the ids of each normalised text."""

    claims: Mapping[str, ClaimEntry]
    queries: Sequence[Asked]
    same: Mapping[str, frozenset[str]]

    @classmethod
    def read(cls, folder: Path) -> "MatchingSet":
        claims = {}
        for row in rows(folder / "claims.jsonl"):
            titles = (row["title"],) if row.get("title") else ()
            claims[row["id"]] = ClaimEntry(row["id"], 1, row["text"], row.get("language") or "en", titles)
        right: dict[str, set[str]] = {}
        for line in (folder / "qrels.tsv").read_text(encoding="utf-8").split("\n"):
            if line.strip():
                query, claim, *_ = line.split()
                right.setdefault(query, set()).add(claim)
        queries = [
            Asked(row["id"], row["text"], row.get("split", ""), frozenset(right.get(row["id"], ())))
            for row in rows(folder / "queries.jsonl")
        ]
        same: dict[str, set[str]] = {}
        for claim in claims.values():
            same.setdefault(normalize(claim.text), set()).add(claim.id)
        return cls(claims, queries, {text: frozenset(ids) for text, ids in same.items()})

    def twins(self, ids: Iterable[str]) -> frozenset[str]:
        """All claims of the same normalised texts as these."""
        return frozenset(twin for each in ids for twin in self.same[normalize(self.claims[each].text)])


class Recorder:
    """A ranker that keeps what the engine found for the whole text that was asked last."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self.query: Query | None = None

    def weighs(self, legs: Collection[str]) -> int | None:
        return None

    def probabilities(self, query: Query, found: Sequence[Found]) -> list[float]:
        if self.query is None:
            self.query, self.found = query, list(found)
        return [0.0] * len(found)

    def ask(self, engine: Engine, text: str, language: str) -> tuple[Query, list[Found]]:
        self.query = None
        engine.match([text], language, 1)
        return self.query or Query(text, language), self.found


def rows(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]


def filled_legs(folder: Path, claims: Sequence[ClaimEntry], say: Callable[[str], None] = print) -> list[VectorLeg]:
    """The legs by meaning over a folder, filled with what it lacks of these claims."""
    came = fill_folder(folder, lambda: (claim.text for claim in claims))
    say(f"{came:,} vectors computed")
    return open_legs(folder)


def without(found: Sequence[Found], removed: frozenset[str]) -> list[Found]:
    """What would have been found if these claims were not there."""
    gone = [each for each in found if each.entry.id in removed]
    return [
        replace(
            each,
            ranks={
                leg: rank - sum(other.ranks.get(leg, rank) < rank for other in gone) for leg, rank in each.ranks.items()
            },
        )
        for each in found
        if each.entry.id not in removed
    ]
