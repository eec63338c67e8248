"""Convert claims of another instance's API, or of Google's claims:search, to one ClaimReview per review.

It uses the instance's own output format (claims/formats/claimreview.py), so that importing a review by JSON-LD and by
API gives the same record.
"""

from collections.abc import Iterator
from typing import Any

from claims.formats import claimreview
from claims.json_object import Json


def claim_reviews(body: Json, *, base: str) -> Iterator[Json]:
    """The ClaimReviews of a published claim's body; `base` is the origin (https://host) of its instance."""
    if body.get("merged_into"):
        return
    for review in body["reviews"]:
        if isinstance(review, dict):
            yield claimreview.claim_review(body, review, base=base)


def is_body(value: Any) -> bool:
    """Whether the value is a claim as an instance of this product publishes it."""
    return (
        isinstance(value, dict)
        and str(value.get("id", "")).startswith("clm_")
        and isinstance(value.get("reviews"), list)
    )


def is_search_result(value: Any) -> bool:
    """Whether the value is a claim as the Fact Check Tools API returns it."""
    return isinstance(value, dict) and isinstance(value.get("claimReview"), list)


def of_search_result(value: Json) -> Iterator[Json]:
    """The ClaimReviews of one claim that the Fact Check Tools API returned."""
    for review in value["claimReview"]:
        if not isinstance(review, dict):
            continue
        given = review.get("publisher")
        publisher: Json = given if isinstance(given, dict) else {}
        item: Json = {"@type": "Claim"}
        if value.get("claimant"):
            item["author"] = {"name": value["claimant"]}
        if value.get("claimDate"):
            item["datePublished"] = value["claimDate"]
        yield {
            "@type": "ClaimReview",
            "claimReviewed": value.get("text"),
            "url": review.get("url"),
            "headline": review.get("title"),
            "author": {
                "@type": "Organization",
                "name": publisher.get("name"),
                "url": f"https://{publisher['site']}/" if isinstance(publisher.get("site"), str) else None,
            },
            "datePublished": review.get("reviewDate"),
            "inLanguage": review.get("languageCode"),
            "itemReviewed": item,
            "reviewRating": {"alternateName": review.get("textualRating")},
        }
