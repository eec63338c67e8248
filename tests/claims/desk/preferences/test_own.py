"""The screen of one's own settings."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Notice, Preferences
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/admin/me/"


def at_desk(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def fields(**changed: Any) -> dict[str, Any]:
    plain = {"language": "", "time_zone": "", "theme": "", "keys": "on", "mail": "", "sent": Notice.Kind.values}
    return {**plain, "quiet_from": "", "quiet_to": "", "chat_name": "", **changed}


def test_what_is_chosen_is_kept_and_seen_at_once() -> None:
    ann = factories.editor()
    client = at_desk(ann)
    assert client.get(URL).status_code == 200
    chosen = fields(
        language="de",
        time_zone="Europe/Vienna",
        theme="dark",
        keys="",
        mail="daily",
        sent=["mention"],
        quiet_from="22:00",
        quiet_to="07:00",
        chat_name="  ann  a ",
    )
    assert client.post(URL, chosen)["Location"] == URL
    row = Preferences.objects.get()
    assert (row.user_id, row.language, row.time_zone, row.theme) == (ann.pk, "de", "Europe/Vienna", "dark")
    assert (row.keys, row.mail, row.chat_name) == (False, "daily", "ann a")
    assert set(row.muted) == set(Notice.Kind.values) - {"mention"}
    page = client.get(URL)
    assert page["Content-Language"] == "de"
    text = page.content.decode()
    assert '<html lang="de" dir="ltr" class="dark">' in text
    assert 'data-keys="off"' in text


def test_everything_sent_mutes_nothing() -> None:
    client = at_desk(factories.editor())
    client.post(URL, fields())
    assert Preferences.objects.get().muted == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "tlh"},
        {"time_zone": "Mars/Olympus"},
        {"theme": "pink"},
        {"mail": "always"},
        {"sent": ["gossip"]},
        {"quiet_from": "22:00"},
        {"quiet_from": "22:00", "quiet_to": "22:00"},
        {"quiet_from": "25:00", "quiet_to": "07:00"},
        {"chat_name": "a" * 101},
        {"chat_name": "ann\u202e"},
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(wrong: dict[str, Any]) -> None:
    client = at_desk(factories.editor())
    answer = client.post(URL, fields(**{"chat_name": "typed", **wrong}))
    assert answer.status_code == 200
    assert not Preferences.objects.exists()
    text = answer.content.decode()
    assert 'role="alert"' in text
    if "chat_name" not in wrong:
        assert 'value="typed"' in text


def test_nobody_changes_anybody_elses() -> None:
    ann, ben = factories.editor(), factories.editor()
    Preferences.objects.create(user=ann, chat_name="ann")
    at_desk(ben).post(URL, fields(user=str(ann.pk), chat_name="ben"))
    assert Preferences.objects.get(pk=ann.pk).chat_name == "ann"
    assert Preferences.objects.get(pk=ben.pk).chat_name == "ben"


def test_everybody_at_the_desk_has_them_and_nobody_else() -> None:
    administrator = User.objects.create_user("root", is_staff=True, is_superuser=True)
    assert at_desk(administrator).get(reverse("desk:preferences")).status_code == 200
    assert Client(HTTP_HOST="localhost").get(URL).status_code == 302
    assert at_desk(User.objects.create_user("guest", is_staff=True)).get(URL).status_code == 403


def test_it_says_what_keeps_mail_from_being_sent(settings: Any) -> None:
    ann = factories.editor()
    settings.EMAIL_HOST = ""
    assert "no mail server" in at_desk(ann).get(URL).content.decode()
    settings.EMAIL_HOST = "mail.example"
    assert "no e-mail address" in at_desk(ann).get(URL).content.decode()
    ann.email = "ann@desk.example"
    ann.save()
    assert "to ann@desk.example" in at_desk(ann).get(URL).content.decode()
