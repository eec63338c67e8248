"""Serve changes of the pages that published reviews rest on, and what they did to the quotes.

Only with a key: they tell what no editor has confirmed yet.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, ClassVar

import orjson
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Collate
from django.http import Http404, HttpResponse
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.openapi import pages as answers
from claims.api.openapi.operations import detail_operation, list_operation
from claims.api.published.newest_bodies import published_pages_of, with_newest
from claims.api.published.page_quotes import checks_after, quotes_on
from claims.api.request.filters import detail_query
from claims.api.request.page_filters import ChangeQuery
from claims.api.request.sparse_fields import select_fields
from claims.api.response import etag_response, visible_versions
from claims.models import ClaimVersion, EvidenceCheck, FacetCount
from claims.models.publication import Audience, visible_to
from claims.publication.quote_state import wording
from sources.api import representation
from sources.models import Change, Page
from sources.timestamp import timestamp

MAX_SENTENCE = 1_000
MAX_SURROUNDINGS = 1_500


def visible_changes(request: Request) -> QuerySet[Change]:
    """Changes of pages that a published claim names, from the time when one of those claims first named them.

    Changes seen while editors watched a page before publication are not shown.
    """
    listing = visible_versions(request).filter(pages__contains=[_page(OuterRef(OuterRef(OuterRef("page"))))])
    first_listed = (
        ClaimVersion.objects.filter(
            visible_to(Audience.NEWSROOMS),
            pages__contains=[_page(OuterRef(OuterRef("page")))],
            claim__in=listing.values("claim"),
        )
        .order_by("changed_at")
        .values("changed_at")[:1]
    )
    return Change.objects.filter(detected_at__gte=Subquery(first_listed)).select_related("page")


def _page(reference: OuterRef) -> Collate:
    """The public id of the change's page, by a subquery inside the condition.

    With a join PostgreSQL takes the condition for free, and tests every change before it sorts.
    """
    return Collate(Subquery(Page.objects.filter(pk=reference).order_by().values("public_id")), "default")


@list_operation("changes", ChangeQuery, answers.Change, "Change")
class ChangeList(GenericAPIView[Change]):
    """Changes of pages that published reviews rest on, the last seen first."""

    query_class = ChangeQuery
    keyset: ClassVar = ("-detected_at", "-public_id")

    def get(self, request: Request) -> HttpResponse:
        rows = self.paginate_queryset(self.filter_queryset(visible_changes(request))) or []
        source = self.params.get("source")  # type: ignore[attr-defined]
        fields = self.params.get("fields")  # type: ignore[attr-defined]
        bodies = _with_quotes(rows, request)
        return self.get_paginated_response(
            [orjson.dumps(select_fields(body, fields)) for body in bodies if source in (None, body["source"]["id"])]
        )


@detail_operation("change", answers.Change)
class ChangeDetail(GenericAPIView[Change]):
    """One change of a page, and for each quote that a published review rests on what came of looking for it."""

    query_class = detail_query(answers.Change)

    def get(self, request: Request, id: str) -> HttpResponse:
        row = self.filter_queryset(visible_changes(request)).filter(public_id=id).first()
        if row is None:
            raise Http404
        bodies = _with_quotes([row], request)
        if not bodies:
            raise Http404
        return etag_response(request, orjson.dumps(select_fields(bodies[0], self.params.get("fields"))))  # type: ignore[attr-defined]


def _with_quotes(changes: Sequence[Change], request: Request) -> list[dict[str, Any]]:
    """Each change with the checks of those quotes that stand in the current published bodies.

    Pages and sources are named as the newest of these bodies names them; without a body there is no change to show.
    """
    if not changes:
        return []
    # A new version of a review has copies of its evidence; review, page and words identify the quote.
    wanted = {change.page.public_id for change in changes}
    quotes = quotes_on(wanted, visible_versions(request))
    published = {(quote.review, quote.page, quote.exact): quote for quote in quotes}
    named = {quote.page: quote.named_page for quote in reversed(quotes)}
    if missing := wanted - named.keys():  # those of more claims than are read for their quotes
        rows = with_newest(Page.objects.filter(public_id__in=missing), request, FacetCount.Kind.PAGE)
        named |= published_pages_of(request, rows)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for check in checks_after([change.pk for change in changes]):
        evidence = check.evidence
        page = evidence.page.public_id if evidence.page else ""
        quote = published.get((evidence.version.review.public_id, page, evidence.exact))
        if quote is None or check.change_id is None:
            continue
        names = {"claim": quote.claim, "review": quote.review, "evidence": quote.evidence["id"]}
        found[check.change_id].append(names | _result(check))
    return [
        representation.change(change)
        | {
            "page": {name: page[name] for name in ("id", "url", "title")},
            "source": page["source"],
            "quotes": found[change.pk],
        }
        for change in changes
        if (page := named.get(change.page.public_id)) is not None
    ]


def _result(check: EvidenceCheck) -> dict[str, Any]:
    seen_at = check.change.detected_at if check.change else check.checked_at
    return {
        "result": check.result,
        "cause": check.why or None,
        "grade": check.grade or None,
        "notice": check.notice[:MAX_SENTENCE] or None,
        "before": check.sought,
        "after": check.after[:MAX_SENTENCE] or None,
        "surroundings": check.surroundings[:MAX_SURROUNDINGS] or None,
        "changed": check.kinds,
        "recheck": check.recheck.public_id if check.recheck else None,
        "checked_at": timestamp(check.checked_at),
        "wording": wording(check, seen_at) or None,
    }
