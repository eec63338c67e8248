"""The admin's sidebar: links grouped by editorial task and filtered by the user's permissions."""

from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst

# (group, whether it is folded, {app.model: icon}); users see the models they may view.
_GROUPS: tuple[tuple[str, bool, dict[str, str]], ...] = (
    (
        "Desk",
        False,
        {
            "claims.recheck": "notification_important",
            "claims.claim": "fact_check",
            "claims.review": "rate_review",
            "claims.reviewversion": "history_edu",
            "claims.evidence": "format_quote",
        },
    ),
    (
        "Incoming",
        False,
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
        "Watching",
        False,
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
        "Published",
        True,
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
        "Administration",
        True,
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


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The theme's side bar for this user; queries only the user's permissions."""
    desk = {"title": "The desk", "icon": "home", "link": reverse("admin:index")}
    groups: list[dict[str, Any]] = []
    for title, folded, entries in _GROUPS:
        items = [_item(label, icon) for label, icon in entries.items() if _may_view(request, label)]
        if title == "Desk":
            items.insert(0, desk)
        if title == "Administration" and _may_view(request, "claims.organisation"):
            labels = {"title": "Labels without a verdict", "icon": "label_off"}
            items.append({**labels, "link": reverse("desk:unmapped_labels")})
        if title == "Administration" and request.user.has_perm("auth.change_user"):
            items.insert(0, {"title": "Set-up, invitations", "icon": "checklist", "link": reverse("set_up:overview")})
        if items:
            groups.append({"title": title, "collapsible": folded, "items": items})
    return groups


def _may_view(request: HttpRequest, label: str) -> bool:
    app, model = label.split(".")
    user = request.user
    return user.has_perm(f"{app}.view_{model}") or user.has_perm(f"{app}.change_{model}")


def _item(label: str, icon: str) -> dict[str, Any]:
    """An entry under the name that the page itself has."""
    title = capfirst(apps.get_model(label)._meta.verbose_name_plural)
    link = reverse(f"admin:{label.replace('.', '_')}_changelist")
    item: dict[str, Any] = {"title": title, "icon": icon, "link": link}
    if label == "claims.recheck":
        item["badge"] = "claims.admin.dashboard.open_rechecks_badge"
    return item
