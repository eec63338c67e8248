"""Map the labels of imported reviews to verdicts, for the index: never in a body, and never in the publisher's name.

A review whose rating has a verdict keeps it: it is a step of a scale that the desk has defined. A label that stands on
such a scale of the organisation is the desk's to map, also where the published body does not say so yet.
"""

from collections.abc import Mapping
from typing import Any

from claims.formats.suspended import shown_rating
from claims.json_object import Json
from claims.models import Rating, Review
from claims.rating_scales import labels
from claims.rating_scales.match import verdict_of


class DeskLabels:
    """The labels on the scales that the desk has defined for other organisations, retired ones too.

    Read by one query, the first time that a label could be mapped.
    """

    def __init__(self) -> None:
        self._known: frozenset[tuple[str, str]] | None = None

    def hold(self, organisation: str, label: str) -> bool:
        """Whether the desk maps this label of the organisation (a public id) itself."""
        if self._known is None:
            steps = Rating.objects.filter(scale__organisation__is_ours=False)
            rows = steps.values_list("scale__organisation__public_id", "label")
            self._known = frozenset((name, labels.key(each)) for name, each in rows)
        return (organisation, labels.key(label)) in self._known


def mapped_verdicts(body: Mapping[str, Any], desk: DeskLabels) -> dict[str, Json]:
    """What the labels of its reviews are mapped to, by the ids of the reviews."""
    found: dict[str, Json] = {}
    for review in body["reviews"]:
        rating = shown_rating(review)
        if rating is None or rating["verdict"] or review["withdrawn_at"]:
            continue
        if review.get("origin") != Review.Origin.IMPORTED:
            continue
        organisation, article = review["organisation"], review["article"] or {}
        mapped = verdict_of(
            rating["label"],
            publisher=organisation["name"],
            site=organisation["site"],
            url=article.get("url"),
            language=article.get("language") or body["language"],
        )
        if mapped is None or desk.hold(organisation["id"], rating["label"]):
            continue
        found[review["id"]] = {"verdict": mapped.verdict, "scale": mapped.scale, "version": mapped.version}
        if mapped.borderline:
            found[review["id"]]["borderline"] = True
    return found


def with_mapped(body: Json, mapped: Mapping[str, Json] | None) -> Json:
    """The body with `verdict_mapped` in those of its reviews that have one; the given body stays as it is."""
    if not mapped:
        return body
    reviews = [
        review | {"verdict_mapped": mapped[review["id"]]} if review["id"] in mapped else review
        for review in body["reviews"]
    ]
    return body | {"reviews": reviews}
