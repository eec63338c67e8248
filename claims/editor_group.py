"""The group Editors: everything editorial, nothing of users, keys and newsrooms."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

EDITORS = "Editors"

# Editorial tables: what editors may do with their rows beside looking at them. Logs can only be looked at.
_WORKED_ON = {
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
_VERBS = ["approve_review", "publish_review", "decide_recheck"]


def ensure_groups() -> Group:
    """Make the group Editors with exactly its permissions, or bring it up to date; returns it.

    Needs the permissions that `migrate` makes. Looking is allowed on every table of the desk, its audit included.
    """
    wanted = Q(content_type__app_label="claims", codename__in=_VERBS)
    wanted |= Q(content_type__app_label__in=["sources", "claims"], codename__startswith="view_")
    for app, tables in _WORKED_ON.items():
        for table, verbs in tables.items():
            names = [f"{verb}_{table}" for verb in verbs.split()]
            wanted |= Q(content_type__app_label=app, codename__in=names)
    group, _ = Group.objects.get_or_create(name=EDITORS)
    group.permissions.set(Permission.objects.filter(wanted))
    return group
