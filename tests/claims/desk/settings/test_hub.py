"""Settings lists what a person's roles include, in words, and leads to screens that exist."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from claims.desk.settings.hub import GROUPS as ENTRIES
from claims.desk.settings.hub import address_of
from claims.roles import GROUPS, Role
from tests import factories
from tests.claims.desk.test_notices import at_desk

pytestmark = pytest.mark.django_db


def person(*roles: Role) -> User:
    user = factories.editor()
    user.groups.set(Group.objects.filter(name__in=[GROUPS[role] for role in roles]))
    return User.objects.get(pk=user.pk)


def links(user: User, route: str = "desk:settings") -> list[str]:
    page = at_desk(user).get(reverse(route)).content.decode()
    return re.findall(r'href="([^"]+)"', page.partition("<main")[2].partition("</main>")[0])


@pytest.mark.parametrize("role", list(Role))
def test_every_link_opens(role: Role) -> None:
    user = person(role)
    for link in (*links(user), *links(user, "desk:tables")):
        assert at_desk(user).get(link, follow=True).status_code == 200, link


def test_each_role_sees_its_own() -> None:
    administrator, reporter = links(person(Role.ADMINISTRATOR)), links(person(Role.REPORTER))
    assert reverse("admin:auth_user_changelist") in administrator and reverse("set_up:overview") in administrator
    assert reverse("admin:auth_user_changelist") not in reporter
    assert reverse("admin:claims_topic_changelist") in reporter
    assert reverse("admin:claims_topic_changelist") not in administrator


def test_every_entry_but_those_to_come_has_a_screen() -> None:
    missing = {str(entry.label) for group in ENTRIES for entry in group.entries if not address_of(entry)}
    assert missing <= {"Take over from Check", "Chats"}
