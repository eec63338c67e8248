"""/v1alpha1/pages of Google's Fact Check Tools API (ClaimReviewMarkupPage): each markup sent becomes a draft review.

https://developers.google.com/fact-check/tools/api/reference/rest/v1alpha1/pages. Only the key that sent a page can
read it.
"""

import base64
import binascii
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import urldefrag

import orjson
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.drafts.base import keys_of, submitter_of
from claims.api.google.standard_parameters import GoogleQuery, google_answer
from claims.api.request.body_fields import (
    Body,
    Conflict,
    Day,
    HttpUrl,
    Items,
    Line,
    Lines,
    StrictInteger,
    as_json,
    invalid,
    read,
)
from claims.api.request.query_fields import Integer, Text
from claims.models import MarkupPage, Organisation
from claims.newsroom_drafts.google_pages import Markup, create_page, delete_page, update_page
from claims.permissions import Refused
from claims.statements.languages.detection import language_of
from sources.http.addresses import canonical
from sources.http.url_key import stored_key

DEFAULT_SIZE = 10
MAX_SIZE = 100
MAX_MARKUPS = 50
View = TypeVar("View", bound=Callable[..., Any])


class GoogleRatingBody(Body):
    """ClaimRating."""

    ratingValue = StrictInteger(-(2**31), 2**31 - 1, required=False)
    worstRating = StrictInteger(-(2**31), 2**31 - 1, required=False)
    bestRating = StrictInteger(-(2**31), 2**31 - 1, required=False)
    textualRating = Line(300, required=False, allow_blank=True)
    ratingExplanation = Lines(5_000, shown=True, required=False, allow_blank=True)
    imageUrl = HttpUrl(required=False, allow_blank=True)


class GoogleClaimAuthorBody(Body):
    """ClaimAuthor."""

    name = Line(300, required=False, allow_blank=True)
    jobTitle = Line(300, required=False, allow_blank=True)
    imageUrl = HttpUrl(required=False, allow_blank=True)
    sameAs = HttpUrl(required=False, allow_blank=True)


class GoogleMarkupBody(Body):
    """ClaimReviewMarkup."""

    url = HttpUrl(required=False, allow_blank=True)
    claimReviewed = Lines(5_000, shown=True)
    claimDate = Line(40, required=False, allow_blank=True)
    claimLocation = Line(300, shown=True, required=False, allow_blank=True)
    claimFirstAppearance = HttpUrl(required=False, allow_blank=True)
    claimAppearances = Items(child=HttpUrl(), required=False, max_length=100)
    claimAuthor = GoogleClaimAuthorBody(required=False)
    rating = GoogleRatingBody(required=False)


class GoogleReviewAuthorBody(Body):
    """ClaimReviewAuthor."""

    name = Line(300, required=False, allow_blank=True)
    imageUrl = HttpUrl(required=False, allow_blank=True)


class GooglePageBody(Body):
    """ClaimReviewMarkupPage, to create one."""

    read_only_names = frozenset({"name", "versionId"})

    pageUrl = HttpUrl(help_text="Where the fact-check stands.")
    publishDate = Day(required=False)
    claimReviewAuthor = GoogleReviewAuthorBody(required=False)
    claimReviewMarkups = Items(child=GoogleMarkupBody(), min_length=1, max_length=MAX_MARKUPS)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        page = urldefrag(data["pageUrl"]).url
        wrong = {
            str(number): {"url": ["The only other URL is the page's with an anchor (#…)."]}
            for number, markup in enumerate(data["claimReviewMarkups"])
            if markup.get("url") and urldefrag(markup["url"]).url != page
        }
        if wrong:
            raise serializers.ValidationError({"claimReviewMarkups": wrong})
        return data


class GoogleUpdateBody(GooglePageBody):
    """ClaimReviewMarkupPage, to update one. `versionId` is the one that was read; without it the last word counts."""

    read_only_names = frozenset()

    name = Line(60, required=False)
    versionId = Line(20, required=False)


class GooglePagesSerializer(serializers.Serializer[Any]):
    """ListClaimReviewMarkupPagesResponse; empty if there is none."""

    claimReviewMarkupPages = GoogleUpdateBody(many=True, required=False)
    nextPageToken = serializers.CharField(required=False)


