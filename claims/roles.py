"""Define the roles of people at the desk, and create or reset their groups of permissions.

A person can hold several roles. Nobody has an editorial right without a role, a superuser included; the rules that
read these rights are in claims/permissions.py, and docs/roles.md lists what each role may do.
"""

from collections.abc import Mapping
from enum import StrEnum

from django.contrib.auth.models import Group, Permission
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q


class Role(StrEnum):
    """What a person does at the desk; the value is the word on screen."""

    REPORTER = "reporter"
    EDITOR = "editor"
    CHIEF = "chief"
    ADMINISTRATOR = "administrator"


GROUPS = {
    Role.REPORTER: "Reporters",
    Role.EDITOR: "Editors",
    Role.CHIEF: "Chiefs",
    Role.ADMINISTRATOR: "Administrators",
}
EDITORS = GROUPS[Role.EDITOR]

_REPORTER = {
    "sources.source": "view add change",
    "sources.page": "view add change",
    "claims.topic": "add change",
    "claims.speaker": "add change",
    "claims.document": "add change",
    "claims.statement": "change",
    "claims.attribution": "add change delete",
    "claims.claim": "add change",
    "claims.appearance": "add change delete",
    "claims.article": "add change",
    "claims.review": "add change",
    "claims.reviewversion": "add change",
    "claims.evidence": "add change delete",
    "claims.tip": "add change",
    "claims.tipgroup": "change",
    "claims.comment": "add change",
    "claims.assignment": "add change delete",
}
_EDITOR = {
    "sources.feed": "add change",
    "claims.topic": "delete",
    "claims.recheck": "change",
    "claims.importconflict": "change",
    "claims.tipcontact": "delete",
    "claims.reviewversion": "approve publish suspend",
}
_CHIEF = {
    "claims.organisation": "add change",
    "claims.ratingscale": "add change",
    "claims.rating": "add change",
    "claims.restriction": "add change delete",
    "claims.guestapproval": "add change",
    "claims.checklistitem": "add change",
}
_ADMINISTRATOR = {
    "auth.user": "view add change",
    "auth.group": "view",
    "claims.chatwebhook": "view add change delete",
    "newsrooms.newsroom": "view add change",
    "newsrooms.apikey": "view add change",
    "newsrooms.webhookendpoint": "view add change",
    "newsrooms.webhookdelivery": "view",
    "factcheck.heartbeat": "view",
    "login.loginevent": "view",
    "backup.backuprun": "view",
    "thinning.thinning": "view",
}
_APPS = ("sources", "claims", "newsrooms", "auth", "factcheck", "login", "backup", "thinning")
# The permissions that are no verb of a table.
_CODENAMES = {
    "approve_reviewversion": "approve_review",
    "publish_reviewversion": "publish_review",
    "suspend_reviewversion": "suspend_review",
}


def _codenames(*tables: Mapping[str, str]) -> frozenset[str]:
    names = {
        (label.split(".")[0], f"{verb}_{label.split('.')[1]}")
        for table in tables
        for label, verbs in table.items()
        for verb in verbs.split()
    }
    return frozenset(f"{app}.{_CODENAMES.get(name, name)}" for app, name in names)


RIGHTS = {
    Role.REPORTER: _codenames(_REPORTER),
    Role.EDITOR: _codenames(_REPORTER, _EDITOR) | {"claims.decide_recheck"},
    Role.CHIEF: _codenames(_REPORTER, _EDITOR, _CHIEF) | {"claims.decide_recheck"},
    Role.ADMINISTRATOR: _codenames(_ADMINISTRATOR),
}
"""What each role may do beside looking: permissions as `app.codename`."""

_READERS = (Role.REPORTER, Role.EDITOR, Role.CHIEF)  # may view every table of claims and sources, and their history


def ensure_groups(alias: str = DEFAULT_DB_ALIAS) -> dict[Role, Group]:
    """Create the groups of the roles, or reset their permissions; quick if nothing differs.

    Run after `migrate`, which creates the permissions.
    """
    every = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.using(alias)
        .filter(Q(content_type__app_label__in=_APPS))
        .values_list("pk", "content_type__app_label", "codename")
    }
    readable = {name for name in every if name.startswith(("claims.view_", "sources.view_"))}
    groups = {}
    for role, name in GROUPS.items():
        group, _ = Group.objects.using(alias).get_or_create(name=name)
        wanted = RIGHTS[role] | (readable if role in _READERS else set())
        keys = {every[right] for right in wanted if right in every}
        if set(group.permissions.values_list("pk", flat=True)) != keys:
            group.permissions.set(keys)
        groups[role] = group
    return groups
