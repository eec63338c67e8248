"""Complete the OpenAPI document: descriptions of tags, summaries, and responses that `fields` makes smaller.

A hook of drf-spectacular. Responses of routes that take `fields` are either whole or a selection: `SelectedClaim` is
`Claim` without required members, down to the innermost object. So generated clients read both.
"""

import copy
import re
from typing import Any

TAGS = {
    "claims": "Published claims, with their reviews and what these rest on.",
    "statements": "Claims as they were made, word for word.",
    "speakers": "Who made the statements.",
    "documents": "Articles, speeches and posts in which claims were made.",
    "reviews": "One organisation's rating of one claim.",
    "articles": "Fact-checks as readers meet them.",
    "organisations": "Whose reviews are published here.",
    "evidence": "What reviews rest on, and whether it still stands.",
    "sources": "Publishers of the pages that reviews rest on.",
    "pages": "Those pages, and the outcome of reading each.",
    "snapshots": "Observations of pages that quotes were taken from.",
    "changes": "Changes of those pages.",
    "rating-scales": "Organisations' own scales.",
    "topics": "What claims are filed under.",
    "search": "Has this been checked? Matching and ranked search.",
    "feed": "The change feed: every event, in order, from a cursor.",
    "log": "The lines of the publication log, which prove its history.",
    "checkpoints": "Signed checkpoints of the log.",
    "datafeed": "All published reviews as one DataFeed of ClaimReview.",
    "dumps": "Daily dumps of what is public.",
    "desk": "Drafts that newsrooms send to the desk.",
    "tips": "Tips of readers.",
    "test": "What can happen to a published claim, rehearsed on the demo.",
    "webhooks": "Signed messages about each event, sent to your server.",
    "v1alpha1": "Google's Fact Check Tools API, answered here.",
    "routes": "The list of lists.",
}
_MAX_SUMMARY = 120
_SCHEMAS = "#/components/schemas/"

Json = dict[str, Any]


def complete_document(result: Json, generator: Any, request: Any, public: bool) -> Json:
    """Describe the tags, give each operation a summary, and say what `fields` does to responses."""
    schemas = result["components"]["schemas"]
    used = set()
    for operations in result["paths"].values():
        for operation in operations.values():
            operation.setdefault("tags", ["routes"])
            operation.setdefault("summary", _summary(operation["description"]))
            used.update(operation["tags"])
            if any(each["name"] == "fields" and each["in"] == "query" for each in operation.get("parameters", ())):
                _allow_selections(operation["responses"]["200"], schemas)
    result["tags"] = [{"name": name, "description": TAGS[name]} for name in TAGS if name in used]
    _drop_unusable_defaults(result)
    return result


def _summary(description: str) -> str:
    """The first sentence of a description, without its full stop."""
    first = re.split(r"(?<=[.?!])\s", " ".join(description.split()), maxsplit=1)[0].rstrip(".")
    return first if len(first) <= _MAX_SUMMARY else re.split(r"[,:;] ", first, maxsplit=1)[0]


def _allow_selections(response: Json, schemas: Json) -> None:
    for content in response["content"].values():
        schema = content["schema"]
        name = schema.get("$ref", "").removeprefix(_SCHEMAS)
        items = schemas.get(name, {}).get("properties", {}).get("results", {})
        if "items" in items:
            items["items"] = _or_selected(items["items"], schemas)
        elif name:
            content["schema"] = _or_selected(schema, schemas)


def _or_selected(schema: Json, schemas: Json) -> Json:
    """The schema, or a selection of its members. One that allows several things keeps all of them."""
    if "$ref" not in schema:
        return schema  # of a page that two routes share
    name = schema["$ref"].removeprefix(_SCHEMAS)
    several = schemas[name].get("oneOf")
    whole = several or [schema]
    return {"anyOf": [*whole, {"$ref": f"{_SCHEMAS}{_selected(whole[0]['$ref'].removeprefix(_SCHEMAS), schemas)}"}]}


def _selected(name: str, schemas: Json) -> str:
    """Name of the component of which no member is required; made if it is not there."""
    made = f"Selected{name}"
    if made in schemas or "properties" not in schemas[name]:
        return made if made in schemas else name
    schemas[made] = {}  # objects may hold each other
    schema = copy.deepcopy(schemas[name])
    schema.pop("required", None)
    schema["description"] = f"The members of {name} that `fields` names."
    schemas[made] = _with_selected(schema, schemas)
    return made


def _with_selected(part: Any, schemas: Json) -> Any:
    if isinstance(part, list):
        return [_with_selected(each, schemas) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        name: f"{_SCHEMAS}{_selected(value.removeprefix(_SCHEMAS), schemas)}"
        if name == "$ref" and isinstance(value, str)
        else _with_selected(value, schemas)
        for name, value in part.items()
    }


def _drop_unusable_defaults(part: Any) -> None:
    """Leave out the default "" of texts in a format: no empty text is an address or a date."""
    if isinstance(part, list):
        for each in part:
            _drop_unusable_defaults(each)
    elif isinstance(part, dict):
        if "format" in part and part.get("default") == "":
            del part["default"]
        for each in part.values():
            _drop_unusable_defaults(each)