_PAGE: dict[str, Any] = {
    "pageUrl": "https://paper.example/fact-check",
    "publishDate": "2026-03-01",
    "claimReviewAuthor": {"name": "Our desk"},
    "claimReviewMarkups": [
        {
            "claimReviewed": "412 bridges need repair.",
            "claimDate": "2026-02-20",
            "claimAuthor": {"name": "A. Minister"},
            "rating": {"textualRating": "Right", "ratingExplanation": "The yearly report says so."},
        }
    ],
}
_STORED = {"name": "pages/mkp_4v9k2m0t7q8x1z3b", "versionId": "1", **_PAGE}
_ID = OpenApiParameter("id", OpenApiTypes.STR, OpenApiParameter.PATH, description="What follows pages/ in the name.")


def _operation(
    operation: str, response: Any, response_example: Any, request_example: Any = None, **options: Any
) -> Callable[[View], View]:
    """OpenAPI decorator of an operation on pages."""
    examples = [OpenApiExample("Answer", value=response_example, response_only=True)]
    if request_example is not None:
        examples.append(OpenApiExample("Example", value=request_example, request_only=True))
    options.setdefault("parameters", [_ID, GoogleQuery])
    return extend_schema(operation_id=operation, responses={200: response}, examples=examples, filters=False, **options)


class PagesQuery(GoogleQuery):
    """Parameters of pages.list."""

    url = Text(2000, help_text="The page with this URL; there is one at most.")
    organization = Text(253, help_text="Pages of this host and those below it: site.com.")
    pageSize = Integer(0, 2**31 - 1, help_text="Pages of an answer: 10 unless given, at most 100.")
    pageToken = Text(200, help_text="nextPageToken of the answer before.")
    offset = Integer(0, 1_000_000, help_text="Pages to leave out at the beginning, if there is no pageToken.")


class MarkupPageView(GenericAPIView[MarkupPage]):
    """Base of views over the pages that were sent with the key."""

    scope = "write"
    absent = "No page that was sent with this key has this name."
    query_class: Any = GoogleQuery

    params: dict[str, Any]  # the query parameters, validated by `initial`

    def answer(self, body: dict[str, Any]) -> HttpResponse:
        """The response with this body, formatted by the standard parameters."""
        return google_answer(self.request, body, self.params)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.filter_queryset(MarkupPage.objects.none())  # refuses unknown parameters, whatever the method

    def own(self) -> QuerySet[MarkupPage]:
        """The pages that this key may see."""
        return MarkupPage.objects.filter(key__in=keys_of(self.request))


class MarkupPageList(MarkupPageView):
    """pages.list and pages.create."""

    query_class = PagesQuery

    @_operation(
        "googlePagesList", GooglePagesSerializer, {"claimReviewMarkupPages": [_STORED]}, parameters=[PagesQuery]
    )
    def get(self, request: Request) -> HttpResponse:
        """Pages that were sent with this key, the last first; by URL the one page, or those of an organization."""
        params = self.params
        rows = self.own().order_by("-sent_at", "-public_id")
        if "url" in params:
            if "organization" in params:
                raise invalid("/organization", "Say a URL or an organization, not both.")
            _canonical(params["url"], "/url")  # refuses what is no address
            found = rows.filter(url_key=stored_key(params["url"])).first()
            return self.answer({"claimReviewMarkupPages": [_page_json(found)]} if found else {})
        if "organization" in params:
            host = params["organization"].lower().removeprefix("www.")
            rows = rows.filter(Q(host=host) | Q(host__endswith=f".{host}"))
        size = min(params.get("pageSize") or DEFAULT_SIZE, MAX_SIZE)
        start = 0
        if "pageToken" in params:
            at, id = _read_token(params["pageToken"])
            rows = rows.filter(Q(sent_at__lt=at) | Q(sent_at=at, public_id__lt=id))
        else:
            start = params.get("offset", 0)
        listed = list(rows[start : start + size + 1])
        body: dict[str, Any] = {}
        if listed:
            body["claimReviewMarkupPages"] = [_page_json(page) for page in listed[:size]]
        if len(listed) > size:
            body["nextPageToken"] = _token(listed[size - 1])
        return self.answer(body)

    @_operation("googlePagesCreate", GoogleUpdateBody, _STORED, _PAGE, request=GooglePageBody, parameters=[GoogleQuery])
    def post(self, request: Request) -> HttpResponse:
        """Send a page of fact-checks: each markup becomes a claim and a draft of a review at the desk."""
        data = read(GooglePageBody, request.data)
        with _google_errors(transaction.atomic()):
            page = create_page(submitter_of(request), **_arguments(data))
        return self.answer(_page_json(page))


