"""Publications reach a newsroom's server: signed, whole, in order, once each; and again when it did not answer well."""

import asyncio
import logging
import socket
import time
from typing import Any

import orjson
import pytest
from django.utils import timezone

from claims.models import Publication, PublicationBody, Topic
from claims.models.publication import Audience
from claims.permissions import Refused
from claims.publication import append
from claims.reviews.publish import publish as publish_version
from factcheck.newsrooms.models import WebhookDelivery, WebhookEndpoint, WebhookProgress
from factcheck.newsrooms.webhooks import endpoints, outbox, payloads
from factcheck.newsrooms.webhooks.deliver import deliver_due
from tests import factories
from tests.factcheck.webhook_receiver import Handler, Receiver, receiving
from tests.sources.servers import Loopback

pytestmark = pytest.mark.django_db
EVENT = Publication.Event


def publish(count: int = 1) -> list[Publication]:
    """So many more events of one claim."""
    review = factories.published_review()
    for _ in range(count - 1):
        append.append(review.claim, event=EVENT.WATCH_LOST, audience=Audience.NEWSROOMS, review=review)
    return list(Publication.objects.order_by("-sequence")[:count])[::-1]


# What is sent.


def test_a_publication_arrives_signed_and_whole(endpoint: Any, receiver: Receiver, deliver: Any) -> None:
    made, secret = endpoint
    (publication,) = publish()
    assert deliver() == 1
    (received,) = receiver.received
    assert received.verifies(secret)
    assert not received.verifies("whsec_" + "A" * 43 + "=")
    assert received.headers["content-type"] == "application/json"
    assert received.headers["user-agent"].startswith("factcheck/")
    assert abs(int(received.headers["webhook-timestamp"]) - time.time()) < 30
    message = received.message
    assert list(message) == ["type", "timestamp", "complete", "data"]
    assert (message["type"], message["complete"]) == ("claim.published", True)
    assert received.body.endswith(bytes(PublicationBody.objects.get().json) + b"}"), (
        "byte for byte what the API answers"
    )
    assert message["data"]["sequence"] == publication.sequence
    assert made.deliveries.get().public_id == received.id
    assert deliver() == 0 and len(receiver.received) == 1


def test_a_body_too_large_or_redacted_becomes_a_pointer(
    endpoint: Any, receiver: Any, deliver: Any, settings: Any
) -> None:
    (publication,) = publish()
    settings.WEBHOOK_MAX_PAYLOAD_BYTES = 1_000
    deliver()
    (received,) = receiver.received
    pointer = received.message["data"]
    assert received.verifies(endpoint[1]) and len(received.body) < 1_000
    assert received.message["complete"] is False
    assert pointer == {
        "id": publication.claim.public_id,
        "url": f"/api/v1/claims/{publication.claim.public_id}/",
        "event": "published",
        "version": 1,
        "sequence": publication.sequence,
        "changed_at": received.message["timestamp"],
    }
    redacted = orjson.loads(payloads.of_publication(publication, None, max_bytes=10**9))
    assert (redacted["complete"], redacted["data"]) == (False, pointer)


def test_every_event_of_the_log_is_told_those_for_newsrooms_alone_too(
    endpoint: Any, receiver: Any, deliver: Any
) -> None:
    review, other = factories.published_review(), factories.published_review(factories.claim("Buses are full."))
    by_two = {EVENT.MERGED.value, EVENT.UNMERGED.value}  # of two claims, and only once two people have decided
    plain = [event for event in EVENT.values if event not in by_two]
    for event in plain:
        append.append(review.claim, event=event, audience=Audience.NEWSROOMS, review=review)
    factories.merged(other.claim, into=review.claim)
    factories.unmerged(other.claim)
    deliver()
    told = [each.message["type"] for each in receiver.received[2:]]
    assert told[: len(plain)] == [f"claim.{event}" for event in plain]
    assert set(told[len(plain) :]) == {f"claim.{event}" for event in by_two}


