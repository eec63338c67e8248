"""The webhook routes. A newsroom sees its own endpoints only; any other id responds 404.

Reading needs the scope `read`, and everything else `write`: what a webhook sends goes on when nobody reads any more.
"""

from datetime import timedelta
from typing import Any, ClassVar, cast

import orjson
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.openapi.operations import ONE, listing
from claims.api.request.body_fields import Conflict, read
from claims.api.response import etag_response
from claims.json_object import Json
from claims.permissions import Refused
from factcheck.newsrooms.models import ApiKey, Newsroom, WebhookDelivery, WebhookEndpoint
from factcheck.newsrooms.webhooks import endpoints, payloads, schema
from factcheck.newsrooms.webhooks.endpoint_health import health
from sources.timestamp import timestamp

# Filters by their names in bodies, and their columns.
_FILTERS = {
    "events": "event_filter",
    "claims": "claims",
    "speakers": "speakers",
    "topics": "topics",
    "hosts": "hosts",
}


class WebhookView(GenericAPIView[Any]):
    """Base of the webhook views: the newsroom's own endpoints, the actor for the audit, `Refused` as 409."""

    @property
    def key(self) -> ApiKey:
        return cast(ApiKey, self.request.auth)

    @property
    def newsroom(self) -> Newsroom:
        return cast(Newsroom, self.request.user)

    @property
    def actor(self) -> str:
        return f"{self.newsroom.name} with {self.request.auth}"

    def own(self) -> QuerySet[WebhookEndpoint]:
        return WebhookEndpoint.objects.of(self.newsroom).select_related("progress").order_by("pk")

    def endpoint(self) -> WebhookEndpoint:
        found = self.own().filter(public_id=self.kwargs["id"]).first()
        if found is None:
            raise Http404
        return found

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Refused):
            exc = Conflict(str(exc))
        return super().handle_exception(exc)

    def refuse_parameters(self) -> None:
        """Reject query parameters, whatever the method."""
        self.filter_queryset(WebhookEndpoint.objects.none())


def _filters(asked: Json) -> Json:
    return {column: asked[name] for name, column in _FILTERS.items() if name in asked}


def _body(endpoint: WebhookEndpoint) -> Json:
    now = timezone.now()
    return {
        "id": endpoint.public_id,
        "url": endpoint.url,
        **{name: getattr(endpoint, column) for name, column in _FILTERS.items()},
        "active": endpoint.is_active,
        "disabled": None if endpoint.is_active else {"by": endpoint.disabled_by, "at": timestamp(endpoint.disabled_at)},
        "secrets": [
            {"created_at": timestamp(each.created_at), "expires_at": timestamp(each.expires_at)}
            for each in endpoint.secrets.all()
            if each.expires_at is None or each.expires_at > now
        ],
        "created_at": timestamp(endpoint.created_at),
    }


def _detail_body(endpoint: WebhookEndpoint) -> Json:
    values = {
        name: timestamp(value) if name.endswith(("_at", "_since", "_until")) else value
        for name, value in vars(health(endpoint)).items()
    }
    values["last_detail"] = values["last_detail"] or None
    return {**_body(endpoint), "health": values}


def _delivery_body(row: WebhookDelivery) -> Json:
    publication, draft = row.publication, row.draft_event
    return {
        "id": row.public_id,
        "type": payloads.type_of(row),
        "sequence": publication.sequence if publication else None,
        "claim": publication.claim.public_id if publication else draft.claim if draft else None,
        "review": draft.review if draft else None,
        "state": row.state,
        "attempts": row.attempts,
        "next_attempt_at": timestamp(row.next_attempt_at),
        "last_attempt_at": timestamp(row.last_attempt_at),
        "last_status": row.last_status,
        "last_detail": row.last_detail or None,
        "last_answer": row.last_answer or None,
        "milliseconds": row.milliseconds,
        "delivered_at": timestamp(row.delivered_at),
        "created_at": timestamp(row.created_at),
    }


def _with_secret(body: Json, code: int) -> Response:
    return Response(body, status=code, headers={"Cache-Control": "no-store"})


class EndpointList(WebhookView):
    """The newsroom's webhooks."""

    @extend_schema(operation_id="webhooks", responses=schema.EndpointsSerializer, examples=[schema.LISTED])
    def get(self, request: Request) -> HttpResponse:
        """All webhooks of the newsroom that the key belongs to."""
        rows = self.filter_queryset(self.own()).prefetch_related("secrets")
        return etag_response(request, orjson.dumps({"results": [_body(row) for row in rows], "next": None}))

    @extend_schema(
        operation_id="create_webhook",
        request=schema.EndpointBody,
        responses={201: schema.NewEndpointSerializer},
        examples=[schema.CREATING, schema.CREATED],
    )
    def post(self, request: Request) -> Response:
        """Have everything published from now on sent to a URL. The response contains the secret, only this once."""
        self.refuse_parameters()
        asked = read(schema.EndpointBody, request.data)
        made, secret = endpoints.create(
            self.newsroom, url=asked["url"], actor=self.actor, filters=_filters(asked), key=self.key
        )
        return _with_secret({**_detail_body(made), "secret": secret}, status.HTTP_201_CREATED)


