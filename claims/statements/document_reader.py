"""Convert a document (plain text, HTML, Markdown, PDF or Word) to the plain text that all offsets refer to.

Plain text is kept character for character (line ends become "\\n"), so that offsets hold for the file too. An HTML
page is reduced to its article, Markdown to its rendered text.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

from claims.statements.statement_sandbox import NotRead, read_markdown
from sources.extraction import full_text, sandbox

MAX_BYTES = 10_000_000
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_META_CHARSET = re.compile(rb"""<meta[^>]{0,500}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([a-zA-Z0-9_:.-]{1,40})""", re.I)
_HTML_START = re.compile(r"\s*<(?:!doctype html|html|head|body|!--|article|div|p\b|h1|meta|title)", re.IGNORECASE)
_CAPTIONED = re.compile(
    r"(?P<figure><figure\b[^<>]{0,2000}>(?:(?!</?fig(?:ure|caption)\b).){0,50000})<figcaption\b[^<>]{0,2000}>"
    r"(?P<caption>(?:(?!</?fig(?:ure|caption)\b).){0,10000})</figcaption\s{0,9}>",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_BYTES = bytes([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
_MAX_CONTROL_SHARE = 0.02  # more control characters than this, and the bytes are not text
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAGIC = (
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x7fELF", "a program"),
)
_NARROWEST = 40  # characters of a page's longest line: narrower ones are columns of a table
_FULL, _FILLED = 0.7, 0.85  # shares of that length from which a line may go on, or goes on even before a capital
_MARKDOWN_TYPES = {"text/markdown", "text/x-markdown"}
_HTML_TYPES = {"text/html", "application/xhtml+xml"}


class UnreadableDocument(ValueError):
    """No text can be read from the document. The message is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """The text of a document and what it states about itself: None or empty where it states nothing."""

    text: str
    title: str = ""
    language: str | None = None
    publisher: str = ""
    published_on: date | None = None

    @property
    def text_sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def read(
    raw: bytes | str, *, media_type: str = "", filename: str = "", url: str = "", charset: str | None = None
) -> ParsedDocument:
    """Parse `raw` into a document. Raises `UnreadableDocument`.

    The format follows from the media type, else the file name's ending, else the first characters. Bytes are decoded by
    byte order mark, `charset`, `<meta>`, UTF-8 or detection, in this order.
    """
    media_type = media_type.partition(";")[0].strip().lower()
    if isinstance(raw, bytes):
        if full_text.is_document(raw) and len(raw) <= MAX_BYTES:
            return _from_pdf_or_word(raw)
        raw = _decode(raw, charset)
    source = clean(raw)
    if not source.strip():
        raise UnreadableDocument("The document is empty; give one that contains text.")
    suffix = filename.lower().rpartition(".")[2] if "." in filename else ""
    unknown = not media_type and suffix not in {"md", "markdown", "txt"}
    if media_type in _HTML_TYPES or suffix in {"html", "htm", "xhtml"} or (unknown and _HTML_START.match(source)):
        document = _from_html(source, url)
    elif media_type in _MARKDOWN_TYPES or suffix in {"md", "markdown"}:
        document = _from_markdown(source)
    elif media_type and not media_type.startswith("text/") and media_type != "application/octet-stream":
        raise UnreadableDocument(f"This is {media_type[:80]}; give plain text, HTML, Markdown, PDF or Word.")
    else:
        document = ParsedDocument(source, _first_line(source))
    if not document.text.strip():
        raise UnreadableDocument("No article text was found on this page; paste its text into a file and ingest that.")
    return document


