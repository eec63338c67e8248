"""What somebody typed and could not be saved: kept for that person alone, and not audited."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import QueryDict

from claims.models import Autosave
from claims.permissions import is_remembering, remembered

LONGEST = 2_000_000
"""Characters of one form that are kept."""
SITTING = "sitting"
"""The field by which a page says in which sitting, from its opening to the press of a button, something was typed."""


def keep(user: Any, place: str, data: QueryDict, *, leave_out: Collection[str] = (), seen: str = "") -> bool:
    """Keep the fields of a form; False if there is nothing in it, or too much."""
    sitting = data.get(SITTING, "")[:40]
    values = {name: found for name, found in data.lists() if name not in (*leave_out, SITTING) and any(found)}
    if not values or sum(len(text) for found in values.values() for text in found) > LONGEST:
        return False
    if sitting and Autosave.objects.filter(user=user.pk, place=place[:60], ended=sitting).exists():
        return True  # it was under way while the same words were saved, or thrown away
    values = {name: [text.replace("\x00", "") for text in found] for name, found in values.items()}
    Autosave.objects.update_or_create(
        user=user,
        place=place[:60],
        defaults={"values": values, "seen": (seen or data.get("seen", ""))[:64], "ended": "", "saved_at": Now()},
    )
    return True


def kept(user: Any, place: str) -> Autosave | None:
    """What this person typed at the place and did not save."""
    rows = _typed(user)
    if is_remembering() and place not in _places(user):
        return None
    return rows.filter(place=place).first()


def kept_at(user: Any, places: Collection[str]) -> dict[str, dict[str, list[str]]]:
    """The fields that this person typed at several places, by place."""
    if is_remembering() and _places(user).isdisjoint(places):
        return {}
    rows = _typed(user).filter(place__in=places)
    return {each.place: each.values for each in rows}


def _places(user: Any) -> set[str]:
    rows = _typed(user)
    found: set[str] = remembered(("typed", user.pk), lambda: set(rows.values_list("place", flat=True)))
    return found


def _typed(user: Any) -> QuerySet[Autosave]:
    return Autosave.objects.filter(user=user.pk, ended="")


def forget(user: Any, place: str, *, sitting: str = "") -> None:
    """Drop it, once it is saved or thrown away. What arrives of the same sitting afterwards is not kept."""
    if not sitting:
        Autosave.objects.filter(user=user.pk, place=place).delete()
        return
    ended = {"values": {}, "seen": "", "ended": sitting[:40], "saved_at": Now()}
    Autosave.objects.update_or_create(user=user, place=place[:60], defaults=ended)
