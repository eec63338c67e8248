"""What people see who ask for a page that is not there or not theirs, and for a list with nothing in it."""

from typing import Any

import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def test_an_address_without_a_page_says_where_to_go(client: Any) -> None:
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert "There is no page at this address" in answer.content.decode()
    assert 'href="/admin/"' in answer.content.decode()


def test_a_page_that_is_not_theirs_says_whom_to_ask(client: Any) -> None:
    client.force_login(factories.editor())
    answer = client.get(reverse("admin:newsrooms_webhookendpoint_add"))
    assert answer.status_code == 403
    assert "Ask an administrator for it" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [("", "There are no tips yet."), ("?q=zebra", "None of the tips fit the filters and the search.")],
)
def test_an_empty_list_says_why_it_is_empty(client: Any, query: str, sentence: str) -> None:
    client.force_login(factories.editor())
    page = client.get(reverse("admin:claims_tip_changelist") + query).content.decode()
    assert sentence in page
    assert ('desk-button">Show all</a>' in page) is bool(query)
