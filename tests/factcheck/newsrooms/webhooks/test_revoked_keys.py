"""A webhook goes with the key that made it, however the key ends; a key that only reads makes none."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from factcheck.newsrooms.keys import create_key, revoke_key
from factcheck.newsrooms.models import ApiKey, WebhookEndpoint
from factcheck.newsrooms.webhooks import endpoints
from factcheck.newsrooms.webhooks.endpoint_health import disabled_automatically
from sources.database.audit import acting

pytestmark = pytest.mark.django_db
URL = "https://cms.daily-paper.example/hook"


def call(method: str, path: str, key: str, body: Any = None) -> Any:
    client = Client(HTTP_HOST="localhost", HTTP_AUTHORIZATION=f"Bearer {key}")
    return getattr(client, method)(f"/api/v1/webhooks/{path}", body or {}, content_type="application/json")


def key(*scopes: str) -> tuple[str, str]:
    made = create_key("Daily Paper", scopes)
    return made, made.split("_")[1]


def test_a_read_only_key_looks_and_manages_nothing() -> None:
    writes, _ = key("read", "write")
    reads, _ = key("read")
    made = call("post", "", writes, {"url": URL}).json()["id"]
    assert call("post", "", reads, {"url": f"{URL}/2"}).status_code == 403
    for method, path in (("patch", ""), ("delete", ""), ("post", "rotate/"), ("post", "test/"), ("post", "replay/")):
        assert call(method, f"{made}/{path}", reads).status_code == 403, path
    client = Client(HTTP_HOST="localhost", HTTP_AUTHORIZATION=f"Bearer {reads}")
    assert client.get(f"/api/v1/webhooks/{made}/").status_code == 200


def test_revoking_a_key_suspends_its_webhooks_alone_and_a_valid_key_resumes_them() -> None:
    old, old_prefix = key("read", "write")
    new, _ = key("read", "write")
    of_old = call("post", "", old, {"url": URL}).json()["id"]
    of_new = call("post", "", new, {"url": f"{URL}/new"}).json()["id"]
    newsroom = ApiKey.objects.get(prefix=old_prefix).newsroom
    of_desk, _ = endpoints.create(newsroom, url=f"{URL}/desk", actor="desk")
    revoke_key("Daily Paper", old_prefix)
    active = dict(WebhookEndpoint.objects.values_list("public_id", "is_active"))
    assert active == {of_old: False, of_new: True, of_desk.public_id: True}
    assert [each.public_id for each in disabled_automatically()] == [of_old], "the home of administrators shows it"
    client = Client(HTTP_HOST="localhost", HTTP_AUTHORIZATION=f"Bearer {new}")
    assert client.get(f"/api/v1/webhooks/{of_old}/").json()["disabled"]["by"] == "key"
    assert call("patch", f"{of_old}/", new, {"active": True}).json()["active"] is True
    assert WebhookEndpoint.objects.get(public_id=of_old).api_key.prefix in new  # type: ignore[union-attr]


def test_a_webhook_that_a_newer_key_took_over_survives_the_old_one() -> None:
    old, old_prefix = key("read", "write")
    new, _ = key("read", "write")
    made = call("post", "", old, {"url": URL}).json()["id"]
    call("patch", f"{made}/", new, {"active": True})
    revoke_key("Daily Paper", old_prefix)
    assert WebhookEndpoint.objects.get(public_id=made).is_active


def test_a_disabled_account_ends_the_keys_that_it_made_and_their_webhooks() -> None:
    leaves, stays = (User.objects.create_user(name, is_staff=True) for name in ("leaves", "stays"))
    with acting(leaves, reason="test"):
        hers, _ = key("read", "write")
    with acting(stays, reason="test"):
        other, other_prefix = key("read", "write")
    made = call("post", "", hers, {"url": URL}).json()["id"]
    with acting(stays, reason="test"):
        User.objects.filter(pk=leaves.pk).update(is_active=False)
    assert list(ApiKey.objects.filter(revoked_at=None).values_list("prefix", flat=True)) == [other_prefix]
    assert not WebhookEndpoint.objects.get(public_id=made).is_active
    assert call("post", "", hers, {"url": URL}).status_code == 401
    assert call("patch", f"{made}/", other, {"active": True}).status_code == 200
