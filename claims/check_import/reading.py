"""Read a CSV file row by row, in whichever encoding a spreadsheet has saved it, and say which rows cannot be read."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

LONGEST_CELL = 131_072  # of Python's reader
_PIECE = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Row:
    """A row as a spreadsheet numbers it: the header is 1. `broken` says why its cells are not to be relied on."""

    number: int
    cells: list[str]
    broken: str = ""


def rows(file: BinaryIO) -> Iterator[Row]:
    """The rows of the file, the header first, without those that are empty. Holds one row at a time in memory."""
    encoding = encoding_of(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    try:
        reader = csv.reader(text, delimiter=_delimiter(text))
        width, number = 0, 0
        while True:
            number += 1
            try:
                cells = [cell.replace("\x00", "").strip() for cell in next(reader)]
            except StopIteration:
                return
            except csv.Error:
                yield Row(number, [], f"A cell is longer than {LONGEST_CELL:,} characters, or its quotes do not close.")
                continue
            if not any(cells):
                continue
            width = width or len(cells)
            yield Row(number, cells, _broken(cells, width))
    finally:
        text.detach()  # the file stays the caller's to close


def encoding_of(file: BinaryIO) -> str:
    """By its byte order mark; else UTF-8 if all of it is; else what Excel writes in Western languages."""
    file.seek(0)
    start = file.read(4)
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _delimiter(text: io.TextIOWrapper) -> str:
    """Check writes commas; spreadsheets of some languages save semicolons or tabs instead."""
    header = text.readline(100_000)
    text.seek(0)
    return max(",;\t", key=header.count)


def _broken(cells: list[str], width: int) -> str:
    if len(cells) > width:
        return f"The row has {len(cells)} cells, and the header {width}: a quotation mark or a comma is out of place."
    if len(cells) < width:
        return f"The row has {len(cells)} of {width} cells: its end is missing."
    return ""
