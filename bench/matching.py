"""Measure matching: which published claims a text makes, how sure the answers are, and how long they take.

    python bench/matching.py DIR [--split dev] [--vectors FOLDER] [--foreign TSV] [--robustness 200]
    python bench/matching.py DIR --claims 758000 [--vectors FOLDER] [--keep DATA] [--claims-alone]
    python bench/matching.py DIR --engine 758000 [--vectors FOLDER]

DIR holds `claims.jsonl` ({id, title, text}), `queries.jsonl` ({id, text, split}) and `qrels.tsv` (text, claim, 1). The
engine runs in this process, as the matcher has it. Claims of one normalised text are one answer; `map5` counts each
claim, `map5_merged` each text. `match_precision` and `match_true` are of the tier `match` as shipped: the share of all
such answers that are right, and of the answerable texts that have a right one. `false_match_at_74`: at the score at
which 74 % of the answerable texts have their right answer, the share of all texts that still have an answer of that
score when the right claim and its twins are taken away. `--foreign`: lines `text<TAB>claim text[<TAB>language]`, whose
claims join the index. `--robustness`: so many claims are asked as they are and said otherwise by rule (`perturbed.py`).
`--claims`: so many claims are published, and asked about over HTTP (`matching_http.py`); `--keep` keeps them for the
next run, and `--claims-alone` leaves the set's own questions out. `--engine`: the same of the engine alone, without
database and HTTP (`matching_scale.py`). `--vectors` keeps the vectors for the next run.
"""

import argparse
import json
import signal
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from random import Random
from typing import Any

import matching_http
import matching_scale
import numpy as np
import perturbed
from matching_set import MatchingSet, Recorder, filled_legs, without

from claims.matching.candidates import Found
from claims.matching.engine import Engine
from claims.matching.language import language_of
from claims.matching.leg import Query
from claims.matching.normalization import normalize
from claims.matching.ranking.ranker import TrainedRanker
from claims.matching.types import ClaimEntry, Match, Tier

LIMIT = 10
ANSWERED = 0.74


class Hiding:
    """The shipped ranker, as if some claims were not there."""

    def __init__(self) -> None:
        self.hidden: frozenset[str] = frozenset()
        self._ranker = TrainedRanker()

    def weighs(self, legs: Collection[str]) -> int | None:
        return None

    def probabilities(self, query: Query, found: Sequence[Found]) -> list[float]:
        left = without(found, self.hidden)
        likely = dict(zip((each.entry.id for each in left), self._ranker.probabilities(query, left), strict=True))
        return [likely.get(each.entry.id, 0.0) for each in found]


