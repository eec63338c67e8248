"""Webhooks at the desk: made, shown once, tested, switched off and on, sent again, and seen when they fell silent."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from factcheck.newsrooms.models import WebhookDelivery, WebhookEndpoint
from tests.factcheck.newsrooms.webhooks.test_deliver import publish
from tests.factcheck.test_admin import logged_in, superuser

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{20,}")


@pytest.fixture
def desk() -> Client:
    return logged_in(superuser())


def page(endpoint: WebhookEndpoint) -> str:
    return reverse("admin:newsrooms_webhookendpoint_change", args=[endpoint.pk])


def do(desk: Client, endpoint: WebhookEndpoint, verb: str, **given: str) -> str:
    address = reverse("admin:newsrooms_webhookendpoint_verb", args=[endpoint.pk, verb])
    answer = desk.post(address, given, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_one_is_made_and_its_secret_is_shown_once(desk: Client, newsroom: Any, receiver: Any, deliver: Any) -> None:
    form = {"newsroom": newsroom.pk, "url": receiver.url(), "event_filter": ["published"], "topics": "", "claims": ""}
    answer = desk.post(reverse("admin:newsrooms_webhookendpoint_add"), form)
    (secret,) = SECRET.findall(answer.content.decode())
    assert "no-store" in answer.headers["Cache-Control"]
    made = WebhookEndpoint.objects.get()
    assert (made.newsroom, made.event_filter, made.topics) == (newsroom, ["published"], [])
    assert made.pgh_event_model.objects.get().pgh_context["actor"].startswith("root-")
    publish()
    deliver()
    assert receiver.received[0].verifies(secret)
    shown = desk.get(page(made)).content.decode()
    assert not SECRET.search(shown) and "Up to entry 1 of the log" in shown and "delivered" in shown


def test_a_bad_address_is_a_sentence_at_its_field(desk: Client, newsroom: Any) -> None:
    form = {"newsroom": newsroom.pk, "url": "http://10.0.0.1/x"}
    answer = desk.post(reverse("admin:newsrooms_webhookendpoint_add"), form)
    assert "not an address of the public Internet" in answer.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_it_is_changed_by_its_verb(desk: Client, endpoint: Any) -> None:
    made, _ = endpoint
    seen = re.search(r'name="_seen" value="(\w+)"', desk.get(page(made)).content.decode())
    assert seen is not None
    form = {"url": made.url, "topics": "roads, rails", "hosts": "WWW.A.example", "_seen": seen[1]}
    assert desk.post(page(made), form).status_code == 302
    made.refresh_from_db()
    assert (made.topics, made.hosts) == (["roads", "rails"], ["www.a.example"])


def test_the_verbs(desk: Client, endpoint: Any, receiver: Any, deliver: Any) -> None:
    made, first = endpoint
    assert "The test is being sent" in do(desk, made, "test")
    assert deliver() == 1 and receiver.received[0].message["type"] == "webhook.test"
    do(desk, made, "disable")
    publish(2)
    assert deliver() == 0
    assert "switched off by the desk" in desk.get(page(made)).content.decode()
    do(desk, made, "enable")
    assert deliver() == 2
    assert "Everything after 1 is sent again, up to 2." in do(desk, made, "replay", **{"from": "1"})
    assert "Everything after 0" in do(desk, made, "replay", **{"from": "2020-01-01 00:00"})
    for nonsense in ("", "soon", "2026-13-45 99:00", "9" * 30):
        assert "Give a sequence of the log" in do(desk, made, "replay", **{"from": nonsense})
    assert deliver() == 2
    (second,) = SECRET.findall(do(desk, made, "rotate"))
    (third,) = SECRET.findall(do(desk, made, "rotate-now"))
    publish()
    deliver()
    assert [receiver.received[-1].verifies(each) for each in (first, second, third)] == [False, False, True]
    do(desk, made, "delete")
    shown = desk.get(page(made)).content.decode()
    assert "deleted" in shown and "Send a test" not in shown
    assert "cannot be done here any more" in do(desk, made, "test")


def test_one_that_fell_silent_is_on_the_first_screen(desk: Client, endpoint: Any, receiver: Any, deliver: Any) -> None:
    made, _ = endpoint
    assert "switched off automatically" not in desk.get(reverse("admin:index")).content.decode()
    receiver.replies["/hook"] = [410]
    publish()
    deliver()
    first = desk.get(reverse("admin:index")).content.decode()
    assert "switched off automatically" in first and made.newsroom.name in first
    shown = desk.get(page(made)).content.decode()
    assert "It was switched off automatically" in shown and "HTTP 410" in shown
    delivery = reverse("admin:newsrooms_webhookdelivery_change", args=[WebhookDelivery.objects.get().pk])
    assert "claim.published" in desk.get(delivery).content.decode()
