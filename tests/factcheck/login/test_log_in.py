"""Logging in with a password: one door, one answer to strangers, lock-out, the log."""

import logging
import time
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import authenticate
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from claims.roles import Role
from factcheck.login import lockout
from factcheck.login.models import LogInEvent, Throttle
from tests.factcheck.login.browser import PASSWORD, browser, is_in, log_in, person

pytestmark = pytest.mark.django_db
WRONG = "The user name or the password is wrong."
LOCKED = "Too many wrong passwords. Try again in 15 minutes"


def kinds() -> list[str]:
    return list(LogInEvent.objects.order_by("id").values_list("kind", flat=True))


def tries(name: str, password: str = "wrong", address: str = "192.0.2.7") -> tuple[bool, bool]:
    """Whether a try opens the account, and whether it was refused unseen: as by the page, without the page."""
    request: Any = RequestFactory().get("/", REMOTE_ADDR=address)
    return authenticate(request, username=name, password=password) is not None, hasattr(request, "locked")


def test_a_password_opens_the_desk_and_the_way_back_is_kept() -> None:
    person("anna", Role.EDITOR)
    client = browser()
    answer = client.get("/admin/claims/claim/")
    assert answer["Location"] == "/admin/login/?next=/admin/claims/claim/"
    answer = client.get(answer["Location"])
    assert answer["Location"] == "/account/login/?next=%2Fadmin%2Fclaims%2Fclaim%2F"
    page = client.get(answer["Location"]).content.decode()
    assert 'value="/admin/claims/claim/"' in page
    answer = log_in(client, "anna", next="/admin/claims/claim/")
    assert answer["Location"] == "/admin/claims/claim/"
    assert is_in(client)
    assert kinds() == ["in"]


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_way_back_stays_on_this_site(there: str) -> None:
    person("anna", Role.EDITOR)
    assert log_in(browser(), "anna", next=there)["Location"] == "/admin/"


def test_there_is_no_other_door() -> None:
    """The admin's own pages of logging in and of passwords lead to ours, by GET and POST; nobody signs up."""
    person("anna", Role.EDITOR)
    client = browser()
    assert client.post("/admin/login/", {"username": "anna", "password": PASSWORD}).status_code == 302
    assert not is_in(client)
    assert admin.site.login(_request()).url.startswith("/account/login/")
    assert client.get("/account/signup/")["Location"] == "/account/login/"
    assert (
        client.post("/account/signup/", {"username": "eve", "password1": PASSWORD, "password2": PASSWORD})["Location"]
        == "/account/login/"
    )
    log_in(client, "anna")
    assert client.get("/admin/password_change/")["Location"] == "/account/password/"


def _request() -> Any:
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/admin/login/")
    request.user = AnonymousUser()
    return request


def test_whoever_may_not_open_the_desk_is_told_so_and_led_in_no_circle() -> None:
    user = person("former", Role.EDITOR)
    user.is_staff = False
    user.save()
    client = browser()
    log_in(client, "former")
    assert client.get("/admin/", follow=True).status_code == 403


def test_known_and_unknown_names_get_the_same_answer(caplog: pytest.LogCaptureFixture) -> None:
    person("anna", Role.EDITOR)
    person("gone", Role.EDITOR, is_active=False)
    answers = set()
    for name, password in [("anna", "wrong"), ("nobody", "wrong"), ("gone", "wrong"), ("gone", PASSWORD)]:
        answer = log_in(browser(), name, password)
        text = answer.content.decode().replace(name, "NAME")
        answers.add((answer.status_code, WRONG in text, "inactive" in text))
    assert answers == {(200, True, False)}
    # What was typed as a name may be a password: only the names of accounts are kept.
    assert set(LogInEvent.objects.values_list("username", flat=True)) == {"anna", "", "gone"}
    assert not any("nobody" in line or PASSWORD in line for line in caplog.messages)


