"""Request and response bodies of the webhook routes, for validation and for OpenAPI."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from claims.api.request.body_fields import Body, Items
from claims.api.request.query_fields import Choice, Time
from claims.permissions import Refused
from factcheck.newsrooms.models import EVENTS, WebhookDelivery, WebhookEndpoint
from factcheck.newsrooms.webhooks import endpoints, payloads

Shape = serializers.Serializer[Any]
Text = serializers.CharField
Moment = serializers.DateTimeField
_EVENTS = [event for event, _ in EVENTS]
_ID = "[0-9a-hjkmnp-tv-z]{16}"


def _words(child: serializers.Field[Any, Any, Any, Any], help_text: str) -> Items:
    return Items(child=child, max_length=endpoints.MAX_WORDS, required=False, help_text=help_text)


def _ids(prefix: str) -> serializers.RegexField:
    wrong = f"Say an id such as {prefix}_4v9k2m0t7q8x1z3b."
    return serializers.RegexField(rf"^{prefix}_{_ID}\Z", error_messages={"invalid": wrong})


class EndpointBody(Body):
    """A new endpoint. All filters must match; within a filter any word matches, and an empty filter matches all."""

    url = Text(max_length=2000, help_text="Where to send: https only. Redirects are not followed.")
    events = _words(
        serializers.ChoiceField(choices=_EVENTS), "Events of the log, and of drafts sent with the key; empty: all."
    )
    claims = _words(_ids("clm"), "Ids of claims; empty: all.")
    speakers = _words(_ids("spk"), "Ids of speakers whose statements make the claim; empty: all.")
    topics = _words(Text(max_length=80), "Slugs of topics of the claim; empty: all.")
    hosts = _words(Text(max_length=253), "Hosts of pages that its reviews rest on; empty: all.")

    def validate_url(self, url: str) -> str:
        try:
            return endpoints.check_url(url)
        except Refused as refusal:
            raise serializers.ValidationError(str(refusal)) from refusal


class EndpointChange(EndpointBody):
    """The fields to change; fields left out stay as they are."""

    url = Text(max_length=2000, required=False, help_text="Where to send from now on.")
    active = serializers.BooleanField(
        required=False, help_text="false: disable; true: enable, and resume where it stopped."
    )


class RotateBody(Body):
    """How long the old secret remains valid."""

    overlap_seconds = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=int(endpoints.MAX_OVERLAP.total_seconds()),
        help_text="Default: 24 hours (a setting). 0 ends a leaked secret at once.",
    )


class ReplayBody(Body):
    """Where the replay starts: exactly one of the two."""

    after = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=2**53 - 1,
        help_text="A `sequence` of the log; everything after it is sent.",
    )
    since = Time(help_text="A time; everything published then or later is sent.")


class EmptyBody(Body):
    """Nothing, or an empty object."""

    described: ClassVar = {"application/json": {"type": "object", "additionalProperties": False, "maxProperties": 0}}


class SecretSerializer(Shape):
    """When a secret was created and when it expires, without the secret."""

    created_at = Moment()
    expires_at = Moment(allow_null=True, help_text="Null for the current one.")


class DisabledSerializer(Shape):
    """Who or what disabled the endpoint."""

    by = serializers.ChoiceField(
        choices=WebhookEndpoint.DisabledBy.values,
        help_text="`gone`: it responded 410. `failing`: no success for days. `desk`: only the desk can enable it.",
    )
    at = Moment()


class WebhookHealthSerializer(Shape):
    """Health of the endpoint."""

    status = serializers.ChoiceField(choices=["active", "failing", "resting", "disabled"])
    cursor = serializers.IntegerField(help_text="Sequence of the log up to which messages were created.")
    behind = serializers.IntegerField(help_text="Publications after the cursor.")
    pending = serializers.IntegerField(help_text="Messages that wait for their next attempt.")
    given_up = serializers.IntegerField(help_text="Messages given up; `replay` sends them again.")
    failures = serializers.IntegerField(help_text="In a row.")
    failing_since = Moment(allow_null=True)
    rests_until = Moment(
        allow_null=True, help_text="Nothing is sent before this time, after failures or a Retry-After."
    )
    last_success_at = Moment(allow_null=True)
    last_failure_at = Moment(allow_null=True)
    last_detail = Text(allow_null=True, help_text="The last error, as a sentence; null if there was none.")
    p95_milliseconds = serializers.IntegerField(allow_null=True, help_text="Response time of the latest 200 messages.")


class EndpointSerializer(Shape):
    """A webhook endpoint."""

    id = Text(help_text="whk_…")
    url = Text(help_text="Where messages are sent.")
    events = serializers.ListField(child=serializers.ChoiceField(choices=_EVENTS))
    claims = serializers.ListField(child=Text())
    speakers = serializers.ListField(child=Text())
    topics = serializers.ListField(child=Text())
    hosts = serializers.ListField(child=Text())
    active = serializers.BooleanField()
    disabled = DisabledSerializer(allow_null=True)
    secrets = SecretSerializer(many=True)
    created_at = Moment()


class EndpointDetailSerializer(EndpointSerializer):
    """A webhook endpoint and its health."""

    health = WebhookHealthSerializer()


class NewEndpointSerializer(EndpointDetailSerializer):
    """A new endpoint, with its secret."""

    secret = Text(help_text="whsec_…, shown only now.")


class EndpointsSerializer(Shape):
    """All endpoints of the newsroom."""

    results = EndpointSerializer(many=True)
    next = Text(allow_null=True, help_text="Always null: there are few.")


class RotatedSerializer(Shape):
    """The new secret."""

    secret = Text(help_text="whsec_…, shown only now.")
    secrets = SecretSerializer(many=True, help_text="All valid secrets.")


class ReplayedSerializer(Shape):
    """The part of the log that is sent again."""

    after = serializers.IntegerField()
    upto = serializers.IntegerField(help_text="The end of the log now; later publications follow as usual.")


class DeliverySerializer(Shape):
    """A message and its delivery."""

    id = Text(help_text="msg_…, the `webhook-id`: the same on each attempt.")
    type = Text(help_text=f"For example claim.corrected, or {payloads.TEST}.")
    sequence = serializers.IntegerField(
        allow_null=True, help_text="Of the publication; null for a test and for a draft."
    )
    claim = Text(allow_null=True)
    review = Text(allow_null=True, help_text="Of an event of a draft: its review.")
    state = serializers.ChoiceField(choices=WebhookDelivery.State.values, help_text="`failed`: given up.")
    attempts = serializers.IntegerField()
    next_attempt_at = Moment(allow_null=True)
    last_attempt_at = Moment(allow_null=True)
    last_status = serializers.IntegerField(allow_null=True, help_text="HTTP status of the last response.")
    last_detail = Text(allow_null=True, help_text="The last error, as a sentence; null if there was none.")
    last_answer = Text(allow_null=True, help_text="The start of its body; null if it had none.")
    milliseconds = serializers.IntegerField(allow_null=True)
    delivered_at = Moment(allow_null=True)
    created_at = Moment()


class DeliveriesSerializer(Shape):
    """A page of messages."""

    results = DeliverySerializer(many=True)
    next = Text(allow_null=True, help_text="Address of the next page; null on the last.")


class DeliveryQuery(serializers.Serializer[WebhookDelivery]):
    """Filters of the list of deliveries."""

    state = Choice(WebhookDelivery.State.values, help_text="State of the delivery.")

    def narrow(self, deliveries: Any, params: dict[str, Any]) -> Any:
        """Filter by state."""
        return deliveries.filter(**params)


def request_example(name: str, value: Any) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


def response_example(name: str, value: Any, *codes: str) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=list(codes) or None)


_endpoint: dict[str, Any] = {
    "id": "whk_6h2v9d4q1s7n3x8b",
    "url": "https://cms.daily-paper.example/factcheck",
    "events": ["corrected", "recheck_raised", "withdrawn"],
    "claims": [],
    "speakers": [],
    "topics": ["roads"],
    "hosts": [],
    "active": True,
    "disabled": None,
    "secrets": [{"created_at": "2026-03-01T09:30:00.000000Z", "expires_at": None}],
    "created_at": "2026-03-01T09:30:00.000000Z",
}
_health: dict[str, Any] = {
    "status": "active",
    "cursor": 4711,
    "behind": 0,
    "pending": 0,
    "given_up": 0,
    "failures": 0,
    "failing_since": None,
    "rests_until": None,
    "last_success_at": "2026-03-04T12:00:01.204000Z",
    "last_failure_at": None,
    "last_detail": None,
    "p95_milliseconds": 84,
}
_secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"  # noqa: S105 - an example
_delivery: dict[str, Any] = {
    "id": "msg_0k3m5t7z9b1d4f6h",
    "type": "claim.corrected",
    "sequence": 4711,
    "claim": "clm_4v9k2m0t7q8x1z3b",
    "review": None,
    "state": "delivered",
    "attempts": 1,
    "next_attempt_at": None,
    "last_attempt_at": "2026-03-04T12:00:01.204000Z",
    "last_status": 204,
    "last_detail": None,
    "last_answer": None,
    "milliseconds": 84,
    "delivered_at": "2026-03-04T12:00:01.204000Z",
    "created_at": "2026-03-04T12:00:01.110000Z",
}
CREATING = request_example("a new endpoint", {name: _endpoint[name] for name in ("url", "events", "topics")})
CHANGING = request_example("disable", {"active": False})
ROTATING = request_example("a leaked secret", {"overlap_seconds": 0})
REPLAYING = request_example("after the last message received", {"after": 4700})
EMPTY = request_example("empty", {})
LISTED = response_example("one endpoint", {"results": [_endpoint], "next": None})
DETAILED = response_example("an endpoint", {**_endpoint, "health": _health})
CREATED = response_example("the new endpoint", {**_endpoint, "health": _health, "secret": _secret}, "201")
ROTATED = response_example(
    "the new secret",
    {
        "secret": _secret,
        "secrets": [
            {"created_at": "2026-03-05T08:00:00.000000Z", "expires_at": None},
            {"created_at": "2026-03-01T09:30:00.000000Z", "expires_at": "2026-03-06T08:00:00.000000Z"},
        ],
    },
)
REPLAYED = response_example("the last eleven", {"after": 4700, "upto": 4711}, "202")
TESTED = response_example(
    "a pending test",
    {
        **_delivery,
        "type": payloads.TEST,
        "sequence": None,
        "claim": None,
        "state": "pending",
        "attempts": 0,
        "next_attempt_at": "2026-03-04T12:00:00.000000Z",
        "last_attempt_at": None,
        "last_status": None,
        "milliseconds": None,
        "delivered_at": None,
    },
    "202",
)
DELIVERED = response_example("a delivered message", {"results": [_delivery], "next": None})
