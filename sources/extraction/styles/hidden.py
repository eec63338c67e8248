"""Which elements of a page does its own CSS hide from readers?

The cascade is that of CSS; selectors are lexbor's. What cannot be known without a browser is what scripts do, and
scripts bring much into sight that the styles hide: tabs, menus, what fades in, a page that waits for its fonts. So:

- What is hidden within a line of text that is seen is hidden.
- What a rule shows in another state (a class, `:hover`, `:target`) is read, as a reader can open it.
- What is only kept from sight, as by `opacity: 0`, counts as hidden if what is seen beside it is more.
- Most of a page is never hidden.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import islice

from resiliparse.parse.html import CSSParserException, DocumentNode, ElementNode

from sources.extraction.styles.cascade import cascaded
from sources.extraction.styles.declarations import (
    Concealed,
    Declarations,
    colour,
    computed,
    concealed,
    is_alike,
    is_revealed_in_time,
    parse,
    shows_again,
)
from sources.extraction.styles.rules import Rule, Selector
from sources.extraction.styles.sheets import StyleSheets, names_used

MAX_SELECTORS = 100
"""Hiding selectors that a page's elements use; each costs time at every element."""

MAX_ELEMENTS = 2_000
"""Elements that are examined."""

_FEW_SELECTORS = 25
"""Up to so many it is faster to try them all than to find out which of them the page uses."""

_MANY_SELECTORS = 60
"""The same for selectors that are tried at running text alone."""

_ALONE = 2
"""Up to so many selectors are tried one by one."""

_FEW_ELEMENTS = 50
"""Elements at which selectors are tried again that were tried together."""

_INLINE_NAMES = """
    span a b i em strong mark small u font big code abbr cite dfn time sub sup ins kbd samp var data bdi bdo q tt
    x-label nobr acronym
    """
INLINE = frozenset(_INLINE_NAMES.split())
"""Elements that stand within a line of text."""

_LINKS = ('rel="stylesheet', "rel='stylesheet", "rel=stylesheet")
_TEXT = "span,p,em,b,i,strong,mark,font"
_NEVER = frozenset({"html", "body", "main", "article"})
_MOST = 0.5
"""The share of a page's text, or of that around an element, above which it is no exception to be hidden."""
_LITTLE = 0.34
_MARKUP = 100
"""How much longer than an element's text a page is of which that is hardly most, so that its text need not be taken."""
_LONG = 600  # characters of an element that is more than a sentence or two
_CLIMB = 6  # ancestors
_MAX_ANCESTORS = 50
_MAX_WITHIN = 100  # elements within one that is hidden
_MAX_TRIES = 100_000  # of a selector at an element
_STATE = re.compile(r":not\(|collaps|clos|inactive|fold|load|truncat|:has\(|:empty|hide|hidden")

_Candidate = tuple[ElementNode, Rule | None, Selector | None]


