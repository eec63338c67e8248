"""Extract all text that a reader sees from the bytes of an HTML page, a plain text, XML, JSON, PDF or Word file.

The result includes menus and footers, because it answers "is this sentence still on the page?", not "what is the
article?" (`main_text`). It excludes scripts, styles, elements that the page marks as hidden, and struck-out text
(`<del>`, `<s>`), which a page shows as retracted. Line breaks separate blocks.

Pure: no network, no database, no files.
"""

import hashlib
import re
from dataclasses import dataclass
from importlib.metadata import version

from sources.extraction import html_text
from sources.extraction.charset import Decoded, decode
from sources.extraction.readers import docx, gzip, json, pdf, xml
from sources.extraction.readers.result import ReaderResult

EXTRACTOR = f"full-3 resiliparse-{version('resiliparse')}"
"""Stored with every text: texts of different extractors must not be compared."""

_DOCUMENT_EXTRACTORS = {"pdf": f"pdf-2 pypdfium2-{version('pypdfium2')}", "docx": "docx-2", "gzipped": "gzipped-1"}

MAX_BYTES = 10_000_000
MAX_CHARACTERS = 5_000_000

_HTML = {"text/html", "application/xhtml+xml"}
_PLAIN = {"text/plain", "text/markdown", "text/csv", "text/xml", "application/json", "application/xml"}

