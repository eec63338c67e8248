"""One verb for several rows: a line for each, nothing half done, and nothing twice."""

from typing import Any

import pytest
from django.contrib import messages
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.db import DataError, OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from claims.desk.shell import verbs
from claims.desk.shell.verbs import Act, Verb
from claims.desk.teamwork import bulk
from claims.models import Assignment, Claim
from claims.permissions import Refused
from claims.visibility import restrict
from sources.database.audit import acting
from tests import factories
from tests.claims.teamwork.test_comments import chief

pytestmark = pytest.mark.django_db


def post(client: Client, verb: str, rows: list[Any], **fields: Any) -> Any:
    data = {"row": [getattr(each, "pk", each) for each in rows], "next": "/admin/claims/?q=x", **fields}
    return client.post(f"/admin/bulk/claim/{verb}/", data)


def lines(response: Any) -> list[tuple[str, bool, str]]:
    return [(line.name, line.is_done, line.said) for line in response.context["lines"]]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The claims on which a verb ran that refuses some of them, after it wrote."""
    done: list[str] = []

    def run(act: Act) -> Any:
        done.append(act.row.text)
        with acting(act.user, reason="test"):
            act.row.place = "Here"
            act.row.save()
        if act.row.text == "Refused":
            raise Refused("Not this one.")
        if act.row.text == "Page":
            return HttpResponse("A form")
        messages.success(act.request, f"Told of {act.row.text}.")
        return "Moved."

    monkeypatch.setattr(verbs, "_TABLES", {})
    verbs.register("claim", Claim, [Verb("move", "Move", run, when=lambda claim: claim.text != "Senseless")])
    return done


def test_each_row_has_its_line_and_refused_ones_change_nothing(ran: list[str], client: Client) -> None:
    client.force_login(factories.editor())
    made = [factories.claim(text) for text in ("One", "Refused", "Page", "Senseless", "Two")]
    response = post(client, "move", [*made, 999_999, made[0]])
    assert lines(response) == [
        ("One", True, "Told of One. Moved."),
        ("Refused", False, "Not this one."),
        ("Page", False, "It asks for more than a list can; open it."),
        ("Senseless", False, "This makes no sense here as things are."),
        ("Two", True, "Told of Two. Moved."),
        ("Row 999999", False, "It is not there any more."),
    ]
    assert list(Claim.objects.filter(place="Here").values_list("text", flat=True).order_by("pk")) == ["One", "Two"]
    html = response.content.decode()
    assert "Done for 2 rows. Not for 4: see why beside each." in html and 'href="/admin/claims/?q=x"' in html
    assert reverse("desk:claim", args=[made[0].pk]) in html
    assert html.count("Told of One.") == 1, "what the verbs told stands in the lines"


def test_rows_run_in_the_order_of_their_keys_and_are_told_of_as_ticked(ran: list[str], client: Client) -> None:
    """Two people who run it on the same rows would else wait for each other's locks."""
    client.force_login(factories.editor())
    one, two = factories.claim("One"), factories.claim("Two")
    assert [name for name, _done, _said in lines(post(client, "move", [two, one]))] == ["Two", "One"]
    assert ran == ["One", "Two"]


def test_a_verb_that_waits_for_other_servers_is_none_of_a_list(ran: list[str], client: Client) -> None:
    verbs.register("claim", Claim, [Verb("fetch", "Fetch", lambda act: ran.append("fetched"), outside=True)])
    client.force_login(factories.editor())
    assert post(client, "fetch", [factories.claim("One")]).status_code == 404 and ran == []


def test_a_form_that_comes_twice_runs_once(ran: list[str], client: Client) -> None:
    client.force_login(factories.editor())
    made = [factories.claim("One"), factories.claim("Refused")]
    first, second = (post(client, "move", made, csrfmiddlewaretoken="a") for _ in range(2))
    assert lines(first) == lines(second) and ran == ["One", "Refused"]
    post(client, "move", made, csrfmiddlewaretoken="b")
    assert ran == ["One", "Refused"] * 2, "the list was shown anew"


def test_a_row_that_fails_leaves_the_others_alone(
    ran: list[str], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(act: Act) -> str:
        with acting(act.user, reason="test"):
            act.row.place = "There"
            act.row.save()
        if act.row.text == "Bug":
            raise KeyError("a bug")
        if act.row.text == "Busy":
            raise OperationalError("deadlock detected")
        if act.row.text == "Data":
            raise DataError("out of range")
        return "Moved."

    verbs.register("claim", Claim, [Verb("fail", "Fail", fail)])
    client.force_login(factories.editor())
    made = [factories.claim(text) for text in ("Bug", "Busy", "Data", "Fine")]
    said = lines(post(client, "fail", made))
    assert [(name, done) for name, done, _said in said] == [
        ("Bug", False),
        ("Busy", False),
        ("Data", False),
        ("Fine", True),
    ]
    assert [words for _name, _done, words in said[:2]] == [
        "It failed; nothing was changed.",
        "Not saved: the database was busy. Try again in a minute.",
    ]
    assert list(Claim.objects.filter(place="There").values_list("text", flat=True)) == ["Fine"]


def test_a_row_that_the_person_may_not_see_is_not_there(ran: list[str], client: Client) -> None:
    claim = factories.claim("Secret")
    restrict(claim, members=[], actor=chief())
    client.force_login(factories.editor())
    assert lines(post(client, "move", [claim])) == [(f"Row {claim.pk}", False, "It is not there any more.")]
    assert ran == []


@pytest.mark.parametrize("rows", [[], ["x", "-1", "9" * 40], list(range(1, 202))])
def test_no_row_and_too_many_are_refused(ran: list[str], client: Client, rows: list[Any]) -> None:
    client.force_login(factories.editor())
    response = post(client, "move", rows)
    assert response.status_code == 302 and response["Location"] == "/admin/claims/?q=x"
    assert len(list(get_messages(response.wsgi_request))) == 1


def test_unknown_verbs_and_people_without_a_role(ran: list[str], client: Client) -> None:
    client.force_login(factories.editor())
    assert post(client, "drop", [1]).status_code == 404
    assert client.post("/admin/bulk/user/move/", {"row": [1]}).status_code == 404
    assert client.get("/admin/bulk/claim/move/").status_code == 405


def test_claims_are_assigned_together_by_the_real_verb(client: Client) -> None:
    ana, ben = factories.editor("ana"), factories.editor("ben")
    made = [factories.claim(f"Claim {number}") for number in range(3)]
    client.force_login(ana)
    response = post(client, "assign", made, assignee=str(ben.pk))
    assert lines(response) == [(claim.text, True, "Saved. ben is told.") for claim in made]
    assert Assignment.objects.filter(assignee=ben).count() == 3
    assert bulk.MOST == 200


def test_what_the_role_does_not_include_is_said_for_each_row(client: Client) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_claim"))
    client.force_login(reader)
    claim = factories.claim("One")
    assert lines(post(client, "assign", [claim])) == [("One", False, "Your role does not include this.")]
