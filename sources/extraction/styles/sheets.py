"""The style sheets of one page, and which of their rules bear on what."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

from sources.extraction.styles.cascade import Indexed
from sources.extraction.styles.declarations import Concealed, added_words, colour, is_alike, is_reversed
from sources.extraction.styles.rules import REMEMBERED, Rule, Selector, read

MAX_WORDS = 50
"""Selectors of rules that add words."""

MAX_ANSWERS = 300
"""Hiding selectors of which it is found out whether other rules show the same elements."""

MAX_TINTS = 20
"""Selectors of rules that give text a colour of some background."""

MAX_BEARING = 500
"""Kinds of elements of which it is remembered which rules may bear on them."""


@dataclass(frozen=True)
class Bearing:
    """The rules that may bear on an element by its names, and how many were looked at."""

    found: tuple[Indexed, ...]
    tried: int


# Looked for in lower case: patterns that ignore case are slower.
_INK = re.compile(r"(?<![\w-])color\s*:\s*([^;!]{1,50})")
_PAPER = re.compile(r"background(?:-color)?\s*:\s*([^;!]{1,100})")
# What holds until scripts run, or until a reader opens it.
_PASSING = re.compile(
    r"\.no-?js\b|no-?script\b|no-?javascript\b|\[aria-(?:expanded|selected|pressed|busy|current|hidden)|:(?:checked|hover|active|focus)",
    re.IGNORECASE,
)
_NEVER = frozenset({"html", "body", "main", "article"})
_WORDS = re.compile(r"""content\s*:[^;}"']*(?:(?:""|'')[^;}"']*)*(?:["'][^"']*[^\W_]|attr\()""")
_ICONS = re.compile(r"font\s*:|font-family")
# Where a long form may be declared by a shorthand.
_ROOTS = {
    "text-decoration-line": ("text-decoration",),
    "background-color": ("background",),
    "background-image": ("background",),
    "background-clip": ("background",),
    "font-size": ("font",),
    **{side: (side, "inset") for side in ("top", "right", "bottom", "left")},
    **{f"{edge}-{side}": (edge,) for edge in ("margin", "padding") for side in ("top", "right", "bottom", "left")},
}


