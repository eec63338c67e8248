"""From bytes to the JSON values and rows in them, a piece at a time, so that a feed of gigabytes takes little memory.

A value that is no JSON is repaired if commas too many or control characters are all that is wrong; else it is handed on
as `Broken`, and reading goes on behind it.
"""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

LONGEST_VALUE = 5_000_000  # characters of one record
_ARRAY = re.compile(r'"(?:dataFeedElement|results|claims|claimReviews|@graph)"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,;\x00\ufeff]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)
_UNFINISHED = re.compile(r'"(?:[^"\\]|\\.)*$', re.DOTALL)
_STRING_OR_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\],])', re.DOTALL)
_SCRIPT = re.compile(
    r"<script\b[^>]{0,500}?type\s{0,9}=\s{0,9}[\"']?application/ld\+json[^>]{0,500}>(.*?)</script\s{0,9}>",
    re.IGNORECASE | re.DOTALL,
)
TableError = csv.Error
_decoder = json.JSONDecoder(strict=False)  # line breaks and tabs within texts are common, and mean themselves


@dataclass(frozen=True, slots=True)
class Broken:
    """What should have been a value: why it is none, and how it begins."""

    reason: str
    beginning: str


def values(pieces: Iterable[bytes]) -> Iterator[Any]:
    """Each record: elements of an array, of a DataFeed, of a page of an API's answer, or values one after the other.

    What stands around the array of a feed is not read.
    """
    return _values(_decoded(pieces))


def _decoded(pieces: Iterable[bytes]) -> Iterator[str]:
    """UTF-8, or UTF-16 with a byte order mark; a byte that is neither becomes U+FFFD."""
    decoder: Any = None
    for piece in pieces:
        if decoder is None:
            wide = piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")("replace")
        yield decoder.decode(piece)
    if decoder is not None:
        yield decoder.decode(b"", True)


