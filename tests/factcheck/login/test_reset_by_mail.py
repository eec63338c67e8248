"""A forgotten password, reset by a link that is mailed: only with a mail server, the same answer to strangers."""

import logging
import re
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls.resolvers import URLPattern

from claims.models import AccountChange
from claims.roles import Role
from factcheck.login import links, resets
from factcheck.login.models import LogInLink
from factcheck.login.urls import account_routes
from sources.database.audit import acting
from tests import factories
from tests.factcheck.login.browser import PASSWORD, browser, is_in, log_in, person

NEW = "another pass phrase"
SITE = "https://desk.example"
WITHIN = 10.0  # seconds until a thread is done


@pytest.fixture(autouse=True)
def mail_server(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"


def ask(address: str, client: str = "192.0.2.7") -> Any:
    return browser(client).post("/account/password/reset/", {"email": address})


def links_in_mails() -> list[str]:
    return [re.findall(r"https://desk\.example/link/#(\w+)\n", str(each.body))[0] for each in mail.outbox]


def wait_for(threads: set[threading.Thread]) -> None:
    for thread in set(threading.enumerate()) - threads:
        thread.join(WITHIN)


def set_password(token: str) -> Any:
    client = browser()
    client.post("/link/", {"token": token})
    return client, client.post("/link/password/", {"new_password1": NEW, "new_password2": NEW})


@pytest.mark.django_db
def test_without_a_mail_server_there_is_no_such_page(settings: Any) -> None:
    settings.EMAIL_HOST = ""
    for path in ("/account/password/reset/", "/account/password/reset/done/"):
        assert browser().get(path)["Location"] == "/account/login/"
        assert browser().post(path, {"email": "anna@house.example"})["Location"] == "/account/login/"
    assert "An administrator can make you a log-in link" in browser().get("/account/login/").content.decode()


@pytest.mark.sql
@pytest.mark.usefixtures("live_database")
def test_the_answer_says_nothing_and_does_not_wait_for_the_mail(
    settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A mail server that refuses, one that hangs, and one that works: strangers see no difference."""
    person("anna", Role.EDITOR, email="anna@house.example")
    before = set(threading.enumerate())
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 9
    settings.EMAIL_HOST = "127.0.0.1"
    answers = [ask(address) for address in ("anna@house.example", "nobody@house.example")]
    wait_for(before)
    assert [(each.status_code, each["Location"]) for each in answers] == [(302, "/account/password/reset/done/")] * 2
    assert caplog.text.count("A mail could not be sent; check FACTCHECK_SMTP") == 1
    LogInLink.objects.all().delete()
    hanging = threading.Event()
    monkeypatch.setattr(resets, "_mail", lambda *_: hanging.wait(WITHIN))
    started = time.monotonic()
    ask("anna@house.example")
    assert time.monotonic() - started < WITHIN / 2
    hanging.set()
    wait_for(before)


@pytest.mark.django_db
def test_a_flood_makes_no_thread_for_each(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    hanging = threading.Event()
    monkeypatch.setattr(resets, "send", lambda *_: hanging.wait(WITHIN))
    before = set(threading.enumerate())
    with caplog.at_level(logging.ERROR):
        for number in range(12):
            assert ask("anna@house.example", client=f"192.0.2.{number}").status_code == 302
    assert len(set(threading.enumerate()) - before) == 8
    assert caplog.text.count("keeps eight others waiting") == 4
    hanging.set()
    wait_for(before)


@pytest.mark.django_db
def test_the_link_sets_the_password_once_and_is_her_own_doing() -> None:
    user = person("anna", Role.EDITOR, email="anna@house.example")
    old = browser()
    log_in(old, "anna")
    resets.send("ANNA@house.example", SITE)
    resets.send("nobody@house.example", SITE)
    assert [each.to for each in mail.outbox] == [["anna@house.example"]], "as the account has it, not as it was typed"
    (token,) = links_in_mails()
    client, answer = set_password(token)
    assert answer["Location"] == "/admin/"
    assert is_in(client)
    assert not is_in(old), "her other sessions end"
    row = AccountChange.objects.filter(account=user.pk, what="password").latest("id")
    assert (row.maker_id, row.makes) == (user.pk, False)
    assert log_in(browser(), "anna", NEW).status_code == 302
    assert log_in(browser(), "anna", PASSWORD).status_code == 200
    assert "was used already" in browser().post("/link/", {"token": token}).content.decode()


@pytest.mark.django_db
def test_who_gets_none() -> None:
    person("gone", Role.EDITOR, email="gone@house.example", is_active=False)
    user = person("sso", Role.EDITOR, email="sso@house.example")
    user.set_unusable_password()
    user.save()
    for address in ("gone@house.example", "sso@house.example", ""):
        resets.send(address, SITE)
    assert not mail.outbox


@pytest.mark.django_db
def test_a_stranger_who_asks_all_the_time_keeps_nobody_from_a_new_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever he asks for is in her mailbox, and ends neither a link that she has nor one of an administrator."""
    anna = person("anna", Role.EDITOR, email="anna@house.example")
    by_root = links.create(anna, purpose=links.Purpose.RESET, maker=person("root", Role.ADMINISTRATOR))
    for _ in range(10):
        resets.send("anna@house.example", SITE)
    assert len(mail.outbox) == 1, "one mail in five minutes"
    monkeypatch.setattr(resets, "EVERY", timedelta(0))
    resets.send("anna@house.example", SITE)
    first, second = links_in_mails()
    for token in (by_root, first, second):
        links.find(token)
    set_password(first)
    for token in (by_root, second):
        with pytest.raises(links.Refused, match="another password"):
            links.find(token)


@pytest.mark.django_db
def test_too_many_from_one_address_says_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(resets, "send_later", lambda request, address: sent.append(address))
    answers = [ask(f"name{number}@house.example") for number in range(21)]
    assert [each.status_code for each in answers] == [302] * 20 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 900
    assert (
        "Too many tries" in answers[-1].content.decode() and "try again in 15 minutes" in answers[-1].content.decode()
    )
    assert ask("name@house.example", client="198.51.100.1").status_code == 302, "another address has its own count"
    assert len(sent) == 21


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["nobody", "herself", "an administrator", "a former administrator"])
def test_whoever_chose_the_address_lately_is_the_maker(who: str) -> None:
    anna, root = person("anna", Role.EDITOR, email="anna@house.example"), person("root", Role.ADMINISTRATOR)
    factories.published_review()  # what is done to accounts before makes nobody a maker
    makers = {"herself": anna, "an administrator": root, "a former administrator": root}
    if who in makers:
        resets.send("anna@house.example", SITE)
        with acting(makers[who], reason="test"):
            anna.email = "new@house.example"
            anna.save(update_fields=["email"])
        with pytest.raises(links.Refused, match="another e-mail address"):
            links.find(links_in_mails()[0])
        mail.outbox.clear()
        LogInLink.objects.filter(account=anna.pk).delete()
        if who == "a former administrator":
            root.groups.clear()
    resets.send(anna.email, SITE)
    client = browser()
    client.post("/link/", {"token": links_in_mails()[0]})
    page = client.get("/link/password/").content.decode()
    assert ("for 72 hours" in page) is (who in ("an administrator", "a former administrator"))
    assert ("counts as set by root, who chose the e-mail address" in page) is (who == "an administrator")
    client.post("/link/password/", {"new_password1": NEW, "new_password2": NEW})
    row = AccountChange.objects.filter(account=anna.pk, what="password").latest("id")
    expected = {"an administrator": (root.pk, True), "a former administrator": (None, True)}
    assert (row.maker_id, row.makes) == expected.get(who, (anna.pk, False))


@pytest.mark.django_db
def test_what_a_stranger_can_open_of_these_pages(settings: Any) -> None:
    settings.EMAIL_HOST = ""
    opened = set()
    for pattern in account_routes:
        if not isinstance(pattern, URLPattern) or "<" in str(pattern.pattern):
            continue
        answer = browser().get(f"/account/{pattern.pattern}")
        if answer.status_code == 200:
            opened.add(str(pattern.pattern))
        else:
            there = answer.get("Location", "")
            assert answer.status_code == 405 or "/account/login/" in there or there == "/admin/", pattern.pattern
    assert opened == {"login/", "oidc/cancelled/"}
