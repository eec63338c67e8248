"""What many published claims share: topics, speakers and organisations, in the words of the newest body that names one.

`FacetCount` belongs to the index of the log: it counts current bodies, and holds nothing that is not published.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.db.models import CharField, Count, F, Func, QuerySet

from claims.json_object import Json
from claims.models import FacetCount
from claims.models.publication import Audience, ClaimVersionQuerySet
from claims.models.verification import Verification
from claims.public.bodies import current
from claims.publication import body_parts

Kind = FacetCount.Kind
_FALLEN = (Verification.WITHDRAWN, Verification.SUSPENDED)
_FEW = 2_000  # claims that are found by the index of what they share; of more the list is read


@dataclass(frozen=True)
class _Part:
    column: str
    entities: Callable[[Json], Iterator[Json]]
    key: str


_PARTS = {
    Kind.TOPIC: _Part("topics", body_parts.topics, "slug"),
    Kind.SPEAKER: _Part("speakers", body_parts.speakers, "id"),
    Kind.ORGANISATION: _Part("organisations", body_parts.organisations, "id"),
}


@dataclass(frozen=True)
class Facet:
    """A thing that current bodies name, how many do, and its words."""

    name: str
    claims: int
    shown: Json


def facet(kind: FacetCount.Kind, name: str) -> Facet | None:
    """The thing of this name; None if no current body names it. Two queries."""
    found = words_of(named(kind).filter(name=name), kind)
    return found[0] if found else None


def topics(*, after: str, limit: int) -> list[Facet]:
    """Topics by slug, from behind one of them."""
    return words_of(named(Kind.TOPIC).filter(name__gt=after).order_by("name")[:limit], Kind.TOPIC)


def largest_topics(limit: int) -> list[Facet]:
    """The topics with most claims."""
    return words_of(named(Kind.TOPIC).order_by("-bodies", "name")[:limit], Kind.TOPIC)


def topic_names(limit: int) -> list[str]:
    """The slugs of topics that current bodies name."""
    return list(named(Kind.TOPIC).order_by("name").values_list("name", flat=True)[:limit])


def named(kind: FacetCount.Kind) -> QuerySet[FacetCount]:
    """The things of a kind that current bodies name."""
    return FacetCount.objects.filter(audience=Audience.PUBLIC, kind=kind, bodies__gt=0)


def words_of(rows: Iterable[FacetCount], kind: FacetCount.Kind) -> list[Facet]:
    """The things in their order, without those that no stored body names. One query, and one for each unknown body."""
    rows = list(rows)
    newest = {row.newest for row in rows if row.newest is not None}
    stored: Iterable[Any] = (
        current().filter(sequence_from__in=newest).values_list("sequence_from", "publication__body__json")
    )
    bodies = {sequence: orjson.loads(bytes(json)) for sequence, json in stored if json is not None}
    found = []
    for row in rows:
        body = bodies.get(row.newest) or _latest_with(kind, row.name)
        part = _PARTS[kind]
        entity = next((each for each in part.entities(body) if each[part.key] == row.name), None) if body else None
        if entity is not None:
            found.append(Facet(row.name, row.bodies, entity))
    return found


def _latest_with(kind: FacetCount.Kind, name: str) -> Json | None:
    having = current().filter(publication__body__isnull=False, **{f"{_PARTS[kind].column}__contains": [name]})
    json: Any = having.order_by("-sequence_from").values_list("publication__body__json", flat=True).first()
    return None if json is None else orjson.loads(bytes(json))


def listed_by_id(kind: FacetCount.Kind, ids: Sequence[str]) -> list[Facet]:
    """The things with these ids in their order, each with the number of claims whose check stands; without the others.

    A claim that was withdrawn or is under review is not counted, and a merged one names nothing.
    """
    column = _PARTS[kind].column
    fallen = current().filter(verification__in=_FALLEN, **{f"{column}__overlap": list(ids)})
    each = Func(F(column), function="unnest", output_field=CharField())
    rows: Any = fallen.annotate(each=each).values("each").annotate(number=Count("pk")).order_by()
    lost = dict(rows.values_list("each", "number"))
    by_id = {found.name: found for found in words_of(named(kind).filter(name__in=ids), kind)}
    standing = (replace(by_id[id], claims=by_id[id].claims - lost.get(id, 0)) for id in ids if id in by_id)
    return [found for found in standing if found.claims > 0]


def having(found: Facet, kind: FacetCount.Kind) -> ClaimVersionQuerySet:
    """The current versions that name it.

    PostgreSQL guesses how many have a value that its statistics do not list, and may then scan the whole list. The
    condition stated twice is estimated as few; it is stated once where there are many.
    """
    column = _PARTS[kind].column
    versions = current().filter(**{f"{column}__contains": [found.name]})
    return versions.filter(**{f"{column}__overlap": [found.name]}) if found.claims <= _FEW else versions
