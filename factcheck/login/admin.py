"""The admin page of the log of log-ins, and what administrators read of it on the home."""

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


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to the home the lock-outs of the last day, for those who may see the log of log-ins."""
    if request.user.has_perm("login.view_loginevent"):
        recent = LogInEvent.objects.filter(kind=LogInEvent.Kind.LOCKED, at__gt=Now() - SHOWN_FOR).order_by()
        context["lock_outs"] = (
            recent.values("username", "address", "detail").annotate(last=Max("at")).order_by("-last")[:12]
        )
    return context
