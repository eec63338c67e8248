"""Who asks: the address behind proxies, the key, and when it was last used."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone

from factcheck.newsrooms import client_identity, last_use
from factcheck.newsrooms.keys import create_key
from factcheck.newsrooms.models import ApiKey, KeyUse
from tests import factories
from tests.api_client import ask

CLAIMS = "/api/v1/claims/"


@pytest.fixture(autouse=True)
def a_new_process() -> Iterator[None]:
    client_identity.last_uses.forget()
    yield
    client_identity.last_uses.forget()


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        (0, "203.0.113.7", None, "203.0.113.7"),
        (0, "203.0.113.7", "192.0.2.1", "203.0.113.7"),  # whoever asks wrote that
        (1, "10.0.0.1", "192.0.2.1", "192.0.2.1"),
        (1, "10.0.0.1", "198.51.100.1, 192.0.2.1", "192.0.2.1"),
        (1, "10.0.0.1", "198.51.100.1,192.0.2.1", "192.0.2.1"),
        (2, "10.0.0.1", "6.6.6.6, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        (2, "10.0.0.1", "192.0.2.1", "10.0.0.1"),  # came past one of the proxies
        (1, "10.0.0.1", None, "unknown"),
        (1, "10.0.0.1", "nonsense", "unknown"),
        (0, "2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        (0, "2001:db8:1:2:ffff::", None, "2001:db8:1:2::/64"),
        (0, "::ffff:203.0.113.7", None, "203.0.113.7"),
        (0, "", None, "unknown"),
        (0, "unix:", None, "unknown"),
    ],
)
def test_the_address_of_a_client(proxies: int, remote: str, forwarded: str | None, address: str) -> None:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)
    with override_settings(TRUSTED_PROXIES=proxies):
        assert client_identity.address_of(request) == address


def test_a_request_looks_its_key_up_once(db: None) -> None:
    key = create_key("Daily Paper")
    ask(CLAIMS, key)
    with CaptureQueriesContext(connection) as queries:
        assert ask(CLAIMS, key).status_code == 200
    assert len([query for query in queries if "newsrooms_apikey" in query["sql"]]) == 1
    assert not [query for query in queries if "newsrooms_keyuse" in query["sql"]], "the last use is known well enough"


def test_the_last_use_is_written_once_a_minute(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    key, other = create_key("Daily Paper"), create_key("Evening Paper")
    now = 1_000.0
    monkeypatch.setattr(last_use.time, "monotonic", lambda: now)
    long_ago = timezone.now() - timedelta(days=3)
    for wait, written in ((0, True), (59, False), (1, True), (30, False), (31, True)):
        now += wait
        KeyUse.objects.update(last_used_at=long_ago)
        ask(CLAIMS, key)
        assert KeyUse.objects.filter(last_used_at__gt=long_ago).exists() is written, wait
    assert KeyUse.objects.count() == 1
    ask(CLAIMS, other)
    assert KeyUse.objects.count() == 2
    assert ask(CLAIMS, other[:-1] + ("a" if other[-1] != "a" else "b")).status_code == 401
    assert KeyUse.objects.count() == 2, "what opens nothing was not used"


def test_a_last_use_never_goes_back(db: None) -> None:
    ask(CLAIMS, create_key("Daily Paper"))
    later = timezone.now() + timedelta(minutes=5)
    KeyUse.objects.update(last_used_at=later)
    client_identity.last_uses.forget()
    client_identity.record_use(ApiKey.objects.get())
    assert KeyUse.objects.get().last_used_at == later


def test_the_last_use_leaves_no_trace_in_the_audit(db: None) -> None:
    key = create_key("Daily Paper")
    events = ApiKey.objects.get().events.count()
    ask(CLAIMS, key)
    assert KeyUse.objects.exists()
    assert ApiKey.objects.get().events.count() == events == 1


def test_the_desk_and_the_command_show_the_last_use(db: None) -> None:
    key, idle = create_key("Daily Paper"), create_key("Daily Paper")
    ask(CLAIMS, key)
    used = ApiKey.objects.get(prefix=key.split("_")[1])
    shown = f"{used.last_used_at:%Y-%m-%d %H:%M}"
    out = StringIO()
    call_command("newsroom", "Daily Paper", "--list", stdout=out)
    lines: dict[str, Any] = {line.split()[0]: line for line in out.getvalue().splitlines()}
    assert lines[str(used)].endswith(f"last used {shown} UTC")
    assert lines[f"fc_{idle.split('_')[1]}_…"].endswith("never used")
    assert key not in out.getvalue()
    boss = factories.editor()
    boss.is_superuser = True
    boss.save()
    client = Client()
    client.force_login(boss)
    for address in (
        reverse("admin:newsrooms_newsroom_change", args=[used.newsroom_id]),
        reverse("admin:newsrooms_apikey_changelist"),
    ):
        assert shown[:10] in client.get(address).content.decode(), address
