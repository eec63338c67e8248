"""What stands around a place in a text: its context, its sentence, its neighbours, and who speaks there.

Pure: no network, no database.
"""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from sources.quotes.correction_notice import NOTICE
from sources.quotes.exact_match import TextQuote, find_exact
from sources.quotes.nearest_sentence import cut, lines_of, sentences
from sources.quotes.normalization import extent, normal

Span = tuple[int, int]

CONTEXT = 64
"""Characters of prefix and of suffix that a new quote keeps."""


def surroundings(text: str, start: int, end: int, around: int = 200) -> str:
    """`text[start:end]` with about `around` characters on either side, cut between words, on one line."""
    first, last = max(0, start - around), min(len(text), end + around)
    if first > 0:
        first = min(start, first + len(re.match(r"\S{0,30}\s?", text[first:])[0]))  # type: ignore[index]
    if last < len(text):
        last = max(end, last - len(re.search(r"\s?\S{0,30}$", text[:last][-31:])[0]))  # type: ignore[index]
    words = " ".join(text[first:last].split())
    return ("… " if first > 0 else "") + words + (" …" if last < len(text) else "")


def context(text: str, start: int, end: int, around: int = CONTEXT) -> tuple[str, str]:
    return text[max(0, start - around) : start], text[end : end + around]


def likeness_around(quote: TextQuote, text: str, start: int, end: int) -> float:
    """How like the quote's prefix and suffix are to what stands around this place: the better of the two."""
    prefix, suffix = normal(quote.prefix), normal(quote.suffix)
    if not prefix and not suffix:
        return 1.0
    left = normal(text[max(0, start - len(quote.prefix) - 20) : start])[-len(prefix) :] if prefix else ""
    right = normal(text[end : end + len(quote.suffix) + 20])[: len(suffix)] if suffix else ""
    scores = [fuzz.ratio(old, now) / 100 for old, now in ((prefix, left), (suffix, right)) if old]
    # Both count, so that of two equal sentences the one with both neighbours is taken.
    return max(scores) + 0.01 * min(scores)


def same_neighbours(quote: TextQuote, text: str, start: int, end: int, before: str | None) -> bool:
    """Whether any sentence that stood near the quote before stands near it now."""
    if before is None:
        return False
    now = normal(text[max(0, start - 3_000) : end + 3_000])
    for first, last in find_exact(quote, before):
        left, right = before[max(0, first - 600) : first], before[last : last + 600]
        near = [run.normal for run in (*sentences(left)[1:], *sentences(right)[:-1])]
        if any(len(words) >= 20 and words in now for words in near):
            return True
    return False


# What opens a reader's words below an article.
_READERS = re.compile(
    r"^\s*(?:comments?(?: \(\d+\)|:|$)|\d+ (?:comments|replies)\b|(?:@?\w+ ){1,3}(?:wrote|replied|commented|says):)",
    re.IGNORECASE | re.MULTILINE,
)
_NEAR = 300
"""Characters before a quote in which a notice or a reader's name makes it theirs."""


def opening(text: str, start: int) -> int | None:
    """Where the notice or the reader's words begin in which this place is, if it is in any."""
    # From a line's start, so that the words that must open a line are not the rest of one.
    at = text.rfind("\n", 0, max(0, start - _NEAR)) + 1 if start > _NEAR else 0
    head = text[max(at, start - 2 * _NEAR) : start].rpartition("\n\n\n")[2]
    found = [*NOTICE.finditer(head), *_READERS.finditer(head)]
    return start - len(head) + max(match.start() for match in found) if found else None


def prose_around(text: str, start: int, end: int) -> tuple[bool, ...]:
    """Whether a place is in a longer paragraph, and has running text on both sides, and before it.

    The greater of two places is the more likely in the article: a standfirst has none before it, a teaser none after.
    """
    lines = lines_of(text)
    number, last = max(0, lines.at(start)), lines.at(max(start, end - 1))
    own = sum(len(each) for each in lines.texts[number : last + 1]) - (end - start) > _MORE
    above, below = lines.texts[max(0, number - 2) : number], lines.texts[last + 1 : last + 3]
    before, after = (any(extent(each) >= _PROSE for each in side) for side in (above, below))
    return own, before and after, before


_MORE = 20
_PROSE = 80
"""Characters from which a line is running text."""


def whole_sentences(text: str, start: int, end: int) -> Span:
    """The span with the rest of the sentences that begin and end in it."""
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    last = len(text) if last < 0 else last
    left = cut(text, max(first, start - _LONG), min(start + 1, last))
    right = cut(text, max(first, start - _LONG), min(last, end + _LONG))
    begin = left[-1][0] if left else start
    return min(begin, start), next((stop for _, stop in right if stop >= end), end)


_LONG = 1_500


@dataclass(frozen=True)
class Sentence:
    start: int
    end: int
    rest: str
    """What it says beside the quote."""


def sentence_around(text: str, start: int, end: int) -> Sentence | None:
    """The one sentence that a quote is, or is a part of. None if the quote is more than one."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    if line_end - line_start > 5_000:
        return None
    for run in sentences(text[line_start:line_end]):
        first, last = line_start + run.start, line_start + run.end
        if first <= start and end <= last:
            return Sentence(first, last, text[first:start] + " " + text[end:last])
    return None
