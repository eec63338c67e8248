"""Which elements does a page's own CSS hide or strike out? Declarations, and simple selectors of inline style sheets.

Without a browser this can only be an estimate, and it errs towards visible: a rule hides if its selector is a simple
one (an element name, classes, an id), if its media are those of a wide screen, and if no other rule of the page shows
the same element again, as the rules of menus, tabs and accordions do.
"""

import re
from collections.abc import Callable, Container, Iterable
from functools import lru_cache

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
    if "/*" not in css:
        return css
    first, *others = css.split("/*")
    return first + "".join(each.partition("*/")[2] for each in others)


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
    given = tuple(sheets)
    if sum(len(css) for _, css in given) <= _REMEMBERED:
        hiding, read = _read_of_site(given)
    else:
        hiding, read = _read(given)
    if len(hiding) > FEW_SELECTORS:
        of_page = used()
        hiding = [each for each in hiding if all(name in of_page for name in _names(each[0]))]
    return [
        selector
        for selector, struck in hiding[:MAX_SELECTORS]
        if not any(sheet.may_show(_names(selector), struck) for sheet in read)
    ]


def _read(sheets: tuple[tuple[str, str], ...]) -> tuple[list[tuple[str, bool]], list["_Sheet"]]:
    """Return the selectors that hide (False) or strike out (True), and the sheets that apply."""
    read: list[_Sheet] = []
    left = MAX_CSS
    for media, css in sheets:
        if left and (applies := _is_for_wide_screens(media)) is not False:
            read.append(_Sheet(_without_comments(css[:left]), applies))
            left -= len(css[:left])
    hiding: dict[str, bool] = {}
    for sheet in read:
        hiding = sheet.hiding() | hiding
    few = list(hiding.items())
    if len(few) <= FEW_SELECTORS:
        few = [each for each in few if not any(sheet.may_show(_names(each[0]), each[1]) for sheet in read)]
        return few, []
    return few, read


_REMEMBERED = 100_000
"""Characters of style sheets up to which they are remembered: pages carry the same ones from poll to poll."""
_read_of_site = lru_cache(maxsize=256)(_read)