class Bench:
    def __init__(self, found_in: MatchingSet, folder: Path, more: Sequence[ClaimEntry]) -> None:
        self.set = found_in
        self.entries = [*found_in.claims.values(), *more]
        self.legs = filled_legs(folder, self.entries)
        self.hiding = Hiding()
        self.recorder = Recorder()
        self.engine = Engine(legs=self.legs, ranker=self.hiding)
        self.engine.apply(self.entries, [])
        self.recording = self.engine.with_legs(self.legs, ranker=self.recorder)

    def ask(self, text: str, language: str = "en") -> list[Match]:
        return self.engine.match([text], language, LIMIT)[0]

    def split(self, split: str) -> dict[str, Any]:
        """The figures of one split."""
        asked = [each for each in self.set.queries if not split or each.split == split]
        plain, merged, recall, ranks, of_candidates, milliseconds = [], [], [], [], [], []
        matches: list[bool] = []
        answered, right_scores, left_scores = 0, [], []
        legs: dict[str, list[float]] = defaultdict(list)
        for each in asked:
            right = self.set.twins(each.right)
            texts = {normalize(self.set.claims[claim].text) for claim in each.right}
            began = time.perf_counter()
            answers = self.ask(each.text)
            milliseconds.append(1000 * (time.perf_counter() - began))
            hits = [bool(right & set(answer.claims)) for answer in answers]
            merged.append(average_precision(hits[:5], len(texts)))
            claims = [claim for answer in answers for claim in answer.claims]
            plain.append(average_precision([claim in each.right for claim in claims[:5]], len(each.right)))
            recall.append(sum(hits[:10]) / len(texts))
            ranks.append(next((1 / rank for rank, hit in enumerate(hits[:5], 1) if hit), 0.0))
            of_tier = [hit for hit, answer in zip(hits, answers, strict=True) if answer.tier is Tier.MATCH]
            matches += of_tier
            answered += any(of_tier)
            right_scores.append(
                max((answer.score for hit, answer in zip(hits, answers, strict=True) if hit), default=0.0)
            )
            self.hiding.hidden = right
            left_scores.append(max((answer.score for answer in self.ask(each.text)), default=0.0))
            self.hiding.hidden = frozenset()
            _, found = self.recorder.ask(self.recording, each.text, "en")
            in_found = [other.entry.id in right for other in found]
            of_candidates.append(sum(in_found) / len(texts))
            for leg in self.recording.state()["legs"]:
                order = sorted((other for other in found if leg in other.ranks), key=lambda o: o.ranks[leg])[:5]
                legs[leg].append(average_precision([other.entry.id in right for other in order], len(texts)))
        threshold = sorted(right_scores, reverse=True)[max(0, int(np.ceil(ANSWERED * len(asked))) - 1)]
        return {
            "texts": len(asked),
            "claims": len(self.set.claims),
            "map5": mean(plain),
            "map5_merged": mean(merged),
            "mrr": mean(ranks),
            "recall10": mean(recall),
            "candidates_recall": mean(of_candidates),
            "match_precision": mean(matches),
            "match_true": round(answered / max(1, len(asked)), 4),
            "false_match_at_74": mean([score >= threshold > 0 for score in left_scores]),
            "score_at_74": threshold,
            "p50_ms": round(float(np.percentile(milliseconds, 50)), 1),
            "p95_ms": round(float(np.percentile(milliseconds, 95)), 1),
            "legs_map5_merged": {leg: mean(values) for leg, values in legs.items()},
        }

    def foreign(self, pairs: Sequence[tuple[str, str, str]]) -> dict[str, float]:
        """The mean reciprocal rank among five, by language of the text."""
        by_language: dict[str, list[float]] = defaultdict(list)
        for text, claim, told in pairs:
            language = told or language_of(text) or "unknown"
            answers = self.engine.match([text], told or language_of(text), 5)[0]
            of_text = {normalize(self.texts[each.claims[0]]): rank for rank, each in enumerate(answers, 1)}
            by_language[language].append(1 / of_text.get(normalize(claim), np.inf))
        return {language: mean(values) for language, values in sorted(by_language.items())}

    @property
    def texts(self) -> dict[str, str]:
        return {entry.id: entry.text for entry in self.entries}

    def robustness(self, number: int) -> dict[str, Any]:
        """Claims as they are and said otherwise: the share of MAP@5 that is lost, and of answers of tier match."""
        random = Random(1)
        some = random.sample(list(self.set.claims.values()), number)
        names = perturbed.names_in([each.text for each in self.set.claims.values()])
        ways: dict[str, Callable[[str], str]] = {
            "as_it_is": str,
            "typos": lambda text: perturbed.typos(text, random),
            "paraphrase": lambda text: perturbed.paraphrase(text, random),
            "negation": lambda text: perturbed.negation(text, random),
            "swap": lambda text: perturbed.swap(text, random, names),
        }
        measured: dict[str, Any] = {}
        for way, said in ways.items():
            precisions, matched = [], []
            for claim in some:
                if not (text := said(claim.text)):
                    continue
                right = self.set.twins([claim.id])
                answers = self.ask(text)
                hits = [bool(right & set(answer.claims)) for answer in answers]
                precisions.append(average_precision(hits[:5], 1))
                matched.append(any(hit and a.tier is Tier.MATCH for hit, a in zip(hits, answers, strict=True)))
            measured[way] = {"texts": len(precisions), "map5_merged": mean(precisions), "match": mean(matched)}
        return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--foreign", type=Path)
    parser.add_argument("--robustness", type=int, default=0)
    parser.add_argument("--claims", type=int, default=0)
    parser.add_argument("--engine", type=int, default=0)
    parser.add_argument("--keep", type=Path, metavar="DATA", help="data folder of --claims, filled by the first run")
    parser.add_argument(
        "--seconds", type=float, default=60, help="the most that each kind of question of --claims takes"
    )
    parser.add_argument("--claims-alone", action="store_true")
    parser.add_argument("--embedded", type=int, default=20_000, help="of those, the ones with vectors of their own")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # ends what it started, too
    found_in = MatchingSet.read(options.dir)
    pairs = read_pairs(options.foreign) if options.foreign else []
    more = new_entries(found_in, [claim for _, claim, _ in pairs])
    with tempfile.TemporaryDirectory() as folder:
        vectors = options.vectors or Path(folder) / "vectors"
        measured: dict[str, Any] = {}
        if not options.claims_alone:
            bench = Bench(found_in, vectors, more)
            measured = bench.split(options.split)
            if pairs:
                measured["mrr5"] = bench.foreign(pairs)
            if options.robustness:
                measured["robustness"] = bench.robustness(min(options.robustness, len(found_in.claims)))
            del bench
        asked = [each.text for each in found_in.queries]
        if options.engine:
            measured["engine"] = matching_scale.measure(
                found_in, asked, options.engine, options.embedded, Path(folder), vectors
            )
        if options.claims:
            data = (options.keep or Path(folder) / "data").resolve()
            measured["scale"] = matching_http.measure(
                found_in, asked, options.claims, options.embedded, vectors, data, options.seconds
            )
            measured |= {name: measured["scale"].get(name) for name in ("p50_ms", "p95_ms")}
    show(measured)
    print(json.dumps(measured))


def read_pairs(file: Path) -> list[tuple[str, str, str]]:
    lines = [line.split("\t") for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]
    return [(line[0], line[1], line[2].strip() if len(line) > 2 else "") for line in lines]


def new_entries(found_in: MatchingSet, texts: Sequence[str]) -> list[ClaimEntry]:
    """Claims of a file of pairs that the set does not hold."""
    new = {normalize(text): text for text in texts if normalize(text) not in found_in.same}
    return [ClaimEntry(f"clm_new{n:013d}", 1, text, language_of(text) or "en") for n, text in enumerate(new.values())]


def average_precision(hits: Sequence[bool], right: int) -> float:
    found, total = 0, 0.0
    for place, hit in enumerate(hits, 1):
        if hit:
            found += 1
            total += found / place
    return total / max(1, min(right, len(hits) or 1))


def mean(values: Sequence[float | bool]) -> float:
    return round(float(np.mean(values)), 4) if len(values) else 0.0


def show(measured: dict[str, Any], indent: str = "") -> None:
    for name, value in measured.items():
        if isinstance(value, dict):
            print(f"{indent}{name}")
            show(value, indent + "  ")
        else:
            print(f"{indent}{name:24} {value}")


if __name__ == "__main__":
    main()
