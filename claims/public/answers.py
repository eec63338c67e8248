"""Read what is published of the claim that answers a tip, as the public may see it now."""

from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from claims.formats.dated import first_published_at
from claims.formats.suspended import is_suspended
from claims.json_object import Json
from claims.models import ClaimVersion, Tip
from claims.models.publication import Audience
from claims.models.verification import Verification
from claims.public import wording
from claims.public.bodies import web_address
from claims.tips.inbox import token_sha256

_MOST_MERGES = 5  # of a claim into another, one after the other


@dataclass(frozen=True)
class ShownReview:
    """One review in words for readers; `is_ours` if they are in the language of the site.

    `url` is empty if there is none, or if its headline may say the finding."""

    display: str
    is_ours: bool
    published_on: str
    url: str
    title: str


@dataclass(frozen=True)
class Answer:
    """The claim that answers a tip; `text` is empty if its words were removed since."""

    id: str
    text: str
    language: str
    status: str
    since: str
    reviews: list[ShownReview]
    is_demo: bool = False

    @property
    def is_withdrawn(self) -> bool:
        return self.status == Verification.WITHDRAWN


@dataclass(frozen=True)
class TipPage:
    """What the sender of a tip may know: that it was received, or the answer that is published."""

    tip: int
    answer: Answer | None


def tip_page(token: str) -> TipPage | None:
    """The tip with this token in its private link; None if there is none.

    One statement, the same for each: it looks for a published claim where none is linked, too. So the time tells no
    more of a tip than the page does, as long as nothing is published.
    """
    current = ClaimVersion.objects.current(Audience.PUBLIC).filter(claim=OuterRef("linked"))
    rows: Any = (
        Tip.objects.filter(token_sha256=token_sha256(token))
        .annotate(linked=Coalesce("group__claim", 0))
        .annotate(
            published=Subquery(current.values("claim_public_id")[:1]),
            json=Subquery(current.values("publication__body__json")[:1]),
        )
        .values_list("pk", "published", "json")
    )
    for pk, published, json in rows:
        return TipPage(pk, None if published is None else _answer(published, json))
    return None


def _answer(claim: str, json: Any) -> Answer:
    for _ in range(_MOST_MERGES):
        if json is None:
            return Answer(claim, "", "", "", "", [])
        body: Json = orjson.loads(bytes(json))
        if not body["merged_into"]:
            break
        claim = body["merged_into"]
        version = ClaimVersion.objects.current(Audience.PUBLIC).filter(claim_public_id=claim)
        json = version.values_list("publication__body__json", flat=True).first()
    verification = body["verification"]
    since = verification["since"] or body["changed_at"]
    reviews = [_review(review) for review in body["reviews"]]
    status = verification["status"]
    return Answer(claim, body["text"], body["language"], status, wording.day(since), reviews, is_demo=body["demo"])


def _review(review: Json) -> ShownReview:
    article = None if is_suspended(review) or review["withdrawn_at"] else review["article"]
    published = first_published_at(review)
    display, is_ours = wording.display(review)
    return ShownReview(
        display=display,
        is_ours=is_ours,
        published_on=wording.day(published) if published else "",
        url=web_address(article["url"]) if article else "",
        title=(article["title"] or "") if article else "",
    )
