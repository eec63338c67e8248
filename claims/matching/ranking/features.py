"""Describe how a text and each claim found for it agree: a row of numbers a claim, which the ranker weighs.

A word is weighed by how few of the claims found hold it, not by how few of the corpus do, so that 300 claims and a
million give like numbers. `NAMES` tells what each column holds; those of a leg that did not run are 0.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from claims.matching.candidates import Found
from claims.matching.differences.vocabulary import vocabulary
from claims.matching.leg import Query
from claims.matching.words.analysis import primary, stems, words

Features = NDArray[np.float64]
"""A row for each claim found, a column for each of `NAMES`."""

ENGLISH, MULTILINGUAL, WORDS = "minilm-l6-v2-int8", "e5-small-q4", "words"  # names of legs
NAMES = (
    # of each leg: its cosine, how far below the best (of words as a share of it), 1 / (1 + rank)
    *("english", "english_below", "english_rank"),
    *("multilingual", "multilingual_below", "multilingual_rank"),
    *("words_below", "words_rank"),
    "title_covered",  # the weighed share of a title's words that the text has; of the claim's if it has no title
    "pairs_covered",  # of the claim's pairs of neighbouring words
    "counted",  # of the claim's words, each weighed alike
    *("rarest_shared", "rarest_missing"),  # weights of the rarest word of the claim that the text has, and has not
    "letters_covered",  # of the claim's runs of four letters: typos, other endings
    *("numbers_covered", "numbers_missing"),  # how many of the claim's numbers the text has, and has not
    "names_missing",  # how many of its words with a capital
    *("claim_length", "text_length"),  # logarithms of the number of words
)
_AT = {name: column for column, name in enumerate(NAMES)}
_PRIOR = 50  # claims that are taken to be there besides those found, so that words have weights among three, too
_LIKELY = {1: 0.5, 2: 0.4, 3: 0.2, 4: 0.05}  # of them, the share that has a word of so many letters
_UNLIKELY = 0.02  # and a longer one, or one in another script
_FUNCTION_WORD = 0.5
_FOREIGN_COSINE = 0.015  # added to cosines across languages, which are lower than those of equal sense in one
_NEAREST_OTHER = {ENGLISH: 0.40, MULTILINGUAL: 0.83, WORDS: 0.35}
"""What the nearest claim that says something else has at least, however few are there to be compared: of 19 texts of 20
the second best of 10,000 claims has more (snopes-tweets, split train). Else the only claim would stand far above none.
"""
_LETTERS = 4
_MOST_LETTERS = 2_000  # of a text whose runs of letters are compared
_MOST_COUNTED = 3
_MOST_TITLES = 3
_NAME = re.compile(r"(?<=[^\W\d_] |[,;)] )[^\W\d_a-zß-öø-ÿ]\w+")  # a capital after a word of the same sentence


def features(query: Query, found: Sequence[Found]) -> Features:
    """The rows of the claims found for a text, in their order."""
    # read as the claim is: short words tell the language of a short text badly, and stems of two languages differ
    spoken = [each.entry.language or query.language for each in found]
    texts = {language: _Text(query.text, language) for language in set(spoken)}
    claims = [_claim(each.entry.text, each.entry.language or query.language) for each in found]
    titles = [
        [_title(title, each.entry.language or query.language) for title in each.titles[:_MOST_TITLES]] for each in found
    ]
    held = [claim.stems.union(*its) for claim, its in zip(claims, titles, strict=True)]
    weights = _Weights(held, _function_words(primary(query.language)))
    rows = np.zeros((len(found), len(NAMES)))
    _legs(rows, found, primary(query.language))
    for row, each, claim, its_titles, language in zip(rows, found, claims, titles, spoken, strict=True):
        text = texts[language]
        values = _compared(text, claim, weights)
        values["title_covered"] = max(weights.share(title, text.all) for title in its_titles or [claim.stems])
        numbers = [word for word in claim.words if word[0].isdigit()]
        values["numbers_covered"], values["numbers_missing"] = _counted(numbers, text)
        values["names_missing"] = _counted(_names(each.entry.text), text)[1]
        for name, value in values.items():
            row[_AT[name]] = value
    return rows


class _Text:
    """A text as it is compared."""

    def __init__(self, text: str, language: str) -> None:
        self.words = words(text)
        in_order = stems(self.words, language)
        self.stems = frozenset(in_order)
        self.all = self.stems.union(self.words)
        self.pairs = frozenset(itertools.pairwise(in_order))
        joined = " ".join(self.words)[:_MOST_LETTERS]
        self.letters = frozenset(joined[start : start + _LETTERS] for start in range(len(joined) - _LETTERS + 1))


@lru_cache(maxsize=1_024)  # the parts of a text find many of the same claims; each takes some 10 KB
def _claim(text: str, language: str) -> _Text:
    return _Text(text, language)


@lru_cache(maxsize=1_024)
def _title(title: str, language: str) -> frozenset[str]:
    return frozenset(stems(words(title), language))


@lru_cache(maxsize=1_024)
def _names(claim: str) -> tuple[str, ...]:
    return tuple(word for name in _NAME.findall(claim) for word in words(name))


class _Weights:
    """What each word counts: the less, the more of the claims found hold it."""

    def __init__(self, held: Collection[Collection[str]], function_words: frozenset[str]) -> None:
        self._function_words = function_words
        self._holding = Counter(stem for each in held for stem in each)
        self._total = len(held) + _PRIOR
        self._known: dict[str, float] = {}
        self.most = math.log(self._total)

    def of(self, stem: str) -> float:
        weight = self._known.get(stem)
        if weight is None:
            likely = _LIKELY.get(len(stem), _UNLIKELY) if stem.isascii() and stem.isalpha() else _UNLIKELY
            likely = _FUNCTION_WORD if stem in self._function_words else likely
            holding = min(self._total, self._holding[stem] + _PRIOR * likely)
            weight = self._known[stem] = math.log(self._total / holding)
        return weight

    def share(self, part: Iterable[str], of: frozenset[str]) -> float:
        """The weight of the stems that are in `of`, by that of all."""
        whole = shared = 0.0
        for stem in part:
            weight = self.of(stem)
            whole += weight
            if stem in of:
                shared += weight
        return shared / whole if whole else 0.0


@cache
def _function_words(language: str) -> frozenset[str]:
    """Words that say nothing of the subject, where the length of a word does not tell it as it does in English."""
    known = vocabulary(language)
    if language == "en" or known.language != language:
        return frozenset()
    plain = [word for each in known.function_words for word in words(each)]
    return frozenset((*plain, *stems(plain, language)))


def _legs(rows: Features, found: Sequence[Found], language: str) -> None:
    spoken = [primary(each.entry.language) for each in found]
    foreign = np.array([bool(language and other) and language != other for other in spoken])
    for leg, name in ((ENGLISH, "english"), (MULTILINGUAL, "multilingual"), (WORDS, "words")):
        scores = np.array([each.scores.get(leg, np.nan) for each in found], float)
        if not len(scores) or np.isnan(scores).all():
            continue
        if leg == MULTILINGUAL:
            scores = scores + _FOREIGN_COSINE * foreign
        best = np.nanmax(scores)
        # a claim that the leg cannot tell about is taken for the worst that it found; words found nothing of it
        scores = np.where(np.isnan(scores), 0 if leg == WORDS else np.nanmin(scores), scores)
        if leg == WORDS:
            scores, best = scores / max(best, 1e-9), 1.0
        second = np.partition(scores, -2)[-2] if len(scores) > 1 else -np.inf
        if name in _AT:
            rows[:, _AT[name]] = scores
        # of the best itself, how far above the next
        nearest = np.maximum(np.where(scores == best, second, best), _NEAREST_OTHER[leg])
        rows[:, _AT[f"{name}_below"]] = nearest - scores
        rows[:, _AT[f"{name}_rank"]] = [1 / (1 + each.ranks[leg]) if leg in each.ranks else 0 for each in found]


def _compared(text: _Text, claim: _Text, weights: _Weights) -> dict[str, float]:
    shared, missing = claim.stems & text.all, claim.stems - text.all
    return {
        "pairs_covered": _ratio(len(claim.pairs & text.pairs), len(claim.pairs)),
        "counted": _ratio(len(shared), len(claim.stems)),
        "rarest_shared": max(map(weights.of, shared), default=0.0) / weights.most,
        "rarest_missing": max(map(weights.of, missing), default=0.0) / weights.most,
        "letters_covered": _ratio(len(claim.letters & text.letters), len(claim.letters)),
        "claim_length": math.log1p(len(claim.words)) / 5,
        "text_length": math.log1p(len(text.words)) / 5,
    }


def _counted(of_claim: Iterable[str], text: _Text) -> tuple[float, float]:
    """How many of these words the text has and has not, as shares of the most that count."""
    distinct = dict.fromkeys(of_claim)
    there = sum(word in text.all for word in distinct)
    return min(there, _MOST_COUNTED) / _MOST_COUNTED, min(len(distinct) - there, _MOST_COUNTED) / _MOST_COUNTED


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
