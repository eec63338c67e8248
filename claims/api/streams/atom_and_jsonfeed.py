"""Routes of the latest events as Atom and as JSON Feed, for feed readers."""

from typing import Any

import orjson
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.openapi.examples import ATOM, JSON_FEED
from claims.api.request.query_fields import Text
from claims.api.response import audience_of, etag_response, origin, visible_versions
from claims.api.streams.change_feed import EventQuery
from claims.formats import atom_and_jsonfeed
from claims.json_object import Json
from claims.models import ClaimVersion
from claims.models.verification import Verification
from claims.publication import log_reader
from claims.publication.suspended import suspended_reviews, with_suspended_reviews

TITLE = "Fact checks"
_LENGTH = 50


class PeoplesQuery(EventQuery):
    """Which events a feed for people shows."""

    token = Text(100, help_text="A feed token, for readers that cannot send a key: fct_<prefix>_<secret>.")


class _LatestEvents(GenericAPIView[ClaimVersion]):
    anonymous = True
    takes_feed_token = True
    of_log = True
    query_class = PeoplesQuery

    def entries(self, request: Request) -> list[atom_and_jsonfeed.Entry]:
        selection: Any = self.filter_queryset(log_reader.Selection(audience_of(request)))  # type: ignore[arg-type]
        events = selection.latest(limit=_LENGTH)
        bodies = [None if event.body is None else orjson.loads(event.body) for event in events]
        suspended = _suspended_now(request, [body for body in bodies if body is not None])
        return [
            atom_and_jsonfeed.entry(
                id=event.id,
                event=event.event,
                review=event.review,
                at=event.at,
                claim=event.claim,
                body=None if body is None else with_suspended_reviews(body, suspended),
                base=origin(request),
            )
            for event, body in zip(events, bodies, strict=True)
        ]

    def feed_properties(self, request: Request) -> dict[str, Any]:
        """Title and address. One with a token has no link to itself: with the token it would give the token away to
        whoever the feed is shown to, and without it a reader that follows the link would lose the feed.
        """
        query = request.query_params.copy()
        secret = query.pop("token", None)
        path = f"{request.path}?{query.urlencode()}" if query else request.path
        return {
            "title": TITLE,
            "base": origin(request),
            "path": path if secret else request.get_full_path(),
            "links_to_itself": not secret,
        }

    def respond(self, request: Request, body: bytes, media_type: str) -> HttpResponse:
        """The response. Links in it are followed without the feed's address, which may hold a token."""
        response = etag_response(request, body, media_type=media_type)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


def _suspended_now(request: Request, bodies: list[Json]) -> dict[str, str]:
    """Since when those reviews of the bodies are suspended that are so now: earlier entries must not show their rating.

    By their own ids: a merge may have brought a review to another claim since.
    """
    names = {review["id"] for body in bodies for review in body["reviews"]}
    current = visible_versions(request).filter(verification=Verification.SUSPENDED)
    rows = current.filter(contained_ids__overlap=sorted(names), publication__body__isnull=False)
    found: dict[str, str] = {}
    for json in rows.values_list("publication__body__json", flat=True):
        found |= suspended_reviews(orjson.loads(bytes(json)))
    return found


class AtomFeed(_LatestEvents):
    """The latest events in Atom."""

    @extend_schema(
        operation_id="feedAtom",
        parameters=[PeoplesQuery],
        responses={(200, atom_and_jsonfeed.ATOM): OpenApiTypes.STR},
        examples=[OpenApiExample("An entry", ATOM, media_type=atom_and_jsonfeed.ATOM)],
    )
    def get(self, request: Request) -> HttpResponse:
        """The last 50 events in Atom (RFC 4287), the newest first. Filters as of the feed."""
        body = atom_and_jsonfeed.atom(self.entries(request), **self.feed_properties(request))
        return self.respond(request, body, atom_and_jsonfeed.ATOM)


class JsonFeed(_LatestEvents):
    """The latest events in JSON Feed."""

    @extend_schema(
        operation_id="feedJson",
        parameters=[PeoplesQuery],
        responses={(200, atom_and_jsonfeed.JSON_FEED): OpenApiTypes.OBJECT},
        examples=[OpenApiExample("An item", JSON_FEED, media_type=atom_and_jsonfeed.JSON_FEED)],
    )
    def get(self, request: Request) -> HttpResponse:
        """The last 50 events in JSON Feed 1.1, the newest first. Filters as of the feed."""
        body = atom_and_jsonfeed.json_feed(self.entries(request), **self.feed_properties(request))
        return self.respond(request, body, atom_and_jsonfeed.JSON_FEED)
