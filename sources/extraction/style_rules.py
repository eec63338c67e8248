"""Which elements does a page's own CSS hide or strike out? Declarations, and simple selectors of inline style sheets.

Without a browser this can only be an estimate, and it errs towards visible: a rule hides if its selector is a simple
one (an element name, classes, an id), if its media are those of a wide screen, and if no other rule of the page shows
the same element again, as the rules of menus, tabs and accordions do.
"""

import re
from collections.abc import Callable, Container, Iterable

MAX_CSS = 1_000_000
"""Characters of style sheets that are read; a page hardly ever has a tenth of them."""

MAX_SELECTORS = 100
"""Hiding selectors that a page's elements use; each costs time at every element."""

FEW_SELECTORS = 30
"""Up to so many it is faster to try them all than to find out which of them the page uses."""

_WIDE_SCREEN = 1280  # CSS pixels

_IMPORTANT = re.compile(r"\s*!\s*important\s*\Z")
_DISPLAY_NAMES = """
    block inline inline-block flex inline-flex grid inline-grid flow-root contents list-item table inline-table
    table-row table-cell table-caption table-row-group table-header-group table-footer-group table-column
    table-column-group ruby ruby-base ruby-text run-in initial inherit unset revert revert-layer -webkit-box
    -webkit-flex -webkit-inline-box -ms-flexbox math
    """
_DISPLAY = frozenset(_DISPLAY_NAMES.split())
_VISIBILITY = frozenset({"visible", "hidden", "collapse", "initial", "inherit", "unset", "revert", "revert-layer"})
_PROPERTIES = frozenset(
    {"display", "visibility", "text-decoration", "text-decoration-line", "clip", "clip-path", "position"}
    | {"left", "top", "width", "height", "overflow"}
)


def declarations(style: str) -> dict[str, str]:
    """Return the valid declarations that matter for visibility, by property, in lower case.

    As in CSS, the last one of a property counts, an `!important` one before others, and an invalid value never.
    """
    found: dict[str, str] = {}
    important: set[str] = set()
    for each in _without_comments(style).lower().split(";"):
        name, colon, value = each.partition(":")
        name = name.strip()
        if not colon or name not in _PROPERTIES:
            continue
        value, stressed = _IMPORTANT.subn("", value.strip())
        if not _is_valid(name, value) or (name in important and not stressed):
            continue
        found[name] = value
        if stressed:
            important.add(name)
    return found


def _without_comments(css: str) -> str:
    first, *others = css.split("/*")
    return first + "".join(each.partition("*/")[2] for each in others) if others else css


def _is_valid(name: str, value: str) -> bool:
    if name == "display":
        return value == "none" or all(word in _DISPLAY or word == "flow" for word in value.split())
    if name == "visibility":
        return value in _VISIBILITY
    return bool(value)


def hides(found: dict[str, str]) -> bool:
    """Whether these declarations hide an element's text, strike it out, or leave it to screen readers only."""
    return (
        found.get("display") == "none"
        or found.get("visibility") in {"hidden", "collapse"}
        or is_struck(found)
        or (found.get("position") in {"absolute", "fixed"} and _is_out_of_sight(found))
    )


def is_struck(found: dict[str, str]) -> bool:
    """Whether these declarations draw a line through the text."""
    return "line-through" in found.get("text-decoration", "") + found.get("text-decoration-line", "")


_CLIPPED = re.compile(
    r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)|inset\(\s*(?:50|100)%"
)
_FAR_AWAY = re.compile(r"-(?:\d{4,}px|999px|\d{3,}r?em)")


def _is_out_of_sight(found: dict[str, str]) -> bool:
    """Whether an absolutely positioned box is clipped to nothing or put far outside the page."""
    if _CLIPPED.match(found.get("clip", "")) or _CLIPPED.match(found.get("clip-path", "")):
        return True
    if any(_FAR_AWAY.match(found.get(side, "")) for side in ("left", "top")):
        return True
    small = {"0", "0px", "1px"}
    return found.get("width") in small and found.get("height") in small and found.get("overflow") in {"hidden", "clip"}


def hiding_selectors(sheets: Iterable[tuple[str, str]], used: Callable[[], Container[str]]) -> list[str]:
    """Return the simple selectors that these style sheets hide; each sheet is its media and its CSS.

    `used` returns the classes (`.a`) and ids (`#b`) of the page's elements, and is called if there are many.
    """
    rules: list[_Rule] = []
    left = MAX_CSS
    for media, css in sheets:
        if (state := _is_for_wide_screens(media)) is not False:
            rules += _rules(css[:left], state)
            left -= len(css[:left])
    hiding = _hiding(rules)
    if len(hiding) > FEW_SELECTORS:
        of_page = used()
        hiding = {each: struck for each, struck in hiding.items() if all(name in of_page for name in _names(each))}
    selectors = list(hiding)[:MAX_SELECTORS]
    if not selectors:
        return []
    shown = _shown(rules, frozenset().union(*map(_names, selectors)))
    return [each for each in selectors if not any(_names(each) <= names for names in shown[hiding[each]])]


