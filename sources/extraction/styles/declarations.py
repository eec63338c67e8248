"""CSS declarations: which of them hide an element's text, strike it out, add words to it or turn its order round.

An element's text is hidden for certain (`Concealed.BY_DECLARATION`) where a page leaves it out, and only for the eye
(`Concealed.FROM_SIGHT`) where it is drawn but cannot be seen: transparent, without size, or outside the page. Sites use
the latter also for what their scripts bring in sight, so that whoever asks must look at what is around.
"""

import re
from collections.abc import Callable, Mapping
from enum import Enum
from functools import lru_cache


class Concealed(Enum):
    """How declarations keep an element's text from readers."""

    NOT = 0
    FROM_SIGHT = 1
    BY_DECLARATION = 2
    STRUCK = 3


_DISPLAY_NAMES = """
    block inline inline-block flex inline-flex grid inline-grid flow-root contents list-item table inline-table
    table-row table-cell table-caption table-row-group table-header-group table-footer-group table-column
    table-column-group ruby ruby-base ruby-text run-in initial inherit unset revert revert-layer -webkit-box
    -webkit-flex -webkit-inline-box -ms-flexbox math flow
    """
_DISPLAY = frozenset(_DISPLAY_NAMES.split())
_VISIBILITY = frozenset({"visible", "hidden", "collapse", "initial", "inherit", "unset", "revert", "revert-layer"})
_NAMES = """
    display visibility content-visibility text-decoration text-decoration-line position left top right bottom inset
    width height max-width max-height overflow overflow-x overflow-y clip clip-path opacity filter font font-size
    line-height text-indent margin margin-left margin-top padding padding-left padding-top padding-bottom transform
    translate scale color background background-color background-image background-clip -webkit-background-clip
    -webkit-text-fill-color -webkit-text-security text-shadow animation animation-name transition will-change
    unicode-bidi direction content
    """
_PROPERTIES = frozenset(_NAMES.split())
TELLING = (
    "none", "visib", "through", "position", "opacity", "color", "font", "security", "margin", "clip", "indent",
    "overflow", "trans", "scale", "override",
)  # fmt: skip
"""Parts of words of which declarations that conceal or reverse an element's text have at least one."""

# Shorthands whose long form is what counts here.
_LONG = {
    "text-decoration": "text-decoration-line",
    "-webkit-background-clip": "background-clip",
    "overflow-x": "overflow",
    "overflow-y": "overflow",
    "animation-name": "animation",
}
_IMPORTANT = re.compile(r"\s*!\s*important\s*\Z")
_DECLARATION = re.compile(r"""(?:[^;"'(]|"[^"]*"|'[^']*'|\((?:[^()"']|"[^"]*"|'[^']*'|\([^()]*\))*\)|["'(])+""")

Declarations = tuple[tuple[str, str, bool], ...]
"""Property, value and whether it is `!important`, in order; lower case but for `content`."""


@lru_cache(maxsize=4096)
def parse(style: str) -> Declarations:
    """Return the valid declarations that matter here. An invalid value is none, as in CSS."""
    found: list[tuple[str, str, bool]] = []
    for each in _parts(without_comments(style)):
        name, colon, value = each.partition(":")
        name = name.strip().lower()
        if not colon or name not in _PROPERTIES:
            continue
        value = value.strip()
        if name != "content":
            value = value.lower()
        value, stressed = _IMPORTANT.subn("", value)
        if "calc(" in value:
            value = _CALC.sub(_calculated, value)
        if not _is_valid(name, value):
            continue
        found += [(long, part, bool(stressed)) for long, part in _long_forms(name, value)]
    return tuple(found)


_CALC = re.compile(
    r"calc\(\s*([+-]?(?:\d+\.?\d*|\.\d+))([a-z]*|%)(?:\s*([-+*/])\s*([+-]?(?:\d+\.?\d*|\.\d+))([a-z]*|%))?\s*\)"
)


def _calculated(found: re.Match[str]) -> str:
    """The result of a calculation of one or two numbers, of which both or one have the same unit."""
    first, unit, operation, second, other = found.groups()
    if operation is None:
        return f"{float(first):.10g}{unit}"
    left, right = float(first), float(second)
    if operation in "+-" and unit == other:
        return f"{left + right if operation == '+' else left - right:.10g}{unit}"
    if operation == "*" and not (unit and other):
        return f"{left * right:.10g}{unit or other}"
    if operation == "/" and not other and right:
        return f"{left / right:.10g}{unit}"
    return found[0]


