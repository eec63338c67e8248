"""Serve the sources that published reviews rest on, named as published bodies name them; any other is not found."""

from typing import ClassVar

import orjson
from django.db.models import Exists, QuerySet
from django.http import Http404, HttpResponse
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.openapi import pages as answers
from claims.api.openapi.operations import detail_operation, list_operation
from claims.api.published.newest_bodies import NewestBodies, published_sources_of, with_newest
from claims.api.request.filters import detail_query
from claims.api.request.page_filters import SourceQuery, pages_beside
from claims.api.request.sparse_fields import select_fields
from claims.api.response import etag_response, outer_id, visible_versions
from claims.json_object import Json
from claims.models import FacetCount
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
    of_log = True  # but for what never changes: `demo`
    query_class = SourceQuery
    keyset: ClassVar = ("public_id",)

    def get(self, request: Request) -> HttpResponse:
        sources = with_newest(published_sources(request), request, FacetCount.Kind.SOURCE)
        rows = self.paginate_queryset(self.filter_queryset(sources)) or []
        shown = published_sources_of(request, rows)
        kind = self.params.get("kind")  # type: ignore[attr-defined]
        fields = self.params.get("fields")  # type: ignore[attr-defined]
        return self.get_paginated_response(
            [
                orjson.dumps(select_fields(_source(row, named), fields))
                for row in rows
                if (named := shown.get(row.public_id)) is not None and kind in (None, named["kind"])
            ]
        )


@detail_operation("source", answers.SourceDetail)
class SourceDetail(GenericAPIView[Source]):
    """One source and those of its pages that published reviews rest on, at most 500."""

    anonymous = True
    of_log = True  # but for what never changes: `demo`
    query_class = detail_query(answers.SourceDetail)

    def get(self, request: Request, id: str) -> HttpResponse:
        sources = with_newest(published_sources(request), request, FacetCount.Kind.SOURCE)
        row = self.filter_queryset(sources).filter(public_id=id).first()
        if row is None:
            raise Http404
        # An editor may have moved a page to another source since: the body says whose it is.
        beside = Page.objects.filter(public_id__in=pages_beside(id, visible_versions(request)))
        pages = list(with_newest(beside, request, FacetCount.Kind.PAGE).order_by("url")[:MAX_PAGES])
        bodies = NewestBodies(request, [row.newest, *(page.newest for page in pages)])
        named = bodies.source(id, row.newest)
        if named is None:
            raise Http404
        found = [bodies.page(page.public_id, page.newest) for page in pages]
        listed = [_named_page(page) for page in found if page is not None and page["source"]["id"] == id]
        body = _source(row, named) | {"pages": listed}
        return etag_response(request, orjson.dumps(select_fields(body, self.params.get("fields"))))  # type: ignore[attr-defined]


def _source(row: Source, named: Json) -> Json:
    return {
        "id": row.public_id,
        "url": f"/api/v1/sources/{row.public_id}/",
        "name": named["name"],
        "kind": named["kind"],
        "homepage": named.get("homepage"),
        "language": named.get("language"),
        "demo": row.is_demo,
    }


def _named_page(page: Json) -> Json:
    return {name: page[name] for name in ("id", "url", "title")}
