"""The change feed: every event of the log in commit order, from a cursor, waiting for the next if asked to."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.drainage import set_override
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.openapi.claim import FeedPageSerializer
from claims.api.openapi.examples import FEED
from claims.api.request.query_fields import Id, Number, Words
from claims.api.response import answer, audience_of
from claims.api.streams import long_poll
from claims.models import ClaimVersion, Publication
from claims.publication import log_reader
from claims.publication.body import timestamp

FIELDS = ("sequence", "id", "event", "claim", "review", "version", "at", "redacted", "body")
LATEST = "latest"
EVENT_STREAM = "text/event-stream"
_HEARTBEAT = 10  # seconds; a client that went away is noticed by it
_RETRY_BUSY = 5  # seconds
_NO_CURSOR = "Take it, whole, from `cursor` of an answer of this feed; leave it out to begin at the beginning."


class SomeOf(serializers.CharField):
    """Some of a few words, with commas between them."""

    def __init__(self, choices: Any, **options: Any) -> None:
        self.choices = tuple(choices)
        super().__init__(required=False, max_length=400, **options)
        one = f"({'|'.join(self.choices)})"
        set_override(self, "field", {"type": "string", "pattern": f"^{one}(,{one})*$", "maxLength": 400})

    def to_internal_value(self, data: Any) -> Any:
        given = [word.strip() for word in super().to_internal_value(data).split(",")]
        if not set(given) <= set(self.choices):
            raise serializers.ValidationError(f"Say one or more of: {', '.join(self.choices)}; commas between them.")
        return tuple(word for word in self.choices if word in given)


class Cursor(serializers.CharField):
    """Where to go on from; `latest` is the end."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=100, **options)

    def to_internal_value(self, data: Any) -> Any:
        given = super().to_internal_value(data)
        if given == LATEST:
            return given
        try:
            return log_reader.place_of(given)
        except log_reader.UnknownCursor as error:
            raise serializers.ValidationError(_NO_CURSOR) from error


class UnknownEventId(APIException):
    """A Last-Event-ID that is no cursor of ours."""

    status_code = 400
    problem = "invalid-parameter"
    extra = {"parameter": "Last-Event-ID"}


@dataclass(frozen=True)
class Asked:
    """What a request of the feed is about."""

    selection: log_reader.Selection
    after: log_reader.Place = log_reader.START
    limit: int = 50
    wait: int = 0
    fields: tuple[str, ...] = FIELDS

    def read(self) -> log_reader.Reading:
        return self.selection.after(self.after, limit=self.limit, bodies="body" in self.fields)


class EventQuery(serializers.Serializer[Publication]):
    """Which events; several together must all hold. They look at what the claim says after the event."""

    event = SomeOf(Publication.Event.values, help_text="Kinds of events, with commas between them.")
    claim = Id("clm", help_text="Id of a claim.")
    speaker = Id("spk", help_text="Id of a speaker whose statement makes the claim.")
    topic = Words(80, help_text="A topic's slug.")
    host = Words(253, help_text="Host of a page that a review rests on: www.example.org.")

    def narrow(self, selection: Any, asked: dict[str, Any]) -> Any:
        """The events for which everything asked holds."""
        columns: dict[str, object] = {}
        for name, column in (("speaker", "speakers"), ("topic", "topics"), ("host", "hosts")):
            if name in asked:
                columns[f"{column}__contains"] = [asked[name].lower() if name == "host" else asked[name]]
        return replace(selection, events=asked.get("event", ()), claim=asked.get("claim"), columns=columns)


class FeedQuery(EventQuery):
    """Parameters of the feed."""

    after = Cursor(help_text="`cursor` of the answer before; `latest` for what comes from now on.")
    limit = Number(1, 100, default=50, help_text="Events of an answer.")
    wait = Number(0, long_poll.LONGEST, default=0, help_text="Seconds to wait for an event if there is none.")
    fields = SomeOf(  # type: ignore[assignment]
        FIELDS, help_text="What of each event, with commas between: all but `body` makes answers short."
    )

    def narrow(self, whole: Any, asked: dict[str, Any]) -> Asked:
        """The events asked for, and where to begin."""
        chosen = super().narrow(whole.selection, asked)
        after = asked.get("after", whole.after)
        return Asked(
            selection=chosen,
            after=chosen.end() if after == LATEST else after,
            limit=asked["limit"],
            wait=asked["wait"],
            fields=asked.get("fields", whole.fields),
        )


