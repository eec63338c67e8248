"""The grade of an alteration: how much of what a sentence says has changed.

Pure: no network, no database.
"""

import re
from collections import Counter
from enum import StrEnum

from sources.quotes.normalization import normal
from sources.quotes.word_diff import changed_kinds, numbers
from sources.quotes.words.modality import modals, speakers
from sources.quotes.words.quantities import quantities


class Grade(StrEnum):
    """How much an alteration changes, the worst first."""

    SUBSTANCE = "substance"
    """Another number, negation, name, date, unit, modality or speaker."""
    WORDING = "wording"
    """Other words, with nothing of the above."""
    COSMETIC = "cosmetic"
    """Case, punctuation, typography or note marks. Recorded and shown; raises nothing."""


def grade(before: str, after: str) -> Grade:
    """Grade an alteration by the words before and after it."""
    was, now = (" ".join(_NOTE.sub("", normal(words)).split()) for words in (before, after))
    # Capitals write ß as SS; elsewhere that is another spelling.
    fold = str.casefold if was.isupper() or now.isupper() else str.lower
    if fold(_letters(was)) == fold(_letters(now)) and _marks(was) == _marks(now) and _values(was) == _values(now):
        return Grade.COSMETIC
    if changed_kinds(before, after):
        return Grade.SUBSTANCE
    same = all(count(was) == count(now) for count in (quantities, modals, speakers))
    return Grade.WORDING if same else Grade.SUBSTANCE


_NOTE = re.compile(
    r"\[\s*(?:\d{1,3}|[a-z])\s*\](?!\w)|[\[(]\s*[*†‡§#]+\s*[\])]|(?<!\bm)(?<!\b[cdkm]m)[¹²³⁰-⁹]+(?=[\s.,;:]|$)|[*†‡§]+",
    re.IGNORECASE,
)


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w+", text))


def _marks(text: str) -> tuple[object, ...]:
    """Marks that are no mere typography: a question, words given as somebody's, units and signs."""
    return (*(mark in text for mark in '?"%$€£¥°+<>=&@'), _MINUS.findall(text))


_MINUS = re.compile(r"(?<![\w.,])-(?=\d)")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:([ '])\d{3}(?:\1\d{3})*|([.,])\d{3}(?:\2\d{3})+)(?!\d)")


def _values(text: str) -> Counter[str]:
    """The numbers without the marks between thousands: `1,234,567` is `1 234 567`, but `1,234` may be a fraction."""
    return numbers(_GROUPED.sub(lambda found: re.sub(r"\D", "", found[0]), text))
