"""No page of the desk answers 500 to parameters that mean nothing."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from tests import factories

LISTS = (
    *(
        "?created_at__year=99999",
        "?public_id=%00",
        "?language=%00",
        "?state=nosuch",
        "?p=abc",
        "?o=-1.x",
        "?id__in=abc",
    ),
    *("?topics__id__exact=abc", "?%00=1", "?q=%E2%80%AE", "?e=1"),
    *("?p=99999999999", "?p=%D9%A3", "?o=", "?_changelist_filters=%00", "?id__regex=(", "?public_id__iregex=("),
    *(f"?id__gt={'9' * 30}", f"?q={'x' * 10_000}", "?created_at__year=2026&created_at__month=2&created_at__day=31"),
)
FORMS = (
    *("?claim=abc", "?topics=abc", "?topics=1,x", "?statement=abc&speaker=99999999999999999999999", "?claim=-1"),
    *("?tip=99999999999999999999", "?language=%00", "?created_at=x"),
)


@pytest.fixture
def desk(db: None) -> Client:
    user: User = factories.editor("ana")
    user.groups.set(Group.objects.all())
    client = Client(HTTP_HOST="localhost", raise_request_exception=False)
    client.force_login(user)
    factories.attributed()
    factories.claim()
    return client


@pytest.mark.parametrize(
    "name",
    ["claim", "appearance", "document", "statement", "speaker", "review", "article", "tip", "recheck", "publication"],
)
def test_lists_and_forms_answer(desk: Client, name: str) -> None:
    addresses = [reverse(f"admin:claims_{name}_changelist") + odd for odd in LISTS]
    addresses += [reverse(f"admin:claims_{name}_changelist") + f"add/{odd}" for odd in FORMS]
    addresses += [reverse(f"admin:claims_{name}_changelist") + f"{key}/change/" for key in ("abc", "9" * 20, "1%00")]
    failed = [address for address in addresses if desk.get(address).status_code >= 500]
    assert failed == []


@pytest.mark.django_db
def test_no_role_is_answered_by_an_error_page() -> None:
    factories.attributed()
    client = Client(HTTP_HOST="localhost", raise_request_exception=False)
    failed = []
    for group in [None, *Group.objects.all()]:
        user: User = factories.editor(f"of {group}")
        user.groups.set([group] if group else [])
        client.force_login(user)
        for name in ("claim", "document", "statement"):
            start = reverse(f"admin:claims_{name}_changelist")
            failed += [
                (str(group), odd)
                for odd in ("?id__regex=(", "?public_id=%00", "?p=99999999999", "add/?claim=abc", "abc/change/")
                if client.get(start + odd).status_code >= 500
            ]
    assert failed == []


def test_what_can_be_is_filled_in(desk: Client) -> None:
    page = desk.get(reverse("admin:claims_claim_add") + "?text=The+dam+holds").content.decode()
    assert "The dam holds" in page
