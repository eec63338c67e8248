"""Create or update the Editors group: every editorial permission, none over users, keys or newsrooms."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

EDITORS = "Editors"

# What editors may do with the rows of each table, beside viewing them. Logs can only be viewed.
_TABLE_PERMISSIONS = {
    "sources": {"source": "add change", "page": "add change", "feed": "add change"},
    "claims": {
        "topic": "add change delete",
        "speaker": "add change",
        "document": "add change",
        "statement": "change",
        "claim": "add change",
        "appearance": "add change delete",
        "organisation": "add change",
        "ratingscale": "add change",
        "rating": "add change",
        "article": "add change",
        "review": "add change",
        "reviewversion": "add change",
        "evidence": "add change delete",
        "recheck": "change",
        "tip": "add change",
        "tipcontact": "delete",
    },
}
_ACTION_PERMISSIONS = ["approve_review", "publish_review", "decide_recheck"]


def ensure_groups() -> Group:
    """Create the group Editors, or reset its permissions; returns it.

    Run after `migrate`, which creates the permissions. Editors may view every table of claims and sources, including
    the audit history.
    """
    wanted = Q(content_type__app_label="claims", codename__in=_ACTION_PERMISSIONS)
    wanted |= Q(content_type__app_label__in=["sources", "claims"], codename__startswith="view_")
    for app, tables in _TABLE_PERMISSIONS.items():
        for table, verbs in tables.items():
            names = [f"{verb}_{table}" for verb in verbs.split()]
            wanted |= Q(content_type__app_label=app, codename__in=names)
    group, _ = Group.objects.get_or_create(name=EDITORS)
    group.permissions.set(Permission.objects.filter(wanted))
    return group
