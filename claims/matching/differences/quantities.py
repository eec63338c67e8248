"""The figures of a sentence as values with a kind, and whether those of two sentences differ.

What counts as the same figure: the same value however it is written, a value in another unit of the same kind, a
rounded value beside an exact one. Ranks and times of day say nothing here; dates are in `dates`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claims.matching.differences.tokens import Token, alike, fold
from claims.matching.differences.vocabulary import Marker, Vocabulary
from claims.statements.figures import Figure
from claims.statements.figures.words import figure_words
from sources.quotes.words.units import units_named

_IN_BASE_UNITS = {
    "duration-second": 1 / 86_400,
    "duration-minute": 1 / 1_440,
    "duration-hour": 1 / 24,
    "duration-day": 1,
    "duration-night": 1,
    "duration-week": 7,
    "duration-month": 365.25 / 12,
    "duration-year": 365.25,
    "duration-decade": 3_652.5,
    "duration-century": 36_525,
    "length-millimeter": 0.001,
    "length-centimeter": 0.01,
    "length-inch": 0.0254,
    "length-foot": 0.3048,
    "length-yard": 0.9144,
    "length-meter": 1,
    "length-kilometer": 1_000,
    "length-mile": 1_609.344,
    "mass-milligram": 0.001,
    "mass-gram": 1,
    "mass-ounce": 28.35,
    "mass-pound": 453.592,
    "mass-kilogram": 1_000,
    "mass-ton": 1_000_000,
    "mass-tonne": 1_000_000,
    "volume-milliliter": 0.001,
    "volume-liter": 1,
    "volume-gallon": 3.785,
    "area-square-meter": 1,
    "area-hectare": 10_000,
    "area-acre": 4_046.86,
    "area-square-kilometer": 1_000_000,
    "temperature-celsius": 1,
    "power-kilowatt": 1_000,
    "power-megawatt": 1_000_000,
    "power-gigawatt": 1_000_000_000,
}
"""Values of units in days, metres, grams, litres, square metres and watts."""
_UNSAID = frozenset({"rank", "time", "rate", "date", "period", "ratio", "multiple"})
_HAN_DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "兩": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_HAN_NUMBER = re.compile(
    r"(?P<percent>百分之)?(?<![第几数多\d])(?P<number>[〇零一二两兩三四五六七八九十百千][〇零一二两兩三四五六七八九十百千万萬亿億]*)"
    r"(?:点(?P<fraction>[〇零一二三四五六七八九]+))?(?P<share>分之)?"
)
_NOT_HAN = re.compile(r"[万萬亿億]|[百千](?![百千万萬亿億〇零一二三四五六七八九])")
_CLASSIFIERS = frozenset(
    "个個名人年天只隻座条條次倍元岁歲家所辆輛张張吨噸米公小分秒周成例起处處位间間艘架口株棵头頭匹份项項种種场場届屆"
    "级級层層栋棟套本部台臺件块塊把根支片滴瓶杯碗斤里度月日号號万萬亿億千百美欧歐"
)
_PERCENT_DIGITS = re.compile(r"百分之\s?(\d+(?:\.\d+)?)")
_ROUNDED, _ROUGHLY, _NEAR = 0.01, 0.06, 0.05
"""How far a rounded figure may be from the exact one, without a word for it and with one; how far one is near."""
_SHARES = 0.04


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure: `kind` is count, percent, money, factor, age or a kind of unit (`duration`); `value` in base units.

    `counts` is the word of what is counted or the currency, `rough` whether the text calls it a round one, `told` the
    value in the unit of the text.
    """

    kind: str
    value: float
    counts: str
    rough: bool
    written: str
    told: float = 0.0


