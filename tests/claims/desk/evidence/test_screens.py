"""Evidence that is not watched is added at the desk, each kind with its own fields; a refusal loses nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import ReviewVersion
from claims.reviews import publish
from tests import factories

pytestmark = pytest.mark.django_db

KINDS = {
    "interview": {"who": "A doctor", "happened_at": "2026-03-01T10:00", "how": "letter"},
    "dataset": {"dataset": "Bridges, Office", "cell": "A1", "value": "412"},
    "broadcast": {"programme": "News", "timecode": "00:12:30"},
    "analysis": {"note": "We counted."},
}


def client_of(user: Any) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def address(version: ReviewVersion, kind: str) -> str:
    return f"{reverse('desk:add_evidence', args=[version.pk])}?kind={kind}"


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_asks_for_what_it_needs(kind: str) -> None:
    version = factories.draft()
    client = client_of(version.author)
    assert client.get(address(version, kind)).status_code == 200
    common = {"stance": "context", "visibility": "public"}
    answer = client.post(address(version, kind), {**common, "description": "Keep me"})
    assert answer.status_code == 200 and "This field is required." in answer.content.decode()
    assert "Keep me" in answer.content.decode() and version.evidence.count() == 1
    answer = client.post(address(version, kind), {**common, **KINDS[kind]})
    row = version.evidence.latest("pk")
    assert row.kind == kind and answer["Location"].endswith(f"#evidence-{row.pk}")


def test_what_the_database_refuses_is_said_in_words() -> None:
    version = factories.draft()
    data = {"stance": "context", "visibility": "public", "programme": "News", "timecode": "soon"}
    html = client_of(version.author).post(address(version, "broadcast"), data).content.decode()
    assert "a time code such as 00:12:30" in html and version.evidence.count() == 1


@pytest.mark.parametrize("kind", ["page_quote", "file", "", "x"])
def test_no_other_kind_has_such_a_form(kind: str) -> None:
    version = factories.draft()
    assert client_of(version.author).get(address(version, kind)).status_code == 404


def test_nothing_is_added_to_a_published_version() -> None:
    version = factories.approved(factories.draft())
    publish.publish(version, actor=version.approver)
    data = {"stance": "context", "visibility": "public", **KINDS["analysis"]}
    html = client_of(factories.editor()).post(address(version, "analysis"), data).content.decode()
    assert "published and locked" in html and "We counted." in html
