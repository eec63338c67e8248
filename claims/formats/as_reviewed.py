"""A claim as one of its reviews is about it, where other claims were merged into it. Pure."""

from claims.json_object import Json


def as_reviewed(claim: Json, review: Json) -> Json:
    """The claim with the words and the statements of which the review was made.

    A review of a claim that was merged into this one keeps the words that its publisher reviewed. Other reviews are not
    given the statements that came with a merged claim.
    """
    parts = claim.get("merged_from") or []
    if not parts:
        return claim
    for part in parts:
        if review["id"] in part["reviews"]:
            words = {name: part[name] for name in ("text", "language", "period", "place")}
            return claim | words | {"statements": [s for s in claim["statements"] if s["id"] in part["statements"]]}
    added = {name for part in parts for name in part["added_statements"]}
    return claim | {"statements": [s for s in claim["statements"] if s["id"] not in added]}