class HiddenElements:
    """The elements of one page that its own styles hide.

    `styled` are the elements with a `style` attribute. Elements that are found are given the attribute `hidden`.
    """

    def __init__(self, document: DocumentNode, source: str, sheets: StyleSheets, styled: Iterable[ElementNode]) -> None:
        self.document = document
        self.source = source
        self.sheets = sheets
        self.styled = styled
        self.left = _MAX_TRIES
        self.alike = False
        """Whether what was judged last holds for all elements of the same names and attributes."""
        self.judged: dict[object, tuple[Concealed, bool]] = {}
        self.lengths: dict[ElementNode, int] = {}

    def mark(self) -> None:
        """Give every element that is hidden the attribute `hidden`."""
        found: dict[ElementNode, tuple[Concealed, bool]] = {}
        for node, rule, selector in self._candidates():
            if self.left <= 0:
                break
            if node in found or node.tag in _NEVER or self._length(node) == 0:
                continue
            within = bool(node.child_element_count)
            known = (selector, node.tag, node.getattr("class"), node.getattr("id"), node.getattr("style"), within)
            if selector is None or (answer := self.judged.get(known)) is None:
                answer = self._judge(node, rule, selector)
                if self.alike and answer[0] is Concealed.BY_DECLARATION and (selector is None or selector.is_compound):
                    self.judged[known] = answer
            if answer[0] is not Concealed.NOT:
                found[node] = answer
        if not found:
            return
        weigh = any(kind is Concealed.FROM_SIGHT for kind, _ in found.values())
        hidden = self._hidden_below(found) if weigh else Counter({node: self._length(node) for node in found})
        for node, (kind, revealable) in found.items():
            if self._is_hidden(node, kind, revealable, hidden):
                node.delattr("style")
                node.setattr("hidden", "")

    def _candidates(self) -> Iterator[_Candidate]:
        count = 0
        for node in self.styled:
            style = node.getattr("style") or ""
            if _may_hide(style):
                count += 1
                yield node, None, None
                if count >= MAX_ELEMENTS:
                    return
        for node, rule, selector in self._matched(self._used(self.sheets.hiding)):
            count += 1
            yield node, rule, selector
            if count >= MAX_ELEMENTS:
                return
        within_text = self.sheets.opened
        if not self.linked and self.sheets.tinting:
            within_text = within_text + self.sheets.tinting
        if within_text:
            yield from self._within_text(self._used(within_text, _MANY_SELECTORS), MAX_ELEMENTS - count)

    def _matched(self, selectors: list[tuple[Rule, Selector]]) -> Iterator[_Candidate]:
        """The elements that each of these selectors matches."""
        if len(selectors) > _ALONE:
            known = [each for each in selectors if each[1].is_valid]
            together = ",".join(selector.text for _, selector in known)
            found = elements(self.document, f":not(:empty):is({together})") if known else []
            if len(found) <= _FEW_ELEMENTS:
                named = [(node, _names(node)) for node in found]
                for rule, selector in known:
                    yield from ((node, rule, selector) for node, names in named if matches(node, selector, names))
                return
        for rule, selector in selectors:
            for node in elements(self.document, f"{selector.text}:not(:empty)"):
                yield node, rule, selector

    def _within_text(self, selectors: list[tuple[Rule, Selector]], most: int) -> Iterator[_Candidate]:
        """The elements that usually stand in running text, of those that these selectors match."""
        known = ",".join(selector.text for _, selector in selectors if selector.is_valid)
        if not known:
            return
        possible: dict[frozenset[str], list[tuple[Rule, Selector]]] = {}
        named = "[class]" if all(selector.has_class for _, selector in selectors) else ""
        for node in elements(self.document, f":is({_TEXT}){named}:not(:empty):is({known})")[:most]:
            names = _names(node)
            if (fitting := possible.get(names)) is None:
                fitting = possible[names] = [each for each in selectors if each[1].names <= names]
            for rule, selector in fitting:
                if matches(node, selector, names):
                    yield node, rule, selector
                    break

    def _used(self, found: list[tuple[Rule, Selector]], most: int = _FEW_SELECTORS) -> list[tuple[Rule, Selector]]:
        """The selectors whose classes and ids the page names, if there are more than `most`."""
        if len(found) > most:
            found = [each for each in found if each[1].all_names <= self.names]
        return found[:MAX_SELECTORS]

    @cached_property
    def scripted(self) -> bool:
        """Whether the page has scripts."""
        return self.document.query_selector("script") is not None

    @cached_property
    def linked(self) -> bool:
        """Whether the page has style sheets that are not known here."""
        return self.sheets.imports or ("stylesheet" in self.source and any(each in self.source for each in _LINKS))

    @cached_property
    def names(self) -> frozenset[str]:
        """The classes and ids that the page's tags name, in the form of selectors."""
        return names_used(self.source)

    def _judge(self, node: ElementNode, rule: Rule | None, selector: Selector | None) -> tuple[Concealed, bool]:
        """How an element is hidden after the whole cascade, and whether another state of the page would show it."""
        own = parse(node.getattr("style") or "")
        keys = frozenset(name for name, _, _ in own) if rule is None else rule.keys
        revealable = rule is not None and selector is not None and self.sheets.may_show(rule, selector)
        names = _names(node)
        bearing = self.sheets.bearing(keys, names)
        self.left -= bearing.tried
        self.alike = all(each is selector or each.is_compound for _, _, each in bearing.found)
        matched = tuple(
            (order, other, each)
            for order, other, each in bearing.found
            if other.certain and (each is selector or matches(node, each, names))
        )
        found = cascaded(matched, own)
        kind = concealed(found, inline=node.tag in INLINE)
        if kind is Concealed.FROM_SIGHT and is_revealed_in_time(found):
            return Concealed.NOT, False
        if kind is Concealed.NOT and self._has_colour_of_background(node, found):
            kind = Concealed.FROM_SIGHT
        if kind is Concealed.NOT or self._is_shown_within(node, found):
            return Concealed.NOT, False
        if self.scripted and not revealable:
            revealable = self._is_left_to_scripts(node, kind, found, own, selector)
        return kind, revealable

    def _is_left_to_scripts(
        self, node: ElementNode, kind: Concealed, found: Mapping[str, str], own: Declarations, selector: Selector | None
    ) -> bool:
        """Whether scripts are likely to show what is hidden."""
        if selector is not None and (_STATE.search(selector.text) or self._is_shown_without_scripts(selector)):
            return True
        if kind is Concealed.FROM_SIGHT:
            moves = found.get("transition", "none") not in {"none", "initial"} or "will-change" in found
            return moves or (bool(own) and any(name.startswith("data-") for name in node.attribute_names or ()))
        return selector is not None and " " in selector.text and self._length(node) > _LONG

    def _is_shown_without_scripts(self, selector: Selector) -> bool:
        """Whether `<noscript>` shows it, so that scripts show it otherwise."""
        name = max(selector.names, key=len, default="")
        return len(name) > 3 and name in self._without_scripts

    @cached_property
    def _without_scripts(self) -> str:
        return "".join(each.text or "" for each in elements(self.document, "noframes"))

    def _is_shown_within(self, node: ElementNode, found: Mapping[str, str]) -> bool:
        """Whether an element within may be shown though this one is not, as it inherits what hides."""
        if found.get("display") == "none" or not node.child_element_count:
            return False
        if found.get("visibility") in {"hidden", "collapse"}:
            self.alike = False
            return self._is_set_again_within(node, "visibility")
        keys = {"font-size", "color", "text-indent"} & found.keys()
        rest = {name: value for name, value in found.items() if name not in keys}
        if not keys or concealed(rest) is not Concealed.NOT:
            return False
        if any(each.tag not in INLINE for each in elements(node, "*")):
            return True
        return len(keys) == 1 and self._is_set_again_within(node, *keys)

    def _is_set_again_within(self, node: ElementNode, key: str) -> bool:
        """Whether elements within are shown by a value of their own; in a line of text, most of it."""
        shown = 0
        for each in elements(node, "*")[:_MAX_WITHIN]:
            own, names = parse(each.getattr("style") or ""), _names(each)
            bearing = self.sheets.bearing(frozenset({key}), names)
            if not own and not bearing.found:
                continue
            self.left -= bearing.tried
            matched = tuple(one for one in bearing.found if one[1].certain and matches(each, one[2], names))
            if shows_again(key, cascaded(matched, own).get(key, "")):
                shown += self._length(each)
                if shown and (node.tag not in INLINE or 2 * shown >= self._length(node)):
                    return True
        return False

    def _has_colour_of_background(self, node: ElementNode, found: Mapping[str, str]) -> bool:
        """Whether the text has the colour of what is known to be behind it."""
        ink = colour(found.get("color", ""))
        if not ink or ink == "transparent" or found.get("text-shadow", "none") != "none":
            return False
        for each in islice(_and_ancestors(node), _MAX_ANCESTORS):
            self.left -= 20
            behind = found if each is node else computed(parse(each.getattr("style") or ""))
            if each is not node and "background-color" not in behind and not self.linked:
                behind = self._declared_background(each)
            if behind.get("background-image", "none") != "none":
                return False
            if paper := colour(behind.get("background-color", "")):
                return is_alike(paper, ink)
            if each.tag not in INLINE and self.linked:
                return False  # a linked sheet may colour what is around
        return is_alike(ink, "ffffff") and not self.linked

    def _declared_background(self, node: ElementNode) -> dict[str, str]:
        found: dict[str, str] = {}
        names = _names(node)
        for _, rule, each in sorted(self.sheets.bearing(_BACKGROUND, names).found, key=lambda entry: entry[0]):
            if rule.certain and matches(node, each, names):
                found |= {name: value for name, value in rule.values.items() if name.startswith("background")}
        return found

    def _length(self, node: ElementNode) -> int:
        """Characters of text in an element."""
        if (known := self.lengths.get(node)) is None:
            known = self.lengths[node] = len((node.text or "").strip())
        return known

    def _hidden_below(self, found: dict[ElementNode, tuple[Concealed, bool]]) -> Counter[ElementNode]:
        """How many characters below each ancestor are in elements that are found."""
        hidden: Counter[ElementNode] = Counter()
        for node in found:
            ancestors = list(islice(_and_ancestors(node), 1, _CLIMB + 2))
            if not any(each in found for each in ancestors):
                for each in [node, *ancestors]:
                    hidden[each] += self._length(node)
        return hidden

    def _is_hidden(self, node: ElementNode, kind: Concealed, revealable: bool, hidden: Counter[ElementNode]) -> bool:
        if kind is Concealed.STRUCK:
            return True
        if kind is Concealed.BY_DECLARATION and not revealable:
            little = self._length(node) * _MARKUP < len(self.source)
            return little or not self.scripted or self._length(node) <= _MOST * self._page_length
        if revealable and kind is not Concealed.FROM_SIGHT and node.tag not in INLINE:
            return False
        top, around, block = node, node.parent_element, None
        for _ in range(_CLIMB):
            if block is None and around is not None and around.tag not in INLINE:
                block = around
            if around is None or self._length(around) > max(hidden[around], self._length(top)) + 1:
                break
            top, around = around, around.parent_element
        if around is None:
            return False
        if node.tag in INLINE and (block is None or around is block):
            return True
        share = hidden[around] / max(1, self._length(around))
        if revealable:
            beside = (top.previous_element_sibling, top.next_element_sibling)
            return (
                kind is Concealed.FROM_SIGHT
                and top.tag == "p"
                and share <= _LITTLE
                and any(each is not None and each.tag == "p" for each in beside)
            )
        return share <= _MOST

    @cached_property
    def _page_length(self) -> int:
        body = self.document.query_selector("body")
        return self._length(body) if body is not None else 0


