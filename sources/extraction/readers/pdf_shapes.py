"""Look at the shapes on a PDF page where its text alone misleads: raised figures, and letters in a wrong order."""

import re
from collections.abc import Iterator
from typing import Any

from sources.extraction import raised_text

_RIGHT_TO_LEFT = re.compile("[\u05d0-\u05ea\u0620-\u064a\u0671-\u06d3]")
_THAI_MARK = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_DETACHED_THAI_MARK = re.compile("(?:^|[^\u0e01-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_NO_LETTER = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
_LETTER = re.compile(r"[^\W\d_]")
_FIGURES = re.compile(
    r"(?<=[^\W\d_.,])(\d{1,3})(?!\d)"
    r"|(?<=[^\W\d_][.,;:!?”\"’)])(\d{1,3})(?!\d)"
    r"|(?<=\S)\r?\n(\d{1,3})(?=[\s.,;:])"
    r"|(?<=\d)(\d{1,5})(?=\r?\n[ ,.;:)])"
)
_LINE_END = re.compile(r"\r?\n(?=[ ,.;:)])")  # pdfium takes the way back down for a line end

_TAIL = 4  # the group of figures that follow others
_SMALL = 0.85  # of the size of the letter before

_MAX_LETTERS = 3_000
_MAX_FIGURES = 2_000
_MANY = 0.3  # the share of a document's letters from which its quotes are likely to be in that script
_WRONG = 0.1

REVERSED = (
    "This PDF cannot be watched: it stores its Arabic or Hebrew letters in the order of their shapes, so that words "
    "come out reversed. Cite a web page with the same text, or paste it."
)
DETACHED = (
    "This PDF cannot be watched: its Thai vowels and tone marks come out apart from their letters. Cite a web page "
    "with the same text, or paste it."
)
NO_LETTERS = (
    "This PDF cannot be watched: its fonts do not say which letters their shapes stand for. Cite a web page with the "
    "same text, or paste it."
)


class Letters:
    """Counts over a document whether its letters come out in their order."""

    def __init__(self) -> None:
        self.letters = self.right_to_left = self.marks = self.detached = self.unknown = self.filled = 0
        self.pairs = self.backward = 0

    def count(self, text: str, page: Any) -> None:
        """Take a page: its text, and pypdfium2's text page."""
        if text.isascii() and not _NO_LETTER.search(text):
            self.letters += len(text)
            self.filled += len(text)
            return
        self.letters += len(_LETTER.findall(text))
        self.filled += len(text) - text.count(" ")
        self.unknown += len(_NO_LETTER.findall(text))
        self.marks += len(_THAI_MARK.findall(text))
        self.detached += len(_DETACHED_THAI_MARK.findall(text))
        found = len(_RIGHT_TO_LEFT.findall(text))
        self.right_to_left += found
        if found and self.pairs < _MAX_LETTERS:
            for right_of in _neighbours(text, page):
                self.pairs += 1
                self.backward += right_of

    def refusal(self) -> str:
        """Return why this document cannot be read, or an empty string."""
        if self.unknown > _MANY * self.filled:
            return NO_LETTERS
        if self.right_to_left > _MANY * self.letters and self.backward > _WRONG * self.pairs:
            return REVERSED
        return DETACHED if self.marks > 20 and self.detached > _WRONG * self.marks else ""


def _neighbours(text: str, page: Any) -> Iterator[bool]:
    """For two letters in a row of a script written from right to left: does the second stand right of the first?"""
    before: tuple[int, float, float, float] | None = None
    for index, character in enumerate(text[: 2 * _MAX_LETTERS]):
        if not _RIGHT_TO_LEFT.match(character):
            continue
        left, bottom, right, top = page.get_charbox(index)
        middle = (left + right) / 2
        if before is not None and before[0] == index - 1 and abs(bottom - before[2]) < max(top - bottom, before[3]):
            yield middle > before[1]
        before = index, middle, bottom, top - bottom


def with_raised_figures(text: str, page: Any) -> str:
    """Return the text of a page with its small raised figures as characters, and without those that refer to notes."""
    from pypdfium2 import raw  # type: ignore[import-untyped]  # as in sources/extraction/readers/pdf.py

    kept, position = [], 0
    for number, found in enumerate(_FIGURES.finditer(text)):
        if number == _MAX_FIGURES:
            break
        start, before = found.start(found.lastindex or 1), found.start() - 1
        usual = raw.FPDFText_GetFontSize(page, before)
        while start < found.end() and not 0 < raw.FPDFText_GetFontSize(page, start) < _SMALL * usual:
            start += 1
        if start == found.end() or (start > found.start(found.lastindex or 1) and found.lastindex != _TAIL):
            continue
        if page.get_charbox(start)[1] <= page.get_charbox(before)[1] + 0.1 * usual:
            continue
        cut = start if found.lastindex == _TAIL else found.start()
        kept.append(text[position:cut])
        preceding, following = text[max(0, cut - 40) : cut], text[found.end() : found.end() + 1]
        kept.append(raised_text.as_characters(text[start : found.end()], preceding, following))
        position = found.end()
        if line_end := _LINE_END.match(text, position):
            position = line_end.end()
    return "".join(kept) + text[position:]
