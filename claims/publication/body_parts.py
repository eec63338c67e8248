"""Extract the parts of a published claim's body, and compute the ids under which the index finds it. Pure.

`contained_ids` and `rating_steps` fill the columns of `ClaimVersion` by which parts and addresses are looked up. The
other functions yield the parts of one kind, as they were published and not as the editors' tables have them since.
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from claims.formats.suspended import shown_rating
from claims.json_object import Json
from claims.rating_scales.labels import folded, key
from sources.http.url_key import url_key

# Entries of `contained_ids` for bodies that have any; most imported claims have neither.
HAS_STATEMENTS = "statement"
HAS_EVIDENCE = "evidence"
RATING, ORIGIN = "rat:", "origin:"
COMMON = (HAS_STATEMENTS, HAS_EVIDENCE, RATING, ORIGIN)
"""What entries begin with that many claims may share."""


def contained_ids(body: Mapping[str, Any]) -> list[str]:
    """The ids of parts that few claims share, and the keys of the addresses that the body names."""
    found: set[str | None] = set()
    for statement in body["statements"]:
        document = statement["document"]
        found |= {HAS_STATEMENTS, statement["id"], document["id"], address_key("doc", document["url"])}
    for review in body["reviews"]:
        found |= {review["id"], f"{ORIGIN}{review.get('origin')}"}
        if rating := shown_rating(review):
            found.add(rating_key(rating["label"]))
        if article := review["article"]:
            found |= {article["id"], address_key("art", article["url"])}
        for item in review["evidence"]:
            found |= {HAS_EVIDENCE, item["id"]}
            if "page" in item:
                found |= {item["snapshot"]["id"], address_key("pag", item["page"]["url"])}
    return sorted(name for name in found if name)


def rating_steps(body: Mapping[str, Any]) -> list[str]:
    """The steps of rating scales that its reviews use, without those of suspended reviews: `scl_…:3`."""
    return sorted({step["id"] for step in rated_steps(body)})


def step_key(rating: Json) -> str:
    return f"{rating['scale']['id']}:{rating['value']}"


def address_key(kind: str, url: str | None) -> str | None:
    """The key of a URL in `contained_ids`: 80 bits of the sha256 of its `url_key`; None if it is no web address.

    So a page is found by any of its addresses.
    Kinds: `doc` is where a claim appeared, `art` the fact-check, `pag` a page that a review rests on.
    """
    try:
        key = url_key(url or "")
    except ValueError:
        return None
    return f"{kind}:{hashlib.sha256(key.encode()).hexdigest()[:20]}"


def rating_key(label: str) -> str:
    """The key of a rating in `contained_ids`, without case, accents and typography; 80 bits of a sha256."""
    text = unicodedata.normalize("NFKD", key(label) or folded(label))
    plain = "".join(character for character in text if not unicodedata.combining(character))
    return f"{RATING}{hashlib.sha256(plain.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}"


def statements(body: Json) -> Iterator[Json]:
    yield from body["statements"]


def documents(body: Json) -> Iterator[Json]:
    yield from _distinct(statement["document"] for statement in body["statements"])


def articles(body: Json) -> Iterator[Json]:
    """With their organisation."""
    named = (
        review["article"] | {"organisation": review["organisation"]} for review in body["reviews"] if review["article"]
    )
    yield from _distinct(named)


def reviews(body: Json) -> Iterator[Json]:
    """With the claim that they rate."""
    claim = {name: body[name] for name in ("id", "url", "text", "language")}
    for review in body["reviews"]:
        yield review | {"claim": claim}


def evidence(body: Json) -> Iterator[Json]:
    """With the claim and the review that rest on it."""
    for review in body["reviews"]:
        for item in review["evidence"]:
            yield item | {"claim": body["id"], "review": review["id"]}


def page_quotes(body: Json) -> Iterator[Json]:
    """The evidence that quotes a page, as the body has it."""
    for review in body["reviews"]:
        yield from (item for item in review["evidence"] if item["kind"] == "page_quote")


def snapshots(body: Json) -> Iterator[Json]:
    """With the page they are of, and the quotes in this body that were taken from them."""
    found: dict[str, Json] = {}
    for item in evidence(body):
        if "snapshot" not in item:
            continue
        snapshot = found.setdefault(
            item["snapshot"]["id"],
            item["snapshot"] | {"page": item["page"], "source": item["source"], "quotes": []},
        )
        quote = {name: item[name] for name in ("claim", "review", "stance", "quote", "state")}
        snapshot["quotes"].append(quote | {"evidence": item["id"]})
    yield from found.values()


def speakers(body: Json) -> Iterator[Json]:
    yield from _distinct(statement["speaker"] for statement in body["statements"] if statement["speaker"])


def organisations(body: Json) -> Iterator[Json]:
    """With the licence of their reviews."""
    yield from _distinct(review["organisation"] | {"licence": review.get("licence")} for review in body["reviews"])


def sources(body: Json) -> Iterator[Json]:
    """The publishers of the pages that its reviews quote."""
    yield from _distinct(item["source"] for item in evidence(body) if "source" in item)


def pages(body: Json) -> Iterator[Json]:
    """The pages that its reviews quote, with their source."""
    yield from _distinct(item["page"] | {"source": item["source"]} for item in evidence(body) if "page" in item)


def topics(body: Json) -> Iterator[Json]:
    yield from body["topics"]


def rated_steps(body: Mapping[str, Any]) -> Iterator[Json]:
    """Each step that a review uses, with its scale and organisation."""
    for review in body["reviews"]:
        rating = shown_rating(review)
        if rating and rating.get("scale"):
            yield rating | {"id": step_key(rating), "organisation": review["organisation"]}


def _distinct(parts: Iterator[Json]) -> Iterator[Json]:
    seen = set()
    for part in parts:
        if part["id"] not in seen:
            seen.add(part["id"])
            yield part
