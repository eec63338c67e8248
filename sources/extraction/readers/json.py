"""JSON as lines of `name: value`, with its escapes read, so that a sentence in it can be found."""

import json
from typing import Any

from sources.extraction.readers.result import Reading


def read(source: str) -> Reading:
    """Raises `ValueError` if it is not JSON."""
    try:
        value = json.loads(source)
    except RecursionError as error:
        raise ValueError("This JSON is nested too deeply.") from error
    lines: list[str] = []
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        name, each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend((str(key), item) for key, item in reversed(each.items()))
        elif isinstance(each, list):
            waiting.extend((name, item) for item in reversed(each))
        else:
            said = each if isinstance(each, str) else json.dumps(each)
            lines.append(f"{name}: {said}" if name else said)
    return Reading("\n".join(lines))
