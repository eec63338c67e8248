"""Serve published claims: their stored bytes, one or a page of them."""

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.openapi.operations import detail_operation, list_operation
from claims.api.openapi.resources import ClaimWithEvents, RedactedClaim
from claims.api.openapi.serializers import serializer_of
from claims.api.published import custom_claims
from claims.api.published.merged_claims import is_merged, merged_claim
from claims.api.published.stored_bodies import NeedsOrm, StoredBodies, stored_body
from claims.api.published.totals import total_of
from claims.api.request.filters import ClaimDetailQuery, ClaimQuery
from claims.api.response import audience_of, etag_response, visible_versions
from claims.models import ClaimVersion

_ANSWER = PolymorphicProxySerializer(
    component_name="ClaimOrWhatIsLeft",
    serializers=[serializer_of(ClaimWithEvents), serializer_of(RedactedClaim)],
    resource_type_field_name=None,
)


@list_operation("claims", ClaimQuery, ClaimWithEvents, "Claim")
class ClaimList(GenericAPIView[ClaimVersion]):
    """Published claims, the latest change first.

    A claim that changes while you read on moves to the front: ask again with `updated_since`. Claims that
    were merged into another are left out; that one names them in `merged_from`. `appearance_url` and
    `evidence_url` ask whether anything is known about a page.
    """

    anonymous = True
    of_log = True
    query_class = ClaimQuery
    keyset: ClassVar = ("-sequence_from",)

    def get(self, request: Request) -> HttpResponse:
        if custom_claims.is_custom(request):
            return custom_claims.claims(self, request)
        try:
            return self._page(StoredBodies(audience_of(request)))
        except NeedsOrm:
            versions = visible_versions(request).standing_alone()
            stored = versions.filter(publication__body__isnull=False)
            return self._page(stored.values("sequence_from", "publication__body__json"))

    def _page(self, versions: Any) -> HttpResponse:
        filtered = self.filter_queryset(versions)
        paginator: Any = self.paginator
        params: Any = self.params  # type: ignore[attr-defined]
        known = getattr(filtered, "claims_with_topic", None)
        paginator.total = total_of(params, audience_of(self.request), with_topic=known)
        rows = self.paginate_queryset(filtered)
        return self.get_paginated_response([bytes(row["publication__body__json"]) for row in rows or []])


@detail_operation("claim", ClaimWithEvents, _ANSWER)
class ClaimDetail(GenericAPIView[ClaimVersion]):
    """One published claim, its reviews, what they rest on, and whether that still stands.

    The id of a claim that was merged into another answers with that one, and names it in `merged_into`.
    """

    anonymous = True
    of_log = True
    query_class = ClaimDetailQuery

    def get(self, request: Request, id: str) -> HttpResponse:
        if custom_claims.is_custom(request):
            return custom_claims.claim(self, request, id)
        refusing: Any = StoredBodies(audience_of(request))
        self.filter_queryset(refusing)  # refuses unknown parameters
        found = stored_body(id, audience_of(request))
        if found is None:
            return custom_claims.redacted(request, id)
        body, commitment, changed_at = found
        if is_merged(body) and (response := merged_claim(request, body)) is not None:
            return response
        return etag_response(request, body, etag=commitment, modified=changed_at)
