"""Tell a sentence whose bytes were damaged on the way from one that was edited. Pure: no network, no database."""

import re

from sources.extraction.charset import is_damaged

_PLAIN = re.compile("[0-9A-Za-z]")
_DIGITS = re.compile("[0-9]+")
_MOSTLY = 0.5
"""The share of plain letters and digits from which a quote is recognised by them."""


def hides(quote: str, found: str, now: str, before: str) -> bool:
    """Whether damaged characters stand where the quote stood and may be all that differs.

    `found` is the similar sentence that the page has now, or empty; without one, every line that `before` has not is
    tried. If letters or digits that damage leaves whole differ, the sentence was edited, and this is false.
    """
    if found:
        return _may_be(quote, found)
    known = set(before.split("\n"))
    return any(_may_be(quote, line) for line in now.split("\n") if line not in known)


def _may_be(quote: str, line: str) -> bool:
    if not is_damaged(line) or is_damaged(quote):
        return False
    plain = "".join(_PLAIN.findall(quote))
    if len(plain) >= _MOSTLY * len(quote):
        return plain in "".join(_PLAIN.findall(line))
    # Of other scripts damage leaves the digits, and makes more or fewer characters.
    return len(line) >= _MOSTLY * len(quote) and set(_DIGITS.findall(quote)) <= set(_DIGITS.findall(line))
