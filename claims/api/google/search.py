"""/v1alpha1/claims:search of Google's Fact Check Tools API, over our published claims.

https://developers.google.com/fact-check/tools/api/reference/rest/v1alpha1/claims/search. Google does not document its
ranking. Here the claims that a `query` finds are ranked as in /api/v1/search; without one the claim that changed last
comes first, as in /api/v1/claims/.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

import orjson
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.google.standard_parameters import GoogleQuery, google_answer
from claims.api.matching.ranked import ranking
from claims.api.openapi.serializers import serializer_of
from claims.api.openapi.streams import GoogleSearch
from claims.api.published.readers_pages import lead_to_readers
from claims.api.request.query_fields import Integer, InvalidParameter, LanguageTag, Text
from claims.api.response import origin, visible_versions
from claims.formats import google_factcheck
from claims.models import ClaimVersion
from claims.models.publication import ClaimVersionQuerySet
from claims.models.verification import Verification
from claims.publication.description import example

DEFAULT_SIZE = 10
MAX_SIZE = 100
MAX_OFFSET = 10_000
_MOST = 2**31 - 1
_RANKED = "r"
_PLACE = re.compile(r"r?[0-9]{1,17}", re.ASCII)

_WRONG_PAGE = "Take it from the answer before, and repeat the other parameters as they were."


class NotOffered(APIException):
    """A part of Google's API that we do not implement."""

    status_code = 501
    problem = "not-implemented"
    default_detail = "Searching by a picture is not offered here; search by words with claims:search."


class SearchClaimsQuery(GoogleQuery):
    """Parameters of claims:search."""

    query = Text(
        500, allow_blank=True, help_text="What to search for, the best first; required unless there is a publisher."
    )
    languageCode = LanguageTag(help_text="BCP 47; the region is not looked at.")
    reviewPublisherSiteFilter = Text(253, allow_blank=True, help_text="Host of a publisher: nytimes.com.")
    maxAgeDays = Integer(0, _MOST, help_text="Days since the claim or its last review, whichever is newer.")
    pageSize = Integer(0, _MOST, help_text="Claims of an answer: 10 unless given, at most 100.")
    pageToken = Text(200, allow_blank=True, help_text="nextPageToken of the answer before.")
    offset = Integer(0, MAX_OFFSET, help_text="Claims to leave out at the beginning, if there is no pageToken.")

    def narrow(self, search: "Search", params: dict[str, Any]) -> "Search":
        """The search with these parameters; empty ones count as not sent."""
        return Search(search.versions, {name: value for name, value in params.items() if value != ""})


class Page(NamedTuple):
    """Claims in Google's shape, the token of the next page, and whether less than the whole matcher found them."""

    claims: list[dict[str, Any]]
    token: str | None
    degraded: bool = False


