"""The set-up of an empty desk: each step, who may do it, what is shown once, and when two people can publish."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from claims.models import AccountChange, Organisation, Rating, RatingScale
from claims.roles import GROUPS, Role
from factcheck.login import links
from factcheck.newsrooms.keys import find_key
from factcheck.newsrooms.models import ApiKey
from factcheck.set_up import administrators, colleagues, scales, steps
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"


@pytest.fixture
def ada() -> User:
    """The first administrator, let in."""
    token = administrators.first_link()
    assert token
    return links.use(links.find(token), password=PASSWORD)


@pytest.fixture
def client(ada: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(ada)
    return client


def open_steps(user: User) -> list[str]:
    return [step.key for step in steps.steps(User.objects.get(pk=user.pk)) if not step.done]


def secret(page: Any) -> str:
    found = re.search(r'desk-once">([^<]+)<', page.content.decode())
    assert found
    return found[1]


def test_the_first_link_leads_to_the_set_up(ada: User) -> None:
    assert administrators.first_link() is None
    assert {group.name for group in ada.groups.all()} == {GROUPS[Role.ADMINISTRATOR], GROUPS[Role.CHIEF]}
    assert not ada.is_superuser


def test_each_start_prints_a_new_link_to_the_same_account_until_it_was_used() -> None:
    first, second = administrators.first_link(), administrators.first_link()
    assert first and second and User.objects.count() == 1
    with pytest.raises(links.Refused, match="newer"):
        links.find(first)
    links.use(links.find(second), password=PASSWORD)
    assert administrators.first_link() is None


def test_a_disabled_administrator_is_none_and_another_account_is_made(ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    token = administrators.first_link()
    assert token and links.find(token).account.username == "administrator-2"


def test_accounts_that_do_not_count_keep_nobody_out() -> None:
    demo = User.objects.create_user("demo-administrator", password=PASSWORD)
    demo.groups.add(Group.objects.get(name=GROUPS[Role.ADMINISTRATOR]))
    assert administrators.first_link() is None
    token = administrators.first_link(but=("demo-administrator",))
    assert token and links.find(token).account.username == "administrator"


def test_the_whole_set_up(client: Client, ada: User) -> None:
    assert open_steps(ada) == ["account", "organisation", "scale", "colleagues", "key"]
    home = client.get("/admin/").content.decode()
    assert "Set up: 0 of 5" in home
    fields = {"username": "ada", "first_name": "Ada", "last_name": "Lovelace", "email": ""}
    assert client.post("/admin/set-up/account/", fields)["Location"] == "/admin/set-up/organisation/"
    fields = {"name": "The Check", "site": "check.example"}
    assert client.post("/admin/set-up/organisation/", fields)["Location"] == "/admin/set-up/scale/"
    organisation = Organisation.objects.get()
    assert (organisation.is_ours, organisation.site) == (True, "https://check.example")
    assert client.post("/admin/set-up/scale/", {"scale": "five"})["Location"] == "/admin/set-up/colleagues/"
    page = client.post("/admin/set-up/colleagues/", {"username": "ben", "email": "", "role": "editor"})
    link = secret(page)
    assert link.startswith("http://localhost/link/#") and "no-store" in page["Cache-Control"]
    assert link not in client.get("/admin/set-up/colleagues/").content.decode()
    assert open_steps(ada) == ["colleagues", "key"]
    links.use(links.find(link.partition("#")[2]), password=PASSWORD)
    made = client.post("/admin/set-up/key/", {"newsroom": "Our website", "scopes": ["read"]})
    key = secret(made)
    assert "What comes next" in made.content.decode()
    assert find_key(key).newsroom.name == "Our website"
    assert open_steps(ada) == [] and "Set up:" not in client.get("/admin/").content.decode()
    assert "Everything is set up" in client.get("/admin/set-up/").content.decode()
    assert "Set-up and invitations" in client.get("/admin/settings/").content.decode()


@pytest.mark.parametrize("key", [*scales.read()])
def test_a_shipped_scale_is_a_whole_scale(ada: User, key: str) -> None:
    organisation = Organisation.objects.create(name="The Check", is_ours=True)
    scale = scales.define(scales.read()[key], organisation=organisation, actor=ada)
    steps_of = list(scale.ratings.order_by("value"))
    assert [step.value for step in steps_of] == list(range(1, len(steps_of) + 1))
    assert steps_of[0].verdict == "false" and steps_of[-1].verdict == "true"
    with pytest.raises(links.Refused, match="already"):
        scales.define(scales.read()[key], organisation=organisation, actor=ada)
    assert RatingScale.objects.count() == 1


def test_a_scale_needs_an_organisation_first(client: Client) -> None:
    assert "First say which organisation" in client.get("/admin/set-up/scale/").content.decode()
    client.post("/admin/set-up/scale/", {"scale": "five"})
    assert not Rating.objects.exists()


def test_an_administrator_who_is_no_chief_is_told_whom_to_ask(client: Client, ada: User) -> None:
    ada.groups.remove(Group.objects.get(name=GROUPS[Role.CHIEF]))
    client.force_login(ada)
    for step in ("organisation", "scale"):
        assert "Only a chief defines" in client.get(f"/admin/set-up/{step}/").content.decode()
    client.post("/admin/set-up/organisation/", {"name": "Mine", "site": ""})
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("path", ["", "account/", "organisation/", "scale/", "colleagues/", "key/"])
def test_only_administrators_see_the_set_up(path: str) -> None:
    client = Client(HTTP_HOST="localhost")
    assert client.get(f"/admin/set-up/{path}").status_code == 302
    client.force_login(factories.editor())
    assert client.get(f"/admin/set-up/{path}").status_code == 403
    assert client.post(f"/admin/set-up/{path}", {"username": "x", "role": "editor"}).status_code == 403
    assert "Set up:" not in client.get("/admin/").content.decode()


def test_an_unknown_step_is_no_page(client: Client) -> None:
    assert client.get("/admin/set-up/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"username": "administrator"}, "already exists"),
        ({"username": "a b"}, "valid username"),
        ({"username": "ben", "email": "x"}, "valid email"),
        ({"username": "ben", "role": "king"}, "valid choice"),
        ({"username": ""}, "required"),
    ],
)
def test_a_wrong_invitation_makes_no_account(client: Client, fields: dict[str, str], sentence: str) -> None:
    page = client.post("/admin/set-up/colleagues/", {"role": "editor", "email": "", **fields})
    assert sentence in page.content.decode() and User.objects.count() == 1


def test_a_link_that_was_lost_is_made_again_until_the_colleague_is_in(client: Client) -> None:
    first = secret(client.post("/admin/set-up/colleagues/", {"username": "ben", "role": "editor"}))
    second = secret(client.post("/admin/set-up/colleagues/", {"again": "ben"}))
    with pytest.raises(links.Refused, match="newer"):
        links.find(first.partition("#")[2])
    links.use(links.find(second.partition("#")[2]), password=PASSWORD)
    assert "needs no invitation" in client.post("/admin/set-up/colleagues/", {"again": "ben"}).content.decode()


def test_after_something_was_published_an_inviter_counts_as_the_colleague(client: Client, ada: User) -> None:
    factories.published_review()
    page = client.post("/admin/set-up/colleagues/", {"username": "ben", "role": "editor"})
    assert "count as one person" in page.content.decode()
    ben = links.use(links.find(secret(page).partition("#")[2]), password=PASSWORD)
    made = AccountChange.objects.filter(account=ben.pk, makes=True, exempt=False)
    assert set(made.values_list("what", "maker")) == {(what, ada.pk) for what in ("created", "group", "password")}


@pytest.mark.parametrize(
    ("roles", "enough"),
    [
        (["reporter", "editor"], True),
        (["editor", "editor"], True),
        (["reporter", "reporter"], False),
        (["editor"], False),
        (["editor", "administrator"], False),
    ],
)
def test_how_many_people_are_enough(roles: list[str], enough: bool) -> None:
    for number, role in enumerate(roles):
        user = User.objects.create_user(f"u{number}", password=PASSWORD)
        user.groups.add(Group.objects.get(name=GROUPS[Role(role)]))
    assert colleagues.two_can_publish() is enough


def test_keys_are_made_by_those_who_may(client: Client) -> None:
    page = client.post("/admin/set-up/key/", {"newsroom": "", "scopes": ["read"]})
    assert "required" in page.content.decode()
    client.post("/admin/set-up/key/", {"newsroom": "Paper", "scopes": ["rule"]})
    assert not ApiKey.objects.exists()


INVITATION = {"username": "ben", "email": "", "role": "editor"}


def test_a_second_click_on_invite_shows_a_link_that_works(client: Client) -> None:
    client.post("/admin/set-up/colleagues/", INVITATION)
    second = client.post("/admin/set-up/colleagues/", INVITATION)
    assert "replaces the link of a moment ago" in second.content.decode()
    assert links.find(secret(second).partition("#")[2]).account.username == "ben"


def test_an_invitation_that_is_sent_again_later_leaves_the_first_link_alone(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(colleagues, "_SECOND_CLICK", timedelta(0))
    first = secret(client.post("/admin/set-up/colleagues/", INVITATION)).partition("#")[2]
    again = client.post("/admin/set-up/colleagues/", INVITATION, follow=True)
    assert "ben is invited already" in again.content.decode() and links.find(first)
    another_role = client.post("/admin/set-up/colleagues/", {**INVITATION, "role": "chief"})
    assert "already exists" in another_role.content.decode()


def test_a_link_of_this_machine_says_that_it_opens_nothing_elsewhere(client: Client) -> None:
    page = client.post("/admin/set-up/colleagues/", INVITATION, HTTP_HOST="127.0.0.1:8000")
    assert "leads to this machine alone" in page.content.decode()


def test_a_third_key_is_refused_without_a_command(client: Client) -> None:
    for _ in range(3):
        page = client.post("/admin/set-up/key/", {"newsroom": "Paper", "scopes": ["read"]})
    assert "revoke one first, on the page of the newsroom" in page.content.decode()
    assert "manage.py" not in page.content.decode()


def test_keys_of_whoever_loses_a_role_are_listed_with_their_buttons(client: Client, ada: User) -> None:
    client.post("/admin/set-up/key/", {"newsroom": "Paper", "scopes": ["read"]})
    page = client.get(f"/admin/auth/user/{ada.pk}/change/").content.decode()
    (key,) = ApiKey.objects.all()
    assert f"/admin/newsrooms/apikey/{key.pk}/do/revoke/" in page and "pbkdf2" not in page
    chief = Group.objects.get(name=GROUPS[Role.CHIEF])
    fields = {"username": ada.username, "is_active": "on", "groups": [chief.pk]}
    boss = User.objects.create_superuser("boss", password=PASSWORD)
    boss.groups.add(Group.objects.get(name=GROUPS[Role.ADMINISTRATOR]))
    client.force_login(boss)
    page = client.post(f"/admin/auth/user/{ada.pk}/change/", fields, follow=True)
    assert "knows API keys that still work" in page.content.decode()
