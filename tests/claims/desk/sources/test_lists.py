"""The lists of sources take a fixed number of queries, and no more of a page than a person reads."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.watch import sweep
from sources.models import Polling
from tests import factories

pytestmark = pytest.mark.django_db

NAMES = ["sources", "blind_pages", "changes", "feeds", "saved_pages", "copies"]


def opened(client: Client, name: str) -> tuple[int, Any]:
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(reverse(f"desk:{name}"), {"quotes": "all"})
    own = [each for each in seen if "django_session" not in each["sql"] and "auth_" not in each["sql"]]
    return len(own), answer


def test_lists_take_twelve_queries_at_most_however_many_rows_there_are() -> None:
    client = Client(HTTP_HOST="localhost")
    client.force_login(factories.editor())
    few = {}
    for step in range(2):
        for _ in range(2 if step == 0 else 6):
            page = factories.page()
            factories.change(page, "Other words now.")
            Polling.objects.filter(page=page).update(last_outcome="blocked")
        sweep.sweep()
        for name in NAMES:
            count, answer = opened(client, name)
            assert answer.status_code == 200 and len(answer.content) < 150_000
            assert count <= 12, name
            assert few.setdefault(name, count) >= count, name
