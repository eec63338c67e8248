"""Parse JSON request bodies under /api/; reject NUL characters, deep nesting and numbers above 2^53 - 1.

Rejected for every view: invalid JSON (RFC 8259), nesting deeper than MAX_DEPTH, NUL in a text (PostgreSQL cannot store
it), half a surrogate pair, and numbers beyond 2^53 - 1, which clients round differently (RFC 8259 section 6).
`factcheck.rest.middleware` has checked the size before.
"""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_DEPTH = 32
MAX_NUMBER = 2**53 - 1


class JSONParser(BaseParser):
    """Parser of `application/json`."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return read(stream.read())


def read(body: bytes) -> Any:
    """Parse the body. Raises `ParseError` with a sentence that says what to correct."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ParseError(f"The body is not JSON in UTF-8: {error}.") from error
    level, depth = [value], 0
    while level:
        if depth > MAX_DEPTH:
            raise ParseError(f"The body is nested too deeply; at most {MAX_DEPTH} levels.")
        below: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                below += each
                below += each.values()
            elif isinstance(each, list):
                below += each
            else:
                _check_scalar(each)
        level, depth = below, depth + 1
    return value


def _check_scalar(value: str | float | bool | None) -> None:
    if isinstance(value, str):
        if "\x00" in value:
            raise ParseError("A text in the body holds a NUL character (\\u0000); leave it out.")
    elif isinstance(value, (int, float)) and abs(value) > MAX_NUMBER:
        raise ParseError("A number in the body is beyond 2^53 - 1, which not every client reads exactly.")
