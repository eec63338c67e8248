"""Parse feeds and sitemaps into lists of items: RSS 0.9x–2.0, RSS 1.0, Atom (RFC 4287), JSON Feed 1.1, sitemaps.

XML with a document type is refused, so no entity can expand or fetch anything. Depth, size after decompression and
the number of elements are limited.

Pure: no network, no database, no files.
"""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from sources.http.addresses import canonical

MAX_BYTES = 50_000_000
"""Of a feed after decompression: the limit of sitemaps.org, and far more than any feed needs."""
MAX_ITEMS = 50_000
MAX_DEPTH = 64
MAX_ELEMENTS = 1_000_000
# Characters that PostgreSQL cannot store, and direction marks that would reorder the text beside a title.
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_STEP = 65_536
_KINDS = {"rss": "rss", "RDF": "rss", "feed": "atom", "urlset": "sitemap", "sitemapindex": "sitemap_index"}


class FeedUnreadable(ValueError):
    """The body is not a feed, or not safe to parse. The message is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Item:
    """A page that a feed lists. `url` is canonical; `published` is the feed's own text, empty if it gives no date.

    In `title` and `published`, U+FFFD replaces unstorable characters, and direction marks are removed.
    """

    url: str
    title: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed feed. `kind`: rss, atom, json, sitemap, or sitemap_index (its items are sitemaps). URLs are unique."""

    kind: str
    items: tuple[Item, ...]
    title: str = ""


def parse(body: bytes, base: str) -> Feed:
    """Parse a feed or sitemap, resolving relative URLs against `base`.

    Items without a URL that could be polled are skipped. Raises `FeedUnreadable`.
    """
    body = _decompress(body) if body.startswith(b"\x1f\x8b") else body
    if len(body) > MAX_BYTES:
        raise FeedUnreadable(
            f"The feed is larger than {MAX_BYTES // 1_000_000} MB; choose a smaller feed of this site."
        )
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json(body, base)
    root = _tree(body)
    kind = _KINDS.get(_name(root))
    if kind is None:
        raise FeedUnreadable("This is XML, but neither RSS, Atom nor a sitemap. Enter the URL of the feed itself.")
    tag = {"rss": "item", "atom": "entry", "sitemap": "url", "sitemap_index": "sitemap"}[kind]
    entries = (_xml_entry(element, kind) for element in root.iter() if _name(element) == tag)
    channel = next((child for child in root if _name(child) == "channel"), root)
    return Feed(kind, _items(entries, base), _line(_text(channel, "title"), 500))


def _decompress(body: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=31)
    try:
        text = inflater.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise FeedUnreadable("The compressed feed is damaged; try again later.") from error
    if not inflater.eof and len(text) <= MAX_BYTES:
        raise FeedUnreadable("The compressed feed is cut short; try again later.")
    return text


class _Builder(TreeBuilder):
    """Builds the element tree, and refuses a document type (in any encoding), deep nesting and too many elements."""

    depth = 0
    elements = 0

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise FeedUnreadable("The feed has a document type, which may define entities and is not accepted.")

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self.depth += 1
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise FeedUnreadable(
                f"The feed has more than {MAX_ELEMENTS:,} elements; choose a smaller feed of this site."
            )
        if self.depth > MAX_DEPTH:
            raise FeedUnreadable(f"The feed nests its elements more than {MAX_DEPTH} levels deep.")
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def _tree(body: bytes) -> Element:
    parser = XMLParser(target=_Builder())  # noqa: S314 - no document type, no entities, bounded depth
    try:
        # In steps, so that a feed is refused before all of it is parsed.
        for start in range(0, len(body), _STEP):
            parser.feed(body[start : start + _STEP])
        root: Element = parser.close()
    except FeedUnreadable:
        raise
    except (ParseError, ValueError, LookupError) as error:
        raise FeedUnreadable("This is neither well-formed XML nor JSON. Enter the URL of the feed itself.") from error
    return root


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: Element, *names: str) -> str:
    for name in names:
        for child in element:
            if _name(child) == name and (words := " ".join("".join(child.itertext()).split())):
                return words
    return ""


def _xml_entry(element: Element, kind: str) -> tuple[str, str, str]:
    """Return the link, title and date of an entry."""
    if kind == "atom":
        links = [child for child in element if _name(child) == "link"]
        link = next((each.get("href", "") for each in links if each.get("rel", "alternate") == "alternate"), "")
        return link, _text(element, "title"), _text(element, "published", "updated")
    if kind == "rss":
        # A guid that is no permalink may be a plain number, which would resolve to a URL relative to the feed.
        link = _text(element, "link") or next(iter(re.findall(r"^https?://.*", _text(element, "guid"))), "")
        return link, _text(element, "title"), _text(element, "pubDate", "date")
    # News sitemaps contain titles.
    news = next((child for child in element if _name(child) == "news"), element)
    published = _text(news, "publication_date") or _text(element, "lastmod")
    return _text(element, "loc"), _text(news, "title"), published


def _json(body: bytes, base: str) -> Feed:
    try:
        data: Any = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FeedUnreadable("This is not well-formed JSON. Enter the URL of the feed itself.") from error
    if not str(data.get("version", "")).startswith("https://jsonfeed.org/") or not isinstance(data.get("items"), list):
        raise FeedUnreadable("This is JSON, but no JSON Feed. Enter the URL of the feed itself.")
    keys = ("url", "title", "date_published")
    entries = (
        tuple(value if isinstance(value := item.get(key), str) else "" for key in keys)
        for item in data["items"]
        if isinstance(item, dict)
    )
    return Feed("json", _items(entries, base), _line(str(data.get("title", "")), 500))  # type: ignore[arg-type]


def _items(entries: Iterator[tuple[str, str, str]], base: str) -> tuple[Item, ...]:
    items: dict[str, Item] = {}
    for link, title, published in entries:
        if len(items) >= MAX_ITEMS:
            break
        try:
            url = canonical(urljoin(base, link)) if link and not _UNSTORABLE.search(link) else ""
        except ValueError:
            continue  # the other items of the feed are still good
        if url:
            items.setdefault(url, Item(url, _line(title, 500), _line(published, 100)))
    return tuple(items.values())


def _line(words: str, length: int) -> str:
    return _DIRECTION_MARKS.sub("", _UNSTORABLE.sub("\ufffd", " ".join(words.split())))[:length]
