"""The latest events as Atom and JSON Feed for readers: each leads to the claim's page, and says what stands there now.

An entry is an event of the log; its words are those of today's body of the claim, so that no verdict outlives itself in
a feed. Reviews of other publishers that were imported on a day are one entry, if there are many. Days, never times.
"""

from datetime import UTC, datetime
from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.formats import atom_and_jsonfeed
from claims.formats.as_now import as_now
from claims.json_object import Json
from claims.matching.current.current_claims import whole_of
from claims.models.publication import Audience
from claims.public import wording
from claims.public.bodies import current, current_of
from claims.public.lists.entry import entry_of
from claims.public.lists.facets import Kind, facet, having
from claims.public.page import base_of, finished, readers_page, site
from claims.publication.log_reader import Event, Selection
from claims.publication.streams.latest_events import ImportDay, latest_events

_LENGTH = 30


@readers_page
def atom(request: HttpRequest) -> HttpResponse:
    """All claims, as Atom."""
    return _feed(request, atom_and_jsonfeed.ATOM)


@readers_page
def json_feed(request: HttpRequest) -> HttpResponse:
    """All claims, as JSON Feed."""
    return _feed(request, atom_and_jsonfeed.JSON_FEED)


@readers_page
def topic_atom(request: HttpRequest, slug: str) -> HttpResponse:
    """The claims of a topic that changed last, each with its last event, as Atom. Three queries."""
    found = facet(Kind.TOPIC, slug) if len(slug) <= 80 else None
    if found is None:
        raise Http404
    rows: Any = (
        having(found, Kind.TOPIC)
        .standing_alone()
        .filter(publication__body__isnull=False)
        .order_by("-sequence_from")
        .values_list("publication__public_id", "publication__event", "changed_at", "publication__body__json")
    )
    base = base_of(request)
    entries = [
        _entry(name, event, changed_at, as_now(orjson.loads(bytes(json))), base)
        for name, event, changed_at, json in rows[:_LENGTH]
    ]
    return _finished(request, entries, atom_and_jsonfeed.ATOM, about=found.shown["name"])


def _feed(request: HttpRequest, media_type: str) -> HttpResponse:
    events, days = latest_events(Selection(Audience.PUBLIC), limit=_LENGTH)
    claims = _now({event.claim for event in events})
    base = base_of(request)
    entries = [
        _entry(event.id, event.event, event.at, claims[event.claim], base)
        if event.claim in claims
        else _entry_of_removed(event, base)
        for event in events
    ]
    entries += [_entry_of_imports(day, base) for day in days]
    entries = sorted(entries, key=lambda entry: entry.at, reverse=True)[:_LENGTH]
    return _finished(request, entries, media_type)


def _finished(
    request: HttpRequest, entries: list[atom_and_jsonfeed.Entry], media_type: str, *, about: str = ""
) -> HttpResponse:
    name = str(site(request)["name"])
    properties: dict[str, Any] = {
        "title": f"{name}: {about}" if about else name,
        "base": base_of(request),
        "path": request.path,
    }
    if media_type == atom_and_jsonfeed.ATOM:
        return finished(atom_and_jsonfeed.atom(entries, **properties, is_open=False), media_type)
    return finished(atom_and_jsonfeed.json_feed(entries, **properties), media_type)


def _now(claims: set[str]) -> dict[str, Json]:
    """The claims' bodies of today by the id as it was told; of one that is part of another, that other's."""
    leads_to = whole_of(current(), claims)
    bodies = current_of(set(leads_to.values()))
    return {name: bodies[whole] for name, whole in leads_to.items() if whole in bodies}


def _entry(id: str, event: str, at: datetime, body: Json, base: str) -> atom_and_jsonfeed.Entry:
    """An event of a claim, and what stands there now. A claim that is part of another leads to that one."""
    entry = entry_of(body)
    organisations = dict.fromkeys(
        (review["organisation"]["name"], review["organisation"]["site"]) for review in body["reviews"]
    )
    return atom_and_jsonfeed.Entry(
        id=f"urn:factcheck:readers:{id}",
        url=base + reverse("readers:claim", args=[body["id"]]),
        title=f"{wording.event(event)}: {entry.text}",
        text=_("Now: %(words)s") % {"words": entry.words},
        at=_day(at),
        authors=tuple(organisations),
        tags=tuple(topic["name"] for topic in body["topics"]),
        language=body["language"],
    )


def _entry_of_removed(event: Event, base: str) -> atom_and_jsonfeed.Entry:
    page = base + reverse("readers:claim", args=[event.claim])
    name = f"urn:factcheck:readers:{event.id}"
    return atom_and_jsonfeed.Entry(name, page, wording.event("redacted"), "", _day(event.at), (), (), None)


def _entry_of_imports(day: ImportDay, base: str) -> atom_and_jsonfeed.Entry:
    on = wording.day(day.day)
    sentence = ngettext(
        "%(count)s review of another publisher was added on %(day)s.",
        "%(count)s reviews of other publishers were added on %(day)s.",
        day.count,
    ) % {"count": day.count, "day": on}
    return atom_and_jsonfeed.Entry(
        id=f"urn:factcheck:readers:imports:{day.day.isoformat()}",
        url=base + reverse("readers:home"),
        title=sentence,
        text=", ".join(day.organisations),
        at=_day(day.at),
        authors=(),
        tags=(),
        language=None,
    )


def _day(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