def _parts(style: str) -> list[str]:
    return _DECLARATION.findall(style) if '"' in style or "'" in style or "(" in style else style.split(";")


def without_comments(css: str) -> str:
    """Return CSS without its comments; what follows one that never ends is lost, as in a browser."""
    if "/*" not in css:
        return css
    first, *others = css.split("/*")
    return first + "".join(each.partition("*/")[2] for each in others)


def _is_valid(name: str, value: str) -> bool:
    if name == "display":
        return value == "none" or all(word in _DISPLAY for word in value.split())
    if name == "visibility":
        return value in _VISIBILITY
    return bool(value)


_SIDES = ("top", "right", "bottom", "left")
_FONT_SIZE = re.compile(r"(?:^|\s)((?:\d*\.)?\d+(?:px|pt|r?em|%|)|x{0,2}-?(?:small|large)|medium)\s*(?:/|\s)")


def _long_forms(name: str, value: str) -> list[tuple[str, str]]:
    if name in {"inset", "margin", "padding"}:
        words = value.split()
        four = (words * 4)[:4] if len(words) in {1, 2} else [*words, words[1]] if len(words) == 3 else words[:4]
        prefix = "" if name == "inset" else f"{name}-"
        return [(f"{prefix}{side}", each) for side, each in zip(_SIDES, four, strict=True)]
    if name == "font":
        size = _FONT_SIZE.search(value)
        return [("font-size", size[1])] if size else [("font-size", "inherit")]
    if name == "background":
        image = "image" if "url(" in value or "gradient" in value else "none"
        clip = [("background-clip", "text")] if "text" in value.split() else []
        return [("background-color", value), ("background-image", image), *clip]
    return [(_LONG.get(name, name), value)]


def computed(declarations: Declarations) -> dict[str, str]:
    """Return the value that counts of each property: the last one, an `!important` one before others."""
    found: dict[str, str] = {}
    stressed: set[str] = set()
    for name, value, important in declarations:
        if important or name not in stressed:
            found[name] = value
            if important:
                stressed.add(name)
    return found


def concealed(found: Mapping[str, str], *, inline: bool = False) -> Concealed:
    """How these values hide an element's text. `inline`: the element has no box of its own unless they give it one."""
    if found.get("display") == "none" or found.get("visibility") in {"hidden", "collapse"}:
        return Concealed.BY_DECLARATION
    if "line-through" in found.get("text-decoration-line", ""):
        return Concealed.STRUCK
    if found.get("position") in {"absolute", "fixed"}:
        if _is_for_screen_readers(found):
            return Concealed.BY_DECLARATION
        inline = False
    if is_transparent(found) or _is_tiny(found.get("font-size", "")):
        return Concealed.FROM_SIGHT
    if found.get("-webkit-text-security", "none") != "none":
        return Concealed.FROM_SIGHT
    if _is_moved_away(found) or _NOTHING_OF_BOX.match(found.get("clip-path", "")):
        return Concealed.FROM_SIGHT
    if inline and found.get("display", "inline") in {"inline", "contents"} and "float" not in found:
        return Concealed.NOT
    if found.get("content-visibility") == "hidden":
        return Concealed.BY_DECLARATION
    return Concealed.FROM_SIGHT if _has_no_size(found) or _is_transformed_away(found) else Concealed.NOT


_CLIPPED = re.compile(
    r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)|inset\(\s*(?:50|100)%"
)
_NOTHING_OF_BOX = re.compile(
    r"inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0(?:px|%|\s|\))|ellipse\(\s*0|polygon\(\s*0[\s,]+0[\s,]+0[\s,]+0[\s,]+0[\s,]+0"
)
_FAR = r"(?:\d{4,}(?:\.\d+)?(?:px|pt|v[wh]|%)|9\d\dpx|\d{3,}(?:\.\d+)?r?em)"
_FAR_AWAY = re.compile(rf"-{_FAR}|calc\(\s*-{_FAR}|calc\(\s*-1\s*\*\s*{_FAR}")
_FAR_OFF = re.compile(_FAR)
_BY_SCREENS = re.compile(r"-[1-9]\d\d(?:\.\d+)?v[wh]\Z")
_ZERO = re.compile(r"[+-]?0*(?:\.0*)?(?:px|pt|r?em|ex|ch|%|v[wh]|v(?:min|max)|cm|mm|in)?\Z")


