"""Admin page of claims that say what a claim of this desk says: the queue of suggested merges."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString

from claims.admin.base import ClaimsAdmin, shortened
from claims.imports import merge_proposals
from claims.models import MergeProposal
from claims.permissions import may_edit, may_request_merges
from sources.admin.base import Verb, ago_label, row_link


class OpenFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("all", "all")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[MergeProposal]) -> QuerySet[MergeProposal]:
        if self.value() == "all":
            return queryset
        return queryset.filter(pk__in=merge_proposals.open_proposals().values("pk"))


@admin.register(MergeProposal)
class MergeProposalAdmin(ClaimsAdmin):
    offers = ()  # imports and the matcher propose; changed only by the actions
    list_display = ["what", "says_same_as", "publishers", "found"]
    list_filter = [OpenFilter, "created_at"]
    list_select_related = ["claim", "into"]
    search_fields = ["claim__text", "claim__public_id", "into__public_id"]
    fields = ["claim_link", "into_link", "publishers", "created_at", "dismissed"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[MergeProposal]:
        rows = super().get_queryset(request).select_related("claim", "into", "dismissed_by")
        return rows.prefetch_related("claim__reviews__organisation")

    def get_verbs(self, request: HttpRequest, row: MergeProposal) -> list[Verb]:
        is_open = row.dismissed_at is None and row.claim.merged_into_id is None and row.into.merged_into_id is None
        if not is_open or not may_edit(request.user):
            return []
        merge, dismiss = self.all_verbs(request, row)
        return [merge, dismiss] if may_request_merges(request.user) else [dismiss]

    def all_verbs(self, request: HttpRequest, row: MergeProposal) -> list[Verb]:
        # The rules themselves refuse and say why.
        shows = "Shows both claims as they read now and as they would; a second person has to approve."
        return [
            Verb("merge", "Merge them …", self._merge, "primary", help=shows),
            Verb("dismiss", "Leave them apart", self._dismiss, help="It is not proposed again."),
        ]

    def _merge(self, request: HttpRequest, proposal: MergeProposal) -> HttpResponse:
        return HttpResponseRedirect(reverse("desk:merge_compare", args=[proposal.claim_id, proposal.into_id]))

    def _dismiss(self, request: HttpRequest, proposal: MergeProposal) -> str:
        merge_proposals.dismiss(proposal, actor=request.user)
        return "Left apart."

    @admin.display(description="claim", ordering="claim__text")
    def what(self, proposal: MergeProposal) -> str:
        return shortened(proposal.claim.text)

    @admin.display(description="claim of this desk", ordering="into__text")
    def says_same_as(self, proposal: MergeProposal) -> str:
        return shortened(proposal.into.text)

    @admin.display(description="reviewed by")
    def publishers(self, proposal: MergeProposal) -> str:
        return ", ".join(sorted({each.organisation.name for each in proposal.claim.reviews.all()})) or "–"

    @admin.display(description="found", ordering="created_at")
    def found(self, proposal: MergeProposal) -> SafeString:
        return ago_label(proposal.created_at)

    @admin.display(description="claim")
    def claim_link(self, proposal: MergeProposal) -> SafeString:
        return row_link(proposal.claim)

    @admin.display(description="claim of this desk")
    def into_link(self, proposal: MergeProposal) -> SafeString:
        return row_link(proposal.into)

    @admin.display(description="dismissed")
    def dismissed(self, proposal: MergeProposal) -> str:
        if proposal.dismissed_at is None:
            return "no"
        return f"by {proposal.dismissed_by}, {proposal.dismissed_at:%Y-%m-%d %H:%M} UTC"
