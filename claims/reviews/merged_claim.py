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
    brought = {each["id"]: brought_by(each) for each in claim["statements"]}
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
        "statements": [*(_of_both(each, brought.get(each["id"], [])) for each in into["statements"]), *added],
        "reviews": [*into["reviews"], *claim["reviews"]],
    }
    return Both(pointing_to(claim, into["id"]), whole)


def pointing_to(claim: Json, into: str) -> Json:
    """What is left of a claim that is part of another: its words, and the id of the other."""
    left = {name: value for name, value in claim.items() if name != "merged_from"}
    return left | {"topics": [], "repeats": None, "merged_into": into, "statements": [], "reviews": []}


def separated(before: Json, into: Json, *, reviews: Collection[str], statements: Collection[str]) -> Both:
    """The words of both once the claim, whose words were `before` it was merged, stands alone again.

    `reviews` are the ids of those that go back with it, `statements` of our own ones that may, each as it reads now. A
    statement that imports brought goes where its reviews go. What else was published since then stays.
    """
    gone = {before["id"], *(each["id"] for each in before.get("merged_from", []))}
    parts: list[Json] = []
    leaving: list[Json] = []
    for each in into.get("merged_from", []):
        (leaving if each["id"] in gone else parts).append(each)
    earlier = {each["id"]: each for each in before["statements"]}
    now = {each["id"]: each for each in [*into["statements"], *into["reviews"]]}
    back = _ordered(before["statements"], into["statements"])
    returning = [_returning(each, now.get(each["id"]), leaving, reviews, statements) for each in back]
    claim = before | {
        "statements": [each for each in returning if each is not None],
        "reviews": [
            now.get(each["id"], each) for each in _ordered(before["reviews"], into["reviews"]) if each["id"] in reviews
        ],
    }
    if "merged_from" in before:
        later = {each["id"]: each for each in leaving}
        own = later[before["id"]]["statements"] if before["id"] in later else [*earlier]
        claim["merged_from"] = [_part_now(each, later.get(each["id"], each), own) for each in before["merged_from"]]
    added = {name for each in leaving for name in each["added_statements"]}
    topics = {slug for each in leaving for slug in each["added_topics"]}
    went = {each["id"] for each in claim["statements"]}
    staying = [_staying(each, added & went, parts, reviews) for each in into["statements"]]
    whole = {name: value for name, value in into.items() if name != "merged_from"} | {
        **({"merged_from": [_adding(each, added) for each in parts]} if parts else {}),
        "topics": [each for each in into["topics"] if each["slug"] not in topics],
        "statements": [each for each in staying if each is not None],
        "reviews": [each for each in into["reviews"] if each["id"] not in reviews],
    }
    return Both(claim, whole)


def brought_by(statement: Json) -> list[str]:
    """The ids of the imported reviews that a statement came with; none for a statement of our own desk."""
    found: list[str] = statement.get("reviews") or ([statement["review"]] if "review" in statement else [])
    return found


def _ordered(before: list[Json], now: list[Json]) -> list[Json]:
    known = {each["id"] for each in before}
    return [*before, *(each for each in now if each["id"] not in known)]


def _returning(
    was: Json, now: Json | None, leaving: list[Json], reviews: Collection[str], statements: Collection[str]
) -> Json | None:
    """A statement as the claim has it once it stands alone; None if it is none of its statements."""
    if now is not None and brought_by(was) and brought_by(now):
        names = [name for name in brought_by(now) if name in reviews]
        return _marked(now, names) if names else None
    if was is now or was["id"] not in statements:
        return None
    if not brought_by(was):
        return _marked(now or was, [])
    listed = now is None or any(was["id"] in part["statements"] for part in leaving)
    return _marked(now or was, brought_by(was)) if listed else None


def _staying(statement: Json, leaving: Collection[str], parts: list[Json], reviews: Collection[str]) -> Json | None:
    """A statement as the claim that stays has it then; None if it was the other's alone."""
    if brought := brought_by(statement):
        names = [name for name in brought if name not in reviews]
        return _marked(statement, names) if names else None
    shared = any(statement["id"] in part["statements"] for part in parts)
    return statement if shared or statement["id"] not in leaving else None


def _of_both(statement: Json, reviews: list[str]) -> Json:
    """A statement of both claims; of one that imports brought to both it says all reviews that it came with."""
    before = brought_by(statement)
    return _marked(statement, list(dict.fromkeys([*before, *reviews]))) if before and reviews else statement


def _marked(statement: Json, reviews: list[str]) -> Json:
    alone = {name: value for name, value in statement.items() if name not in {"review", "reviews"}}
    if reviews:
        alone["review"] = reviews[0]
    return alone | ({"reviews": reviews} if len(reviews) > 1 else {})


def _part_now(before: Json, now: Json, own: Collection[str]) -> Json:
    """A claim that is part of the one that stands alone again, with what became of its reviews and statements."""
    known = {*before["statements"]}
    added = [
        name
        for name in now["statements"]
        if name in before["added_statements"] or (name not in known and name not in own)
    ]
    return before | {"reviews": now["reviews"], "statements": now["statements"], "added_statements": added}


def _adding(part: Json, added: Collection[str]) -> Json:
    """A part that stays; what it shared with one that leaves is its own addition."""
    names = [name for name in part["statements"] if name in added or name in part["added_statements"]]
    return part | {"added_statements": names}


def _without(claim: Json, parts: list[Json]) -> Json:
    """The claim without what came with claims that were merged into it."""
    reviews = {name for part in parts for name in part["reviews"]}
    statements = {name for part in parts for name in part["added_statements"]}
    return claim | {
        "reviews": [each for each in claim["reviews"] if each["id"] not in reviews],
        "statements": [each for each in claim["statements"] if each["id"] not in statements],
    }
