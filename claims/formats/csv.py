"""Convert the bodies of published claims to CSV, one row per review. Pure functions."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from claims.formats.as_reviewed import as_reviewed
from claims.formats.dated import first_published_at, published_at
from claims.formats.suspended import is_suspended, shown_rating
from claims.json_object import Json

COLUMNS = (
    "claim_id",
    "claim",
    "language",
    "topics",
    "verification",
    "claimant",
    "claim_date",
    "appearance",
    "review_id",
    "publisher",
    "publisher_site",
    "url",
    "title",
    "rating",
    "rating_value",
    "worst_rating",
    "best_rating",
    "verdict",
    "summary",
    "body",
    "true_as_of",
    "date_published",
    "date_modified",
    "withdrawn_at",
    "licence",
    "attribution",
    "display",
    "suspended_since",
)
# A spreadsheet reads a cell that begins with one of these as a formula; the wide ones as some keyboards type them.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_BLANK = " \u00a0\u200b\ufeff"  # spreadsheets may leave these out


def rows(body: Json) -> Iterator[tuple[Any, ...]]:
    """A row for each review of the claim, in the order of `COLUMNS`; several values are separated by |.

    `claim` are the words that it is a review of: of a claim that was merged into this one, the words of that one.

    While a review is suspended, the cells of its rating and its finding are empty; `display` says why.
    """
    for review in body["reviews"]:
        claim = as_reviewed(body, review)
        statements = claim["statements"]
        documents = [statement["document"] for statement in statements]
        said_on = min((document["published_on"] for document in documents if document["published_on"]), default=None)
        article, rating = review["article"] or {}, shown_rating(review) or {}
        yield (
            body["id"],
            claim["text"],
            article.get("language") or claim["language"],
            _joined(topic["slug"] for topic in body["topics"]),
            body["verification"]["status"],
            _joined(statement["speaker"]["name"] for statement in statements if statement["speaker"]),
            said_on,
            _joined(document["url"] for document in documents if document["url"]),
            review["id"],
            review["organisation"]["name"],
            review["organisation"]["site"],
            article.get("url"),
            article.get("title"),
            rating.get("label"),
            rating.get("value"),
            rating.get("worst"),
            rating.get("best"),
            rating.get("verdict"),
            None if is_suspended(review) else review["summary"],
            None if is_suspended(review) else review["body"],
            review["true_as_of"],
            first_published_at(review),
            published_at(review),
            review["withdrawn_at"],
            review["licence"],
            review["attribution"],
            review["display"],
            review.get("suspended_since"),
        )


def encoded(rows: Iterable[Sequence[Any]]) -> bytes:
    """The rows as CSV (RFC 4180) in UTF-8. A cell that could be read as a formula gets a ' before it.

    Text is quoted, so that a semicolon in it begins no cell where a spreadsheet cuts at semicolons.
    """
    lines = io.StringIO()
    csv.writer(lines, quoting=csv.QUOTE_ALL).writerows([_without_formula(cell) for cell in row] for row in rows)
    return lines.getvalue().encode()


def _without_formula(cell: Any) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(_BLANK).startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _joined(texts: Iterable[str]) -> str:
    return "|".join(dict.fromkeys(texts))
