"""Published words of any version in the notation of this one: figures counted anew, null for what is not there. Pure.

Bodies in the log are never rewritten. What is made from them on its way out (`fields`, `include`, parts of claims) is
put into today's notation here; a body that is sent whole goes out as it was written.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from claims.formats.figures import recounted, with_recounted
from claims.json_object import Json

# Texts for which bodies from before 0.6.0 have "" where there is none.
_OF_REVIEW = ("summary", "body")
_OF_ARTICLE = ("title",)
_OF_QUOTE = ("prefix", "suffix")


def as_now(body: Json) -> Json:
    """The published claim, or a pointer to one, as this version would write it. What was given stays as it is."""
    body = with_recounted(body)
    if body.get("reviews"):
        body = body | {"reviews": [_review(each) for each in body["reviews"]]}
    return body


def _review(review: Json) -> Json:
    review = _without_empty(review, _OF_REVIEW)
    if review.get("article"):
        review = review | {"article": _without_empty(review["article"], _OF_ARTICLE)}
    if review.get("evidence"):
        review = review | {"evidence": [evidence_as_now(each) for each in review["evidence"]]}
    return review


def evidence_as_now(item: Json) -> Json:
    """The same for a piece of evidence."""
    quotes = {name: _without_empty(item[name], _OF_QUOTE) for name in ("quote", "stands_as") if item.get(name)}
    return item | quotes if quotes else item


def _without_empty(part: Json, names: Iterable[str]) -> Json:
    empty = [name for name in names if part.get(name) == ""]
    return part | dict.fromkeys(empty) if empty else part


def in_one_notation(value: Any) -> Any:
    """Words of any version as this one writes them, so that two can be compared: figures counted anew, null for ""."""
    if isinstance(value, Mapping):
        same = {name: in_one_notation(each) for name, each in value.items()}
        return recounted(same) if "figures" in same and isinstance(same.get("text"), str) else same
    if isinstance(value, list):
        return [in_one_notation(each) for each in value]
    return None if value == "" else value
