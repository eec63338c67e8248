"""The one endpoint behind every button of the desk."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import DataError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from claims import visibility
from claims.desk.shell import typed, verbs
from claims.desk.shell.verbs import Act, Verb
from claims.models import Autosave, Topic
from claims.permissions import Refused
from claims.roles import GROUPS, Role
from tests import factories

pytestmark = pytest.mark.django_db


def rename(act: Act) -> str:
    if act.text("name") == "refuse":
        raise Refused("Not this name.")
    if act.text("name") == "invalid":
        raise ValidationError("Not a name.")
    act.row.name = act.text("name")
    act.row.save()
    if act.text("name") == "half":
        raise Refused("Written, and then refused.")
    return "Renamed."


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(verbs, "_TABLES", {})
    verbs.register("topic", Topic, [Verb("rename", "Rename", rename, rule="write", effect="Nothing goes out.")])
    return "topic"


@pytest.fixture
def topic() -> Topic:
    return Topic.objects.create(slug="transport", name="Transport")


def post(client: Client, topic: Any, **fields: str) -> Any:
    return client.post(reverse("desk:do", args=["topic", topic.pk, "rename"]), fields)


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_verb_runs_its_function_and_leads_back(table: str, topic: Topic, client: Client) -> None:
    client.force_login(factories.editor())
    response = post(client, topic, name="Roads", next="/admin/claims/?q=x")
    assert response.status_code == 302 and response["Location"] == "/admin/claims/?q=x"
    topic.refresh_from_db()
    assert topic.name == "Roads" and told(response) == ["Renamed."]


@pytest.mark.parametrize("name", ["refuse", "invalid", "half"])
def test_a_refusal_changes_nothing_and_keeps_what_was_typed(
    table: str, topic: Topic, client: Client, name: str
) -> None:
    client.force_login(user := factories.editor())
    response = post(client, topic, name=name, seen="abc")
    topic.refresh_from_db()
    assert topic.name == "Transport" and len(told(response)) == 1
    kept = typed.kept(user, f"topic:{topic.pk}")
    assert kept is not None and kept.values == {"name": [name]} and kept.seen == "abc"
    post(client, topic, name="Roads")
    assert typed.kept(user, f"topic:{topic.pk}") is None, "saved, so that nothing is left to keep"


def administrator() -> Any:
    """Somebody who sees no claim and writes none."""
    user = factories.editor()
    user.groups.set([Group.objects.get(name=GROUPS[Role.ADMINISTRATOR])])
    return type(user).objects.get(pk=user.pk)


def test_nothing_runs_against_its_rule_even_if_its_function_asks_nobody(
    table: str, topic: Topic, client: Client
) -> None:
    client.force_login(user := administrator())
    assert told(post(client, topic, name="Roads")) == ["Your role does not include this."]
    topic.refresh_from_db()
    assert topic.name == "Transport"
    assert Autosave.objects.get(user=user).values == {"name": ["Roads"]}


@pytest.mark.parametrize("error", [OperationalError("canceling statement due to lock timeout"), DataError("NUL")])
def test_what_was_typed_outlives_an_error_of_the_database(
    monkeypatch: pytest.MonkeyPatch, topic: Topic, client: Client, error: Exception
) -> None:
    def run(act: Act) -> str:
        raise error

    monkeypatch.setattr(verbs, "_TABLES", {})
    verbs.register("topic", Topic, [Verb("rename", "Rename", run)])
    client.force_login(user := factories.editor())
    response = post(client, topic, name="Roads")
    assert response.status_code == 302 and len(told(response)) == 1
    assert Autosave.objects.get(user=user).values == {"name": ["Roads"]}


@pytest.mark.parametrize("outside", [True, False])
def test_no_transaction_is_open_while_other_servers_are_waited_for(
    monkeypatch: pytest.MonkeyPatch, topic: Topic, client: Client, outside: bool
) -> None:
    depths = []
    monkeypatch.setattr(verbs, "_TABLES", {})
    verb = Verb("rename", "Rename", lambda act: depths.append(len(connection.atomic_blocks)), outside=outside)
    verbs.register("topic", Topic, [verb])
    client.force_login(factories.editor())
    around = len(connection.atomic_blocks)
    post(client, topic)
    assert depths == [around if outside else around + 1]


@pytest.mark.parametrize(
    ("name", "verb"),
    [
        ("page", "fetch"),
        ("proposal", "accept"),
        ("chat", "try-out"),
        ("claim", "open-page"),
        ("claim", "saved-pages"),
    ],
)
def test_the_verbs_that_wait_for_other_servers_say_so(name: str, verb: str) -> None:
    _model, found = verbs.find(name, verb)
    assert found is not None and found.outside


def test_the_saved_pages_of_a_claim_are_for_those_who_write(client: Client) -> None:
    version = factories.draft()
    client.force_login(administrator())
    response = client.post(reverse("desk:do", args=["claim", version.review.claim_id, "saved-pages"]))
    assert response.status_code == 302 and told(response) == ["Your role does not include this."]


def test_what_was_typed_for_a_row_that_is_gone_is_kept(table: str, topic: Topic, client: Client) -> None:
    client.force_login(user := factories.editor())
    key = topic.pk
    topic.delete()
    topic.pk = key
    assert post(client, topic, name="Roads").status_code == 302
    assert Autosave.objects.get(user=user).values == {"name": ["Roads"]}


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "x"])
def test_it_never_leads_to_another_site(table: str, topic: Topic, client: Client, path: str) -> None:
    client.force_login(factories.editor())
    assert post(client, topic, name="Roads", next=path)["Location"] == "/admin/"


def test_only_posts_of_known_verbs_by_people_of_the_desk(table: str, topic: Topic, client: Client) -> None:
    address = reverse("desk:do", args=["topic", topic.pk, "rename"])
    assert "/login" in client.post(address)["Location"]
    client.force_login(factories.editor())
    assert client.get(address).status_code == 405
    assert client.post(address.replace("rename", "drop")).status_code == 404
    assert client.post(address.replace("topic", "user")).status_code == 404


def test_a_row_of_a_restricted_claim_is_not_there_for_others(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setattr(verbs, "_TABLES", {})
    ran = []
    claim = factories.claim("A restricted claim.")
    verbs.register("claim", type(claim), [Verb("look", "Look", lambda act: ran.append(act.row.pk))])
    chief = factories.editor()
    chief.groups.add(Group.objects.get(name=GROUPS[Role.CHIEF]))
    visibility.restrict(claim, members=[], actor=chief)
    client.force_login(factories.editor())
    client.post(reverse("desk:do", args=["claim", claim.pk, "look"]))
    assert ran == []


def test_offers_follow_the_permission_table_and_say_why_not(table: str, topic: Topic) -> None:
    (offer,) = verbs.offered(factories.editor(), topic)
    assert offer.allowed and offer.effect == "Nothing goes out." and offer.url.endswith(f"/topic/{topic.pk}/rename/")
    stranger = factories.editor()
    stranger.groups.clear()
    (offer,) = verbs.offered(type(stranger).objects.get(pk=stranger.pk), topic)
    assert not offer.allowed and offer.refusal == "Your role does not include this."


def test_a_name_is_registered_once(table: str) -> None:
    with pytest.raises(ValueError, match="twice"):
        verbs.register("topic", Topic, [Verb("rename", "Rename", rename)])
