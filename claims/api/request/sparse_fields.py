"""Answers cut down to the fields that were asked for."""

from typing import Any

from claims.api.request.query_fields import Tree


def picked(body: Any, fields: Tree | None) -> Any:
    """The body with these fields alone, in its own order; the whole of it for None."""
    if fields is None or body is None:
        return body
    if isinstance(body, list):
        return [picked(item, fields) for item in body]
    return {name: picked(value, fields[name]) for name, value in body.items() if name in fields}
