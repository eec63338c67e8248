"""Routes of the latest events as Atom and as JSON Feed, for feed readers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import orjson
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.openapi.examples import ATOM, JSON_FEED
from claims.api.published.readers_pages import page_of, page_of_all
from claims.api.request.query_fields import Choice, Id, LanguageRanges, Text
from claims.api.response import audience_of, etag_response, origin, visible_versions
from claims.api.streams.change_feed import EventQuery
from claims.formats import atom_and_jsonfeed
from claims.json_object import Json
from claims.models import ClaimVersion, Review
from claims.models.publication import Audience
from claims.publication import log_reader
from claims.publication.streams.latest_events import latest_events

TITLE = "Fact checks"
_LENGTH = 50


class PeoplesQuery(EventQuery):
    """Which events a feed for people shows."""

    organisation = Id("org", help_text="Id of the organisation whose review it is.")
    origin = Choice(Review.Origin.values, help_text="Reviews of our own desk, or imported ones.")
    language = LanguageRanges(
        help_text="Language ranges of the claim (RFC 4647), with commas between: en finds en-GB too; * all."
    )
    token = Text(100, help_text="A feed token, for readers that cannot send a key: fct_<prefix>_<secret>.")

    def narrow(self, selection: Any, params: dict[str, Any]) -> Any:
        """The selection of the events that match all parameters."""
        chosen = super().narrow(selection, params)
        reviews = {}
        if "organisation" in params:
            reviews["review__organisation__public_id"] = params["organisation"]
        if "origin" in params:
            reviews["review__origin"] = params["origin"]
        columns = dict(chosen.columns)
        ranges = params.get("language", ("*",))
        if "*" not in ranges:
            columns["language__iregex"] = f"^({'|'.join(map(re.escape, ranges))})(-|$)"
        return replace(chosen, reviews=reviews, columns=columns)


class _LatestEvents(GenericAPIView[ClaimVersion]):
    anonymous = True
    takes_feed_token = True
    of_log = True
    query_class = PeoplesQuery

    def entries(self, request: Request) -> list[atom_and_jsonfeed.Entry]:
        selection: Any = self.filter_queryset(log_reader.Selection(audience_of(request)))  # type: ignore[arg-type]
        events, days = latest_events(selection, limit=_LENGTH)
        bodies = [None if event.body is None else orjson.loads(event.body) for event in events]
        now, public = _today(request, {event.claim for event in events}, bodies)
        entries = [
            atom_and_jsonfeed.entry(
                id=event.id,
                event=event.event,
                review=event.review,
                at=event.at,
                body=body,
                page=page_of(request, event.claim) if event.claim in public else None,
                now=now,
            )
            for event, body in zip(events, bodies, strict=True)
        ]
        entries += [atom_and_jsonfeed.entry_of_imports(**vars(day), page=page_of_all(request)) for day in days]
        return sorted(entries, key=lambda entry: entry.at, reverse=True)[:_LENGTH]

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


def _today(request: Request, claims: set[str], bodies: Sequence[Json | None]) -> tuple[dict[str, Json], set[str]]:
    """The reviews of the bodies as their claims have them today, by id, and which of the claims the public may read.

    Earlier entries must not show what fell since. By their own ids where the claim no longer has them: a merge may have
    brought a review to another one.
    """
    versions = visible_versions(request)
    public = ClaimVersion.objects.current(Audience.PUBLIC).filter(claim_public_id=OuterRef("claim_public_id"))
    rows = versions.filter(claim_public_id__in=claims).annotate(is_public=Exists(public))
    found = [*rows.values_list("claim_public_id", "publication__body__json", "is_public")]
    now = _reviews_in(json for _, json, _ in found if json is not None)
    missing = {review["id"] for body in bodies if body for review in body["reviews"]} - set(now)
    if missing:
        moved = versions.filter(contained_ids__overlap=sorted(missing), publication__body__isnull=False)
        now |= _reviews_in(moved.values_list("publication__body__json", flat=True))
    return now, {claim for claim, _, is_public in found if is_public}


def _reviews_in(bodies: Iterable[Any]) -> dict[str, Json]:
    return {review["id"]: review for json in bodies for review in orjson.loads(bytes(json))["reviews"]}


class AtomFeed(_LatestEvents):
    """The latest events in Atom."""

    @extend_schema(
        operation_id="feedAtom",
        parameters=[PeoplesQuery],
        responses={(200, atom_and_jsonfeed.ATOM): OpenApiTypes.STR},
        examples=[OpenApiExample("An entry", ATOM, media_type=atom_and_jsonfeed.ATOM)],
    )
    def get(self, request: Request) -> HttpResponse:
        """The latest 50 entries in Atom (RFC 4287), the newest first, with the verdict as it stands today in the title.

        A review that was withdrawn, is suspended or is to be checked again is named without its verdict. More than ten
        reviews that were imported on a day are one entry.
        """
        properties = self.feed_properties(request) | {"is_open": settings.ANONYMOUS_READ}
        body = atom_and_jsonfeed.atom(self.entries(request), **properties)
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
        """The latest 50 entries in JSON Feed 1.1, the newest first, with the verdict as it stands today in the title.

        A review that was withdrawn, is suspended or is to be checked again is named without its verdict. More than ten
        reviews that were imported on a day are one entry.
        """
        body = atom_and_jsonfeed.json_feed(self.entries(request), **self.feed_properties(request))
        return self.respond(request, body, atom_and_jsonfeed.JSON_FEED)
