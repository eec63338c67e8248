"""How many claims a list has, where the index has counted them."""

from collections.abc import Mapping
from typing import Any

from claims.models import FacetCount

_COUNTED = {
    "topic": FacetCount.Kind.TOPIC,
    "speaker": FacetCount.Kind.SPEAKER,
    "organisation": FacetCount.Kind.ORGANISATION,
    "source": FacetCount.Kind.SOURCE,
    "page": FacetCount.Kind.PAGE,
}
_NO_FILTERS = frozenset({"fields", "include"})


def total_of(params: Mapping[str, Any], audience: str, *, with_topic: int | None = None) -> int | None:
    """The number of current claims that match the filters; None if it is not counted: with none, several or others.

    `with_topic` is the number of those with the topic, if it was read already.
    """
    filters = [name for name in params if name not in _NO_FILTERS]
    if len(filters) != 1 or filters[0] not in _COUNTED:
        return None
    [name] = filters
    if name == "topic" and with_topic is not None:
        return with_topic
    found = FacetCount.objects.filter(audience=audience, kind=_COUNTED[name], name=params[name])
    return found.values_list("bodies", flat=True).first() or 0
