"""Admin pages of page copies at an external web archive, and of the archive's quota."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from sources.admin.base import DeskAdmin, LogAdmin, Verb, badge, outside_link
from sources.archives.copies import CopyRefused, retry
from sources.models import ArchiveCopy, ArchiveService

_TONES = {"confirmed": "good", "failed": "bad", "refused": "bad", "succeeded": "warn"}
_COMPARISONS = {
    "bytes": "it has the same bytes as our snapshot",
    "text": "it has the same text as our snapshot",
    "quote": "it contains the quote",
}
_MAX_SHOWN = 50
_RETRY_HELP = "The archive receives one more request, and so does the site."


def archive_disclosure() -> list[str]:
    """List what others learn from a request for a copy, as sentences for the editor who decides."""
    service = settings.ARCHIVE_SERVICE
    if not settings.ARCHIVE_ACCESS_KEY:  # a Memento archive receives no capture requests
        return [
            f"The archive, {service}: the address of the page, in repeated requests until it has a copy.",
            f"The address of this server and the name “{settings.FETCH_USER_AGENT}”; nothing about the claim or you.",
            "The site: nothing. The archive is not asked to make a copy, only whether it has one.",
        ]
    return [
        f"The archive, {service}: the address of the page, the desk's account there, the address of this server and "
        f"the name “{settings.FETCH_USER_AGENT}”; nothing about the claim, the quote or you.",
        "Everybody: that the archive made a copy of this page on this day. This cannot be undone.",
        "The site: requests from the archive's own servers for the page and its parts, pictures and scripts included. "
        "A site that checks its logs learns that somebody had it archived, but not who.",
    ]


def state_of(copy: ArchiveCopy) -> SafeString:
    return badge(copy.get_state_display(), _TONES.get(copy.state, ""))


def link_to(copy: ArchiveCopy) -> SafeString | str:
    return outside_link(copy.memento_url, "Open the copy") if copy.memento_url else "–"


def how_confirmed(copy: ArchiveCopy) -> str:
    """Describe the comparisons that matched; an empty string before confirmation."""
    if copy.state != ArchiveCopy.State.CONFIRMED:
        return ""
    matches = [words for key, words in _COMPARISONS.items() if key in copy.confirmed_by]
    return ", ".join(["fetched; it states its page and time", *matches])


def copy_rows(copies: QuerySet[ArchiveCopy]) -> list[dict[str, Any]]:
    """Build the rows of `admin/sources/copies.html`, newest first."""
    return [
        {"row": copy, "state": state_of(copy), "link": link_to(copy), "confirmed": how_confirmed(copy)}
        for copy in copies.order_by("-pk")[:_MAX_SHOWN]
    ]


@admin.register(ArchiveCopy)
class ArchiveCopyAdmin(LogAdmin):
    list_display = ["created_at", "page", "state_badge", "copy_link", "detail"]
    list_filter = ["state"]
    list_select_related = ["page"]
    search_fields = ["page__url", "page__title"]
    fields = readonly_fields = [
        *("page", "snapshot", "service", "state_badge", "copy_link", "memento_at", "confirmed_at"),
        *("how_it_was_confirmed", "detail", "tries", "chosen_by", "asked_at", "next_try_at", "wanted_at", "created_at"),
    ]
    refusals = (*DeskAdmin.refusals, CopyRefused)

    def get_verbs(self, request: HttpRequest, row: ArchiveCopy) -> list[Verb]:
        retryable = row.state in {ArchiveCopy.State.FAILED, ArchiveCopy.State.REFUSED}
        if not retryable or not request.user.has_perm("sources.change_page"):
            return []
        return [Verb("again", "Request again", self._retry, "primary", help=_RETRY_HELP)]

    def _retry(self, request: HttpRequest, copy: ArchiveCopy) -> str:
        retry(copy)
        return "The copy will be requested again within minutes, if the page may still be sent to the archive."

    @admin.display(description="state", ordering="state")
    def state_badge(self, copy: ArchiveCopy) -> SafeString:
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