_Rule = tuple[str, str, bool | None]
"""Selectors, declarations, and whether they apply; None if that cannot be told."""

_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]*)?(?:[.#][A-Za-z_][\w-]*)*", re.ASCII)
_NEVER = frozenset({"html", "body", "main", "article", ""})
_NAME = re.compile(r"[.#]?[A-Za-z_][\w-]*", re.ASCII)


def _rules(css: str, sheet: bool | None) -> list[_Rule]:
    """Return the rules of a style sheet that might apply."""
    css = _without_comments(css)
    rules: list[_Rule] = []
    states = [sheet]
    for piece in css.split("}"):
        head, brace, body = piece.partition("{")
        if not brace:
            if len(states) > 1:
                states.pop()
            continue
        if "{" in body:  # an at-rule, or a rule that contains others
            *around, head, body = piece.split("{")
            for each in around:
                states.append(_state_of(each.rpartition(";")[2].strip(), states[-1]))
        if states[-1] is not False:
            rules.append((head, body, states[-1]))
    return rules


_MEDIA = re.compile(r"@media\b(.*)", re.IGNORECASE | re.DOTALL)
_PLAIN_GROUP = re.compile(r"@(?:layer|supports|scope|container|starting-style|document|-moz-document)\b", re.IGNORECASE)


def _state_of(head: str, around: bool | None) -> bool | None:
    """Whether the rules of an at-rule apply: True, False, or None if that cannot be told."""
    if around is False:
        return False
    if media := _MEDIA.match(head):
        applies = _is_for_wide_screens(media[1])
        return applies if applies is not True else around
    if re.match(r"@layer\b", head, re.IGNORECASE):
        return around
    return None if _PLAIN_GROUP.match(head) else False  # animations, fonts, printed pages


_CONDITION = re.compile(r"\(\s*(min|max)-width\s*:\s*([\d.]+)\s*(px|r?em)\s*\)")


def _is_for_wide_screens(media: str) -> bool | None:
    """Whether a list of media queries matches a wide screen: True, False, or None if that cannot be told."""
    answers = [_matches(query) for query in media.lower().split(",")]
    return True if True in answers else None if None in answers else False


def _matches(query: str) -> bool | None:
    query = query.strip()
    if "not" in query.split():
        return None
    kind = query.partition("(")[0].split()
    if kind and kind[0] in {"print", "speech", "aural", "braille", "tty", "projection", "handheld"}:
        return False
    unknown = _CONDITION.sub("", query)
    for which, number, unit in _CONDITION.findall(query):
        pixels = float(number if number.count(".") < 2 else "0") * (1 if unit == "px" else 16)
        if (which == "min") != (pixels <= _WIDE_SCREEN):
            return False
    return None if "(" in unknown else True


def _hiding(rules: list[_Rule]) -> dict[str, bool]:
    """Return the simple selectors whose declarations hide (False) or strike out (True), in order."""
    found: dict[str, bool] = {}
    for head, body, applies in rules:
        if applies and _may_hide(body.lower()) and hides(valid := declarations(body)):
            for selector in map(str.strip, head.rpartition(";")[2].split(",")):
                if selector not in _NEVER and _SIMPLE.fullmatch(selector):
                    found.setdefault(selector, is_struck(valid))
    return found


def _may_hide(body: str) -> bool:
    """Whether it is worth while to read these declarations. Six searches of short words are faster than a pattern."""
    return (
        ("none" in body and "display" in body)
        or ("hidden" in body and "visibility" in body)
        or "line-through" in body
        or "collapse" in body
        or "clip" in body
        or "-9" in body
    )


def _shown(rules: list[_Rule], wanted: frozenset[str]) -> dict[bool, set[frozenset[str]]]:
    """Return what ends the selectors of rules that show something (False) or take a line out of it (True).

    Only rules that name one of `wanted` count.
    """
    shown: dict[bool, set[frozenset[str]]] = {False: set(), True: set()}
    pattern = re.compile("|".join(map(re.escape, wanted)))
    for head, body, _ in rules:
        if not pattern.search(head):
            continue
        valid = declarations(body)
        if not valid or hides(valid):
            continue
        visible = "display" in valid or valid.get("visibility") == "visible" or valid.get("position") in _IN_PLACE
        kinds = [False] * visible + [True] * any(name.startswith("text-decoration") for name in valid)
        for kind in kinds:
            shown[kind].update(_names(_subject(selector)) for selector in head.split(","))
    return shown


_IN_PLACE = frozenset({"static", "relative", "sticky"})


def _subject(selector: str) -> str:
    """Return the last compound of a selector, which names the elements that it is about."""
    return re.split(r"[\s>+~]+", selector.strip())[-1]


def _names(compound: str) -> frozenset[str]:
    """Return the names by which a compound selector knows its elements: classes and ids, else the element name."""
    names = _NAME.findall(_CONDITIONS.sub("", compound))
    return frozenset(name for name in names if name[0] in ".#") or frozenset(names)


_CONDITIONS = re.compile(r"::?[\w-]+(?:\([^)]*\))?|\[[^\]]*\]")
