"""Example bodies of the draft routes, as OpenAPI shows them; the tests in tests/claims/api/drafts send them."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_SENT = {"revision": 1, "sent_at": "2026-03-02T09:30:00.000000Z"}

DOCUMENT = {
    "text": "Bridges are failing.\n\n“412 bridges need repair,” the minister said.",
    "kind": "article",
    "title": "Bridges",
    "url": "https://paper.example/bridges",
    "publisher": "Daily Paper",
    "published_on": "2026-03-01",
    "language": "en",
}
STATEMENT = {
    "document": DOCUMENT,
    "text": "“412 bridges need repair,” the minister said.",
    "start": 22,
    "end": 67,
    "content": [[23, 46]],
    "speaker": {"name": "Ida Moe", "kind": "person", "role": "Minister of Works", "wikidata_id": None},
    "speaker_as_written": "the minister",
    "cue": "said",
    "quoted": True,
}
STATEMENT_ANSWER = {
    "id": "stm_4v9k2m0t7q8x1z3b",
    "url": "/api/v1/desk/statements/stm_4v9k2m0t7q8x1z3b/",
    **_SENT,
    **STATEMENT,
    "document": {"id": "doc_4v9k2m0t7q8x1z3b", **{name: DOCUMENT[name] for name in DOCUMENT if name != "text"}},
}
CLAIM: dict[str, Any] = {
    "text": "412 bridges need repair.",
    "language": "en",
    "topics": [],
    "period": {"start": "2026-01-01", "end": "2026-12-31"},
    "place": None,
    "repeats": None,
    "statements": ["stm_4v9k2m0t7q8x1z3b"],
    "attributions": [],
}
CLAIM_ANSWER = {
    "id": "clm_4v9k2m0t7q8x1z3b",
    "url": "/api/v1/desk/claims/clm_4v9k2m0t7q8x1z3b/",
    "state": "draft",
    **_SENT,
    **CLAIM,
}
REVIEW = {
    "claim": "clm_4v9k2m0t7q8x1z3b",
    "rating": "Right",
    "summary": "The yearly report says so.",
    "body": "We read the report.",
    "true_as_of": "2026-03-01",
    "article": {"url": "https://paper.example/checks/bridges", "title": "Are 412 bridges failing?", "language": "en"},
    "bylines": ["Kari Lund"],
}
REVIEW_ANSWER = {
    "id": "rev_4v9k2m0t7q8x1z3b",
    "url": "/api/v1/desk/reviews/rev_4v9k2m0t7q8x1z3b/",
    "state": "draft",
    **_SENT,
    "sent_back": None,
    "published": None,
    "organisation": "org_4v9k2m0t7q8x1z3b",
    **REVIEW,
}
CHANGE = {"summary": "The yearly report says so, and the ministry confirmed it."}
QUOTE = {
    "review": "rev_4v9k2m0t7q8x1z3b",
    "kind": "page_quote",
    "stance": "supports",
    "page": {"url": "https://agency.example/report"},
    "quote": {"exact": "The ministry counted 412 bridges in need of repair."},
    "note": "The report itself.",
}
DATASET = {
    "review": "rev_4v9k2m0t7q8x1z3b",
    "kind": "dataset",
    "stance": "supports",
    "dataset": {"dataset": "Bridges, Ministry", "release": "2026", "cell": "Table 1, row 4", "value": "412"},
}
SAVED: dict[str, Any] = {
    "review": "rev_4v9k2m0t7q8x1z3b",
    "kind": "page_quote",
    "stance": "supports",
    "page": {
        "url": "https://archive.example/report",
        "text": "The yearly report is out. The ministry counted 412 bridges in need of repair.",
    },
    "quote": {"exact": "The ministry counted 412 bridges in need of repair."},
    "note": "Behind a paywall; saved on 1 March 2026.",
}
QUOTE_ANSWER = {
    "id": "evd_4v9k2m0t7q8x1z3b",
    "url": "/api/v1/desk/evidence/evd_4v9k2m0t7q8x1z3b/",
    **_SENT,
    **QUOTE,
    "visibility": "public",
    "description": None,
    "checked_in": "page",
    "quote": {
        "exact": "The ministry counted 412 bridges in need of repair.",
        "prefix": "The yearly report is out. ",
        "suffix": " The next report is due in spring.",
    },
}


def request_example(value: Any, name: str = "Example") -> OpenApiExample:
    """An example of a request body."""
    return OpenApiExample(name, value=value, request_only=True)


def response_example(value: Any, status: int = 200) -> OpenApiExample:
    """An example of a response body."""
    return OpenApiExample(f"Answer {status}", value=value, response_only=True, status_codes=[str(status)])


def list_example(value: Any) -> OpenApiExample:
    """An example of a list response that holds `value`."""
    return response_example({"results": [value], "next": None})