def quantities(
    text: str, figures: Sequence[Figure], words: Sequence[Token], markers: Sequence[Marker], vocabulary: Vocabulary
) -> list[Quantity]:
    """The figures of one sentence. `figures` are those that claims/statements reads in it."""
    found = [each for figure in figures for each in _of_figure(figure, text, vocabulary)]
    found += [
        Quantity("factor", float(each.pole), "", False, " ".join(word.text for word in words[each.start : each.end]))
        for each in markers
        if each.kind == "factor"
    ]
    if vocabulary.numerals:
        found += _numerals(words, vocabulary)
    if vocabulary.language in ("zh", "ja"):
        found += _han_numbers(text)
    return found


def _of_figure(figure: Figure, text: str, vocabulary: Vocabulary) -> Iterable[Quantity]:
    behind = text[figure.end : figure.end + 1]
    if figure.kind in _UNSAID or is_year(figure) or (behind.isascii() and behind.isalpha()):
        return
    values = figure.value if isinstance(figure.value, list) else [figure.value]
    unit = fold(figure.unit)
    rough = bool(figure.qualifier) or text[figure.end : figure.end + 1] == "+"
    for value in values:
        if not isinstance(value, int | float) or isinstance(value, bool):
            continue
        if unit in {"times", "mal", "fois", "veces", "vezes"}:
            yield Quantity("factor", float(value), "", rough, figure.text)
        elif figure.kind in ("percent", "money", "age"):
            yield Quantity(figure.kind, float(value), figure.unit if figure.kind == "money" else "", rough, figure.text)
        else:
            kind, factor = _base(unit)
            counts = "" if kind != "count" or unit in vocabulary.function_words else unit
            yield Quantity(kind, value * factor, counts, rough, figure.text, float(value))


def is_year(figure: Figure) -> bool:
    """Whether a count is four digits that are read as a year: `2023 data`."""
    return (
        figure.kind == "count"
        and isinstance(figure.value, int)
        and 1900 <= figure.value < 2100
        and re.match(r"\d{4}(?!\d)", figure.text) is not None
        and figure.value != 2000
    )


def _base(unit: str) -> tuple[str, float]:
    known = units_named(unit) if unit and unit not in ("m", "a", "g", "l", "b") else frozenset()
    measured = [each for each in known if each in _IN_BASE_UNITS]
    if measured:
        kind = measured[0].split("-")[0]
        return kind, _IN_BASE_UNITS[measured[0]]
    if unit in ("degrees", "grad", "grados", "degres", "graus", "°c", "डिग्री", "درجه", "度"):
        return "temperature", 1
    return "count", 1


def _numerals(words: Sequence[Token], vocabulary: Vocabulary) -> Iterable[Quantity]:
    """Figures in words of languages whose number words claims/statements does not read."""
    percent = {fold(each).split()[-1] for each in figure_words(vocabulary.language).percent}
    at = 0
    while at < len(words):
        total, part, start = 0.0, 0.0, at
        while at < len(words):
            value = _numeral(words[at].folded, vocabulary)
            if value is None:
                break
            if value >= 100 and value % 100 == 0:
                part = (part or 1) * value
                if value >= 1000:
                    total, part = total + part, 0.0
            else:
                part += value
            at += 1
        digits = start > 0 and words[start - 1].number
        if at > start and total + part > 1 and not digits:
            after = [word.folded for word in words[at : at + 2]]
            kind, factor = ("percent", 1.0) if percent & set(after) else _base(after[0] if after else "")
            counts = after[0] if after and kind == "count" else ""
            yield Quantity(
                kind,
                (total + part) * factor,
                counts,
                False,
                " ".join(word.text for word in words[start:at]),
                total + part,
            )
        at = max(at, start + 1)


def _numeral(word: str, vocabulary: Vocabulary) -> float | None:
    value = vocabulary.numerals.get(word)
    if value is None and vocabulary.language == "ar" and word.startswith("و"):
        value = vocabulary.numerals.get(word[1:])
    return value


