"""The desk's pages of copies at an archive outside."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from sources.admin.base import DeskAdmin, LogAdmin, Verb, badge, outside_link
from sources.archives import copies as copies_module
from sources.models import ArchiveCopy, ArchiveService

_TONES = {"confirmed": "good", "failed": "bad", "refused": "bad", "succeeded": "warn"}
_COMPARISONS = {
    "bytes": "its bytes are ours",
    "text": "its text is ours",
    "quote": "the quote stands in it",
}
_MOST_SHOWN = 50
_SEEN_AGAIN = "The archive is asked once more, and the site sees one more request of it."


def what_is_seen() -> list[str]:
    """What others learn when a copy of a page is asked for, in sentences for the person who decides."""
    service = settings.ARCHIVE_SERVICE
    if not settings.ARCHIVE_ACCESS_KEY:  # a Memento archive is only looked at
        return [
            f"The archive, {service}: the address of the page, asked for again until it has a copy.",
            f"The address of this server and the name “{settings.FETCH_USER_AGENT}”; nothing of the claim or of you.",
            "The site: nothing. The archive is not asked to make a copy, only whether it has one.",
        ]
    return [
        f"The archive, {service}: the address of the page, the desk's account there, the address of this server and "
        f"the name “{settings.FETCH_USER_AGENT}”; nothing of the claim, the quote or you.",
        "Everybody: that the archive made a copy of this page on this day. It cannot be taken back.",
        "The site: a request from the archive's own servers for the page and for what it is made of, pictures and "
        "scripts included. A site that looks knows that somebody had it archived, and not who.",
    ]


def state_of(copy: ArchiveCopy) -> SafeString:
    return badge(copy.get_state_display(), _TONES.get(copy.state, ""))


def link_to(copy: ArchiveCopy) -> SafeString | str:
    return outside_link(copy.memento_url, "Open the copy") if copy.memento_url else "–"


def how_confirmed(copy: ArchiveCopy) -> str:
    """Which comparisons held, in words; empty before."""
    if copy.state != ArchiveCopy.State.CONFIRMED:
        return ""
    held = [words for key, words in _COMPARISONS.items() if key in copy.confirmed_by]
    return ", ".join(["fetched; it names the page and its own time", *held])


def shown_copies(copies: QuerySet[ArchiveCopy]) -> list[dict[str, Any]]:
    """Rows for `admin/sources/copies.html`, the newest first."""
    return [
        {"row": copy, "state": state_of(copy), "link": link_to(copy), "confirmed": how_confirmed(copy)}
        for copy in copies.order_by("-pk")[:_MOST_SHOWN]
    ]


@admin.register(ArchiveCopy)
class ArchiveCopyAdmin(LogAdmin):
    list_display = ["created_at", "page", "how_it_stands", "copy_link", "detail"]
    list_filter = ["state"]
    list_select_related = ["page"]
    search_fields = ["page__url", "page__title"]
    fields = readonly_fields = [
        *("page", "snapshot", "service", "how_it_stands", "copy_link", "memento_at", "confirmed_at"),
        *("how_it_was_confirmed", "detail", "tries", "chosen_by", "asked_at", "next_try_at", "wanted_at", "created_at"),
    ]
    refusals = (*DeskAdmin.refusals, copies_module.CopyRefused)

    def get_verbs(self, request: HttpRequest, row: ArchiveCopy) -> list[Verb]:
        again = row.state in {ArchiveCopy.State.FAILED, ArchiveCopy.State.REFUSED}
        if not again or not request.user.has_perm("sources.change_page"):
            return []
        return [Verb("again", "Ask again", self._again, "primary", help=_SEEN_AGAIN)]

    def _again(self, request: HttpRequest, copy: ArchiveCopy) -> str:
        copies_module.ask_again(copy)
        return "The copy is wanted again; the archive is asked within minutes, if the page may still be named to it."

    @admin.display(description="state", ordering="state")
    def how_it_stands(self, copy: ArchiveCopy) -> SafeString:
        return state_of(copy)

    @admin.display(description="copy")
    def copy_link(self, copy: ArchiveCopy) -> SafeString | str:
        return link_to(copy)

    @admin.display(description="how it was confirmed")
    def how_it_was_confirmed(self, copy: ArchiveCopy) -> str:
        return how_confirmed(copy) or "–"


@admin.register(ArchiveService)
class ArchiveServiceAdmin(LogAdmin):
    list_display = ["address", "day", "asked", "rests_until", "full_until", "detail"]
