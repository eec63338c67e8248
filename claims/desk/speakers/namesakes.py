"""Speakers who share a name or an alias with another: twins, or one person filed twice."""

from typing import Any

from django.db.models import Q, QuerySet

from claims.models import Speaker

MOST = 20


def namesakes(speaker: Speaker) -> QuerySet[Speaker]:
    """The other speakers with this name or one of these aliases."""
    names = [speaker.name, *speaker.aliases]
    same = Q(aliases__overlap=names)
    for name in names[:MOST]:
        same |= Q(name__iexact=name)
    return Speaker.objects.filter(same).exclude(pk=speaker.pk).order_by("name", "pk")


def counted(rows: list[Any]) -> dict[int, int]:
    """How many others share the name of each of these speakers, by key."""
    names = {name for row in rows for name in (row.name, *row.aliases)}
    others = list(
        Speaker.objects.filter(Q(name__in=names) | Q(aliases__overlap=list(names))).only("pk", "name", "aliases")
    )
    found = {}
    for row in rows:
        own = {row.name, *row.aliases}
        found[row.pk] = sum(1 for each in others if each.pk != row.pk and own & {each.name, *each.aliases})
    return found
