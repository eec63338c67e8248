"""The guide for editors: each screen leads to a part of it that is there, and it names buttons as they are."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims.desk.shell import guide
from claims.desk.shell.navigation import ITEMS
from tests import factories

ROOT = Path(__file__).resolve().parents[4]
GUIDE = (ROOT / "docs" / "editors.md").read_text()


@pytest.fixture
def client(db: None) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(pk=factories.editor().pk))
    return client


def test_each_entry_of_the_navigation_has_its_part() -> None:
    anchors = {guide.anchor(heading) for heading in re.findall(r"^## (.+)$", GUIDE, re.MULTILINE)}
    assert {item.key for item in ITEMS} - anchors == set()


def test_a_screen_leads_to_its_part_and_the_guide_shows_it(client: Client) -> None:
    body = client.get("/admin/claims/").content.decode()
    assert 'href="/admin/help/#claims"' in body
    page = client.get("/admin/help/").content.decode()
    assert '<h2 id="claims">Claims</h2>' in page and "<table>" in page and 'lang="en"' in page
    assert page.count("<h1") == 1 and "docs/roles.md" in page


def test_it_names_buttons_as_they_are() -> None:
    """What stands in bold, letter by letter, stands in a template or in the label of a verb."""
    said = "\n".join(
        path.read_text()
        for folder, kind in (("claims/templates/desk", "*.html"), ("claims/desk", "*.py"), ("claims/models", "*.py"))
        for path in (ROOT / folder).rglob(kind)
    )
    bold = {" ".join(each.split()) for each in re.findall(r"\*\*([^*]+)\*\*", GUIDE) if not each.endswith(".")}
    missing = {each for each in bold if each.removesuffix(" …") not in said}
    assert missing == set()
