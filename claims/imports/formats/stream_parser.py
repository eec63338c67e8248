"""Parse streams of JSON, NDJSON and CSV into values and rows, piece by piece in little memory.

Bytes are UTF-8 unless a charset is declared and they are not. Where none is, each byte that is not UTF-8 becomes one of
U+DC80 to U+DCFF (Python's `surrogateescape`), so that `repair.clean` can tell it from what was lost before.

Invalid JSON is repaired if surplus commas, control characters or `undefined` are its only faults. Otherwise an
`InvalidValue` is yielded, and parsing continues after it.
"""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import webencodings  # type: ignore[import-untyped]

LONGEST_VALUE = 5_000_000  # characters of one record
_ARRAY = re.compile(r'"(?:dataFeedElement|results|claims|claimReviews|@graph)"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,;\x00\ufeff]*")
# A string that is never closed goes on to the end, so that its quotation marks are not tried one by one.
_STRING = r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
_TOKEN = re.compile(rf"{_STRING}|[{{}}\[\]]", re.DOTALL)
_STRING_OR_FAULT = re.compile(rf"({_STRING})|,(?=\s*[}}\],])|(?<=:)\s*undefined\b", re.DOTALL)
TableError = csv.Error
NUL_TAKEN_OUT = "NUL characters taken out"
SEMICOLON_LEFT_OUT = "a semicolon after its JSON left out"
_decoder = json.JSONDecoder(strict=False)  # raw line breaks and tabs in strings are common


@dataclass(frozen=True, slots=True)
class InvalidValue:
    """A part of the stream that is no value: the reason, and its beginning."""

    reason: str
    beginning: str


class RepairedValue(dict[str, Any]):
    """An object that was no valid JSON as it stood; `forms` is what was unusual, a few words each."""

    forms: tuple[str, ...] = ()


def with_forms(value: Any, *forms: str) -> Any:
    """The value, of which the objects say what was unusual in how they stood."""
    if not forms:
        return value
    if isinstance(value, list):
        return [with_forms(each, *forms) for each in value]
    if not isinstance(value, dict):
        return value
    marked = RepairedValue(value)
    marked.forms = tuple(dict.fromkeys([*forms_of(value), *forms]))
    return marked


def forms_of(value: Any) -> tuple[str, ...]:
    """What was unusual in how the value stood."""
    return value.forms if isinstance(value, RepairedValue) else ()


def values(pieces: Iterable[bytes], charset: str = "") -> Iterator[Any]:
    """Each record: the elements of an array, of a DataFeed or of a page of an API, or successive values.

    Members around the array of a feed are skipped.
    """
    return _values(_decoded(pieces, charset))


def values_of_text(text: str) -> Iterator[Any]:
    """Each record in a text, as `values` finds them in a stream."""
    return _values(iter([text]))


def _decoded(pieces: Iterable[bytes], charset: str) -> Iterator[str]:
    """The text: from UTF-16 with a byte order mark, UTF-8, or the declared charset if it is not UTF-8."""
    declared = _codec(charset)
    decoder: Any = None
    ascii_so_far = True
    for piece in pieces:
        if decoder is None:
            if piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                decoder, declared = codecs.getincrementaldecoder("utf-16")("replace"), ""
            elif declared.startswith("utf-16"):
                decoder, declared = codecs.getincrementaldecoder(declared)("replace"), ""
            else:
                decoder = codecs.getincrementaldecoder("utf-8-sig")("strict" if declared else "surrogateescape")
        before = decoder.getstate()[0] if declared else b""
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError:
            # Once there was other text in UTF-8, its faults are faults.
            name, errors = (declared, "replace") if ascii_so_far else ("utf-8", "surrogateescape")
            declared = ""
            decoder = codecs.getincrementaldecoder(name)(errors)
            text = decoder.decode(before + piece)
        ascii_so_far = ascii_so_far and text.isascii()
        yield text
    if decoder is not None:
        yield _rest(decoder, declared)


def _rest(decoder: Any, declared: str) -> str:
    pending = decoder.getstate()[0] if declared else b""
    try:
        return str(decoder.decode(b"", True))
    except UnicodeDecodeError:
        return str(pending.decode(declared, "replace"))


def _codec(charset: str) -> str:
    """Python's codec of a charset by its label on the Web; empty for UTF-8 and for what is no charset."""
    encoding = webencodings.lookup(charset) if charset else None
    name = "" if encoding is None else str(encoding.codec_info.name)
    return "" if name in {"utf-8", "utf-8-sig"} else {"gbk": "gb18030", "shift_jis": "cp932"}.get(name, name)


class _Buffer:
    """Text that is read but not yet parsed, from position `at`."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self.pieces = pieces
        self.text = ""
        self.at = 0
        self.ended = False

    def more(self) -> bool:
        """Read more and drop parsed text; False at the end.

        It grows by a half at least, so that what is long is not parsed again for each piece.
        """
        unread = len(self.text) - self.at
        read: list[str] = []
        while not self.ended and sum(map(len, read)) < max(1, unread // 2):
            piece = next(self.pieces, None)
            self.ended = piece is None
            read.append(piece or "")
        self.text = "".join([self.text[self.at :], *read])
        self.at = 0
        return len(self.text) > unread

    def skip(self) -> str:
        """Skip separators; return the next character, or empty at the end."""
        while True:
            match = _BETWEEN.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""


def _values(pieces: Iterator[str]) -> Iterator[Any]:
    text = _Buffer(pieces)
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


def _enter_feed(text: _Buffer) -> bool:
    """Move to the first element if the value is a feed; False if it is not."""
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
        return False  # its nodes refer to each other, so it is parsed as a whole
    text.at += match.end()
    return True


def _next(text: _Buffer) -> Any:
    while True:
        try:
            value, text.at = _decoder.raw_decode(text.text, text.at)
        except (ValueError, RecursionError) as error:
            # At the end of the buffer it may only be incomplete.
            if (
                len(text.text) - text.at < LONGEST_VALUE
                and isinstance(error, json.JSONDecodeError)
                and _near_end(text, error)
                and text.more()
            ):
                continue
            return _repaired(text, error)
        if text.at - len(text.text) == 0 and not isinstance(value, dict | list | str) and text.more():
            continue  # a number may continue in the next piece
        return value


def _near_end(text: _Buffer, error: json.JSONDecodeError) -> bool:
    return error.pos >= len(text.text) - 200 or error.msg.startswith("Unterminated")


def _repaired(text: _Buffer, error: Exception) -> Any:
    """Parse the value again after repair, cut out by its brackets; moves past it in any case."""
    start = text.at
    end = _end(text, start)
    cut = text.text[text.at : end]
    text.at = end
    if isinstance(error, RecursionError) or len(cut) > LONGEST_VALUE:
        return InvalidValue(_reason(error, cut), cut[:200])
    without_nul = cut.replace("\x00", "")
    plain = _STRING_OR_FAULT.sub(lambda match: match[1] or ("" if match[0] == "," else "null"), without_nul)
    forms = [NUL_TAKEN_OUT] if without_nul != cut else []
    if plain != without_nul:
        forms.append("surplus commas and undefined values of its JSON taken out")
    try:
        return with_forms(_decoder.decode(plain), *forms)
    except (ValueError, RecursionError) as again:
        return InvalidValue(_reason(again, cut), cut[:200])


def _reason(error: Exception, cut: str) -> str:
    if isinstance(error, RecursionError):
        return "It is nested too deeply to be read."
    if len(cut) > LONGEST_VALUE:
        return f"It is longer than {LONGEST_VALUE:,} characters."
    if isinstance(error, json.JSONDecodeError):
        return f"It is no JSON: {error.msg.lower()} at character {error.pos:,}."
    return "It holds a number too long to be read."


def _end(text: _Buffer, start: int) -> int:
    """The end of the value at `text.at`, by its brackets or else by the end of its line."""
    if text.text[text.at] not in "{[":
        while (newline := text.text.find("\n", text.at)) < 0:
            if len(text.text) - text.at > LONGEST_VALUE or not text.more():
                return len(text.text)
        return newline + 1
    depth = 0
    place = 0  # from text.at
    while True:
        for token in _TOKEN.finditer(text.text, text.at + place):
            if token[0][0] == '"' and token.end() == len(text.text):
                break  # it may be cut off at the end of the buffer, so it is scanned again
            depth += 1 if token[0] in "{[" else -1 if token[0] in "}]" else 0
            place = token.end() - text.at
            if depth == 0:
                return token.end()
        if len(text.text) - text.at > 4 * LONGEST_VALUE or not text.more():
            return len(text.text)


def lines(pieces: Iterable[bytes], charset: str = "") -> Iterator[Any]:
    """Each line of NDJSON as a value."""
    rest: list[str] = []  # pieces of one line
    for piece in _decoded(pieces, charset):
        if "\n" not in piece:
            rest.append(piece)
            continue
        *whole, last = "".join([*rest, piece]).split("\n")
        rest = [last]
        for line in whole:
            if line.strip():
                yield _of_line(line)
    if (line := "".join(rest)).strip():
        yield _of_line(line)


def _of_line(line: str) -> Any:
    if len(line) > LONGEST_VALUE:
        return InvalidValue(f"It is longer than {LONGEST_VALUE:,} characters.", line[:200])
    only = _Buffer(iter(()))
    only.text = line
    if not only.skip():
        return InvalidValue("The line holds no value.", line[:200])
    value = _next(only)
    rest = only.text[only.at :]
    if not isinstance(value, InvalidValue) and only.skip() != "":
        return InvalidValue("There is more than one value in the line.", line[:200])
    return with_forms(value, *_forms_after(rest))


def _forms_after(rest: str) -> Iterator[str]:
    """What was unusual in what stands after a value."""
    if ";" in rest:
        yield SEMICOLON_LEFT_OUT
    if "\x00" in rest:
        yield NUL_TAKEN_OUT


def rows(pieces: Iterable[bytes], charset: str = "") -> Iterator[list[str]]:
    """Each row of a table, the header first; the separator is the most frequent of `,`, `;`, `|` and tab in it.

    A line `sep=;` before the header, as Excel writes it, names the separator.
    """
    csv.field_size_limit(LONGEST_VALUE)
    text = (piece.replace("\x00", "") for piece in _decoded(pieces, charset))
    source = _lines(text)
    header = next(source, "")
    separator = max(",;\t|", key=header.count)
    if header.startswith("sep=") and len(header.strip()) == 5:
        separator = header.strip()[-1]
        header = next(source, "")
    yield from csv.reader(_chained(header, source), delimiter=separator)


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _lines(pieces: Iterable[str]) -> Iterator[str]:
    rest: list[str] = []  # pieces of one line
    for piece in pieces:
        if "\n" not in piece and "\r" not in piece:
            rest.append(piece)
            continue
        whole = io.StringIO("".join([*rest, piece]), newline="").readlines()
        rest = [whole.pop()] if whole else []
        yield from whole
    if rest:
        yield "".join(rest)
