"""Sample ClaimReview records as publishers write them, for the import tests."""

from typing import Any

from claims.json_object import Json


def claim_review(number: int = 1, **changes: Any) -> Json:
    """A complete and plain one; `None` takes a property out."""
    made = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"https://checkers.example/2024/{number}",
        "headline": f"Do {number} bridges need repair?",
        "inLanguage": "en",
        "author": {"@type": "Organization", "name": "The Checkers", "url": "https://checkers.example"},
        "claimReviewed": f"{number} bridges need repair.",
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": 1,
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": "Mostly false",
        },
        "datePublished": "2024-03-05",
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": "A. Minister", "jobTitle": "Minister of Bridges"},
            "datePublished": "2024-03-01",
            "appearance": {"@type": "CreativeWork", "url": f"https://paper.example/{number}"},
        },
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def rated(text: str) -> Json:
    return {"@type": "Rating", "alternateName": text}


def differences(one: Any, other: Any, where: str = "") -> list[str]:
    """Where two values of JSON differ, for messages that can be read."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = sorted(set(one) | set(other))
        return [each for name in names for each in differences(one.get(name), other.get(name), f"{where}.{name}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [each for place, pair in pairs for each in differences(*pair, f"{where}[{place}]")]
    return [] if one == other else [f"{where}: {one!r} != {other!r}"]
