"""Convert a row of a CSV file to a ClaimReview, by the names of its columns."""

import re
from collections.abc import Iterable

from claims.imports.formats.records import RecordRefused
from claims.json_object import Json

# Names of columns in published tables of fact-checks, including Google's export of markup.
_COLUMNS = {
    "claim": "claimreviewed claim claim_text claimtext text statement claim_reviewed",
    "rating": "rating verdict textualrating textual_rating alternatename label truth_rating conclusion"
    " reviewrating_alternatename rating_name",
    "value": "ratingvalue rating_value reviewrating_ratingvalue",
    "worst": "worstrating worst_rating reviewrating_worstrating",
    "best": "bestrating best_rating reviewrating_bestrating",
    "url": "url review_url reviewurl link article_url fact_check_url factcheck_url source_url",
    "title": "title headline review_title fact_check_title",
    "publisher": "publisher publisher_name organisation organization fact_checker factchecker author_name"
    " review_author",
    "site": "publisher_site site publisher_url author_url",
    "published": "datepublished date_published review_date reviewdate published date published_at"
    " report_published_at publish_date",
    "modified": "datemodified date_modified modified updated updated_at",
    "speaker": "claimant speaker claim_author claimauthor said_by itemreviewed_author_name source",
    "said_on": "claim_date claimdate said_on itemreviewed_datepublished",
    "place": "appearance claim_url claimurl appearance_url itemreviewed_firstappearance first_appearance",
    "language": "language inlanguage lang languagecode language_code fact_check_language",
    "summary": "summary description abstract",
    "body": "body reviewbody review_body",
    "licence": "licence license",
}
_PREFIXES = (  # of tables in which each property of ClaimReview is a column, such as ClaimsKG's
    (re.compile(r"^(?:claim_?review|review)_(?!source)"), ""),
    (re.compile(r"^(?:creative_?work|item_?reviewed)_"), "itemreviewed_"),
    (re.compile(r"^(?:review_?)?rating_"), "reviewrating_"),
)
# What programs write where a table has nothing.
_NOTHING = frozenset({"none", "null", "nan", "n/a", "na", "nat", "undefined", "-", "–", "—"})
_MEANING = {name: meaning for meaning, names in _COLUMNS.items() for name in names.split()}
NEEDED = ("claim", "rating", "url")


def columns(header: Iterable[str]) -> dict[str, int]:
    """The index of each known column of the header. Raises `RecordRefused` if a required column is missing."""
    places: dict[str, int] = {}
    status: int | None = None
    plain_names = [re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_") for name in header]
    names = set(plain_names)
    for place, plain in enumerate(plain_names):
        meaning = _meaning(plain)
        if meaning is not None:
            places.setdefault(meaning, place)
        elif plain == "status":
            status = place
    # Meedan Check's export of its own reports calls the rating Status.
    if "rating" not in places and status is not None and {"fact_check_url", "report_published_at"} <= names:
        places["rating"] = status
    missing = [name for name in NEEDED if name not in places and not (name == "rating" and "value" in places)]
    if missing:
        raise RecordRefused(
            f"The table has no column for {', '.join(missing)}; name the columns claim, rating, url, publisher, "
            "published, speaker (docs/importing.md lists more names)."
        )
    return places


def _meaning(name: str) -> str | None:
    if meaning := _MEANING.get(name) or _MEANING.get(name.replace("_", "")):
        return meaning
    for prefix, instead in _PREFIXES:
        if prefix.match(name):
            return _MEANING.get(prefix.sub(instead, name))
    return None


def claim_review(row: list[str], where: dict[str, int]) -> Json:
    """The row as a ClaimReview. Raises `RecordRefused` if the row is empty."""
    if not any(field.strip() for field in row):
        raise RecordRefused("The row is empty.")
    has = {
        name: row[place]
        for name, place in where.items()
        if place < len(row) and row[place].strip() and (name == "claim" or row[place].strip().lower() not in _NOTHING)
    }
    item: Json = {"@type": "Claim"}
    if "speaker" in has:
        item["author"] = {"name": has["speaker"]}
    if "said_on" in has:
        item["datePublished"] = has["said_on"]
    if "place" in has:
        item["appearance"] = [
            {"@type": "CreativeWork", "url": each} for each in re.split(r"[\s|]+", has["place"]) if each
        ]
    review: Json = {
        "@type": "ClaimReview",
        "claimReviewed": has.get("claim"),
        "url": has.get("url"),
        "headline": has.get("title"),
        "author": {"@type": "Organization", "name": has.get("publisher"), "url": has.get("site")},
        "datePublished": has.get("published"),
        "dateModified": has.get("modified"),
        "inLanguage": has.get("language"),
        "description": has.get("summary"),
        "reviewBody": has.get("body"),
        "license": has.get("licence"),
        "itemReviewed": item,
        "reviewRating": {
            "alternateName": has.get("rating"),
            "ratingValue": has.get("value"),
            "worstRating": has.get("worst"),
            "bestRating": has.get("best"),
        }
        if {"rating", "value"} & set(has)
        else None,
    }
    return {name: value for name, value in review.items() if value is not None}