_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_CONTROL_BYTES = bytes([*range(9), 0x0B, *range(0x0E, 0x20), 0x7F])
_SURROGATE = re.compile("[\ud800-\udfff]")
HEADER_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([\w.:-]{1,40})""", re.I)
_BOMS = (b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe")


class UnsupportedMedia(ValueError):
    """Text cannot be extracted from this type of file. The message is a sentence for people."""


@dataclass(frozen=True)
class PageText:
    """The text of a page.

    `flags`: `cleaned` (U+FFFD replaces characters that PostgreSQL cannot store), `bad_bytes` (bytes are invalid in the
    page's charset; U+FFFD stands for them, and `charset.is_damaged` says whether they touch a passage),
    `charset_conflict` (header, page and bytes disagree about the charset), `mislabelled` (the
    media type does not match the bytes), `parse_limited` (a limit was reached: text missing here may be on the page).
    """

    text: str
    title: str = ""
    language: str | None = None
    extractor_version: str = EXTRACTOR
    flags: tuple[str, ...] = ()
    canonical: str = ""
    """The page's canonical link, unchanged."""

    @property
    def sha256(self) -> str:
        """The sha256 of the UTF-8 form of the text, in hex, under which it is stored."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def limited(self) -> bool:
        return "parse_limited" in self.flags


def extract(body: bytes, media_type: str = "", charset: str | None = None, *, documents: bool = False) -> PageText:
    """Extract the text of a page from its bytes. Raises `UnsupportedMedia`.

    Deep nesting loses no text, but a hostile page can occupy the parser for minutes: use
    `sources.extraction.sandbox.extract` for untrusted bytes. `documents` enables PDF, Word and compressed sitemaps, for
    the sandbox only.

    `media_type` and `charset` come from the Content-Type header; `media_type` may be the whole header.
    """
    if charset is None and (named := HEADER_CHARSET.search(media_type)):
        charset = named[1]
    flags: set[str] = set()
    if documents and (reader := _document_reader(body)):
        return _read_document(body, reader)
    kind = _kind(body, media_type, flags)
    if len(body) > MAX_BYTES:
        body = body[:MAX_BYTES]
        flags.add("parse_limited")
    decoded = decode(html_text.rename(body) if kind == "html" else body, charset, xml=kind != "html")
    source = decoded.text
    flags.update(name for name, raised in _flags_of(decoded) if raised)
    # The search in bytes comes first, as it takes a tenth of the time.
    if b"\x00" in body and "\x00" in source:
        flags.add("cleaned")
    title, language, extractor, canonical = "", None, EXTRACTOR, ""
    structured = None if kind == "html" else _structured(source, media_type)
    if structured is not None:
        reading, extractor = structured
        text, title = reading.text, _clean(reading.title, set())
        if reading.limited:
            flags.add("parse_limited")
    elif kind == "html":
        page = html_text.read(source)
        text, title = page.text, _clean(page.title, set())
        language, canonical = _language(page.language), _clean(page.canonical.strip(), set())[:2000]
    else:
        text = source.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > MAX_CHARACTERS:
        text = text[:MAX_CHARACTERS]
        flags.add("parse_limited")
    title = " ".join(title.split())[:500]
    return PageText(_clean(text, flags), title, language, extractor, tuple(sorted(flags)), canonical)


def _flags_of(decoded: Decoded) -> tuple[tuple[str, bool], ...]:
    return ("charset_conflict", decoded.conflict), ("bad_bytes", decoded.bad_bytes)


def is_html(body: bytes, media_type: str = "") -> bool:
    """Whether these bytes are read as an HTML page."""
    try:
        return not is_document(body) and _kind(body, media_type, set()) == "html"
    except UnsupportedMedia:
        return False


def is_document(body: bytes) -> bool:
    """Whether these bytes need `documents`."""
    return bool(_document_reader(body))


def _document_reader(body: bytes) -> str:
    """Return `pdf`, `gzipped`, `docx` or an empty string by the first bytes, since servers mislabel these files."""
    if body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\f").startswith(b"%PDF-"):
        return "pdf"
    if body.startswith(b"\x1f\x8b\x08"):
        return "gzipped"
    return "docx" if body.startswith(b"PK\x03\x04") else ""


def _read_document(body: bytes, reader: str) -> PageText:
    try:
        reading = {"pdf": pdf, "gzipped": gzip, "docx": docx}[reader].read(body)
    except ValueError as error:
        raise UnsupportedMedia(str(error)) from error
    flags = {"parse_limited"} if reading.limited or len(reading.text) > MAX_CHARACTERS else set()
    text = _clean(reading.text[:MAX_CHARACTERS], flags)
    name = _DOCUMENT_EXTRACTORS[reader]
    title = " ".join(_clean(reading.title, set()).split())[:500]
    return PageText(text, title, None, name, tuple(sorted(flags)))


def _structured(source: str, media_type: str) -> tuple[ReaderResult, str] | None:
    """Extract text from well-formed JSON or XML. Returns it with the extractor's name, or None for other sources."""
    named = media_type.partition(";")[0].strip().lower()
    try:
        if named == "application/json" or named.endswith("+json"):
            return json.read(source), "json-1"
        if named in {"text/xml", "application/xml"} or named.endswith("+xml") or source.startswith("<?xml"):
            return xml.read(source), "xml-1"
    except ValueError:
        return None  # treated as plain text
    return None


def _kind(body: bytes, media_type: str, flags: set[str]) -> str:
    """Return `html` or `plain`, by the header and the first bytes. Raises `UnsupportedMedia`."""
    named = media_type.partition(";")[0].strip().lower()
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\f")
    binary = next((kind for magic, kind in _MAGIC if start.startswith(magic)), None)
    if binary:
        raise UnsupportedMedia(f"This is {binary}, not a page of text. Upload it as a file instead.")
    looks_html = bool(re.match(rb"<(?:!doctype html|html|head|body|!--|div|p\b|h1|table|meta|title)", start, re.I))
    if named in _HTML:
        return "html"
    if named in _PLAIN or named.endswith(("+json", "+xml")):
        if looks_html and named not in {"text/plain", "text/markdown"}:
            flags.add("mislabelled")
            return "html"
        return "plain"
    if named in {"", "application/octet-stream", "unknown/unknown", "application/gzip", "application/x-gzip"}:
        if looks_html:
            return "html"
        if body[:4] in {b"", *_BOMS} or b"\x00" not in body[:1024]:
            return "plain"
        raise UnsupportedMedia("The server does not state the file type, and the file is not text.")
    raise UnsupportedMedia(f"The server states the file type {named[:80]}, which is not a page of text.")


_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "an archive or an office document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "a picture or a recording"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x1f\x8b\x08", "a compressed file"),
)


def _clean(text: str, flags: set[str]) -> str:
    """Replace NUL and lone surrogates, which PostgreSQL refuses, and other control characters by U+FFFD."""
    try:
        # Control characters are one byte each in UTF-8, where the search is fast.
        data = text.encode()
        if len(data.translate(None, _CONTROL_BYTES)) == len(data):
            return text
    except UnicodeEncodeError:
        text = _SURROGATE.sub("\ufffd", text)
    flags.add("cleaned")
    return _CONTROL.sub("\ufffd", text)


def _language(given: str) -> str | None:
    tag = given.strip().replace("_", "-")
    return tag if re.fullmatch(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}", tag) and len(tag) <= 35 else None
