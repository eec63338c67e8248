"""Compare what stands beside a figure at which a quote begins or ends.

`rose to 38` stands in `rose to 38 million`, `38 walls` in `fewer than 38 walls`, but neither says what was quoted.
Magnitudes, currencies, comparisons and common units are listed by language; other units, and what a figure counts, are
told by `units`.

Pure: no network, no database.
"""

import re

from sources.quotes.normalization import normal
from sources.quotes.words.letter_case import in_own_case
from sources.quotes.words.quantities import (
    BELOW_ZERO,
    COMPARED,
    CURRENCY,
    MAGNITUDE,
    PERCENT,
    UNIT,
    UNSPACED,
    quantity_name,
)
from sources.quotes.words.signs import RANGE, is_sign, one_sign, told_apart
from sources.quotes.words.units import exchanged_after, exchanged_before, same_unit

_AFTER = re.compile(
    rf"\s*(?:(?P<percent>{PERCENT})|(?P<other>{MAGNITUDE}|{UNIT}|{CURRENCY})(?![^\W\d_])|(?P<unspaced>{UNSPACED})"
    rf"|(?P<range>(?:[-–—{RANGE}]|to|bis|à|a|al|до|至|から|~)\s*\d)|(?P<ratio>[:/]\d+)|(?P<sign>[^\w\s\"?&@])\s?[\d.,]*)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?:(?P<currency>{CURRENCY})|(?P<below>{BELOW_ZERO}|plus)|(?<![^\W\d_])(?P<compared>{COMPARED}))\s*$",
    re.IGNORECASE,
)
_SIGN_BEFORE = re.compile(r"([^\w\s\"?&@/])\s?0$")
_FIGURE = re.compile(rf"\d(?:\s?(?:{MAGNITUDE}))?$", re.IGNORECASE)
_REACH = 40


def edge_changed(words: str, was: tuple[str, str], now: tuple[str, str]) -> bool:
    """Whether a figure at either end of the words has another unit, magnitude, currency or comparison beside it.

    `was` and `now` are what stood and what stands before and after the words, at least some 40 characters of each.
    """
    if was == now:
        return False
    words = normal(words)
    if _FIGURE.search(words):
        own, other = _after(was[1]), _after(now[1])
        if own != other:
            if own.lower() == other.lower() or not same_unit(was[1], now[1]):
                return True
        elif exchanged_after(was[1], now[1]):
            return True
    if not words[:1].isdigit():
        return False
    if _before(was[0]) != _before(now[0]) or exchanged_before(was[0], now[0]):
        return True
    return bool(_GROUP.match(words)) and _thousands(was[0]) != _thousands(now[0])


def _after(text: str) -> str:
    line = told_apart(text[:_REACH].partition("\n")[0])
    found = _AFTER.match(one_sign(normal(f"0{line}")), 1)
    if found is None or (found["sign"] and not is_sign(found["sign"])):
        return ""
    if found["percent"]:
        return found[0].strip().lower() if "point" in found[0] or "punkt" in found[0] else "%"
    return in_own_case(found["other"]) or quantity_name(found["other"]) if found["other"] else found[0].strip().lower()


_GROUP = re.compile(r"\d{3}(?!\d)")
"""What may be the last three digits of a longer number."""
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[ .,'’]\d{3})*[ .,'’]$")


def _thousands(text: str) -> str:
    """The digits of a number that stand before its last three."""
    found = _THOUSANDS.search(normal(text[-_REACH:].rpartition("\n")[2] + "0")[:-1])
    return re.sub(r"\D", "", found[0]) if found else ""


def _before(text: str) -> str:
    line = normal(told_apart(text[-_REACH:].rpartition("\n")[2]))
    if found := _BEFORE.search(line):
        return quantity_name(found[0].strip())
    sign = _SIGN_BEFORE.search(one_sign(f"{line}0" if text[-1:].strip() else f"{line} 0"))
    return sign[1] if sign and is_sign(sign[1]) else ""
