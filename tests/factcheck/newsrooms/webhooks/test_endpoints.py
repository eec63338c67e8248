"""What can be done with an endpoint, who may, and what is refused in a sentence."""

import subprocess
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claims.models import Publication
from claims.permissions import Refused
from factcheck.newsrooms.models import Newsroom, WebhookDelivery, WebhookEndpoint, WebhookProgress, WebhookSecret
from factcheck.newsrooms.webhooks import endpoints, secrets
from factcheck.newsrooms.webhooks.endpoint_health import health
from tests.factcheck.newsrooms.webhooks.test_deliver import publish

pytestmark = pytest.mark.django_db
WHO = "a test"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://cms.example/hook", "https://"),
        ("ftp://cms.example/hook", "http"),
        ("https://10.0.0.1/hook", "public Internet"),
        ("https://127.0.0.1/hook", "public Internet"),
        ("http://127.0.0.1:9/hook", "public Internet"),
        ("https://[::1]/hook", "public Internet"),
        ("https://169.254.169.254/latest", "public Internet"),
        ("https://127.1/hook", "plain form"),
        ("https://2130706433/", "plain form"),
        ("https://localhost/hook", "private network"),
        ("https://cms.internal/hook", "private network"),
        ("https://user:pw@cms.example/", "user name"),
        ("https://cms.example:22/", "Port 22"),
        ("https://cms.example/a b", "spaces"),
        ("https://cms.example\\@evil.example/", "backslash"),
        ("https://" + "a" * 3_000 + ".example/", "longer"),
        ("not a url", "."),
        ("", "."),
    ],
)
def test_addresses_that_nothing_is_sent_to(newsroom: Newsroom, url: str, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        endpoints.create(newsroom, url=url, actor=WHO)
    assert str(refused.value).endswith(".") and not WebhookEndpoint.objects.exists()


def test_the_demos_own_address_alone_may_be_loopback(newsroom: Newsroom, receiver: Any) -> None:
    made, _ = endpoints.create(newsroom, url=receiver.url(), actor=WHO)
    assert made.url == receiver.url()
    for url in (f"http://127.0.0.1:{receiver.port + 1}/", f"http://127.0.0.2:{receiver.port}/"):
        with pytest.raises(Refused):
            endpoints.create(newsroom, url=url, actor=WHO)


def test_a_newsroom_has_so_many_and_one_of_a_url(newsroom: Newsroom, settings: Any) -> None:
    settings.WEBHOOK_MAX_ENDPOINTS = 2
    first, _ = endpoints.create(newsroom, url="https://a.example/", actor=WHO)
    with pytest.raises(Refused, match=first.public_id):
        endpoints.create(newsroom, url="https://A.example", actor=WHO)
    second, _ = endpoints.create(newsroom, url="https://b.example/", actor=WHO)
    with pytest.raises(endpoints.TooMany, match="2 webhooks"):
        endpoints.create(newsroom, url="https://c.example/", actor=WHO)
    with pytest.raises(Refused, match=first.public_id):
        endpoints.change(second, url="https://a.example/", actor=WHO)
    endpoints.create(Newsroom.objects.create(name="Another"), url="https://a.example/", actor=WHO)
    endpoints.delete(first, actor=WHO)
    endpoints.create(newsroom, url="https://a.example/", actor=WHO)


def test_odd_filters_are_refused(newsroom: Newsroom) -> None:
    for filters in (
        {"event_filter": ["exploded"]},
        {"topics": ["x" * 81]},
        {"topics": ["a\x00b"]},
        {"hosts": [f"h{number}.example" for number in range(101)]},
        {"claims": [7]},
        {"colour": ["red"]},
    ):
        with pytest.raises(Refused):
            endpoints.create(newsroom, url="https://a.example/", actor=WHO, filters=filters)
    made, _ = endpoints.create(newsroom, url="https://a.example/", actor=WHO, filters={"hosts": [" WWW.A.example", ""]})
    assert made.hosts == ["www.a.example"]


def test_both_secrets_sign_while_one_changes_over_and_then_the_new_alone(
    endpoint: Any, receiver: Any, deliver: Any, settings: Any
) -> None:
    made, old = endpoint
    new = endpoints.rotate(made, actor=WHO)
    newest = endpoints.rotate(made, actor=WHO, overlap=timedelta(hours=1))
    assert len({old, new, newest}) == 3
    publish()
    deliver()
    (received,) = receiver.received
    assert len(received.headers["webhook-signature"].split(" ")) == 3
    assert all(received.verifies(secret) for secret in (old, new, newest))
    WebhookSecret.objects.filter(expires_at__isnull=False).update(expires_at=timezone.now())
    publish()
    deliver()
    latest = receiver.received[-1]
    assert [latest.verifies(secret) for secret in (old, new, newest)] == [False, False, True]


def test_a_secret_in_wrong_hands_ends_now(endpoint: Any, receiver: Any, deliver: Any) -> None:
    made, old = endpoint
    new = endpoints.rotate(made, actor=WHO, overlap=timedelta(0))
    publish()
    deliver()
    assert receiver.received[0].verifies(new) and not receiver.received[0].verifies(old)
    with pytest.raises(Refused, match="7 days"):
        endpoints.rotate(made, actor=WHO, overlap=timedelta(days=8))


def test_so_many_sign_at_once_at_most(endpoint: Any, receiver: Any, deliver: Any) -> None:
    made, first = endpoint
    latest = [endpoints.rotate(made, actor=WHO) for _ in range(7)]
    publish()
    deliver()
    (received,) = receiver.received
    assert len(received.headers["webhook-signature"].split(" ")) == endpoints.MAX_SECRETS
    assert received.verifies(latest[-1]) and not received.verifies(first)


def test_secrets_look_as_the_specification_says(endpoint: Any, settings: Any) -> None:
    import base64

    made, secret = endpoint
    assert secret.startswith("whsec_") and len(base64.b64decode(secret.removeprefix("whsec_"))) == 32  # 24 to 64
    row = made.secrets.get()
    at = timezone.now()
    headers = secrets.sign([row], message_id="msg_1", at=at, payload=b"{}")
    assert list(headers) == ["webhook-id", "webhook-timestamp", "webhook-signature"]
    settings.SECRET_KEY = "another"
    with pytest.raises(secrets.SecretLost):
        secrets.sign([row], message_id="msg_1", at=at, payload=b"{}")


def test_switched_off_it_waits_and_switched_on_it_goes_on(endpoint: Any, receiver: Any, deliver: Any) -> None:
    made, _ = endpoint
    endpoints.disable(made, actor=WHO, by="newsroom")
    published = publish(3)
    assert deliver() == 0 and receiver.received == []
    endpoints.enable(made, actor=WHO, by="newsroom")
    assert deliver() == 3
    assert [each.sequence for each in receiver.received] == [each.sequence for each in published]


def test_what_the_desk_switched_off_only_the_desk_switches_on(endpoint: Any) -> None:
    made, _ = endpoint
    endpoints.disable(made, actor=WHO, by="desk")
    with pytest.raises(Refused, match="ask the desk"):
        endpoints.enable(made, actor=WHO, by="newsroom")
    assert endpoints.enable(made, actor=WHO, by="desk").is_active


def test_a_newsroom_that_is_switched_off_is_told_nothing(endpoint: Any, receiver: Any, deliver: Any) -> None:
    Newsroom.objects.update(is_active=False)
    publish()
    endpoints.send_test(endpoint[0], actor=WHO)
    assert deliver() == 0 and receiver.received == []
    Newsroom.objects.update(is_active=True)
    assert deliver() == 2


def test_a_test_is_sent_at_once_once_and_counts_for_nothing(
    endpoint: Any, receiver: Any, deliver: Any, goes_by: Any
) -> None:
    made, secret = endpoint
    receiver.replies["/hook"] = [500, 204]
    endpoints.disable(made, actor=WHO, by="newsroom")
    endpoints.send_test(made, actor=WHO)
    assert deliver() == 0
    goes_by(10**6)
    assert deliver() == 0 and len(receiver.received) == 1, "tried once"
    test = WebhookDelivery.objects.get()
    assert (test.state, test.last_status) == ("failed", 500)
    assert WebhookProgress.objects.get().failures == 0
    endpoints.send_test(made, actor=WHO)
    assert deliver() == 1
    received = receiver.received[-1]
    assert received.verifies(secret) and received.message["type"] == "webhook.test"
    assert received.message["data"]["endpoint"] == made.public_id
    for _ in range(endpoints.MAX_PENDING_TESTS):
        endpoints.send_test(made, actor=WHO)
    with pytest.raises(endpoints.TooMany):
        endpoints.send_test(made, actor=WHO)


def test_a_replay_sends_all_again_with_the_ids_they_had(endpoint: Any, receiver: Any, deliver: Any) -> None:
    made, _ = endpoint
    published = publish(6)
    deliver()
    head = published[-1].sequence
    assert endpoints.replay(made, actor=WHO, after=published[2].sequence) == (published[2].sequence, head)
    assert deliver() == 3
    first, again = receiver.received[:6], receiver.received[6:]
    assert [(each.id, each.body) for each in again] == [(each.id, each.body) for each in first[3:]]
    since = published[4].at
    after, _ = endpoints.replay(made, actor=WHO, since=since)
    assert after == Publication.objects.filter(at__lt=since).count()
    deliver()
    assert {each.sequence for each in receiver.received[9:]} >= {published[4].sequence, published[5].sequence}
    assert WebhookDelivery.objects.count() == 6, "none is there twice"


def test_a_replay_brings_what_was_given_up(endpoint: Any, receiver: Any, deliver: Any) -> None:
    publish()
    outbox_row = WebhookDelivery.objects
    receiver.replies["/hook"] = [500, 204]
    deliver()
    outbox_row.update(state="failed", next_attempt_at=None)
    assert deliver() == 0
    endpoints.replay(endpoint[0], actor=WHO, after=0)
    assert deliver() == 1
    assert receiver.received[0].id == receiver.received[1].id


def test_replays_that_make_no_sense(endpoint: Any) -> None:
    made, _ = endpoint
    for asked in ({}, {"after": 0, "since": timezone.now()}, {"after": -1}, {"after": 10**6}):
        with pytest.raises(Refused):
            endpoints.replay(made, actor=WHO, **asked)
    publish(2)
    with pytest.raises(Refused, match="This webhook is at"):
        endpoints.replay(made, actor=WHO, after=Publication.objects.count())


def test_deleted_it_is_told_nothing_and_signs_nothing(endpoint: Any, receiver: Any, deliver: Any) -> None:
    made, _ = endpoint
    receiver.replies["/hook"] = [500]
    publish(2)
    deliver()
    endpoints.delete(made, actor=WHO)
    assert set(WebhookDelivery.objects.values_list("state", "last_detail")) == {("failed", "The webhook was deleted.")}
    publish()
    assert deliver() == 0
    assert not WebhookSecret.objects.filter(expires_at__isnull=True).exists()
    for verb in (endpoints.rotate, endpoints.send_test, endpoints.change, endpoints.delete):
        with pytest.raises(Refused, match="deleted"):
            verb(made, actor=WHO)


def test_its_health(endpoint: Any, receiver: Any, deliver: Any) -> None:
    made, _ = endpoint
    assert health(made).status == "active" and health(made).p95_milliseconds is None
    publish(3)
    assert health(made).behind == 3
    receiver.replies["/hook"] = [204, 204, 500]
    deliver()
    made = WebhookEndpoint.objects.get()
    now = health(made)
    assert (now.status, now.behind, now.pending, now.failures) == ("failing", 0, 1, 1)
    assert now.last_success_at and now.last_failure_at and "HTTP 500" in now.last_detail
    assert now.p95_milliseconds is not None and now.p95_milliseconds < 5_000


def test_who_did_what_is_in_the_audit(endpoint: Any) -> None:
    made, _ = endpoint
    endpoints.change(made, actor="Ursula", filters={"topics": ["roads"]})
    event = made.pgh_event_model.objects.filter(pgh_label="update").latest("pgh_id")
    assert event.pgh_context["actor"] == "Ursula" and event.pgh_context["reason"] == "change webhook"


def test_progress_writes_no_audit(endpoint: Any, deliver: Any) -> None:
    before = endpoint[0].pgh_event_model.objects.count()
    publish(3)
    deliver()
    assert endpoint[0].pgh_event_model.objects.count() == before


def test_the_walk_in_the_docs_verifies_with_nothing_but_the_shell(
    endpoint: Any, receiver: Any, deliver: Any, request: pytest.FixtureRequest, tmp_path: Any
) -> None:
    text = (request.config.rootpath / "docs/webhooks.md").read_text()
    script = text.split("```sh\n#!/bin/sh")[1].split("```")[0]
    publish()
    deliver()
    (received,) = receiver.received
    (tmp_path / "body").write_bytes(received.body)
    (tmp_path / "verify").write_text("#!/bin/sh" + script)
    headers = [received.headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature")]
    for secret, code in ((endpoint[1], 0), ("whsec_AAAA", 1)):
        ran = subprocess.run(["sh", str(tmp_path / "verify"), secret, *headers, str(tmp_path / "body")])
        assert ran.returncode == code
