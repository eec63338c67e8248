"""Find where the exact words of a quote occur in a text, ignoring typography, as a whole or in parts.

In parts: around a foreign block, such as an advertisement, or around an editor's omission. Similarity plays no role
here (`nearest_sentence`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sources.quotes.nearest_sentence import sentences
from sources.quotes.normalization import CONTINUOUS, normal, normal_page, original_span, tight, tight_page
from sources.quotes.word_diff import negations, numbers

_ENOUGH = 200
"""Occurrences of one quote that are weighed against each other; further ones change nothing."""
_BREAK = 200
"""Characters of a foreign block (an advertisement, a box) that may stand between two parts of a quote."""
_OMITTED = 3_000
"""Characters that an editor's “[…]” may stand for."""


@dataclass(frozen=True)
class TextQuote:
    """The words of a quote and what stands around them (W3C Web Annotation TextQuoteSelector)."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    """Where the chosen copy began in the text that the quote was anchored in; None if that is not known."""
    omission: bool = False
    """Whether the dots in `exact` are an editor's omission, not the page's own."""


def find_exact(quote: TextQuote, text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the quote's words in the text, ignoring typography, as whole words and numbers."""
    found = False
    page = normal_page(text)
    words = normal(quote.exact)
    for start, end in _whole(words, page, quote):
        found = True
        yield original_span(text, page, start, end)
    if found:
        return
    stem = re.sub(r"\s*[.,;:。，；：、]$", "", tight(words))
    if stem.replace(" ", "") not in page.replace(" ", ""):
        return  # nor in any form that has fewer spaces, which takes far longer to make
    page = tight_page(text)
    for start, end in _whole(tight(words), page, quote):
        found = True
        yield original_span(text, page, start, end)
    if not found and stem != tight(words):
        for start, end in _whole(stem, page, quote):
            span = original_span(text, page, start, end)
            if _ends_here(text, span[1], sentence=words[-1] in ".。"):
                yield span


def find_unspaced(words: str, text: str) -> list[tuple[int, int]]:
    """Find the words whatever spaces are between them, since copied text may lack those between blocks.

    For creating a quote only, which then has the page's own spaces.
    """
    page = normal_page(text).replace(" ", "")
    at = page.find(wanted := normal(words).replace(" ", ""))
    if at < 0 or len(wanted) < 20:
        return []
    start, end = original_span(text, page, at, at + len(wanted))
    cut = re.search(rf"{LETTER}{{2}}", text[max(0, start - 1) : start + 1]) or re.match(
        rf"{LETTER}{{2}}", text[end - 1 : end + 1]
    )
    return [] if cut else [(start, end)]


def _ends_here(text: str, end: int, *, sentence: bool) -> bool:
    """Whether what was read up to `end` ends there: at a line break or a mark. A full stop that became a comma
    is no end, since the sentence goes on and may take back what it said."""
    rest = text[end : end + 20].lstrip(" \t\xa0")
    return not rest or rest[0] in ("\n.。" if sentence else "\n.。,;:，；：、")


def _whole(words: str, page: str, quote: TextQuote) -> Iterator[tuple[int, int]]:
    before, after = normal(quote.prefix)[-1:], normal(quote.suffix)[:1]
    at = page.find(words) if words else -1
    count = 0
    while at >= 0 and count < _ENOUGH:
        end = at + len(words)
        left, right = page[max(0, at - 3) : at], page[end : end + 5]
        if (not _runs_on_left(left, words) or (before and left[-1:] == before)) and (
            not _runs_on_right(words, right) or (after and right[:1] == after)
        ):
            count += 1
            yield at, end
        at = page.find(words, at + 1)


LETTER = rf"(?:(?![{CONTINUOUS}_])\w)"
_LEFT = re.compile(rf"(?:{LETTER}|{LETTER}['’-]|(?<!\w)[-+]|\d[.,])$")
_RIGHT = re.compile(rf"{LETTER}|['’]{LETTER}|[.,]\d|-{LETTER}| \d{{3}}(?!\d)")


def _runs_on_left(left: str, words: str) -> bool:
    """Whether the page's word or number begins before the quote does: `150` is not `50`, `-5` is not `5`."""
    if not re.match(LETTER, words):
        return False
    if left[-1:] in "-+":
        return words[0].isdigit() or bool(re.search(rf"{LETTER}-$", left))
    if left[-1:] in ".,":
        return words[0].isdigit() and left[-2:-1].isdigit()
    return bool(_LEFT.search(left))


def _runs_on_right(words: str, right: str) -> bool:
    """The same at the end: `50` is not `500`, `5` is not `5.3`, `can` is not `can't`."""
    if not re.search(rf"{LETTER}$", words):
        return False
    if right[:1] in {".", ",", " "} and not words[-1].isdigit():
        return False
    return bool(_RIGHT.match(right))


def find_interrupted(quote: TextQuote, text: str) -> list[tuple[int, int]]:
    """Find the two parts of a quote around a foreign block, such as an advertisement.

    The block must be short, consist of whole lines, and contain no sentence, negation or number.
    """
    words, page = normal(quote.exact), normal_page(text)
    low, high = 0, len(words)
    while low < high:  # the longest beginning that stands on the page
        middle = (low + high + 1) // 2
        low, high = (middle, high) if words[:middle] in page else (low, middle - 1)
    while 0 < low < len(words) and not re.match(rf" |[{CONTINUOUS}]", words[low:]):
        low -= 1
    head, tail = words[:low].rstrip(), words[low:].strip()
    if len(head) < 8 or len(tail) < 8:
        return []
    for start, end in _whole(head, page, TextQuote(head)):
        at = page.find(tail, end, end + _BREAK + len(tail) + 2)
        if at < 0 or _runs_on_right(tail, page[at + len(tail) : at + len(tail) + 5]):
            continue
        first = original_span(text, page, start, end)
        second = original_span(text, page, at, at + len(tail))
        between = text[first[1] : second[0]]
        block = between.strip()
        own_lines = "\n" in between[: len(between) - len(between.lstrip())] and "\n" in between[len(between.rstrip()) :]
        if own_lines and not _says_something(block):
            return [first, second]
    return []


def _says_something(block: str) -> bool:
    reads_on = any(re.search(r"[.!?。！？।؟]$", run.normal) and len(run.normal) > 40 for run in sentences(block))
    return reads_on or bool(numbers(block)) or bool(negations(block))


def _omissions(exact: str) -> list[str]:
    """The parts of a quote around the “[…]” or “…” that an editor typed; one part if there is none."""
    parts = re.split(r"\s*(?:[\[(]\s*(?:\.{3}|…)\s*[\])]|\.{3,}|…)\s*", exact)
    return [part for part in parts if len(normal(part)) >= 3]


def find_with_omissions(quote: TextQuote, text: str) -> list[tuple[int, int]]:
    """Find the parts of a quote around the omissions that an editor marked by “[…]” or “…”."""
    parts = _omissions(quote.exact)
    if len(parts) < 2 and parts == [quote.exact]:
        return []
    page = normal_page(text)
    for first in _whole(normal(parts[0]), page, TextQuote(parts[0], quote.prefix)) if parts else ():
        spans = [first]
        for part in parts[1:]:
            wanted = normal(part)
            here = page[spans[-1][1] : spans[-1][1] + _OMITTED + len(wanted)]
            place = next(_whole(wanted, here, TextQuote(part, "", quote.suffix if part == parts[-1] else "")), None)
            if place is None:
                break
            spans.append((spans[-1][1] + place[0], spans[-1][1] + place[1]))
        else:
            return [original_span(text, page, *span) for span in spans]
    return []
