"""The words of two claims when one becomes part of the other, and when they are separated again. Pure functions.

The claim that stays keeps its words, and gets the topics, statements and reviews of the other besides its own. Of the
other its words are left, and where it went. `merged_from` of the claim that stays says which reviews were made of which
words.
"""

from collections.abc import Collection
from typing import NamedTuple

from claims.json_object import Json

_WORDS = ("id", "text", "language", "period", "place")


class Both(NamedTuple):
    """The words of both claims, as `published_claim.words` has them."""

    claim: Json
    into: Json


def merged(claim: Json, into: Json) -> Both:
    """The words of both once the claim is part of the other."""
    known = {each["id"] for each in into["statements"]}
    added = [each for each in claim["statements"] if each["id"] not in known]
    filed = {each["slug"] for each in into["topics"]}
    topics = [each for each in claim["topics"] if each["slug"] not in filed]
    earlier = [
        each | {"added_topics": [slug for slug in each["added_topics"] if slug not in filed]}
        for each in claim.get("merged_from", [])
    ]
    its_own = _without(claim, earlier)
    parts = [
        {
            **{name: claim[name] for name in _WORDS},
            "added_topics": [each["slug"] for each in topics],
            "reviews": [each["id"] for each in its_own["reviews"]],
            "statements": [each["id"] for each in its_own["statements"]],
        },
        *earlier,
    ]
    parts = [each | {"added_statements": [name for name in each["statements"] if name not in known]} for each in parts]
    whole = into | {
        "merged_from": [*into.get("merged_from", []), *parts],
        "topics": sorted([*into["topics"], *topics], key=lambda topic: (topic["name"], topic["slug"])),
        "statements": [*into["statements"], *added],
        "reviews": [*into["reviews"], *claim["reviews"]],
    }
    return Both(pointing_to(claim, into["id"]), whole)


def pointing_to(claim: Json, into: str) -> Json:
    """What is left of a claim that is part of another: its words, and the id of the other."""
    left = {name: value for name, value in claim.items() if name != "merged_from"}
    return left | {"topics": [], "repeats": None, "merged_into": into, "statements": [], "reviews": []}


def separated(before: Json, into: Json, *, reviews: Collection[str], statements: Collection[str]) -> Both:
    """The words of both once the claim, whose words were `before` it was merged, stands alone again.

    `reviews` and `statements` are the ids of those that go back with it, each as it reads now. What was published of
    the claim that stays since then stays there.
    """
    now = {each["id"]: each for each in [*into["statements"], *into["reviews"]]}
    gone = {before["id"], *(each["id"] for each in before.get("merged_from", []))}
    parts = [each for each in into.get("merged_from", []) if each["id"] not in gone]
    claim = before | {
        "statements": [now.get(each["id"], each) for each in before["statements"] if each["id"] in statements],
        "reviews": [now.get(each["id"], each) for each in before["reviews"] if each["id"] in reviews],
    }
    leaving = [each for each in into.get("merged_from", []) if each["id"] in gone]
    added = {name for each in leaving for name in each["added_statements"]}
    topics = {slug for each in leaving for slug in each["added_topics"]}
    whole = {name: value for name, value in into.items() if name != "merged_from"} | {
        **({"merged_from": parts} if parts else {}),
        "topics": [each for each in into["topics"] if each["slug"] not in topics],
        "statements": [each for each in into["statements"] if each["id"] not in added or each["id"] not in statements],
        "reviews": [each for each in into["reviews"] if each["id"] not in reviews],
    }
    return Both(claim, whole)


def _without(claim: Json, parts: list[Json]) -> Json:
    """The claim without what came with claims that were merged into it."""
    reviews = {name for part in parts for name in part["reviews"]}
    statements = {name for part in parts for name in part["added_statements"]}
    return claim | {
        "reviews": [each for each in claim["reviews"] if each["id"] not in reviews],
        "statements": [each for each in claim["statements"] if each["id"] not in statements],
    }
