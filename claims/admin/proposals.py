"""Admin pages of proposals: accept pages that feeds list as documents, or dismiss them."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from claims.admin.base import ClaimsAdmin, ClaimsLogAdmin, StateFilter, shortened
from claims.admin.claim import row_address
from claims.models import Listing, Proposal
from claims.permissions import Refused, may_edit
from claims.statements import proposals
from sources.admin.base import Verb, ago_label, outside_link, row_link

MAX_ACCEPTED = 10
"""Proposals accepted in one action; each is fetched while the browser waits."""


class ProposalFilter(StateFilter):
    default = (Proposal.State.PROPOSED,)
    default_label = "proposed"


@admin.register(Proposal)
class ProposalAdmin(ClaimsAdmin):
    offers = ()  # feeds propose; changed only by the actions
    list_display = ["what", "by", "published", "found", "state_badge"]
    list_filter = [ProposalFilter, "created_at"]
    search_fields = ["title", "url", "public_id"]
    actions = ["accept_chosen", "dismiss_chosen"]
    fields = [
        "title",
        "link",
        "feeds",
        "published",
        "state_badge",
        "document_link",
        "decided",
        "created_at",
        "public_id",
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        listed = Listing.objects.select_related("item__feed__source", "item__feed__page").order_by("pk")
        rows = super().get_queryset(request).select_related("document", "decided_by")
        return rows.prefetch_related(Prefetch("listings", queryset=listed))

    def get_actions(self, request: HttpRequest) -> Any:
        return super().get_actions(request) if may_edit(request.user) else {}

    def get_verbs(self, request: HttpRequest, row: Proposal) -> list[Verb]:
        if not may_edit(request.user) or row.state == Proposal.State.ACCEPTED:
            return []
        sees = "The site sees one request for the page, from this server and under our name."
        verbs = [Verb("accept", "Create a document", self._accept, "primary", help=sees)]
        if row.state == Proposal.State.PROPOSED:
            verbs.append(Verb("dismiss", "Dismiss", self._dismiss, help="It is not proposed again."))
        return verbs

    def all_verbs(self, request: HttpRequest, row: Proposal) -> list[Verb]:
        # The rules themselves refuse and say why.
        return [Verb("accept", "", self._accept), Verb("dismiss", "", self._dismiss)]

    def _accept(self, request: HttpRequest, proposal: Proposal) -> HttpResponse:
        accepted = proposals.accept(proposal, actor=request.user)
        messages.success(request, accepted.sentence)
        return HttpResponseRedirect(row_address(accepted.document))

    def _dismiss(self, request: HttpRequest, proposal: Proposal) -> str:
        proposals.dismiss(proposal, actor=request.user)
        return "Dismissed."

    @admin.action(description=f"Create documents, {MAX_ACCEPTED} at most (each site sees a request)")
    def accept_chosen(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> None:
        chosen = list(queryset[: MAX_ACCEPTED + 1])
        if len(chosen) > MAX_ACCEPTED:
            messages.error(request, f"Choose {MAX_ACCEPTED} at most: each page is fetched while you wait.")
            return
        for row, accepted in self._each(request, chosen, proposals.accept):
            messages.success(request, f"{shortened(str(row), 80)}: {accepted.sentence}")

    @admin.action(description="Dismiss the selected proposals")
    def dismiss_chosen(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> None:
        done = self._each(request, list(queryset), proposals.dismiss)
        if done:
            messages.success(request, f"{len(done)} dismissed.")

    def _each(
        self, request: HttpRequest, chosen: list[Proposal], verb: Callable[..., Any]
    ) -> list[tuple[Proposal, Any]]:
        """Run the action on each row. Returns those that succeeded; each refusal is shown with its row."""
        done = []
        for row in chosen:
            try:
                done.append((row, verb(row, actor=request.user)))
            except Refused as refusal:
                messages.error(request, f"{shortened(str(row), 80)}: {refusal}")
        return done

    @admin.display(description="page", ordering="title")
    def what(self, proposal: Proposal) -> str:
        return shortened(str(proposal))

    @admin.display(description="source")
    def by(self, proposal: Any) -> str:
        names = dict.fromkeys(each.item.feed.source.name for each in proposal.listings.all())
        return ", ".join(names) or "–"

    @admin.display(description="published, as the feed says")
    def published(self, proposal: Any) -> str:
        return next((each.item.published for each in proposal.listings.all() if each.item.published), "–")

    @admin.display(description="found", ordering="created_at")
    def found(self, proposal: Proposal) -> SafeString:
        return ago_label(proposal.created_at)

    @admin.display(description="URL")
    def link(self, proposal: Proposal) -> SafeString:
        return outside_link(proposal.url)

    @admin.display(description="listed in")
    def feeds(self, proposal: Any) -> SafeString:
        links = ((row_link(each.item.feed),) for each in proposal.listings.all())
        return format_html_join(", ", "{}", links) or SafeString("–")

    @admin.display(description="document")
    def document_link(self, proposal: Proposal) -> SafeString:
        return row_link(proposal.document)

    @admin.display(description="decided")
    def decided(self, proposal: Proposal) -> str:
        if proposal.decided_at is None:
            return "not yet"
        return f"by {proposal.decided_by}, {proposal.decided_at:%Y-%m-%d %H:%M} UTC"


@admin.register(Listing)
class ListingAdmin(ClaimsLogAdmin):
    list_display = ["made_at", "item", "proposal"]
    list_select_related = ["item", "proposal"]
    search_fields = ["item__url", "item__title"]
    fields = readonly_fields = ["item", "proposal", "made_at"]
