"""Compare published claims with the editors' tables: what was edited after publication, and how the words then read.

Edits cover the claim part, and what the reviews of our own desk say of their organisation and article. The findings of
a review change by its next version alone (claims/publication/words.py).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from claims.json_object import Json
from claims.models import Claim, PublicationBody, Review
from claims.models.amendments.unpublished_edit import UnpublishedEdit
from claims.publication import body, published_claim
from claims.publication.words import Difference, approved_claim, approved_sha256, differences

_FRAME = ("licence", "organisation", "article")  # what a review says that is in no version of it


@dataclass(frozen=True)
class Amended:
    """A published claim, its words as they are out, and as the editors' tables have them now."""

    claim: Claim
    published: Json
    words: Json
    own: frozenset[str]
    """Public ids of the reviews of our own desk."""

    @cached_property
    def before(self) -> Json:
        """The words of people that are out and that edits may change."""
        return self._editable(self.published)

    @cached_property
    def approved(self) -> Json:
        """Those words as they leave: what an approval covers."""
        return self._editable(self.words)

    @cached_property
    def differences(self) -> list[Difference]:
        return differences(self.before, self.approved)

    @property
    def sha256(self) -> str:
        return approved_sha256(self.approved)

    @property
    def kind(self) -> str:
        """`appearances` if statements were added and nothing else was touched."""
        added = {each["id"] for each in self.approved["claim"]["statements"]}
        added -= {each["id"] for each in self.before["claim"]["statements"]}
        prefixes = tuple(f"claim.statements[{name}]." for name in added)
        only = bool(prefixes) and all(each.path.startswith(prefixes) for each in self.differences)
        return (UnpublishedEdit.Kind.APPEARANCES if only else UnpublishedEdit.Kind.EDITS).value

    def _editable(self, words: Json) -> Json:
        reviews = [
            {"id": each["id"], **{name: each[name] for name in _FRAME}}
            for each in words["reviews"]
            if each["id"] in self.own
        ]
        return {"claim": approved_claim(words), "reviews": reviews}


def amended(claims: Iterable[Claim]) -> list[Amended]:
    """Render the claims that are published, in a handful of queries for all of them."""
    rows = {claim.pk: claim for claim in claims}
    last = _last_words(rows)
    parts = body.claim_parts([rows[key] for key in last], before=last)
    own = _own_reviews(last)
    found = []
    for key, before in last.items():
        part = parts[key]
        reviews = [_with_frame(each, own[key].get(each["id"])) for each in part["reviews"]]
        found.append(Amended(rows[key], before, part | {"reviews": reviews}, frozenset(own[key])))
    return found


def _last_words(claims: Iterable[int]) -> dict[int, Json]:
    """The words of each claim's last body that was not redacted."""
    bodies = PublicationBody.objects.filter(publication__claim__in=list(claims))
    last = bodies.order_by("publication__claim_id", "-publication__version").distinct("publication__claim_id")
    rows = PublicationBody.objects.filter(pk__in=last.values("pk")).values_list("publication__claim", "json")
    found = {key: published_claim.words(orjson.loads(bytes(json))) for key, json in rows}
    return {key: found[key] for key in claims if key in found}


def _own_reviews(claims: Iterable[int]) -> dict[int, dict[str, Review]]:
    rows = Review.objects.filter(claim__in=list(claims), origin=Review.Origin.OWN)
    found: dict[int, dict[str, Review]] = defaultdict(dict)
    for review in rows.select_related("organisation", "article"):
        found[review.claim_id][review.public_id] = review
    return found


def _with_frame(review: Json, row: Review | None) -> Json:
    if row is None:
        return review
    frame: dict[str, Any] = {
        "licence": row.organisation.licence or None,
        "organisation": body.organisation_body(row.organisation),
        "article": None if row.article is None else body.article_body(row.article),
    }
    return review | frame
