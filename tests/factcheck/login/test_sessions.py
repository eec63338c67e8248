"""Sessions: hashed keys, idle and absolute ends, and whatever ends them at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as live
from django.contrib.auth.models import Group
from django.utils import timezone

from claims.roles import GROUPS, Role
from factcheck.login.models import Session
from sources.database.audit import acting
from tests.factcheck.login.browser import PASSWORD, browser, is_in, log_in, person

pytestmark = pytest.mark.django_db


def test_neither_the_table_nor_a_backup_of_it_logs_in() -> None:
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    stored = Session.objects.get(account__username="anna")
    cookie = client.cookies[live.SESSION_COOKIE_NAME].value
    assert stored.session_key != cookie
    thief = browser()
    thief.cookies[live.SESSION_COOKIE_NAME] = stored.session_key
    assert not is_in(thief)
    thief.cookies[live.SESSION_COOKIE_NAME] = cookie
    assert is_in(thief), "the control"


def test_the_cookie_is_new_after_a_log_in() -> None:
    person("anna", Role.EDITOR)
    client = browser()
    client.cookies[live.SESSION_COOKIE_NAME] = "planted0planted0planted0planted0"
    log_in(client, "anna")
    assert client.cookies[live.SESSION_COOKIE_NAME].value != "planted0planted0planted0planted0"
    assert client.cookies[live.SESSION_COOKIE_NAME]["httponly"]


def test_a_session_ends_when_it_is_not_used(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    now = timezone.now()
    for minutes, open_then in ((119, True), (119 + 119, True), (119 + 119 + 121, False)):
        monkeypatch.setattr(timezone, "now", lambda minutes=minutes: now + timedelta(minutes=minutes))
        assert is_in(client) is open_then, minutes


def test_a_session_ends_a_day_after_the_log_in_however_much_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    now = timezone.now()
    for hours in range(1, 24):
        monkeypatch.setattr(timezone, "now", lambda hours=hours: now + timedelta(hours=hours))
        assert is_in(client)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=24, seconds=1))
    assert not is_in(client)


def test_using_it_writes_once_a_minute_at_most(django_assert_num_queries: Any) -> None:
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    client.get("/account/")
    before = Session.objects.get(account__username="anna").seen_at
    client.get("/account/")
    assert Session.objects.get(account__username="anna").seen_at == before


@pytest.mark.parametrize("what", ["password", "disabled", "no desk", "role", "role taken"])
def test_what_is_done_to_an_account_ends_its_sessions_at_once(what: str) -> None:
    user, root = person("anna", Role.EDITOR), person("root", Role.ADMINISTRATOR)
    client = browser()
    log_in(client, "anna")
    chiefs, editors = Group.objects.get(name=GROUPS[Role.CHIEF]), Group.objects.get(name=GROUPS[Role.EDITOR])
    with acting(root, reason="test"):
        if what == "password":
            user.set_password("another pass phrase")
            user.save()
        elif what == "disabled":
            type(user).objects.filter(pk=user.pk).update(is_active=False)  # whatever way it is done
            assert not is_in(client)
            type(user).objects.filter(pk=user.pk).update(is_active=True)
        elif what == "no desk":
            type(user).objects.filter(pk=user.pk).update(is_staff=False)
        elif what == "role":
            user.groups.add(chiefs)
        else:
            user.groups.remove(editors)
    assert not Session.objects.filter(account=user.pk).exists()
    assert client.get("/admin/").status_code == 302


def test_ones_own_new_password_ends_the_other_sessions_alone() -> None:
    person("anna", Role.EDITOR)
    here, there = browser(), browser("198.51.100.1")
    log_in(here, "anna")
    log_in(there, "anna")
    fields = {"oldpassword": PASSWORD, "password1": "another pass phrase", "password2": "another pass phrase"}
    assert here.post("/account/password/", {**fields, "oldpassword": "wrong"}).status_code == 200
    assert is_in(there)
    assert here.post("/account/password/", fields)["Location"] == "/account/"
    assert is_in(here)
    assert not is_in(there)


def test_guessing_the_password_in_a_session_that_was_left_open_is_stopped() -> None:
    person("anna", Role.EDITOR)
    client = browser()
    log_in(client, "anna")
    pages = [client.post("/account/reauthenticate/", {"password": f"wrong {n}"}).content.decode() for n in range(12)]
    assert "Too many wrong passwords" in pages[-1]


def test_people_see_and_end_their_own_sessions_and_nobody_elses() -> None:
    person("anna", Role.EDITOR)
    person("eve", Role.EDITOR)
    here, there, eve = browser(), browser("198.51.100.1"), browser("203.0.113.1")
    for client, name in ((here, "anna"), (there, "anna"), (eve, "eve")):
        log_in(client, name)
    other = Session.objects.get(address="198.51.100.1")
    assert "198.51.100.1" in here.get("/account/").content.decode()
    assert eve.post(f"/account/sessions/{other.session_key}/end/").status_code == 404
    assert here.post(f"/account/sessions/{other.session_key}/end/").status_code == 302
    assert not is_in(there)
    assert is_in(here)
    log_in(there, "anna")
    here.post("/account/sessions/end/")
    assert (is_in(here), is_in(there), is_in(eve)) == (True, False, True)


def test_the_log_in_page_says_that_a_session_has_ended() -> None:
    anna = person("anna", Role.EDITOR)
    client = browser()
    assert "session has ended" not in client.get("/admin/claims/claim/", follow=True).content.decode(), "never in"
    log_in(client, "anna")
    with acting(person("boss", Role.ADMINISTRATOR), reason="a role"):
        anna.groups.add(Group.objects.get(name=GROUPS[Role.CHIEF]))
    page = client.get("/admin/claims/claim/", follow=True)
    assert page.request["PATH_INFO"] == "/account/login/" and "session has ended" in page.content.decode()
    log_in(client, "anna")
    client.post("/account/logout/")
    assert "session has ended" not in client.get("/admin/claims/claim/", follow=True).content.decode()