class Feed(GenericAPIView[ClaimVersion]):
    """The change feed."""

    anonymous = True
    query_class = FeedQuery

    @extend_schema(
        operation_id="feed",
        parameters=[FeedQuery],
        responses={(200, "application/json"): FeedPageSerializer, (200, EVENT_STREAM): {"type": "string"}},
        examples=[OpenApiExample("A correction", FEED, media_type="application/json", response_only=True)],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Everything that happened, in the order in which it happened: none is left out, none comes twice.

        Keep `cursor` and ask on with `after`; it is good for ever. With `wait` an answer that would be empty
        waits for an event, unless too many wait already: then it comes at once, with Retry-After. With
        `Accept: text/event-stream` events come as they happen for as long as `wait` says (30 seconds unless
        given), and a browser's EventSource goes on by itself.
        """
        asked: Any = self.filter_queryset(Asked(log_reader.Selection(audience_of(request))))  # type: ignore[arg-type]
        if EVENT_STREAM in request.META.get("HTTP_ACCEPT", ""):
            return _stream(request, asked)
        reading = asked.read()
        refused = False
        if not reading.events and not reading.more and asked.wait:
            reading, refused = _waited(request, asked, reading)
        response = _page(request, asked, reading)
        if refused:
            response.headers["Retry-After"] = str(_RETRY_BUSY)
        return response


def _caller(request: Request) -> object:
    return getattr(request.auth, "pk", None)


def _waited(request: Request, asked: Asked, reading: log_reader.Reading) -> tuple[log_reader.Reading, bool]:
    """What came while we waited; and whether we could not wait."""
    caller = _caller(request)
    if not long_poll.WAITERS.take(caller):
        return reading, True
    try:
        deadline = time.monotonic() + asked.wait
        while not (reading.events or reading.more) and long_poll.until_beyond(reading.head, deadline):
            asked = replace(asked, after=reading.place)
            reading = asked.read()
    finally:
        long_poll.WAITERS.give(caller)
    return reading, False


def _page(request: Request, asked: Asked, reading: log_reader.Reading) -> HttpResponse:
    parameters = request.query_params.copy()
    parameters["after"] = reading.place.cursor
    rest = {
        "cursor": reading.place.cursor,
        "next": request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}"),
        "more": reading.more,
    }
    items = b",".join(written(event, asked.fields) for event in reading.events)
    return answer(request, b'{"results":[' + items + b"]," + orjson.dumps(rest)[1:])


def written(event: log_reader.Event, fields: tuple[str, ...] = FIELDS) -> bytes:
    """The event as JSON; the body is set in as it was stored."""
    known = {
        "sequence": event.sequence,
        "id": event.id,
        "event": event.event,
        "claim": event.claim,
        "review": event.review,
        "version": event.version,
        "at": timestamp(event.at),
        "redacted": event.redacted,
    }
    data = orjson.dumps({name: value for name, value in known.items() if name in fields})
    if "body" not in fields:
        return data
    return data[:-1] + (b"," if len(data) > 2 else b"") + b'"body":' + (event.body or b"null") + b"}"


def _stream(request: Request, asked: Asked) -> StreamingHttpResponse:
    """Server-sent events for a bounded time. The client comes back with Last-Event-ID, our cursor."""
    if last := request.META.get("HTTP_LAST_EVENT_ID"):
        try:
            asked = replace(asked, after=log_reader.place_of(last))
        except log_reader.UnknownCursor as error:
            raise UnknownEventId(f"Last-Event-ID: {_NO_CURSOR}") from error
    caller = _caller(request)
    taken = long_poll.WAITERS.take(caller)
    seconds = (asked.wait or long_poll.LONGEST) if taken else 0
    pieces: Any = _events(asked, time.monotonic() + seconds, retry=1 if taken else _RETRY_BUSY)
    if taken:
        pieces = long_poll.WAITERS.hold(pieces, caller)
    response = StreamingHttpResponse(pieces, content_type=EVENT_STREAM)
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _events(asked: Asked, until: float, *, retry: int) -> Iterator[bytes]:
    """What there is, and what comes until the time, of time.monotonic()."""
    yield b"retry: %d\n\n" % (retry * 1000)
    while True:
        reading = asked.read()
        for event in reading.events:
            yield b"id: %b\ndata: %b\n\n" % (event.place.cursor.encode(), written(event, asked.fields))
        if reading.place != (reading.events[-1].place if reading.events else asked.after):
            yield b"id: %b\n\n" % reading.place.cursor.encode()  # came further and found nothing to tell
        asked = replace(asked, after=reading.place)
        while not reading.more and time.monotonic() < until:
            if long_poll.until_beyond(reading.head, min(until, time.monotonic() + _HEARTBEAT)):
                break
            yield b":\n\n"
        if time.monotonic() >= until:
            return
