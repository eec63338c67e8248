"""The list of documents: what waits, what was made, from where."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.desk.documents.addresses import document_address
from claims.models import Document
from claims.statements import ingest, link_claim
from claims.statements.by_hand import marks
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "The city built 4,200 homes in 2024, Ines Halloway said. It closed 12 schools in 2023, Tom Orr said."


@pytest.fixture
def ana() -> Any:
    return factories.editor()


@pytest.fixture
def desk(client: Client, ana: Any) -> Client:
    client.force_login(ana)
    return client


def stored(text: str = TEXT, **told: Any) -> Document:
    return ingest.store(ingest.read(text), ingest.statements(text), **told)


def shown(desk: Client, **query: str) -> str:
    answer = desk.get(reverse("desk:documents"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_row_says_what_waits_and_what_was_made(desk: Client, ana: Any) -> None:
    document = stored(title="Homes", publisher="Courier", actor=ana)
    body = shown(desk)
    assert "2 wait" in body and "Courier" in body and document_address(document) in body and str(ana) in body
    first, second = document.statements.all()
    link_claim.claim_from_statement(first, actor=ana)
    assert "1 wait" in shown(desk)
    marks.set_aside(second, actor=ana)
    assert "nothing waits" in shown(desk)


def test_filters_and_search(desk: Client, ana: Any) -> None:
    waits, done = stored(title="Homes"), stored("The weather is nice.", title="Weather")
    assert "Homes" in shown(desk, state="waits") and "Weather" not in shown(desk, state="waits")
    assert "Weather" in shown(desk, state="done") and "Homes" not in shown(desk, state="done")
    assert "Homes" not in shown(desk, q="weather") and "Homes" in shown(desk, sender="own", kind="article")
    assert "No rows match" in shown(desk, kind="speech")
    answer = desk.get(reverse("desk:documents"), {"q": waits.public_id})
    assert answer["Location"] == document_address(waits)
    table = b"".join(desk.get(reverse("desk:documents"), {"format": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert done.public_id in table and waits.public_id in table


def test_the_queries_do_not_grow_with_the_rows(desk: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(6):
        stored(f"{TEXT} Number {number}.", title=f"Story {number}")
    shown(desk)
    with django_assert_max_num_queries(15):
        shown(desk)
