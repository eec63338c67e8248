"""Create, update and delete pages of fact-checks sent in Google's format; each markup becomes a claim and a draft.

The page is stored and returned as it was sent. Fields that our tables lack (images, the claim's author, links to where
it was made) are shown to editors beside the drafts.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from claims.json_object import Json
from claims.models import Claim, MarkupPage, Organisation, Rating, Submission
from claims.newsroom_drafts.drafts import (
    Submitter,
    create_claim,
    create_review,
    delete_claim,
    delete_review,
    lock,
)
from claims.permissions import Refused
from sources.http.url_key import url_key
from sources.pages import host_of

_TAKEN_OVER = "The desk works on the drafts of this page by now, so it cannot be changed by API any more; ask the desk."


@dataclass(frozen=True)
class Markup:
    """The fields of one markup that our tables have."""

    claim: str
    place: str
    rating: str  # the newsroom's label; used if the organisation's scale has it
    summary: str
    language: str


def create_page(
    submitter: Submitter,
    *,
    page_url: str,
    markups: list[Markup],
    day: date | None,
    organisation: Organisation,
    sent: Json,
) -> MarkupPage:
    """Create a page with its drafts. Raises `Refused` if this key already has a page with this URL."""
    with submitter.audited("sent a fact-check page by API"):
        same = _pages_at(page_url, key=submitter.key).first()
        if same is not None:
            raise _exists(same)
        page, new = MarkupPage.objects.get_or_create(
            key=submitter.key,
            page_url=page_url,
            defaults={"sender": submitter.sender, "host": host_of(page_url)[:253], "as_sent": sent},
        )
        if not new:
            raise _exists(page)
        _write_drafts(submitter, page, markups, day, organisation)
        return page


def update_page(
    submitter: Submitter,
    page: MarkupPage,
    *,
    page_url: str,
    markups: list[Markup],
    day: date | None,
    organisation: Organisation,
    sent: Json,
) -> MarkupPage:
    """Replace a page and all its drafts. The caller holds the page's lock.

    Raises `Refused` once an editor works on one of the drafts, or if another page of this key has the URL.
    """
    with submitter.audited("changed a fact-check page by API"):
        same = _pages_at(page_url, key=page.key).exclude(pk=page.pk).first()
        if same is not None:
            raise _exists(same)
        _delete_drafts(submitter, page)
        page.page_url, page.host, page.as_sent = page_url, host_of(page_url)[:253], sent
        page.version += 1
        page.save(update_fields=["page_url", "url_key", "host", "as_sent", "version"])
        _write_drafts(submitter, page, markups, day, organisation)
        return page


def _pages_at(url: str, *, key: str) -> QuerySet[MarkupPage]:
    return MarkupPage.objects.filter(key=key, url_key=url_key(url))


def _exists(page: MarkupPage) -> Refused:
    return Refused(f"There is a page of this URL already: pages/{page.public_id}; update that one.")


def delete_page(submitter: Submitter, page: MarkupPage) -> None:
    """Delete a page and its drafts. Raises `Refused` once an editor works on one of them."""
    with submitter.audited("took a fact-check page back by API"):
        _delete_drafts(submitter, page)
        page.delete()


def _write_drafts(
    submitter: Submitter, page: MarkupPage, markups: list[Markup], day: date | None, organisation: Organisation
) -> None:
    scale = {
        rating.label.casefold(): rating
        for rating in Rating.objects.offered().filter(scale__organisation=organisation).order_by("-scale", "value")
    }
    for markup in markups:
        own: Json = {"text": markup.claim, "language": markup.language, "place": markup.place}
        nothing: Json = {"topics": [], "statements": []}
        claim = create_claim(submitter, **own, **nothing, as_sent={**own, **nothing, "period": None, "repeats": None})
        row: Claim = claim.claim  # type: ignore[assignment]
        rating = scale.get(markup.rating.casefold())
        review = create_review(
            submitter,
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


def _delete_drafts(submitter: Submitter, page: MarkupPage) -> None:
    """Delete the claims and reviews that the page became. Raises `Refused` if an editor has taken one over."""
    for target, delete in (("review", delete_review), ("claim", delete_claim)):
        for submission in Submission.objects.of(target).filter(markup_page=page).order_by("pk"):
            try:
                delete(submitter, lock(submission))
            except Refused as refusal:
                raise Refused(_TAKEN_OVER) from refusal
