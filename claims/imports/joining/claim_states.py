"""The claims that a batch adds to: the words of each as they are published, kept up to date within the batch.

Locking and writing come later (claims/imports/bulk_publish.py), which refuses a claim that has changed since.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from claims.imports.bulk_publish import Batch
from claims.imports.joining.same_claim import SameWords
from claims.json_object import Json
from claims.models import Claim, Review
from claims.models.publication import Audience
from claims.publication import published_claim
from claims.publication.append import Entry
from claims.publication.overlay import lay_over, lay_over_imported
from claims.publication.words import last_publications, with_review


@dataclass
class ClaimState:
    """A claim as it is published. `has_own` says that a review of our own desk, published or not, is of it."""

    id: int
    public_id: str
    words: Json
    salt: bytes
    version: int
    first_published_at: datetime | None
    """None for a claim that the batch itself publishes first."""
    has_own: bool = False

    @classmethod
    def of_new(cls, id: int, body: Json, salt: bytes) -> "ClaimState":
        """A claim of which the batch publishes this body first."""
        return cls(id, body["id"], published_claim.words(body), salt, 1, None)

    def publish(self, batch: Batch, words: Json, *, review: int, review_public_id: str, event: str) -> None:
        """Add the claim's next event, with these words, to the batch."""
        self.words, self.version = words, self.version + 1
        batch.entries.append(
            Entry(self.id, review, self.public_id, review_public_id, event, self.version, self.first_published_at)
        )
        batch.salts.append(self.salt)
        if self.has_own:
            body = lay_over(words, Claim.objects.get(pk=self.id), audience=Audience.PUBLIC)
            batch.bodies_beside_own[self.id] = body
        else:
            body = lay_over_imported(words)
            if self.first_published_at is not None:
                batch.imported_claims.add(self.id)
        batch.bodies.append(body)


def says(words: Json, wanted: SameWords, *, part: str = "") -> bool:
    """Whether a claim says this as it is published: itself, or the claim `part` that was merged into it."""
    told = next((each for each in words.get("merged_from", ()) if each["id"] == part), None) if part else words
    return told is not None and said(told) == wanted


def said(claim: Json) -> SameWords:
    """What a claim says as it is published."""
    period = claim["period"] or {"start": None, "end": None}
    start, end = (date.fromisoformat(day) if day else None for day in (period["start"], period["end"]))
    return SameWords.of(
        claim["text"], language=claim["language"], period_start=start, period_end=end, place=claim["place"] or ""
    )


def with_joined(words: Json, own: Any, statements: Sequence[Any], *, text: str, part: str = "") -> Json:
    """The words of a claim with an imported review that joins it, and with the statements that came with it.

    `text` is the claim as its publisher wrote it, `part` the claim merged into this one that says so.
    """
    merged = [each for each in words.get("merged_from", ()) if part and each["id"] == part]
    if text != (merged[0] if merged else words)["text"]:
        own = own | {"claim_reviewed": text}
    there, _ = with_statements(words["statements"], statements, review=own["id"])
    joined = with_review(words | {"statements": there}, own)
    if merged:
        known = {each["id"] for each in words["statements"]}
        names = [each["id"] for each in statements]
        joined["merged_from"] = [
            each
            | {
                "reviews": [*each["reviews"], own["id"]],
                "statements": list(dict.fromkeys([*each["statements"], *names])),
                "added_statements": [*each["added_statements"], *(name for name in names if name not in known)],
            }
            if each["id"] == part
            else each
            for each in words["merged_from"]
        ]
    return joined


def with_statements(before: Sequence[Json], now: Sequence[Any], *, review: str) -> tuple[list[Any], list[str]]:
    """A claim's statements with those of one imported review replaced, and the ids of those that are of none any more.

    A statement that others brought too is of all of them (`reviews`). Those of our own desk come last.
    """
    named = {each["id"]: each for each in now}
    imported, ours, gone = [], [], []
    for each in before:
        if "review" not in each:
            ours.append(each)
            continue
        reviews = [other for other in each.get("reviews", [each["review"]]) if other != review]
        if each["id"] in named:
            reviews.append(review)
        if reviews:
            imported.append(_of_reviews(named[each["id"]] if reviews == [review] else each, reviews))
        else:
            gone.append(each["id"])
    known = {each["id"] for each in before}
    return [*imported, *(each for each in now if each["id"] not in known), *ours], gone


def with_statements_of(words: Json, now: Sequence[Any], *, review: str) -> tuple[Json, list[str]]:
    """The words of a claim with the statements of one imported review replaced, and the ids of those that are gone.

    Of a review of a claim that was merged into this one they are statements of that claim.
    """
    statements, gone = with_statements(words["statements"], now, review=review)
    told = words | {"statements": statements}
    if not any(review in part["reviews"] for part in words.get("merged_from", ())):
        return told, gone
    before = {each["id"] for each in words["statements"]}
    marked = {each["id"]: _reviews_of(each) for each in statements}
    names = [each["id"] for each in now]
    told["merged_from"] = []
    for part in words["merged_from"]:
        if review in part["reviews"]:
            others = {*part["reviews"]} - {review}
            kept = [
                name
                for name in part["statements"]
                if name in names or (name in marked and (not marked[name] or others & {*marked[name]}))
            ]
            part = part | {
                "statements": list(dict.fromkeys([*kept, *names])),
                "added_statements": [
                    *(name for name in part["added_statements"] if name in kept),
                    *(name for name in names if name not in before),
                ],
            }
        told["merged_from"].append(part)
    return told, gone


def _reviews_of(statement: Json) -> list[str]:
    found: list[str] = statement.get("reviews") or ([statement["review"]] if "review" in statement else [])
    return found


def _of_reviews(statement: Json, reviews: list[str]) -> Json:
    alone = {name: value for name, value in statement.items() if name != "reviews"} | {"review": reviews[0]}
    return alone if len(reviews) == 1 else alone | {"reviews": reviews}


def load(claims: Collection[int]) -> dict[int, ClaimState]:
    """The states of published claims by their keys, without those of which the last body was redacted."""
    if not claims:
        return {}
    public_ids = dict(Claim.objects.filter(pk__in=claims).values_list("pk", "public_id"))
    own = set(Review.objects.filter(claim__in=claims, origin=Review.Origin.OWN).values_list("claim_id", flat=True))
    return {
        key: ClaimState(
            key, public_ids[key], last.words, last.salt, last.version, last.first_published_at, has_own=key in own
        )
        for key, last in last_publications(claims).items()
        if not last.is_redacted and not last.words["merged_into"]
    }
