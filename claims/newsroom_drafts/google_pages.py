"""Fact-checks sent in the shape of Google's Fact Check Tools API: each markup of a page becomes a claim and a draft.

A page is answered as it was sent. What our tables have no column for (images, the claim's author, links to where it
was made) stands in it for the editors, who see it beside the drafts.
"""

from dataclasses import dataclass
from datetime import date

from claims.models import Claim, MarkupPage, Organisation, Rating, Submission
from claims.newsroom_drafts.drafts import (
    Json,
    Outside,
    locked,
    send_claim,
    send_review,
    take_back_claim,
    take_back_review,
)
from claims.permissions import Refused
from sources.pages import host_of

_WORKED_ON = "The desk works on the drafts of this page by now, so it cannot be changed by API any more; ask the desk."


@dataclass(frozen=True)
class Markup:
    """What of one markup our tables hold."""

    claim: str
    place: str
    rating: str  # the label as the newsroom has it; used if the organisation's scale has it
    summary: str
    language: str = "en"


def create_page(
    outside: Outside, *, page_url: str, markups: list[Markup], day: date | None, organisation: Organisation, sent: Json
) -> MarkupPage:
    """A new page with its drafts. Raises `Refused` if this key has one of the same URL."""
    with outside.at_work("send markup page"):
        page, new = MarkupPage.objects.get_or_create(
            key=outside.key,
            page_url=page_url,
            defaults={"sender": outside.sender, "host": host_of(page_url)[:253], "as_sent": sent},
        )
        if not new:
            raise Refused(f"There is a page of this URL already: pages/{page.public_id}; update that one.")
        _write_drafts(outside, page, markups, day, organisation)
        return page


def update_page(
    outside: Outside,
    page: MarkupPage,
    *,
    page_url: str,
    markups: list[Markup],
    day: date | None,
    organisation: Organisation,
    sent: Json,
) -> MarkupPage:
    """Put the page in the place of the one before, with new drafts for all. The caller holds its lock.

    Raises `Refused` once the desk works on a draft of it, and if another page of this key has the URL.
    """
    with outside.at_work("update markup page"):
        same = MarkupPage.objects.filter(key=page.key, page_url=page_url).exclude(pk=page.pk).first()
        if same is not None:
            raise Refused(f"There is a page of this URL already: pages/{same.public_id}; update that one.")
        _take_back_drafts(outside, page)
        page.page_url, page.host, page.as_sent = page_url, host_of(page_url)[:253], sent
        page.version += 1
        page.save(update_fields=["page_url", "host", "as_sent", "version"])
        _write_drafts(outside, page, markups, day, organisation)
        return page


def delete_page(outside: Outside, page: MarkupPage) -> None:
    """Take back the page and its drafts. Raises `Refused` once the desk works on one of them."""
    with outside.at_work("take back markup page"):
        _take_back_drafts(outside, page)
        page.delete()


def _write_drafts(
    outside: Outside, page: MarkupPage, markups: list[Markup], day: date | None, organisation: Organisation
) -> None:
    scale = {
        rating.label.casefold(): rating
        for rating in Rating.objects.filter(scale__organisation=organisation).order_by("-scale", "value")
    }
    for markup in markups:
        own: Json = {"text": markup.claim, "language": markup.language, "place": markup.place}
        nothing: Json = {"topics": [], "statements": []}
        claim = send_claim(outside, **own, **nothing, as_sent={**own, **nothing, "period": None, "repeats": None})
        row: Claim = claim.claim  # type: ignore[assignment]
        rating = scale.get(markup.rating.casefold())
        review = send_review(
            outside,
            claim=row,
            organisation=organisation,
            rating=rating,
            summary=markup.summary,
            true_as_of=day,
            as_sent={
                "claim": row.public_id,
                "organisation": organisation.public_id,
                "rating": rating.label if rating else None,
                "summary": markup.summary,
                "body": "",
                "true_as_of": day.isoformat() if day else None,
            },
        )
        Submission.objects.filter(pk__in=[claim.pk, review.pk]).update(markup_page=page)


def _take_back_drafts(outside: Outside, page: MarkupPage) -> None:
    """Delete what the page became, unless somebody at the desk has put a hand to it. Raises `Refused`."""
    for target, take_back in (("review", take_back_review), ("claim", take_back_claim)):
        for found in Submission.objects.of(target).filter(markup_page=page).order_by("pk"):
            try:
                take_back(outside, locked(found))
            except Refused as refusal:
                raise Refused(_WORKED_ON) from refusal
