"""Admin pages of the publication log, with the published JSON, and of the index of claim versions."""

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from claims.admin.base import ClaimsLogAdmin, shortened, state_label
from claims.models import ClaimVersion, Publication, PublicationBody


@admin.register(Publication)
class PublicationAdmin(ClaimsLogAdmin):
    list_display = ["sequence", "at", "event", "audience", "claim_text", "version"]
    list_filter = ["event", "audience", "at"]
    list_select_related = ["claim"]
    search_fields = ["public_id", "claim__public_id", "claim__text"]
    ordering = ["-sequence"]
    fields = readonly_fields = [
        "sequence",
        "at",
        "event",
        "audience",
        "claim",
        "review",
        "version",
        "public_id",
        "commitment",
        "line_sha256",
        "hash",
    ]
    change_form_template = "admin/claims/publication.html"

    @admin.display(description="claim")
    def claim_text(self, publication: Publication) -> str:
        return shortened(publication.claim.text)

    def page_context(self, request: HttpRequest, row: Publication) -> dict[str, Any]:
        body = PublicationBody.objects.filter(publication=row).first()
        if body is None:
            return {"body": None}
        return {"body": json.dumps(json.loads(bytes(body.json)), indent=2, ensure_ascii=False)}


@admin.register(ClaimVersion)
class ClaimVersionAdmin(ClaimsLogAdmin):
    list_display = ["claim_text", "audience", "status", "sequence_from", "sequence_to", "changed_at"]
    list_filter = ["audience", "verification", ("sequence_to", admin.EmptyFieldListFilter)]
    list_select_related = ["claim"]
    search_fields = ["claim_public_id", "claim__text"]
    ordering = ["-sequence_from", "audience"]
    fields = readonly_fields = [
        "claim",
        "audience",
        "status",
        "publication",
        "sequence_from",
        "sequence_to",
        "changed_at",
        "first_published_at",
        "language",
        "verdicts",
        "ratings",
        "topics",
        "hosts",
    ]

    @admin.display(description="claim")
    def claim_text(self, row: ClaimVersion) -> str:
        return shortened(row.claim.text)

    @admin.display(description="verification", ordering="verification")
    def status(self, row: ClaimVersion) -> str:
        return state_label(row.verification, row.get_verification_display())
