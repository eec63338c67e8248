"""A forgotten password, reset by a link that is mailed: only with a mail server, the same answer to strangers."""

import re
import time
from typing import Any

import pytest
from django.core import mail
from django.urls.resolvers import URLPattern

from claims.models import AccountChange
from claims.roles import Role
from factcheck.login.urls import account_routes
from tests.factcheck.login.browser import PASSWORD, browser, is_in, log_in, person

pytestmark = pytest.mark.django_db
NEW = "another pass phrase"


def ask(address: str) -> Any:
    return browser().post("/account/password/reset/", {"email": address})


def mails(least: int) -> list[Any]:
    """They are sent beside the answer."""
    for _ in range(100):
        if len(mail.outbox) >= least:
            break
        time.sleep(0.02)
    return mail.outbox


def test_without_a_mail_server_there_is_no_such_page() -> None:
    assert browser().get("/account/password/reset/")["Location"] == "/account/login/"
    assert "An administrator can make you a log-in link" in browser().get("/account/login/").content.decode()


def test_the_link_sets_the_password_once_and_is_her_own_doing(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    user = person("anna", Role.EDITOR, email="anna@house.example")
    old = browser()
    log_in(old, "anna")
    answers = [ask(address) for address in ("anna@house.example", "nobody@house.example")]
    assert {answer["Location"] for answer in answers} == {"/account/password/reset/done/"}
    (sent,) = mails(1)
    time.sleep(0.1)
    assert len(mail.outbox) == 1, "nothing to an address that no account has"
    link = re.search(r"http://localhost(/account/password/reset/key/\S+)", sent.body)
    assert link, sent.body
    client = browser()
    page = client.get(link[1])["Location"]
    answer = client.post(page, {"password1": NEW, "password2": NEW})
    assert answer.status_code == 302, answer.content
    row = AccountChange.objects.filter(account=user.pk, what="password").latest("id")
    assert (row.maker_id, row.makes) == (user.pk, False)
    assert not is_in(client), "setting it opens nothing"
    assert not is_in(old), "and her sessions end"
    assert log_in(browser(), "anna", NEW).status_code == 302
    assert log_in(browser(), "anna", PASSWORD).status_code == 200
    assert "does not work" in browser().get(link[1], follow=True).content.decode()


def test_a_mail_server_that_is_down_shows_nobody_an_error(settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_BACKEND = "127.0.0.1", "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 9
    person("anna", Role.EDITOR, email="anna@house.example")
    assert ask("anna@house.example").status_code == 302


def test_what_a_stranger_can_open_of_these_pages() -> None:
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
    assert opened == {"login/", "password/reset/done/", "password/reset/key/done/", "oidc/cancelled/"}
