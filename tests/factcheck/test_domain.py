"""`--domain NAME`: what follows from it, and what is said about a name that is none."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError

from claims.models import AccountChange
from factcheck import first_start
from factcheck.login import links
from factcheck.login.links import Refused
from factcheck.login.models import LogInEvent, LogInLink
from factcheck.settings import _domain
from sources import site_address
from tests import factories

ROOT = Path(__file__).resolve().parents[2]
SHOW = """
import json; from django.conf import settings as s
print(json.dumps([s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS, s.HTTPS, s.SESSION_COOKIE_SECURE, s.TRUSTED_PROXIES]))
"""


def manage(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_everything_that_a_proxy_with_tls_needs_follows_from_the_name(tmp_path: Path) -> None:
    ran = manage("shell", "-v", "0", "-c", SHOW, "--domain", "Desk.example.org", f"--data={tmp_path}")
    hosts, origins, *rest = json.loads(ran.stdout)
    assert hosts == ["desk.example.org", "127.0.0.1", "localhost", "[::1]"]
    assert (origins, rest) == (["https://desk.example.org"], [True, True, 1])


@pytest.mark.parametrize("name", ["desk.example.org", "a-b.c1.example", "xn--prfung-3ya.example", "news.co.uk"])
def test_names(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTCHECK_DOMAIN", f" {name.upper()} ")
    assert _domain("FACTCHECK_DOMAIN") == name


@pytest.mark.parametrize(
    "name",
    [
        *(
            "https://desk.example",
            "desk.example:443",
            "desk.example/",
            "desk example",
            "192.0.2.7",
            "[::1]",
            "*.example",
        ),
        *(
            "localhost",
            ".example.org",
            "desk.example.",
            "a_b.example",
            "prüfung.example",
            "-a.example",
            f"{'a' * 64}.org",
        ),
        *("a,b.example", "desk.example,x.example", "a\nb.example", f"{'a.' * 130}org"),
    ],
)
def test_what_is_no_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTCHECK_DOMAIN", name)
    with pytest.raises(ImproperlyConfigured, match=r"such as desk\.example\.org"):
        _domain("FACTCHECK_DOMAIN")


@pytest.mark.parametrize("arguments", [["--domain", "https://desk.example"], ["--domain"]])
def test_up_says_it_in_a_sentence(arguments: list[str], tmp_path: Path) -> None:
    ran = manage("up", "--data", str(tmp_path / "data"), *arguments)
    assert ran.returncode == 1 and "Traceback" not in ran.stderr and len(ran.stderr.splitlines()) == 1
    assert "domain" in ran.stderr and not (tmp_path / "data").exists()


@pytest.mark.django_db
def test_the_first_start_prints_public_addresses(settings: Any) -> None:
    settings.DOMAIN, settings.HTTPS = "desk.example.org", True
    settings.ALLOWED_HOSTS = ["desk.example.org", *settings.LOOPBACK]
    prepared = first_start.prepare(demo=True, port=8123)
    key, public, link, demo = prepared.lines
    assert key.startswith("api key: fc_")
    assert public == "public: https://desk.example.org/ once a TLS proxy forwards to http://127.0.0.1:8123"
    assert link.startswith("administrator: https://desk.example.org/link/#")
    assert demo.startswith("demo: not started") and not prepared.parts


@pytest.mark.parametrize(
    ("https", "hosts", "address"),
    [
        (False, ["127.0.0.1"], "http://127.0.0.1:8123"),
        (False, ["desk.example.org"], "http://127.0.0.1:8123"),
        (True, ["127.0.0.1", "desk.example.org"], "https://desk.example.org"),
        (True, [".example.org", "*"], "http://127.0.0.1:8123"),
    ],
)
def test_the_address_in_links(https: bool, hosts: list[str], address: str, settings: Any, tmp_path: Path) -> None:
    settings.HTTPS, settings.ALLOWED_HOSTS = https, hosts
    assert site_address.remembered(tmp_path) == address.replace("8123", "8000")
    site_address.remember(tmp_path, 8123)
    assert site_address.remembered(tmp_path) == address


@pytest.mark.django_db
def test_a_lost_second_factor_is_removed_at_the_console(
    settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA = tmp_path
    ben = factories.editor("ben")
    factories.published_review()
    Authenticator.objects.create(user=ben, type=Authenticator.Type.TOTP, data={})
    call_command("link", "ben")
    assert "--remove-second-factor" in capsys.readouterr().err and Authenticator.objects.exists()
    call_command("link", "ben", "--remove-second-factor")
    assert "--remove-second-factor" not in capsys.readouterr().err and not Authenticator.objects.exists()
    assert LogInEvent.objects.get().detail == f"by {links.CONSOLE}"
    change = AccountChange.objects.get(account=ben.pk, what=AccountChange.What.NO_SECOND_FACTOR)
    assert (change.maker_id, change.makes) == (None, True)


@pytest.mark.django_db
def test_a_link_at_the_console(settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.DATA = tmp_path
    ben = factories.editor("ben")
    call_command("link", "ben")
    out, err = capsys.readouterr()
    link = links.find(out.strip().removeprefix("http://127.0.0.1:8000/link/#"))
    assert (link.account, link.maker) == (ben, None) and "approves nothing" not in err
    event = LogInLink._meta.get_field("events").related_model.objects.get()  # type: ignore[union-attr]
    assert event.pgh_context["actor"] == "administrator at the server's console"
    factories.published_review()
    call_command("link", "ben")
    assert "For 72 hours" in capsys.readouterr().err
    with pytest.raises(CommandError, match=r"no account 'bob'\. Administrators: none"):
        call_command("link", "bob")
    ben.is_active = False
    ben.save()
    with pytest.raises(CommandError, match="is disabled"):
        call_command("link", "ben")
    with pytest.raises(Refused):
        links.find("")
