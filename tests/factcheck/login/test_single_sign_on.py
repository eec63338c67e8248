"""Single sign-on by a provider on loopback: whose account it is, what is refused, and whose second factor counts."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims.models import AccountChange
from claims.roles import Role
from factcheck.login.models import LogInEvent
from tests.factcheck.login import oidc_server
from tests.factcheck.login.browser import browser, is_in, log_in, person, set_up_factor
from tests.factcheck.login.oidc_server import CLIENT, SECRET, Provider

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with oidc_server.running() as provider:
        yield provider


@pytest.fixture
def provider(server: Provider, settings: Any) -> Provider:
    settings.OIDC_ISSUER, settings.OIDC_NAME = server.address, "the house"
    app = {"provider_id": "oidc", "name": "the house", "client_id": CLIENT, "secret": SECRET}
    app["settings"] = {  # type: ignore[assignment]
        "server_url": server.address,
        "openid_configuration_overrides": {"issuer": server.address},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    server.claims = {"sub": "42", "email": "anna@house.example", "email_verified": True}
    server.userinfo, server.issuer, server.audience = {}, "", ""
    return server


def sign_on(provider: Provider, client: Client | None = None) -> tuple[Client, Any]:
    client = client or browser()
    answer = client.post("/account/oidc/oidc/login/")
    assert answer.status_code == 302, answer.content
    return client, client.get(provider.authorize(answer["Location"]))


def why() -> str:
    return LogInEvent.objects.filter(kind="refused").latest("id").detail


def test_it_opens_the_account_with_the_verified_address_and_links_it(provider: Provider) -> None:
    user = person("anna", Role.EDITOR, email="Anna@House.example")
    assert "Log in with the house" in browser().get("/account/login/").content.decode()
    client, answer = sign_on(provider)
    assert answer["Location"] == "/admin/", answer.content
    assert is_in(client)
    row = AccountChange.objects.get(account=user.pk, what="single_sign_on")
    assert (row.maker_id, row.makes) == (user.pk, False)
    # From now on it is known by its number, whatever its address is.
    provider.claims |= {"email": "married@house.example"}
    assert is_in(sign_on(provider)[0])
    assert LogInEvent.objects.filter(kind="in").latest("id").detail == "single sign-on"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email_verified": False}, "has not verified"),
        ({"email_verified": "true"}, "has not verified"),
        ({"email": None}, "does not say email"),
        ({"email": "stranger@house.example"}, "no account fits"),
        ({"email": "gone@house.example"}, "is disabled"),
        ({"email": "twins@house.example"}, "several accounts"),
        ({"iss": "https://evil.example"}, "could not be used"),
        ({"aud": "another client"}, "could not be used"),
        ({"exp": 1}, "could not be used"),
    ],
)
def test_it_opens_nothing_else(provider: Provider, change: dict[str, Any], sentence: str) -> None:
    person("anna", Role.EDITOR, email="anna@house.example")
    person("gone", Role.EDITOR, email="gone@house.example", is_active=False)
    for name in ("one", "two"):
        person(name, Role.EDITOR, email="twins@house.example")
    provider.claims |= change
    client, answer = sign_on(provider)
    assert answer.status_code == 403
    assert sentence in why()
    assert not is_in(client)
    assert User.objects.count() == 4


def test_the_providers_page_of_another_person_is_refused(provider: Provider) -> None:
    person("anna", Role.EDITOR, email="anna@house.example")
    provider.userinfo = {"sub": "43", "email": "anna@house.example", "email_verified": True}
    assert sign_on(provider)[1].status_code == 403


def test_a_stolen_answer_opens_nothing_in_another_browser(provider: Provider) -> None:
    person("anna", Role.EDITOR, email="anna@house.example")
    answer = browser().post("/account/oidc/oidc/login/")
    thief = browser()
    assert thief.get(provider.authorize(answer["Location"])).status_code == 403
    assert not is_in(thief)


def test_accounts_are_made_without_any_role_if_the_setting_says_so(provider: Provider, settings: Any) -> None:
    settings.OIDC_CREATE, settings.OIDC_CLAIM = True, "preferred_username"
    provider.claims |= {"preferred_username": "bert"}
    client, _ = sign_on(provider)
    bert = User.objects.get(username="bert")
    assert (bert.is_superuser, bert.groups.count(), bert.has_usable_password()) == (False, 0, False)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/admin/guest/"


def test_an_account_without_a_password_sets_up_its_second_factor(provider: Provider, settings: Any) -> None:
    settings.SECOND_FACTOR, settings.OIDC_CREATE = True, True
    client, _ = sign_on(provider)
    assert client.get("/admin/")["Location"] == "/account/factor/app/"
    set_up_factor(client)
    assert is_in(client) or client.get("/admin/")["Location"] == "/admin/guest/"


@pytest.mark.parametrize(
    ("setting", "amr", "asked"),
    [("ours", ["mfa"], True), ("amr", ["pwd"], True), ("amr", ["pwd", "mfa"], False), ("trust", None, False)],
)
def test_whose_second_factor_counts(
    provider: Provider, settings: Any, setting: str, amr: list[str] | None, asked: bool
) -> None:
    person("anna", Role.EDITOR, email="anna@house.example")
    settings.SECOND_FACTOR, settings.OIDC_SECOND_FACTOR = True, setting
    provider.claims |= {"amr": amr} if amr else {}
    client, _ = sign_on(provider)
    assert (client.get("/admin/autocomplete/").status_code == 302) is asked
    own = browser()
    log_in(own, "anna")
    set_up_factor(own)
    _, answer = sign_on(provider)
    assert answer["Location"].startswith("/account/factor/code/") is asked


def test_an_identity_is_not_linked_from_a_session_that_was_left_open(provider: Provider) -> None:
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    answer = client.post("/account/oidc/oidc/login/?process=connect")
    assert client.get(provider.authorize(answer["Location"])).status_code == 403


def test_without_an_issuer_there_is_no_such_page() -> None:
    assert browser().post("/account/oidc/oidc/login/").status_code == 404
    assert "Log in with" not in browser().get("/account/login/").content.decode()
