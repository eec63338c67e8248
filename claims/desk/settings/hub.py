"""Settings in words: who may set what, and where. Each person sees what her roles include."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk.lists.columns import Words
from claims.desk.shell.screen import render


@dataclass(frozen=True)
class Entry:
    """A link of the hub; `routes` are tried in turn, so that an entry leads to the screen that is there."""

    label: Words
    sentence: Words
    right: str
    routes: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    label: Words
    entries: Sequence[Entry]


GROUPS = (
    Group(
        gettext_lazy("What you publish"),
        (
            Entry(
                gettext_lazy("Organisation"),
                gettext_lazy("Its name, address and licence, as readers and newsrooms see them."),
                "claims.view_organisation",
                ("admin:claims_organisation_changelist",),
            ),
            Entry(
                gettext_lazy("Pages of the site"),
                gettext_lazy("How you check, your corrections policy and who you are, as readers read it."),
                "claims.view_pageproposal",
                ("desk:site_pages",),
            ),
            Entry(
                gettext_lazy("Rating scale"),
                gettext_lazy("The steps of your scale. A step that was used is retired, never changed."),
                "claims.view_ratingscale",
                ("admin:claims_ratingscale_changelist",),
            ),
            Entry(
                gettext_lazy("Checklist"),
                gettext_lazy("What has to be ticked before a version is submitted."),
                "claims.view_checklistitem",
                ("desk:checklist",),
            ),
            Entry(
                gettext_lazy("Topics"),
                gettext_lazy("What claims are filed under."),
                "claims.view_topic",
                ("admin:claims_topic_changelist",),
            ),
            Entry(
                gettext_lazy("Labels without a verdict"),
                gettext_lazy("Ratings of other publishers that amount to no verdict yet, and where to map them."),
                "claims.view_organisation",
                ("desk:unmapped_labels",),
            ),
            Entry(
                gettext_lazy("Suggested merges"),
                gettext_lazy("Claims that say what another claim says."),
                "claims.view_mergeproposal",
                ("admin:claims_mergeproposal_changelist",),
            ),
            Entry(
                gettext_lazy("Two records of one review"),
                gettext_lazy("Where an import found a publisher’s record to differ from another."),
                "claims.view_importconflict",
                ("admin:claims_importconflict_changelist",),
            ),
        ),
    ),
    Group(
        gettext_lazy("Who works here"),
        (
            Entry(
                gettext_lazy("Set-up and invitations"),
                gettext_lazy("The first steps, and links by which colleagues come in."),
                "auth.change_user",
                ("set_up:overview",),
            ),
            Entry(
                gettext_lazy("Colleagues"),
                gettext_lazy("Accounts, roles, second factors."),
                "auth.view_user",
                ("admin:auth_user_changelist",),
            ),
            Entry(
                gettext_lazy("Newsrooms"),
                gettext_lazy("Who reads you by machine."),
                "newsrooms.view_newsroom",
                ("admin:newsrooms_newsroom_changelist",),
            ),
            Entry(
                gettext_lazy("Keys of newsrooms"),
                gettext_lazy("Make and revoke keys of the interface."),
                "newsrooms.view_apikey",
                ("admin:newsrooms_apikey_changelist",),
            ),
            Entry(
                gettext_lazy("Webhooks"),
                gettext_lazy("Where newsrooms are told, and whether it arrives."),
                "newsrooms.view_webhookendpoint",
                ("admin:newsrooms_webhookendpoint_changelist",),
            ),
            Entry(
                gettext_lazy("Chats"),
                gettext_lazy("The channel that is told of work, never of unpublished words."),
                "claims.change_chatwebhook",
                ("desk:chats", "admin:claims_chatwebhook_changelist"),
            ),
        ),
    ),
    Group(
        gettext_lazy("How it runs"),
        (
            Entry(
                gettext_lazy("Health"),
                gettext_lazy("The parts of the server, and when each was last alive."),
                "factcheck.view_heartbeat",
                ("admin:factcheck_heartbeat_changelist",),
            ),
            Entry(
                gettext_lazy("Backups"),
                gettext_lazy("When the last one was complete."),
                "backup.view_backuprun",
                ("admin:backup_backuprun_changelist",),
            ),
            Entry(
                gettext_lazy("Log-ins"),
                gettext_lazy("Who logged in, and what was stopped."),
                "login.view_loginevent",
                ("admin:login_loginevent_changelist",),
            ),
            Entry(
                gettext_lazy("Audit of claims"),
                gettext_lazy("Every change of a claim, with who made it."),
                "claims.view_claimevent",
                ("admin:claims_claimevent_changelist",),
            ),
            Entry(
                gettext_lazy("Audit of versions"),
                gettext_lazy("Every change of a version of a review, with who made it."),
                "claims.view_reviewversionevent",
                ("admin:claims_reviewversionevent_changelist",),
            ),
            Entry(
                gettext_lazy("Take over from Check"),
                gettext_lazy("Bring a list of Meedan Check in, with a report of what could not come."),
                "claims.publish_review",
                ("desk:check_imports", "desk:check_import"),
            ),
            Entry(
                gettext_lazy("All tables"),
                gettext_lazy("Every table with its own search, for what no screen shows."),
                "",
                ("desk:tables",),
            ),
        ),
    ),
)


def address_of(entry: Entry) -> str:
    """The first of its routes that there is; empty for none."""
    for route in entry.routes:
        try:
            return reverse(route)
        except NoReverseMatch:
            continue
    return ""


def settings(request: HttpRequest) -> HttpResponse:
    """Show what this person may set or look at."""
    groups = []
    for group in GROUPS:
        entries = [
            {"label": entry.label, "sentence": entry.sentence, "url": url}
            for entry in group.entries
            if (not entry.right or request.user.has_perm(entry.right)) and (url := address_of(entry))
        ]
        if entries:
            groups.append({"label": group.label, "entries": entries})
    return render(request, "desk/settings/hub.html", {"groups": groups}, title=_("Settings"), item="settings")


def tables(request: HttpRequest) -> HttpResponse:
    """Show every table that this person may look at."""
    apps: list[dict[str, Any]] = [
        {
            "label": capfirst(str(app["name"])),
            "tables": [
                {"label": capfirst(str(table["name"])), "url": table["admin_url"]}
                for table in app["models"]
                if table["admin_url"]
            ],
        }
        for app in admin.site.get_app_list(request)
    ]
    crumbs = [(_("Settings"), reverse("desk:settings"))]
    return render(
        request, "desk/settings/tables.html", {"apps": apps}, title=_("All tables"), item="settings", crumbs=crumbs
    )
