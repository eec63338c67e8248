"""Tell a sentence whose characters were damaged on the way from one that was edited. Pure: no network, no database."""

import re

from sources.extraction.charset import is_damaged

_PLAIN = re.compile("[0-9A-Za-z]")
_DIGITS = re.compile("[0-9]+")
_MOSTLY = 0.5
"""The share of plain letters and digits from which a quote is recognised by them."""


_PIECE = re.compile(r"([^\x00-\x7f]+)|(\s+)|[\x00-\x7f]")
_LONGEST_CHARACTER = 4
"""Bytes of UTF-8, of each of which a careless conversion makes a question mark."""
_STANDS_FOR_SIGN = re.compile(r"(?:^|[\s(])\?+(?=\w)")


def hides(quote: str, found: str, now: str, before: str) -> bool:
    """Whether damaged characters stand where the quote stood and may be all that differs.

    `found` is the similar sentence that the page has now, or empty; without one, every line that `before` has not is
    tried. If letters or digits that damage leaves whole differ, the sentence was edited, and this is false.
    """
    if found:
        return _may_be(quote, found) or _lost_in(quote, found)
    known = set(before.split("\n"))
    new = dict.fromkeys(line for line in now.split("\n") if line not in known)
    return any(_may_be(quote, line) or _lost_in(quote, line) for line in new)


def _may_be(quote: str, line: str) -> bool:
    if not is_damaged(line) or is_damaged(quote):
        return False
    plain = "".join(_PLAIN.findall(quote))
    if len(plain) >= _MOSTLY * len(quote):
        return plain in "".join(_PLAIN.findall(line))
    # Of other scripts damage leaves the digits, and makes more or fewer characters.
    return len(line) >= _MOSTLY * len(quote) and set(_DIGITS.findall(quote)) <= set(_DIGITS.findall(line))


def _lost_in(quote: str, line: str) -> bool:
    """Whether the quote stands in the line but for characters that a charset did not have and became question marks.

    A charset loses a character everywhere: if one stands beside its loss, the question mark was written.
    """
    if "?" not in line or quote.isascii():
        return False
    pieces = list(_PIECE.finditer(" ".join(quote.split())))
    found = re.search("".join(map(_or_lost, pieces)), line)
    if found is None:
        return False
    lost: set[str] = set()
    for run, now in zip((each[1] for each in pieces if each[1]), found.groups(), strict=True):
        if now == run:
            continue
        if len(now) == len(run):
            if any(was != is_now for was, is_now in zip(run, now, strict=True) if is_now != "?"):
                return False
            lost.update(was for was, is_now in zip(run, now, strict=True) if is_now == "?")
        elif set(now) == {"?"}:
            lost.update(run)
        else:
            return False
    if not lost or lost & set(line):
        return False
    return any(map(str.isalpha, lost)) or _STANDS_FOR_SIGN.search(found[0]) is not None


def _or_lost(piece: re.Match[str]) -> str:
    """The pattern of a piece of the quote: a run of characters beyond ASCII may be lost."""
    run = piece[1]
    if run:
        return f"([?{re.escape(run)}]{{{len(run)},{_LONGEST_CHARACTER * len(run)}}})"
    return r"\s+" if piece[2] else re.escape(piece[0])
