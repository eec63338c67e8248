"""Count the claims that a search found by verdict, language, organisation, topic and status.

The counts are of rows that the asker may see: counts of the matcher's index would tell of claims that are not.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from rest_framework.request import Request

from claims.api.published.shared_entities import newest_representations
from claims.api.response import audience_of, visible_versions
from claims.json_object import Json
from claims.models import FacetCount
from claims.publication import body_parts

NAMES = ("verdict", "language", "organisation", "topic", "verification")
MOST_VALUES = 50  # of a facet

_COLUMNS = {"verdict": "verdicts", "language": "language", "organisation": "organisations", "topic": "topics"}
_ENTITIES: dict[str, tuple[FacetCount.Kind, Callable[[Json], Iterator[Json]], str]] = {
    "organisation": (FacetCount.Kind.ORGANISATION, body_parts.organisations, "id"),
    "topic": (FacetCount.Kind.TOPIC, body_parts.topics, "slug"),
}


def facets(request: Request, claims: Sequence[str], names: Sequence[str], *, mapped: bool) -> Json:
    """For each name its values among these claims, the most frequent first, at most `MOST_VALUES`.

    `mapped`: verdicts are also those that shipped scales map labels to, as the filter counts them.
    """
    columns = {name: _COLUMNS.get(name, name) for name in names}
    if mapped and "verdict" in columns:
        columns["verdict"] = "all_verdicts"
    rows = visible_versions(request).filter(claim_public_id__in=claims).values_list(*columns.values())
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    for row in rows:
        for name, value in zip(columns, row, strict=True):
            counts[name].update(value if isinstance(value, list) else [value])
    return {name: _values(request, name, counted) for name, counted in counts.items()}


def _values(request: Request, name: str, counted: Counter[str]) -> list[Json]:
    best = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:MOST_VALUES]
    names = _names(request, name, [value for value, _ in best])
    return [{"value": value, "name": names.get(value), "count": count} for value, count in best]


def _names(request: Request, name: str, values: Sequence[str]) -> dict[str, str]:
    """What organisations and topics are called in what is published."""
    if name not in _ENTITIES:
        return {}
    kind, entities, key = _ENTITIES[name]
    rows = FacetCount.objects.filter(audience=audience_of(request), kind=kind, name__in=values)
    shown = newest_representations(request, rows, kind, entities, key)
    return {value: entity["name"] for value, entity in shown.items()}
