"""Admin pages of tips from readers and of their contact data."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from claims.admin.base import ClaimsAdmin, shortened
from claims.models import Tip, TipContact
from claims.permissions import may_edit
from sources.admin.base import Verb, outside_link, row_link


@admin.register(Tip)
class TipAdmin(ClaimsAdmin):
    offers = ("add",)  # a reader's words stay as written; the actions change the state
    list_display = ["what", "language", "state_badge", "received_at"]
    list_filter = ["state", "language"]
    search_fields = ["text", "url", "public_id"]
    fields = ["text", "link", "language", "state_badge", "document_link", "contact_details", "received_at", "public_id"]
    readonly_fields = fields
    add_fieldsets = [(None, {"fields": ["text", "url", "language"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tip]:
        return super().get_queryset(request).select_related("document")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj is None else list(self.readonly_fields)

    def get_verbs(self, request: HttpRequest, row: Tip) -> list[Verb]:
        if not may_edit(request.user):
            return []
        verbs = []
        if row.state != Tip.State.TAKEN:
            verbs.append(Verb("take", "Create a document …", self._take, "primary"))
        if row.state == Tip.State.NEW:
            verbs.append(Verb("set-aside", "Set aside", self._set_aside))
        return verbs

    def _take(self, request: HttpRequest, tip: Tip) -> HttpResponse:
        # Opens the ingest form with the tip's text; saving that form creates the document.
        return HttpResponseRedirect(f"{reverse('admin:claims_document_add')}?{urlencode({'tip': tip.pk})}")

    def _set_aside(self, request: HttpRequest, tip: Tip) -> str:
        tip.state = Tip.State.SET_ASIDE
        tip.save(update_fields=["state"])
        return "Set aside."

    @admin.display(description="tip")
    def what(self, tip: Tip) -> str:
        return shortened(tip.text)

    @admin.display(description="URL")
    def link(self, tip: Tip) -> SafeString | str:
        return outside_link(tip.url) if tip.url else "–"

    @admin.display(description="document")
    def document_link(self, tip: Tip) -> SafeString:
        return row_link(tip.document)

    @admin.display(description="sent by")
    def contact_details(self, tip: Tip) -> str:
        contact = TipContact.objects.filter(tip=tip).first()
        if contact is None:
            return "none, or deleted"
        return f"{contact.name} {contact.email}".strip() + f" (deleted after {contact.delete_after:%Y-%m-%d})"


@admin.register(TipContact)
class TipContactAdmin(ClaimsAdmin):
    """Contact data of tips: it can be deleted early and is never audited."""

    list_display = ["tip_text", "name", "email", "delete_after"]
    list_select_related = ["tip"]
    fields = ["tip", "name", "email", "delete_after"]
    autocomplete_fields = ["tip"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["tip"] if obj is not None else []

    @admin.display(description="tip")
    def tip_text(self, contact: TipContact) -> str:
        return shortened(contact.tip.text, 80)
