"""schema.org ClaimReview of our own reviews, for the page of their claim.

A review of another publisher belongs on that publisher's page, so it is not marked up here. `url` is the address of the
page that holds the mark-up, as Google asks: this one, with the review as its fragment, as in the REST interface.
"""

from django.http import HttpRequest
from django.utils.safestring import SafeString

from claims.formats.claimreview import claim_review, json_ld, readers_page
from claims.json_object import Json
from claims.public.page import base_of


def reviews_json_ld(request: HttpRequest, claim: Json) -> list[SafeString]:
    """One document for each review of our own that says something now; none for a withdrawn one."""
    own = [review for review in claim["reviews"] if review["origin"] == "own" and not review["withdrawn_at"]]
    return [SafeString(json_ld(document(request, claim, review)).decode()) for review in own]


def document(request: HttpRequest, claim: Json, review: Json) -> Json:
    """The ClaimReview with the address of the readers' page."""
    here = readers_page(base_of(request), claim["id"])
    return {**claim_review(claim, review), "url": f"{here}#{review['id']}"}
