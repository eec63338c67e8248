"""Put the values of a page's custom properties in where they may hide text (CSS Custom Properties 1).

A value counts only where it is certain: one plain value, declared once in the page, for the whole page or in the same
block, and the property named nowhere else, as scripts and other styles could set it.
"""

import re
from functools import lru_cache

MAX_PROPERTIES = 20
"""Custom properties that are looked up."""

Sheets = tuple[tuple[str, str], ...]
"""The media and the CSS of each sheet."""

_USE = re.compile(
    r"(?P<before>(?<![\w-])(?:display|visibility|opacity|font-size|color|background|background-color)\s*:\s*)"
    r"var\(\s*(?P<name>--[\w-]+)\s*(?:,[^(){};]*)?\)"
)
_PLAIN = re.compile(r"#?[\w.-]+%?")
_ROOT = frozenset({":root", "html", ":root,:host", "html,:host"})


def filled(sheets: Sheets, source: str) -> Sheets:
    """Return the sheets with such values in place. `source` is the page that they stand in."""
    if not any("var(" in css for _, css in sheets):
        return sheets
    found, counted = _filled(sheets)
    return found if all(source.count(name) == count for name, count in counted) else sheets


@lru_cache(maxsize=256)
def _filled(sheets: Sheets) -> tuple[Sheets, tuple[tuple[str, int], ...]]:
    """The sheets with values in place, and how often each property that was used is named in them."""
    together = "".join(css for _, css in sheets)
    names = list(dict.fromkeys(use["name"] for use in _USE.finditer(together)))[:MAX_PROPERTIES]
    values = {name: value for name in names if (value := _value(name, together))}
    if not values:
        return sheets, ()

    def put(use: re.Match[str]) -> str:
        return use["before"] + values[use["name"]] if use["name"] in values else use[0]

    counted = tuple((name, together.count(name)) for name in values)
    return tuple((media, _USE.sub(put, css)) for media, css in sheets), counted


def _value(name: str, css: str) -> str:
    """The one plain value of a custom property that the whole page has; empty if it has none or may have others."""
    declared = list(re.finditer(rf"(?<![\w-]){re.escape(name)}\s*:([^;{{}}]*)", css))
    if len(declared) != 1:
        return ""
    start = css.rfind("{", 0, declared[0].start())
    if start < 0 or css.count("{", 0, start) != css.count("}", 0, start):
        return ""  # within a condition
    head = css[css.rfind("}", 0, start) + 1 : start].rpartition(";")[2]
    value = declared[0][1].strip()
    return value if "".join(head.split()).lower() in _ROOT and _PLAIN.fullmatch(value) else ""
