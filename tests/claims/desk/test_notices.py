"""Notices: on the home of the person they are for, and nobody else's, until read."""

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from claims import notices
from claims.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db
VOIDED = Notice.Kind.APPROVAL_VOIDED


def home(user: User) -> str:
    return at_desk(user).get(reverse("admin:index")).content.decode()


def at_desk(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def read(user: User, notice: Notice) -> int:
    return at_desk(user).post(reverse("desk:notice_read", args=[notice.pk])).status_code


def test_a_notice_stands_on_its_recipients_home_until_read() -> None:
    ann, ben = factories.editor(), factories.editor()
    notices.notify([ann, ann], VOIDED, "Ben changed <b>a claim</b>.", "/admin/claims/claim/1/change/")
    notice = Notice.objects.get()
    assert "Ben changed &lt;b&gt;a claim&lt;/b&gt;." in home(ann)
    assert 'href="/admin/claims/claim/1/change/"' in home(ann)
    assert "Ben changed" not in home(ben)

    assert read(ben, notice) == 302
    assert "Ben changed" in home(ann)
    assert read(ann, notice) == 302
    assert "Ben changed" not in home(ann)
    assert Notice.pgh_event_model.objects.filter(pgh_obj=notice).count() == 2  # type: ignore[attr-defined]


def test_reading_takes_a_post_and_a_log_in() -> None:
    ann = factories.editor()
    notices.notify([ann], VOIDED, "Ben changed a claim.")
    notice = Notice.objects.get()
    address = reverse("desk:notice_read", args=[notice.pk])
    assert at_desk(ann).get(address).status_code == 405
    assert Client(HTTP_HOST="localhost").post(address)["Location"].startswith("/admin/login/")
    assert at_desk(User.objects.create_user("reader")).post(address).status_code == 302
    assert list(notices.unread(ann)) == [notice]


def test_nobody_who_cannot_log_in_gets_one() -> None:
    notices.notify([User.objects.create_user("service", is_active=False)], VOIDED, "Ben changed a claim.")
    assert not Notice.objects.exists()


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", r"/\evil.example", "javascript:x"])
def test_a_notice_never_leads_to_another_site(path: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        notices.notify([factories.editor()], VOIDED, "Look here.", path)
