"""Read numbers as a language writes them: digits, words and scales (`4.5 million`, `1,34,000`, `2,4 Mio.`, `2½`).

A number is taken whole or not at all: where the marks in a run of digits do not fit the language, it has no value, and
no piece of it has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from claims.statements.figures.words import FigureWords, figure_words

Number = int | float

_MAX_LENGTH = 60  # characters; nobody checks a longer number
_SPACES = " \u00a0\u202f\u2009"
_FRACTIONS = {
    "½": 0.5,
    "¼": 0.25,
    "¾": 0.75,
    "⅓": 1 / 3,
    "⅔": 2 / 3,
    "⅛": 0.125,
    "⅜": 0.375,
    "⅝": 0.625,
    "⅞": 0.875,
    "⅕": 0.2,
}
_WHOLE = 1e-6
UNSPACED = frozenset({"zh", "ja"})
"""Languages without spaces between words."""
BEFORE = r"(?<![\w.,/’'])(?<![A-Za-z][-‑])"
"""What may not stand before the digits of a number: the rest of a longer one, of a word or of a date."""
UNSPACED_BEFORE = r"(?<![A-Za-z0-9_.,/’'])(?<![A-Za-z][-‑])"


@dataclass(frozen=True)
class Numbers:
    """The patterns of one language's numbers, without capturing groups, to be compiled with IGNORECASE."""

    words: FigureWords
    digits: str
    spelt: str
    scale: str
    number: str
    """Digits or words with their scales."""


@lru_cache(maxsize=64)
def numbers_of(language: str) -> Numbers:
    """The number patterns of a language by its BCP 47 tag."""
    words = figure_words(language)
    decimal, group = re.escape(words.decimal), re.escape(words.groups)
    other = "," if words.decimal == "." else "."
    shapes = [
        rf"\d{{1,3}}(?:{group}\d{{3}})+(?:{decimal}\d+)?",
        rf"\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?!\d)(?:{decimal}\d+)?",
        r"\d{1,3}(?:['’]\d{3})+(?!\d)(?:[.,]\d{1,2})?",
        r"\d{1,3}(?:\.\d{3}){2,}",
        r"\d{1,3}(?:,\d{3}){2,}",
        rf"\d+{re.escape(other)}\d{{1,2}}(?!\d)" if words.decimal == "," else r"(?!)",
        rf"\d+(?:{decimal}\d+)?",
    ]
    if words.groups == ",":
        shapes.insert(0, r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
    fractions = "".join(_FRACTIONS)
    digits = (
        # not the 19 of COVID-19, the 5 of 5G or a piece of a longer number, date or version
        rf"{UNSPACED_BEFORE if words.code in UNSPACED else BEFORE}"
        rf"(?:(?:{'|'.join(shapes)})[{fractions}]?|[{fractions}])"
        r"(?!\d|[.,'’/]\d|(?-i:[A-JLN-Z]\b))"
    )
    ones = "|".join(sorted(map(re.escape, words.ones), key=len, reverse=True)) or "(?!)"
    tens = "|".join(sorted(map(re.escape, words.tens), key=len, reverse=True)) or "(?!)"
    spelt = rf"\b(?:{tens}|{ones})(?:[-\s](?:{ones}))?\b"
    long = "|".join(sorted(map(re.escape, words.scales), key=len, reverse=True)) or "(?!)"
    short = "|".join(sorted(map(re.escape, words.short_scales), key=len, reverse=True)) or "(?!)"
    unspaced = words.code in UNSPACED
    spaced, end = (r"\s?", "") if unspaced else (r"[\s-]?", r"(?!\w)")
    scale = rf"(?:{spaced}(?:{long}){words.plural}{'?' if words.plural else ''}{end}|\s?(?-i:{short})(?!\w|[’']))"
    a = "|".join([*words.half_a, *words.a]) or "(?!)"
    number = rf"(?:(?:{digits}|{spelt}|\b(?:{a})(?=\s(?:{long})\b)){scale}{{0,3}})"
    return Numbers(words, digits, spelt, scale, number)


def number(text: str, language: str = "en") -> Number | None:
    """The number that `text` spells in a language; None if it spells none, or has no certain value."""
    rest = text.strip().lower()
    if len(rest) > _MAX_LENGTH:
        return None
    words = figure_words(language)
    scale: Number = 1
    while found := _scale_behind(rest, words):
        length, factor = found
        head = rest[:-length].strip(" -")
        if not head and factor not in {12, 100, 1_000}:
            break
        scale *= factor
        rest = head
    base = _base(rest, words)
    if base is None:
        return None
    value = base * scale
    whole = isinstance(value, float) and scale > 1 and abs(value - round(value)) < _WHOLE * abs(value)
    return round(value) if whole else value


def _scale_behind(rest: str, words: FigureWords) -> tuple[int, int] | None:
    """The length and value of the scale word at the end of a number."""
    short = {name.lower(): value for name, value in words.short_scales.items()}
    for name, value in sorted({**short, **words.scales}.items(), key=lambda item: -len(item[0])):
        for ending in (name, name + words.plural):
            if rest.endswith(ending):
                before = rest[: -len(ending)]
                if not before or not before[-1].isalpha() or words.code in UNSPACED:
                    return len(ending), value
    return None


def _base(rest: str, words: FigureWords) -> Number | None:
    if rest in {"", *words.a}:
        return 1
    if rest in words.half_a:
        return 0.5
    if rest[-1] in _FRACTIONS:
        whole = _digits(rest[:-1].strip(), words) if rest[:-1].strip() else 0
        return None if whole is None else whole + _FRACTIONS[rest[-1]]
    if rest[0].isdigit():
        return _digits(rest, words)
    if rest in words.ones or rest in words.tens:
        return {**words.ones, **words.tens}[rest]
    parts = re.split(r"[-\s]", rest)
    if not all(part in words.ones or part in words.tens for part in parts):
        return None
    return sum(words.ones.get(part, 0) + words.tens.get(part, 0) for part in parts)


def _digits(text: str, words: FigureWords) -> Number | None:
    """The value of digits with the language's marks; a foreign mark is taken where it can mean one thing only."""
    own, group = words.decimal, words.groups
    plain = re.sub(rf"[{_SPACES}'’]", "", text)
    indian = group == "," and re.fullmatch(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?", plain)
    if re.fullmatch(r"\d{1,3}(?:(?:\.\d{3}){2,}|(?:,\d{3}){2,})", plain):
        plain = re.sub(r"\D", "", plain)
    elif indian or re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(own)}\d+)?", plain):
        plain = plain.replace(group, "")
    elif own == "," and re.fullmatch(r"\d+\.\d{1,2}", plain):
        plain = plain.replace(".", ",")
    elif words.ambiguous and re.fullmatch(r"\d{1,3},\d{3}", plain):
        return None
    plain = plain.replace(own, ".")
    if not re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return None
    return float(plain) if "." in plain else int(plain)


def spells_scale(text: str, language: str = "en") -> bool:
    """Whether a number is written with a scale word."""
    words = figure_words(language)
    return any(part.rstrip("s") in words.scales or part in words.scales for part in re.split(r"[\s-]", text.lower()))


def range_of(low: str, high: str | None, language: str = "en") -> Number | list[Number] | None:
    """The number, or the two ends of a range; "3 to 5 million" scales both."""
    first = number(low, language)
    second = number(high, language) if high else None
    if high is None or first is None or second is None:
        return first
    words = figure_words(language)
    scaled = _scale_behind(high.strip().lower(), words)
    if scaled and not _scale_behind(low.strip().lower(), words) and first * scaled[1] <= second:
        first = first * scaled[1]
    return [first, second]