class _Text:
    """What is read and not yet used."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self.pieces = pieces
        self.text = ""
        self.at = 0
        self.ended = False

    def more(self) -> bool:
        """Read on; False at the end. What is used up is dropped."""
        if self.ended:
            return False
        for piece in self.pieces:
            if piece:
                self.text = self.text[self.at :] + piece
                self.at = 0
                return True
        self.ended = True
        return False

    def skip(self) -> str:
        """Past what stands between values; the next character, or empty at the end."""
        while True:
            match = _BETWEEN.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""


def _values(pieces: Iterator[str]) -> Iterator[Any]:
    text = _Text(pieces)
    first = text.skip()
    inside = False
    if first == "[":
        text.at += 1
        inside = True
    elif first == "{":
        while len(text.text) - text.at < 65_536 and text.more():
            pass
        inside = _enter_feed(text)
    while (character := text.skip()) != "":
        if inside and character == "]":
            return
        if character in "}]":
            text.at += 1
            continue
        yield _next(text)


def _enter_feed(text: _Text) -> bool:
    """Step into the array of a feed, if its first object is one."""
    head = text.text[text.at : text.at + 65_536]
    match = _ARRAY.search(head)
    if match is None:
        return False
    before = head[: match.start()]
    depth = 0
    for token in _TOKEN.finditer(before):
        depth += 1 if token[0] in "{[" else -1 if token[0] in "}]" else 0
    if depth != 1 or '"ClaimReview"' in before:
        return False
    if match[0].startswith('"@graph"'):
        return False  # its things refer to each other, so it is read as one
    text.at += match.end()
    return True


def _next(text: _Text) -> Any:
    while True:
        try:
            value, text.at = _decoder.raw_decode(text.text, text.at)
        except (ValueError, RecursionError) as error:
            # At the end of what was read so far, it may only be unfinished.
            if (
                len(text.text) - text.at < LONGEST_VALUE
                and isinstance(error, json.JSONDecodeError)
                and _near_end(text, error)
                and text.more()
            ):
                continue
            return _repaired(text, error)
        if text.at - len(text.text) == 0 and not isinstance(value, dict | list | str) and text.more():
            continue  # a number may go on
        return value


def _near_end(text: _Text, error: json.JSONDecodeError) -> bool:
    return error.pos >= len(text.text) - 200 or error.msg.startswith("Unterminated")


def _repaired(text: _Text, error: Exception) -> Any:
    """The value once more, cut out by its brackets; past it in any case."""
    start = text.at
    end = _end(text, start)
    cut = text.text[text.at : end]
    text.at = end
    if isinstance(error, RecursionError) or len(cut) > LONGEST_VALUE:
        return Broken(_reason(error, cut), cut[:200])
    plain = _STRING_OR_COMMA.sub(lambda match: match[1] or "", cut.replace("\x00", ""))
    try:
        return _decoder.decode(plain)
    except (ValueError, RecursionError) as again:
        return Broken(_reason(again, cut), cut[:200])


def _reason(error: Exception, cut: str) -> str:
    if isinstance(error, RecursionError):
        return "It is nested too deeply to be read."
    if len(cut) > LONGEST_VALUE:
        return f"It is longer than {LONGEST_VALUE:,} characters."
    if isinstance(error, json.JSONDecodeError):
        return f"It is no JSON: {error.msg.lower()} at character {error.pos:,}."
    return "It holds a number too long to be read."


def _end(text: _Text, start: int) -> int:
    """Where the value that begins at `text.at` ends by its brackets; without any, at the end of its line."""
    if text.text[text.at] not in "{[":
        while (found := text.text.find("\n", text.at)) < 0:
            if len(text.text) - text.at > LONGEST_VALUE or not text.more():
                return len(text.text)
        return found + 1
    depth = 0
    place = 0  # from text.at
    while True:
        for token in _TOKEN.finditer(text.text, text.at + place):
            depth += 1 if token[0] in "{[" else -1 if token[0] in "}]" else 0
            place = token.end() - text.at
            if depth == 0:
                return token.end()
        # A text that is cut off at the end of what was read has no token yet: it is looked at again.
        if len(text.text) - text.at > 4 * LONGEST_VALUE or not text.more():
            return len(text.text)


def lines(pieces: Iterable[bytes]) -> Iterator[Any]:
    """Each line of NDJSON as a value."""
    rest = ""
    for piece in _decoded(pieces):
        *whole, rest = (rest + piece).split("\n")
        for line in whole:
            if line.strip():
                yield _of_line(line)
    if rest.strip():
        yield _of_line(rest)


def _of_line(line: str) -> Any:
    if len(line) > LONGEST_VALUE:
        return Broken(f"It is longer than {LONGEST_VALUE:,} characters.", line[:200])
    only = _Text(iter(()))
    only.text = line
    only.skip()
    value = _next(only)
    if not isinstance(value, Broken) and only.skip() != "":
        return Broken("There is more than one value in the line.", line[:200])
    return value


def rows(pieces: Iterable[bytes]) -> Iterator[list[str]]:
    """Each row of a table, the header first. Of comma, semicolon and tab, what the header has most of separates."""
    csv.field_size_limit(LONGEST_VALUE)
    text = (piece.replace("\x00", "") for piece in _decoded(pieces))
    source = _lines(text)
    header = next(source, "")
    separator = max(",;\t", key=header.count)
    yield from csv.reader(_chained(header, source), delimiter=separator)


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _lines(pieces: Iterable[str]) -> Iterator[str]:
    rest = ""
    for piece in pieces:
        whole = io.StringIO(rest + piece, newline="").readlines()
        rest = whole.pop() if whole else ""
        yield from whole
    if rest:
        yield rest


def script_blocks(page: str) -> Iterator[Any]:
    """The values in a page's blocks of JSON-LD."""
    for match in _SCRIPT.finditer(page):
        block = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$", "", match[1])
        if block.strip():
            yield from _values(iter([block.strip()]))
