"""The admin page of the log of log-ins, and what administrators read of it on the home."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Max
from django.db.models.functions import Now
from django.http import HttpRequest

from factcheck.login.models import LogInEvent
from sources.admin.base import LogAdmin

SHOWN_FOR = timedelta(hours=24)


@admin.register(LogInEvent)
class LogInEventAdmin(LogAdmin):
    list_display = ["at", "username", "kind", "detail", "address", "browser"]
    list_filter = ["kind", "at"]
    search_fields = ["username", "address"]
    fields = readonly_fields = ["at", "username", "kind", "detail", "address", "browser"]


def lock_outs(request: HttpRequest) -> list[dict[str, Any]]:
    """The lock-outs of the last day, for Today of those who may see the log of log-ins."""
    if not request.user.has_perm("login.view_loginevent"):
        return []
    recent = LogInEvent.objects.filter(kind=LogInEvent.Kind.LOCKED, at__gt=Now() - SHOWN_FOR).order_by()
    rows = recent.values("username", "address", "detail").annotate(last=Max("at")).order_by("-last")[:12]
    let_in = _let_in([row["address"] for row in rows])
    return [{**row, "let_in": sorted(let_in[row["address"]])} for row in rows]


def _let_in(addresses: list[str]) -> dict[str, set[str]]:
    """Who logged in from each of these addresses within the last day: a guess may have been right."""
    names: dict[str, set[str]] = defaultdict(set)
    if addresses:
        let_in = LogInEvent.objects.filter(kind=LogInEvent.Kind.IN, at__gt=Now() - SHOWN_FOR, address__in=addresses)
        for address, username in let_in.order_by().values_list("address", "username").distinct():
            names[address].add(username)
    return names
