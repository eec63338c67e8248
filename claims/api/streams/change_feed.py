"""Route of the change feed: all events of the log in commit order, by long poll or as an event stream."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.drainage import set_override
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.openapi.serializers import serializer_of
from claims.api.openapi.streams import FeedItem, FeedPage
from claims.api.request.query_fields import Fields, Id, Integer, InvalidParameter, Slug, Text, Tree
from claims.api.request.sparse_fields import select_fields
from claims.api.response import audience_of, etag_response
from claims.api.streams import long_poll
from claims.formats.as_now import as_now
from claims.models import ClaimVersion, Publication
from claims.publication import log_reader
from claims.publication.description import example
from sources.timestamp import timestamp

LATEST = "latest"
EVENT_STREAM = "text/event-stream"
_HEARTBEAT = 10  # seconds between comments, by which a closed connection is noticed
_RETRY_BUSY = 5  # seconds
_NO_CURSOR = "Take it, whole, from `cursor` of an answer of this feed; leave it out to begin at the beginning."


class LogRestored(exceptions.APIException):
    """A cursor of rows that the log has lost by a restore from a backup: gone, and where to go on."""

    status_code = status.HTTP_410_GONE
    problem = "log-restored"

    def __init__(self, restart: log_reader.Place) -> None:
        super().__init__(
            "This log was restored from a backup and no longer has the event that you read last. Discard what you have "
            f"of events with a sequence above {restart.sequence}, and go on with after={restart.cursor}."
        )
        self.extra = {"restart_after": restart.cursor, "restored_to": restart.sequence}


class SomeOf(serializers.CharField):
    """Several of a list of words, separated by commas; its value is a tuple in the list's order."""

    def __init__(self, choices: Any, **options: Any) -> None:
        self.choices = tuple(choices)
        super().__init__(required=False, max_length=400, **options)
        one = f"({'|'.join(self.choices)})"
        set_override(self, "field", {"type": "string", "pattern": f"^{one}(,{one})*$", "maxLength": 400})

    def to_internal_value(self, data: Any) -> Any:
        words = [word.strip() for word in super().to_internal_value(data).split(",")]
        if not set(words) <= set(self.choices):
            raise serializers.ValidationError(f"Say one or more of: {', '.join(self.choices)}; commas between them.")
        return tuple(word for word in self.choices if word in words)


class Cursor(serializers.CharField):
    """A cursor of the feed; `latest` is its end."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=100, **options)

    def to_internal_value(self, data: Any) -> Any:
        cursor = super().to_internal_value(data)
        if cursor == LATEST:
            return cursor
        try:
            return log_reader.parse_cursor(cursor)
        except log_reader.CursorAhead as error:
            raise LogRestored(error.restart) from error
        except log_reader.UnknownCursor as error:
            raise serializers.ValidationError(_NO_CURSOR) from error


@dataclass(frozen=True)
class FeedRequest:
    """The parameters of a request: which events, after which place, how many, and how long to wait (seconds)."""

    selection: log_reader.Selection
    after: log_reader.Place = log_reader.START
    limit: int = 50
    wait: int = 0
    fields: Tree | None = None

    def read(self) -> log_reader.LogPage:
        return self.selection.after(self.after, limit=self.limit, bodies=self.fields is None or "body" in self.fields)


class EventQuery(serializers.Serializer[Publication]):
    """Which events; several together must all hold. They look at what the claim says after the event."""

    event = SomeOf(Publication.Event.values, help_text="Kinds of events, with commas between them.")
    claim = Id("clm", help_text="Id of a claim.")
    speaker = Id("spk", help_text="Id of a speaker whose statement makes the claim.")
    topic = Slug(80, help_text="A topic's slug.")
    host = Text(253, help_text="Host of a page that a review rests on: www.example.org.")

    def narrow(self, selection: Any, params: dict[str, Any]) -> Any:
        """The selection of the events that match all parameters."""
        columns: dict[str, object] = {}
        for name, column in (("speaker", "speakers"), ("topic", "topics"), ("host", "hosts")):
            if name in params:
                columns[f"{column}__contains"] = [params[name].lower() if name == "host" else params[name]]
        return replace(selection, events=params.get("event", ()), claim=params.get("claim"), columns=columns)


class FeedQuery(EventQuery):
    """Parameters of the feed."""

    after = Cursor(help_text="`cursor` of the answer before; `latest` for what comes from now on.")
    limit = Integer(1, 100, default=50, help_text="Events of an answer.")
    wait = Integer(0, long_poll.MAX_WAIT, default=0, help_text="Seconds to wait for an event if there is none.")
    fields = Fields(FeedItem)  # type: ignore[assignment]

    def narrow(self, request: Any, params: dict[str, Any]) -> FeedRequest:
        """The request with these parameters."""
        chosen = super().narrow(request.selection, params)
        after = params.get("after", request.after)
        return FeedRequest(
            selection=chosen,
            after=chosen.end() if after == LATEST else after,
            limit=params["limit"],
            wait=params["wait"],
            fields=params.get("fields"),
        )


class Feed(GenericAPIView[ClaimVersion]):
    """The change feed."""

    anonymous = True
    query_class = FeedQuery

    @extend_schema(
        operation_id="feed",
        parameters=[FeedQuery],
        responses={(200, "application/json"): serializer_of(FeedPage), (200, EVENT_STREAM): {"type": "string"}},
        examples=[OpenApiExample("A correction", example(FeedPage), media_type="application/json", response_only=True)],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Everything that happened, in the order in which it happened: none is left out, none comes twice.

        Keep `cursor` and ask on with `after`; it is good for ever, unless the log was restored from a backup that lacks
        the event: then 410 says where to go on. With `wait` an answer that would be empty
        waits for an event, unless too many wait already: then it comes at once, with Retry-After. With
        `Accept: text/event-stream` events come as they happen for as long as `wait` says (30 seconds unless
        given), and a browser's EventSource goes on by itself.
        """
        query: Any = self.filter_queryset(FeedRequest(log_reader.Selection(audience_of(request))))  # type: ignore[arg-type]
        if EVENT_STREAM in request.META.get("HTTP_ACCEPT", ""):
            return _stream(request, query)
        reading = query.read()
        refused = False
        if not reading.events and not reading.more and query.wait:
            reading, refused = _wait(request, query, reading)
        response = _page(request, query, reading)
        if refused:
            response.headers["Retry-After"] = str(_RETRY_BUSY)
        return response


