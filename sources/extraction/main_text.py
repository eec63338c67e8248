"""The article of a page: its main text without menus, teasers and footers, and what the page says about itself.

`sources.extraction.full_text` answers "does this sentence still stand on the page?" and wants all of it; this answers
"what is the article, and is it the same?". On real pages it leaves out a quote now and then, so no verdict rests on
it. It costs some 20 ms a page and is computed from stored bytes when a person looks, never while polling.

Pure: no network, no database. What is large is to be read through `sources.extraction.sandbox.article`.
"""

import re
from dataclasses import dataclass
from importlib.metadata import version

from resiliparse.parse.encoding import bytes_to_str, detect_encoding, map_encoding_to_html5

from sources.extraction.full_text import MAX_BYTES, MAX_CHARACTERS
from sources.extraction.html_depth import survey

EXTRACTOR = f"main-1 trafilatura-{version('trafilatura')}"
"""Kept beside every article: those of different extractors are not to be compared."""

MAX_DEPTH = 256
"""Nested elements. Real pages stay below 60; trafilatura's parser drops what is deeper and says nothing."""

LARGE = 100_000
"""Bytes; more are to be read in a bounded process."""

_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([\w.:-]{1,40})""", re.I)
_LANGUAGE = re.compile(r"<html[^>]{0,300}?\blang\s*=\s*[\"']?([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3})")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Article:
    """`text` is empty where no article is found, or `limited`: it is too long or too nested to be looked for.

    Paragraphs are separated by line breaks. `published_on` is as 2026-05-31. All but text and language only where
    `metadata` was asked for and the page states it.
    """

    text: str = ""
    title: str = ""
    language: str | None = None
    publisher: str = ""
    published_on: str = ""
    limited: bool = False
    extractor_version: str = EXTRACTOR


def extract(
    body: bytes, media_type: str = "", charset: str | None = None, *, url: str = "", metadata: bool = False
) -> Article:
    """The article in the bytes of an HTML page; `media_type` may be the whole Content-Type header.

    Without `metadata` trafilatura's fast way, tables included: for comparing. With it the thorough way, tables left
    out, and title, publisher and day: for taking a document in, of which `url` is the address.
    """
    import trafilatura  # takes half a second and 60 MB, which processes that poll never need

    if len(body) > MAX_BYTES:
        return Article(limited=True)
    source = _decoded(body, charset, media_type)
    if survey(source, stop_above=MAX_DEPTH).depth > MAX_DEPTH:
        return Article(limited=True)
    language = _LANGUAGE.search(source[:5_000])
    found = trafilatura.bare_extraction(
        source,
        url=url or None,
        fast=not metadata,
        include_comments=False,
        include_tables=not metadata,
        with_metadata=metadata,
        deduplicate=False,
    )
    data = {} if found is None else found.as_dict() if hasattr(found, "as_dict") else dict(found)
    text = _clean(data.get("text")).strip()
    return Article(
        text=text[:MAX_CHARACTERS],
        title=_line(data.get("title")) if metadata else "",
        language=language[1] if language else None,
        publisher=_line(data.get("sitename"))[:300] if metadata else "",
        published_on=_line(data.get("date"))[:10] if metadata else "",
        limited=len(text) > MAX_CHARACTERS,
    )


def _decoded(body: bytes, charset: str | None, media_type: str) -> str:
    """By the header's charset, then the page's own, then detection."""
    if charset is None and (named := _CHARSET.search(media_type)):
        charset = named[1]
    encoding = map_encoding_to_html5(charset, fallback_utf8=False) if charset else None
    if encoding is None or body.startswith((b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe")):
        encoding = detect_encoding(body, max_len=65_536, html5_compatible=True, from_html_meta=True)
    return _clean(bytes_to_str(body, encoding or "utf-8", errors="replace"))


def _clean(words: str | None) -> str:
    return _UNFIT.sub("\ufffd", (words or "").replace("\r\n", "\n").replace("\r", "\n"))


def _line(words: str | None) -> str:
    return " ".join(_clean(words).split())[:500]
