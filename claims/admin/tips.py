"""Admin pages of tips from readers: the queue of their groups, single tips, and contact data."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from claims.admin.base import ClaimsAdmin, shortened, state_label
from claims.desk.tips.about import known_about
from claims.desk.tips.demand import STATES, in_state, with_answer, with_demand
from claims.desk.tips.links import link_of
from claims.models import Tip, TipContact, TipGroup
from claims.permissions import may_answer_tips, may_edit
from claims.tips import groups, inbox
from claims.visibility import visible
from sources.admin.base import Verb, ago_label, badge, row_link
from sources.reordered import shown

SHOWN = 100  # tips of a group on its page
LEADING = 30


class QueueFilter(admin.SimpleListFilter):
    """By what became of the tips; the queue of new ones by default."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("all", "all"), *((name, label) for name, label in STATES.items() if name != "new")]

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield choice | {"display": "new"} if choice["display"] == "All" else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.value() or "new"
        return in_state(queryset, state) if state in STATES else queryset


@admin.register(TipGroup)
class TipGroupAdmin(ClaimsAdmin):
    """Tips that ask the same, those that most people asked lately first."""

    offers = ()
    list_display = ["what", "asked_by", "lately", "since", "last", "state_shown"]
    list_filter = [QueueFilter]
    search_fields = ["tips__text", "tips__url", "tips__public_id"]
    change_form_template = "admin/claims/tip_group.html"
    fieldsets = [(None, {"fields": []})]
    history_of = ((Tip, "group"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # Not by the base class, which would order before there is anything to order by.
        rows = with_answer(with_demand(visible(TipGroup.objects.select_related("claim"), request.user)))
        return rows.order_by(*self.get_ordering(request))

    def get_ordering(self, request: HttpRequest) -> Any:
        return ("-recently", "-asked", "-last_at", "-pk")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        if not search_term.strip():
            return queryset, False
        found, _ = super().get_search_results(request, TipGroup.objects.all(), search_term)
        return queryset.filter(pk__in=found.values("pk")), False  # a join of its own would count tips twice

    def get_verbs(self, request: HttpRequest, row: TipGroup) -> list[Verb]:
        verbs = []
        if may_edit(request.user):
            verbs.append(Verb("take", "Create a document …", self._take, "primary"))
            if row.claim_id is None and row.state == TipGroup.State.NEW:
                verbs.append(Verb("set-aside", "Set aside", self._set_aside))
            elif row.claim_id is None:
                verbs.append(Verb("reopen", "Put back into the queue", self._reopen))
        if row.claim_id is not None and may_answer_tips(request.user):
            verbs.append(Verb("unlink", "Take the link back", self._unlink, "danger"))
        return verbs

    def _take(self, request: HttpRequest, group: TipGroup) -> HttpResponse:
        # Opens the ingest form with the first tip's text; saving that form creates the document.
        tip = group.tips.exclude(text="").order_by("pk").first() or group.tips.order_by("pk").first()
        query = urlencode({"tip": tip.pk}) if tip is not None else ""
        return HttpResponseRedirect(f"{reverse('admin:claims_document_add')}?{query}")

    def _set_aside(self, request: HttpRequest, group: TipGroup) -> str:
        groups.set_aside(group, actor=request.user)
        return "Set aside. Those who asked are told nothing."

    def _reopen(self, request: HttpRequest, group: TipGroup) -> str:
        groups.reopen(group, actor=request.user)
        return "Back in the queue."

    def _unlink(self, request: HttpRequest, group: TipGroup) -> str:
        groups.unlink(group, actor=request.user)
        return "The link is taken back. Those who asked read “received” again."

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        tips = row.tips.select_related("document", "contact").order_by("-pk")
        newsrooms = row.tips.exclude(newsroom="").values_list("newsroom", flat=True).distinct()
        return {
            "says": shown(row.first_says),
            "tips": [{"row": tip, "link": link_of(tip)} for tip in tips[:SHOWN]],
            "leading": row.tips.filter(fingerprint__isnull=False).order_by("pk")[1:LEADING],
            "newsrooms": list(newsrooms.order_by("newsroom")[:20]),
            "state_badge": self.state_shown(row),
            "known": known_about(row, request.user),
            "may_answer": may_answer_tips(request.user),
        }

    @admin.display(description="tip")
    def what(self, group: Any) -> str:
        return shortened(group.first_says)

    @admin.display(description="asked by", ordering="asked")
    def asked_by(self, group: Any) -> int:
        return int(group.asked)

    @admin.display(description="in 7 days", ordering="recently")
    def lately(self, group: Any) -> int:
        return int(group.recently)

    @admin.display(description="since", ordering="first_at")
    def since(self, group: Any) -> SafeString:
        return ago_label(group.first_at)

    @admin.display(description="last", ordering="last_at")
    def last(self, group: Any) -> SafeString:
        return ago_label(group.last_at)

    @admin.display(description="state")
    def state_shown(self, group: Any) -> SafeString:
        if group.answered:
            return badge("answered", "good")
        if group.claim_id is not None:
            return badge("waits for its claim", "warn")
        return state_label(group.state, group.get_state_display())


@admin.register(Tip)
class TipAdmin(ClaimsAdmin):
    """One tip as it came. What the desk does is done with its group."""

    offers = ("add",)  # a reader's words stay as written
    list_display = ["what", "language", "group_link", "received_at"]
    list_filter = ["language"]
    list_select_related = ["group"]
    search_fields = ["text", "url", "public_id"]
    fields = [
        *("text", "link", "language", "group_link", "document_link", "newsroom", "contact_details"),
        *("received_at", "public_id"),
    ]
    readonly_fields = fields
    add_fieldsets = [(None, {"fields": ["text", "url", "language"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tip]:
        return super().get_queryset(request).select_related("document", "group")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj is None else list(self.readonly_fields)

    def save_model(self, request: HttpRequest, obj: Tip, form: Any, change: bool) -> None:
        """Store what somebody told on the phone or in a letter, as if it had been sent in; it has no private link."""
        inbox.add_by_hand(obj)

    @admin.display(description="tip")
    def what(self, tip: Tip) -> str:
        return shortened(str(tip))

    @admin.display(description="URL")
    def link(self, tip: Tip) -> SafeString | str:
        return link_of(tip) or "–"

    @admin.display(description="tips that ask the same")
    def group_link(self, tip: Tip) -> SafeString | str:
        return row_link(tip.group, "its group") if tip.group_id is not None else "grouped within the hour"

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
        return shortened(str(contact.tip), 80)
