"""Find structured data in the HTML of a page: blocks of JSON-LD, microdata and RDFa Lite, as values of JSON-LD.

The page is parsed as browsers parse it (resiliparse), so that what stands in a comment or a `template` is not read, and
an inline frame is. Microdata by the WHATWG HTML standard, RDFa Lite 1.1 by the W3C's recommendation.

extruct was tried: last released in November 2024, it brings ten packages (rdflib, pyRdfa3, html5lib, …) and
reads RDFa through a graph that keeps no order; its microdata reader needs lxml's own tree of the page.
"""

import html
import re
from collections.abc import Iterator
from typing import Any

from resiliparse.parse.html import ElementNode, HTMLTree

from claims.imports.formats import json_ld, stream_parser
from claims.json_object import Json

_DEEPEST = 12
_MOST_ELEMENTS = 200_000
_TEXT_OF_ELEMENT = 100  # characters that count as much as an element
_AROUND = re.compile(
    r"^\s*(?:<!--|(?://|/\*)\s*<!\[CDATA\[\s*(?:\*/)?|<!\[CDATA\[)|(?:-->|(?://|/\*)\s*\]\]>\s*(?:\*/)?|\]\]>)\s*$"
)
_ESCAPED = re.compile(r"\s*[\[{]\s*&(?:quot|#34|#x22);", re.IGNORECASE)
# Where the value of a property stands, by the element (WHATWG HTML, 5.2.4).
_VALUE_OF = {
    **dict.fromkeys(("a", "area", "link"), "href"),
    **dict.fromkeys(("audio", "embed", "iframe", "img", "source", "track", "video"), "src"),
    "object": "data",
    "time": "datetime",
    **dict.fromkeys(("data", "meter"), "value"),
}


def values(page: str) -> tuple[list[Any], list[Any]]:
    """The values in blocks of JSON-LD, and those in microdata and RDFa."""
    blocks: list[Any] = []
    items: list[Any] = []
    _read(page.replace("\x00", ""), blocks, items, 0)
    forms = [stream_parser.NUL_TAKEN_OUT] if "\x00" in page else []
    return stream_parser.with_forms(blocks, *forms), stream_parser.with_forms(items, *forms)


def _read(page: str, blocks: list[Any], items: list[Any], depth: int) -> None:
    tree = HTMLTree.parse(page)
    for script in _select(tree, "script[type]"):
        if _attribute(script, "type").partition(";")[0].strip().lower() == "application/ld+json":
            blocks += _block(script.text or "")
    if "ClaimReview" not in page:
        return
    reader = _Markup(tree)
    items += reader.microdata()
    items += reader.rdfa()
    if depth < 2:
        for frame in _select(tree, "iframe[srcdoc]"):
            if "ClaimReview" in (inner := _attribute(frame, "srcdoc")):
                _read(inner, blocks, items, depth + 1)


def _block(text: str) -> Iterator[Any]:
    text = _AROUND.sub("", text).strip()
    forms = []
    if _ESCAPED.match(text):
        text = html.unescape(text)
        forms.append("HTML entities of its JSON resolved")
    if text.endswith(";"):
        forms.append(stream_parser.SEMICOLON_LEFT_OUT)
    for value in stream_parser.values_of_text(text) if text else ():
        yield stream_parser.with_forms(value, *forms)


class _Markup:
    """The items of one page; `left` bounds how many elements are looked at, and how much text is taken from them."""

    def __init__(self, tree: HTMLTree) -> None:
        self.tree = tree
        self.left = _MOST_ELEMENTS

    def microdata(self) -> Iterator[Json]:
        for element in _select(self.tree, "[itemscope]:not([itemprop])"):
            yield self._item(element, 0)

    def _item(self, element: ElementNode, depth: int) -> Json:
        item: Json = {"@type": [json_ld.plain_name(each) for each in _attribute(element, "itemtype").split()]}
        if address := _attribute(element, "itemid"):
            item["@id"] = address
        roots = [element]
        for name in _attribute(element, "itemref").split()[:50]:
            document = self.tree.document
            referred = document.get_element_by_id(name) if document is not None else None
            if referred is not None:
                roots.append(referred)
        waiting = [*roots[:0:-1], *_children(element)]
        while waiting and self.left > 0:
            self.left -= 1
            each = waiting.pop()
            names = _attribute(each, "itemprop").split()
            is_item = each.hasattr("itemscope")
            if names and is_item and depth < _DEEPEST:
                _add(item, names, self._item(each, depth + 1))
            elif names and not is_item:
                _add(item, names, self._value(each))
            if not is_item:
                waiting += _children(each)
        return item

    def rdfa(self) -> Iterator[Json]:
        for element in _select(self.tree, "[typeof]:not([property],[rel])"):
            yield self._typed(element, 0)

    def _typed(self, element: ElementNode, depth: int) -> Json:
        item: Json = {"@type": [json_ld.plain_name(each) for each in _attribute(element, "typeof").split()]}
        if address := _attribute(element, "resource") or _attribute(element, "about"):
            item["@id"] = address
        waiting = _children(element)
        while waiting and self.left > 0:
            self.left -= 1
            each = waiting.pop()
            names = (_attribute(each, "property") or _attribute(each, "rel")).split()
            is_item = each.hasattr("typeof")
            if names and is_item and depth < _DEEPEST:
                _add(item, names, self._typed(each, depth + 1))
            elif names and each.hasattr("property") and not is_item:
                _add(item, names, _attribute(each, "resource") or self._value(each))
            if not is_item:
                waiting += _children(each)
        return item

    def _value(self, element: ElementNode) -> str:
        for name in ("content", _VALUE_OF.get(element.tag or "", "content")):
            if element.hasattr(name):
                return _attribute(element, name).strip()
        text = element.text or ""
        self.left -= len(text) // _TEXT_OF_ELEMENT
        return " ".join(text.split())


def _select(tree: HTMLTree, selector: str) -> list[ElementNode]:
    document = tree.document
    return [] if document is None else list(document.query_selector_all(selector))


def _attribute(element: ElementNode, name: str) -> str:
    return element.getattr(name) or ""


def _children(element: ElementNode) -> list[ElementNode]:
    """The child elements, the last first."""
    children: list[ElementNode] = []
    each = element.first_child  # a walk: `child_nodes` takes quadratic time and more
    while each is not None:
        if isinstance(each, ElementNode):
            children.append(each)
        each = each.next
    return children[::-1]


def _add(item: Json, names: list[str], value: Any) -> None:
    for name in names:
        plain = json_ld.plain_name(name)
        if plain.startswith("@"):
            continue
        before = item.setdefault(plain, value)
        if isinstance(before, list):
            before.append(value)
        elif before is not value:
            item[plain] = [before, value]
