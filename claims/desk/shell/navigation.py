"""The nine entries of the desk's navigation, and their counts."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

Count = Callable[[HttpRequest], QuerySet[Any]]


@dataclass(frozen=True)
class Item:
    """An entry. `right` is the permission without which it is not shown; `icon` is the path of a 20×20 drawing."""

    key: str
    label: Any
    route: str
    right: str
    icon: str
    counted: Any = ""  # what the count counts, for screen readers


ITEMS = (
    Item("today", _("Today"), "admin:index", "", "M3 9.5L10 4l7 5.5M5 8.500V16h10V8.5"),
    Item(
        "inbox",
        _("Inbox"),
        "desk:inbox",
        "claims.view_tipgroup",
        "M3 11l2.5-7h9L17 11v5H3zM3 11h4l1 2h4l1-2h4",
        _("waiting"),
    ),
    Item("documents", _("Documents"), "desk:documents", "claims.view_document", "M5 3h7l3 3v11H5zM7.5 9h5M7.5 12h5"),
    Item(
        "claims",
        _("Claims"),
        "desk:claims",
        "claims.view_claim",
        "M4 4h12v9H9.500L6 16.500V13H4zM7.5 8.500l1.8 1.8 3.4-3.6",
    ),
    Item(
        "rechecks",
        _("Re-checks"),
        "desk:rechecks",
        "claims.view_recheck",
        "M4 6.500h5.500v4.500H17M15 8.500l2.2 2.5-2.2 2.5",
        _("open"),
    ),
    Item(
        "sources",
        _("Sources"),
        "desk:sources",
        "sources.view_page",
        "M2.5 10S5.2 5 10 5s7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
        _("cannot be read"),
    ),
    Item(
        "speakers",
        _("Speakers"),
        "desk:speakers",
        "claims.view_speaker",
        "M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4.5 17c.4-3 2.6-4.5 5.5-4.500s5.1 1.5 5.5 4.5",
    ),
    Item(
        "record",
        _("Public record"),
        "desk:record",
        "claims.view_publication",
        "M5 3h10v14l-2-1.3-1.5 1.300L10 15.700l-1.5 1.300L7 15.7 5 17zM7.5 7h5M7.5 10.500h5",
    ),
    Item(
        "settings",
        _("Settings"),
        "desk:settings",
        "",
        "M4 6h7M15 6h1M4 14h1M9 14h7M13 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
    ),
)
_COUNTS: dict[str, Count] = {}
SECONDS = 10.0
"""For how long a count that one person was shown is shown again without asking."""
_MOST_KEPT = 2_000
_kept: dict[tuple[str, int, str], tuple[float, int]] = {}


def count(key: str) -> Callable[[Count], Count]:
    """Register the function that says which rows wait behind an entry; every screen counts them, so keep it cheap."""

    def registered(function: Count) -> Count:
        _COUNTS[key] = function
        return function

    return registered


def navigation(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The entries that this person may open."""
    items = [item for item in ITEMS if not item.right or request.user.has_perm(item.right)]
    counts = _counts([item.key for item in items if item.key in _COUNTS], request)
    return [
        {
            "key": item.key,
            "label": item.label,
            "url": reverse(item.route),
            "icon": item.icon,
            "current": item.key == current,
            "count": counts.get(item.key, 0),
            "counted": item.counted,
            "is_urgent": item.key == "rechecks",
        }
        for item in items
    ]


def _counts(keys: Sequence[str], request: HttpRequest) -> dict[str, int]:
    """How much waits behind each entry: as it was shown a moment ago, else all counted by one query."""
    name, now = str(connection.settings_dict["NAME"]), time.monotonic()
    places = {key: (name, request.user.pk or 0, key) for key in keys}
    known = {key: _kept[place] for key, place in places.items() if place in _kept}
    if all(key in known and now < known[key][0] for key in keys):
        return {key: number for key, (_until, number) in known.items()}
    found = _counted({key: _COUNTS[key](request) for key in keys})
    if SECONDS:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept.update({places[key]: (now + SECONDS, number) for key, number in found.items()})
    return found


def _counted(rows: dict[str, QuerySet[Any]]) -> dict[str, int]:
    """The number of rows of each query, by one statement."""
    found = dict.fromkeys(rows, 0)
    counts: dict[str, str] = {}
    values: list[Any] = []
    for key, waiting in rows.items():
        try:
            statement, parameters = waiting.values("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        counts[key] = f"(SELECT count(*) FROM ({statement}) AS waiting)"  # noqa: S608 - of Django
        values.extend(parameters)
    if counts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(counts.values())}", values)
            found.update(zip(counts, cursor.fetchone(), strict=True))
    return found
