"""Serve the pages that published reviews rest on: whether they can be read, and whether the quotes still stand.

Only with a key: they tell what no editor has confirmed yet. Titles and sources are those of the newest published body.
"""

from typing import Any, ClassVar

import orjson
from django.http import Http404, HttpResponse
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.openapi import pages as answers
from claims.api.openapi.operations import detail_operation, list_operation
from claims.api.published.newest_bodies import published_pages_of, with_newest
from claims.api.published.page_quotes import PublishedQuote, quotes_on, states_of
from claims.api.published.sources import published_pages
from claims.api.request.filters import detail_query
from claims.api.request.page_filters import PageQuery
from claims.api.request.sparse_fields import select_fields
from claims.api.response import audience_of, etag_response, visible_versions
from claims.json_object import Json
from claims.models import FacetCount
from claims.publication.freshness import Freshness, freshness
from claims.publication.quote_state import UNKNOWN, QuoteState
from sources.api import representation
from sources.models import Page
from sources.timestamp import timestamp


@list_operation("pages", PageQuery, answers.ListedPage, "Page")
class PageList(GenericAPIView[Page]):
    """Pages that published reviews rest on, by id, and how reading each went."""

    query_class = PageQuery
    keyset: ClassVar = ("public_id",)

    def get(self, request: Request) -> HttpResponse:
        pages = with_newest(published_pages(request), request, FacetCount.Kind.PAGE).select_related("polling")
        rows = self.paginate_queryset(self.filter_queryset(pages)) or []
        shown = published_pages_of(request, rows)
        source = self.params.get("source")  # type: ignore[attr-defined]
        fields = self.params.get("fields")  # type: ignore[attr-defined]
        return self.get_paginated_response(
            [
                orjson.dumps(select_fields(_page(row, named), fields))
                for row in rows
                if (named := shown.get(row.public_id)) is not None and source in (None, named["source"]["id"])
            ]
        )


@detail_operation("page", answers.Page)
class PageDetail(GenericAPIView[Page]):
    """A page, how reading it went, and whether the quotes that published reviews rest on stand on it.

    A quote is `gone` once a later poll has confirmed it. `unverifiable` means that we could not look:
    neither that it stands nor that it does not.
    """

    query_class = detail_query(answers.Page)

    def get(self, request: Request, id: str) -> HttpResponse:
        found = self.filter_queryset(published_pages(request)).select_related("polling")
        page = found.filter(public_id=id).first()
        quotes = quotes_on([id], visible_versions(request)) if page is not None else []
        if page is None or not quotes:
            raise Http404
        states = states_of(quotes)
        seen = freshness((quote.evidence["id"] for quote in quotes), audience=audience_of(request))
        body = _page(page, quotes[0].named_page)
        body["quotes"] = [
            _quote(quote, states.get(quote.evidence["id"], UNKNOWN)) | _seen(seen.get(quote.evidence["id"]))
            for quote in quotes
        ]
        return etag_response(request, orjson.dumps(select_fields(body, self.params.get("fields"))))  # type: ignore[attr-defined]


def _page(page: Page, named: Json) -> dict[str, Any]:
    return {
        **{name: named[name] for name in ("id", "url", "title")},
        "host": page.polling.host,
        "source": named["source"],
        "demo": page.is_demo,
        "watch": representation.watch(page),
        "health": representation.health(page.polling),
    }


def _quote(quote: PublishedQuote, state: QuoteState) -> dict[str, Any]:
    evidence = quote.evidence
    return {
        "claim": quote.claim,
        "review": quote.review,
        "evidence": evidence["id"],
        "stance": evidence["stance"],
        "quote": evidence["quote"],
        "state": state.state,
        "checked_at": timestamp(state.checked_at),
        "now": state.now,
        "cause": state.cause or None,
        "grade": state.grade or None,
        "notice": state.notice,
    }


def _seen(known: Freshness | None) -> dict[str, Any]:
    return {"last_seen_at": timestamp(known.last_seen_at if known else None)}
