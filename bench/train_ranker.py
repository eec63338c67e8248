"""Train the weights of the ranker on a set of texts and the claims that they make, and print how they do.

    python bench/train_ranker.py DIR [--split train] [--vectors FOLDER] [--write]

DIR holds `claims.jsonl`, `queries.jsonl` and `qrels.tsv` (docs/benchmarks.md). Trained on, of the split: each text with
all claims, each text with its right claims taken away, and the titles of the right claims' articles as short texts,
their own claims then without titles. A logistic regression for each footing of `claims/matching/ranking/ranker.py`,
with a ridge; weights of the wrong sign are left out one after the other. No text of another split is looked at.
`--vectors` keeps the vectors for the next run; `--write` replaces `claims/matching/ranking/weights.json`.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from matching_set import MatchingSet, Recorder, filled_legs, without

from claims.matching.candidates import Found
from claims.matching.engine import Engine
from claims.matching.leg import Query
from claims.matching.ranking.features import NAMES, features
from claims.matching.ranking.ranker import WEIGHTS_FILE, nearest

RIDGE = 3.0
TITLES = 600
COLUMNS = {
    "english": NAMES,
    "english_alone": [name for name in NAMES if not name.startswith("multilingual")],
    "multilingual": [name for name in NAMES if not name.startswith("english")],
    "foreign": ["multilingual", "multilingual_below", "multilingual_rank", "numbers_covered", "numbers_missing"],
}
EITHER_SIGN = {"claim_length", "text_length"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--split", default="train")
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--titles", type=int, default=TITLES)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        groups = gather(MatchingSet.read(options.dir), options.split, options.vectors or Path(folder), options.titles)
    rows, labels = np.concatenate([rows for rows, _ in groups]), np.concatenate([right for _, right in groups])
    print(f"{len(groups):,} lists of {len(rows):,} claims, {int(labels.sum()):,} of them right")
    stored, first = {}, {}
    for name, columns in COLUMNS.items():
        stored[name] = train(rows, labels, columns)
        scores = [within(each, stored[name]) for each, _ in groups]
        answerable = [(score, right) for score, (_, right) in zip(scores, groups, strict=True) if right.any()]
        first[name] = round(float(np.mean([right[score.argmax()] for score, right in answerable])), 4)
        print(f"{name:16} right first {first[name]:.3f}   {json.dumps(stored[name])}")
    if options.write:
        WEIGHTS_FILE.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({"lists": len(groups), "right_first": first}))


def gather(found_in: MatchingSet, split: str, folder: Path, titles: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Of each list of claims, the features and which are right."""
    recorder = Recorder()
    legs = filled_legs(folder, list(found_in.claims.values()))
    engine = Engine(legs=legs, ranker=recorder)
    engine.apply(list(found_in.claims.values()), [])
    groups = []

    def add(query: Query, found: Sequence[Found], right: frozenset[str]) -> None:
        some = [found[position] for position in nearest(query, found)]
        groups.append((features(query, some), np.array([each.entry.id in right for each in some], float)))

    asked = [each for each in found_in.queries if each.split == split]
    for each in asked:
        right = found_in.twins(each.right)
        query, found = recorder.ask(engine, each.text, "en")
        add(query, found, right)
        add(query, without(found, right), right)
    right_ones = sorted({claim for each in asked for claim in each.right if found_in.claims[claim].titles})
    for claim in random.Random(1).sample(right_ones, min(titles, len(right_ones))):
        right = found_in.twins([claim])
        query, found = recorder.ask(engine, found_in.claims[claim].titles[0], "en")
        untitled = [replace(each, titles=()) if each.entry.id in right else each for each in found]
        add(query, untitled, right)
        add(query, without(untitled, right), right)
    return groups


def train(rows: np.ndarray, labels: np.ndarray, columns: Sequence[str]) -> dict:
    """The bias and the weights, those of the wrong sign left out."""
    kept = list(columns)
    while True:
        at = [NAMES.index(name) for name in kept]
        centre, spread = rows[:, at].mean(axis=0), rows[:, at].std(axis=0) + 1e-9
        found = logistic((rows[:, at] - centre) / spread, labels)
        wrong = [
            (abs(weight), name)
            for name, weight in zip(kept, found, strict=False)
            if name not in EITHER_SIGN and weight * (-1 if name.endswith(("_below", "_missing")) else 1) < 0
        ]
        if not wrong:
            weights = found[:-1] / spread
            bias = float(found[-1] - weights @ centre)
            return {
                "bias": round(bias, 4),
                "weights": {name: round(float(each), 4) for name, each in zip(kept, weights, strict=True)},
            }
        kept.remove(max(wrong)[1])


def logistic(rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The weights of a logistic regression with a ridge, the bias last: Newton's method."""
    rows = np.hstack([rows, np.ones((len(rows), 1))])
    ridge = np.eye(rows.shape[1]) * RIDGE
    ridge[-1, -1] = 0
    weights = np.zeros(rows.shape[1])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        step = np.linalg.solve(
            (rows * (likely * (1 - likely))[:, None]).T @ rows + ridge, rows.T @ (likely - labels) + ridge @ weights
        )
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def within(rows: np.ndarray, stored: dict) -> np.ndarray:
    return rows @ np.array([stored["weights"].get(name, 0.0) for name in NAMES]) + stored["bias"]


if __name__ == "__main__":
    main()
