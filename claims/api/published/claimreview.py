"""Serve published reviews as schema.org ClaimReview in JSON-LD: one claim, one review, or all in a DataFeed."""

import hashlib
from collections.abc import Iterator
from typing import Any

import orjson
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api import concurrency
from claims.api.openapi.examples import CLAIM_REVIEW, DATA_FEED
from claims.api.openapi.operations import ONE
from claims.api.published.merged_claims import wholes
from claims.api.published.readers_pages import open_reviews, readers_origin
from claims.api.response import audience_of, etag_response, not_modified, origin, visible_versions
from claims.formats import claimreview, dated
from claims.models import ClaimVersion
from claims.models.publication import holding
from claims.publication import log_reader
from sources.timestamp import timestamp

JSON_LD = "application/ld+json"
FORMAT = 4  # part of the ETag; raise it when the output for the same body changes
_BATCH = 200


class ClaimReviewsOfClaim(GenericAPIView[ClaimVersion]):
    """A claim and its reviews in JSON-LD."""

    anonymous = True
    of_log = True

    @extend_schema(
        operation_id="claimReviewsOfClaim",
        responses={(200, JSON_LD): OpenApiTypes.OBJECT},
        examples=[OpenApiExample("A claim with one review", CLAIM_REVIEW, media_type=JSON_LD)],
        **ONE,
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        """The claim as a schema.org Claim and each of its reviews as a ClaimReview, in one @graph."""
        versions = self.filter_queryset(visible_versions(request))
        found = versions.filter(claim_public_id=id).values_list("publication__body__json", flat=True)
        body = _body(found.first())
        body = wholes(versions, [body]).get(body["merged_into"], body)
        things = [claimreview.claim(body), *_documents(request, body, body["reviews"])]
        graph = [{name: value for name, value in thing.items() if name != "@context"} for thing in things]
        return etag_response(
            request, claimreview.json_ld({"@context": claimreview.CONTEXT, "@graph": graph}), media_type=JSON_LD
        )


class ClaimReviewOfReview(GenericAPIView[ClaimVersion]):
    """A review in JSON-LD."""

    anonymous = True
    of_log = True

    @extend_schema(
        operation_id="claimReview",
        responses={(200, JSON_LD): OpenApiTypes.OBJECT},
        examples=[OpenApiExample("A review", CLAIM_REVIEW["@graph"][1], media_type=JSON_LD)],
        **ONE,
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        """The review as a schema.org ClaimReview: what you may put into the page of the fact check."""
        versions = self.filter_queryset(visible_versions(request))
        found = versions.filter(holding(id))
        body = _body(found.values_list("publication__body__json", flat=True).first())
        for document in _documents(request, body, [review for review in body["reviews"] if review["id"] == id]):
            return etag_response(request, claimreview.json_ld(document), media_type=JSON_LD)
        raise Http404


class DataFeed(GenericAPIView[ClaimVersion]):
    """All published reviews as one DataFeed."""

    anonymous = True

    @extend_schema(
        operation_id="dataFeed",
        responses={(200, JSON_LD): OpenApiTypes.OBJECT},
        examples=[OpenApiExample("One review in it", DATA_FEED, media_type=JSON_LD)],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """All published reviews in one DataFeed, in the shape of Data Commons: as things stood when it began.

        It is written as it is read and may be long; its ETag changes with each event of the log. A withdrawn
        review is in it with `dateDeleted`.
        """
        self.filter_queryset(ClaimVersion.objects.none())
        # Addresses of ours stand in it where everybody may open them.
        audience, base = audience_of(request), origin(request) if settings.ANONYMOUS_READ else None
        readers = readers_origin(request)
        place = log_reader.Selection(audience).end()
        etag = hashlib.sha256(
            f"{FORMAT} {base} {readers} {audience} {place.sequence} {place.hash}".encode()
        ).hexdigest()
        if (unchanged := not_modified(request, etag)) is not None:
            return unchanged
        if not concurrency.LONG_RESPONSES.acquire():
            raise concurrency.Busy
        pieces = concurrency.LONG_RESPONSES.hold(_data_feed(audience, place, base, readers))
        response = StreamingHttpResponse(pieces, content_type=JSON_LD)
        response.headers["ETag"] = f'"{etag}"'
        return response


def _body(json: Any) -> dict[str, Any]:
    if json is None:
        raise Http404
    body: dict[str, Any] = orjson.loads(bytes(json))
    return body


def _documents(request: Request, body: dict[str, Any], reviews: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The ClaimReviews of some of the claim's reviews."""
    readers = readers_origin(request)
    open_to_all = open_reviews([{**body, "reviews": reviews}], audience_of(request)) if readers else ()
    return [
        claimreview.claim_review(body, review, readers=readers if review["id"] in open_to_all else None)
        for review in reviews
    ]


def _data_feed(audience: str, place: log_reader.Place, base: str | None, readers: str | None) -> Iterator[bytes]:
    """Yield the DataFeed in pieces. A failure cuts the response short, so that it is no valid JSON."""
    since = log_reader.time_of(place)
    head = {
        "@context": claimreview.CONTEXT,
        "@type": "DataFeed",
        "name": "Published fact checks",
        **({"url": f"{base}/api/v1/datafeed/"} if base else {}),
        **({"dateModified": timestamp(since)} if since else {}),
    }
    yield claimreview.json_ld(head)[:-1] + b',"dataFeedElement":['
    first = True
    for batch in log_reader.bodies_at(place, audience=audience, batch=_BATCH):
        bodies = [*map(orjson.loads, batch)]
        open_to_all = open_reviews(bodies, audience) if readers else ()
        items = [
            claimreview.json_ld(
                data_feed_item(body, review, base=base, readers=readers if review["id"] in open_to_all else None)
            )
            for body in bodies
            for review in body["reviews"]
        ]
        if items:
            yield (b"" if first else b",") + b",".join(items)
            first = False
    yield b"]}"


def data_feed_item(
    body: dict[str, Any], review: dict[str, Any], *, base: str | None = None, readers: str | None = None
) -> dict[str, Any]:
    """The DataFeedItem of one review; `identifier` and, with `base`, `url` are those of this site."""
    document = claimreview.claim_review(body, review, base=base, readers=readers)
    document.pop("@context")
    dates = {
        "dateCreated": dated.first_published_at(review),
        "dateModified": dated.published_at(review),
        "dateDeleted": dated.withdrawn_at(review),
    }
    return {
        "@type": "DataFeedItem",
        "identifier": review["id"],
        **({"url": f"{base}/api/v1/reviews/{review['id']}/claimreview/"} if base else {}),
        **{name: date for name, date in dates.items() if date is not None},
        "item": [document],
    }
