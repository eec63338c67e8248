"""The figures of a published statement, which count in its own text. Pure functions.

`start` and `end` are Unicode code points of the statement's `text`, from 0, `end` exclusive: `text[start:end]` is the
text of the figure. Bodies from before 0.6.0 count in the document instead, which nobody outside the desk has; they
stay as they were written, and whatever is made from them on its way out is counted anew by `recounted`.
"""

from typing import Any

from claims.json_object import Json

_MAY_BE_EMPTY = ("unit", "counts", "qualifier")


def in_statement(statement: Any) -> list[Json]:
    """The stored figures of a statement, counted in its text; what is not known is null."""
    figures: list[Json] = statement.figures
    if not figures:
        return []
    return _moved(figures, _offset(statement.text, figures, likely=statement.start))


def recounted(statement: Json) -> Json:
    """The published statement with figures that count in its text, whichever version wrote it."""
    figures = statement.get("figures")
    if not figures:
        return statement
    return statement | {"figures": _moved(figures, _offset(statement["text"], figures, likely=0))}


def with_recounted(body: Json) -> Json:
    """The same for all statements of a claim."""
    if not any(each.get("figures") for each in body.get("statements", ())):
        return body
    return body | {"statements": [recounted(each) for each in body["statements"]]}


def _offset(text: str, figures: list[Json], *, likely: int) -> int:
    """How far the figures' places are from those in the text; 0 if they stand nowhere in it."""
    if _fits(text, figures, likely):
        return likely
    first = figures[0]
    found = text.find(first["text"])
    while found >= 0:
        if _fits(text, figures, first["start"] - found):
            return int(first["start"] - found)
        found = text.find(first["text"], found + 1)
    return 0


def _fits(text: str, figures: list[Json], offset: int) -> bool:
    return all(
        each["start"] >= offset and text[each["start"] - offset : each["end"] - offset] == each["text"]
        for each in figures
    )


def _moved(figures: list[Json], offset: int) -> list[Json]:
    return [
        {
            **{name: (value or None) if name in _MAY_BE_EMPTY else value for name, value in figure.items()},
            "start": figure["start"] - offset,
            "end": figure["end"] - offset,
        }
        for figure in figures
    ]
