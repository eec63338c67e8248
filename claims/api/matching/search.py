"""GET and POST /api/v1/search: published claims about some words, the best first.

The list of claims with `q` is a filter by words; this ranks by words, spelling and meaning, and takes whole posts.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.matching import facets
from claims.api.matching.match import LONGEST_TEXT, SentText
from claims.api.matching.ranked import MOST_HITS, RankedClaim, ranking
from claims.api.matching.resources import SearchPage
from claims.api.openapi.serializers import serializer_of
from claims.api.published.custom_claims import BODY, COLUMNS, customized
from claims.api.request.body_fields import Body, read
from claims.api.request.filters import ClaimQuery, Params
from claims.api.request.query_fields import Choice, Include, Integer, InvalidParameter, Text
from claims.api.response import etag_response, visible_versions
from claims.json_object import Json
from claims.models import ClaimVersion
from claims.models.publication import ClaimVersionQuerySet
from claims.models.verification import Verification
from claims.publication.description import example

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
_SPARE = 20  # hits more than a page needs, in case claims are gone
_STATUSES = (Verification.CHECKED.value, Verification.NEEDS_RECHECK.value, Verification.SUSPENDED.value)
_NO_FILTERS = {"q", "limit", "offset", "facets", "fields", "include"}


class SearchQuery(ClaimQuery):
    """The words, the filters of the list of claims, and the place of the page."""

    as_of = None  # type: ignore[assignment]
    q = Text(LONGEST_TEXT, help_text="What to look for: some words, a question, or a whole post.")
    verification = Choice(
        _STATUSES, help_text="State of the checking. Withdrawn claims are not searched; the list of claims has them."
    )
    limit = Integer(1, MAX_LIMIT, help_text=f"Claims of a page, at most {MAX_LIMIT}.", default=DEFAULT_LIMIT)
    offset = Integer(
        0,
        MOST_HITS,
        advice="; filter or say more words to see what ranks lower",
        help_text=f"Claims to leave out at the beginning, at most {MOST_HITS:,}.",
        default=0,
    )
    facets = Include(facets.NAMES)

    def narrow(self, versions: ClaimVersionQuerySet, params: Params) -> ClaimVersionQuerySet:
        """The versions that match all filters."""
        return super().narrow(versions, {name: value for name, value in params.items() if name != "q"})


class SearchBody(Body):
    """A text that is too long for an address. All else stays in the address."""

    q = SentText(LONGEST_TEXT, help_text=f"What to look for, at most {LONGEST_TEXT:,} characters.")


_RESULT = OpenApiExample("One claim", value=example(SearchPage), response_only=True)


@extend_schema_view(
    get=extend_schema(
        operation_id="search",
        tags=["search"],
        summary="Search claims, the best first",
        parameters=[SearchQuery],
        responses=serializer_of(SearchPage),
        examples=[_RESULT],
    ),
    post=extend_schema(
        operation_id="search_by_text",
        tags=["search"],
        summary="Search claims by a long text",
        parameters=[SearchQuery],
        request=SearchBody,
        responses=serializer_of(SearchPage),
        examples=[
            _RESULT,
            OpenApiExample("A post", value={"q": "They say 412 bridges are about to fall!"}, request_only=True),
        ],
    ),
)
class ClaimRanking(GenericAPIView[ClaimVersion]):
    """Published claims about some words."""

    anonymous = True
    only_asks = True
    query_class = SearchQuery
    params: Params

    def get(self, request: Request) -> HttpResponse:
        """Published claims about the words, the best first, with the filters of the list of claims.

        It finds other forms and spellings of words, and says which words it found; quoted words have to stand together.
        Whoever wants to know whether a sentence was checked asks `match`. The best 1,000 claims can be read, page
        after page. While the matcher does not answer, `degraded` is true and the ranking is poor.
        """
        matching: Any = self.filter_queryset(visible_versions(request))
        if not self.params.get("q", "").strip():
            raise InvalidParameter("q", "Say what to look for.")
        return self._page(request, self.params["q"], matching)

    def post(self, request: Request) -> HttpResponse:
        """The same for a text that is too long for an address: `q` in the body, all other parameters in the address.

        `next` is asked for in the same way, with the same body.
        """
        matching: Any = self.filter_queryset(visible_versions(request))
        if "q" in self.params:
            raise InvalidParameter("q", "Say it in the body alone.")
        return self._page(request, read(SearchBody, request.data)["q"], matching)

    def _page(self, request: Request, q: str, matching: ClaimVersionQuerySet) -> HttpResponse:
        params = self.params
        offset, limit = params["offset"], params["limit"]
        whole = "facets" in params or not params.keys() <= _NO_FILTERS
        found = ranking(
            q,
            visible_versions(request),
            matching,
            most=MOST_HITS if whole else offset + limit + _SPARE,
            filters=_filters_of_matcher(params),
        )
        rest: Json = {"next": None, "degraded": found.degraded}
        if len(found.claims) > offset + limit:
            address = request.query_params.copy()
            address["offset"] = str(offset + limit)
            rest["next"] = request.build_absolute_uri(f"{request.path}?{address.urlencode()}")
        if "facets" in params:
            names = [name for name in facets.NAMES if name in params["facets"]]
            ids = [claim.id for claim in found.claims]
            rest["facets"] = facets.facets(request, ids, names, mapped=params.get("mapped") == "true")
            rest["facets_of"] = len(ids)
        rows = self._rows(request, found.claims[offset : offset + limit])
        return etag_response(request, b'{"results":[%b],%b' % (b",".join(rows), orjson.dumps(rest)[1:]))

    def _rows(self, request: Request, claims: list[RankedClaim]) -> list[bytes]:
        """The finished JSON of each result. A claim that changed since it was ranked is shown as it is now."""
        versions = visible_versions(request).filter(publication__body__isnull=False)
        rows = versions.filter(claim_public_id__in=[claim.id for claim in claims]).values(*COLUMNS, BODY)
        by_id: dict[str, Any] = {row["claim_public_id"]: row for row in rows}
        present = [claim for claim in claims if claim.id in by_id]
        bodies = customized(self, request, [by_id[claim.id] for claim in present])
        return [
            b'{"claim":%b,%b' % (body, orjson.dumps({"score": claim.score, "matched_terms": claim.terms})[1:])
            for claim, body in zip(present, bodies, strict=True)
        ]


def _filters_of_matcher(params: Params) -> dict[str, Sequence[str]]:
    """The filters that the matcher applies too, so that more of what it finds passes."""
    found: dict[str, Sequence[str]] = {name: [params[name]] for name in ("organisation", "topic") if name in params}
    if "*" not in params.get("language", "*"):
        found["language"] = list(params["language"])
    return found
