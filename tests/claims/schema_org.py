"""Check JSON-LD against schema.org's vocabulary and against the rules that Google publishes for fact checks.

The vocabulary is read from the sources of msgspec-schemaorg, which are generated from schema.org's own file: a
class a file, with its properties and what they may hold. Nothing of that package is run.
"""

import ast
import functools
import importlib.util
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from claims.json_object import Json

_KEYWORDS = {"@context", "@id", "@type"}
_PYTHON = {"Union", "List", "Optional", "None", "Dict", "Any"}
_TEXTS = {"str", "URL"}


@functools.cache
def _files() -> dict[str, Path]:
    spec = importlib.util.find_spec("msgspec_schemaorg")
    assert spec is not None and spec.origin is not None
    return {path.stem: path for path in (Path(spec.origin).parent / "models").rglob("*.py")}


@functools.cache
def _class(name: str) -> tuple[tuple[str, ...], dict[str, frozenset[str]]]:
    """Parents, and what each property may hold, of a class of schema.org."""
    tree = ast.parse(_files()[name].read_text())
    found = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    properties = {}
    for line in found.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            words = set(re.findall(r"[A-Za-z]\w*", ast.unparse(line.annotation)))
            properties[line.target.id] = frozenset(words - _PYTHON)
    return tuple(base.id for base in found.bases if isinstance(base, ast.Name)), properties


def ancestors(name: str) -> set[str]:
    """The class and all that it is a kind of."""
    if name not in _files():
        return {name}
    return {name}.union(*(ancestors(parent) for parent in _class(name)[0]))


def properties(name: str) -> dict[str, frozenset[str]]:
    """What things of this class may have, with what each may hold."""
    found: dict[str, frozenset[str]] = {}
    for kind in ancestors(name):
        if kind in _files():
            found |= _class(kind)[1]
    return found


def faults(thing: Any, where: str = "") -> list[str]:
    """Where the thing uses a class or property that schema.org does not have, or a value that it does not expect."""
    kind = thing.get("@type")
    if kind not in _files():
        return [f"{where}: no class {kind!r}"]
    known = properties(kind)
    found = []
    for name, value in thing.items():
        if name in _KEYWORDS:
            continue
        at = f"{where}/{kind}.{name}"
        if name not in known:
            found.append(f"{at}: {kind} has no such property")
            continue
        for each in value if isinstance(value, list) else [value]:
            if not _fits(each, known[name]):
                found.append(f"{at}: {each!r} is none of {sorted(known[name])}")
            if isinstance(each, dict):
                found += faults(each, at)
        if value in (None, "", []):
            found.append(f"{at}: says nothing")
    return found


def _fits(value: Any, expected: frozenset[str]) -> bool:
    if isinstance(value, dict):
        return bool(ancestors(value.get("@type", "")) & expected)
    if isinstance(value, bool):
        return "bool" in expected
    if isinstance(value, int | float):
        return bool({"int", "float"} & expected)
    if not isinstance(value, str):
        return False
    if "str" in expected:
        return True
    if "URL" in expected and re.match(r"https?://[^\s/]", value):
        return True
    return ("date" in expected and _read(date, value)) or ("datetime" in expected and _read(datetime, value))


def _read(kind: Any, value: str) -> bool:
    try:
        kind.fromisoformat(value)
    except ValueError:
        return False
    return True


def google_faults(review: Json) -> list[str]:
    """What of Google's rules for ClaimReview the thing breaks; restated from its published documentation."""
    found = []

    def rule(holds: bool, sentence: str) -> None:
        if not holds:
            found.append(sentence)

    rule(review.get("@type") == "ClaimReview", "@type is ClaimReview")
    rule(_text(review.get("claimReviewed")), "claimReviewed is required, a text")
    rule(_address(review.get("url")), "url is required, the address of the fact check")
    rating = review.get("reviewRating")
    rule(isinstance(rating, dict) and rating.get("@type") == "Rating", "reviewRating is required, a Rating")
    if isinstance(rating, dict):
        rule(_text(rating.get("alternateName")) or _text(rating.get("name")), "a Rating has an alternateName")
        given = [name for name in ("ratingValue", "bestRating", "worstRating") if name in rating]
        numbers = [rating[name] for name in given]
        rule(len(given) in (0, 3), "value, best and worst come together")
        rule(all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers), "ratings are numbers")
        if len(given) == 3:
            value, best, worst = numbers
            rule(worst >= 1, "worstRating is 1 at the least")
            rule(best > worst, "bestRating is greater than worstRating")
            rule(worst <= value <= best, "ratingValue lies between them")
    if "author" in review:
        author = review["author"]
        rule(author.get("@type") in ("Organization", "Person"), "author is an Organization or Person")
        rule(_text(author.get("name")) or _address(author.get("url")), "author has a name or a url")
    if "datePublished" in review:
        rule(_moment(review["datePublished"]), "datePublished is a date or a time, ISO 8601")
    if "itemReviewed" in review:
        found += _google_faults_of_claim(review["itemReviewed"])
    return found


def _google_faults_of_claim(claim: Json) -> list[str]:
    found = [] if claim.get("@type") == "Claim" else ["itemReviewed is a Claim"]
    authors = claim.get("author", [])
    for author in authors if isinstance(authors, list) else [authors]:
        if author.get("@type") not in ("Organization", "Person") or not _text(author.get("name")):
            found.append("the author of a claim is an Organization or Person with a name")
        if "sameAs" in author and not _address(author["sameAs"]):
            found.append("sameAs is an address")
    if "datePublished" in claim and not _moment(claim["datePublished"]):
        found.append("datePublished of a claim is a date or a time")
    for name in ("appearance", "firstAppearance"):
        works = claim.get(name, [])
        for work in works if isinstance(works, list) else [works]:
            inline = isinstance(work, dict) and bool(ancestors(work["@type"]) & {"CreativeWork"})
            if not (inline or _address(work)):
                found.append(f"{name} is an address or a CreativeWork")
    return found


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _address(value: Any) -> bool:
    return isinstance(value, str) and re.match(r"https?://[^\s/]+", value) is not None


def _moment(value: Any) -> bool:
    return isinstance(value, str) and (_read(date, value) or _read(datetime, value))
