"""OpenAPI examples of four response formats: ClaimReview, DataFeed, JSON Feed and Atom."""

from typing import Any

_CLAIM: dict[str, Any] = {
    "@type": "Claim",
    "text": "412 bridges need repair.",
    "inLanguage": "en",
    "author": {"@type": "Person", "name": "A. Minister"},
    "datePublished": "2026-02-20",
    "firstAppearance": {"@type": "CreativeWork", "url": "https://paper.example/story"},
    "appearance": [
        {
            "@type": "Article",
            "url": "https://paper.example/story",
            "inLanguage": "en",
            "datePublished": "2026-02-20",
            "hasPart": {"@type": "Quotation", "text": "“412 bridges need repair,” the minister said."},
        }
    ],
}
_REVIEW: dict[str, Any] = {
    "@type": "ClaimReview",
    "url": "https://desk.example/bridges",
    "headline": "Do 412 bridges need repair?",
    "inLanguage": "en",
    "author": {"@type": "Organization", "name": "Our desk", "url": "https://desk.example"},
    "claimReviewed": "412 bridges need repair.",
    "reviewRating": {
        "@type": "Rating",
        "alternateName": "Right",
        "ratingValue": 3,
        "bestRating": 3,
        "worstRating": 1,
    },
    "description": "The report says so.",
    "datePublished": "2026-03-01T10:00:00.000000Z",
    "dateModified": "2026-03-01T10:00:00.000000Z",
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "itemReviewed": _CLAIM,
}
CLAIM_REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@graph": [{"@id": "urn:factcheck:clm_4v9k2m0t7q8x1z3b", "identifier": "clm_4v9k2m0t7q8x1z3b", **_CLAIM}, _REVIEW],
}
DATA_FEED: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "DataFeed",
    "name": "Published fact checks",
    "dateModified": "2026-03-01T10:00:00.000000Z",
    "dataFeedElement": [
        {
            "@type": "DataFeedItem",
            "identifier": "rev_4v9k2m0t7q8x1z3b",
            "dateCreated": "2026-03-01T10:00:00.000000Z",
            "dateModified": "2026-03-01T10:00:00.000000Z",
            "item": [_REVIEW],
        }
    ],
}

JSON_FEED: dict[str, Any] = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Fact checks",
    "home_page_url": "https://desk.example/",
    "feed_url": "https://desk.example/api/v1/feed/json",
    "items": [
        {
            "id": "urn:factcheck:pub_4v9k2m0t7q8x1z3b",
            "url": "https://desk.example/bridges",
            "title": "Corrected (Our desk: Right): 412 bridges need repair.",
            "content_text": "Our desk rated this claim Right (as of 1 March 2026).",
            "date_published": "2026-03-03T10:00:00.000000Z",
            "date_modified": "2026-03-03T10:00:00.000000Z",
            "authors": [{"name": "Our desk", "url": "https://desk.example"}],
            "language": "en",
        }
    ],
}
ATOM = """<?xml version='1.0' encoding='utf-8'?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>https://desk.example/api/v1/feed/atom</id>
<title>Fact checks</title>
<updated>2026-03-03T10:00:00.000000Z</updated>
<author><name>Fact checks</name></author>
<link rel="self" type="application/atom+xml" href="https://desk.example/api/v1/feed/atom" />
<entry xml:lang="en">
<id>urn:factcheck:pub_4v9k2m0t7q8x1z3b</id>
<title type="text">Corrected (Our desk: Right): 412 bridges need repair.</title>
<updated>2026-03-03T10:00:00.000000Z</updated>
<link rel="alternate" href="https://desk.example/bridges" />
<content type="text">Our desk rated this claim Right (as of 1 March 2026).</content>
</entry>
</feed>
"""
