"""Convert the body of a published claim to schema.org ClaimReview and Claim in JSON-LD. Pure functions.

Field rules: Google's "Fact check (ClaimReview) structured data" and schema.org's vocabulary. The output can be imported
and exported again without a difference, on another installation too. So a ClaimReview has no id of this site, an
address of it only where the review has no article, and nothing that is only derived:

    ClaimReview            from the body
    url                    review.article.url; of a review without an article its claim's page for readers, if there is
                           one
    headline, inLanguage   the article's title and language; of a review without an article, which stands under its
                           claim here, the claim's text and language
    author                 review.organisation: name, site
    claimReviewed          review.claim_reviewed, else claim.text
    reviewRating           label; the numbers where the scale has two steps or more, moved up so that the worst is 1;
                           where an imported review has a value without a best or a worst, that alone
    description            review.summary
    reviewBody             review.body
    temporalCoverage       review.true_as_of
    datePublished          review.first_published_at, unless its publisher gave no date
    dateModified           review.published_at: of the version that stands, unless its publisher gave no date
    creativeWorkStatus     `WITHDRAWN` once it is withdrawn; `UNDER_REVIEW` while it is suspended, when there is no
                           reviewRating and no reviewBody, and review.display stands in description
    correction             the corrections, clarifications and the withdrawal in review.history (`CORRECTION_NAMES`)
    license                review.licence
    itemReviewed           Claim

    Claim                  from the body
    text, inLanguage       claim.text, claim.language
    temporalCoverage       claim.period, as an ISO 8601 interval with .. where it is open
    spatialCoverage        claim.place
    author                 each speaker once, in the order of the statements
    appearance             each statement's document (`DOCUMENT_TYPES`); the statement is its part. Of an imported
                           review without the statements that came with another
    firstAppearance        the earliest of them that has a day and an address
    datePublished          its day; without one the earliest day of those that have no address
"""

from typing import Any

import orjson

from claims.formats.as_reviewed import as_reviewed
from claims.formats.dated import first_published_at, published_at
from claims.formats.suspended import is_suspended
from claims.json_object import Json
from sources.reordered import REORDERING

CONTEXT = "https://schema.org"
WITHDRAWN = "Withdrawn"
UNDER_REVIEW = "Under review"
# Type and genre of a document by its kind. Without an entry: a CreativeWork.
DOCUMENT_TYPES: dict[str, tuple[str, str | None]] = {
    "article": ("Article", None),
    "post": ("SocialMediaPosting", None),
    "speech": ("CreativeWork", "speech"),
    "transcript": ("CreativeWork", "transcript"),
    "release": ("CreativeWork", "press release"),
    "other": ("CreativeWork", None),
}
# The name of a CorrectionComment by the kind of the version and of the correction. An update is no correction: the
# review was right on its day.
CORRECTION_NAMES: dict[tuple[str, str | None], str] = {
    ("correction", "rating"): "Correction of the rating",
    ("correction", "substantive"): "Correction of a fact",
    ("correction", "typo"): "Correction of a typing error",
    ("correction", None): "Correction",
    ("clarification", None): "Clarification",
    ("withdrawal", None): "Withdrawal",
}
# Without these, no text can end the <script> that the JSON stands in or begin a comment there (HTML, 13.1.2.6 and
# 4.12.1.3). None of them is part of JSON's own syntax, so that each stands in a string. So do those that reorder text.
_ESCAPES = {
    character.encode(): f"\\u{ord(character):04x}".encode()
    for character in ("<", ">", "&", "\u2028", "\u2029", *REORDERING)
}
_WIKIDATA = "https://www.wikidata.org/wiki/"


def json_ld(document: Any) -> bytes:
    """The document as JSON that can stand in `<script type="application/ld+json">`: the same value, without markup."""
    written = orjson.dumps(document)
    for character, escape in _ESCAPES.items():
        written = written.replace(character, escape)
    return written


def claim_review(claim: Json, review: Json, *, base: str | None = None, readers: str | None = None) -> Json:
    """The ClaimReview of one review of the claim.

    A review without an article has the address of its claim, with the review as its fragment: that of the page at
    `readers`, else that of the JSON at `base`, each the origin of a site as in https://desk.example. They are given
    where the reader of the ClaimReview may open them.
    """
    page = readers_page(readers, claim["id"]) if readers else f"{base.rstrip('/')}{claim['url']}" if base else None
    here = f"{page}#{review['id']}" if page else None
    article = review["article"] or {}
    suspended = is_suspended(review)
    claim = as_reviewed(claim, review)
    return _without_empty(
        {
            "@context": CONTEXT,
            "@type": "ClaimReview",
            "url": article.get("url") or here,
            "headline": article.get("title") if article else claim["text"],
            "inLanguage": article.get("language") or claim["language"],
            "author": _organisation(review["organisation"]["name"], review["organisation"]["site"]),
            "claimReviewed": claim["text"],
            "reviewRating": None if suspended else _rating(review),
            "description": review["display"] if suspended else review["summary"],
            "reviewBody": None if suspended else review["body"],
            "temporalCoverage": review["true_as_of"],
            "datePublished": first_published_at(review),
            "dateModified": published_at(review),
            "creativeWorkStatus": WITHDRAWN if review["withdrawn_at"] else UNDER_REVIEW if suspended else None,
            "correction": [_correction(version) for version in review["history"] if _corrects(version)],
            "license": review.get("licence"),
            "itemReviewed": _claim(claim),
        }
    )


