"""Build an element tree from XML that is not well-formed, as feed readers do: bare `&` and `<`, tags never closed.

One pass in linear time. No entity is defined by a document, so none can expand: those of HTML stand for their
characters, others for themselves.

Pure: no network, no database, no files.
"""

import html
import re
from typing import TypeVar
from xml.etree.ElementTree import Element, TreeBuilder

MAX_TAGS = 1_000_000

_Builder = TypeVar("_Builder", bound=TreeBuilder)
# Possessive, so that an unclosed quotation mark costs no search for another reading.
_TAG = re.compile(r"<(/?)([A-Za-z_][\w.:-]{0,200}+)((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>")
_SLOPPY_TAG = re.compile(r"<(/?)([A-Za-z_][\w.:-]{0,200}+)([^<>]*+)>")
_ATTRIBUTE = re.compile(r"([\w:.-]{1,200}+)\s{0,20}+=\s{0,20}+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_HTML_WITHOUT_END = frozenset({"br", "hr", "img", "input", "wbr", "source", "embed", "col", "area"})
_ENTRIES = frozenset({"item", "entry", "url", "sitemap"})
_OTHER_MARKUP = (("<![CDATA[", "]]>"), ("<!--", "-->"), ("<?", "?>"), ("<!", ">"))


class Unparsable(ValueError):
    """The document is cut short or has more than `MAX_TAGS` tags."""


def parse(source: str, builder: TreeBuilder) -> Element | None:
    """Feed `source` to `builder` and return the root element, or None without one.

    An end tag closes the innermost open element of its name and all within it; without one it counts for nothing.
    Namespace prefixes become namespaces of the same name. Raises `Unparsable`; what the builder raises passes
    through.
    """
    soup = _Soup(builder)
    position = 0
    for _ in range(MAX_TAGS):
        begin = source.find("<", position)
        soup.text(unescape(source[position : begin if begin >= 0 else len(source)]))
        if begin < 0 or soup.complete:
            return soup.root()
        position = _markup(source, begin, soup)
    raise Unparsable(f"The document has more than {MAX_TAGS:,} tags.")


def unescape(text: str) -> str:
    """Replace references to characters by the characters, as in HTML. A bare `&` stays."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def _markup(source: str, begin: int, soup: "_Soup") -> int:
    """Take in the mark-up that begins here. Returns where it ends."""
    for opening, closing in _OTHER_MARKUP:
        if source.startswith(opening, begin):
            end = source.find(closing, begin + len(opening))
            if end < 0:
                raise Unparsable("The document is cut short.")
            if opening == "<![CDATA[":
                soup.text(source[begin + len(opening) : end])
            elif opening == "<!":
                soup.declaration()
            return end + len(closing)
    tag = _TAG.match(source, begin) or _SLOPPY_TAG.match(source, begin)
    if tag is None:
        soup.text("<")
        return begin + 1
    if tag[1]:
        soup.end(tag[2])
    else:
        soup.start(tag[2], tag[3])
    return tag.end()


class _Soup:
    """Calls the builder so that each element is closed, in order."""

    def __init__(self, builder: TreeBuilder) -> None:
        self.complete = False
        self._builder = builder
        self._open: list[str] = []

    def text(self, text: str) -> None:
        if self._open and text:
            self._builder.data(text)

    def declaration(self) -> None:
        self._builder.doctype("", None, None)  # type: ignore[attr-defined]  # refused by the builder

    def start(self, name: str, attributes: str) -> None:
        if name in _ENTRIES and name in self._open:
            self.end(name)  # the one before was never closed
        found = {
            _qualified(each[1]): unescape(each[2] or each[3] or each[4] or "")
            for each in _ATTRIBUTE.finditer(attributes)
        }
        self._builder.start(_qualified(name), found)
        self._open.append(name)
        if attributes.rstrip().endswith("/") or name.lower() in _HTML_WITHOUT_END:
            self.end(name)

    def end(self, name: str) -> None:
        if name not in self._open:
            return
        while self._open:
            closed = self._open.pop()
            self._builder.end(_qualified(closed))
            if closed == name:
                break
        self.complete = not self._open  # whatever follows the root is no part of the document

    def root(self) -> Element | None:
        if self._open:
            raise Unparsable("The document is cut short.")
        return self._builder.close() if self.complete else None


def _qualified(name: str) -> str:
    prefix, colon, local = name.rpartition(":")
    return f"{{{prefix}}}{local}" if colon and prefix and local else name
