"""Numbers as values, however they are written: `12,500`, `12 500`, `12'500`, `1,34,000`, `١٢٥٠٠`.

Which of point and comma divides thousands follows from the language of the text. Where the text does not show its
language, a mark that is used in one way alone divides thousands if three digits follow it.

Pure: no network, no database.
"""

import re
import unicodedata
from collections import Counter

from sources.quotes.words.negations import language_of
from sources.quotes.words.quantities import MAGNITUDE, PERCENT

_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:([ '])\d{3})(?:\1\d{3})*(?:[.,]\d{1,2})?(?![\d.,]*\d)|\d+(?:[.,]\d+)*")
_DAY = re.compile(r"0?(\d{1,2})\.0?(\d{1,2})\.(\d{2,4})")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}")
_MIXED = re.compile(r"(\d{1,3}(?:,\d{3})+)\.(\d+)|(\d{1,3}(?:\.\d{3})+),(\d+)|(\d{1,2}(?:,\d{2})*,\d{3})\.(\d+)")
_EITHER = re.compile(r"([1-9]\d{0,2})([.,])(\d{3})")
"""One thousand and more, or a fraction of three digits."""
_OF_FRACTIONS = re.compile(rf"\s?(?:{MAGNITUDE}|{PERCENT})", re.IGNORECASE)
_ARABIC_MARKS = str.maketrans({"٫": ".", "٬": ",", "٪": "%"})
_FOREIGN_LETTER = re.compile(r"[^\W\d_a-z]", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?<![\d.,:])([01]?\d|2[0-3])(?:[.:](?=[0-5]\d\s?(?:uhr|h|[ap]\.?\s?m)(?!\w))|\s?h\s?)([0-5]\d)(?!\d)",
    re.IGNORECASE,
)
"""A time of day: `10.30 Uhr`, `10:30 pm`, `10 h 30`."""
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
_POINT, _COMMA = ".", ","
_COMMA_SCRIPT = re.compile(r"[Ѐ-ӿͰ-Ͽ]")
_POINT_SCRIPT = re.compile(r"[\u0590-\u05ff\u0900-\u0dff\u0e00-\u0eff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


def western_digits(text: str) -> str:
    """The text with the digits and marks of every script as those of ASCII."""
    if text.isascii():
        return text
    text = text.translate(_ARABIC_MARKS)
    return _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), text)


def plain_numbers(before: str, after: str) -> tuple[str, str]:
    """Two wordings of one text, both normalised, with each number in digits and with a decimal point alone."""
    was, now = (_CLOCK.sub(r"\1:\2", western_digits(text)) for text in (before, after))
    decimal = _decimal_mark(f"{was} {now}")
    if decimal is None:
        used = {found[2] for text in (was, now) for found in map(_EITHER.fullmatch, _whole(text)) if found}
        decimal = "" if len(used) == 1 else "?"
    return _plain(was, decimal), _plain(now, decimal)


def values(text: str) -> Counter[str]:
    """The numbers of a text that `plain_numbers` wrote. `5.0` is `5`."""
    return Counter(re.sub(r"\.?0+$", "", each) if each.count(".") == 1 else each for each in _whole(text))


def _whole(text: str) -> list[str]:
    return [match[0] for match in _NUMBER.finditer(text)]


def _decimal_mark(text: str) -> str | None:
    """The decimal mark of the language of a text; empty if both are used, None if its language does not show."""
    if _COMMA_SCRIPT.search(text):
        return _COMMA
    if _POINT_SCRIPT.search(text):
        return _POINT
    language = language_of(text)
    if language == "en":
        return None if _FOREIGN_LETTER.search(text) else _POINT
    return {"": None, "es": ""}.get(language, _COMMA)


def _plain(text: str, decimal: str) -> str:
    return _NUMBER.sub(lambda found: _value(found[0], decimal, text[found.end() : found.end() + 20]), text)


def _value(number: str, decimal: str, following: str) -> str:
    number = re.sub(r"[ ']", "", number)
    if day := _DAY.fullmatch(number):
        return ".".join(day.groups())
    if _GROUPED.fullmatch(number):
        return re.sub(r"[.,]", "", number)
    if mixed := _MIXED.fullmatch(number):
        whole, fraction = (each for each in mixed.groups() if each)
        return f"{re.sub('[.,]', '', whole)}.{fraction}"
    if either := _EITHER.fullmatch(number):
        whole, mark, rest = either.groups()
        if decimal == "?" or (not decimal and _OF_FRACTIONS.match(following)):
            return number
        return f"{whole}.{rest}" if mark == decimal else whole + rest
    return number.replace(",", ".") if number.count(",") == 1 and "." not in number else number
