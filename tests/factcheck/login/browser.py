"""A person at the pages of logging in, by Django's test client."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import Group, User
from django.test import Client, TestCase

from claims.roles import GROUPS, Role

PASSWORD = "a long pass phrase"


def person(name: str, *roles: Role, **more: Any) -> User:
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True, **more)
    user.groups.set(Group.objects.filter(name__in=[GROUPS[role] for role in roles]))
    return user


def browser(address: str = "192.0.2.7") -> Client:
    return Client(HTTP_HOST="localhost", REMOTE_ADDR=address, HTTP_USER_AGENT="Firefox/140")


def log_in(client: Client, name: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/account/login/", {"login": name, "password": password, **more})


def is_in(client: Client) -> bool:
    """Asked at a page of the desk that costs nothing: it wants to know what it is asked for."""
    return client.get("/admin/autocomplete/").status_code == 403


def code(secret: str, *, later: int = 0) -> str:
    """What an authenticator app shows, `later` periods of 30 seconds from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))


def set_up_factor(client: Client) -> tuple[str, list[str]]:
    """Set up an app as the page says; returns its secret and the recovery codes."""
    page = client.get("/account/factor/app/")
    secret = page.context["form"].secret
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = client.post("/account/factor/app/", {"code": code(secret, later=-1)})
    assert answer["Location"] == "/account/factor/recovery/", answer.content
    return secret, client.get("/account/factor/recovery/").context["unused_codes"]
