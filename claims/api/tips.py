"""Route by which newsrooms, and readers themselves if the desk allows it, send tips; they cannot be read by API."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.matching.entries import Asked, entries, ids_of
from claims.api.matching.match import DEFAULT_ENTRIES, answers
from claims.api.matching.resources import MatchResult
from claims.api.openapi.serializers import serializer_of
from claims.api.published.readers_pages import link_matches, readers_origin
from claims.api.request.body_fields import Body, HttpUrl, Language, Line, Lines, read
from claims.api.response import origin
from claims.json_object import Json
from claims.matching.current.current_claims import current_claims
from claims.matching.current.same_page import same_page
from claims.models import Tip
from claims.models.publication import Audience
from claims.publication.description import example
from claims.tips.inbox import TooManyTips, TooManyTipsAtOnce, receive, tell_of_flood


class TipsExhausted(APIException):
    """The sender has sent its tips of this hour."""

    status_code = 429
    wait = 3_600

    def __init__(self, limit: int) -> None:
        super().__init__(f"At most {limit} tips can be sent from here within an hour; try again later.")


class TipsBusy(APIException):
    """More tips came within the hour than the desk takes from readers without a key."""

    status_code = 429
    wait = 3_600
    default_detail = "More tips came within this hour than the desk takes; try again later."


class ContactBody(Body):
    """How to reach who sent it. Kept apart from the tip, and deleted after a set time."""

    name = Line(200, shown=True, required=False, allow_blank=True, default="")
    email = serializers.EmailField(required=False, allow_blank=True, default="", max_length=254)

    def validate_email(self, value: str) -> str:
        return Line(254, allow_blank=True).run_validation(value) if value else ""


class TipBody(Body):
    """What a reader sends in: a text, an address, or both."""

    read_only_names = frozenset({"id", "receipt", "link", "checked", "state", "received_at", "document", "group"})

    text = Lines(
        10_000,
        shown=True,
        required=False,
        allow_blank=True,
        default="",
        help_text="What should be looked into, and why. A tip may be an address alone.",
    )
    url = HttpUrl(required=False, allow_blank=True, default="", help_text="Where it was seen. Noted, never fetched.")
    language = Language(required=False, allow_blank=True, default="")
    contact = ContactBody(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["text"] and not attrs["url"]:
            raise serializers.ValidationError({"text": ["Say what should be looked into, or give a URL in “url”."]})
        return attrs


class ReceiptSerializer(serializers.Serializer[Any]):
    """That the tip arrived, and what is published about it already."""

    receipt = serializers.CharField(help_text="tip_…: name it when you write to the desk. It opens nothing.")
    link = serializers.URLField(
        help_text="The private page of the tip: it says whether it was received, or what was published that answers it."
        " Give it to who sent the tip and to nobody else; it is shown once."
    )
    checked = serializer_of(MatchResult)(
        many=True, help_text="Published claims that may answer it, as `POST /api/v1/match` gives them to the public."
    )


_TIP = {
    "text": "The minister said on the radio that 412 bridges need repair. Is that so?",
    "url": "https://radio.example/morning",
    "language": "en",
    "contact": {"name": "A. Reader", "email": "reader@example.org"},
}
_RECEIPT = {
    "receipt": "tip_4v9k2m0t7q8x1z3b",
    "link": "https://desk.example/t/8rQw3nT0bX2mYc6kLd9fVh1sZpJ5aGuE",
    "checked": [example(MatchResult)],
}


class TipBox(GenericAPIView[Tip]):
    """Where tips are handed in. They cannot be read here, by nobody."""

    scope = "tips"
    anonymous_writes = "ANONYMOUS_TIPS"

    @extend_schema(
        operation_id="send_tip",
        tags=["tips"],
        request=TipBody,
        responses={201: ReceiptSerializer},
        examples=[
            OpenApiExample("Example", value=_TIP, request_only=True),
            OpenApiExample("Answer 201", value=_RECEIPT, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request) -> Response:
        """Send a tip to the desk's inbox: a text, an address, or both.

        The answer is a receipt, what is published about it already, and the private link of the tip: a page that says
        *received* until a check that answers it is published, whatever the desk does. Nothing of the tip is published
        or passed on, and no mail is sent.
        """
        self.filter_queryset(Tip.objects.none())  # takes no parameters
        data = read(TipBody, request.data)
        contact = data.get("contact") or {}
        # Before the tip is stored: what takes long must not hold up others, and nothing of it is in the index.
        checked = _checked(data["text"], data["url"], data["language"])
        link_matches(request, checked, Audience.PUBLIC)
        newsroom = "" if request.auth is None else str(request.user.name)  # type: ignore[union-attr]
        try:
            received = receive(
                text=data["text"],
                url=data["url"],
                language=data["language"],
                name=contact.get("name", ""),
                email=contact.get("email", ""),
                actor=f"{newsroom}, by API" if newsroom else "a reader, by API",
                newsroom=newsroom,
                sender=getattr(request._request, "client_hash", ""),
                limit=settings.TIPS_PER_HOUR if newsroom else settings.ANONYMOUS_TIPS_PER_HOUR,
            )
        except TooManyTips as error:
            raise TipsExhausted(error.limit) from None
        except TooManyTipsAtOnce:
            tell_of_flood()
            raise TipsBusy from None
        link = (readers_origin(request) or origin(request)) + reverse("public:tip", args=[received.token])
        body = {"receipt": received.tip.public_id, "link": link, "checked": checked}
        return Response(body, status=201, headers={"Cache-Control": "no-store"})


def _checked(text: str, url: str, language: str) -> list[Json]:
    """What the public may read about a tip: claims that its text makes, then those that appeared at its address.

    Of the latter nobody knows which one is meant, so they are `possible`.
    """
    found = answers(Audience.PUBLIC, [text], language, DEFAULT_ENTRIES)[0][0] if text else []
    known = {name for entry in found for name in entry["claims"]}
    matches = same_page(Audience.PUBLIC, url, DEFAULT_ENTRIES) if url else []
    left = [match for match in matches if match.claims[0] not in known]
    claims = current_claims(Audience.PUBLIC, ids_of(left))
    return found + entries(Asked(text, language), left, claims, DEFAULT_ENTRIES - len(found))
