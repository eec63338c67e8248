"""Where readers find a review that has no article: on the page of its claim, if the public may read it there."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from rest_framework.request import Request

from claims.api.response import origin
from claims.formats.claimreview import readers_page
from claims.json_object import Json
from claims.models import ClaimVersion
from claims.models.publication import Audience
from claims.public.page import base_of


def readers_origin(request: Request) -> str | None:
    """The origin of readers' pages, as in https://checks.example; None if they are switched off."""
    return base_of(request) if settings.READERS else None


def page_of_all(request: Request) -> str | None:
    """The address of all claims for people: of readers' pages, or else of the JSON if it takes no key."""
    if readers := readers_origin(request):
        return f"{readers}/"
    return f"{origin(request)}/api/v1/claims/" if settings.ANONYMOUS_READ else None


def page_of(request: Request, claim: str) -> str | None:
    """The address of a claim for people, if the public may read it: of its page, or else of its JSON, as above."""
    if readers := readers_origin(request):
        return readers_page(readers, claim)
    return f"{origin(request)}/api/v1/claims/{claim}/" if settings.ANONYMOUS_READ else None


def open_reviews(bodies: Iterable[Json], audience: str) -> frozenset[str]:
    """The ids of the reviews without an article in these bodies that the public may read. One query at most."""
    without = {
        review["id"]: body["id"] for body in bodies for review in body["reviews"] if not (review["article"] or {})
    }
    return _open(without, audience)


def link_matches(request: Request, entries: Iterable[Json], audience: str) -> None:
    """Add to each review in entries of a match where readers find it: its article, or else the page of its claim.

    One query at most.
    """
    parts = [part for entry in entries for part in (entry, *entry["others"])]
    reviews = [review for part in parts for review in part["reviews"]]
    readers = readers_origin(request)
    without = {review["id"]: review["claim"] for review in reviews if not review["article"]}
    on_page = _open(without, audience) if readers else frozenset()
    for review in reviews:
        link = review["article"]["url"] if review["article"] else None
        if readers and review["id"] in on_page:
            link = f"{readers_page(readers, review['claim'])}#{review['id']}"
        review["link"] = link


def _open(reviews: Mapping[str, str], audience: str) -> frozenset[str]:
    """Which of the reviews, by their ids with those of their claims, the public may read."""
    if audience == Audience.PUBLIC or not reviews:
        return frozenset(reviews)
    rows = ClaimVersion.objects.current(Audience.PUBLIC).filter(claim_public_id__in=set(reviews.values()))
    public = {part for parts in rows.values_list("contained_ids", flat=True) for part in parts}
    return frozenset(public & reviews.keys())


def lead_to_readers(request: Request, results: Iterable[Json]) -> None:
    """Replace, in results of Google's shape, the address of a claim's JSON by its page. One query at most."""
    readers = readers_origin(request)
    prefix = f"{origin(request)}/api/v1/claims/"
    reviews = [each for result in results for each in result["claimReview"] if each["url"].startswith(prefix)]
    if not readers or not reviews:
        return
    parts = {each["url"]: each["url"].removeprefix(prefix).partition("/#")[::2] for each in reviews}
    rows = ClaimVersion.objects.current(Audience.PUBLIC).filter(claim_public_id__in={id for id, _ in parts.values()})
    public = {part for held in rows.values_list("contained_ids", flat=True) for part in held}
    for each in reviews:
        claim, review = parts[each["url"]]
        if review in public:
            each["url"] = f"{readers_page(readers, claim)}#{review}"