def test_nothing_of_what_is_not_published(
    endpoint: Any, receiver: Any, deliver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = factories.draft()
    version.embargo_until = factories.later(3600)
    version.save()
    version = factories.approved(version)
    with pytest.raises(Refused, match="embargo"):
        publish_version(version, actor=version.approver)
    assert deliver() == 0 and receiver.received == []
    later = factories.later(3601)
    monkeypatch.setattr("claims.reviews.publish.clock.now", lambda: later)
    publish_version(version, actor=version.approver)
    assert deliver() == 1 and len(receiver.received) == 1


# Order, and each once.


@pytest.mark.sql
def test_in_the_order_of_the_log_none_left_out(endpoint: Any, receiver: Any, deliver: Any) -> None:
    published = publish(12)
    assert deliver() == 12
    assert [each.sequence for each in receiver.received] == [each.sequence for each in published]
    assert len({each.id for each in receiver.received}) == 12


def test_what_was_published_before_is_not_sent(newsroom: Any, receiver: Any, deliver: Any) -> None:
    publish(3)
    endpoints.create(newsroom, url=receiver.url(), actor="a test")
    assert deliver() == 0
    (later,) = publish()
    deliver()
    assert [each.sequence for each in receiver.received] == [later.sequence]


def test_a_long_log_waits_in_the_log(
    endpoint: Any, receiver: Any, deliver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MAX_PENDING", 4)
    monkeypatch.setattr(outbox, "_LOG_WINDOW", 3)
    published = publish(10)
    outbox.fan_out()
    assert WebhookProgress.objects.get().cursor == published[3].sequence
    outbox.fan_out()
    assert WebhookDelivery.objects.count() == 4, "no room"
    deliver()
    assert [each.sequence for each in receiver.received] == [each.sequence for each in published]


@pytest.mark.sql
def test_many_endpoints_are_looked_through_group_by_group(
    newsroom: Any, receiver: Any, deliver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_FAN_OUT_BATCH", 2)
    for number in range(5):
        topics = {"topics": ["roads"]} if number < 4 else {}
        endpoints.create(newsroom, url=receiver.url(f"/{number}"), actor="a test", filters=topics)
    publish()
    assert deliver() == 1 and [each.path for each in receiver.received] == ["/4"]
    assert set(WebhookProgress.objects.values_list("cursor", flat=True)) == {1}


@pytest.mark.sql
def test_a_turn_ends_and_the_others_get_theirs(newsroom: Any, receiver: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factcheck.newsrooms.webhooks.deliver._MAX_PER_TURN", 2)
    monkeypatch.setattr("factcheck.newsrooms.webhooks.deliver.CONCURRENCY", 1)
    for path in ("/a", "/b", "/c"):
        endpoints.create(newsroom, url=receiver.url(path), actor="a test")
    publish(4)
    assert deliver_due(may_continue=lambda: True) == 12
    paths = "".join(each.path[1] for each in receiver.received)
    assert paths == "aabbccaabbcc"


@pytest.mark.sql
@pytest.mark.parametrize(
    ("filters", "hits"),
    [
        ({}, {"mine", "other"}),
        ({"event_filter": ["published"]}, {"mine", "other"}),
        ({"event_filter": ["corrected", "withdrawn"]}, set()),
        ({"claims": ["mine"]}, {"mine"}),
        ({"speakers": ["mine"]}, {"mine"}),
        ({"topics": ["roads", "rails"]}, {"mine"}),
        ({"hosts": ["AGENCY-mine.example"]}, {"mine"}),
        ({"topics": ["roads"], "hosts": ["agency-other.example"]}, set()),
        ({"topics": ["roads"], "event_filter": ["published"], "claims": ["mine"]}, {"mine"}),
    ],
)
def test_filters(newsroom: Any, receiver: Any, deliver: Any, filters: dict[str, Any], hits: set[str]) -> None:
    claims = {name: factories.claim(f"The {name} claim.") for name in ("mine", "other")}
    claims["mine"].topics.add(Topic.objects.create(slug="roads", name="Roads"))
    speakers = {name: factories.linked(claims[name], speaker=name).speaker.public_id for name in claims}
    ids = {"claims": {name: claim.public_id for name, claim in claims.items()}, "speakers": speakers}
    wanted = {name: [ids.get(name, {}).get(word, word) for word in words] for name, words in filters.items()}
    endpoints.create(newsroom, url=receiver.url(), actor="a test", filters=wanted)
    for name, claim in claims.items():
        factories.published_review(claim, of=factories.page(f"https://agency-{name}.example/report"))
    deliver()
    assert {each.message["data"]["id"] for each in receiver.received} == {claims[name].public_id for name in hits}


def test_who_follows_a_topic_is_told_that_a_claim_leaves_it(newsroom: Any, receiver: Any, deliver: Any) -> None:
    roads = Topic.objects.create(slug="roads", name="Roads")
    claim = factories.claim()
    claim.topics.add(roads)
    endpoints.create(newsroom, url=receiver.url(), actor="a test", filters={"topics": ["roads"]})
    review = factories.published_review(claim)
    claim.topics.remove(roads)
    for _ in range(2):
        words = factories.words_of(claim)
        append.append(claim, event=EVENT.UPDATED, audience=Audience.PUBLIC, review=review, words=words)
    deliver()
    assert [len(each.message["data"]["topics"]) for each in receiver.received] == [1, 0]


# Not received.


@pytest.mark.parametrize("reply", [500, 404, 429, 302])
def test_any_other_answer_is_tried_again_with_the_same_id(
    endpoint: Any, receiver: Any, deliver: Any, goes_by: Any, reply: int
) -> None:
    receiver.replies["/hook"] = [reply, 204]
    publish()
    assert deliver() == 0
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("pending", 1, reply)
    assert str(reply) in delivery.last_detail and delivery.last_detail.endswith(".")
    assert deliver() == 0 and len(receiver.received) == 1, "not before its time"
    goes_by(7)
    assert deliver() == 1
    first, second = receiver.received
    assert first.id == second.id and first.body == second.body
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.next_attempt_at) == ("delivered", 2, None)
    assert delivery.last_detail == ""


def test_the_schedule_of_days_with_jitter_and_then_given_up(
    endpoint: Any, receiver: Any, deliver: Any, goes_by: Any, settings: Any
) -> None:
    settings.WEBHOOK_DISABLE_AFTER *= 10
    receiver.replies["/hook"] = [500]
    publish()
    waits = []
    for _ in range(20):
        deliver()
        delivery = WebhookDelivery.objects.get()
        if delivery.state != "pending":
            break
        waits.append((delivery.next_attempt_at - timezone.now()).total_seconds())
        goes_by(waits[-1] + 400)  # and the endpoint's own rest
    assert len(receiver.received) == 10 and len({each.id for each in receiver.received}) == 1
    for wait, planned in zip(waits, settings.WEBHOOK_RETRY_DELAYS, strict=True):
        assert planned - 2 <= wait <= planned * 1.2 + 1
    assert any(wait > planned * 1.01 for wait, planned in zip(waits, settings.WEBHOOK_RETRY_DELAYS, strict=True))
    assert (delivery.state, delivery.next_attempt_at) == ("failed", None)
    receiver.replies["/hook"] = [204]
    goes_by(400)
    publish()
    assert deliver() == 1, "what comes later is sent"


def test_retry_after_is_honoured_for_all_messages_up_to_a_day(
    endpoint: Any, receiver: Any, deliver: Any, goes_by: Any
) -> None:
    receiver.replies["/hook"] = [(429, {"Retry-After": "700"}), 204]
    publish()
    deliver()
    waits = WebhookDelivery.objects.get().next_attempt_at - timezone.now()
    assert 690 < waits.total_seconds() < 700 * 1.2, "the message itself"
    publish()
    for seconds in (10, 300, 300):
        goes_by(seconds)
        assert deliver() == 0 and len(receiver.received) == 1
    goes_by(240)  # 700 s, and a fifth at most
    assert deliver() == 2
    receiver.replies["/hook"] = [(503, {"Retry-After": "999999999"})]
    publish()
    deliver()
    rests = WebhookProgress.objects.get().rests_until - timezone.now()
    assert 86_000 < rests.total_seconds() < 87_000


def test_410_switches_off_and_loses_nothing(endpoint: Any, receiver: Any, deliver: Any, goes_by: Any) -> None:
    receiver.replies["/hook"] = [410, 204]
    publish(2)
    deliver()
    made = WebhookEndpoint.objects.get()
    assert (made.is_active, made.disabled_by) == (False, "gone") and made.disabled_at
    assert made.pgh_event_model.objects.filter(pgh_context__actor="webhooks").exists()
    goes_by(10**6)
    publish()
    assert deliver() == 0 and len(receiver.received) == 1
    endpoints.enable(made, actor="a test", by="newsroom")
    assert deliver() == 3
    assert [each.sequence for each in receiver.received[1:]] == list(
        Publication.objects.order_by("sequence").values_list("sequence", flat=True)
    )


@pytest.mark.sql
def test_an_endpoint_that_fails_for_days_is_switched_off(
    endpoint: Any, receiver: Any, deliver: Any, goes_by: Any
) -> None:
    receiver.replies["/hook"] = [500]
    publish(2)
    while WebhookEndpoint.objects.get().is_active:
        deliver()
        goes_by(6 * 3600)
        assert len(receiver.received) < 100
    failing = WebhookProgress.objects.get()
    assert WebhookEndpoint.objects.get().disabled_by == "failing"
    assert (timezone.now() - failing.failing_since).total_seconds() > 4.9 * 86_400
    asked = len(receiver.received)
    deliver()
    assert len(receiver.received) == asked


def test_what_answers_again_gets_all_that_waits_at_once_and_in_order(
    endpoint: Any, receiver: Any, deliver: Any, goes_by: Any
) -> None:
    receiver.replies["/hook"] = [500] * 9 + [204]
    published = publish(3)
    while len(receiver.received) < 9:
        deliver()
        goes_by(400)
    receiver.received.clear()
    goes_by(86_400)
    # One is due; the others would be hours later by their own schedules.
    first, *others = WebhookDelivery.objects.order_by("publication")
    WebhookDelivery.objects.filter(pk__in=[each.pk for each in others]).update(next_attempt_at=factories.later(9_000))
    assert first.state == "pending"
    assert deliver() == 3
    assert [each.sequence for each in receiver.received] == [each.sequence for each in published]


def test_a_failed_one_holds_up_none_after_it(endpoint: Any, receiver: Any, deliver: Any) -> None:
    receiver.replies["/hook"] = [500, 204]
    first, *others = publish(3)
    assert deliver() == 2
    assert [each.sequence for each in receiver.received] == [each.sequence for each in (first, *others)]
    assert WebhookProgress.objects.get().failures == 0


def slowly(handler: Handler) -> None:
    time.sleep(1.2)


def test_a_dead_and_a_slow_endpoint_delay_nobody(newsroom: Any, settings: Any, deliver: Any) -> None:
    settings.WEBHOOK_TIMEOUT = 1
    with receiving() as slow, receiving("127.0.0.2", slow.port) as good, socket.create_server(("127.0.0.3", slow.port)):
        settings.FETCH_ALLOWED_LOOPBACK = Loopback((slow.host, slow.port))
        slow.replies["/hook"] = [slowly]
        for host in ("127.0.0.1", "127.0.0.2", "127.0.0.3"):  # the third takes connections and never answers
            endpoints.create(newsroom, url=f"http://{host}:{slow.port}/hook", actor="a test")
        publish(2)
        started = time.monotonic()
        assert deliver() == 2
        took = [each.at - started for each in good.received]
        assert len(took) == 2 and max(took) < 0.9, "before the first of the others came to its end"
        assert time.monotonic() - started > 1
    dead = WebhookProgress.objects.get(endpoint__url__startswith="http://127.0.0.3")
    assert dead.failures > 0 and "took too long" in dead.last_detail


def test_without_turns_of_their_own_a_dead_one_would_delay_all(
    newsroom: Any, settings: Any, deliver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: one endpoint at a time."""
    settings.WEBHOOK_TIMEOUT = 1
    monkeypatch.setattr("factcheck.newsrooms.webhooks.deliver.CONCURRENCY", 1)
    with receiving() as slow, receiving("127.0.0.2", slow.port) as good:
        settings.FETCH_ALLOWED_LOOPBACK = Loopback((slow.host, slow.port))
        slow.replies["/hook"] = [slowly]
        for host in ("127.0.0.1", "127.0.0.2"):
            endpoints.create(newsroom, url=f"http://{host}:{slow.port}/hook", actor="a test")
        publish()
        started = time.monotonic()
        deliver()
        assert good.received[0].at - started > 0.9


# The gate.


@pytest.mark.parametrize("status", [302, 308])
def test_redirects_are_not_followed(endpoint: Any, receiver: Any, deliver: Any, status: int) -> None:
    receiver.replies["/hook"] = [(status, {"Location": receiver.url("/secret")})]
    publish()
    deliver()
    assert [each.path for each in receiver.received] == ["/hook"]
    assert "redirect" in WebhookDelivery.objects.get().last_detail


def test_a_redirect_into_a_private_network_is_not_followed(endpoint: Any, receiver: Any, deliver: Any) -> None:
    with receiving("127.0.0.9") as inside:
        receiver.replies["/hook"] = [(307, {"Location": inside.url("/latest/meta-data")})]
        publish()
        deliver()
        assert len(receiver.received) == 1 and inside.received == []


@pytest.mark.parametrize("address", ["10.1.2.3", "127.0.0.1", "::1"])
def test_a_name_that_leads_inside_later_is_refused_by_the_gate(
    newsroom: Any, deliver: Any, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """DNS rebinding: public when the endpoint was made, private when something is sent."""
    endpoints.create(newsroom, url="https://rebinds.example/hook", actor="a test")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    connected: list[Any] = []
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *given, **more: [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443)),
            (family, socket.SOCK_STREAM, 6, "", (address, 443)),
        ],
    )
    monkeypatch.setattr(asyncio.BaseEventLoop, "sock_connect", lambda *given: connected.append(given), raising=False)
    publish()
    deliver()
    delivery = WebhookDelivery.objects.get()
    assert delivery.state == "pending" and connected == []
    assert "not an address of the public Internet" in delivery.last_detail


def test_an_answer_costs_no_more_than_its_bounds(endpoint: Any, receiver: Any, deliver: Any) -> None:
    def endless(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        for _ in range(2_000):
            handler.wfile.write(b"<b>\x00" + b"x" * 50_000)

    def drip(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nok")
        time.sleep(5)

    receiver.replies["/hook"] = [endless, drip]
    publish(2)
    started = time.monotonic()
    assert deliver() == 2, "the status says that they were received"
    assert time.monotonic() - started < 4
    kept = list(WebhookDelivery.objects.order_by("pk").values_list("last_answer", flat=True))
    assert kept[0].startswith("<b>xxx") and len(kept[0]) == 500 and kept[1] == "ok"


# Ours alone.


@pytest.mark.sql
def test_a_lease_that_ended_writes_nothing(endpoint: Any, receiver: Any, goes_by: Any) -> None:
    publish()
    outbox.fan_out()
    (held,) = outbox.lease(10)
    assert outbox.lease(10) == [], "nobody else tells it anything meanwhile"
    message = outbox.next_message(held)
    goes_by(3600)
    (newer,) = outbox.lease(10)
    assert newer.token == held.token + 1
    assert outbox.record(message, outbox.Attempt(200)) is False
    assert outbox.next_message(held) is None
    outbox.release(held)
    assert outbox.lease(10) == [], "the old holder gave up nothing"
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("pending", 0)
    assert outbox.record(outbox.next_message(newer), outbox.Attempt(200)) is True


def test_another_secret_key_sends_nothing_and_counts_as_no_failure(
    endpoint: Any, receiver: Any, deliver: Any, goes_by: Any, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SECRET_KEY, kept = "another one altogether", settings.SECRET_KEY
    publish()
    assert deliver() == 0 and receiver.received == []
    progress = WebhookProgress.objects.get()
    assert progress.failures == 0 and "SECRET_KEY" in progress.last_detail
    assert "SECRET_KEY" in caplog.text
    settings.SECRET_KEY = kept
    goes_by(61)
    assert deliver() == 1 and receiver.received[0].verifies(endpoint[1])


def test_neither_secret_nor_payload_nor_address_is_logged(
    newsroom: Any, receiver: Any, deliver: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.replies["/hook?token=hunter2"] = [500]
    _, secret = endpoints.create(newsroom, url=receiver.url("/hook?token=hunter2"), actor="a test")
    publish()
    deliver()
    assert len(receiver.received) == 1
    for word in (secret, secret.removeprefix("whsec_"), "hunter2", "412 bridges"):
        assert word not in caplog.text


@pytest.mark.sql
def test_old_deliveries_are_forgotten_and_their_ids_are_not(
    endpoint: Any, receiver: Any, deliver: Any, settings: Any
) -> None:
    publish(2)
    deliver()
    assert outbox.delete_old() == 0
    settings.WEBHOOK_RETENTION *= 0
    assert outbox.delete_old() == 2 and not WebhookDelivery.objects.exists()
    assert deliver() == 0, "the cursor knows that they were sent"
    endpoints.replay(endpoint[0], actor="a test", after=0)
    assert deliver() == 2
    first, again = receiver.received[:2], receiver.received[2:]
    assert [each.id for each in first] == [each.id for each in again]