def readers_page(origin: str, claim: str) -> str:
    """The address of the page of the claim with this id, where readers' pages have this origin."""
    return f"{origin}/claims/{claim}"


def claim(claim: Json, *, base: str | None = None) -> Json:
    """The Claim with its id and its topics; with `base` also with its address there."""
    address = f"{base.rstrip('/')}{claim['url']}" if base else None
    here = {
        "@context": CONTEXT,
        "@id": address or f"urn:factcheck:{claim['id']}",
        "url": address,
        "identifier": claim["id"],
        "about": [
            {"@type": "DefinedTerm", "termCode": topic["slug"], "name": topic["name"]} for topic in claim["topics"]
        ],
        "dateModified": claim.get("changed_at"),
    }
    return _without_empty(here) | _claim(claim)


def _claim(claim: Json) -> Json:
    statements = claim["statements"]
    dated = [s["document"] for s in statements if s["document"]["published_on"]]
    placed = [document for document in dated if document["url"]]
    first = min(placed or dated, key=lambda document: document["published_on"], default=None)
    return _without_empty(
        {
            "@type": "Claim",
            "text": claim["text"],
            "inLanguage": claim["language"],
            "temporalCoverage": _interval(claim["period"]),
            "spatialCoverage": {"@type": "Place", "name": claim["place"]} if claim["place"] else None,
            "author": _one_or_list(_distinct([_speaker(s["speaker"]) for s in statements if s["speaker"]])),
            "datePublished": first["published_on"] if first else None,
            "firstAppearance": {"@type": "CreativeWork", "url": first["url"]} if first and first["url"] else None,
            "appearance": [_appearance(statement) for statement in statements],
        }
    )


def _appearance(statement: Json) -> Json:
    document = statement["document"]
    type_, genre = DOCUMENT_TYPES.get(document["kind"], DOCUMENT_TYPES["other"])
    words = {
        "@type": "Quotation" if statement["quoted"] else "CreativeWork",
        "text": statement["text"],
        "author": _speaker(statement["speaker"]) if statement["speaker"] else None,
    }
    return _without_empty(
        {
            "@type": type_,
            "genre": genre,
            "url": document["url"],
            "headline": document["title"],
            "inLanguage": document["language"],
            "publisher": _organisation(document["publisher"], None) if document["publisher"] else None,
            "datePublished": document["published_on"],
            "hasPart": _without_empty(words),
        }
    )


def _speaker(speaker: Json) -> Json:
    """A Person unless it is known to be an Organization: Google accepts no other type."""
    organisation = speaker["kind"] == "organisation"
    wikidata = speaker["wikidata_id"]
    return _without_empty(
        {
            "@type": "Organization" if organisation else "Person",
            "name": speaker["name"],
            "description" if organisation else "jobTitle": speaker["role"],
            "sameAs": f"{_WIKIDATA}{wikidata}" if wikidata else None,
        }
    )


def _organisation(name: str, site: str | None) -> Json:
    return _without_empty({"@type": "Organization", "name": name, "url": site})


def _rating(review: Json) -> Json | None:
    """The rating; if a withdrawal has none, the label of the last version that had one."""
    rating = review["rating"]
    if rating is None:
        label = next((version["rating"] for version in reversed(review["history"]) if version["rating"]), None)
        return _without_empty({"@type": "Rating", "alternateName": label}) if label else None
    value, worst, best = rating["value"], rating["worst"], rating["best"]
    numbers: Json = {}
    if value is not None and worst is not None and best is not None:
        if worst <= value <= best and worst < best:
            up = max(0, 1 - worst)  # Google's scales begin at 1
            numbers = {"ratingValue": value + up, "bestRating": best + up, "worstRating": worst + up}
    elif review.get("origin") == "imported":
        numbers = _without_empty({"ratingValue": value, "bestRating": best, "worstRating": worst})
    return {"@type": "Rating", "alternateName": rating["label"], **numbers}


def _corrects(version: Json) -> bool:
    return any(version["kind"] == kind for kind, _ in CORRECTION_NAMES)


def _correction(version: Json) -> Json:
    kind, sort = version["kind"], version["correction_kind"]
    return _without_empty(
        {
            "@type": "CorrectionComment",
            "name": CORRECTION_NAMES.get((kind, sort)) or CORRECTION_NAMES[kind, None],
            "text": version["public_note"],
            "datePublished": None if version.get("undated") else version["published_at"],
        }
    )


def _interval(period: Json | None) -> str | None:
    if period is None:
        return None
    return f"{period['start'] or '..'}/{period['end'] or '..'}"


def _distinct(things: list[Json]) -> list[Json]:
    return [thing for place, thing in enumerate(things) if thing not in things[:place]]


def _one_or_list(things: list[Json]) -> Json | list[Json] | None:
    return things[0] if len(things) == 1 else things


def _without_empty(thing: Json) -> Json:
    """Leave out empty values."""
    return {name: value for name, value in thing.items() if value not in (None, "", [])}
