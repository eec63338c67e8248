"""Do the conditions of style sheets hold on a wide screen: True, False, or None where only a browser could tell?"""

import re

_WIDTH, _HEIGHT = 1280, 720  # CSS pixels

_LENGTH = r"(\d+(?:\.\d+)?)\s*(px|r?em)"
_SIZE = re.compile(rf"\(\s*(min|max)-(width|height)\s*:\s*{_LENGTH}\s*\)")
_RANGE = re.compile(rf"\(\s*(width|height)\s*([<>]=?)\s*{_LENGTH}\s*\)")
_TRUE = re.compile(
    r"\(\s*(?:(?:any-)?hover\s*(?::\s*hover)?|(?:any-)?pointer\s*(?::\s*fine)?|prefers-color-scheme\s*:\s*light"
    r"|prefers-reduced-motion\s*:\s*no-preference|orientation\s*:\s*landscape|color|update\s*:\s*fast"
    r"|(?:min-)?aspect-ratio\s*:\s*1\s*/\s*1|grid\s*:\s*0)\s*\)"
)
_FALSE = re.compile(
    r"\(\s*(?:(?:any-)?hover\s*:\s*none|(?:any-)?pointer\s*:\s*(?:coarse|none)|prefers-color-scheme\s*:\s*dark"
    r"|prefers-reduced-motion\s*:\s*reduce|orientation\s*:\s*portrait|monochrome|forced-colors\s*:\s*active"
    r"|prefers-contrast\s*:\s*more|update\s*:\s*none)\s*\)"
)
_OTHER_MEDIA = frozenset({"print", "speech", "aural", "braille", "tty", "projection", "handheld", "tv", "embossed"})


def matches(queries: str) -> bool | None:
    """Whether a list of media queries holds; an empty one does."""
    answers = [_query(each.strip()) for each in queries.lower().split(",")]
    return True if True in answers else None if None in answers else False


def _query(query: str) -> bool | None:
    negated = query.startswith("not ")
    words = query.removeprefix("not ").removeprefix("only ")
    kind = words.partition("(")[0].split()
    if kind and kind[0] not in {"all", "screen", "and"}:
        return negated if kind[0] in _OTHER_MEDIA else None
    answer = _features(words)
    return answer if not negated or answer is None else not answer


def _features(query: str) -> bool | None:
    answers: list[bool] = []
    rest = _TRUE.sub("", query)
    if _FALSE.search(rest):
        answers.append(False)
        rest = _FALSE.sub("", rest)
    for which, side, number, unit in _SIZE.findall(rest):
        size = _WIDTH if side == "width" else _HEIGHT
        answers.append((which == "min") == (_pixels(number, unit) <= size) or _pixels(number, unit) == size)
    for side, sign, number, unit in _RANGE.findall(rest):
        size, limit = _WIDTH if side == "width" else _HEIGHT, _pixels(number, unit)
        answers.append(
            size > limit if sign == ">" else size < limit if sign == "<" else (size >= limit) == (sign == ">=")
        )
    rest = _RANGE.sub("", _SIZE.sub("", rest))
    if " or " in rest or "not" in rest.split():
        return None
    if False in answers:
        return False
    return None if "(" in rest else True


def _pixels(number: str, unit: str) -> float:
    return float(number) * (1 if unit == "px" else 16)


_PROPERTY = re.compile(
    r"\(\s*(--[\w-]+|display|position|opacity|color|background(?:-color)?|visibility|width|height|overflow(?:-\w)?|gap"
    r"|transform|transition|animation|filter|(?:align|justify)-\w+|flex(?:-\w+)?|grid(?:-[\w-]+)?|object-fit|margin"
    r"|padding|font(?:-[\w-]+)?|text-[\w-]+|aspect-ratio|inset|content-visibility|clip-path)\s*:[^()]+(?:\([^()]*\))?\s*\)"
)


def supported(condition: str) -> bool | None:
    """Whether browsers support what `@supports` asks for: properties that all of them know."""
    rest = _PROPERTY.sub("", condition.lower())
    if "(" in rest or rest == condition.lower():
        return None
    words = rest.split()
    return None if set(words) - {"and", "or", "not"} else words != ["not"] and "not" not in words
