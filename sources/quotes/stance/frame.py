"""The frame of a quoted sentence: the rest of its sentence, its neighbours in the paragraph, the headings near it."""

import re
from dataclasses import dataclass

from sources.quotes.nearest_sentence import Run, sentences
from sources.quotes.stance.findings import Span

_AROUND = 1_200
"""Characters of the paragraph on either side of the quote that are cut into sentences."""
_FOLLOWING = 3
"""Sentences after the quote's in which words may point back at it."""
_HEADING = 100
"""Characters of the longest heading."""
_GOES_ON = re.compile(r"[\"'”’»」』]*\s*(?:[,，、]|[-–—]\s|[a-zß-öø-ÿа-яё]|と[^こ])")
"""A sentence that goes on after a quoted one: `“It is safe.” – so the brochure`."""
_EMBEDS = re.compile("[\u3041-\u9fff][“「『]$")
_EMBEDDED = re.compile("[。！？]?[”」』][\u3041-\u9fff]")
"""A sentence in marks within one of a language without capitals: `说“……。”是错误的`."""
_CLOSED = re.compile(r"[“«‘]\s+(?=[^\Wa-zß-öø-ÿа-яё\d_])")
_DASHED = re.compile(r"[-–—―]\s*\w.*[^-–—―]$")
"""A line of a signature, or of a list."""
_LIST_MARK = re.compile(r"\s*(?:[-–—―*•·▪‣]|\d{1,3}[.)])\s*\w")
_HEADINGS = 3
"""Headings that stand over one another."""
_LINES = 40
"""Lines above the quote among which its heading is looked for."""


@dataclass(frozen=True)
class Frame:
    """What stands around a quote, each part as the page has it.

    `lead` and `tail` are the rest of its sentence, with a line before it that ends in a colon and a signature below it.
    `earlier` is the sentence before, in its paragraph or at the end of the one above. `later` are those after it in its
    paragraph, and the next paragraph's first.
    """

    lead: str
    tail: str
    earlier: str
    later: tuple[str, ...]
    opening: int
    """The place among `later` at which the next paragraph begins."""
    below: str
    """The whole line below its paragraph."""
    headings: tuple[str, ...]
    """The nearest line above that reads as a heading, with the headings right over it, nearest first."""
    next_heading: str
    """The nearest line below that reads as a heading."""
    sentence: str
    """The whole sentence, or sentences, of the quote."""
    lines: Span
    """The lines of the quote in the text."""

    @property
    def heading(self) -> str:
        return self.headings[0] if self.headings else ""


def frame(text: str, place: Span) -> Frame:
    """The frame of the quote at this place of a text."""
    start, end = place
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    first = max(line_start, start - _AROUND)
    runs = sentences(text[first : min(line_end, end + _AROUND)])
    own = [run for run in runs if first + run.end > start and first + run.start < end]
    if own and re.search(r"[.!?…]$", text[start:end]) and (closed := _CLOSED.match(text, end)):
        # A mark that opens in one language and closes in another hides the end of the sentence.
        last = own.pop()
        rest = Run(closed.end() - first, last.end, "")
        own.append(Run(last.start, closed.end() - first, ""))
        runs = (*(run for run in runs if run is not last), rest)
        runs = tuple(sorted(runs, key=lambda run: run.start))
    begin = min([start, *(first + run.start for run in own)])
    stop = max([end, *(first + run.end for run in own)])
    before = [run for run in runs if first + run.end <= begin]
    after = [run for run in runs if first + run.start >= stop]
    while after and (
        _GOES_ON.match(text, first + after[0].start)
        or (_EMBEDS.search(text[begin:start]) and _EMBEDDED.fullmatch(text, end, first + after[0].start + 1))
    ):
        stop = first + after.pop(0).end
    lead, tail = text[begin:start].strip(), text[end:stop].strip()
    earlier = _words(text, first, before[-1]) if before else ""
    later = tuple(_words(text, first, run) for run in after[:_FOLLOWING])
    margin = margin_of(text, start)
    above, below = _line_above(text, line_start), _line_below(text, line_end)
    introduced = _introduction(text, line_start, margin)
    if not before and (introduced or (re.search(r"[:：][\"'”’»\s]*$", above) and len(above) < 400)):
        lead = f"{introduced or above} {lead}".strip()
    if not before and not earlier and not is_heading(above) and not re.search(r"[:：][\"'”’»\s]*$", above):
        runs_above = sentences(above[-_AROUND:])
        earlier = _words(above[-_AROUND:], 0, runs_above[-1]) if runs_above else ""
    opening = len(later)
    listed = _LIST_MARK.match(text[line_start:line_end]) or _DASHED.match(_line_below(text, text.find(below, line_end)))
    if not after and not listed and _DASHED.match(below) and len(below) < 160:
        tail = f"{tail} {below}".strip()
    elif not is_heading(below) and (runs_below := sentences(below[:_AROUND])):
        later = (*later, _words(below, 0, runs_below[0]))
    headings, next_heading = _headings_above(text, line_start, margin), _heading_below(text, line_end, margin)
    sentence, lines = text[begin:stop], (line_start, line_end)
    return Frame(lead, tail, earlier, later, opening, below, headings, next_heading, sentence, lines)


