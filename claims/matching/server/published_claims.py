"""Read what newsrooms may find from the publication log and its index: all of it at a place, and what changed since.

Sequences of the log become visible in order (claims/publication/log_reader.py), so reading up to the last visible one
skips none. What a claim says follows from the publication that its current version names, so a claim whose version
names another one has changed, and no other.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import orjson
from django.db import connection
from numpy.typing import NDArray

from claims.json_object import Json
from claims.matching.published_entry import HIDDEN, entry_of
from claims.matching.types import ClaimEntry
from claims.models import ClaimVersion, Publication
from claims.models.publication import Audience
from claims.publication.log_reader import START, Place, bodies_at

_BATCH = 1_000  # claims
_EVENTS = 5_000  # of the log, whose claims are read together


class LogState(NamedTuple):
    """The end of the log and the epoch of its index; `known` is whether the log still has the place asked about."""

    head: Place
    epoch: str
    known: bool


class Changes(NamedTuple):
    """Claims to add or replace, and ids of claims to remove."""

    entries: list[ClaimEntry]
    removed: list[str]


def log_state(place: Place = START) -> LogState:
    """One statement, for each look at the log."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT head.sequence, head.hash, COALESCE((SELECT epoch::text FROM claims_indexstate), ''),
                (SELECT hash FROM claims_publication WHERE sequence = %s)
            FROM (SELECT 1) AS one
            LEFT JOIN (SELECT sequence, hash FROM claims_publication ORDER BY sequence DESC LIMIT 1) AS head ON true
            """,
            [place.sequence],
        )
        sequence, head_hash, epoch, hash_there = cursor.fetchone()
    head = START if sequence is None else Place(sequence, head_hash)
    return LogState(head, epoch, place == START or hash_there == place.hash)


def entries_at(place: Place) -> Iterator[ClaimEntry]:
    """The entries of all claims as of a place of the log."""
    for bodies in bodies_at(place, audience=Audience.NEWSROOMS, batch=_BATCH):
        for body in map(orjson.loads, bodies):
            if _is_shown(body):
                yield entry_of(body)


def _is_shown(body: Json) -> bool:
    return body["verification"]["status"] not in HIDDEN


def redacted_between(place: Place, until: Place) -> bool:
    """Whether an event between two places took words back that were published."""
    events = Publication.objects.filter(sequence__gt=place.sequence, sequence__lte=until.sequence)
    return events.filter(event=Publication.Event.REDACTED).exists()


def count() -> int:
    """How many claims there are, roughly: hidden ones count too."""
    return ClaimVersion.objects.current(Audience.NEWSROOMS).count()


def changed_after(place: Place, until: Place) -> Iterator[tuple[Place, Changes]]:
    """The changes that the events between two places made, in pieces, each with the place up to which it reads."""
    start = place.sequence
    while start < until.sequence:
        events = Publication.objects.filter(sequence__gt=start, sequence__lte=min(start + _EVENTS, until.sequence))
        claims = dict(events.values_list("claim", "claim__public_id"))
        start = min(start + _EVENTS, until.sequence)
        end = Place(start, Publication.objects.values_list("hash", flat=True).get(sequence=start))
        yield end, _changes(claims)


def _changes(claims: dict[int, str]) -> Changes:
    entries = list(_entries(claims))
    return Changes(entries, sorted(set(claims.values()) - {entry.id for entry in entries}))


def _entries(claims: Iterable[int]) -> Iterator[ClaimEntry]:
    """The entries of those of the claims (primary keys) that are shown, as they are now."""
    keys = sorted(claims)
    for at in range(0, len(keys), _BATCH):
        versions = ClaimVersion.objects.current(Audience.NEWSROOMS).exclude(verification__in=HIDDEN)
        rows = versions.filter(claim__in=keys[at : at + _BATCH]).values_list("publication__body__json", flat=True)
        for json in rows:
            if json is not None and _is_shown(body := orjson.loads(bytes(json))):
                yield entry_of(body)


class Known(NamedTuple):
    """Ids, and the sequence of the publication that each entry was read from. Sorted by id."""

    ids: NDArray[np.bytes_]
    sequences: NDArray[np.int64]


def compared(known: Known) -> Changes:
    """What differs between the entries that are known and the index: for when rows of it were replaced."""
    versions = ClaimVersion.objects.current(Audience.NEWSROOMS).exclude(verification__in=HIDDEN)
    rows = versions.values_list("claim_public_id", "sequence_from").iterator(chunk_size=10_000)
    kinds = np.dtype([("id", "S24"), ("sequence", np.int64)])
    now = np.fromiter(((name.encode(), sequence) for name, sequence in rows), kinds)
    places = np.minimum(np.searchsorted(known.ids, now["id"]), max(len(known.ids) - 1, 0))
    if len(known.ids):
        same = (known.ids[places] == now["id"]) & (known.sequences[places] == now["sequence"])
        gone = known.ids[~np.isin(known.ids, now["id"])]
    else:
        same, gone = np.zeros(len(now), np.bool_), known.ids
    names = [name.decode() for name in now["id"][~same].tolist()]
    removed = [name.decode() for name in gone.tolist()]
    entries: list[ClaimEntry] = []
    for at in range(0, len(names), _BATCH):
        wanted = ClaimVersion.objects.filter(claim_public_id__in=names[at : at + _BATCH], sequence_to__isnull=True)
        entries += _entries(wanted.values_list("claim", flat=True))
    return Changes(entries, sorted({*removed, *names} - {entry.id for entry in entries}))
