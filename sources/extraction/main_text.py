"""Extract the article of an HTML page, without menus, teasers and footers, and its title, publisher and date.

This answers "what is the article, and did it change?", while `sources.extraction.full_text` keeps everything. On real
pages it sometimes omits a quote, so no verdict may rest on it. It takes some 20 ms a page and runs on stored bytes when
an editor opens a change, never while polling.

Pure: no network, no database. Use `sources.extraction.sandbox.article` for large pages.
"""

import re
from dataclasses import dataclass
from importlib.metadata import version

from sources.extraction.charset import decode
from sources.extraction.full_text import MAX_BYTES, MAX_CHARACTERS
from sources.extraction.html_depth import survey

EXTRACTOR = f"main-1 trafilatura-{version('trafilatura')}"
"""Stored with every article: articles of different extractors must not be compared."""

MAX_DEPTH = 256
"""Nested elements. Real pages stay below 60; trafilatura's parser silently drops deeper ones."""

LARGE = 100_000
"""Bytes from which a page is read in the sandbox."""

_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([\w.:-]{1,40})""", re.I)
_LANGUAGE = re.compile(r"<html[^>]{0,300}?\blang\s*=\s*[\"']?([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3})")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Article:
    """The article of a page. `text` is empty if none was found, or if the page is too long or too deep (`limited`).

    Line breaks separate paragraphs. `published_on` has the form 2026-05-31. Title, publisher and date are filled only
    with `metadata`, and if the page states them.
    """

    text: str = ""
    title: str = ""
    language: str | None = None
    publisher: str = ""
    published_on: str = ""
    limited: bool = False
    extractor_version: str = EXTRACTOR


# A day that the page states, never one put together from a year in its text: “in 2025” is no 1 January 2025.
_STATED_DATES = {"original_date": True, "extensive_search": False}


def extract(
    body: bytes, media_type: str = "", charset: str | None = None, *, url: str = "", metadata: bool = False
) -> Article:
    """Extract the article from the bytes of an HTML page; `media_type` may be the whole Content-Type header.

    Without `metadata`: trafilatura's fast mode, tables included, for comparing versions. With it: the thorough mode
    without tables, plus title, publisher and date, for ingesting a document, whose URL is `url`.
    """
    import trafilatura  # takes half a second and 60 MB, which pollers never need

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
        date_extraction_params=_STATED_DATES,
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
    """Decode as `sources.extraction.charset` does."""
    if charset is None and (named := _CHARSET.search(media_type)):
        charset = named[1]
    return _clean(decode(body, charset).text)


def _clean(words: str | None) -> str:
    return _UNFIT.sub("\ufffd", (words or "").replace("\r\n", "\n").replace("\r", "\n"))


def _line(words: str | None) -> str:
    return " ".join(_clean(words).split())[:500]
