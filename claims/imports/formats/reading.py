"""Read a source in any supported format, from bytes to records; each entry is a Record or the reason of its refusal."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from claims.imports.formats import claimreview, csv_row, instance_body, json_ld, markup, stream_parser
from claims.imports.formats.records import Record, RecordRefused
from sources.extraction import charset as page_charset

FORMATS = ("json", "ndjson", "csv", "html")
_UNKNOWN_ORIGIN = "https://instance.invalid"  # base URL of claims without an article if the file names no instance
_HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html|<head|<body|<script|<!--)", re.IGNORECASE)


class Refusal(NamedTuple):
    """A refused record: the reason, and its address or beginning to find it by."""

    reason: str
    about: str


Entry = Record | Refusal
LazyEntry = Callable[[], Entry] | Refusal
"""An entry that is parsed when it is called, so that entries before a resumed position cost little."""


def detect_format(name: str, media_type: str, head: bytes) -> str:
    """One of `FORMATS`, by the media type, the file name or the first bytes."""
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
    pieces: Iterable[bytes],
    *,
    form: str,
    now: datetime,
    url: str = "",
    language: str = "",
    charset: str = "",
    after: int = 0,
) -> Iterator[Entry]:
    """The records of the source in order. `url` is its origin, `language` the default of records that state none.

    `charset` is the one that its server or its user declares.

    The first `after` records are skipped without parsing them, at a fifth of the cost.
    """
    for entry in islice(_lazy_entries(pieces, form, now, url, language, charset), after, None):
        yield entry if isinstance(entry, Refusal) else entry()


def of_value(value: Any, *, now: datetime, url: str = "", language: str = "") -> Iterator[Entry]:
    """The records in one JSON value."""
    for entry in _of(value, now, url, language):
        yield entry if isinstance(entry, Refusal) else entry()


def _lazy_entries(
    pieces: Iterable[bytes], form: str, now: datetime, url: str, language: str, charset: str
) -> Iterator[LazyEntry]:
    if form == "csv":
        yield from _of_csv(stream_parser.rows(pieces, charset), now, language)
        return
    if form == "html":
        content = b"".join(pieces)
        page = page_charset.decode(content, charset or None)
        is_guessed = page.charset != "utf-8" and not (charset or _declares_charset(content))
        forms = [f"bytes that are not UTF-8 read as {page.charset}; no charset is declared"] if is_guessed else []
        yield from _of_page(page.text, now, url, language, forms)
        return
    read = stream_parser.lines if form == "ndjson" else stream_parser.values
    for value in read(pieces, charset):
        found = list(_of(value, now, url, language))
        yield from found or [Refusal("There is no ClaimReview in it.", _beginning(value))]


def _declares_charset(page: bytes) -> bool:
    return page.startswith((b"\xff\xfe", b"\xfe\xff")) or b"charset" in page[:65_536].lower()


def _of_page(page: str, now: datetime, url: str, language: str, forms: Iterable[str]) -> Iterator[LazyEntry]:
    """The reviews of a page; those of its microdata and RDFa that its JSON-LD does not hold too."""
    blocks, items = (stream_parser.with_forms(each, *forms) for each in markup.values(page))
    found = [_now(each) for value in blocks for each in _of(value, now, url, language)]
    known = {entry.key for entry in found if isinstance(entry, Record)}
    marked_up = [_now(each) for value in items for each in _of(value, now, url, language)]
    for entry in marked_up:
        if isinstance(entry, Record) and entry.key not in known:
            known.add(entry.key)
            found.append(entry)
        elif isinstance(entry, Refusal) and not known:
            found.append(entry)
    if not found:
        yield Refusal("The page has no ClaimReview in JSON-LD, microdata or RDFa.", url)
    for entry in found:
        yield entry if isinstance(entry, Refusal) else partial(_same, entry)


def _now(entry: LazyEntry) -> Entry:
    return entry if isinstance(entry, Refusal) else entry()


def _same(entry: Record) -> Record:
    return entry


def _of(value: Any, now: datetime, url: str, language: str) -> Iterator[LazyEntry]:
    if isinstance(value, stream_parser.InvalidValue):
        yield Refusal(value.reason, value.beginning)
    elif instance_body.is_body(value):
        base = "://".join(urlsplit(url)[:2]) if url.startswith("http") else _UNKNOWN_ORIGIN
        yield from _converted(lambda: instance_body.claim_reviews(value, base=base), value, now, language)
    elif instance_body.is_search_result(value):
        yield from _converted(lambda: instance_body.of_search_result(value), value, now, language)
    else:
        page = url if url.startswith("http") else ""
        forms = stream_parser.forms_of(value)
        for found in json_ld.claim_reviews(value):
            yield partial(_read, found.thing, found.known, now, page, language, (*forms, *found.forms))


def _converted(convert: Callable[[], Iterator[Any]], value: Any, now: datetime, language: str) -> Iterator[LazyEntry]:
    """The reviews of a claim of another instance; the claim is refused as a whole if it is incomplete."""
    try:
        reviews = list(convert())
    except (KeyError, TypeError, AttributeError, IndexError, ValueError):
        yield Refusal("It looks like a published claim, but not all of it is there.", _beginning(value))
        return
    for thing in reviews:
        yield partial(_read, thing, {}, now, "", language)


def _read(thing: Any, known: Any, now: datetime, page: str, language: str, forms: tuple[str, ...] = ()) -> Entry:
    try:
        return claimreview.read(thing, now=now, known=known, page=page, language=language, forms=forms)
    except RecordRefused as refusal:
        return Refusal(str(refusal), str(thing.get("url") or "")[:500] or _beginning(thing))


def _of_csv(rows: Iterator[list[str]], now: datetime, language: str) -> Iterator[LazyEntry]:
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
        except stream_parser.TableError as error:
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
