"""The card of a claim, for a frame on anybody's page: 300 to 576 pixels wide, without script, cookie or other host.

It is made from the current body at each load, so it follows the verdict. A claim that is part of another shows that
one's card; of a withdrawn or suspended review it says that alone.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from claims.public.bodies import PublicClaim, public_claim, whole_of
from claims.public.claim import shown_claim
from claims.public.page import address, html, readers_page, site

MOST_REVIEWS = 3
MOST_WORDS = 300
"""Characters of the claim, of a finding and of a note that a card shows."""
_TEMPLATE = "readers/embed/card.html"


@readers_page
def embed(request: HttpRequest, id: str) -> HttpResponse:
    """The card of the claim with this public id; one that says so if there is none or its words were removed."""
    try:
        found = public_claim(id)
        if found is None:
            raise Http404
        context, status = card_of(found, request), 200 if found.body is not None else 410
    except Http404:
        context, status = {"kind": "unknown", "title": _("Nothing is published here")}, 404
    frame = {"site": site(request), "home": address(request, "home")}
    response = html(_TEMPLATE, {**frame, **context}, status=status)
    response.may_be_framed = True  # type: ignore[attr-defined]
    return response


def card_of(found: PublicClaim, request: HttpRequest) -> dict[str, Any]:
    """What the card of a claim shows. Raises `Http404` if the claim that it is part of shows nothing."""
    whole = whole_of(found)
    if whole.body is None:
        return {"kind": "removed", "title": _("Words removed"), "link": address(request, "claim", whole.id)}
    if whole.body["merged_into"]:
        raise Http404
    shown = shown_claim(whole)
    return {
        **shown,
        "kind": "claim",
        "title": shown["text"],
        "link": address(request, "claim", whole.id),
        "first": shown["said"][0] if shown["said"] else None,
        "merged": whole.id != found.id,
        "alone": len(shown["reviews"]) == 1,
        "named": {review.organisation for review in shown["reviews"]} != {site(request)["name"]},
        "reviews": shown["reviews"][:MOST_REVIEWS],
        "more": len(shown["reviews"]) - MOST_REVIEWS,
        "most": MOST_WORDS,
    }