def clean(text: str) -> str:
    """`text` as PostgreSQL can store it: control characters and lone surrogates become U+FFFD, line ends "\\n"."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("\ufffd", text))


def _decode(raw: bytes, charset: str | None) -> str:
    if len(raw) > MAX_BYTES:
        raise UnreadableDocument(f"The document is larger than {MAX_BYTES // 1_000_000} MB; give a shorter one.")
    kind = next((kind for magic, kind in _MAGIC if raw.startswith(magic)), None)
    if kind:
        raise UnreadableDocument(f"This is {kind}, not text; give plain text, HTML, Markdown, PDF or Word.")
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return _decode_strictly(raw[len(mark) :], encoding)
    head = raw[:4096]
    if len(head.translate(None, _CONTROL_BYTES)) < len(head) * (1 - _MAX_CONTROL_SHARE):
        raise UnreadableDocument("This is a binary file, not text; give plain text, HTML, Markdown, PDF or Word.")
    meta = _META_CHARSET.search(raw[:1024])
    for name in (charset, meta[1].decode("ascii") if meta else None):
        declared = map_encoding_to_html5(name, fallback_utf8=False) if name else None
        if declared:
            return _decode_strictly(raw, declared)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_strictly(raw, detect_encoding(raw, max_len=65536) or "cp1252")


def _decode_strictly(raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise UnreadableDocument(
            "The character encoding of the document is unclear; save it as UTF-8 and try again."
        ) from error
    head = text[:4096]
    controls = len(_CONTROL.findall(head)) + sum("\x80" <= c < "\xa0" for c in head)
    if controls > len(head) * _MAX_CONTROL_SHARE:
        raise UnreadableDocument("This is a binary file, not text; give plain text, HTML, Markdown, PDF or Word.")
    return text


def _first_line(text: str) -> str:
    """The first line as title, if it stands alone, is short and is no sentence; else empty."""
    first, _, rest = text.strip().partition("\n")
    first = first.strip()
    short = len(first) <= 150 and not first.endswith((".", "!", "?", "”", '"', ":", ","))
    return first if short and rest.strip() else ""


def _from_pdf_or_word(raw: bytes) -> ParsedDocument:
    try:
        extracted = sandbox.extract(raw)
    except full_text.UnsupportedMedia as error:
        raise UnreadableDocument(str(error)) from error
    if extracted.limited:
        raise UnreadableDocument("The document is too long to be read whole; paste the part you need into a file.")
    if not extracted.text.strip():
        raise UnreadableDocument("The document holds pictures and no text; paste what it says into a file.")
    return ParsedDocument(document_text(raw, extracted.text).strip(), extracted.title, extracted.language)


def document_text(raw: bytes, extracted: str) -> str:
    """The text of a PDF or Word document as it is ingested: a PDF's lines are joined to paragraphs."""
    text = clean(extracted)
    return _unwrapped(text) if raw[:1024].lstrip().startswith(b"%PDF") else text


def _unwrapped(text: str) -> str:
    """The text of pages whose lines were broken at their width, each line joined with the one that it goes on with.

    A line goes on if it fills its page and neither ends a sentence nor comes before a heading, item or row, or if a
    quotation is open at its end. A space takes the place of the line end, so that offsets stay.
    """
    lines = text.split("\n")
    width = max(map(len, lines))
    if width < _NARROWEST:
        return text
    marks = []
    marked = 0  # quotation marks that are open
    for line, after in pairwise(lines):
        marked = max(0, marked + line.count("“") - line.count("”")) if line.strip() else 0
        joins = bool(after.strip()) and len(line) >= _FULL * width and (marked > 0 or _goes_on(line, after, width))
        marked = marked if joins else 0
        marks.append(" " if joins else "\n")
    return "".join(line + mark for line, mark in zip(lines, [*marks, ""], strict=True))


def _goes_on(line: str, after: str, width: int) -> bool:
    ends, first = line.rstrip()[-1:], after.lstrip()[:1]
    if ends in ".!?:…" or line.rstrip()[-2:-1] in {".", "!", "?"}:
        return False
    if first.islower():
        return True
    words = line.split()
    prose = sum(word.islower() for word in words) > len(words) / 2  # no line of a headline
    return first.isupper() and len(line) >= _FILLED * width and prose


def _from_html(source: str, url: str) -> ParsedDocument:
    # An article's figures are left out, and what their captions say would be too: each becomes a paragraph.
    source = _CAPTIONED.sub(r"\g<figure></figure><p>\g<caption></p><figure>", source)
    article = sandbox.article(source.encode(), "text/html", "utf-8", url=url, metadata=True)
    if article.limited:
        raise UnreadableDocument(
            "The page is too long or nests its elements too deeply to be read; paste its text into a file instead."
        )
    return ParsedDocument(
        text=clean(article.text),
        title=article.title,
        language=article.language,
        publisher=article.publisher,
        published_on=_parse_day(article.published_on),
    )


def _parse_day(value: str | None) -> date | None:
    try:
        return date.fromisoformat((value or "")[:10])
    except ValueError:
        return None  # a page's own date is a hint; a malformed one is no reason to refuse the page


def _from_markdown(source: str) -> ParsedDocument:
    try:
        text, title = read_markdown(source)
    except NotRead as error:
        raise UnreadableDocument(str(error)) from error
    return ParsedDocument(text, title)
