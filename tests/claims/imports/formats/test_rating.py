"""Ratings of several words, numbers and forms: the publisher's word counts, and what is left out is told."""

from typing import Any

import pytest

from claims.imports.formats.reading import Refusal
from tests.claims.imports.formats.test_formats import one, read
from tests.claims.sample_claimreviews import claim_review, rated

RATINGS: list[tuple[str, Any, str, Any, str]] = [
    ("share", {"ratingValue": "60%", "bestRating": "100%"}, "60%", (60, None, 100), ""),
    ("list of labels", {"alternateName": ["Vero", "True"]}, "Vero", None, "“True”"),
    ("language map", {"alternateName": {"it": "Vero", "en": "True"}}, "True", None, "“Vero”"),
    ("tagged list", {"alternateName": [{"@language": "it", "@value": "Vero"}, {"@language": "en", "@value": "True"}]},
     "True", None, "“Vero”"),
    ("number beside a word", [{"ratingValue": 2, "bestRating": 5}, rated("Three Foxes")], "Three Foxes", None, "“2”"),
    ("empty first", [{}, rated("True")], "True", None, ""),
    ("two scales", [rated("True"), rated("Accurate")], "True", None, "“Accurate”"),
    ("HTML", {"alternateName": "<b>Fal</b>se &amp; old"}, "False & old", None, "HTML"),
    ("value object", {"alternateName": {"@value": "True"}, "ratingValue": {"@value": "4"}},
     "True", (4, None, None), ""),
    ("zero", {"alternateName": "None", "ratingValue": 0, "worstRating": 0, "bestRating": 4}, "None", (0, 0, 4), ""),
]  # fmt: skip


@pytest.mark.parametrize(("what", "rating", "label", "numbers", "left"), RATINGS, ids=[each[0] for each in RATINGS])
def test_a_rating_is_read(what: str, rating: Any, label: str, numbers: Any, left: str) -> None:
    record = one(claim_review(1, reviewRating=rating))
    assert (record.rating, record.numbers) == (label, numbers)
    told = [each.what for each in record.repairs if each.field == "reviewRating"]
    assert any(left in each for each in told) if left else not told


def test_a_rating_by_a_picture_alone_is_refused_as_such() -> None:
    (refusal,) = read(claim_review(1, reviewRating={"@type": "Rating", "image": "https://c.example/false.png"}))
    assert isinstance(refusal, Refusal)
    assert "picture" in refusal.reason