def _is_zero(value: str) -> bool:
    return "0" in value and _ZERO.match(value) is not None


def _is_for_screen_readers(found: Mapping[str, str]) -> bool:
    """Whether an absolutely positioned box is clipped to nothing or put far outside the page."""
    if _CLIPPED.match(found.get("clip", "")) or _CLIPPED.match(found.get("clip-path", "")):
        return True
    if any(_FAR_AWAY.match(found.get(side, "")) or _BY_SCREENS.match(found.get(side, "")) for side in ("left", "top")):
        return True
    small = {"0", "0px", "1px"}
    return found.get("width") in small and found.get("height") in small and found.get("overflow") in {"hidden", "clip"}


def is_transparent(found: Mapping[str, str]) -> bool:
    """Whether the text is drawn without colour, as something other than a mask for what is behind it."""
    if _amount(found.get("opacity", "")) < _FAINT or _FAINT_FILTER.search(found.get("filter", "")):
        return True
    drawn = found.get("text-shadow", "none") != "none" or found.get("background-clip") == "text"
    colours = (found.get("-webkit-text-fill-color", ""), found.get("color", ""))
    return not drawn and any(colour(each) == "transparent" for each in colours)


_FAINT = 0.05
_FAINT_FILTER = re.compile(r"opacity\(\s*0*(?:\.0\d*)?%?\s*\)")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(%?)\Z")


def _amount(value: str) -> float:
    """A number or percentage; 1 for anything else."""
    found = _NUMBER.match(value)
    return float(value.rstrip("%")) / (100 if found[1] else 1) if found else 1.0