def is_heading(line: str) -> bool:
    """Whether a line reads as a heading: short, and without a stop."""
    line = line.strip()
    return (
        bool(line)
        and len(line) <= _HEADING
        and not re.search(r"[.!:;,。！：；，।۔…][\"'”’»)\]]*$", line)
        and line[0] not in "*•-–—"
    )


def _words(text: str, first: int, run: Run) -> str:
    return text[first + run.start : first + run.end]


def _line_above(text: str, at: int) -> str:
    while at > 0:
        begin = text.rfind("\n", 0, at - 1) + 1
        if line := text[begin : at - 1].strip():
            return line
        at = begin
    return ""


def _line_below(text: str, at: int) -> str:
    while 0 <= at < len(text):
        end = text.find("\n", at + 1)
        if line := text[at + 1 : end if end >= 0 else len(text)].strip():
            return line
        at = end
    return ""


def margin_of(text: str, at: int) -> int:
    """The characters by which the line at this place is indented."""
    return _margin(text[text.rfind("\n", 0, at) + 1 :])


def _margin(line: str) -> int:
    return re.match(r"[^\S\n]*", line).end()  # type: ignore[union-attr]


def in_list(text: str, begin: int, end: int, margin: int) -> bool:
    """Whether the line is one of a menu or list beside a text with this margin. Their lines are indented, and close."""
    indented = _margin(text[begin:end])
    if not indented or indented > margin:
        return bool(indented)
    above, below = text[max(0, begin - 2) : begin], text[end : end + 2]
    return (begin > 0 and above[:1] not in ("\n", "")) or (len(below) > 1 and below[1] != "\n")


def _introduction(text: str, at: int, margin: int) -> str:
    """The line with a colon that introduces the list in which an item stands."""
    listed = margin > 0
    while listed and at > 0:
        begin = text.rfind("\n", 0, at - 1) + 1
        line = text[begin : at - 1]
        listed, at = bool(line.strip()) and _margin(line) >= margin, begin if line.strip() else at
    words = _line_above(text, at) if margin else ""
    return words if re.search(r"[:：]$", words) and len(words) < _HEADING else ""


def _headings_above(text: str, at: int, margin: int) -> tuple[str, ...]:
    found: list[str] = []
    for _ in range(_LINES):
        if at <= 0 or len(found) == _HEADINGS:
            break
        begin = text.rfind("\n", 0, at - 1) + 1
        line = text[begin : at - 1]
        if is_heading(line) and not in_list(text, begin, at - 1, margin):
            found.append(line.strip())
        elif found and line.strip():
            break
        at = begin
    return tuple(found)


def _heading_below(text: str, at: int, margin: int) -> str:
    for _ in range(_LINES):
        if not 0 <= at < len(text):
            break
        end = text.find("\n", at + 1)
        end = end if end >= 0 else len(text)
        if is_heading(line := text[at + 1 : end]) and not in_list(text, at + 1, end, margin):
            return line.strip()
        at = end
    return ""
