"""A claim as one of its reviews is about it: of several publishers, or of claims that were merged. Pure."""

from claims.json_object import Json


def as_reviewed(claim: Json, review: Json) -> Json:
    """The claim with the words and the statements of which the review was made.

    A review of a claim that was merged into this one keeps the words that its publisher reviewed. Other reviews are not
    given the statements that came with a merged claim. Of an imported review the words are its publisher's own, letter
    for letter, and statements that came with another one are left out.
    """
    return _of_its_publisher(_of_its_part(claim, review), review)


def _of_its_part(claim: Json, review: Json) -> Json:
    parts = claim.get("merged_from") or []
    if not parts:
        return claim
    for part in parts:
        if review["id"] in part["reviews"]:
            words = {name: part[name] for name in ("text", "language", "period", "place")}
            return claim | words | {"statements": [s for s in claim["statements"] if s["id"] in part["statements"]]}
    added = {name for part in parts for name in part["added_statements"]}
    return claim | {"statements": [s for s in claim["statements"] if s["id"] not in added]}


def _of_its_publisher(claim: Json, review: Json) -> Json:
    if review.get("origin") != "imported":
        return claim
    statements = [each for each in claim["statements"] if review["id"] in _brought_by(each, review)]
    return claim | {"text": review.get("claim_reviewed", claim["text"]), "statements": statements}


def _brought_by(statement: Json, review: Json) -> list[str]:
    """The reviews that the statement came with; for one of our own desk any."""
    return statement.get("reviews") or [statement.get("review", review["id"])]
