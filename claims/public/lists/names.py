"""The names of speakers and organisations in order, as each process keeps them: the index has their ids alone.

A name is that of the newest body that has it. A process reads all of them once, and later those of new entries of the
log; one query says whether there are any. Another log, as after a restore, or a rebuilt index is read anew.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from claims.models import FacetCount
from claims.public.lists.facets import Kind, named, words_of
from sources.database.prepared_reads import PreparedStatement

_HEAD = PreparedStatement(
    "readers_names",
    """
    SELECT head.sequence, head.hash, (SELECT epoch FROM claims_indexstate),
        EXISTS (SELECT FROM claims_publication WHERE sequence = $1 AND hash = $2)
    FROM (SELECT) AS one LEFT JOIN (
        SELECT sequence, hash FROM claims_publication ORDER BY sequence DESC LIMIT 1
    ) AS head ON true
    """,
)
_BATCH = 1_000


@dataclass(frozen=True)
class Names:
    """The ids of one kind, ordered by name, up to an entry of the log; never changed once it is made."""

    sequence: int = 0
    hash: bytes = b""
    epoch: bytes = b""
    keys: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """By the id, by what it is ordered: its name without case and accents, then the id."""
    order: tuple[tuple[str, str], ...] = ()

    def after(self, id: str, limit: int) -> list[str] | None:
        """The ids behind this one, from the beginning if it is empty; None if there is no such id."""
        if id and id not in self.keys:
            return None
        start = bisect_right(self.order, self.keys[id]) if id else 0
        return [each for _, each in self.order[start : start + limit]]


_known: dict[Kind, Names] = {}


def names(kind: Kind) -> Names:
    """What the log tells of names now. One query if there is nothing new."""
    known = _known.get(kind, Names())
    [(sequence, hash, epoch, is_in_log)] = _HEAD.rows(b"%d" % known.sequence, known.hash)
    head = (int(sequence or 0), hash or b"", epoch or b"")
    if head == (known.sequence, known.hash, known.epoch):
        return known
    if is_in_log != b"t" or known.epoch != head[2]:
        known = Names()
    keys = dict(known.keys) | _read(kind, known.sequence)
    _known[kind] = Names(*head, keys, tuple(sorted(keys.values())))
    return _known[kind]


def ordered_by(name: str) -> str:
    """By what a name is ordered in any language: without case and accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each)).strip()


def _read(kind: Kind, after: int) -> dict[str, tuple[str, str]]:
    """The keys of those that bodies from behind this entry name; from the beginning, of all."""
    rows = named(kind)
    rows = rows.filter(newest__gt=after) if after else rows
    found: dict[str, tuple[str, str]] = {}
    last = ""
    while batch := list[FacetCount](rows.filter(name__gt=last).order_by("name")[:_BATCH]):
        last = batch[-1].name
        found |= {each.name: (ordered_by(each.shown["name"]), each.name) for each in words_of(batch, kind)}
    return found
