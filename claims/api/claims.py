"""Claims as they were published: the stored bytes, alone or side by side."""

from typing import ClassVar

from django.http import Http404, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.answers import answer, current
from claims.api.operations import ONE, listing
from claims.api.queries import ClaimQuery
from claims.api.schema import ClaimPageSerializer, ClaimSerializer
from claims.models import ClaimVersion


class ClaimList(GenericAPIView[ClaimVersion]):
    """Published claims."""

    anonymous = True
    query_class = ClaimQuery
    keyset: ClassVar = ("-sequence_from",)

    @extend_schema(operation_id="claims", **listing(ClaimQuery, ClaimPageSerializer))
    def get(self, request: Request) -> HttpResponse:
        """Published claims, the latest change first.

        A claim that changes while you read on moves to the front: ask again with `updated_since`. A claim
        that was merged into another names it in `merged_into`.
        """
        versions = self.filter_queryset(current(request))
        rows = self.paginate_queryset(versions.values("sequence_from", "publication__body__json"))
        return self.get_paginated_response([bytes(row["publication__body__json"]) for row in rows or []])


class ClaimDetail(GenericAPIView[ClaimVersion]):
    """One published claim."""

    anonymous = True

    @extend_schema(operation_id="claim", responses=ClaimSerializer, **ONE)
    def get(self, request: Request, id: str) -> HttpResponse:
        """One published claim, its reviews, what they rest on, and whether that still stands."""
        found = self.filter_queryset(current(request)).filter(claim_public_id=id)
        columns = ("publication__body__json", "publication__body_sha256", "changed_at")
        row = found.values_list(*columns).first()
        if row is None:
            raise Http404
        body, sha256, changed_at = row
        return answer(request, bytes(body), sha256=sha256, modified=changed_at)
