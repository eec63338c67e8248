"""Find the ClaimReviews in a value of JSON-LD, wherever publishers put them, and bring them to one form.

A ClaimReview may stand under any property of anything (`subjectOf`, `associatedClaimReview`, `review` of a Claim, …),
in dictionaries with numbers for names, in a string, with prefixes (`schema:url`) or in JSON-LD's expanded form.
"""

import functools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from claims.json_object import Json

_DEEPEST = 12
_MOST_THINGS = 100_000  # looked at in one value
_SCHEMA = re.compile(r"https?://(?:www\.)?schema\.org/?#?", re.IGNORECASE)
_OPENING = frozenset("{[ \n")
_NAMES = ("claimReviewed", "reviewRating")


class Found(NamedTuple):
    """A ClaimReview: its properties by their plain names, the nodes of its graph by `@id`, and its form."""

    thing: Json
    known: Json
    forms: tuple[str, ...] = ()
    """What was unusual in the form in which it was found, a few words each."""


def claim_reviews(value: Any) -> Iterator[Found]:
    """Every ClaimReview in the value."""
    if isinstance(value, dict) and value.get("@type") == "ClaimReview" and "claimReviewed" in value:
        yield Found(value, {})
        return
    yield from _Search().found(value, {}, None, (), 0)


class _Search:
    """A walk through one value; `left` bounds how much of it is looked at."""

    def __init__(self) -> None:
        self.left = _MOST_THINGS

    def found(self, value: Any, known: Json, claim: Json | None, forms: tuple[str, ...], depth: int) -> Iterator[Found]:
        """Those in the value; `claim` is the Claim of which it is a property."""
        self.left -= 1
        if depth > _DEEPEST or self.left < 0:
            return
        if isinstance(value, list):
            for each in value:
                yield from self.found(each, known, claim, forms, depth + 1)
        elif isinstance(value, dict):
            yield from self._in_thing(value, known, claim, forms, depth)
        elif isinstance(value, str) and "laimReview" in value:
            try:
                inner = orjson.loads(value)
            except ValueError:
                return
            yield from self.found(inner, known, claim, (*forms, "a record written as a text read"), depth + 1)

    def _in_thing(
        self, thing: Json, known: Json, claim: Json | None, forms: tuple[str, ...], depth: int
    ) -> Iterator[Found]:
        if thing.get("@type") == "ClaimReview" and claim is None and "claimReviewed" in thing:
            yield Found(thing, known, forms)
            return
        if "claimReviewed" not in thing and _is_prefixed(thing):
            thing = plain(thing)
            if "the names of its properties written plainly" not in forms:
                forms = (*forms, "the names of its properties written plainly")
        graph = thing.get("@graph")
        if isinstance(graph, list):
            known = {each["@id"]: each for each in graph if isinstance(each, dict) and isinstance(each.get("@id"), str)}
        if is_claim_review(thing):
            if claim is not None and not thing.get("itemReviewed"):
                thing = {**thing, "itemReviewed": claim}
                forms = (*forms, "the claim taken from the Claim that holds the review")
            yield Found(thing, known, forms)
            return
        is_claim = "Claim" in str(thing.get("@type")) and "claim" in types_of(thing)
        inner = {name: each for name, each in thing.items() if name != "review"} if is_claim else None
        for name, each in thing.items():
            if name != "@context" and (type(each) is not str or each[:1] in _OPENING) and each:
                yield from self.found(each, known, inner, forms, depth + 1)


def is_claim_review(thing: Json) -> bool:
    """Whether the thing is a ClaimReview, by its type or by its properties."""
    return (
        thing.get("@type") == "ClaimReview" or "claimreview" in types_of(thing) or all(name in thing for name in _NAMES)
    )


def types_of(thing: Json) -> list[str]:
    """Its types in lower case, without their namespaces."""
    value = thing.get("@type", thing.get("type"))
    if isinstance(value, str):
        return [_type(value)]
    if not isinstance(value, list):
        return []
    return [_type(each) for each in value if isinstance(each, str)]


@functools.lru_cache(maxsize=1024)
def _type(value: str) -> str:
    return re.split(r"[/:#]", value[:200])[-1].strip().lower()


def _is_prefixed(thing: Json) -> bool:
    return any(":" in name for name in thing if not name.startswith("@"))


def plain(thing: Json) -> Json:
    """The thing with the plain names of schema.org, by the prefixes that its context declares; values unwrapped."""
    context = thing.get("@context")
    result = _plain(thing, _prefixes(context), 0)
    return result if isinstance(result, dict) else {}


def _prefixes(context: Any) -> frozenset[str]:
    """The prefixes that mean schema.org; `schema` always does."""
    prefixes = {"schema", "schemaorg"}
    for each in context if isinstance(context, list) else [context]:
        if isinstance(each, dict):
            for name, meaning in each.items():
                address = meaning.get("@id") if isinstance(meaning, dict) else meaning
                if isinstance(address, str) and _SCHEMA.fullmatch(address):
                    prefixes.add(name)
    return frozenset(prefixes)


def _plain(value: Any, prefixes: frozenset[str], depth: int) -> Any:
    if depth > 3 * _DEEPEST:
        return None
    if isinstance(value, list):
        values = [_plain(each, prefixes, depth + 1) for each in value]
        return values[0] if len(values) == 1 else values
    if not isinstance(value, dict):
        return value
    if "@value" in value and set(value) <= {"@value", "@type"}:
        return value["@value"]
    if set(value) == {"@list"} or set(value) == {"@set"}:
        return _plain(next(iter(value.values())), prefixes, depth + 1)
    result: Json = {}
    for name, each in value.items():
        short = plain_name(name, prefixes)
        if short.startswith("@") and short != "@graph":
            result[short] = each
        else:
            result.setdefault(short, _plain(each, prefixes, depth + 1))
    if "@graph" in result and isinstance(result["@graph"], dict):
        result["@graph"] = [result["@graph"]]
    return result


def plain_name(name: str, prefixes: frozenset[str] = frozenset({"schema"})) -> str:
    """The name of a type or property of schema.org without its namespace; other names as they are."""
    if match := _SCHEMA.match(name):
        return name[match.end() :]
    prefix, colon, rest = name.partition(":")
    return rest if colon and prefix in prefixes else name
