"""Compute the nesting depth of an HTML page, in linear time, before it is parsed.

Parsers lose deeply nested text, or take minutes for it. The count follows the tree construction of the WHATWG HTML
standard as far as it affects depth: which tags open an element, which close one or several, and that unclosed
formatting continues in every following block. It may overestimate the depth.
"""

import re
from dataclasses import dataclass

# Tags as the WHATWG tokenizer reads them (13.2.5): a `>` inside a quoted value does not end a tag, and scripts and the
# like contain no tags. Unclosed constructs extend to the end, so each pass is linear.
_ATTRIBUTES = r"""(?:[ \t\n\f\r/]++
    |[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+
     (?:[ \t\n\f\r]*+=[ \t\n\f\r]*+
        (?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\f\r>"'][^ \t\n\f\r>]*+)?)?
    )*+(?:>|\Z)"""
_TAG = re.compile(
    rf"""<(?:!--(?:.*?--!?>|.*)
        |((?i:script|style|noscript|textarea|title|iframe|noembed|noframes|xmp))(?=[ \t\n\f\r/>]){_ATTRIBUTES}
         (?:.*?</(?i:\1)(?=[ \t\n\f\r/>])[^>]*+>?|.*)
        |(/?)([a-zA-Z][^ \t\n\f\r/>]*+){_ATTRIBUTES})""",
    re.VERBOSE | re.DOTALL,
)

_OPENING = re.compile(rf"</?[a-zA-Z][^ \t\n\f\r/>]*+{_ATTRIBUTES}", re.VERBOSE | re.DOTALL)
_ATTRIBUTE = re.compile(r"""[ \t\n\f\r/"'][^ \t\n\f\r/>"'=]""")
# Parsers compare each attribute of a tag with all previous ones: 90,000 of them took 25 s.
_MAX_ATTRIBUTES = 5_000
_TOO_DEEP = 1_000_000

# Elements that add no depth: void elements, leaves of drawings, and those that the next one closes.
_FLAT_NAMES = """
    area base br col embed hr img input link meta param source track wbr a nobr dt dd option optgroup rp rt
    html head body colgroup path circle ellipse rect line polygon polyline use stop image animate animatetransform
"""
_FLAT = frozenset(_FLAT_NAMES.split())
_TABLE_PARTS = frozenset({"caption", "tbody", "td", "tfoot", "th", "thead", "tr"})
_FORMATTING = frozenset({"b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"})
_BLOCK_NAMES = """
    address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hgroup li main menu nav ol p pre search section summary table ul
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
# An end tag closes no element outside these ("scope markers").
_SCOPES = frozenset({"applet", "desc", "foreignobject", "marquee", "object", "table", "template"})
_SPECIAL = _BLOCKS | _SCOPES | {"button", "select"}
_BUTTON_SCOPE = _SCOPES | {"button"}
_LI_SCOPE = _SPECIAL - {"address", "div", "p", "li"}
_TEMPLATE = frozenset({"template"})
_SAME_FORMATTING = 3  # the "Noah's Ark clause": at most three equal unclosed formatting elements continue


@dataclass(frozen=True)
class Survey:
    """The depth of an HTML page: its maximum nesting, and huge if a tag has too many attributes."""

    depth: int


def survey(source: str, stop_above: int | None = None) -> Survey:
    """Survey a page; stop once its depth exceeds `stop_above`."""
    tree = _Tree()
    deepest = 0
    for tag in _TAG.finditer(source):
        closing, name = tag.group(2, 3)
        if tag.end() - tag.start() > 2 * _MAX_ATTRIBUTES and _has_too_many_attributes(tag[0]):
            return Survey(_TOO_DEEP)
        if name is None:
            continue
        name = name.lower()
        if name in _FLAT:
            continue
        if closing:
            tree.close(name)
            continue
        tree.open(name, tag[0])
        if (depth := tree.depth) > deepest:
            deepest = depth
            if stop_above is not None and deepest > stop_above:
                break
    return Survey(deepest)


def _has_too_many_attributes(tag: str) -> bool:
    """Count the attributes of a matched tag, which may include its raw text."""
    opening = _OPENING.match(tag)
    return opening is not None and sum(1 for _ in _ATTRIBUTE.finditer(opening[0])) > _MAX_ATTRIBUTES


class _Tree:
    """The stack of open elements, and the formatting elements that continue after a closed block."""

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.kinds: list[str] = []
        """For each element of the stack its tag if it is formatting, else an empty string."""
        self.scopes = 0
        self.dangling: list[tuple[str, str, int]] = []
        """Name, tag, and the number of scopes around it."""

    @property
    def depth(self) -> int:
        return len(self.stack) + len(self.dangling)

    def open(self, name: str, tag: str) -> None:
        if name in _TABLE_PARTS:
            self._back_to("table", stop=_TEMPLATE, keep=True)
            return
        if name in _BLOCKS:
            self._back_to("p", stop=_BUTTON_SCOPE)
            if name == "li":
                self._back_to("li", stop=_LI_SCOPE)
        self.stack.append(name)
        self.kinds.append(tag if name in _FORMATTING else "")
        self.scopes += name in _SCOPES

    def close(self, name: str) -> None:
        if name in _FORMATTING:
            self._end_formatting(name)
        elif name in _TABLE_PARTS:
            self._back_to("table", stop=_TEMPLATE, keep=True)
        else:
            self._back_to(name, stop=_SCOPES - {name} if name in _SPECIAL else _SPECIAL)

    def _end_formatting(self, name: str) -> None:
        """Close a formatting element without the blocks within it; not from within a scope that it encloses."""
        for place in range(len(self.stack) - 1, -1, -1):
            if self.stack[place] == name:
                del self.stack[place], self.kinds[place]
                return
            if self.stack[place] in _SCOPES:
                break
        for place in range(len(self.dangling) - 1, -1, -1):
            if self.dangling[place][0] == name and self.dangling[place][2] >= self.scopes:
                del self.dangling[place]
                return

    def _back_to(self, name: str, *, stop: frozenset[str], keep: bool = False) -> None:
        """Pop everything above the nearest `name`, and that too unless `keep`; nothing if a `stop` is between."""
        stack = self.stack
        for place in range(len(stack) - 1, -1, -1):
            if stack[place] == name:
                first = place + keep
                for popped, tag in zip(stack[first:], self.kinds[first:], strict=True):
                    self.scopes -= popped in _SCOPES
                    if tag and sum(other == tag for _, other, _ in self.dangling) < _SAME_FORMATTING:
                        self.dangling.append((popped, tag, self.scopes))
                del stack[first:], self.kinds[first:]
                return
            if stack[place] in stop:
                return
