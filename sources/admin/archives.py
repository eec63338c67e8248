"""The desk's pages of copies at an archive outside."""

from django.contrib import admin
from django.utils.safestring import SafeString

from sources.admin.desk import LogAdmin, badge, outside_link
from sources.models import ArchiveCopy, ArchiveService

_TONES = {"confirmed": "good", "failed": "bad", "refused": "bad", "succeeded": "warn"}


@admin.register(ArchiveCopy)
class ArchiveCopyAdmin(LogAdmin):
    list_display = ["created_at", "page", "how_it_stands", "copy_link", "detail"]
    list_filter = ["state"]
    list_select_related = ["page"]
    search_fields = ["page__url", "page__title"]
    fields = readonly_fields = [
        *("page", "snapshot", "service", "how_it_stands", "copy_link", "memento_at", "confirmed_at"),
        *("confirmed_by", "detail", "tries", "asked_at", "next_try_at", "created_at"),
    ]

    @admin.display(description="state", ordering="state")
    def how_it_stands(self, copy: ArchiveCopy) -> SafeString:
        return badge(copy.get_state_display(), _TONES.get(copy.state, ""))

    @admin.display(description="copy")
    def copy_link(self, copy: ArchiveCopy) -> SafeString | str:
        return outside_link(copy.memento_url, "Open the copy") if copy.memento_url else "–"


@admin.register(ArchiveService)
class ArchiveServiceAdmin(LogAdmin):
    list_display = ["address", "day", "asked", "rests_until", "full_until", "detail"]
