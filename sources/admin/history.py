"""Read the audit tables: who changed which fields of a row, when and why."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models

_MAX_LENGTH = 600  # characters of a value that a history shows


@dataclass(frozen=True)
class FieldChange:
    """One field that an audit row changed, with its values before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class AuditRow:
    """One insert, update or delete of one row."""

    at: datetime
    what: str  # added, changed, deleted
    of: str  # the kind of row
    row: str
    actor: str
    reason: str
    changes: list[FieldChange] = field(default_factory=list)


def actor_of(context: dict[str, Any] | None) -> str:
    """Return the user that an audit context names, or else its middleware's note, or else “the system”."""
    context = context or {}
    return str(context.get("actor") or context.get("factcheck.audit_middleware") or "the system")


_DONE = {"insert": "added", "update": "changed", "delete": "deleted"}


def done(label: str) -> str:
    """What a trigger recorded, as a person says it: added, changed, deleted."""
    return _DONE.get(label, label)


def reason_of(context: dict[str, Any] | None) -> str:
    """Return why, as the verb that was used says it, and the API key if one was; else where on the site."""
    context = context or {}
    where = f"on {context['url']}" if context.get("url") else ""
    key = f"with the key {context['key']}" if context.get("key") else ""
    return ", ".join(each for each in (str(context.get("reason") or where), key) if each)


def audit_rows(rows: Iterable[models.Model], *, limit: int = 100) -> list[AuditRow]:
    """Return the latest `limit` audit rows of these model rows, newest first, each with its changes."""
    by_model: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for row in rows:
        if getattr(row, "pgh_event_model", None) is not None:
            by_model[type(row)].append(row)
    history = []
    for model, members in by_model.items():
        history.extend(_of_model(model, [member.pk for member in members], limit))
    history.sort(key=lambda each: each.at, reverse=True)
    return history[:limit]


def _of_model(model: type[models.Model], pks: list[Any], limit: int) -> list[AuditRow]:
    events = model.pgh_event_model._default_manager.filter(pgh_obj_id__in=pks).order_by("-pgh_id")  # type: ignore[attr-defined]
    tracked = [each for each in model._meta.concrete_fields if each.name != "public_id"]
    # One more per row than shown, so that the oldest shown has a predecessor.
    latest = list(events[: limit + len(pks)])
    people = _people(model, latest)
    found = []
    for position, event in enumerate(latest):
        before = next((old for old in latest[position + 1 :] if old.pgh_obj_id == event.pgh_obj_id), None)
        context = event.pgh_context or {}
        if not isinstance(context, dict):
            context = getattr(context, "metadata", {})
        found.append(
            AuditRow(
                at=event.pgh_created_at,
                what=done(event.pgh_label),
                of=str(model._meta.verbose_name),
                row=str(event.pgh_obj_id),
                actor=actor_of(context),
                reason=reason_of(context),
                changes=[] if event.pgh_label == "delete" else list(_changes(tracked, before, event, people)),
            )
        )
    return found


def _changes(fields: list[Any], before: Any, after: Any, people: dict[Any, str]) -> Iterable[FieldChange]:
    for each in fields:
        old = getattr(before, each.attname, None) if before is not None else None
        new = getattr(after, each.attname, None)
        if old == new or each.primary_key or (before is None and new in ("", None, [], False)):
            continue
        if each.related_model is get_user_model():
            old, new = people.get(old, old), people.get(new, new)
        elif each.flatchoices:
            labels = dict(each.flatchoices)
            old, new = labels.get(old, old), labels.get(new, new)
        yield FieldChange(str(each.verbose_name), _short(old), _short(new))


def _people(model: type[models.Model], events: list[Any]) -> dict[Any, str]:
    """Return the names of the users that these rows refer to, by key."""
    to_people = [each.attname for each in model._meta.concrete_fields if each.related_model is get_user_model()]
    named = (getattr(event, name, None) for event in events for name in to_people)
    keys = {key for key in named if key is not None}
    if not keys:
        return {}
    return {user.pk: user.get_username() for user in get_user_model()._default_manager.filter(pk__in=keys)}


def _short(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, default=str)
    text = f"{value:%Y-%m-%d %H:%M:%S} UTC" if isinstance(value, datetime) else str(value)
    return text if len(text) <= _MAX_LENGTH else text[:_MAX_LENGTH] + " …"
