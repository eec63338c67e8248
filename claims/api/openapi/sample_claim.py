"""One published claim, and what each route makes of it: the examples in OpenAPI."""

from typing import Any

from claims.json_object import Json
from claims.publication import body_parts
from claims.publication.citation import attribution, display

_CLAIM_ID = "clm_4v9k2m0t7q8x1z3b"
_AT = "2026-03-01T09:30:00.000000Z"
_DESK: Json = {"id": "org_6h2n8c4r0t9w5y1d", "name": "Our desk", "site": "https://desk.example"}
_SOURCE: Json = {"id": "src_2b7d9f1h3k5m8p0r", "name": "Roads agency", "kind": "government"}
_PAGE: Json = {"id": "pag_9s1t3v5w7x0y2z4a", "url": "https://roads.example/report", "title": "Yearly report"}
_EVIDENCE: Json = {
    "id": "evd_3c5e7g9j1k2m4n6p",
    "kind": "page_quote",
    "stance": "supports",
    "visibility": "public",
    "description": None,
    "watchable": True,
    "state": "intact",
    "checked_at": _AT,
    "note": "The report itself.",
    "quote": {
        "exact": "The ministry counted 412 bridges in need of repair.",
        "prefix": "The yearly report is out. ",
        "suffix": " The next report is due in spring.",
    },
    "now": None,
    "page": _PAGE,
    "source": _SOURCE,
    "snapshot": {
        "id": "snp_8q0r2s4t6v8w1x3y",
        "taken_at": "2026-02-27T08:00:00.000000Z",
        "sha256": "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
        "text_sha256": "8d74beec1be996322ad76813bafb92d40839895d6dd7ee808b17ca201eac98be",
    },
}
_REVIEW: Json = {
    "id": "rev_7a9c1e3g5j8k0m2n",
    "origin": "own",
    "licence": "https://creativecommons.org/licenses/by/4.0/",
    "organisation": _DESK,
    "article": {
        "id": "art_1p3r5t7v9w2x4y6z",
        "url": "https://desk.example/bridges",
        "title": "Do 412 bridges need repair?",
        "language": "en",
    },
    "rating": {
        "label": "Right",
        "value": 3,
        "worst": 1,
        "best": 3,
        "verdict": "true",
        "scale": {"id": "scl_0d2f4h6k8m1n3p5r", "name": "Our scale"},
    },
    "summary": "The agency's yearly report says so.",
    "body": "We read the report and asked the agency.",
    "true_as_of": "2026-03-01",
    "version": 1,
    "kind": "original",
    "correction_kind": None,
    "public_note": None,
    "published_at": _AT,
    "first_published_at": _AT,
    "withdrawn_at": None,
    "evidence": [_EVIDENCE],
    "history": [
        {
            "version": 1,
            "kind": "original",
            "correction_kind": None,
            "public_note": None,
            "rating": "Right",
            "published_at": _AT,
        }
    ],
}
CLAIM: Json = {
    "id": _CLAIM_ID,
    "url": f"/api/v1/claims/{_CLAIM_ID}/",
    "text": "412 bridges need repair.",
    "language": "en",
    "topics": [{"slug": "roads", "name": "Roads"}],
    "period": {"start": "2026-01-01", "end": None},
    "place": None,
    "repeats": None,
    "merged_into": None,
    "demo": False,
    "verification": {"status": "checked", "since": _AT, "seen_by_editor": None, "because": []},
    "statements": [
        {
            "id": "stm_5b7d9f2h4k6m8n0q",
            "text": "“412 bridges need repair,” the minister said.",
            "speaker": {
                "id": "spk_4r6t8v0w2x5y7z9b",
                "name": "A. Minister",
                "kind": "person",
                "role": "Minister of Transport",
                "wikidata_id": None,
            },
            "speaker_as_written": "the minister",
            "cue": "said",
            "quoted": True,
            "figures": [{"value": 412, "unit": None, "counts": "bridges", "text": "412", "start": 1, "end": 4}],
            "document": {
                "id": "doc_8s0v2x4z6b9d1f3h",
                "kind": "article",
                "title": "Minister warns of bridges",
                "url": "https://paper.example/story",
                "publisher": "The Paper",
                "published_on": "2026-02-20",
                "language": "en",
            },
        }
    ],
    "reviews": [_REVIEW | {"attribution": attribution(_REVIEW), "display": display(_REVIEW)}],
    "event": "published",
    "version": 1,
    "sequence": 412,
    "changed_at": _AT,
    "first_published_at": _AT,
}
_HEALTH: Json = {"outcome": "unchanged", "last_attempt_at": _AT, "last_success_at": _AT, "failures": 0}
_LISTED_PAGE: Json = _PAGE | {
    "host": "roads.example",
    "source": _SOURCE,
    "demo": False,
    "watch": "watched",
    "health": _HEALTH,
}
_NAMES: Json = {"claim": _CLAIM_ID, "review": _REVIEW["id"], "evidence": _EVIDENCE["id"]}
_LISTED_SOURCE: Json = _SOURCE | {
    "url": f"/api/v1/sources/{_SOURCE['id']}/",
    "homepage": "https://roads.example",
    "language": "en",
    "demo": False,
}
_CLAIMS = {"claims": [_CLAIM_ID]}


