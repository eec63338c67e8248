"""Parse feeds and sitemaps into lists of items: RSS 0.9x–2.0, RSS 1.0, Atom (RFC 4287), JSON Feed 1.1, sitemaps.

Feeds are read as feed readers read them: in any charset, after blank lines or messages of the server, with entities of
HTML, and if they are not well-formed (`sources.feeds.tag_soup`). A document type that merely names one is skipped; one
that may define entities is refused, so none can expand or fetch anything. Depth, size after decompression and the
number of elements are limited.

Pure: no network, no database, no files.
"""

import json
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from sources.feeds import tag_soup
from sources.feeds.decoding import decode
from sources.http.addresses import canonical

MAX_BYTES = 50_000_000
"""Of a feed after decompression: the limit of sitemaps.org, and far more than any feed needs."""
MAX_ITEMS = 50_000
MAX_DEPTH = 64
MAX_ELEMENTS = 1_000_000
MAX_REPAIRED = 10_000_000
"""Characters of a feed that is not well-formed and is read nevertheless."""
# Characters that PostgreSQL cannot store, and direction marks that would reorder the text beside a title.
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_STEP = 65_536
_KINDS = {"rss": "rss", "rdf": "rss", "feed": "atom", "urlset": "sitemap", "sitemapindex": "sitemap_index"}
_ROOT = re.compile(r"<\?xml\b|<(?:[\w-]{1,20}:)?(?:rss|rdf|feed|urlset|sitemapindex)[\s>]", re.I)
_DOCUMENT_TYPE = re.compile(r"<!DOCTYPE(?:[^\[\]<>\"']++|\"[^\"<>]*+\"|'[^'<>]*+')*+>", re.I)


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


def parse(body: bytes, base: str, charset: str | None = None) -> Feed:
    """Parse a feed or sitemap, resolving relative URLs against `base`; `charset` is that of its Content-Type header.

    Items without a URL that could be polled are skipped. Raises `FeedUnreadable`.
    """
    body = _decompress(body) if body.startswith(b"\x1f\x8b") else body
    if len(body) > MAX_BYTES:
        raise FeedUnreadable(
            f"The feed is larger than {MAX_BYTES // 1_000_000} MB; choose a smaller feed of this site."
        )
    source = decode(body, charset).lstrip("\ufeff \t\r\n")
    if source.startswith("{"):
        return _json(source, base)
    root = _tree(_from_root(source))
    kind = _KINDS.get(_name(root))
    if kind is None:
        raise FeedUnreadable("This is XML, but neither RSS, Atom nor a sitemap. Enter the URL of the feed itself.")
    tag = {"rss": "item", "atom": "entry", "sitemap": "url", "sitemap_index": "sitemap"}[kind]
    base = urljoin(base, _attribute(root, "base"))
    entries = (_xml_entry(element, kind) for element in root.iter() if _name(element) == tag)
    channel = next((child for child in root if _name(child) == "channel"), root)
    return Feed(kind, _items(entries, base), _line(_markup_free(_text(channel, "title")), 500))


def _from_root(source: str) -> str:
    """Return the source without what precedes the root: messages of the server, the declaration, a plain doctype."""
    if not source.startswith("<?xml") and (found := _ROOT.search(source[:10_000])):
        prolog = source[: found.start()]
        if "<html" not in prolog.lower() and "<!" not in prolog:
            source = source[found.start() :]
    position = 0
    while source.startswith(("<?", "<!--"), position):
        opening, closing = ("<!--", "-->") if source.startswith("<!--", position) else ("<?", "?>")
        end = source.find(closing, position + len(opening))
        if end < 0:
            return source
        position = end + len(closing)
        position += len(source) - position - len(source[position:].lstrip())
    if (found := _DOCUMENT_TYPE.match(source, position)) is not None:
        position = found.end()
    return source[position:].lstrip()


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


def _tree(source: str) -> Element:
    parser = XMLParser(target=_Builder())  # noqa: S314 - no document type, no entities, bounded depth
    try:
        # In steps, so that a feed is refused before all of it is parsed.
        for start in range(0, len(source), _STEP):
            parser.feed(source[start : start + _STEP])
        well_formed: Element = parser.close()
        return well_formed
    except FeedUnreadable:
        raise
    except (ParseError, ValueError, LookupError) as error:
        if (repaired := _repaired(source)) is not None:
            return repaired
        raise FeedUnreadable("This is neither well-formed XML nor JSON. Enter the URL of the feed itself.") from error


def _repaired(source: str) -> Element | None:
    """Return the tree of a feed that is not well-formed; None if it is no feed, or a large one."""
    if len(source) > MAX_REPAIRED or not _ROOT.match(source):
        return None
    try:
        return tag_soup.parse(source, _Builder())
    except tag_soup.Unparsable as error:
        raise FeedUnreadable("The feed is cut short or damaged; try again later.") from error


