"""The side bar of the admin, grouped by what editors do."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

# (group, whether it is folded, [(title, app.model, icon)]); users see the models they may view.
_GROUPS: list[tuple[str, bool, list[tuple[str, str, str]]]] = [
    (
        "Desk",
        False,
        [
            ("Re-checks", "claims.recheck", "notification_important"),
            ("Claims", "claims.claim", "fact_check"),
            ("Reviews", "claims.review", "rate_review"),
            ("Review history", "claims.reviewversion", "history_edu"),
            ("Evidence", "claims.evidence", "format_quote"),
        ],
    ),
    (
        "Incoming",
        False,
        [
            ("Documents", "claims.document", "article"),
            ("Statements", "claims.statement", "record_voice_over"),
            ("Speakers", "claims.speaker", "person"),
            ("Tips", "claims.tip", "mail"),
            ("Newsroom drafts", "claims.submission", "move_to_inbox"),
            ("Proposals", "claims.proposal", "rss_feed"),
        ],
    ),
    (
        "Watching",
        False,
        [
            ("Pages", "sources.page", "visibility"),
            ("Feeds", "sources.feed", "dynamic_feed"),
            ("Sources", "sources.source", "account_balance"),
            ("Changes", "sources.change", "difference"),
            ("Snapshots", "sources.snapshot", "photo_camera"),
            ("Quote checks", "claims.evidencecheck", "rule"),
            ("Integrity checks", "sources.scrub", "cleaning_services"),
            ("Archive copies", "sources.archivecopy", "inventory_2"),
        ],
    ),
    (
        "Published",
        True,
        [
            ("Publication log", "claims.publication", "receipt_long"),
            ("Published claims", "claims.claimversion", "list_alt"),
            ("Newsrooms", "newsrooms.newsroom", "newspaper"),
            ("API keys", "newsrooms.apikey", "key"),
            ("Webhooks", "newsrooms.webhookendpoint", "webhook"),
            ("Webhook deliveries", "newsrooms.webhookdelivery", "outbox"),
        ],
    ),
    (
        "Administration",
        True,
        [
            ("Topics", "claims.topic", "label"),
            ("Organisations", "claims.organisation", "corporate_fare"),
            ("Rating scales", "claims.ratingscale", "straighten"),
            ("Articles", "claims.article", "link"),
            ("Users", "auth.user", "group"),
            ("Groups", "auth.group", "groups"),
            ("Changes of claims", "claims.claimevent", "history"),
            ("Changes of reviews", "claims.reviewversionevent", "history"),
            ("Service status", "factcheck.heartbeat", "monitor_heart"),
        ],
    ),
]


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The theme's side bar for this user; queries only the user's permissions."""
    desk = {"title": "The desk", "icon": "home", "link": reverse("admin:index")}
    groups: list[dict[str, Any]] = []
    for title, folded, entries in _GROUPS:
        items = [_item(*entry) for entry in entries if _may_view(request, entry[1])]
        if title == "Desk":
            items.insert(0, desk)
        if items:
            groups.append({"title": title, "collapsible": folded, "items": items})
    return groups


def _may_view(request: HttpRequest, label: str) -> bool:
    app, model = label.split(".")
    user = request.user
    return user.has_perm(f"{app}.view_{model}") or user.has_perm(f"{app}.change_{model}")


def _item(title: str, label: str, icon: str) -> dict[str, Any]:
    app, model = label.split(".")
    item: dict[str, Any] = {"title": title, "icon": icon, "link": reverse(f"admin:{app}_{model}_changelist")}
    if label == "claims.recheck":
        item["badge"] = "claims.admin.dashboard.open_rechecks_badge"
    return item