_BACKGROUND = frozenset({"background-color", "background-image"})


@lru_cache(maxsize=8192)
def _may_hide(style: str) -> bool:
    found = computed(parse(style))
    return concealed(found) is not Concealed.NOT or "color" in found


def elements(root: DocumentNode | ElementNode, selector: str) -> list[ElementNode]:
    """Return the elements that a selector matches; none if it is invalid, or asks for what lexbor does not know."""
    try:
        return list(root.query_selector_all(selector).values())
    except CSSParserException:
        return []


def matches(node: ElementNode, selector: Selector, names: frozenset[str] | None = None) -> bool:
    """Whether a selector matches an element, whose names may be given."""
    own = selector.names
    if own and not own <= (names or _names(node)):
        return False
    if selector.is_names:
        return not selector.tag or selector.tag == node.tag
    try:
        return bool(node.matches(selector.text))
    except CSSParserException:
        return False


def _names(node: ElementNode) -> frozenset[str]:
    names = {f".{name}" for name in (node.getattr("class") or "").split()}
    return frozenset({*names, f"#{node.getattr('id') or ''}", node.tag or ""})


def _and_ancestors(node: ElementNode) -> Iterator[ElementNode]:
    each: ElementNode | None = node
    while each is not None:
        yield each
        each = each.parent_element