_SIZE = re.compile(r"(\d*\.?\d+)(px|pt|r?em|%)?\Z")
_PIXELS = {"px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "%": 0.16, None: 1.0}


def _is_tiny(size: str) -> bool:
    found = _SIZE.match(size)
    return found is not None and float(found[1]) * _PIXELS[found[2]] <= 1


_ABSOLUTE_SIZE = re.compile(r"[\d.]+(?:px|pt|rem)\Z|x{0,2}-?(?:small|large)\Z|medium\Z|initial\Z")


def shows_again(key: str, value: str) -> bool:
    """Whether this value shows an element within one that is hidden by what it inherits of this property."""
    if key == "visibility":
        return value in {"visible", "initial"}
    if key == "font-size":
        return _ABSOLUTE_SIZE.match(value) is not None and not _is_tiny(value)
    return key == "color" and colour(value) not in {"", "transparent"}


def _is_moved_away(found: Mapping[str, str]) -> bool:
    position = found.get("position", "static")
    sides = _SIDES if position in {"absolute", "fixed"} else ("left", "top") if position == "relative" else ()
    if any(_FAR_AWAY.match(found.get(side, "")) for side in sides):
        return True
    if position != "static" and any(_FAR_OFF.match(found.get(side, "")) for side in ("left", "top")):
        return True
    return any(
        _FAR_AWAY.match(found.get(f"margin-{side}", "")) and not _FAR_OFF.match(found.get(f"padding-{side}", ""))
        for side in ("left", "top")
    )


def _has_no_size(found: Mapping[str, str]) -> bool:
    indent = found.get("text-indent", "")
    if _FAR_AWAY.match(indent) or _FAR_OFF.match(indent):
        return True
    if not set(found.get("overflow", "visible").split()) & {"hidden", "clip", "auto", "scroll"}:
        return False
    if any(not _is_zero(found[each]) for each in ("padding-top", "padding-bottom") if each in found):
        return False
    return any(
        _is_zero(found.get(side, "")) or _is_zero(found.get(f"max-{side}", "")) for side in ("height", "width")
    ) or (_is_zero(found.get("line-height", "")) and "height" not in found)


_TRANSFORMED_AWAY = re.compile(
    rf"scale[xy3d]*\(\s*0*(?:\.0+)?\s*[,)]|scale\([^,)]*,\s*0*(?:\.0+)?\s*\)|translate[xy3d]*\(\s*-?{_FAR}"
    rf"|translate[3d]*\([^,)]*,\s*-?{_FAR}|rotate[xy]\(\s*-?90deg"
)


def _is_transformed_away(found: Mapping[str, str]) -> bool:
    if _TRANSFORMED_AWAY.search(found.get("transform", "")):
        return True
    scaled = found.get("scale", "").split()
    moved = found.get("translate", "").split()
    return any(map(_is_zero, scaled)) or any(_FAR_OFF.match(each.lstrip("-")) for each in moved)


def is_revealed_in_time(found: Mapping[str, str]) -> bool:
    """Whether an animation ends what hides the element for its first moments."""
    return found.get("animation", "none") not in {"none", "initial", "unset", "inherit"}


def is_reversed(found: Mapping[str, str]) -> bool:
    """Whether the letters of a left-to-right text are drawn from right to left."""
    return found.get("direction") == "rtl" and found.get("unicode-bidi", "") in {"bidi-override", "isolate-override"}


_COLOURS = {
    "white": "ffffff", "black": "000000", "red": "ff0000", "lime": "00ff00", "blue": "0000ff", "yellow": "ffff00",
    "silver": "c0c0c0", "gray": "808080", "grey": "808080", "maroon": "800000", "olive": "808000", "green": "008000",
    "teal": "008080", "navy": "000080", "purple": "800080", "fuchsia": "ff00ff", "aqua": "00ffff", "ivory": "fffff0",
    "snow": "fffafa", "whitesmoke": "f5f5f5", "beige": "f5f5dc", "lightgray": "d3d3d3", "lightgrey": "d3d3d3",
    "transparent": "transparent",
}  # fmt: skip
_HEX = re.compile(r"#([0-9a-f]{3,8})\b")
_CHANNELS = re.compile(r"(rgb|hsl)a?\(([^()]*)\)")


@lru_cache(maxsize=1024)
def colour(value: str) -> str:
    """Return a colour as six hexadecimal digits or `transparent`, and an empty string where it cannot be told."""
    if channels := _CHANNELS.search(value):
        numbers = channels[2].replace(",", " ").replace("/", " ").split()
        if len(numbers) == 4 and _amount(numbers[3]) < _FAINT:
            return "transparent"
        if channels[1] == "hsl" or len(numbers) < 3 or not all(each.isdigit() for each in numbers[:3]):
            return ""
        return "".join(f"{min(255, int(each)):02x}" for each in numbers[:3])
    if written := _HEX.search(value):
        digits = written[1]
        if len(digits) in {3, 4}:
            digits = "".join(digit * 2 for digit in digits)
        if len(digits) == 8 and int(digits[6:], 16) < 255 * _FAINT:
            return "transparent"
        return digits[:6] if len(digits) in {6, 8} else ""
    return next((_COLOURS[word] for word in value.split() if word in _COLOURS), "")


_SEEN_APART = 8
"""Of 255, by which one of the channels of two colours must differ to be told apart."""


def is_alike(ink: str, paper: str) -> bool:
    """Whether two colours, as `colour` returns them, are one to the eye; not if either cannot be told."""
    if ink == paper or "transparent" in (ink, paper):
        return ink == paper != ""
    if not ink or not paper:
        return False
    return all(abs(int(ink[at : at + 2], 16) - int(paper[at : at + 2], 16)) < _SEEN_APART for at in (0, 2, 4))


_STRING = re.compile(r""""((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|attr\(\s*([\w-]+)[^)]*\)""", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(\n)|(.))")


def added_words(content: str, attribute: Callable[[str], str | None]) -> str:
    """Return the words that a `content` value adds, without marks and icons.

    `attribute` returns an attribute of the element.
    """
    words = ""
    for double, single, name in _STRING.findall(content):
        words += (attribute(name.lower()) or "") if name else _ESCAPE.sub(_character, double or single)
    letters = [each for each in words if each.isalnum()]
    icon = len(letters) == 1 and letters[0].isascii() and not letters[0].isdigit()
    return words[:200] if letters and not icon else ""


def _character(found: re.Match[str]) -> str:
    if found[1]:
        number = int(found[1], 16)
        return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
    return found[3] or ""