def _han_numbers(text: str) -> Iterable[Quantity]:
    for match in _PERCENT_DIGITS.finditer(text):
        yield Quantity("percent", float(match[1]), "", False, match[0])
    for match in _HAN_NUMBER.finditer(text):
        value = _han_value(match["number"])
        if match["share"] or value is None:
            continue
        if match["fraction"]:
            value += float("0." + "".join(str(_HAN_DIGITS[digit]) for digit in match["fraction"]))
        if match["percent"]:
            yield Quantity("percent", value, "", False, match[0])
        elif value > 1:
            after = text[match.end() : match.end() + 2]
            if len(match["number"]) == 1 and (after[:1] not in _CLASSIFIERS or match[0] + after[:1] == "十分"):
                continue  # a syllable of a name or a word: 四川, 十分
            if after[:1] in ("月", "日", "号", "號"):
                continue
            if after[:1] == "倍":
                yield Quantity("factor", value, "", False, match[0])
                continue
            kind, factor = next(((k, f) for k, f in map(_base, (after, after[:1])) if k != "count"), ("count", 1.0))
            yield Quantity(kind, value * factor, "", False, match[0], value)


def _han_value(written: str) -> float | None:
    """The value of a number in Chinese characters; None for what is no number, as 千 alone."""
    if len(written) == 1 and written not in _HAN_DIGITS and written != "十":
        return None
    if all(digit in _HAN_DIGITS for digit in written):
        return float("".join(str(_HAN_DIGITS[digit]) for digit in written))
    total = part = digit = 0
    for character in written:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
        elif (scale := _HAN_SCALES[character]) < 10_000:
            part += (digit or 1) * scale
            digit = 0
        else:
            total += (part + digit or 1) * scale
            part = digit = 0
    return float(total + part + digit)


def same(one: Quantity, other: Quantity) -> bool:
    """Whether two figures may be one, the one rounded."""
    if one.kind != other.kind and "count" in (one.kind, other.kind) and one.told and one.told == other.told:
        return True  # in a unit that is not known on the one side
    if not comparable(one, other):
        return False
    a, b = _as_share(one, other), _as_share(other, one)
    if a == b:
        return one.counts == other.counts or not _two_currencies(one, other)
    off = abs(a - b) / max(abs(a), abs(b))
    if "factor" in (one.kind, other.kind):
        return off <= _SHARES
    if one.kind not in ("count", "money", "percent", "age"):
        return off <= _ROUNDED
    return off <= (_ROUGHLY if one.rough or other.rough else _ROUNDED) and _digits(a) != _digits(b)


def near(one: Quantity, other: Quantity) -> bool:
    """Whether one of two figures may be the other one, rounded without saying so."""
    a, b = _as_share(one, other), _as_share(other, one)
    return abs(a - b) <= _NEAR * max(abs(a), abs(b)) and _digits(a) != _digits(b)


def comparable(one: Quantity, other: Quantity) -> bool:
    """Whether two figures are of one kind, so that they cannot both be right if they differ."""
    if one.kind == other.kind:
        return True
    kinds = {one.kind, other.kind}
    if kinds == {"percent", "factor"}:
        return max(one.value if one.kind == "factor" else 0, other.value if other.kind == "factor" else 0) < 1
    if "count" in kinds and kinds & {"money", "percent", "temperature", "duration"}:
        return not (one.counts if one.kind == "count" else other.counts) or "money" in kinds
    return False


def of_one_thing(one: Quantity, other: Quantity, foreign: bool) -> bool:
    """Whether two comparable figures count the same, as far as can be told."""
    if foreign or one.kind != "count" or other.kind != "count":
        return True
    return not one.counts or not other.counts or alike(one.counts, other.counts)


def _as_share(one: Quantity, other: Quantity) -> float:
    return one.value / 100 if one.kind == "percent" and other.kind == "factor" else one.value


def _two_currencies(one: Quantity, other: Quantity) -> bool:
    codes = one.counts, other.counts
    return one.kind == other.kind == "money" and all(len(code) == 3 and code.isupper() for code in codes)


def _digits(value: float) -> int:
    return len(f"{value:.12g}".replace(".", "").replace("-", "").rstrip("0").split("e")[0])
