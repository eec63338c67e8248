"""The screen of checklists: chiefs define, others read."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from claims.desk.shell.verbs import seen_of
from claims.models import ChecklistItem
from claims.teamwork import checklists
from tests import factories
from tests.claims.teamwork.test_comments import chief

pytestmark = pytest.mark.django_db
SCREEN = "/admin/settings/checklist/"


def do(client: Client, table: str, pk: int, verb: str, **fields: Any) -> str:
    response = client.post(f"/admin/do/{table}/{pk}/{verb}/", {"next": SCREEN, **fields})
    assert response["Location"] == SCREEN
    return str(list(get_messages(response.wsgi_request))[-1]) if list(get_messages(response.wsgi_request)) else ""


def test_a_chief_defines_the_checklist(client: Client) -> None:
    desk = factories.organisation()
    client.force_login(chief())
    assert "Nothing is asked yet." in client.get(SCREEN).content.decode()
    do(client, "organisation", desk.pk, "add-line", line="Read <b>aloud</b>.", machine="")
    do(client, "organisation", desk.pk, "use-template", template="efcsn")
    first = ChecklistItem.objects.get(position=1)
    do(client, "checklist-line", first.pk, "down")
    html = client.get(SCREEN).content.decode()
    assert "Read &lt;b&gt;aloud&lt;/b&gt;." in html and "the machine: every watched quote stands" in html
    assert [item.text for item in checklists.items_of(desk)].index("Read <b>aloud</b>.") == 1
    do(
        client,
        "checklist-line",
        first.pk,
        "reword",
        line="Read twice.",
        seen=seen_of(ChecklistItem.objects.get(pk=first.pk)),
    )
    do(client, "checklist-line", first.pk, "up")
    assert checklists.items_of(desk)[0].text == "Read twice."
    do(client, "checklist-line", first.pk, "retire")
    assert checklists.items_of(desk).count() == 10


def test_others_read_it(client: Client) -> None:
    desk, boss = factories.organisation(), chief()
    item = checklists.add_item(desk, text="Read it aloud.", actor=boss)
    client.force_login(factories.editor())
    html = client.get(SCREEN).content.decode()
    assert "Read it aloud." in html and "A chief defines these lines." in html and "Add the line" not in html
    do(client, "checklist-line", item.pk, "retire")
    do(client, "organisation", desk.pk, "add-line", line="Another.")
    assert [each.text for each in checklists.items_of(desk)] == ["Read it aloud."]
