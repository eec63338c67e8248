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
    long = "|".join(sorted(map(re.escape, words.scales), key=len, reverse=True)) or "(?!)"
    if words.groups == ",":
        shapes.insert(0, r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
        shapes.insert(0, rf"\d{{1,3}},\d{{1,2}}(?=[\s-]?(?:{long})(?!\w))")  # `1,5 million`: no groups of one digit
    fractions = "".join(_FRACTIONS)
    digits = (
        # not the 19 of COVID-19, the 5 of 5G or a piece of a longer number, date or version
        rf"{UNSPACED_BEFORE if words.code in UNSPACED else BEFORE}"
        rf"(?:(?:{'|'.join(shapes)})[{fractions}]?|[{fractions}])"
        r"(?!\d|[.,'’/]\d|(?-i:[A-JLN-Z]\b))"
    )
    ones = "|".join(sorted(map(re.escape, words.ones), key=len, reverse=True)) or "(?!)"
    tens = "|".join(sorted(map(re.escape, words.tens), key=len, reverse=True)) or "(?!)"
    hundreds = "|".join(sorted(map(re.escape, words.hundreds), key=len, reverse=True)) or "(?!)"
    linked = rf"[-\s](?:{words.tens_and}[-\s])?" if words.tens_and else r"[-\s]"
    pair = rf"(?:(?:{tens})(?:{linked}(?:{ones}))?|(?:{ones}))"
    small = rf"(?:(?:{hundreds})(?:\s(?:{words.tens_and or '(?!)'}\s)?{pair})?|{pair})"
    spelt = rf"\b{small}\b"
    short = "|".join(sorted(map(re.escape, words.short_scales), key=len, reverse=True)) or "(?!)"
    unspaced = words.code in UNSPACED
    spaced, end = (r"\s?", "") if unspaced else (r"[\s-]?", r"(?!\w)")
    scale = rf"(?:{spaced}(?:{long}){words.plural}{'?' if words.plural else ''}{end}|\s?(?-i:{short})(?!\w|[’']))"
    a = "|".join([*words.half_a, *words.a]) or "(?!)"
    # `two thousand and five` is taken whole, since `five` is a piece of it; `two hundred and three hundred` are two
    # numbers.
    joined = rf"(?:{words.tens_and or words.and_ or '(?!)'})\s(?!{small}\s(?:{_hundred(words)}))"
    further = rf"\s(?:{joined})?{small}\b"
    half = rf"(?:\s{words.and_}\s(?:{'|'.join(words.half_a)})(?!\w))?" if words.and_ and words.half_a else ""
    begin = rf"(?:{spelt}{half}|\b(?:{a})(?=\s(?:{long})\b)"
    begin += rf"|\b(?:{long}){further})" if words.tens_and else ")"
    spelled = rf"{begin}(?:{scale}{{1,3}}{further}){{0,4}}{scale}{{0,3}}"
    number = rf"(?:{digits}{scale}{{0,3}}|{spelled})"
    return Numbers(words, digits, spelt, scale, number)


def _hundred(words: FigureWords) -> str:
    return "|".join(re.escape(name) for name, value in words.scales.items() if value < _THOUSAND) or "(?!)"


def number(text: str, language: str = "en") -> Number | None:
    """The number that `text` spells in a language; None if it spells none, or has no certain value."""
    rest = text.strip().lower()
    if len(rest) > _MAX_LENGTH:
        return None
    words = figure_words(language)
    if not rest or (rest[0] not in _FRACTIONS and not rest[0].isdigit()):
        return _spelled(rest, language)
    scale: Number = 1
    while found := _scale_behind(rest, words):
        length, factor = found
        head = rest[:-length].strip(" -")
        if not head and factor not in {12, 100, 1_000}:
            break
        scale *= factor
        rest = head
    if scale > 1 and words.groups == "," and re.fullmatch(r"\d{1,3},\d{1,2}", rest):
        rest = rest.replace(",", ".")
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
    if not rest:
        return None
    if rest[-1] in _FRACTIONS:
        whole = _digits(rest[:-1].strip(), words) if rest[:-1].strip() else 0
        return None if whole is None else whole + _FRACTIONS[rest[-1]]
    return _digits(rest, words)


def _spelled(text: str, language: str) -> Number | None:
    """The value of a number in words, `two thousand three hundred and five`; None if it is none, or more than one."""
    words = figure_words(language)
    total: Number = 0
    group: Number | None = None
    below, last_scale, at = 0, 0, 0
    while at < len(text):
        found = _name(language).match(text, at)
        if found is None:
            return None
        at = found.end()
        name = found["name"]
        if name is None:  # the `and` between two parts
            if at == len(text) or not (total or group):
                return None
        elif (scale := _scale_of(name, words)) is None:
            value = _part(name, words)
            if group is not None and not (value < below and group):
                return None
            group = (group or 0) + value
            below = _room_below(value, words)
        elif scale < _THOUSAND:
            if group is not None and group >= _HUNDRED:
                return None
            group, below = (1 if group is None else group) * scale, scale if scale == _HUNDRED else 0
        elif group is None and total:
            total, last_scale = total * scale, scale  # `thousand million`
        elif total and scale >= last_scale:
            return None
        else:
            total, group, last_scale = total + (1 if group is None else group) * scale, None, scale
    value = total + (group or 0)
    whole = isinstance(value, float) and value == round(value)
    return None if not value else round(value) if whole else value


_HUNDRED, _THOUSAND = 100, 1_000


@lru_cache(maxsize=64)
def _name(language: str) -> re.Pattern[str]:
    """One number word of a language with what stands before it."""
    words = figure_words(language)
    names = {*words.ones, *words.tens, *words.hundreds, *words.a, *words.half_a, *words.scales}
    names |= {name + words.plural for name in words.scales} | {name.lower() for name in words.short_scales}
    joined = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    and_ = rf"|(?:{words.tens_and or words.and_})" if words.tens_and or words.and_ else ""
    return re.compile(rf"[-\s]*(?:(?P<name>{joined}){and_})(?!\w)")


def _scale_of(name: str, words: FigureWords) -> int | None:
    for each in (name, name.removesuffix(words.plural) if words.plural else name):
        if each in words.scales and each not in words.ones and each not in words.tens:
            return words.scales[each]
    return next((value for short, value in words.short_scales.items() if short.lower() == name), None)


def _part(name: str, words: FigureWords) -> Number:
    if name in words.half_a:
        return 0.5
    return {**dict.fromkeys(words.a, 1), **words.ones, **words.tens, **words.hundreds}[name]


def _room_below(value: Number, words: FigureWords) -> int:
    """What may follow a part of a number is less than this: of `twenty` ten, of `quatre-vingt` twenty."""
    if value >= _HUNDRED:
        return _HUNDRED
    if value < 20 or value % 10:
        return 1  # a half
    return 20 if words.code == "fr" and value in {60, 80} else 10


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