def _caller(request: Request) -> object:
    return getattr(request.auth, "pk", None)


def _wait(request: Request, query: FeedRequest, reading: log_reader.LogPage) -> tuple[log_reader.LogPage, bool]:
    """Wait for events. Returns the reading, and whether too many requests were already waiting."""
    caller = _caller(request)
    if not long_poll.WAITERS.acquire(caller):
        return reading, True
    try:
        deadline = time.monotonic() + query.wait
        while not (reading.events or reading.more) and long_poll.wait_beyond(reading.head, deadline):
            query = replace(query, after=reading.place)
            reading = query.read()
    finally:
        long_poll.WAITERS.release(caller)
    return reading, False


def _page(request: Request, query: FeedRequest, reading: log_reader.LogPage) -> HttpResponse:
    parameters = request.query_params.copy()
    parameters["after"] = reading.place.cursor
    rest = {
        "cursor": reading.place.cursor,
        "next": request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}"),
        "more": reading.more,
    }
    items = b",".join(event_json(event, query.fields) for event in reading.events)
    return etag_response(request, b'{"results":[' + items + b"]," + orjson.dumps(rest)[1:])


def event_json(event: log_reader.Event, fields: Tree | None = None) -> bytes:
    """The event as JSON with these fields; a whole body is inserted byte for byte as stored."""
    values = {
        "sequence": event.sequence,
        "id": event.id,
        "event": event.event,
        "claim": event.claim,
        "review": event.review,
        "version": event.version,
        "at": timestamp(event.at),
        "redacted": event.redacted,
    }
    data = orjson.dumps(select_fields(values, fields))
    if fields is not None and "body" not in fields:
        return data
    body = event.body or b"null"
    if fields is not None and fields["body"] is not None:
        body = orjson.dumps(select_fields(as_now(orjson.loads(body)), fields["body"])) if event.body else body
    return data[:-1] + (b"," if len(data) > 2 else b"") + b'"body":' + body + b"}"


def _stream(request: Request, query: FeedRequest) -> StreamingHttpResponse:
    """Stream server-sent events for a bounded time; the client reconnects with Last-Event-ID, which is a cursor."""
    if last := request.META.get("HTTP_LAST_EVENT_ID"):
        try:
            query = replace(query, after=log_reader.parse_cursor(last))
        except log_reader.CursorAhead as error:
            raise LogRestored(error.restart) from error
        except log_reader.UnknownCursor as error:
            raise InvalidParameter("Last-Event-ID", _NO_CURSOR) from error
    caller = _caller(request)
    acquired = long_poll.WAITERS.acquire(caller)
    seconds = (query.wait or long_poll.MAX_WAIT) if acquired else 0
    pieces: Any = _events(query, time.monotonic() + seconds, retry=1 if acquired else _RETRY_BUSY)
    if acquired:
        pieces = long_poll.WAITERS.hold(pieces, caller)
    response = StreamingHttpResponse(pieces, content_type=EVENT_STREAM)
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _events(query: FeedRequest, until: float, *, retry: int) -> Iterator[bytes]:
    """Present events, and those that come before `until`, a time of time.monotonic()."""
    yield b"retry: %d\n\n" % (retry * 1000)
    while True:
        reading = query.read()
        for event in reading.events:
            yield b"id: %b\ndata: %b\n\n" % (event.place.cursor.encode(), event_json(event, query.fields))
        if reading.place != (reading.events[-1].place if reading.events else query.after):
            yield b"id: %b\n\n" % reading.place.cursor.encode()  # moved on without a matching event
        query = replace(query, after=reading.place)
        while not reading.more and time.monotonic() < until:
            if long_poll.wait_beyond(reading.head, min(until, time.monotonic() + _HEARTBEAT)):
                break
            yield b":\n\n"
        if time.monotonic() >= until:
            return
