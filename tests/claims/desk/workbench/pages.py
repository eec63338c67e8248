"""What the tests of the workbench share."""

import re
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from claims.models import Claim


def browser(user: User) -> Client:
    """A logged-in browser."""
    client = Client()
    client.force_login(user)
    return client


def read(client: Client, claim: Claim, query: str = "") -> str:
    """The workbench of the claim."""
    answer = client.get(f"/admin/claims/{claim.pk}/{query}")
    assert answer.status_code == 200, answer.status_code
    return answer.text


def do(client: Client, table: str, row: Any, verb: str, **fields: Any) -> Any:
    """Press a button; the page to which it leads."""
    return client.post(f"/admin/do/{table}/{row.pk}/{verb}/", fields, follow=True)


def seen(page: str, form: str = "review-form") -> str:
    """What the form says of the state of its row."""
    found = re.search(r'name="seen" value="([0-9a-f]*)"', page[page.index(f'id="{form}"') :])
    assert found is not None
    return found[1]