_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]*)?(?:[.#][A-Za-z_][\w-]*)*", re.ASCII)
_NEVER = frozenset({"html", "body", "main", "article", ""})
_NAME = re.compile(r"[.#]?[A-Za-z_][\w-]*", re.ASCII)
# What hides, as value and the declarations that end before it. Searching for short strings in the whole sheet takes a
# tenth of the time of reading its rules.
_HIDING = (
    ("none", ("display:", "display: ", "display :", "display : ")),
    ("hidden", ("visibility:", "visibility: ", "visibility :", "visibility : ")),
    ("collapse", ("visibility:", "visibility: ")),
    ("line-through", ("",)),
    ("clip", ("",)),
    ("-999", ("",)),
)
_MAX_PLACES = 2_000


class _Sheet:
    """A style sheet without comments. `applies` is None if that cannot be told."""

    def __init__(self, css: str, applies: bool | None) -> None:
        low = css.lower()
        self.css = css
        self.low = low if len(low) == len(css) else css
        self.applies = applies

    def hiding(self) -> dict[str, bool]:
        """Return the simple selectors whose declarations hide (False) or strike out (True), in order."""
        found: dict[str, bool] = {}
        counted = depth = last = 0
        for place in self._places():
            opening = self.css.rfind("{", last, place)
            if opening < 0:
                continue  # in the rule that was read last
            last = opening + 1
            depth += self.css.count("{", counted, opening) - self.css.count("}", counted, opening)
            counted = opening
            head = self._head(opening)
            selectors = [each for each in map(str.strip, head.split(",")) if _SIMPLE.fullmatch(each)]
            if not selectors or not hides(valid := declarations(self._body(opening))):
                continue
            if (self._state(opening) if depth > 0 else self.applies) is True:
                found |= {each: is_struck(valid) for each in selectors if each not in _NEVER and each not in found}
        return found

    def _places(self) -> list[int]:
        """Return where something that hides is declared."""
        places: list[int] = []
        for value, ends in _HIDING:
            position = self.low.find(value)
            while position >= 0 and len(places) < _MAX_PLACES:
                if self.low.endswith(ends, 0, position):
                    places.append(position)
                position = self.low.find(value, position + 1)
        return sorted(places)

    def _head(self, opening: int) -> str:
        """Return the selectors before an opening brace."""
        start = self.css.rfind("}", 0, opening) + 1
        return self.css[
            max(start, self.css.rfind("{", start, opening) + 1, self.css.rfind(";", start, opening) + 1) : opening
        ]

    def _body(self, opening: int) -> str:
        end = self.css.find("}", opening)
        return self.low[opening + 1 : end if end >= 0 else len(self.css)]

    def _state(self, place: int) -> bool | None:
        """Whether the at-rules around a place apply: True, False, or None if that cannot be told."""
        at, open_braces = place, 0
        for _ in range(_MAX_AT_RULES):
            before = self.css.rfind("@", 0, at)
            if before < 0:
                return self.applies
            open_braces += self.css.count("{", before, at) - self.css.count("}", before, at)
            at = before
            if open_braces > 0:
                around = _state_of(self.css[at : self.css.find("{", at)])
                if around is not True:
                    return around
                open_braces = 0
        return None

    def may_show(self, names: frozenset[str], struck: bool) -> bool:
        """Whether a rule at least as specific shows elements with these names, at times."""
        position = -1
        rarest = max(names, key=len)
        for _ in range(_MAX_PLACES):
            position = self.css.find(rarest, position + 1)
            if position < 0:
                return False
            opening, closing = self.css.find("{", position), self.css.find("}", position)
            if opening < 0 or 0 <= closing < opening:
                continue
            if _shows(self._body(opening), struck):
                head = self._head(opening)
                if (
                    any(names <= _names(_subject(each)) for each in head.split(","))
                    and self._state(opening) is not False
                ):
                    return True
            position = opening
        return True


_MAX_AT_RULES = 50


def _shows(body: str, struck: bool) -> bool:
    """Whether declarations undo those that hide, or those that strike out."""
    if struck:
        return "text-decoration" in body and not is_struck(declarations(body))
    if not ("display" in body or "visibility" in body or "position" in body):
        return False
    valid = declarations(body)
    return not hides(valid) and (
        "display" in valid or valid.get("visibility") == "visible" or valid.get("position") in _IN_PLACE
    )


_IN_PLACE = frozenset({"static", "relative", "sticky"})


_MEDIA = re.compile(r"@media\b(.*)", re.IGNORECASE | re.DOTALL)
_PLAIN_GROUP = re.compile(r"@(?:supports|scope|container|starting-style|document|-moz-document)\b", re.IGNORECASE)


def _state_of(head: str) -> bool | None:
    """Whether the rules in an at-rule apply: True, False, or None if that cannot be told."""
    if media := _MEDIA.match(head):
        return _is_for_wide_screens(media[1])
    if _LAYER.match(head):
        return True
    return None if _PLAIN_GROUP.match(head) else False  # animations, fonts, printed pages


_LAYER = re.compile(r"@layer\b", re.IGNORECASE)
_CONDITION = re.compile(r"\(\s*(min|max)-width\s*:\s*(\d+(?:\.\d+)?)\s*(px|r?em)\s*\)")


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
        pixels = float(number) * (1 if unit == "px" else 16)
        if (which == "min") != (pixels <= _WIDE_SCREEN):
            return False
    return None if "(" in unknown else True


def _subject(selector: str) -> str:
    """Return the last compound of a selector, which names the elements that it is about."""
    return re.split(r"[\s>+~]+", selector.strip())[-1]


def _names(compound: str) -> frozenset[str]:
    """Return the names by which a compound selector knows its elements: classes and ids, else the element name."""
    names = _NAME.findall(_CONDITIONS.sub("", compound))
    return frozenset(name for name in names if name[0] in ".#") or frozenset(names)


_CONDITIONS = re.compile(r"::?[\w-]+(?:\([^)]*\))?|\[[^\]]*\]")
