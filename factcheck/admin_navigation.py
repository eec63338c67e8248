"""The side bar of the theme's pages: the desk's own entries, and below them every table that a person may view."""

from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from claims.desk.shell import navigation as shell

# (group, {app.model: icon}); users see the models they may view.
_TABLES: tuple[tuple[Any, dict[str, str]], ...] = (
    (
        _("Tables: reviews"),
        {
            "claims.recheck": "notification_important",
            "claims.claim": "fact_check",
            "claims.review": "rate_review",
            "claims.reviewversion": "history_edu",
            "claims.evidence": "format_quote",
        },
    ),
    (
        _("Tables: incoming"),
        {
            "claims.document": "article",
            "claims.statement": "record_voice_over",
            "claims.speaker": "person",
            "claims.tipgroup": "contact_support",
            "claims.tip": "mail",
            "claims.submission": "move_to_inbox",
            "claims.proposal": "rss_feed",
            "claims.importconflict": "rule_settings",
            "claims.mergeproposal": "call_merge",
        },
    ),
    (
        _("Tables: watching"),
        {
            "sources.page": "visibility",
            "sources.feed": "dynamic_feed",
            "sources.source": "account_balance",
            "sources.change": "difference",
            "sources.snapshot": "photo_camera",
            "claims.evidencecheck": "rule",
            "sources.scrub": "cleaning_services",
            "sources.archivecopy": "inventory_2",
        },
    ),
    (
        _("Tables: published"),
        {
            "claims.publication": "receipt_long",
            "claims.claimversion": "list_alt",
            "newsrooms.newsroom": "newspaper",
            "newsrooms.apikey": "key",
            "newsrooms.webhookendpoint": "webhook",
            "newsrooms.webhookdelivery": "outbox",
        },
    ),
    (
        _("Tables: administration"),
        {
            "claims.topic": "label",
            "claims.organisation": "corporate_fare",
            "claims.ratingscale": "straighten",
            "claims.article": "link",
            "auth.user": "group",
            "auth.group": "groups",
            "login.loginevent": "login",
            "claims.claimevent": "history",
            "claims.reviewversionevent": "history",
            "factcheck.heartbeat": "monitor_heart",
            "backup.backuprun": "backup",
            "thinning.thinning": "compress",
        },
    ),
)


# The symbols of the theme for the entries of the desk's own navigation.
_SYMBOLS = {
    "today": "today",
    "inbox": "inbox",
    "documents": "article",
    "claims": "fact_check",
    "rechecks": "notification_important",
    "sources": "visibility",
    "speakers": "person",
    "record": "receipt_long",
    "settings": "tune",
}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The side bar of the theme's pages: the entries of the desk's screens, then the tables, folded."""
    desk = [
        {
            "title": entry["label"],
            "icon": _SYMBOLS[entry["key"]],
            "link": entry["url"],
            "badge": str(entry["count"]) if entry["count"] else None,
        }
        for entry in shell.navigation(request, "")
    ]
    groups: list[dict[str, Any]] = [{"title": "", "collapsible": False, "items": desk}]
    for title, entries in _TABLES:
        items = [_item(label, icon) for label, icon in entries.items() if _may_view(request, label)]
        if items:
            groups.append({"title": title, "collapsible": True, "items": items})
    return groups


def _may_view(request: HttpRequest, label: str) -> bool:
    app, model = label.split(".")
    user = request.user
    return user.has_perm(f"{app}.view_{model}") or user.has_perm(f"{app}.change_{model}")


def _item(label: str, icon: str) -> dict[str, Any]:
    """An entry under the name that the page itself has."""
    title = capfirst(apps.get_model(label)._meta.verbose_name_plural)
    link = reverse(f"admin:{label.replace('.', '_')}_changelist")
    return {"title": title, "icon": icon, "link": link}
