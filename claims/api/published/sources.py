"""Serve the sources that published reviews rest on; any other is not found."""

from typing import Any, ClassVar

import orjson
from django.db.models import Exists, QuerySet
from django.http import Http404, HttpResponse
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.openapi import pages as answers
from claims.api.openapi.operations import detail_operation, list_operation
from claims.api.request.filters import SourceQuery
from claims.api.response import etag_response, outer_id, visible_versions
from sources.api import representation
from sources.models import Page, Source

MAX_PAGES = 500


def published_sources(request: Request) -> QuerySet[Source]:
    """The sources that a published claim names."""
    return Source.objects.filter(Exists(visible_versions(request).filter(sources__contains=[outer_id("public_id")])))


def published_pages(request: Request) -> QuerySet[Page]:
    """The pages that a published claim names."""
    return Page.objects.filter(Exists(visible_versions(request).filter(pages__contains=[outer_id("public_id")])))


@list_operation("sources", SourceQuery, answers.Source, "Source")
class SourceList(GenericAPIView[Source]):
    """Publishers of the pages that published reviews rest on, by id."""

    anonymous = True
    query_class = SourceQuery
    keyset: ClassVar = ("public_id",)

    def get(self, request: Request) -> HttpResponse:
        rows = self.paginate_queryset(self.filter_queryset(published_sources(request)))
        return self.get_paginated_response([orjson.dumps(representation.source(row)) for row in rows or []])


@detail_operation("source", answers.SourceDetail)
class SourceDetail(GenericAPIView[Source]):
    """One source and those of its pages that published reviews rest on, at most 500."""

    anonymous = True

    def get(self, request: Request, id: str) -> HttpResponse:
        row = self.filter_queryset(published_sources(request)).filter(public_id=id).first()
        if row is None:
            raise Http404
        pages = published_pages(request).filter(source=row).order_by("url")[:MAX_PAGES]
        body: dict[str, Any] = representation.source(row)
        body["pages"] = [representation.named_page(page) for page in pages]
        return etag_response(request, orjson.dumps(body))