class MarkupPageDetail(MarkupPageView):
    """pages.get, pages.update and pages.delete."""

    @_operation("googlePagesGet", GoogleUpdateBody, _STORED)
    def get(self, request: Request, id: str) -> HttpResponse:
        """A page as it was sent."""
        return self.answer(_page_json(self._page(id)))

    @_operation(
        "googlePagesUpdate",
        GoogleUpdateBody,
        {**_STORED, "versionId": "2"},
        _STORED,
        request=GoogleUpdateBody,
    )
    def put(self, request: Request, id: str) -> HttpResponse:
        """Put a page in the place of the one before, with new drafts for all its markups."""
        self._page(id)
        data = read(GoogleUpdateBody, request.data)
        if data.pop("name", f"pages/{id}") != f"pages/{id}":
            raise invalid("/name", "The name is not the one in the address.")
        version = data.pop("versionId", None)
        with _google_errors(transaction.atomic()):
            page = self._page(id, locked=True)
            if version is not None and version != str(page.version):
                raise Conflict("This page has changed since you read it; get it, and send its versionId.")
            page = update_page(submitter_of(request), page, **_arguments(data))
        return self.answer(_page_json(page))

    @_operation("googlePagesDelete", {"type": "object"}, {}, request=None)
    def delete(self, request: Request, id: str) -> HttpResponse:
        """Take back a page and its drafts."""
        with _google_errors(transaction.atomic()):
            delete_page(submitter_of(request), self._page(id, locked=True))
        return self.answer({})

    def _page(self, id: str, *, locked: bool = False) -> MarkupPage:
        rows = self.own().select_for_update() if locked else self.own()
        page = rows.filter(public_id=id).first()
        if page is None:
            raise Http404
        return page


class FailedPrecondition(Conflict):
    """A conflict with Google's status FAILED_PRECONDITION or ALREADY_EXISTS as `reason`."""

    def __init__(self, sentence: str, reason: str) -> None:
        super().__init__(sentence)
        self.extra = {"reason": reason}


class _google_errors:
    """Turn a `Refused` raised in the block into Google's error, after leaving the context manager `inside`."""

    def __init__(self, inside: Any) -> None:
        self.inside = inside

    def __enter__(self) -> None:
        self.inside.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.inside.__exit__(kind, error, trace)
        if isinstance(error, Refused):
            exists = str(error).startswith("There is a page")
            raise FailedPrecondition(str(error), "ALREADY_EXISTS" if exists else "FAILED_PRECONDITION") from error


def _arguments(data: dict[str, Any]) -> dict[str, Any]:
    """The arguments of `create_page` and `update_page`. Raises `ValidationError`."""
    markups = [
        Markup(
            claim=markup["claimReviewed"],
            place=markup.get("claimLocation", ""),
            rating=markup.get("rating", {}).get("textualRating", ""),
            summary=markup.get("rating", {}).get("ratingExplanation", ""),
            language=language_of(markup["claimReviewed"]),
        )
        for markup in data["claimReviewMarkups"]
    ]
    day: date | None = data.get("publishDate")
    return {
        "page_url": _canonical(data["pageUrl"], "/pageUrl"),
        "markups": markups,
        "day": day,
        "organisation": _organisation(data.get("claimReviewAuthor", {}).get("name", "")),
        "sent": as_json(data),
    }


def _organisation(name: str) -> Organisation:
    """Our organisation with this name, or the only one. Raises `ValidationError`."""
    own = list(Organisation.objects.filter(is_ours=True).order_by("pk")[:100])
    matches = [each for each in own if each.name.casefold() == name.casefold()]
    if not matches and len(own) != 1:
        listed = ", ".join(each.name for each in own) or "none yet, ask the desk"
        raise invalid("/claimReviewAuthor/name", f"Say which of the desk's organisations it is: {listed}.")
    return (matches or own)[0]


def _canonical(url: str, pointer: str) -> str:
    try:
        return canonical(url)
    except ValueError as error:
        raise invalid(pointer, str(error)) from error


def _page_json(page: MarkupPage) -> dict[str, Any]:
    """The JSON of a page: as it was sent, with its name and version, and a URL in each markup."""
    sent = page.as_sent
    markups = [{"url": sent["pageUrl"], **markup} for markup in sent["claimReviewMarkups"]]
    own = {"name": f"pages/{page.public_id}", "versionId": str(page.version)}
    return {**own, **sent, "claimReviewMarkups": markups}


def _token(page: MarkupPage) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([page.sent_at, page.public_id])).rstrip(b"=").decode()


def _read_token(token: str) -> tuple[datetime, str]:
    try:
        at, id = orjson.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or not id.startswith("mkp_") or "\x00" in id:
            raise ValueError
    except (binascii.Error, ValueError, TypeError, AttributeError) as error:
        raise invalid("/pageToken", "Take it, whole, from the nextPageToken of the page before.") from error
    return moment, id
