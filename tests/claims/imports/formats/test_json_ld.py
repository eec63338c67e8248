"""ClaimReviews wherever they stand in JSON-LD, by whatever names."""

import json
from typing import Any

import pytest

from claims.imports.formats import reading
from claims.imports.formats.records import Record
from tests.claims.imports.formats.test_formats import NOW, one, read
from tests.claims.sample_claimreviews import claim_review

PLAIN = claim_review(7, inLanguage=None)


def prefixed(thing: Any, prefix: str) -> Any:
    if isinstance(thing, list):
        return [prefixed(each, prefix) for each in thing]
    if not isinstance(thing, dict):
        return thing
    names = {name: name if name.startswith("@") else f"{prefix}{name}" for name in thing}
    values = {name: f"{prefix}{value}" if name == "@type" else prefixed(value, prefix) for name, value in thing.items()}
    return {names[name]: values[name] for name in thing if name != "@context"}


def expanded(thing: Any) -> Any:
    if isinstance(thing, dict):
        made: dict[str, Any] = {}
        for name, value in thing.items():
            if name == "@type":
                made["@type"] = [f"http://schema.org/{value}"]
            elif name == "url":
                made["http://schema.org/url"] = [{"@id": value}]
            elif name != "@context":
                made[f"http://schema.org/{name}"] = [expanded(value)]
        return made
    return {"@value": thing}


HIDDEN: list[tuple[str, Any]] = [
    *((name, {"@type": "NewsArticle", name: PLAIN}) for name in ("subjectOf", "about", "reviews", "hasPart")),
    ("associatedClaimReview", {"@type": "MediaReview", "associatedClaimReview": [PLAIN]}),
    ("numbered", {"0": PLAIN}),
    ("numbered deeper", {"items": {"12": {"review": PLAIN}}}),
    ("text", json.dumps(PLAIN)),
    ("text within", {"schema": json.dumps(PLAIN)}),
    ("schema:", {"@context": {"schema": "http://schema.org/"}, **prefixed(PLAIN, "schema:")}),
    ("own prefix", {"@context": {"so": "https://schema.org/"}, **prefixed(PLAIN, "so:")}),
    ("addresses", prefixed(PLAIN, "https://schema.org/")),
    ("expanded", expanded(PLAIN)),
    ("expanded in a graph", {"@graph": [expanded(PLAIN)]}),
]  # fmt: skip


@pytest.mark.parametrize(("where", "value"), HIDDEN, ids=[each[0] for each in HIDDEN])
def test_a_review_is_found_wherever_it_stands(where: str, value: Any) -> None:
    record, plain = one(value), one(PLAIN)
    for name in ("key", "digest", "text", "publisher", "rating", "numbers", "url", "published_at", "appearances"):
        assert getattr(record, name) == getattr(plain, name)


def test_a_review_under_its_claim_is_of_that_claim() -> None:
    reviews = [{"@type": "ClaimReview", **{n: PLAIN[n] for n in ("url", "author", "reviewRating", "datePublished")}}]
    claim = {"@type": "Claim", "text": "7 bridges need repair.", **{n: PLAIN["itemReviewed"][n] for n in ("author",)}}
    record = one({**claim, "review": reviews})
    assert record.text == "7 bridges need repair."
    assert record.appearances[0].speaker is not None
    assert record.appearances[0].speaker.name == "A. Minister"
    assert ("record", "the claim taken from the Claim that holds the review") in record.repairs


def test_a_work_gives_no_words_to_anybody() -> None:
    work = {"@type": "VideoObject", "name": "Evening news of 3 May", "author": {"@type": "Person", "name": "A. Moe"}}
    (entry,) = read(claim_review(claimReviewed=None, itemReviewed=work))
    assert isinstance(entry, reading.Refusal)


def test_a_value_of_very_many_parts_ends() -> None:
    value: Any = {"a": 1}
    for _ in range(10):
        value = {"x": [value, value, value, value]}
    entries = list(reading.of_value(value, now=NOW))
    assert entries == []


def test_a_claim_in_several_languages_is_one_in_the_language_of_the_record() -> None:
    claims = [{"@language": "en", "@value": "The dam is dry."}, {"@language": "de", "@value": "Der Damm ist trocken."}]
    rating = {"@type": "Rating", "alternateName": {"en": "False", "de": "Falsch"}}
    record = one(claim_review(claimReviewed=claims, reviewRating=rating, inLanguage="de-AT"))
    assert (record.text, record.rating) == ("Der Damm ist trocken.", "Falsch")
    assert {each.field for each in record.repairs} == {"claimReviewed", "reviewRating"}
    assert "The dam is dry." in record.repairs[0].what
    assert isinstance(record, Record)