def _first(things: Any) -> Json:
    first: Json = next(things(CLAIM))
    return first


_RATED = _first(body_parts.rated_steps)

# By the name of the serializer that describes it.
SPECIMENS: dict[str, Json] = {
    "ClaimSerializer": CLAIM,
    "ListedStatementSerializer": _first(body_parts.statements) | _CLAIMS,
    "ListedDocumentSerializer": _first(body_parts.documents) | _CLAIMS,
    "ListedArticleSerializer": _first(body_parts.articles) | _CLAIMS,
    "ReviewDetailSerializer": _first(body_parts.reviews),
    "ListedReviewSerializer": {
        name: value for name, value in _first(body_parts.reviews).items() if name not in {"body", "evidence", "history"}
    },
    "ListedEvidenceSerializer": _first(body_parts.evidence),
    "ListedSnapshotSerializer": _first(body_parts.snapshots)
    | _CLAIMS
    | {"status": 200, "media_type": "text/html", "size": 18_204},
    "MentionedSpeakerSerializer": _first(body_parts.speakers) | {"claims": 12},
    "MentionedOrganisationSerializer": _first(body_parts.organisations) | {"claims": 412},
    "MentionedTopicSerializer": _first(body_parts.topics) | {"claims": 31},
    "RatingScaleSerializer": {
        **_RATED["scale"],
        "organisation": _RATED["organisation"],
        "worst": 1,
        "best": 3,
        "ratings": [{"label": "Right", "value": 3, "verdict": "true", "claims": 97}],
    },
    "SourceSerializer": _LISTED_SOURCE,
    "SourceDetailSerializer": _LISTED_SOURCE | {"pages": [_PAGE]},
    "ListedPageSerializer": _LISTED_PAGE,
    "PageSerializer": _LISTED_PAGE
    | {
        "quotes": [
            _NAMES | {name: _EVIDENCE[name] for name in ("stance", "quote", "checked_at", "now")} | {"state": "intact"}
        ]
    },
    "ChangeSerializer": {
        "id": "chg_2h4k6m9p1r3t5v7x",
        "url": "/api/v1/changes/chg_2h4k6m9p1r3t5v7x/",
        "page": _PAGE,
        "source": _SOURCE,
        "kind": "text",
        "kinds": ["figures"],
        "certainty": "suspected",
        "outcome": "ok",
        "detected_at": _AT,
        "quotes": [
            _NAMES
            | {
                "result": "altered",
                "before": _EVIDENCE["quote"]["exact"],
                "after": "The ministry counted 430 bridges in need of repair.",
                "surroundings": "The yearly report is out. The ministry counted 430 bridges in need of repair.",
                "changed": ["number"],
                "recheck": "rck_6z8b0d2f5h7k9m1p",
                "checked_at": _AT,
                "wording": "On 1 March 2026 we no longer found this sentence on the page; a similar one stood there.",
            }
        ],
    },
    "ClaimStatusSerializer": {
        "id": _CLAIM_ID,
        "known": True,
        "version": 1,
        "sequence": 412,
        "changed_at": _AT,
        "etag": '"9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a"',
        "verification": "checked",
        "recheck_since": None,
        "withdrawn": False,
        "moved_to": None,
        "redacted": False,
    },
}
