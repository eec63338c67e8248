"""Reduce a JSON body to selected fields, given as the tree that `query_fields.Fields` parsed."""

from typing import Any

from claims.api.request.query_fields import Tree


def select_fields(body: Any, fields: Tree | None) -> Any:
    """The body with only these fields, in its own order; unchanged if `fields` is None."""
    if fields is None or body is None:
        return body
    if isinstance(body, list):
        return [select_fields(item, fields) for item in body]
    return {name: select_fields(value, fields[name]) for name, value in body.items() if name in fields}
