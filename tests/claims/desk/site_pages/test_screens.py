"""The screens of the site's pages: written by one, approved by another, seen by readers then."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from claims.roles import GROUPS, Role
from claims.site_pages import proposals
from tests import factories

pytestmark = pytest.mark.django_db
SCREEN = "/admin/settings/pages/method/"


def browser(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def test_one_writes_another_approves_and_readers_read() -> None:
    writer, second = browser(factories.editor("writer")), browser(factories.editor("second"))
    assert "not written yet" in writer.get("/admin/settings/pages/").content.decode()
    shown = writer.post(SCREEN, {"text": "We *ask*.", "preview": "1"}).content.decode()
    assert "<em>ask</em>" in shown and proposals.waiting("method") is None
    assert writer.post(SCREEN, {"text": "We *ask*.", "note": "First."})["Location"] == SCREEN
    own = writer.get(SCREEN).content.decode()
    assert "You submitted it: ask a colleague." in own and "Write the next version" not in own
    others = second.get(SCREEN).content.decode()
    [seen] = set(re.findall(r'name="seen" value="([^"]*)"', others))
    row = proposals.waiting("method")
    assert row
    assert second.post(f"/admin/do/page-proposal/{row.pk}/approve/", {"seen": seen, "next": SCREEN}).status_code == 302
    assert proposals.published_text("method") == "We *ask*."
    assert "<em>ask</em>" in Client().get("/method").content.decode()


def test_what_was_typed_stays_when_it_is_refused() -> None:
    client = browser(factories.editor("writer"))
    html = client.post(SCREEN, {"text": "x" * 50_001}).content.decode()
    assert "at most 50,000" in html and "x" * 50_001 in html


def test_a_version_beside_one_that_waits_is_refused_with_what_was_typed() -> None:
    browser(factories.editor("writer")).post(SCREEN, {"text": "We *ask*."})
    html = browser(factories.editor("second")).post(SCREEN, {"text": "We *wonder*."}).content.decode()
    assert "A version of this page waits already" in html and "We *wonder*." in html
    waiting = proposals.waiting("method")
    assert waiting and waiting.text == "We *ask*."


def test_a_reporter_reads_and_writes_nothing() -> None:
    user = User.objects.create_user("rep", is_staff=True)
    user.groups.set(Group.objects.filter(name=GROUPS[Role.REPORTER]))
    client = browser(user)
    assert "Write the next version" not in client.get(SCREEN).content.decode()
    assert client.post(SCREEN, {"text": "We ask."}).status_code == 403
    assert client.get("/admin/settings/pages/imprint/").status_code == 404
