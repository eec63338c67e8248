"""Route by which newsrooms send tips from readers; tips cannot be read by API."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.request.body_fields import Body, HttpUrl, Language, Line, Lines, read
from claims.models import Tip
from claims.tips import receive


class ContactBody(Body):
    """How to reach who sent it. Kept apart from the tip, and deleted after a set time."""

    name = Line(200, shown=True, required=False, allow_blank=True, default="")
    email = serializers.EmailField(required=False, allow_blank=True, default="", max_length=254)

    def validate_email(self, value: str) -> str:
        return Line(254, allow_blank=True).run_validation(value) if value else ""


class TipBody(Body):
    """What a reader sends in."""

    read_only_names = frozenset({"id", "receipt", "state", "received_at", "document"})

    text = Lines(10_000, shown=True, help_text="What should be looked into, and why.")
    url = HttpUrl(required=False, allow_blank=True, default="", help_text="Where it was seen. Noted, never fetched.")
    language = Language(required=False, allow_blank=True, default="")
    contact = ContactBody(required=False)


class ReceiptSerializer(serializers.Serializer[Any]):
    """That the tip arrived."""

    receipt = serializers.CharField(help_text="tip_…: name it when you write to the desk. It opens nothing.")


_TIP = {
    "text": "The minister said on the radio that 412 bridges need repair. Is that so?",
    "url": "https://radio.example/morning",
    "language": "en",
    "contact": {"name": "A. Reader", "email": "reader@example.org"},
}


class TipBox(GenericAPIView[Tip]):
    """Where tips are handed in. They cannot be read here, by nobody."""

    scope = "tips"

    @extend_schema(
        operation_id="send_tip",
        tags=["tips"],
        request=TipBody,
        responses={201: ReceiptSerializer},
        examples=[
            OpenApiExample("Example", value=_TIP, request_only=True),
            OpenApiExample(
                "Answer 201", value={"receipt": "tip_4v9k2m0t7q8x1z3b"}, response_only=True, status_codes=["201"]
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        """Send a tip to the desk's inbox. The answer is a receipt and nothing else."""
        self.filter_queryset(Tip.objects.none())  # takes no parameters
        data = read(TipBody, request.data)
        contact = data.get("contact") or {}
        tip = receive(
            text=data["text"],
            url=data["url"],
            language=data["language"],
            name=contact.get("name", ""),
            email=contact.get("email", ""),
            actor=f"{request.user.name}, by API",  # type: ignore[union-attr]
        )
        return Response({"receipt": tip.public_id}, status=201)
