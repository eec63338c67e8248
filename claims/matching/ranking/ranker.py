"""Weigh the features of each claim found: the probability that the text makes it, by a logistic regression.

Which weights count depends on what the two can be compared by, the *footing*. An encoder of English says nothing of
other languages, and weights that were trained on shared words would put every claim of another language last.

    english         both are in English
    english_alone   the same, where the encoder of many languages does not run
    multilingual    both are in one language that is not English, or one language is unknown and they share words
    foreign         different scripts, or languages and few words in common: the encoder of many languages alone, and
                    numbers

`weights.json` is data: `bench/train_ranker.py` writes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from claims.matching.candidates import Found, nearness
from claims.matching.leg import Query
from claims.matching.normalization import normalize
from claims.matching.ranking.features import ENGLISH, MULTILINGUAL, NAMES, Features, features
from claims.matching.ranking_by_words import WordsRanker
from claims.matching.words.analysis import primary

WEIGHTS_FILE = Path(__file__).with_name("weights.json")
_WEIGHED = 60  # claims of a text whose features are computed; of 100 the right one is hardly ever further down
_SAME_TEXT = 0.99
_UNLIKELY = 0.001  # the most that a claim beyond those has
_MOST_WORDS = 0.65
"""Share of a claim's words in a text from which on both are in one language, also where short words tell otherwise."""
_SOME_WORDS = 0.25  # share of the claim's words without which two texts of unknown language are foreign
_LATIN = re.compile("[a-zA-Z\u00c0-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")
_MOST_READ = 500  # characters, to tell the script


class Weights(NamedTuple):
    """The weights of one footing, by column of `NAMES`; columns that it leaves out weigh nothing."""

    bias: float
    columns: NDArray[np.float64]

    def probabilities(self, rows: Features) -> NDArray[np.float64]:
        """The probability of each row."""
        scores = rows @ self.columns + self.bias
        probabilities: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
        return probabilities


class TrainedRanker:
    """Orders what words and meaning found. Without any leg by meaning, words alone order it, as `WordsRanker` does."""

    def weighs(self, legs: Collection[str]) -> int | None:
        """See `Ranker`."""
        return _WEIGHED if {ENGLISH, MULTILINGUAL}.intersection(legs) else None

    def probabilities(self, query: Query, found: Sequence[Found]) -> list[float]:
        """The calibrated probability, 0 to 1, that the text makes each claim, in the order of `found`."""
        legs = {leg for each in found for leg in each.scores}
        if not legs & {ENGLISH, MULTILINGUAL}:
            return WordsRanker().probabilities(query, found)
        is_same = _same(query, found)
        order = _order(found, is_same)
        weighed = [found[position] for position in order]
        rows = features(query, weighed)
        latin = _is_latin(query.text)
        footings = [footing(query, each, row, legs, latin=latin) for each, row in zip(weighed, rows, strict=True)]
        by_footing = {name: weights()[name].probabilities(rows) for name in set(footings)}
        result = [_UNLIKELY / (1 + position) for position in range(len(found))]
        for place, (position, name) in enumerate(zip(order, footings, strict=True)):
            result[position] = _SAME_TEXT if is_same[position] else float(by_footing[name][place])
        return result


def nearest(query: Query, found: Sequence[Found]) -> list[int]:
    """The positions of the claims whose features are computed: the very text, then those high up in several legs."""
    return _order(found, _same(query, found))


def _order(found: Sequence[Found], is_same: Sequence[bool]) -> list[int]:
    return sorted(range(len(found)), key=lambda position: (not is_same[position], -nearness(found[position].ranks)))[
        :_WEIGHED
    ]


def footing(
    query: Query,
    found: Found,
    row: NDArray[np.float64],
    legs: Mapping[str, object] | set[str],
    *,
    latin: bool | None = None,
) -> str:
    """What the text and a claim can be compared by; `row` are its features, `legs` those that ran.

    `latin`: whether the text is written in Latin letters, if that is known.
    """
    latin = _is_latin(query.text) if latin is None else latin
    language, other = primary(query.language), primary(found.entry.language)
    shared = row[NAMES.index("counted")]
    if latin != _is_latin_claim(found.entry.text):
        is_foreign = True
    elif language and other:
        is_foreign = language != other and shared < _MOST_WORDS
    else:
        is_foreign = shared < _SOME_WORDS
    if is_foreign:
        return "foreign" if MULTILINGUAL in legs else "english_alone"
    if ENGLISH in legs and (language == other == "en" or MULTILINGUAL not in legs):
        return "english" if MULTILINGUAL in legs else "english_alone"
    return "multilingual"


@cache
def weights() -> Mapping[str, Weights]:
    """The weights of each footing."""
    stored = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return {
        name: Weights(each["bias"], np.array([each["weights"].get(column, 0.0) for column in NAMES]))
        for name, each in stored.items()
    }


def _same(query: Query, found: Sequence[Found]) -> list[bool]:
    """Of each claim, whether it has the very text."""
    wanted = normalize(query.text)
    return [normalize(each.entry.text) == wanted for each in found]


@lru_cache(maxsize=4_096)  # of claims alone: no text that is asked is kept
def _is_latin_claim(text: str) -> bool:
    return _is_latin(text)


def _is_latin(text: str) -> bool:
    text = text[:_MOST_READ]
    return 2 * len(_LATIN.findall(text)) >= len(_LETTER.findall(text))