class EndpointDetail(WebhookView):
    """One webhook."""

    @extend_schema(operation_id="webhook", responses=schema.EndpointDetailSerializer, examples=[schema.DETAILED], **ONE)
    def get(self, request: Request, id: str) -> HttpResponse:
        """One webhook and its health: what is pending, what failed, and why."""
        self.refuse_parameters()
        return etag_response(request, orjson.dumps(_detail_body(self.endpoint())))

    @extend_schema(
        operation_id="change_webhook",
        request=schema.EndpointChange,
        responses=schema.EndpointDetailSerializer,
        examples=[schema.CHANGING, schema.DETAILED],
        **ONE,
    )
    def patch(self, request: Request, id: str) -> Response:
        """Change the URL or the filters, disable the webhook, or enable it again."""
        self.refuse_parameters()
        endpoint = self.endpoint()
        asked = read(schema.EndpointChange, request.data)
        by = WebhookEndpoint.DisabledBy.NEWSROOM
        with transaction.atomic():
            endpoints.take_over(endpoint, key=self.key, actor=self.actor)
            if "url" in asked or _filters(asked):
                endpoints.change(endpoint, actor=self.actor, url=asked.get("url"), filters=_filters(asked))
            if asked.get("active") is True:
                endpoints.enable(endpoint, actor=self.actor, by=by)
            elif asked.get("active") is False:
                endpoints.disable(endpoint, actor=self.actor, by=by)
        return Response(_detail_body(self.endpoint()))

    @extend_schema(operation_id="delete_webhook", responses={204: None}, **ONE)
    def delete(self, request: Request, id: str) -> Response:
        """Delete the webhook: nothing more is sent, and its secrets expire."""
        self.refuse_parameters()
        endpoints.delete(self.endpoint(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class DeliveryList(WebhookView):
    """Messages sent and pending."""

    query_class = schema.DeliveryQuery
    # Not by primary key, which would reveal how much other newsrooms are sent.
    keyset: ClassVar = ("-created_at", "-public_id")

    @extend_schema(
        operation_id="webhook_deliveries",
        examples=[schema.DELIVERED],
        **{
            **listing(schema.DeliveryQuery, schema.DeliveriesSerializer),
            "parameters": [
                *ONE["parameters"],
                *listing(schema.DeliveryQuery, schema.DeliveriesSerializer)["parameters"],
            ],
        },
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        """The messages of a webhook, the latest first, tests included. Old finished ones are deleted."""
        rows = WebhookDelivery.objects.filter(endpoint=self.endpoint()).select_related(
            "publication__claim", "draft_event"
        )
        page = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response([orjson.dumps(_delivery_body(row)) for row in page or []])


class Rotate(WebhookView):
    """Secret rotation."""

    @extend_schema(
        operation_id="rotate_webhook_secret",
        request=schema.RotateBody,
        responses=schema.RotatedSerializer,
        examples=[schema.ROTATING, schema.ROTATED],
        **ONE,
    )
    def post(self, request: Request, id: str) -> Response:
        """Create a new secret. Until the old one expires, messages are signed with both."""
        self.refuse_parameters()
        endpoint = self.endpoint()
        seconds = read(schema.RotateBody, request.data).get("overlap_seconds")
        overlap = None if seconds is None else timedelta(seconds=seconds)
        secret = endpoints.rotate(endpoint, actor=self.actor, overlap=overlap)
        return _with_secret({"secret": secret, "secrets": _body(endpoint)["secrets"]}, status.HTTP_200_OK)


class Test(WebhookView):
    """A test message."""

    @extend_schema(
        operation_id="test_webhook",
        request=schema.EmptyBody.described,
        responses={202: schema.DeliverySerializer},
        examples=[schema.EMPTY, schema.TESTED],
        **ONE,
    )
    def post(self, request: Request, id: str) -> Response:
        """Send a message of type `webhook.test` now, once; the list of deliveries has the result."""
        self.refuse_parameters()
        endpoint = self.endpoint()
        read(schema.EmptyBody, request.data)
        made = endpoints.send_test(endpoint, actor=self.actor)
        made.refresh_from_db()
        return Response(_delivery_body(made), status=status.HTTP_202_ACCEPTED)


class Replay(WebhookView):
    """Replay of past messages."""

    @extend_schema(
        operation_id="replay_webhook",
        request=schema.ReplayBody,
        responses={202: schema.ReplayedSerializer},
        examples=[schema.REPLAYING, schema.REPLAYED],
        **ONE,
    )
    def post(self, request: Request, id: str) -> Response:
        """Send everything after a sequence of the log or since a time again, in order and with the same ids."""
        self.refuse_parameters()
        endpoint = self.endpoint()
        asked = read(schema.ReplayBody, request.data)
        after, upto = endpoints.replay(endpoint, actor=self.actor, **asked)
        return Response({"after": after, "upto": upto}, status=status.HTTP_202_ACCEPTED)
