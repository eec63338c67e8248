"""Extract the text of an HTML page as a reader sees it.

The page is parsed by lexbor, as browsers parse it (resiliparse). Before its text is taken, the tree is changed where a
plain walk over it would differ from what is on screen: hidden and struck-out text goes, and so do words meant for
screen readers alone, note references and the readings of ruby characters; raised figures become characters (m²);
buttons and labels become plain elements, which the walk would skip; captions and the like get lines of their own.

Every selector here is tried on every element and costs some 1 % of the time, so there are few of them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import DocumentNode, ElementNode, HTMLTree, Node, TextNode

from sources.extraction import raised_text
from sources.extraction.styles import custom_properties, generated, sheets
from sources.extraction.styles.declarations import TELLING
from sources.extraction.styles.hidden import HiddenElements

MAX_FRAMES = 50
"""Inline frames and shadow roots that are read; the text of further ones is left out."""

_PASSES = 4
"""How deep shadow roots may lie within each other."""


@dataclass(frozen=True)
class HtmlText:
    """The text of an HTML page, its `<title>`, the `lang` of its root element, and its canonical link (RFC 6596)."""

    text: str
    title: str
    language: str
    canonical: str


# What no reader sees. `noframes` holds what <noscript> held. Descriptions of images go, unless they are characters.
_SKIPPED = [
    "del",
    "s",
    "strike",
    '[hidden]:not([hidden="until-found" i],[style*="display" i])',
    "dialog:not([open])",
    "[popover]",
    "title",
    "noframes",
    'img:not([class*="emoji" i],[class*="math" i],[class*="latex" i])',
    ".sr-only",
    '[class*="visually" i]:is([class*="visuallyhidden" i],[class*="visually-hidden" i]):not(body)',
    ".screen-reader-text",
]
_CHANGED = ",".join(
    [
        "style",
        "textarea",
        "caption",
        "sup",
        "sub",
        "q",
        "ruby",
        "math",
        "iframe[srcdoc]",
        "template[shadowrootmode]",
        "bdo",
        "[style]:not(:empty):is(" + ",".join(f'[style*="{word}" i]' for word in TELLING) + ")",
    ]
)


def read(source: str) -> HtmlText:
    """Extract the text of a page, whose bytes `rename` has changed before they were decoded."""
    tree = HTMLTree.parse(source)
    root = tree.document.query_selector("html[lang]") if tree.document else None
    link = tree.document.query_selector('link[rel="canonical"][href]') if tree.document else None
    return HtmlText(
        text=_Page(tree, source).text(),
        title=tree.title or "",
        language=(root.getattr("lang") or "") if root is not None else "",
        canonical=(link.getattr("href") or "") if link is not None else "",
    )


_RENAMED = re.compile(
    rb"</?(?:noscript|button|label|summary|legend|NOSCRIPT|BUTTON|LABEL|SUMMARY|LEGEND)(?=[ \t\n\f\r/>])"
)
_NAMES = {
    b"<%b%b" % (slash, written): b"<%b%b" % (slash, name)
    for was, name in {
        b"noscript": b"noframes",
        b"button": b"x-button",
        b"label": b"x-label",
        b"summary": b"div",
        b"legend": b"div",
    }.items()
    for written in (was, was.upper())
    for slash in (b"", b"/")
}
_NOSCRIPT_END = re.compile(rb"</noscript", re.IGNORECASE)


def rename(body: bytes) -> bytes:
    """Give some elements of a page other names, which takes less time in its bytes than in its tree.

    `<noscript>` becomes text that nobody sees, as in a browser with scripts; of the elements that are read so, only
    `<noframes>` may stand in the head as well. In a parser without scripts, an unclosed frame in there would swallow
    the rest of the page. Buttons and labels, which the walk would skip, become elements that no standard knows; two
    elements that stand on lines of their own become blocks.
    """
    opened = 0

    def renamed(found: re.Match[bytes]) -> bytes:
        nonlocal opened
        name = _NAMES[found[0]]
        if name == b"<noframes":
            opened += 1
        elif name == b"</noframes":
            opened -= 1
        return name

    body = _RENAMED.sub(renamed, body)
    # Ends in mixed case, unless a script names the element.
    return _NOSCRIPT_END.sub(b"</noframes", body) if opened > 0 else body


class _Page:
    """A parsed page whose tree is changed so that a plain walk over it gives what a reader sees."""

    def __init__(self, tree: HTMLTree, source: str, frames: int = MAX_FRAMES) -> None:
        self.tree = tree
        self.source = source
        self.frames = frames
        self.expanded = False
        """Whether a shadow root was put into the tree, so that its elements are to be looked at too."""
        self.sheets: list[tuple[str, str]] = []
        self.styled: list[ElementNode] = []

    def text(self) -> str:
        document = self.tree.document
        if document is None:
            return ""
        # No attribute: a page that refers to itself would keep its tree until memory is collected.
        changes: dict[str, Callable[[ElementNode], object]] = {
            "style": self._style_sheet,
            "textarea": self._unwrap,
            "caption": self._on_own_lines,
            "sup": self._raised,
            "sub": self._raised,
            "q": self._quotation_marks,
            "ruby": _without_readings,
            "math": _without_source,
            "bdo": self._bdo,
            "iframe": self._frame,
            "template": self._shadow_root,
        }
        for _ in range(_PASSES):
            self.expanded = False
            self.styled.clear()
            for node in document.query_selector_all(_CHANGED).values():
                if node.hasattr("style"):
                    self.styled.append(node)
                if (change := changes.get(node.tag or "")) is not None:
                    change(node)
            if not self.expanded:
                break
        self._apply_styles(document)
        text = extract_plain_text(self.tree, list_bullets=False, skip_elements=_SKIPPED)
        return generated.in_visual_order(raised_text.without_note_marks(text))

    def _apply_styles(self, document: DocumentNode) -> None:
        read = sheets.of(custom_properties.filled(tuple(self.sheets), self.source))
        HiddenElements(document, self.source, read, self.styled).mark()
        generated.add_words(document, read, self._words)
        generated.mark_reversed(document, read, self.styled, self._words)

    def _new(self, name: str) -> ElementNode:
        return cast(ElementNode, self.tree.create_element(name))

    def _words(self, words: str) -> TextNode:
        return cast(TextNode, self.tree.create_text_node(words))

    def _style_sheet(self, node: ElementNode) -> None:
        if (node.getattr("type") or "text/css").strip().lower() == "text/css":
            self.sheets.append((node.getattr("media") or "", node.text or ""))

    def _bdo(self, node: ElementNode) -> None:
        if (direction := (node.getattr("dir") or "").lower()) in {"rtl", "ltr"}:
            node.prepend(self._words(generated.RIGHT_TO_LEFT if direction == "rtl" else generated.LEFT_TO_RIGHT))
            node.append(self._words(generated.END))

    def _unwrap(self, node: ElementNode) -> ElementNode:
        """Replace an element by a plain one with the same content."""
        plain = self._new("span")
        for name in ("id", "class", "style", "hidden"):
            if (value := node.getattr(name)) is not None:
                plain.setattr(name, value)
        for child in node.child_nodes.values():
            plain.append_child(child)
        node.replace_with(plain)
        return plain

    def _on_own_lines(self, node: ElementNode) -> None:
        node.before(self._new("br"))
        node.after(self._new("br"))

    def _raised(self, node: ElementNode) -> None:
        raised_text.change(node, self._words)

    def _quotation_marks(self, node: ElementNode) -> None:
        plain = self._unwrap(node)
        plain.prepend(self._words("“"))
        plain.append(self._words("”"))

    def _frame(self, node: ElementNode) -> None:
        """Put the text of a frame whose page stands in an attribute into its place."""
        source = node.getattr("srcdoc") or ""
        if self.frames <= 0 or not source:
            return
        self.frames -= 1
        source = rename(source.encode(errors="replace")).decode()
        inner = _Page(HTMLTree.parse(source), source, self.frames // 2)
        block = self._new("div")
        for line in inner.text().split("\n"):
            block.append(self._words(line))
            block.append(self._new("br"))
        node.replace_with(block)

    def _shadow_root(self, node: ElementNode) -> None:
        """Put the content of a declarative shadow root into its host, and the host's children into its slots."""
        host, source = node.parent_element, node.outer_html
        if self.frames <= 0 or host is None:
            return
        self.frames -= 1
        self.expanded = True
        node.remove()
        children = host.child_nodes.values()
        for child in children:
            host.remove_child(child)
        host.inner_html = source[source.index(">") + 1 : source.rindex("</")]
        for slot in host.query_selector_all("slot").values():
            name = slot.getattr("name") or ""
            assigned = [each for each in children if _slot_of(each) == name]
            if assigned:
                slot.replace_children(*assigned)


def _slot_of(node: Node) -> str:
    return (node.getattr("slot") or "") if isinstance(node, ElementNode) else ""


def _without_readings(ruby: ElementNode) -> None:
    """Leave the pronunciation above or beside the characters out."""
    for node in ruby.query_selector_all("rt,rp").values():
        node.remove()


def _without_source(math: ElementNode) -> None:
    """Leave a formula's source code out, and the whole formula where it only doubles one that is drawn otherwise."""
    for node in math.query_selector_all("annotation,annotation-xml").values():
        node.remove()
    twin = math.closest(".katex-mathml,mjx-assistive-mml,.MJX_Assistive_MathML")
    if twin is not None:
        twin.setattr("hidden", "")
