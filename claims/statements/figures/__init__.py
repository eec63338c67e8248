"""Find the figures in a text, such as counts, money, percentages and dates, with their value and unit.

    figures("some 758,000 pieces were deleted since June 1")
    -> [Figure("count", 758000, "pieces", …), Figure("date", "06-01", …)]

A figure is read whole or not at all: what can be read in two ways has none, and no piece of it has. Number words and
units are known in English, German, Spanish and French, scales and months in more (claims/statements/languages).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from claims.statements.figures.amounts import WITHOUT_NUMBERS, amount_patterns
from claims.statements.figures.dates import Reader, date_patterns
from claims.statements.figures.figure import Figure, Value, literal
from claims.statements.figures.pieces import is_piece, with_known_marks
from claims.statements.figures.words import figure_words

__all__ = ["Figure", "Value", "figures"]


def figures(text: str, offset: int = 0, language: str = "en") -> list[Figure]:
    """The figures of `text`, in order and without overlaps. `offset` is added to their positions.

    `language` is a BCP 47 tag; a country in it decides what `03/04/2029` and, in Spanish, `1,250` mean.
    """
    if not _any_figure(language).search(text):
        return []
    written, text = text, with_known_marks(text, language)
    results: list[Figure] = []
    covered = bytearray(len(text))
    for pattern, reader in _readers(language):
        for match in pattern.finditer(text):
            figure = reader(match)
            if figure is not None and not any(covered[figure.start : figure.end]):
                results.append(figure)
                covered[figure.start : figure.end] = b"\x01" * (figure.end - figure.start)
    results = sorted(
        (each for each in results if each.kind and not is_piece(each, text, language)), key=lambda each: each.start
    )
    if written != text:
        results = [replace(each, text=written[each.start : each.end]) for each in results]
    return [replace(f, start=f.start + offset, end=f.end + offset) for f in results] if offset else results


@lru_cache(maxsize=32)
def _any_figure(language: str) -> re.Pattern[str]:
    """What some figure begins with or holds; most sentences have nothing of it."""
    words = figure_words(language)
    known = {
        *words.ones,
        *words.tens,
        *words.hundreds,
        *words.scales,
        *words.shares,
        *words.multiples,
        *words.months,
        *words.a,
    }
    if words.code == "en":
        known |= WITHOUT_NUMBERS
        known -= {"a", "an"}
    alternatives = "|".join(sorted(map(re.escape, known), key=len, reverse=True)) or "(?!)"
    return re.compile(rf"[\d½¼¾⅓⅔⅛⅜⅝⅞⅕]|(?:{alternatives})", re.IGNORECASE)


@lru_cache(maxsize=32)
def _readers(language: str) -> list[tuple[re.Pattern[str], Reader]]:
    territory = next(
        (part for part in re.split(r"[-_]", language)[1:] if len(part) == 2 and part.isalpha()), ""
    ).upper()
    patterns: list[tuple[str, Reader]] = [(r"\b24\s?/\s?7\b", literal("rate", "hours a day, days a week"))]
    patterns += date_patterns(figure_words(language), territory)
    patterns += amount_patterns(language)
    return [(re.compile(pattern, re.IGNORECASE), reader) for pattern, reader in patterns]
