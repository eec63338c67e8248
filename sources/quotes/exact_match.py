"""Find where the exact words of a quote occur in a text, ignoring typography, as a whole or in parts.

In parts: around a foreign block, such as an advertisement, or around an editor's omission. Similarity plays no role
here (`nearest_sentence`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sources.quotes.nearest_sentence import sentences
from sources.quotes.normalization import CONTINUOUS, normal, normal_page, original_span, tight, tight_page
from sources.quotes.words.negations import negations

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
    if not left or not re.match(LETTER, words):
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
    """Find the parts of a quote around foreign blocks, such as advertisements and headings.

    A block must be short, consist of whole lines, and say nothing: no sentence and no negation, and no bare number
    where it stands within a sentence. Time codes and line numbers at the beginnings of lines do not count.
    """
    words = tight(normal(quote.exact))
    if len(words) < 16:
        return []
    lines = [_Line(match.start(), match[0]) for match in _TEXT_LINE.finditer(text)]
    for number, line in enumerate(lines):
        if words[:8] in line.form or (len(line.form) < 8 and line.form and words.startswith(line.form)):
            for at in _beginnings(words, line.form):
                if spans := _continued(words, lines, number, at):
                    return spans
    return []


_TEXT_LINE = re.compile(r"[^\n]*\S[^\n]*")
_LINE_MARK = re.compile(r"\s*(?:\[?\(?\d{1,2}(?::\d{2}){1,2}\)?\]?\s*|\d{1,4}[.)]?(?:\t+| {2,})\s*)")
"""A time code, or a number that a wide space divides from its line."""


class _Line:
    """A line of the page, without a mark at its beginning."""

    def __init__(self, start: int, words: str) -> None:
        mark = _LINE_MARK.match(words)
        skipped = mark.end() if mark and mark.end() < len(words) else 0
        self.start, self.words = start + skipped, words[skipped:]

    @cached_property
    def form(self) -> str:
        return tight(normal(self.words))

    def span(self, start: int, end: int) -> tuple[int, int]:
        first, last = original_span(self.words, self.form, start, end)
        return self.start + first, self.start + last


def _beginnings(words: str, line: str) -> Iterator[int]:
    """Where in a line the words begin and go on to its end."""
    at = line.find(words[: min(8, len(line))], max(0, len(line) - len(words)))
    while at >= 0:
        if words.startswith(line[at:]) and not _runs_on_left(line[max(0, at - 3) : at], words):
            yield at
        at = line.find(words[:8], at + 1)


def _continued(words: str, lines: list[_Line], number: int, at: int) -> list[tuple[int, int]]:
    """The parts of the words from this place on, over lines that continue them or are foreign."""
    spans = [lines[number].span(at, len(lines[number].form))]
    rest = words[len(lines[number].form) - at :].lstrip()
    between: list[str] = []
    done = words[: len(words) - len(rest)].rstrip()
    for line in lines[number + 1 :]:
        form = line.form
        if form.startswith(rest) and not _runs_on_right(rest, form[len(rest) : len(rest) + 5]):
            return [*spans, line.span(0, len(rest))] if _foreign(between, done) else []
        if form and rest.startswith(form) and not re.match(rf"{LETTER}{{2}}", rest[len(form) - 1 : len(form) + 1]):
            if not _foreign(between, done):
                return []
            spans.append(line.span(0, len(form)))
            rest = rest[len(form) :].lstrip()
            done, between = words[: len(words) - len(rest)].rstrip(), []
            continue
        between.append(line.words.strip())
        if sum(map(len, between)) > _BREAK:
            return []
    return []


def _foreign(block: list[str], done: str) -> bool:
    """Whether lines between two parts of a quote say nothing. `done` is what stands of the quote before them."""
    if any(negations(line) or _reads_on(line) for line in block):
        return False
    # Within a sentence a line may be a part of it that was put in: it must look like none.
    within = not re.search(r"[.!?:;。！？।؟][\"')\]]*$", done)
    return not within or not any(re.fullmatch(r"\W*[\d\W]*\d[\d\W]*", line) or line[:1].islower() for line in block)


def _reads_on(line: str) -> bool:
    return any(re.search(r"[.!?。！？।؟]$", run.normal) and len(run.normal) > 40 for run in sentences(line))


def _omissions(exact: str) -> list[str]:
    """The parts of a quote around the “[…]” or “…” that an editor typed; one part if there is none."""
    parts = re.split(r"\s*(?:[\[(]\s*(?:\.{3}|…)\s*[\])]|\.{3,}|…)\s*", exact)
    return [part for part in parts if len(normal(part)) >= 3]


def find_with_omissions(quote: TextQuote, text: str) -> list[tuple[int, int]]:
    """Find the parts of a quote around the omissions that an editor marked by “[…]” or “…”."""
    parts = _omissions(quote.exact)
    if not parts or parts == [quote.exact]:
        return []
    page = normal_page(text)
    for first in _whole(normal(parts[0]), page, TextQuote(parts[0], quote.prefix)):
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


def marks_omission(exact: str) -> bool:
    """Whether the words hold dots in brackets, which only an editor writes for what is left out."""
    return re.search(r"[\[(]\s*(?:\.{3}|…)\s*[\])]", exact) is not None
