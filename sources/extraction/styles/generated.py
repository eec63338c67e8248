"""What the styles of a page add to its text: words before and after elements, and letters in reverse order."""

import re
from collections.abc import Callable

from resiliparse.parse.html import DocumentNode, ElementNode, TextNode

from sources.extraction.styles.declarations import added_words, computed, is_reversed, parse
from sources.extraction.styles.hidden import elements, matches
from sources.extraction.styles.rules import Rule, Selector
from sources.extraction.styles.sheets import StyleSheets

MAX_ELEMENTS = 500
"""Elements to which words are added."""

_ICON_NAMES = re.compile(r"icon|glyph|\bfa[srlb]?\b|\bfa-|material|dashicon|symbol", re.IGNORECASE)

RIGHT_TO_LEFT, LEFT_TO_RIGHT, END = "\u202e", "\u202d", "\u202c"
"""Characters that override the direction of the letters up to the end, as styles and `<bdo>` do."""


def add_words(document: DocumentNode, sheets: StyleSheets, new: Callable[[str], TextNode]) -> None:
    """Put the words that `content` adds before or after elements into the tree."""
    chosen: dict[tuple[ElementNode, str], tuple[Rule, Selector]] = {}
    for rule, selector in sheets.adding:
        for node in elements(document, selector.text)[:MAX_ELEMENTS]:
            place = (node, selector.pseudo)
            if place not in chosen or _weight(*chosen[place]) <= _weight(rule, selector):
                chosen[place] = rule, selector
    for (node, pseudo), (rule, selector) in chosen.items():
        words = added_words(rule.values["content"], node.getattr)
        if (
            words
            and not _ICON_NAMES.search(node.getattr("class") or "")
            and not _is_silenced(node, sheets, rule, selector)
        ):
            (node.prepend if pseudo == "before" else node.append)(new(words))


def _weight(rule: Rule, selector: Selector) -> tuple[int, tuple[int, int, int]]:
    return rule.layer, selector.specificity


def _is_silenced(node: ElementNode, sheets: StyleSheets, rule: Rule, selector: Selector) -> bool:
    place = sheets.rules.index(rule)
    return any(
        other.pseudo == selector.pseudo
        and (*_weight(silent, other), order) > (*_weight(rule, selector), place)
        and matches(node, other)
        for order, silent, other in sheets.silencing
    )


def mark_reversed(
    document: DocumentNode, sheets: StyleSheets, styled: list[ElementNode], new: Callable[[str], TextNode]
) -> None:
    """Put the characters of Unicode that say the same around letters which styles and `<bdo>` draw in reverse order."""
    found = [node for node in styled if _is_override(node.getattr("style") or "")]
    for selector in sheets.reversing:
        found += elements(document, selector.text)
    for node in dict.fromkeys(found[:MAX_ELEMENTS]):
        node.prepend(new(RIGHT_TO_LEFT))
        node.append(new(END))


def _is_override(style: str) -> bool:
    return "override" in style and is_reversed(computed(parse(style)))


_OVERRIDDEN = re.compile(f"([{RIGHT_TO_LEFT}{LEFT_TO_RIGHT}])([^{RIGHT_TO_LEFT}{LEFT_TO_RIGHT}{END}\n]*){END}?")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LEFT_RUN = re.compile(
    r"[^\s\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+(?:\s+[^\s\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+)*"
)
_RIGHT_RUN = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+(?:\s+[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+)*")
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_DEPTH = 20


def in_visual_order(text: str) -> str:
    """Return a text in the order in which it is drawn, without the characters that override its direction.

    Letters of a script that runs that way anyway stay as they are.
    """
    if RIGHT_TO_LEFT not in text and LEFT_TO_RIGHT not in text:
        return text
    for _ in range(_DEPTH):
        text, count = _OVERRIDDEN.subn(_drawn, text)
        if not count:
            break
    return text


def _drawn(found: re.Match[str]) -> str:
    direction, words = found.groups()
    if direction == LEFT_TO_RIGHT:
        return _RIGHT_RUN.sub(_backwards, words)
    return _LEFT_RUN.sub(_backwards, words) if _RIGHT_TO_LEFT.search(words) else words[::-1].translate(_MIRRORED)


def _backwards(found: re.Match[str]) -> str:
    return found[0][::-1].translate(_MIRRORED)
