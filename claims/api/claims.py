"""Claims as they were published: the stored bytes, alone or side by side."""

from typing import ClassVar

from django.http import HttpResponse
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api import rendered
from claims.api.answers import answer, current
from claims.api.operations import ID, example_of, example_of_page, listing
from claims.api.queries import ClaimQuery, ClaimShape
from claims.api.schema import ClaimPageSerializer, ClaimSerializer, RedactedClaimSerializer
from claims.models import ClaimVersion

_ANSWER = PolymorphicProxySerializer(
    component_name="ClaimOrWhatIsLeft",
    serializers=[ClaimSerializer, RedactedClaimSerializer],
    resource_type_field_name=None,
)


class ClaimList(GenericAPIView[ClaimVersion]):
    """Published claims."""

    anonymous = True
    query_class = ClaimQuery
    keyset: ClassVar = ("-sequence_from",)

    @extend_schema(
        operation_id="claims",
        summary="List claims",
        examples=example_of_page(ClaimSerializer),
        **listing(ClaimQuery, ClaimPageSerializer),
    )
    def get(self, request: Request) -> HttpResponse:
        """Published claims, the latest change first.

        A claim that changes while you read on moves to the front: ask again with `updated_since`. A claim
        that was merged into another names it in `merged_into`. `appearance_url` and `evidence_url` ask whether
        anything is known about a page.
        """
        if rendered.is_rendered(request):
            return rendered.claims(self, request)
        versions = self.filter_queryset(current(request)).filter(publication__body__isnull=False)
        rows = self.paginate_queryset(versions.values("sequence_from", "publication__body__json"))
        return self.get_paginated_response([bytes(row["publication__body__json"]) for row in rows or []])


class ClaimDetail(GenericAPIView[ClaimVersion]):
    """One published claim."""

    anonymous = True
    query_class = ClaimShape

    @extend_schema(
        operation_id="claim",
        summary="Get one claim",
        examples=example_of(ClaimSerializer),
        parameters=[ClaimShape, ID],
        responses=_ANSWER,
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        """One published claim, its reviews, what they rest on, and whether that still stands."""
        if rendered.is_rendered(request):
            return rendered.claim(self, request, id)
        found = self.filter_queryset(current(request)).filter(claim_public_id=id, publication__body__isnull=False)
        columns = ("publication__body__json", "publication__body_sha256", "changed_at")
        row = found.values_list(*columns).first()
        if row is None:
            return rendered.redacted(request, id)
        body, sha256, changed_at = row
        return answer(request, bytes(body), sha256=sha256, modified=changed_at)