class StyleSheets:
    """The rules of a page's style sheets, each given as its media and its CSS."""

    def __init__(self, sheets: tuple[tuple[str, str], ...]) -> None:
        self.rules = read(sheets)
        self.imports = any("@import" in css for _, css in sheets)
        """Whether other sheets are taken in, which are not known here."""
        self._bearing: dict[tuple[frozenset[str], frozenset[str]], Bearing] = {}
        self._shown: dict[Selector, bool] = {}
        self._declaring: dict[frozenset[str], list[tuple[int, Rule]]] = {}
        self._indexes: dict[frozenset[str], dict[str, list[Indexed]]] = {}

    @cached_property
    def hiding(self) -> list[tuple[Rule, Selector]]:
        """The selectors of rules that hide, without those of `opened`."""
        opened = set(self.opened)
        return [each for each in self._hiding if each not in opened]

    @cached_property
    def opened(self) -> list[tuple[Rule, Selector]]:
        """The selectors of rules that leave out what another rule shows, now or in another state."""
        return [
            (rule, selector)
            for rule, selector in self._hiding
            if rule.concealed is Concealed.NOT
            or (rule.concealed is Concealed.BY_DECLARATION and self.may_show(rule, selector))
        ]

    @cached_property
    def _hiding(self) -> list[tuple[Rule, Selector]]:
        return [
            (rule, selector)
            for rule in self.rules
            if rule.certain and (rule.suspect or _has_colours(rule.lower)) and _hides(rule)
            for selector in rule.each
            if not selector.pseudo and selector.text not in _NEVER and not _PASSING.search(selector.text)
        ]

    @cached_property
    def tinting(self) -> list[tuple[Rule, Selector]]:
        """The selectors of rules that give text a colour which some background has, or white."""
        coloured = [rule.values.get("background-color", "") for rule in self.rules if "background" in rule.lower]
        papers = {colour(paper) for paper in coloured if paper} | {"ffffff"} - {""}
        inks = {colour(rule.values.get("color", "")) for rule in self.rules if "color" in rule.lower}
        unseen = {ink for ink in inks if any(is_alike(ink, paper) for paper in papers)}
        found = (
            (rule, selector)
            for rule in self.rules
            if rule.certain and "color" in rule.lower and _INK.search(rule.lower)
            if "background-color" not in rule.values and colour(rule.values.get("color", "")) in unseen
            for selector in rule.each
            if not selector.pseudo and selector.text not in _NEVER
        )
        return list(islice(found, MAX_TINTS))

    def declaring(self, keys: frozenset[str]) -> dict[str, list[Indexed]]:
        """The rules that may declare one of these properties, by a name that their subject has.

        Those whose subject may have any name stand under an empty string.
        """
        index = self._indexes.get(keys)
        if index is None:
            index = defaultdict(list)
            for order, rule in self._declarers(keys):
                for selector in rule.each:
                    if not selector.pseudo:
                        index[max(selector.names, key=len, default="")].append((order, rule, selector))
            self._indexes[keys] = index
        return index

    def _declarers(self, keys: frozenset[str]) -> list[tuple[int, Rule]]:
        """The rules that may declare one of these properties, with their places."""
        known = self._declaring.get(keys)
        if known is None:
            roots = {root for key in keys for root in (_ROOTS.get(key) or (key,))}
            known = self._declaring[keys] = [
                (order, rule) for order, rule in enumerate(self.rules) if any(root in rule.lower for root in roots)
            ]
        return known

    def bearing(self, keys: frozenset[str], names: frozenset[str]) -> Bearing:
        """The rules that may declare one of these properties of an element with these names."""
        known = self._bearing.get((keys, names))
        if known is None:
            if len(self._bearing) >= MAX_BEARING:
                self._bearing.clear()
            index = self.declaring(keys)
            tried = [entry for name in ("", *names) for entry in index.get(name, ())]
            found = {entry[2]: entry for entry in tried if entry[2].names <= names}
            known = self._bearing[keys, names] = Bearing(tuple(found.values()), len(tried))
        return known

    def may_show(self, rule: Rule, selector: Selector) -> bool:
        """Whether a rule of the page shows what this one hides, now or in another state of the element."""
        known = self._shown.get(selector)
        if known is None and len(self._shown) >= MAX_ANSWERS:
            return False
        if known is None:
            wanted = selector.names or frozenset({selector.tag})
            rarest = max(wanted, key=len).lstrip(".#")
            # A rule of a lower layer does not win in any state, unless it is important.
            known = self._shown[selector] = any(
                rarest in other.selectors
                and other is not rule
                and (other.layer >= rule.layer or "!" in other.lower)
                and any(wanted <= each.names | {each.tag} for each in other.each if not each.pseudo)
                and not rule.keys.isdisjoint(other.values)
                and other.concealed is Concealed.NOT
                for _, other in self._declarers(rule.keys)
            )
        return known

    @cached_property
    def adding(self) -> list[tuple[Rule, Selector]]:
        """The selectors of boxes before and after elements whose `content` adds words."""
        return [
            (rule, selector)
            for rule in self.rules
            if rule.certain and "content" in rule.lower and _WORDS.search(rule.lower) and not _ICONS.search(rule.lower)
            if added_words(rule.values.get("content", ""), str) and rule.concealed is Concealed.NOT
            for selector in rule.each
            if selector.pseudo in {"before", "after"}
        ][:MAX_WORDS]

    @cached_property
    def silencing(self) -> list[tuple[int, Rule, Selector]]:
        """The selectors of such boxes whose content is no words, with the place of the rule; they may win."""
        return [
            (order, rule, selector)
            for order, rule in enumerate(self.rules)
            if rule.certain and "content" in rule.lower and ":" in rule.selectors and not _WORDS.search(rule.lower)
            for selector in rule.each
            if selector.pseudo in {"before", "after"} and "content" in rule.values
        ]

    @cached_property
    def reversing(self) -> list[Selector]:
        """The selectors of rules that draw letters in reverse order."""
        return [
            selector
            for rule in self.rules
            if rule.certain and "-override" in rule.lower and is_reversed(rule.values)
            for selector in rule.each
            if not selector.pseudo
        ]


def _has_colours(body: str) -> bool:
    """Whether text and background have the same colour, as far as one look tells."""
    if "background" not in body:
        return False
    ink, paper = _INK.search(body), _PAPER.search(body)
    return ink is not None and paper is not None and is_alike(colour(ink[1]), colour(paper[1]))


def _hides(rule: Rule) -> bool:
    if rule.concealed is not Concealed.NOT:
        return True
    ink, paper = rule.values.get("color", ""), rule.values.get("background-color", "")
    return bool(ink and paper) and is_alike(colour(ink), colour(paper))


def of(given: tuple[tuple[str, str], ...]) -> StyleSheets:
    """Return the style sheets of a page, remembered if they are not unusually large."""
    return (_remembered if sum(len(css) for _, css in given) <= REMEMBERED else StyleSheets)(given)


_remembered = lru_cache(maxsize=256)(StyleSheets)


# Patterns that ignore case, or begin with no letter, are 20 times slower.
_CLASSES = re.compile(r"""class\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
_IDS = re.compile(r"""id\s*=\s*["']?([^\s"'>]+)""")
_CAPITALS = (" CLASS=", " Class=", " ID=", " Id=")


def names_used(source: str) -> frozenset[str]:
    """Return the classes and ids that a page's tags name, in the form of selectors."""
    for each in _CAPITALS:
        if each in source:
            source = source.replace(each, each.lower())
    classes = {each for values in _CLASSES.findall(source) for each in values}
    names = {f".{name}" for each in classes for name in each.split()}
    return frozenset(names | {f"#{name}" for name in _IDS.findall(source)})
