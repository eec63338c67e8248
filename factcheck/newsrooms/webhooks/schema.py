"""What the routes of webhooks take and answer, for validation and for OpenAPI."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from claims.api.request.body_fields import Body
from claims.api.request.query_fields import Choice, Time
from claims.models import Publication
from claims.permissions import Refused
from factcheck.newsrooms.models import WebhookDelivery, WebhookEndpoint
from factcheck.newsrooms.webhooks import endpoints, payloads

Shape = serializers.Serializer[Any]
Text = serializers.CharField
Moment = serializers.DateTimeField
_ID = "[0-9a-hjkmnp-tv-z]{16}"


def _words(child: serializers.Field[Any, Any, Any, Any], help_text: str) -> serializers.ListField:
    return serializers.ListField(child=child, max_length=endpoints.MOST_WORDS, required=False, help_text=help_text)


def _ids(prefix: str) -> serializers.RegexField:
    wrong = f"Say an id such as {prefix}_4v9k2m0t7q8x1z3b."
    return serializers.RegexField(rf"^{prefix}_{_ID}\Z", error_messages={"invalid": wrong})


class EndpointBody(Body):
    """An endpoint as it is asked for. Filters hold together; within one any word will do; an empty one lets all by."""

    url = Text(max_length=2000, help_text="Where to send: https alone. Redirects are not followed.")
    events = _words(serializers.ChoiceField(choices=Publication.Event.values), "Events of the log; none: all.")
    claims = _words(_ids("clm"), "Ids of claims; none: all.")
    speakers = _words(_ids("spk"), "Ids of speakers whose statements make the claim; none: all.")
    topics = _words(Text(max_length=80), "Slugs of topics of the claim; none: all.")
    hosts = _words(Text(max_length=253), "Hosts of pages that its reviews rest on; none: all.")

    def validate_url(self, url: str) -> str:
        try:
            return endpoints.check_url(url)
        except Refused as refusal:
            raise serializers.ValidationError(str(refusal)) from refusal


class EndpointChange(EndpointBody):
    """What is to be changed; what is left out stays."""

    url = Text(max_length=2000, required=False, help_text="Where to send from now on.")
    active = serializers.BooleanField(required=False, help_text="false: send nothing; true: go on where it stopped.")


class RotateBody(Body):
    """How long the old secret signs too."""

    overlap_seconds = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=int(endpoints.LONGEST_ROTATION.total_seconds()),
        help_text="Default: 24 hours (a setting). 0 ends the old secret now: for one that is in wrong hands.",
    )


class ReplayBody(Body):
    """From where. One of both."""

    after = serializers.IntegerField(
        required=False, min_value=0, max_value=2**53 - 1, help_text="A `sequence` of the log: all that follows it."
    )
    since = Time(help_text="A time: all that was published then or later.")


class EmptyBody(Body):
    """Nothing, or an empty object."""

    described: ClassVar = {"application/json": {"type": "object", "additionalProperties": False, "maxProperties": 0}}


class SecretSerializer(Shape):
    """A secret that signs, without the secret."""

    created_at = Moment()
    expires_at = Moment(allow_null=True, help_text="Null for the current one.")


class DisabledSerializer(Shape):
    """Why nothing is sent."""

    by = serializers.ChoiceField(
        choices=WebhookEndpoint.DisabledBy.values,
        help_text="`gone`: it answered 410. `failing`: not one success in days. `desk`: only the desk switches it on.",
    )
    at = Moment()


class WebhookHealthSerializer(Shape):
    """How the endpoint does."""

    status = serializers.ChoiceField(choices=["active", "failing", "resting", "disabled"])
    cursor = serializers.IntegerField(help_text="Sequence of the log up to which it was looked through for you.")
    behind = serializers.IntegerField(help_text="Publications after that.")
    pending = serializers.IntegerField(help_text="Messages that wait for a first or a later try.")
    given_up = serializers.IntegerField(help_text="Messages given up; `replay` sends them again.")
    failures = serializers.IntegerField(help_text="In a row.")
    failing_since = Moment(allow_null=True)
    rests_until = Moment(allow_null=True, help_text="Nothing is sent before, after failures or a Retry-After.")
    last_success_at = Moment(allow_null=True)
    last_failure_at = Moment(allow_null=True)
    last_detail = Text(help_text="What was wrong the last time, as a sentence.")
    p95_milliseconds = serializers.IntegerField(allow_null=True, help_text="Of your answers to the last 200.")


class EndpointSerializer(Shape):
    """An endpoint of yours."""

    id = Text(help_text="whk_…")
    url = Text(help_text="Where to.")
    events = serializers.ListField(child=serializers.ChoiceField(choices=Publication.Event.values))
    claims = serializers.ListField(child=Text())
    speakers = serializers.ListField(child=Text())
    topics = serializers.ListField(child=Text())
    hosts = serializers.ListField(child=Text())
    active = serializers.BooleanField()
    disabled = DisabledSerializer(allow_null=True)
    secrets = SecretSerializer(many=True)
    created_at = Moment()


class EndpointDetailSerializer(EndpointSerializer):
    """An endpoint of yours, and how it does."""

    health = WebhookHealthSerializer()


class NewEndpointSerializer(EndpointDetailSerializer):
    """A new endpoint, with its secret."""

    secret = Text(help_text="whsec_…, shown this once.")


class EndpointsSerializer(Shape):
    """All of yours."""

    results = EndpointSerializer(many=True)
    next = Text(allow_null=True, help_text="Always null: there are few.")


class RotatedSerializer(Shape):
    """The new secret."""

    secret = Text(help_text="whsec_…, shown this once.")
    secrets = SecretSerializer(many=True, help_text="All that sign now.")


class ReplayedSerializer(Shape):
    """What is sent again."""

    after = serializers.IntegerField()
    upto = serializers.IntegerField(help_text="Where the log ended; what is published later follows as always.")


class DeliverySerializer(Shape):
    """A message, and how it went."""

    id = Text(help_text="msg_…, the `webhook-id`: the same on each try.")
    type = Text(help_text=f"claim.corrected and the like, or {payloads.TEST}.")
    sequence = serializers.IntegerField(allow_null=True, help_text="Of the publication; null for a test.")
    claim = Text(allow_null=True)
    state = serializers.ChoiceField(choices=WebhookDelivery.State.values, help_text="`failed`: given up.")
    attempts = serializers.IntegerField()
    next_attempt_at = Moment(allow_null=True)
    last_attempt_at = Moment(allow_null=True)
    last_status = serializers.IntegerField(allow_null=True, help_text="HTTP status of your last answer.")
    last_detail = Text(help_text="What was wrong, as a sentence.")
    last_answer = Text(help_text="How its body began.")
    milliseconds = serializers.IntegerField(allow_null=True)
    delivered_at = Moment(allow_null=True)
    created_at = Moment()


class DeliveriesSerializer(Shape):
    """A page of messages."""

    results = DeliverySerializer(many=True)
    next = Text(allow_null=True, help_text="Address of the next page; null on the last.")


class DeliveryQuery(serializers.Serializer[WebhookDelivery]):
    """Filters of the list of deliveries."""

    state = Choice(WebhookDelivery.State.values, help_text="How they stand.")

    def narrow(self, deliveries: Any, params: dict[str, Any]) -> Any:
        """Those in that state."""
        return deliveries.filter(**params)


def request_example(name: str, value: Any) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


def answer_example(name: str, value: Any, *codes: str) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=list(codes) or None)


_made: dict[str, Any] = {
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
    "last_detail": "",
    "p95_milliseconds": 84,
}
_secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"  # noqa: S105 - of the documentation
_delivery: dict[str, Any] = {
    "id": "msg_0k3m5t7z9b1d4f6h",
    "type": "claim.corrected",
    "sequence": 4711,
    "claim": "clm_4v9k2m0t7q8x1z3b",
    "state": "delivered",
    "attempts": 1,
    "next_attempt_at": None,
    "last_attempt_at": "2026-03-04T12:00:01.204000Z",
    "last_status": 204,
    "last_detail": "",
    "last_answer": "",
    "milliseconds": 84,
    "delivered_at": "2026-03-04T12:00:01.204000Z",
    "created_at": "2026-03-04T12:00:01.110000Z",
}
ASKED = request_example("what is sent", {name: _made[name] for name in ("url", "events", "topics")})
CHANGED = request_example("switched off", {"active": False})
ROTATING = request_example("in wrong hands", {"overlap_seconds": 0})
REPLAYING = request_example("from the last one that was kept", {"after": 4700})
NOTHING = request_example("nothing", {})
LISTED = answer_example("one endpoint", {"results": [_made], "next": None})
DETAILED = answer_example("an endpoint", {**_made, "health": _health})
CREATED = answer_example("the new endpoint", {**_made, "health": _health, "secret": _secret}, "201")
ROTATED = answer_example(
    "the new secret",
    {
        "secret": _secret,
        "secrets": [
            {"created_at": "2026-03-05T08:00:00.000000Z", "expires_at": None},
            {"created_at": "2026-03-01T09:30:00.000000Z", "expires_at": "2026-03-06T08:00:00.000000Z"},
        ],
    },
)
REPLAYED = answer_example("the last eleven", {"after": 4700, "upto": 4711}, "202")
TESTED = answer_example(
    "a test under way",
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
DELIVERED = answer_example("a message received", {"results": [_delivery], "next": None})
