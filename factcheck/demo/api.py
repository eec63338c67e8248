"""The route by which a developer with a test key lets something happen to a claim of the demo."""

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.openapi.operations import ID
from claims.api.request.body_fields import Body, Conflict, read
from claims.models import ClaimVersion
from claims.permissions import Refused
from factcheck.demo import rehearsal
from factcheck.newsrooms.models import Scope
from sources.timestamp import timestamp

_EVENT = OpenApiParameter(
    "event", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(rehearsal.NAMES), description="What happens."
)
_HAPPENED = {
    "claim": "clm_4v9k2m0t7q8x1z3b",
    "event": "correct",
    "logged_as": "corrected",
    "sequence": 14,
    "at": "2026-03-04T12:00:00.000000Z",
}
_FOLLOWS = {"claim": "clm_4v9k2m0t7q8x1z3b", "event": "break", "logged_as": None, "sequence": None, "at": None}


class NoBody(Body):
    """Nothing, or an empty object."""


class RehearsedSerializer(serializers.Serializer[None]):
    """What happened to the claim of the demo."""

    claim = serializers.CharField()
    event = serializers.ChoiceField(choices=rehearsal.NAMES)
    logged_as = serializers.CharField(
        allow_null=True, help_text="The event of the log; null if the poller has to find the change first."
    )
    sequence = serializers.IntegerField(allow_null=True, help_text="Its place in the publication log.")
    at = serializers.DateTimeField(allow_null=True)


class Rehearsal(GenericAPIView[ClaimVersion]):
    """What can happen to a published claim, on a claim of the demo."""

    scope = Scope.TEST
    absent = "No claim of the demo with this id is published, or there is no such event."

    @extend_schema(
        operation_id="rehearse",
        tags=["test"],
        parameters=[ID, _EVENT],
        request={"application/json": {"type": "object", "additionalProperties": False, "maxProperties": 0}},
        responses={200: RehearsedSerializer, 202: RehearsedSerializer},
        examples=[
            OpenApiExample("Nothing", value={}, request_only=True),
            OpenApiExample("Corrected", value=_HAPPENED, response_only=True, status_codes=["200"]),
            OpenApiExample("The page was edited", value=_FOLLOWS, response_only=True, status_codes=["202"]),
        ],
    )
    def post(self, request: Request, id: str, event: str) -> Response:
        """Let something happen to a claim of the demo, to see how feed, webhooks, ETags, lists and matching behave.

        Only with a test key, and only where the demo runs and nothing else was published; else 409 says so. 202:
        the demo's page was edited, and the poller finds it within half a minute.
        """
        self.filter_queryset(self._nothing())  # refuses parameters
        read(NoBody, request.data)
        if event not in rehearsal.NAMES:
            raise Http404
        try:
            row = rehearsal.rehearse(id, event)
        except rehearsal.NoSuchClaim as error:
            raise Http404 from error
        except Refused as refusal:
            raise Conflict(str(refusal)) from refusal
        body = {
            "claim": id,
            "event": event,
            "logged_as": row.event if row else None,
            "sequence": row.sequence if row else None,
            "at": timestamp(row.at) if row else None,
        }
        return Response(body, status=status.HTTP_202_ACCEPTED if row is None else status.HTTP_200_OK)

    def _nothing(self) -> QuerySet[ClaimVersion]:
        return ClaimVersion.objects.none()