def _name(element: Element) -> str:
    """The name of an element without its namespace, in lower case."""
    return element.tag.rpartition("}")[2].lower()


def _attribute(element: Element, name: str) -> str:
    """The value of the attribute of this name, in any namespace."""
    return next((value for key, value in element.items() if key.rpartition("}")[2].lower() == name), "").strip()


def _text(element: Element, *names: str) -> str:
    """The text of the first child of one of these names, preferably in the namespace of the element itself."""
    namespace = element.tag.rpartition("}")[0]
    others = ""
    for name in names:
        for child in element:
            if _name(child) == name and (words := " ".join("".join(child.itertext()).split())):
                if child.tag.rpartition("}")[0] == namespace:
                    return words
                others = others or words
        if others:
            return others
    return ""


def _xml_entry(element: Element, kind: str) -> tuple[str, str, str]:
    """Return the link, title and date of an entry."""
    inner_base = _attribute(element, "base")
    if kind == "atom":
        title = next((child for child in element if _name(child) == "title"), None)
        words = _text(element, "title")
        if title is not None and title.get("type", "text") != "text":
            words = _markup_free(words)
        link = _atom_link(element, "alternate") or _address(_text(element, "id")) or _atom_link(element, "self")
        return _joined(inner_base, link), words, _text(element, "published", "issued", "updated", "modified")
    if kind == "rss":
        # A guid that is no permalink may be a plain number, which would resolve to a URL relative to the feed.
        link = _text(element, "link") or _atom_link(element, "alternate") or _address(_text(element, "guid", "id"))
        link = link or _address(_attribute(element, "about"))
        return _joined(inner_base, link), _markup_free(_text(element, "title")), _text(element, "pubdate", "date")
    # News sitemaps contain titles.
    news = next((child for child in element if _name(child) == "news"), element)
    published = _text(news, "publication_date") or _text(element, "lastmod")
    return _text(element, "loc"), _text(news, "title"), published


def _atom_link(element: Element, relation: str) -> str:
    """The target of the first link of this relation, preferably a page of HTML."""
    links = [
        link
        for link in element
        if _name(link) == "link" and _attribute(link, "href") and (_attribute(link, "rel") or "alternate") == relation
    ]
    links.sort(key=lambda link: "html" not in (_attribute(link, "type") or "html"))
    return _joined(_attribute(links[0], "base"), _attribute(links[0], "href")) if links else ""


def _joined(base: str, link: str) -> str:
    return urljoin(base, link) if base and link else link


def _address(identifier: str) -> str:
    """An identifier that is a web address, else an empty string."""
    return identifier if re.match("https?://", identifier, re.I) else ""


_HTML_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,20}(?:\s[^<>]{0,500})?/?>")


def _markup_free(title: str) -> str:
    """Return a title in which HTML may stand as text, as readers show it."""
    return tag_soup.unescape(_HTML_TAG.sub("", title)) if "&" in title or "<" in title else title


def _json(source: str, base: str) -> Feed:
    try:
        data: Any = json.loads(source, strict=False)
    except (ValueError, RecursionError) as error:
        raise FeedUnreadable("This is not well-formed JSON. Enter the URL of the feed itself.") from error
    version = re.match(r"https?://(?:www\.)?jsonfeed\.org/", str(data.get("version", "")))
    if version is None or not isinstance(data.get("items"), list):
        raise FeedUnreadable("This is JSON, but no JSON Feed. Enter the URL of the feed itself.")
    entries = (_json_entry(item) for item in data["items"] if isinstance(item, dict))
    return Feed("json", _items(entries, base), _line(str(data.get("title", "")), 500))


def _json_entry(item: dict[str, Any]) -> tuple[str, str, str]:
    """Return the link, title and date of an item."""
    keys = ("url", "id", "external_url", "title", "date_published", "date_modified")
    url, identifier, external, title, published, modified = (
        value if isinstance(value := item.get(key), str) else "" for key in keys
    )
    return url or _address(identifier) or _address(external), title, published or modified


def _items(entries: Iterable[tuple[str, str, str]], base: str) -> tuple[Item, ...]:
    items: dict[str, Item] = {}
    for link, title, published in entries:
        if len(items) >= MAX_ITEMS:
            break
        try:
            url = canonical(urljoin(base, _browsable(link))) if link and not _UNSTORABLE.search(link) else ""
        except ValueError:
            continue  # the other items of the feed are still good
        if url:
            items.setdefault(url, Item(url, _line(title, 500), _line(published, 100)))
    return tuple(items.values())


def _browsable(link: str) -> str:
    """Return a link as browsers follow it: a space becomes `%20`, an `&amp;` that was escaped twice an `&`."""
    return link.strip().replace("&amp;", "&").replace(" ", "%20")


def _line(words: str, length: int) -> str:
    return _DIRECTION_MARKS.sub("", _UNSTORABLE.sub("\ufffd", " ".join(words.split())))[:length]
