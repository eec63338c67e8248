"""Admin page of import conflicts: what is here, what came, and the decision which of them is taken."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.admin.base import ClaimsAdmin, StateFilter, shortened
from claims.imports import conflicts
from claims.imports.formats.content import Content, Part
from claims.models import ImportConflict
from claims.permissions import may_decide_on_import
from sources.admin.base import Verb, ago_label, outside_link, row_link

_EMPTY = "–"


class ConflictFilter(StateFilter):
    default = (ImportConflict.State.WAITING,)
    default_label = "waiting"


@admin.register(ImportConflict)
class ImportConflictAdmin(ClaimsAdmin):
    offers = ()  # imports put them here; changed only by the actions
    list_display = ["what", "publisher", "why", "came", "state_badge"]
    list_filter = [ConflictFilter, "doubt", "came_at"]
    list_select_related = ["review__claim", "review__organisation"]
    search_fields = ["review__claim__text", "review__organisation__name", "source", "public_id"]
    fields = [
        "review_link",
        "claim_link",
        "address",
        "why",
        "differences",
        "source",
        "came",
        "state_badge",
        "decided",
        "public_id",
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportConflict]:
        rows = super().get_queryset(request)
        return rows.select_related("review__claim", "review__organisation", "review__imported", "decided_by")

    def get_verbs(self, request: HttpRequest, row: ImportConflict) -> list[Verb]:
        waits = row.state == ImportConflict.State.WAITING
        return self.all_verbs(request, row) if waits and may_decide_on_import(request.user, row.review.claim) else []

    def all_verbs(self, request: HttpRequest, row: ImportConflict) -> list[Verb]:
        # The rules themselves refuse and say why.
        takes = "The review says what came from now on, as its publisher's next version; what it leaves out is gone."
        keeps = "Nothing changes. This record does not come back until the review has changed or it bears a later date."
        return [
            Verb("take", "Take what came", self._take, "primary", help=takes),
            Verb("keep", "Keep what is here", self._keep, help=keeps),
        ]

    def _take(self, request: HttpRequest, conflict: ImportConflict) -> str:
        conflicts.accept(conflict, actor=request.user)
        return "Taken: the review says what came."

    def _keep(self, request: HttpRequest, conflict: ImportConflict) -> str:
        conflicts.keep(conflict, actor=request.user)
        return "Kept: the review stays as it is."

    @admin.display(description="claim")
    def what(self, conflict: ImportConflict) -> str:
        return shortened(conflict.review.claim.text)

    @admin.display(description="publisher", ordering="review__organisation__name")
    def publisher(self, conflict: ImportConflict) -> str:
        return conflict.review.organisation.name

    @admin.display(description="why it waits", ordering="doubt")
    def why(self, conflict: ImportConflict) -> str:
        return conflict.get_doubt_display()

    @admin.display(description="came", ordering="came_at")
    def came(self, conflict: ImportConflict) -> SafeString:
        return ago_label(conflict.came_at)

    @admin.display(description="review")
    def review_link(self, conflict: ImportConflict) -> SafeString:
        return row_link(conflict.review)

    @admin.display(description="claim")
    def claim_link(self, conflict: ImportConflict) -> SafeString:
        return row_link(conflict.review.claim)

    @admin.display(description="its address")
    def address(self, conflict: ImportConflict) -> SafeString:
        return outside_link(conflict.record["url"])

    @admin.display(description="how they differ")
    def differences(self, conflict: ImportConflict) -> SafeString:
        """A table of the parts that differ: here now, and as it came."""
        stored, record, found = conflicts.differences(conflict)
        if not found:
            return SafeString("They say the same by now.")
        here, came = stored.content, record.content
        rows = ((part.value, _shown(here, part), _shown(came, part)) for part in found.parts)
        dates = ("changed by its publisher", _day(stored.record.modified_at), _day(record.modified_at))
        cells = format_html_join("", "<tr><th>{}</th><td>{}</td><td>{}</td></tr>", [*rows, dates])
        head = SafeString("<tr><th></th><th>what is here</th><th>what came</th></tr>")
        return format_html('<table class="desk-table">{}{}</table>', head, cells)

    @admin.display(description="decided")
    def decided(self, conflict: ImportConflict) -> str:
        if conflict.decided_at is None:
            return "not yet"
        return f"by {conflict.decided_by}, {conflict.decided_at:%Y-%m-%d %H:%M} UTC"


def _day(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "no date"


def _shown(content: Content, part: Part) -> str:
    if part == Part.RATING:
        numbers = [str(each) for each in content.numbers or () if each is not None]
        return f"{content.rating} ({' / '.join(numbers)})" if numbers else content.rating
    if part == Part.PLACES:
        named = (f"{place.speaker or 'nobody named'}: “{place.words}” {place.page}".strip() for place in content.places)
        return "; ".join(named) or _EMPTY
    shown = {
        Part.TEXT: "\n\n".join(filter(None, (content.summary, content.body))),
        Part.HEADLINE: content.headline,
        Part.DAY: f"{content.true_as_of}" if content.true_as_of else "",
        Part.LANGUAGE: content.language,
        Part.WITHDRAWAL: "withdrawn" if content.withdrawn else "stands",
    }[part]
    return shown or _EMPTY
