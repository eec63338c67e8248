"""The second factor: everybody sets one up first, none gets in without it, codes count once, secrets are encrypted."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLResolver, get_resolver

from claims.models import AccountChange
from claims.roles import Role
from factcheck.login import links
from factcheck.login.middleware import SecondFactorMiddleware
from factcheck.login.models import LogInEvent
from sources.database.audit import acting
from tests.factcheck.login.browser import PASSWORD, browser, code, is_in, log_in, person, set_up_factor

pytestmark = pytest.mark.django_db
WRONG_CODE = "This code is wrong, has expired or was used already."


@pytest.fixture(autouse=True)
def on(settings: Any) -> None:
    settings.SECOND_FACTOR = True


def kinds(name: str) -> list[str]:
    return list(LogInEvent.objects.filter(username=name).order_by("id").values_list("kind", flat=True))


def test_an_account_without_one_sets_it_up_before_anything_else() -> None:
    person("anna", Role.EDITOR, Role.ADMINISTRATOR)
    client = browser()
    log_in(client, "anna")
    for path in ("/admin/", "/admin/claims/claim/", "/admin/auth/user/add/", "/account/", "/account/password/"):
        assert client.get(path)["Location"] == "/account/factor/app/", path
        assert client.post(path)["Location"] == "/account/factor/app/", path
    _, codes = set_up_factor(client)
    assert len(codes) == 10
    assert is_in(client)
    assert "****" in str(client.get("/account/factor/recovery/").context["unused_codes"]), "shown once"
    assert kinds("anna") == ["in", "factor_added", "factor_added"]


def test_every_page_of_the_desk_needs_it() -> None:
    """Each route of the site, as the URL configuration has it, but those without which nobody could set it up."""
    root = person("root", is_superuser=True)
    middleware = SecondFactorMiddleware(lambda request: HttpResponse())
    closed, opened = [], set()
    for name in _route_names(get_resolver("factcheck.urls")):
        request: Any = RequestFactory().get("/admin/")
        request.user, request.session, request.COOKIES["sessionid"] = root, {}, "x"
        request.resolver_match = SimpleNamespace(view_name=name)
        (opened.add if middleware.process_view(request) is None else closed.append)(name)
    assert len(closed) > 100
    assert opened == {
        *("account_login", "account_logout", "account_reauthenticate", "mfa_activate_totp", "mfa_index"),
        *("mfa_view_recovery_codes", "admin:login", "admin:logout", "admin:jsi18n", "login:link", "login:password"),
    }


def _route_names(resolver: URLResolver, namespace: str = "") -> set[str]:
    found: set[str] = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            found |= _route_names(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)
        elif pattern.name:
            found.add(namespace + pattern.name)
    return found


def test_off_on_this_machine_alone(settings: Any) -> None:
    settings.SECOND_FACTOR = False
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    assert is_in(client)


def test_the_code_is_asked_for_at_each_log_in_even_where_none_is_needed(settings: Any) -> None:
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    secret, _ = set_up_factor(client)
    settings.SECOND_FACTOR = False
    client = browser()
    assert log_in(client, "anna")["Location"].startswith("/account/factor/code/")
    assert not is_in(client), "a password alone opens nothing"
    assert WRONG_CODE in client.post("/account/factor/code/", {"code": "000000"}).content.decode()
    assert not is_in(client)
    assert client.post("/account/factor/code/", {"code": code(secret)})["Location"] == "/admin/"
    assert is_in(client)
    assert kinds("anna")[-2:] == ["wrong_code", "in"]


def test_a_code_counts_once_in_whatever_process() -> None:
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    secret, _ = set_up_factor(client)
    seen = code(secret)
    first, second = browser(), browser("198.51.100.1")
    log_in(first, "anna")
    first.post("/account/factor/code/", {"code": seen})
    assert is_in(first)
    log_in(second, "anna")
    answer = second.post("/account/factor/code/", {"code": seen})
    assert WRONG_CODE in answer.content.decode()
    assert not is_in(second)
    cache.clear()  # the control: only what is kept of used codes refuses it
    second.post("/account/factor/code/", {"code": seen})
    assert is_in(second)


def test_a_recovery_code_counts_once() -> None:
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    _, codes = set_up_factor(client)
    for used, opens in ((codes[0], True), (codes[0], False), (codes[1], True)):
        client = browser()
        log_in(client, "anna")
        client.post("/account/factor/code/", {"code": used})
        assert is_in(client) is opens
    assert LogInEvent.objects.filter(kind="recovery").first().detail == "8 left"  # type: ignore[union-attr]
    assert not AccountChange.objects.filter(username="anna", what="no_second_factor").exists()


@pytest.mark.parametrize("what", ["nothing", "link", "her own link", "disabled", "her own change", "elsewhere"])
def test_a_log_in_that_waits_for_its_code_ends_with_the_password_and_the_account(what: str) -> None:
    """As sessions do: a password that a stranger tricked out of her must not open the account after she changed it."""
    anna, root = person("anna", Role.EDITOR), person("root", Role.ADMINISTRATOR)
    client = browser()
    log_in(client, "anna")
    secret, _ = set_up_factor(client)
    half = browser("198.51.100.1")
    assert log_in(half, "anna")["Location"].startswith("/account/factor/code/")
    new = "another long pass phrase"
    if what == "link" or what == "her own link":
        maker = root if what == "link" else anna
        links.use(links.find(links.create(anna, purpose=links.Purpose.RESET, maker=maker)), password=new)
    elif what == "disabled":
        for active in (False, True):
            with acting(root, reason="test"):
                anna.is_active = active
                anna.save(update_fields=["is_active"])
    elif what == "her own change":
        fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        assert client.post("/account/password/", fields).status_code == 302
    elif what == "elsewhere":
        with acting(anna, reason="test"):
            anna.set_password(new)
            anna.save()
    half.post("/account/factor/code/", {"code": code(secret)})
    assert is_in(half) is (what == "nothing")
    assert ("in" in kinds("anna")[1:]) is (what == "nothing")
    if what == "elsewhere":
        assert "Your password was changed" in half.get("/account/login/").content.decode()


def test_guessing_codes_is_stopped() -> None:
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    secret, _ = set_up_factor(client)
    client = browser("198.51.100.1")
    log_in(client, "anna")
    pages = [client.post("/account/factor/code/", {"code": "000000"}).content.decode() for _ in range(8)]
    assert "Too many wrong codes" in pages[-1]
    client.post("/account/factor/code/", {"code": code(secret)})
    assert not is_in(client)


def test_wrong_codes_are_shown_to_administrators_since_whoever_types_them_has_the_password() -> None:
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    set_up_factor(client)
    client = browser("198.51.100.1")
    log_in(client, "anna")
    for _ in range(8):
        client.post("/account/factor/code/", {"code": "000000"})
    (row,) = LogInEvent.objects.filter(kind="locked")
    assert (row.username, row.detail) == ("anna", "wrong codes after the right password")


def test_the_code_that_set_it_up_opens_nothing() -> None:
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    secret, _ = set_up_factor(client)
    other = browser("198.51.100.1")
    log_in(other, "anna")
    other.post("/account/factor/code/", {"code": code(secret, later=-1)})
    assert not is_in(other)
    other.post("/account/factor/code/", {"code": code(secret)})
    assert is_in(other), "the control"


def test_the_secret_stays_when_the_page_is_opened_again() -> None:
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    first, again = (client.get("/account/factor/app/") for _ in range(2))
    assert first.context["form"].secret == again.context["form"].secret
    link = re.findall(r'href="(otpauth://totp/[^"]+)"', again.content.decode())
    assert f"secret={first.context['form'].secret}" in link[0], "for a telephone, which cannot scan itself"
    assert set_up_factor(client)[0] == first.context["form"].secret
    another = browser()
    person("bert", Role.EDITOR)
    log_in(another, "bert")
    assert another.get("/account/factor/app/").context["form"].secret != first.context["form"].secret


def test_an_administrator_does_not_remove_her_own_with_the_password_alone() -> None:
    root = person("root", Role.ADMINISTRATOR)
    client = browser()
    log_in(client, "root")
    set_up_factor(client)
    client.post(f"/admin/auth/user/{root.pk}/second-factor/")
    assert Authenticator.objects.filter(user=root, type="totp").exists()


def test_secrets_are_encrypted_and_another_key_says_what_to_do(settings: Any) -> None:
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    secret, codes = set_up_factor(client)
    stored = " ".join(str(data) for data in Authenticator.objects.values_list("data", flat=True))
    assert secret not in stored
    assert not any(each in stored for each in codes)
    totp = Authenticator.objects.get(type="totp")
    settings.SECRET_KEY = "another"
    with pytest.raises(ImproperlyConfigured, match="another SECRET_KEY"):
        totp.wrap().validate_code("000000")


def test_sessions_that_were_opened_without_it_end_when_it_is_set_up(settings: Any) -> None:
    settings.SECOND_FACTOR = False
    person("anna", Role.EDITOR)
    old, new = browser(), browser("198.51.100.1")
    log_in(old, "anna")
    log_in(new, "anna")
    set_up_factor(new)
    assert not is_in(old)
    assert is_in(new)


def test_it_cannot_be_removed_without_a_fresh_log_in_and_is_asked_for_again() -> None:
    user = person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    set_up_factor(client)
    session = client.session
    session["account_authentication_methods"] = [
        {**each, "at": each["at"] - 3600} for each in session["account_authentication_methods"]
    ]
    session.save()
    answer = client.post("/account/factor/app/remove/")
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    assert client.post("/account/reauthenticate/", {"password": "wrong"}).status_code == 200
    client.post("/account/reauthenticate/", {"password": "a long pass phrase", "next": "/account/factor/"})
    client.post("/account/factor/app/remove/")
    assert not Authenticator.objects.filter(user=user).exists()
    assert client.get("/admin/")["Location"] == "/account/factor/app/"


def test_an_administrator_removes_it_and_is_a_maker_of_the_account_for_72_hours() -> None:
    user = person("anna", Role.EDITOR)
    root = person("root", Role.ADMINISTRATOR)
    anna, chief = browser(), browser("198.51.100.1")
    log_in(anna, "anna")
    set_up_factor(anna)
    log_in(chief, "root")
    set_up_factor(chief)
    page = chief.get(f"/admin/auth/user/{user.pk}/change/").content.decode()
    assert "Remove the second factor" in page
    answer = chief.post(f"/admin/auth/user/{user.pk}/second-factor/")
    assert answer.status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()
    rows = AccountChange.objects.filter(account=user.pk, what="no_second_factor")
    assert {(row.maker_id, row.makes) for row in rows} == {(root.pk, True)}
    assert not is_in(anna), "her sessions ended"
    log_in(anna, "anna")
    assert anna.get("/admin/")["Location"] == "/account/factor/app/"
    own = AccountChange.objects.filter(account=user.pk, what="second_factor")
    assert {(row.maker_id, row.makes) for row in own} == {(user.pk, False)}


def test_a_factor_that_is_planted_by_sql_names_its_maker() -> None:
    user, other = person("anna", Role.EDITOR), person("eve", Role.ADMINISTRATOR)
    with acting(other, reason="test"):
        Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    row = AccountChange.objects.get(account=user.pk, what="second_factor")
    assert (row.maker_id, row.makes) == (other.pk, True)


def test_the_rest_interface_and_health_need_none() -> None:
    client = browser()
    person("anna", Role.EDITOR)
    log_in(client, "anna")
    assert client.get("/healthz").status_code in {200, 503}
    assert client.get("/api/v1/").status_code in {200, 401}


def test_the_secret_stays_until_it_is_confirmed_and_can_be_tapped() -> None:
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    first, second = (client.get("/account/factor/app/") for _ in range(2))
    secret = first.context["form"].secret
    assert second.context["form"].secret == secret
    assert f'href="otpauth://totp/anna?secret={secret}' in second.content.decode()
    assert client.post("/account/factor/app/", {"code": code(secret)})["Location"] == "/account/factor/recovery/"


def test_whoever_is_led_to_the_second_factor_goes_on_to_what_she_wanted(settings: Any) -> None:
    settings.SECOND_FACTOR = True
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    assert client.get("/admin/claims/claim/?q=bridges")["Location"] == "/account/factor/app/"
    set_up_factor(client)
    log_in(other := browser(), "anna")
    assert client.get("/admin/claims/claim/").status_code == 200 and not is_in(other)
