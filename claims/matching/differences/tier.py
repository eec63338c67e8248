"""The tier of an answer, from how likely it is right and what differs."""

from __future__ import annotations

from collections.abc import Sequence

from claims.matching.types import TURNING, Tier, Why, turns

__all__ = ["CALIBRATED", "DOUBTFUL", "TURNING", "tier", "turns"]

DOUBTFUL = frozenset({"word", "certainty", "few_words"})
"""Codes of differences that may be nothing but other words for the same."""
CALIBRATED = frozenset({"en"})
"""Languages whose probabilities are calibrated (`bench/train_ranker.py`); in others, hardly any word in common is a
reason to look."""
MATCH_FROM = 0.4
"""Of snopes-tweets, split train: 98 % of the answers from here on are right, and from 0.35 on 97 %."""
POSSIBLE_FROM = 0.04
"""Of the first five answers to 392 texts of snopes-tweets, split train, one right one and 44 wrong ones are between
0.02 and this."""
POSSIBLE_FROM_FOREIGN = 0.1
"""The same across languages, where the encoder finds all texts nearer to each other."""


def tier(
    probability: float,
    whys: Sequence[Why],
    footing: str,
    *,
    match_from: float = MATCH_FROM,
) -> Tier:
    """The tier of one answer.

    `probability` (0 to 1) is the calibrated one that the text makes the claim, `whys` what `differences` found,
    `footing` says how the two are compared: `foreign` when they are in different languages, for which no probability is
    calibrated. Unsure is `possible`, never `match`.
    """
    least = POSSIBLE_FROM_FOREIGN if footing == "foreign" else POSSIBLE_FROM
    if any(map(turns, whys)) or probability < least:
        return Tier.RELATED
    doubtful = any(why.code in TURNING | DOUBTFUL for why in whys)
    if doubtful or footing == "foreign" or probability < match_from:
        return Tier.POSSIBLE
    return Tier.MATCH
