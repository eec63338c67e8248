"""Tell a figure that was cut out of a longer one, whatever language the longer one is written in.

A text may use the words of another language than its own (`Rs 4.5 lakh crore` in French), and the language of a short
one is often not known. So what stands directly beside a figure is looked at with the words of all languages: the scale
of a larger number behind it, or a month or another figure's unit joined to it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale

from claims.statements.figures.figure import Figure
from claims.statements.figures.words import figure_words
from claims.statements.languages import UNDETERMINED, known, primary
from claims.statements.languages.calendar_names import month_names

_SHORT = 4  # letters; `mil`, `cent` and `sto` are ordinary words of other languages
_NUMBERS = frozenset({"count", "money", "percent", "measure", "ratio", "multiple", "rate", "rank"})
_LOOK = 40  # characters
_ARABIC_MARK = re.compile(r"(?<=\d)[٫٬](?=\d)")


def with_known_marks(text: str, language: str) -> str:
    """The text with the decimal and grouping marks of Arabic digits as its language writes them; no place moves."""
    if "٫" not in text and "٬" not in text:
        return text
    words = figure_words(language)
    return _ARABIC_MARK.sub(lambda found: words.decimal if found.group() == "٫" else words.groups, text)


def is_piece(figure: Figure, text: str, language: str) -> bool:
    """Whether the figure goes on in `text`: its value is then not what is written."""
    if figure.kind not in _NUMBERS:
        return False
    if figure.kind == "count" and _scale().match(figure.counts):
        return True  # `2,5 millones` counts no `millones`
    if not figure.text[-1:].isdigit():
        return False
    behind = text[figure.end : figure.end + _LOOK]
    if figure.kind == "money" and behind[:1].isalpha() and behind[:1].isascii():
        return True  # `CHF 3m` where the language has no such sign
    if _scale().match(behind):
        return True
    if primary(language) != UNDETERMINED or figure.kind != "count":
        return False
    return bool(_month().match(behind) or _month_before().search(text[max(0, figure.start - _LOOK) : figure.start]))


@lru_cache(maxsize=1)
def _scale() -> re.Pattern[str]:
    """A scale word of any language, directly behind a number."""
    words = {word for code in known() for word in figure_words(code).scales}
    names = {word for word in words if len(word) >= _SHORT or not word.isascii()} - {"cents", "cento"}
    spaced, unspaced = _parted(names)
    return re.compile(rf"[\s-]?(?:(?:{spaced})(?:s|es)?(?!\w)|(?:{unspaced}))", re.IGNORECASE)


def _parted(names: set[str]) -> tuple[str, str]:
    """Alternatives of words that others follow with a space, and of those of languages without spaces."""
    of_unspaced = {name for name in names if re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", name)}
    joined = [
        "|".join(sorted(map(re.escape, each), key=len, reverse=True)) or "(?!)"
        for each in (names - of_unspaced, of_unspaced)
    ]
    return joined[0], joined[1]


@lru_cache(maxsize=1)
def _months() -> str:
    names = {name.lower().rstrip(".") for code in known() for name, _ in month_names(Locale.parse(code))}
    plain = {name for name in names if name.isalpha() and len(name) > 2}
    return "|".join(sorted(map(re.escape, plain), key=len, reverse=True))


@lru_cache(maxsize=1)
def _month() -> re.Pattern[str]:
    return re.compile(rf"\.?\s(?:de\s)?(?:{_months()})\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _month_before() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_months()})\.?\s(?:de\s)?$", re.IGNORECASE)
