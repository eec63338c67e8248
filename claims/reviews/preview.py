"""Show what an action would send, to newsrooms and to readers, by doing it and taking it back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import transaction

from claims.json_object import Json
from claims.models import Claim, ClaimVersion
from claims.models.publication import Audience
from claims.publication.published_claim import LogPlace

_PLACE = frozenset(LogPlace.__annotations__)


@dataclass(frozen=True)
class FieldChange:
    """A field whose value differs. `before` is None if it was not there, `after` if it goes."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Leaving:
    """What one audience would read that it does not read now. `event` is empty if it would be told nothing."""

    audience: str
    event: str
    changes: list[FieldChange]


def preview(claim: Claim, act: Callable[[], object]) -> list[Leaving]:
    """What `act` would send about the claim, for each audience. Nothing of it stays. Raises what `act` raises.

    The log is locked meanwhile, so call it for a person who is about to decide, not for each view of a page.
    """
    before = {audience: _current(claim, audience) for audience in Audience}
    with transaction.atomic():
        act()
        after = {audience: _current(claim, audience) for audience in Audience}
        transaction.set_rollback(True)
    return [
        Leaving(
            audience=audience.value,
            event=str(after[audience].get("event", "")) if _place(before[audience]) != _place(after[audience]) else "",
            changes=list(changed_fields(before[audience], after[audience])),
        )
        for audience in (Audience.NEWSROOMS, Audience.PUBLIC)
    ]


def changed_fields(before: Json, after: Json) -> Iterator[FieldChange]:
    """The fields in which two bodies of a claim differ, without their place in the log. Lists are compared by ids."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    for path in dict.fromkeys([*old, *new]):
        if path not in _PLACE and old.get(path) != new.get(path):
            yield FieldChange(path, old.get(path), new.get(path))


def _current(claim: Claim, audience: str) -> Json:
    version = ClaimVersion.objects.current(audience).filter(claim=claim, publication__body__isnull=False).first()
    if version is None:
        return {}
    body: Json = orjson.loads(bytes(version.publication.body.json))
    return body


def _place(body: Json) -> object:
    return body.get("sequence")


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _leaves(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and all(isinstance(each, dict) for each in value):
        for number, each in enumerate(value, start=1):
            yield from _leaves(each, f"{path}[{each.get('id', number)}]")
    else:
        yield path, value
