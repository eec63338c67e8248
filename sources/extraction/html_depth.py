"""How deep an HTML page nests, counted before any parser may see it, in one pass that is linear in its length.

Parsers lose text that is nested deeply, or take minutes for it. The count follows the tree construction of the
WHATWG HTML standard as far as depth goes: which tags open an element, which close one or several, and that
unclosed formatting goes on in every block that follows. It errs on the deep side.
"""

import re
from dataclasses import dataclass

# Tags as the WHATWG tokenizer reads them (13.2.5): a `>` inside a quoted value does not end a tag, and
# inside scripts and the like nothing is a tag. What is not closed goes on to the end, so each pass is linear.
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
# Parsers compare each attribute of a tag with all before it: 90,000 of them took 25 s.
_MOST_ATTRIBUTES = 5_000
_TOO_DEEP = 1_000_000

# Void elements, leaves of drawings, and those whose next one closes the last: they add no depth of their own.
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
# An end tag does not reach over these, whatever it closes.
_WALLS = frozenset({"applet", "desc", "foreignobject", "marquee", "object", "table", "template"})
_SPECIAL = _BLOCKS | _WALLS | {"button", "select"}
_ROUND_P = _WALLS | {"button"}
_ROUND_LI = _SPECIAL - {"address", "div", "p", "li"}
_TEMPLATE = frozenset({"template"})
_SAME_FORMATTING = 3  # "Noah's Ark": as many of one kind as go on unclosed


@dataclass(frozen=True)
class Survey:
    """What must be known of an HTML page before it is parsed.

    `depth`: how deep its elements can nest; far too deep if a tag has more attributes than a parser bears.
    `noscript`: where those elements begin and end. A browser that runs scripts takes what is in them for raw
    text; a parser that does not lets an unclosed `<iframe>` there swallow the whole page.
    """

    depth: int
    noscript: tuple[tuple[int, int], ...] = ()

    def without_noscript(self, source: str) -> str:
        """The page without these elements."""
        kept, position = [], 0
        for start, end in self.noscript:
            kept.append(source[position:start])
            position = end
        return "".join(kept) + source[position:]


def survey(source: str, stop_above: int | None = None) -> Survey:
    """Survey a page, and stop once its depth is above `stop_above`."""
    tree = _Tree()
    deepest = 0
    noscript: list[tuple[int, int]] = []
    for tag in _TAG.finditer(source):
        raw, closing, name = tag.groups()
        if tag.end() - tag.start() > 2 * _MOST_ATTRIBUTES and _has_too_many_attributes(tag[0]):
            return Survey(_TOO_DEEP, tuple(noscript))
        if name is None:
            if raw is not None and raw.lower() == "noscript":
                noscript.append(tag.span())
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
    return Survey(deepest, tuple(noscript))


def without_noscript(source: str) -> str:
    """The page without its `<noscript>` elements, as `Survey.without_noscript`, but for most pages far cheaper.

    Small ones that hold no end of anything begun outside of them are what they look like, or lie within a script or
    comment, where cutting them changes nothing that a reader sees. Else the page is surveyed.
    """
    # A pattern that ignores case takes ten times as long.
    found = _NOSCRIPT.search(source)
    name = found[0] if found else ""
    kept, position = [], 0
    while name and (start := source.find(name, position)) >= 0:
        end = _NOSCRIPT_END.search(source, start, start + _SMALL)
        if end is None or not _whole(source[start : end.start()].lower()):
            return survey(source).without_noscript(source)
        kept.append(source[position:start])
        position = end.end()
    return "".join(kept) + source[position:] if kept else source


_NOSCRIPT = re.compile("<(?:noscript|NOSCRIPT)")
_NOSCRIPT_END = re.compile("</noscript[ \t\n\f\r]*>", re.IGNORECASE)
_SMALL = 4_000  # characters


def _whole(inside: str) -> bool:
    """Whether what may hide mark-up begins as often as it ends."""
    if inside.count("<!--") != inside.count("-->"):
        return False
    return all(inside.count(f"<{name}") == inside.count(f"</{name}") for name in _HIDING)


_HIDING = ("script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp")


def _has_too_many_attributes(tag: str) -> bool:
    """Of a tag as it came, with what is in it if that is raw text."""
    opening = _OPENING.match(tag)
    return opening is not None and sum(1 for _ in _ATTRIBUTE.finditer(opening[0])) > _MOST_ATTRIBUTES


class _Tree:
    """The stack of open elements; and the formatting that a closed block took off it, which goes on after."""

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.kinds: list[str] = []
        """Beside each element of the stack the tag as it came if that is formatting, else nothing."""
        self.walls = 0
        self.dangling: list[tuple[str, str, int]] = []
        """Name, tag, and how many walls were around it."""

    @property
    def depth(self) -> int:
        return len(self.stack) + len(self.dangling)

    def open(self, name: str, tag: str) -> None:
        if name in _TABLE_PARTS:
            self._back_to("table", stop=_TEMPLATE, keep=True)
            return
        if name in _BLOCKS:
            self._back_to("p", stop=_ROUND_P)
            if name == "li":
                self._back_to("li", stop=_ROUND_LI)
        self.stack.append(name)
        self.kinds.append(tag if name in _FORMATTING else "")
        self.walls += name in _WALLS

    def close(self, name: str) -> None:
        if name in _FORMATTING:
            self._end_formatting(name)
        elif name in _TABLE_PARTS:
            self._back_to("table", stop=_TEMPLATE, keep=True)
        else:
            self._back_to(name, stop=_WALLS - {name} if name in _SPECIAL else _SPECIAL)

    def _end_formatting(self, name: str) -> None:
        """Blocks within it stay open. Formatting outside of a wall is not ended from within."""
        for place in range(len(self.stack) - 1, -1, -1):
            if self.stack[place] == name:
                del self.stack[place], self.kinds[place]
                return
            if self.stack[place] in _WALLS:
                break
        for place in range(len(self.dangling) - 1, -1, -1):
            if self.dangling[place][0] == name and self.dangling[place][2] >= self.walls:
                del self.dangling[place]
                return

    def _back_to(self, name: str, *, stop: frozenset[str], keep: bool = False) -> None:
        """Pop all above the nearest `name`, and that too unless `keep`; nothing if a `stop` stands between."""
        stack = self.stack
        for place in range(len(stack) - 1, -1, -1):
            if stack[place] == name:
                first = place + keep
                for popped, tag in zip(stack[first:], self.kinds[first:], strict=True):
                    self.walls -= popped in _WALLS
                    if tag and sum(other == tag for _, other, _ in self.dangling) < _SAME_FORMATTING:
                        self.dangling.append((popped, tag, self.walls))
                del stack[first:], self.kinds[first:]
                return
            if stack[place] in stop:
                return
