"""Accounts at the desk: roles are ticked, and an administrator gets no further than administrators may."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from claims.models import Sender
from claims.roles import GROUPS, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def adam() -> User:
    user = User.objects.create_user("adam", is_staff=True)
    user.groups.add(Group.objects.get(name=GROUPS[Role.ADMINISTRATOR]))
    return user


@pytest.fixture
def client(adam: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(adam)
    return client


def change(client: Client, user: User, **fields: Any) -> Any:
    data = {"username": user.username, "is_active": "on", "groups": [], **fields}
    return client.post(reverse("admin:auth_user_change", args=[user.pk]), data)


def test_an_administrator_makes_an_account_and_ticks_its_roles(client: Client) -> None:
    password = "correct-horse-battery"
    data = {"username": "ben", "password1": password, "password2": password, "usable_password": "true"}
    client.post(reverse("admin:auth_user_add"), data)
    ben = User.objects.get(username="ben")
    assert ben.is_staff and not ben.is_superuser
    page = client.get(reverse("admin:auth_user_change", args=[ben.pk])).content.decode()
    assert all(name in page for name in GROUPS.values())
    assert "is_superuser" not in page and "user_permissions" not in page and "is_staff" not in page
    roles = Group.objects.filter(name__in=["Reporters", "Chiefs"])
    assert change(client, ben, groups=[role.pk for role in roles]).status_code == 302
    assert set(ben.groups.all()) == set(roles)
    assert "Reporters, Chiefs" in client.get(reverse("admin:auth_user_changelist")).content.decode()


def test_an_administrator_cannot_make_superusers_or_give_single_permissions(client: Client, adam: User) -> None:
    change(client, adam, is_superuser="on", user_permissions=["1"], groups=[adam.groups.get().pk])
    adam.refresh_from_db()
    assert not adam.is_superuser and not adam.user_permissions.exists()


def test_an_administrator_does_not_touch_a_superuser_nor_a_newsrooms_stand_in(client: Client) -> None:
    root = User.objects.create_superuser("root", password="x")
    stand_in = User.objects.create_user("paper, by API", is_active=False)
    Sender.objects.create(newsroom="nws_1", name="Paper", user=stand_in)
    for user in (root, stand_in):
        assert change(client, user, is_active="").status_code == 403
        answer = client.post(
            reverse("admin:auth_user_password_change", args=[user.pk]), {"password1": "a", "password2": "a"}
        )
        assert answer.status_code == 403
    assert not User.objects.get(pk=stand_in.pk).is_active


def test_an_administrator_does_not_change_what_a_role_may_do(client: Client) -> None:
    group = Group.objects.get(name=GROUPS[Role.ADMINISTRATOR])
    address = reverse("admin:auth_group_change", args=[group.pk])
    assert client.post(address, {"name": group.name, "permissions": []}).status_code == 403


def test_nobody_deletes_an_account(client: Client, adam: User) -> None:
    assert client.post(reverse("admin:auth_user_delete", args=[adam.pk]), {"post": "yes"}).status_code == 403


def test_an_administrator_alone_has_no_editorial_page(client: Client) -> None:
    for name in ("claims_claim", "claims_reviewversion", "claims_restriction", "sources_page"):
        assert client.get(reverse(f"admin:{name}_changelist")).status_code == 403
    assert client.get(reverse("admin:index")).status_code == 200