@dataclass(frozen=True)
class Search:
    """A search: the versions to search, and the query parameters."""

    versions: ClaimVersionQuerySet
    params: dict[str, Any]

    @property
    def site(self) -> str | None:
        site = self.params.get("reviewPublisherSiteFilter")
        return None if site is None else google_factcheck.plain_site(site)

    @property
    def size(self) -> int:
        return min(self.params.get("pageSize") or DEFAULT_SIZE, MAX_SIZE)

    def matching(self) -> ClaimVersionQuerySet:
        """The claims that may be shown and match everything but the query. Raises `InvalidParameter`."""
        if not {"query", "reviewPublisherSiteFilter"} & set(self.params):
            raise InvalidParameter("query", "Say it, or reviewPublisherSiteFilter.")
        versions = self.versions.standing_alone().exclude(verification=Verification.WITHDRAWN)
        if self.site is not None:
            versions = versions.filter(sites__contains=[self.site])
        if "languageCode" in self.params:
            language = self.params["languageCode"].partition("-")[0]
            versions = versions.filter(Q(language__iexact=language) | Q(language__istartswith=f"{language}-"))
        # An age of 700,000 days or more would lie before the first date of the calendar.
        if (days := self.params.get("maxAgeDays", _MOST)) < 700_000:
            versions = versions.filter(newest_on__gte=timezone.now().date() - timedelta(days=days))
        return versions

    def token(self, place: str) -> str:
        """The pageToken of a page; it is bound to this search by a hash of its parameters.

        `place` is the sequence of the last claim before it, or the number of ranked claims before it (`r12`).
        """
        names = ("query", "languageCode", "reviewPublisherSiteFilter", "maxAgeDays")
        parameters = orjson.dumps([self.params.get(name) for name in names])
        text = f"{place}.{hashlib.sha256(parameters).hexdigest()[:12]}"
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()

    def place(self) -> str | None:
        """The place that the pageToken names, None without one. Raises `InvalidParameter`."""
        token = self.params.get("pageToken")
        if token is None:
            return None
        try:
            text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True).decode("ascii")
        except (binascii.Error, ValueError) as error:
            raise InvalidParameter("pageToken", _WRONG_PAGE) from error
        place = text.partition(".")[0][:18]
        if not _PLACE.fullmatch(place) or self.token(place) != token:
            raise InvalidParameter("pageToken", _WRONG_PAGE)
        return place

    def page(self, *, base: str) -> Page:
        """Up to `size` claims, and the token of the next page, or None on the last.

        A token from before searches were ranked goes on in the order of that time.
        """
        matching, place = self.matching(), self.place()
        if "query" in self.params and (place is None or place.startswith(_RANKED)):
            skip = int(place.removeprefix(_RANKED)) if place else self.params.get("offset", 0)
            return self._ranked_page(matching, skip, base)
        if "query" in self.params:
            matching = matching.filter(
                search=SearchQuery(self.params["query"], config="simple", search_type="websearch")
            )
        rows: Any = matching.order_by("-sequence_from").values_list("sequence_from", "publication__body__json")
        skip = 0
        if place is not None:
            rows = rows.filter(sequence_from__lt=int(place))
        else:
            skip = self.params.get("offset", 0)
        return self._page(rows, skip, base)

    def _ranked_page(self, matching: ClaimVersionQuerySet, skip: int, base: str) -> Page:
        found = ranking(self.params["query"], self.versions, matching)
        ids = [claim.id for claim in found.claims]
        claims: list[dict[str, Any]] = []
        while skip < len(ids):
            some = ids[skip : skip + self.size + 1]
            rows = matching.filter(claim_public_id__in=some).values_list("claim_public_id", "publication__body__json")
            bodies = dict(rows)
            for name in some:
                if len(claims) == self.size:
                    return Page(claims, self.token(f"{_RANKED}{skip}"), found.degraded)
                claims += self._result(bodies.get(name), base)
                skip += 1
        return Page(claims, None, found.degraded)

    def _page(self, rows: Any, skip: int, base: str) -> Page:
        claims: list[dict[str, Any]] = []
        while True:
            some = list(rows[skip : skip + self.size + 1])
            for place, (sequence, json) in enumerate(some):
                if len(claims) == self.size:
                    return Page(claims, self.token(str(some[place - 1][0])))
                claims += self._result(json, base)
                last = sequence
            if len(some) <= self.size:
                return Page(claims, None)
            # Claims with no review to show were skipped; continue, so that only the last page is short.
            rows, skip = rows.filter(sequence_from__lt=last), 0
            if len(claims) == self.size:
                return Page(claims, self.token(str(last)) if rows.exists() else None)

    def _result(self, json: Any, base: str) -> list[dict[str, Any]]:
        """The claim with this body in Google's shape; nothing if it was redacted or has no review to show."""
        body = None if json is None else orjson.loads(bytes(json))
        result = None if body is None else google_factcheck.claim(body, base=base, site=self.site)
        return [] if result is None else [result]


class ClaimSearch(GenericAPIView[ClaimVersion]):
    """Search as Google has it."""

    anonymous = True
    query_class = SearchClaimsQuery

    @extend_schema(
        operation_id="googleClaimsSearch",
        parameters=[SearchClaimsQuery],
        responses=serializer_of(GoogleSearch),
        examples=[OpenApiExample("A claim", example(GoogleSearch), response_only=True)],
    )
    def get(self, request: Request) -> HttpResponse:
        """Published claims by words or by publisher, as claims:search of Google's Fact Check Tools API.

        Google's own clients work with nothing but their endpoint changed. Withdrawn reviews are left out. The key
        may stand in the query here. While the matcher does not answer, a `query` has `degraded` too, and most is
        missing.
        """
        search: Any = self.filter_queryset(Search(visible_versions(request), {}))  # type: ignore[arg-type]
        claims, token, degraded = search.page(base=origin(request))
        lead_to_readers(request, claims)
        body: dict[str, Any] = {"claims": claims} if claims else {}
        if token is not None:
            body["nextPageToken"] = token
        if degraded:
            body["degraded"] = True
        return google_answer(request, body, search.params)


class ImageSearchQuery(GoogleQuery):
    """Parameters of claims:imageSearch."""

    imageUri = Text(2_000, help_text="Address of a picture. It is not fetched.")
    languageCode = LanguageTag(help_text="BCP 47.")
    pageSize = Integer(0, _MOST, help_text="Results of an answer.")
    pageToken = Text(200, allow_blank=True, help_text="nextPageToken of the answer before.")
    offset = Integer(0, _MOST, help_text="Results to leave out at the beginning.")


class ClaimImageSearch(GenericAPIView[ClaimVersion]):
    """Search by a picture, which is not offered."""

    anonymous = True
    query_class = ImageSearchQuery

    @extend_schema(
        operation_id="googleClaimsImageSearch", parameters=[ImageSearchQuery], responses=serializer_of(GoogleSearch)
    )
    def get(self, request: Request) -> HttpResponse:
        """Search by a picture: Google's interface has it, this one answers 501 UNIMPLEMENTED."""
        self.filter_queryset(visible_versions(request))
        raise NotOffered
