"""One-time links: who can use one, when no more, whose doing the password then is, and where the token never is."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from claims import accounts
from claims.models import AccountChange, Sender
from claims.permissions import Refused
from claims.roles import GROUPS, Role
from factcheck.login import links
from factcheck.login.links import Purpose
from factcheck.login.models import LogInLink
from sources.database.audit import acting
from tests import factories

PASSWORD = "correct-horse-battery"


def administrator(name: str = "adam") -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=GROUPS[Role.ADMINISTRATOR]))
    return user


def account(name: str = "ben") -> User:
    return User.objects.create_user(name, is_staff=True)


def link_of(user: User, maker: User | None = None, purpose: Purpose = Purpose.RESET) -> str:
    return links.create(user, purpose=purpose, maker=maker)


@pytest.mark.django_db
def test_a_link_sets_the_password_once() -> None:
    ben = account()
    token = link_of(ben, administrator())
    links.find(token)
    links.use(links.find(token), password=PASSWORD)
    ben.refresh_from_db()
    assert ben.check_password(PASSWORD)
    with pytest.raises(Refused, match="was used already"):
        links.find(token)


@pytest.mark.sql
@pytest.mark.django_db
def test_the_token_is_stored_only_as_a_hash() -> None:
    token = link_of(account())
    assert LogInLink.objects.get().token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(l)::text || row_to_json(e)::text FROM login_loginlink l, login_loginlinkevent e"
        )
        assert token not in str(cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("purpose", "hours"), [(Purpose.FIRST_ADMINISTRATOR, 1), (Purpose.INVITATION, 24), (Purpose.RESET, 24)]
)
def test_a_link_lives_as_long_as_its_purpose_needs(purpose: Purpose, hours: int) -> None:
    link_of(account(), purpose=purpose)
    link = LogInLink.objects.get()
    assert link.expires_at - link.created_at == timedelta(hours=hours)


def disabled(ben: User, adam: User) -> None:
    User.objects.filter(pk=ben.pk).update(is_active=False)


def disabled_and_back(ben: User, adam: User) -> None:
    disabled(ben, adam)
    User.objects.filter(pk=ben.pk).update(is_active=True)


def given_another_password(ben: User, adam: User) -> None:
    ben.set_password("another-long-password")
    ben.save()


def made_again(ben: User, adam: User) -> None:
    link_of(ben, adam)


def maker_disabled(ben: User, adam: User) -> None:
    User.objects.filter(pk=adam.pk).update(is_active=False)


def maker_no_administrator(ben: User, adam: User) -> None:
    adam.groups.clear()


def raised_above_its_maker(ben: User, adam: User) -> None:
    User.objects.filter(pk=ben.pk).update(is_superuser=True)


ENDS: list[tuple[Callable[[User, User], None], str]] = [
    (disabled, "was disabled or got another password"),
    (disabled_and_back, "was disabled or got another password"),
    (given_another_password, "was disabled or got another password"),
    (made_again, "A newer log-in link"),
    (maker_disabled, "may no longer manage accounts"),
    (maker_no_administrator, "may no longer manage accounts"),
    (raised_above_its_maker, "may no longer manage accounts"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("end", "sentence"), ENDS, ids=[end.__name__ for end, _ in ENDS])
def test_what_ends_a_link(end: Callable[[User, User], None], sentence: str) -> None:
    ben, adam = account(), administrator()
    token = link_of(ben, adam)
    opened = links.find(token)
    end(ben, adam)
    with pytest.raises(Refused, match=sentence):
        links.find(token)
    with pytest.raises(Refused, match=sentence):
        links.use(opened, password=PASSWORD)
    ben.refresh_from_db()
    assert not ben.check_password(PASSWORD)


@pytest.mark.django_db
def test_a_link_expires(monkeypatch: Any) -> None:
    monkeypatch.setitem(links.LIVES, Purpose.RESET, timedelta(microseconds=1))
    token = link_of(account())
    with pytest.raises(Refused, match="has expired"):
        links.find(token)


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "x", "é" * 300, "a\x00b"])
def test_a_token_of_no_link_is_not_known(token: str) -> None:
    link_of(account())
    with pytest.raises(Refused, match="not known"):
        links.find(token)


@pytest.mark.sql
@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    ["used_at = NULL", "expires_at = expires_at + interval '1 day'", "account_id = maker_id", "maker_id = NULL"],
)
def test_the_database_keeps_a_link_as_it_was_made(change: str) -> None:
    link = links.find(link_of(account(), administrator()))
    links.use(link, password=PASSWORD)
    with pytest.raises(IntegrityError, match="used once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE login_loginlink SET {change}")


@pytest.mark.django_db
def test_who_may_make_one() -> None:
    adam, ben, root = administrator(), account(), User.objects.create_superuser("root")
    for maker, of in ((ben, adam), (adam, root), (factories.editor(), ben)):
        with pytest.raises(Refused, match="may not manage"):
            link_of(of, maker)
    for maker, of in ((adam, ben), (root, adam), (ben, ben), (None, root)):
        assert links.find(link_of(of, maker)).account == of


@pytest.mark.django_db
def test_none_for_disabled_accounts_and_for_newsrooms() -> None:
    gone = User.objects.create_user("gone", is_active=False)
    with pytest.raises(Refused, match="is disabled"):
        link_of(gone)
    stand_in = User.objects.create_user("paper, by API", is_active=False)
    Sender.objects.create(newsroom="nws_1", name="Paper", user=stand_in)
    with pytest.raises(Refused, match="stands in for a newsroom"):
        link_of(stand_in)


@pytest.mark.django_db
def test_a_weak_password_uses_nothing_up() -> None:
    link = links.find(link_of(account()))
    with pytest.raises(ValidationError):
        links.use(link, password="ben")
    assert links.use(link, password=PASSWORD)


@pytest.mark.django_db
def test_the_password_counts_as_the_makers_doing() -> None:
    ben, adam = factories.editor("ben"), administrator()
    factories.published_review()
    token = link_of(ben, adam)
    with acting(ben, reason="whoever holds it"):
        links.use(links.find(token), password=PASSWORD)
    change = AccountChange.objects.filter(account=ben.pk, what="password").latest("pk")
    assert (change.maker_id, change.makes, change.exempt) == (adam.pk, True, False)
    assert "ben's password set through a log-in link" in change.reason
    assert [each.other for each in accounts.same_hand(ben, [adam.pk])] == [adam.pk]


@pytest.mark.django_db
def test_a_link_kept_until_something_was_published_counts_too() -> None:
    ben, adam = factories.editor("ben"), administrator()
    token = link_of(ben, adam)
    assert accounts.nothing_published()
    factories.published_review()
    links.use(links.find(token), password=PASSWORD)
    assert AccountChange.objects.filter(account=ben.pk, maker=adam.pk, makes=True, exempt=False).exists()


@pytest.mark.django_db
def test_before_anything_was_published_nobody_becomes_a_maker() -> None:
    ben, adam = factories.editor("ben"), administrator()
    links.use(links.find(link_of(ben, adam)), password=PASSWORD)
    assert AccountChange.objects.get(account=ben.pk, what="password").exempt


@pytest.mark.django_db
def test_ones_own_link_makes_nobody_a_maker_and_the_consoles_makes_everybody_one() -> None:
    ben, cleo = factories.editor("ben"), factories.editor("cleo")
    factories.published_review()
    links.use(links.find(link_of(ben, ben)), password=PASSWORD)
    links.use(links.find(link_of(cleo)), password=PASSWORD)
    own = AccountChange.objects.get(account=ben.pk, what="password")
    console = AccountChange.objects.get(account=cleo.pk, what="password")
    assert (own.maker_id, own.makes) == (ben.pk, False)
    assert (console.maker_id, console.maker_name, console.makes) == (None, links.CONSOLE, True)
    assert None in {each.member for each in accounts.same_hand(cleo, [ben.pk])}


@pytest.mark.sql
def test_two_who_use_a_link_at_once_set_one_password(live_database: Any) -> None:
    link = links.find(link_of(account()))
    results: list[str] = []

    def use(password: str) -> None:
        try:
            links.use(link, password=password)
            results.append(password)
        except Refused:
            results.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=use, args=[f"{PASSWORD}-{nth}"]) for nth in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results)[1:] == ["refused"] * 3
    assert User.objects.get().check_password(sorted(results)[0])


# The pages


def posted(client: Client, token: str) -> Any:
    return client.post("/link/", {"token": token})


@pytest.mark.django_db
def test_the_link_opens_a_page_that_sets_the_password_and_logs_in(client: Client) -> None:
    ben = factories.editor("ben")
    address = links.path(link_of(ben, administrator()))
    assert address.startswith("/link/#")
    for _ in range(2):  # a mail scanner opens it, and even sends the form
        assert Client().get("/link/").status_code == 200
        assert posted(Client(), address.partition("#")[2]).status_code == 302
    assert posted(client, f"http://localhost{address}")["Location"] == "/link/password/"
    page = client.get("/link/password/")
    assert "Set the password of ben" in page.content.decode() and "no-store" in page["Cache-Control"]
    answer = client.post("/link/password/", {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").context["user"] == ben
    again = posted(Client(), address.partition("#")[2])
    assert again.status_code == 403 and "used already" in again.content.decode()
    assert client.get("/link/password/")["Location"] == "/link/"


@pytest.mark.django_db
def test_the_token_is_in_no_address_page_session_or_log(client: Client, caplog: Any) -> None:
    token = link_of(account())
    answer = posted(client, token)
    pages = [answer, client.get("/link/password/"), client.post("/link/password/", {"new_password1": "x"})]
    pages.append(posted(client, token + "x"))
    for page in pages:
        assert token not in page.content.decode() and token not in str(page.headers)
    assert token not in str(dict(client.session)) and token not in caplog.text
    script = client.get("/static/factcheck/link.js")
    assert b"replaceState" in b"".join(script)
    assert not re.search(r"[?/]" + token, links.path(token))


@pytest.mark.django_db
def test_a_weak_or_mistyped_password_is_asked_for_again(client: Client) -> None:
    posted(client, link_of(account()))
    for one, two in (("ben", "ben"), (PASSWORD, "other"), ("", "")):
        page = client.post("/link/password/", {"new_password1": one, "new_password2": two})
        assert page.status_code == 200 and 'class="error"' in page.content.decode()


@pytest.mark.django_db
def test_a_link_that_ended_after_it_was_opened_sets_nothing(client: Client) -> None:
    ben, adam = account(), administrator()
    posted(client, link_of(ben, adam))
    link_of(ben, adam)
    answer = client.post("/link/password/", {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert answer.status_code == 403 and "newer log-in link" in answer.content.decode()
    ben.refresh_from_db()
    assert not ben.check_password(PASSWORD)


@pytest.mark.django_db
def test_who_is_logged_in_as_another_is_told_and_logged_out(client: Client) -> None:
    ben, adam = factories.editor("ben"), administrator()
    client.force_login(adam)
    old = client.session.session_key
    posted(client, link_of(ben, adam))
    assert "logs adam out" in client.get("/link/password/").content.decode()
    client.post("/link/password/", {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert client.get("/admin/").context["user"] == ben and client.session.session_key != old
