"""Extract text from JSON as lines of `name: value`, with escapes decoded, so that sentences can be found in it."""

import json
from typing import Any

from sources.extraction.readers.result import ReaderResult


def read(source: str) -> ReaderResult:
    """Extract the text of a JSON document. Raises `ValueError` if it is not JSON."""
    try:
        value = json.loads(source)
    except RecursionError as error:
        raise ValueError("This JSON is nested too deeply.") from error
    lines: list[str] = []
    pending: list[tuple[str, Any]] = [("", value)]
    while pending:
        name, each = pending.pop()
        if isinstance(each, dict):
            pending.extend((str(key), item) for key, item in reversed(each.items()))
        elif isinstance(each, list):
            pending.extend((name, item) for item in reversed(each))
        else:
            text = each if isinstance(each, str) else json.dumps(each)
            lines.append(f"{name}: {text}" if name else text)
    return ReaderResult("\n".join(lines))
