"""A source from its first byte to its last record: what it is, and each record of it or why it was refused."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import chain, islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from claims.imports.formats import claimreview, csv_row, instance_body, streams
from claims.imports.formats.records import Record, RecordRefused

FORMATS = ("json", "ndjson", "csv", "html")
_NOWHERE = (
    "https://instance.invalid"  # where a claim without an article stands, if the file does not tell of whom it is
)
_HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html|<head|<body|<script|<!--)", re.IGNORECASE)


class Refusal(NamedTuple):
    """A record that was not taken: why, and what helps to find it (its address, or how it begins)."""

    reason: str
    about: str


Entry = Record | Refusal
Unread = Callable[[], Entry] | Refusal


def told_format(name: str, media_type: str, head: bytes) -> str:
    """Which of `FORMATS` it is: by its media type, its name, or how it begins."""
    media_type = media_type.partition(";")[0].strip().lower()
    suffix = name.lower().partition("?")[0].rpartition(".")[2]
    if media_type in {"text/csv", "application/csv"} or suffix in {"csv", "tsv"}:
        return "csv"
    if media_type in {"application/x-ndjson", "application/jsonl"} or suffix in {"ndjson", "jsonl"}:
        return "ndjson"
    if media_type in {"text/html", "application/xhtml+xml"} or suffix in {"html", "htm"} or _HTML.match(head):
        return "html"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "json" if wide or start in {b"{", b"["} or suffix in {"json", "jsonld"} or not start else "csv"


def entries(
    pieces: Iterable[bytes], *, form: str, now: datetime, url: str = "", language: str = "", after: int = 0
) -> Iterator[Entry]:
    """Every record of the source, in its order. `url` is where it came from, `language` is taken if none is told.

    The first `after` of them are passed over without being read, at a fifth of the cost.
    """
    for unread in islice(_unread(pieces, form, now, url, language), after, None):
        yield unread if isinstance(unread, Refusal) else unread()


def of_value(value: Any, *, now: datetime, url: str = "", language: str = "") -> Iterator[Entry]:
    """The records in one JSON value."""
    for unread in _of(value, now, url, language):
        yield unread if isinstance(unread, Refusal) else unread()


def _unread(pieces: Iterable[bytes], form: str, now: datetime, url: str, language: str) -> Iterator[Unread]:
    if form == "csv":
        yield from _of_table(pieces, now, language)
        return
    if form == "html":
        page = b"".join(pieces).decode("utf-8-sig", "replace")
        found = list(chain.from_iterable(_of(value, now, url, language) for value in streams.script_blocks(page)))
        yield from found or [Refusal("The page has no ClaimReview in blocks of JSON-LD.", url)]
        return
    read = streams.lines if form == "ndjson" else streams.values
    for value in read(pieces):
        found = list(_of(value, now, url, language))
        yield from found or [Refusal("There is no ClaimReview in it.", _beginning(value))]


def _of(value: Any, now: datetime, url: str, language: str) -> Iterator[Unread]:
    if isinstance(value, streams.Broken):
        yield Refusal(value.reason, value.beginning)
    elif instance_body.is_body(value):
        base = "://".join(urlsplit(url)[:2]) if url.startswith("http") else _NOWHERE
        yield from _made(lambda: instance_body.claim_reviews(value, base=base), value, now, language)
    elif instance_body.is_search_result(value):
        yield from _made(lambda: instance_body.of_search_result(value), value, now, language)
    else:
        page = url if url.startswith("http") else ""
        for thing, known in claimreview.claim_reviews(value):
            yield partial(_read, thing, known, now, page, language)


def _made(things: Callable[[], Iterator[Any]], value: Any, now: datetime, language: str) -> Iterator[Unread]:
    """What another instance's shape cannot be made into is refused whole."""
    try:
        made = list(things())
    except (KeyError, TypeError, AttributeError, IndexError, ValueError):
        yield Refusal("It looks like a published claim, but not all of it is there.", _beginning(value))
        return
    for thing in made:
        yield partial(_read, thing, {}, now, "", language)


def _read(thing: Any, known: Any, now: datetime, page: str, language: str) -> Entry:
    try:
        return claimreview.read(thing, now=now, known=known, page=page, language=language)
    except RecordRefused as refusal:
        return Refusal(str(refusal), str(thing.get("url") or "")[:500] or _beginning(thing))


def _of_table(pieces: Iterable[bytes], now: datetime, language: str) -> Iterator[Unread]:
    rows = streams.rows(pieces)
    try:
        where = csv_row.columns(next(rows, []))
    except RecordRefused as refusal:
        yield Refusal(str(refusal), "the header")
        return
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except streams.TableError as error:
            yield Refusal(f"The row cannot be read: {error}.", "")
            continue
        try:
            thing = csv_row.claim_review(row, where)
        except RecordRefused as refusal:
            yield Refusal(str(refusal), ", ".join(row)[:200])
            continue
        yield partial(_read, thing, {}, now, "", language)


def _beginning(value: Any) -> str:
    return repr(value)[:200]