def test_known_and_unknown_names_cost_the_same_work(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["tests.factcheck.login.counting_hasher.CountingHasher"]
    from tests.factcheck.login.counting_hasher import CountingHasher

    person("anna", Role.EDITOR)
    work = []
    for name in ("anna", "nobody"):
        before = CountingHasher.runs
        log_in(browser(), name, "wrong")
        work.append(CountingHasher.runs - before)
    assert work[0] == work[1] == 1


def test_sixty_wrong_passwords_are_stopped_and_seen(caplog: pytest.LogCaptureFixture) -> None:
    person("anna", Role.EDITOR)
    client = browser()
    with caplog.at_level(logging.INFO, "factcheck.login"):
        pages = [log_in(client, "anna", f"wrong {number}").content.decode() for number in range(60)]
    assert [WRONG in page for page in pages[:6]] == [True] * 5 + [False]
    assert all(LOCKED in page for page in pages[5:])
    assert LOCKED in log_in(client, "anna").content.decode(), "nor does the right password open it now"
    assert kinds() == ["wrong_password"] * 5 + ["locked"]
    warnings = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert warnings[-1].startswith("anna: locked for a while after wrong passwords, from 192.0.2.7")
    admin_client = browser("198.51.100.1")
    person("root", Role.ADMINISTRATOR)
    log_in(admin_client, "root")
    assert "anna" in admin_client.get("/admin/").content.decode(), "administrators see it on the home"
    person("ed", Role.EDITOR)
    editor = browser("198.51.100.2")
    log_in(editor, "ed")
    assert "192.0.2.7" not in editor.get("/admin/").content.decode()


def test_without_the_lock_out_all_sixty_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(lockout, "_limits", lambda *_: {"none": 1_000_000})
    person("anna", Role.EDITOR)
    assert [tries("anna", f"wrong {number}") for number in range(60)] == [(False, False)] * 60
    assert tries("anna", PASSWORD) == (True, False)


def test_many_names_from_one_address_are_stopped_and_an_unknown_name_is_locked_too() -> None:
    assert [tries(f"name {number}")[1] for number in range(32)] == [False] * 30 + [True] * 2
    assert [tries("nobody", address="203.0.113.1")[1] for _ in range(7)] == [False] * 5 + [True] * 2


def test_one_account_from_many_addresses_is_stopped_but_not_in_her_own_browser() -> None:
    person("anna", Role.EDITOR)
    usual, new = browser("198.51.100.7"), browser("198.51.100.8")
    log_in(usual, "anna")
    usual.post("/account/logout/")
    for number in range(101):
        tries("anna", address=f"203.0.113.{number}")
    assert LOCKED in log_in(new, "anna").content.decode()
    assert log_in(usual, "anna").status_code == 302, "a stranger locks her out of no browser that she used before"
    # That browser is no free ticket: it has a count of its own.
    usual.post("/account/logout/")
    texts = [log_in(usual, "anna", "wrong").content.decode() for _ in range(12)]
    assert [LOCKED in text for text in texts] == [False] * 10 + [True] * 2


def test_a_browser_remembers_all_who_logged_in_there(settings: Any) -> None:
    """One computer of a newsroom, or somebody with two accounts: each is safe from strangers' tries there."""
    settings.LOGIN_FAILURES = 1
    names = ["anna", "bert", "carla"]
    shared = browser("198.51.100.7")
    for name in names:
        person(name, Role.EDITOR)
        log_in(shared, name)
        shared.post("/account/logout/")
    for name in names:
        refused = [tries(name, address=f"203.0.113.{number}")[1] for number in range(21)]
        assert refused == [False] * 20 + [True]
        Throttle.objects.filter(name__startswith="address:").delete()
    for name in names:
        assert log_in(shared, name).status_code == 302, name
        shared.post("/account/logout/")
    assert len(shared.cookies[lockout.COOKIE].value) < 1000


def test_log_ins_are_in_the_servers_log_whatever_its_level(caplog: pytest.LogCaptureFixture) -> None:
    """One line each, and nothing in it that opens anything."""
    assert logging.getLogger("factcheck").getEffectiveLevel() == logging.WARNING
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    client.post("/account/logout/")
    lines = [each.getMessage() for each in caplog.records if each.name == "factcheck.login"]
    assert lines == ["anna: logged in, from 192.0.2.7 (password)", "anna: logged out, from 192.0.2.7"]


def test_the_home_says_who_logged_in_from_where_guesses_came_from() -> None:
    person("anna", Role.EDITOR)
    person("root", Role.ADMINISTRATOR)
    log_in(browser("203.0.113.1"), "anna")
    for address in ("203.0.113.1", "203.0.113.2"):
        for number in range(32):
            tries(f"name {number}", address=address)
    client = browser("198.51.100.1")
    log_in(client, "root")
    home = client.get("/admin/")
    (stopped,) = (card.context["lock_outs"] for card in home.context["cards"] if "lock_outs" in card.context)
    assert "logged in from there: anna" in home.text
    rows = {row["address"]: row["let_in"] for row in stopped}
    assert rows == {"203.0.113.1": ["anna"], "203.0.113.2": []}


def test_a_browser_of_another_account_has_no_count_of_its_own() -> None:
    person("anna", Role.EDITOR)
    person("bert", Role.EDITOR)
    client = browser()
    log_in(client, "bert")
    client.post("/account/logout/")
    texts = [log_in(client, "anna", "wrong").content.decode() for _ in range(6)]
    assert LOCKED in texts[5]
    client.cookies[lockout.COOKIE] = "forged:value"
    assert LOCKED in log_in(client, "anna").content.decode()


def test_a_right_password_does_not_clear_the_count_of_the_address() -> None:
    person("mallory", Role.EDITOR)
    for number in range(31):
        refused = tries(f"victim {number}")[1]
        if number % 4 == 0 and number < 28:
            assert tries("mallory", PASSWORD)[0]
    assert refused


def test_the_lock_ends_and_old_counts_are_deleted(settings: Any) -> None:
    from datetime import timedelta

    settings.LOGIN_LOCK = timedelta(seconds=0.2)
    person("anna", Role.EDITOR)
    for _ in range(7):
        tries("anna")
    time.sleep(0.25)
    assert tries("anna", PASSWORD)[0]
    time.sleep(0.25)
    assert lockout.delete_old() > 0
    assert not Throttle.objects.exists()


def test_the_log_is_shown_to_administrators_and_cannot_be_rewritten() -> None:
    person("root", Role.ADMINISTRATOR)
    person("anna", Role.EDITOR)
    log_in(browser(), "anna", "wrong")
    root, anna = browser(), browser("198.51.100.9")
    log_in(root, "root")
    log_in(anna, "anna")
    url = reverse("admin:login_loginevent_changelist")
    assert "wrong password" in root.get(url).content.decode()
    assert anna.get(url).status_code == 403
    page = anna.get("/account/").content.decode()
    assert "wrong password" in page
    assert "198.51.100.9" in page
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic():
        LogInEvent.objects.update(address="")


def test_logging_out_is_logged_and_needs_a_post() -> None:
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    assert client.get("/account/logout/").status_code == 200
    assert is_in(client)
    client.post("/account/logout/")
    assert not is_in(client)
    assert kinds() == ["in", "out"]


@pytest.mark.parametrize("name", ["", "a" * 151, "an\x00na", "анна", "a" * 100_000])
def test_strange_names_are_refused_without_an_error(name: str) -> None:
    assert log_in(browser(), name, "wrong").status_code in {200, 400}


def test_forms_need_their_token() -> None:
    person("anna", Role.EDITOR)
    client = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    assert log_in(client, "anna").status_code == 403


def test_the_cache_is_shared_by_all_processes() -> None:
    cache.set("a", 1, 60)
    assert cache.get("a") == 1
    assert cache.add("a", 2, 60) is False


def test_few_passwords_are_hashed_at_once() -> None:
    """Who finds no turn is told so, and is neither hashed nor counted; a known browser has a turn of its own."""
    anna = person("anna", Role.EDITOR)
    held = [lockout.strangers.turn() for _ in range(10)]
    got = [turn.__enter__() for turn in held]
    assert 1 <= sum(got) < 10
    request: Any = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")
    assert authenticate(request, username="anna", password=PASSWORD) is None
    assert "moment" in str(request.locked) and not kinds() and not Throttle.objects.exists()
    known: Any = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")
    lockout.remember_browser(known, anna)
    known.COOKIES[lockout.COOKIE] = getattr(known, lockout._NEW_BROWSER)
    assert authenticate(known, username="anna", password=PASSWORD) == anna
    for turn in held:
        turn.__exit__(None, None, None)
    assert authenticate(request, username="anna", password=PASSWORD) == anna
