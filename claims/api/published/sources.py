"""Sources that published reviews rest on. Any other answers as if it did not exist."""

from typing import Any, ClassVar

import orjson
from django.db.models import Exists, QuerySet
from django.http import Http404, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.openapi import pages as answers
from claims.api.openapi.operations import ONE, example_of, example_of_page, listing
from claims.api.openapi.serializers import page_of, serializer_of
from claims.api.request.filters import SourceQuery
from claims.api.response import etag_response, outer_id, visible_versions
from sources.api import representation
from sources.models import Page, Source

MAX_PAGES = 500


def published_sources(request: Request) -> QuerySet[Source]:
    """Those that a published claim lists."""
    return Source.objects.filter(Exists(visible_versions(request).filter(sources__contains=[outer_id("public_id")])))


def published_pages(request: Request) -> QuerySet[Page]:
    """Those that a published claim lists."""
    return Page.objects.filter(Exists(visible_versions(request).filter(pages__contains=[outer_id("public_id")])))


class SourceList(GenericAPIView[Source]):
    """Sources of published reviews."""

    anonymous = True
    query_class = SourceQuery
    keyset: ClassVar = ("public_id",)

    @extend_schema(
        operation_id="sources",
        summary="List sources",
        examples=example_of_page(answers.Source),
        **listing(SourceQuery, page_of(answers.Source, "Source", "sources")),
    )
    def get(self, request: Request) -> HttpResponse:
        """Publishers of the pages that published reviews rest on, by id."""
        rows = self.paginate_queryset(self.filter_queryset(published_sources(request)))
        return self.get_paginated_response([orjson.dumps(representation.source(row)) for row in rows or []])


class SourceDetail(GenericAPIView[Source]):
    """One source of published reviews."""

    anonymous = True

    @extend_schema(
        operation_id="source",
        summary="Get one source",
        examples=example_of(answers.SourceDetail),
        responses=serializer_of(answers.SourceDetail),
        **ONE,
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        """One source and those of its pages that published reviews rest on, at most 500."""
        row = self.filter_queryset(published_sources(request)).filter(public_id=id).first()
        if row is None:
            raise Http404
        pages = published_pages(request).filter(source=row).order_by("url")[:MAX_PAGES]
        body: dict[str, Any] = representation.source(row)
        body["pages"] = [representation.named_page(page) for page in pages]
        return etag_response(request, orjson.dumps(body))
