"""The screens of notices and of chats."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from claims import notices
from claims.models import ChatWebhook, Notice
from claims.roles import GROUPS, Role
from tests import factories

pytestmark = pytest.mark.django_db
NOTICES, CHATS = "/admin/notices/", "/admin/settings/chats/"
SECRET = "https://hooks.slack.com/services/T0AAAA/B0BBBB/verysecret"


def at_desk(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def administrator() -> User:
    user = User.objects.create_user(f"root-{User.objects.count()}", is_staff=True)
    user.groups.add(Group.objects.get(name=GROUPS[Role.ADMINISTRATOR]))
    return user


def test_ones_own_notices_unread_first() -> None:
    ann, ben = factories.editor(), factories.editor()
    claim = factories.claim("The older one.")
    notices.notify([ann], "work_due", claim=claim, path=f"/admin/claims/{claim.pk}/")
    newer = factories.notice(ann, "<b>The newer one.</b>")
    factories.notice(ben, "Not hers.")
    client = at_desk(ann)
    notices.mark_read(ann, newer.pk)
    page = client.get(NOTICES).content.decode()
    assert page.index("The older one.") < page.index("&lt;b&gt;The newer one.")
    assert "Not hers." not in page
    assert f'href="/admin/claims/{claim.pk}/"' in page


def test_all_that_was_seen_is_marked_as_read() -> None:
    ann, ben = factories.editor(), factories.editor()
    for user in (ann, ben, ann):
        factories.notice(user)
    client = at_desk(ann)
    until = client.get(NOTICES).context["newest"]
    factories.notice(ann, "Came while she looked.")
    assert client.get("/admin/notices/read/").status_code == 405
    client.post("/admin/notices/read/", {"until": until})
    assert [row.said for row in notices.unread(ann)] == ["Came while she looked."]
    assert notices.unread(ben).count() == 1
    for nonsense in ("", "x", "-1", "9" * 30):
        assert client.post("/admin/notices/read/", {"until": nonsense}).status_code == 302
    assert notices.unread(ann).count() == 1


def test_reading_one_leads_back_to_where_it_stood() -> None:
    ann = factories.editor()
    factories.notice(ann)
    address = f"/admin/notices/{Notice.objects.get().pk}/read/"
    assert at_desk(ann).post(address, {"next": "/admin/notices/?page=2"})["Location"] == "/admin/notices/?page=2"
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        assert at_desk(ann).post(address, {"next": elsewhere})["Location"] == "/admin/"


def test_rooms_are_added_by_administrators_alone() -> None:
    posted = {"name": "Desk", "shape": "slack", "url": SECRET, "kinds": ["due"]}
    assert at_desk(factories.editor()).post(CHATS, posted).status_code == 403
    assert at_desk(factories.editor()).get(CHATS).status_code == 403
    client = at_desk(administrator())
    assert client.post(CHATS, posted).status_code == 302
    room = ChatWebhook.objects.get()
    assert (room.name, room.url, room.kinds) == ("Desk", SECRET, ["due"])
    page = client.get(CHATS).content.decode()
    assert "https://hooks.slack.com/ser…" in page
    assert "verysecret" not in page


def test_a_refused_room_keeps_what_was_typed() -> None:
    client = at_desk(administrator())
    for url in ("http://10.0.0.1/", "ftp://x.example", "http://chat.example/hook", "https://user:pw@chat.example/"):
        page = client.post(CHATS, {"name": "My room", "shape": "slack", "url": url}).content.decode()
        assert 'role="alert"' in page
        assert 'value="My room"' in page
    assert not ChatWebhook.objects.exists()


def test_the_buttons_of_a_room() -> None:
    client = at_desk(administrator())
    client.post(CHATS, {"name": "Desk", "shape": "slack", "url": SECRET})
    room = ChatWebhook.objects.get()
    page = client.get(CHATS).content.decode()
    assert f"/admin/do/chat/{room.pk}/pause/" in page
    assert f"/admin/do/chat/{room.pk}/resume/" not in page
    assert page.count('name="url"') == 1, "the form to add a room stands in no button"
    at_desk(factories.editor()).post(f"/admin/do/chat/{room.pk}/pause/", {"next": CHATS})
    assert ChatWebhook.objects.get().is_active
    client.post(f"/admin/do/chat/{room.pk}/pause/", {"next": CHATS})
    assert not ChatWebhook.objects.get().is_active
    client.post(f"/admin/do/chat/{room.pk}/resume/", {"next": CHATS})
    assert ChatWebhook.objects.get().is_active
    assert client.post(f"/admin/do/chat/{room.pk}/remove/", {"next": CHATS})["Location"] == CHATS
    assert not ChatWebhook.objects.exists()
    events = ChatWebhook.pgh_event_model.objects.all()  # type: ignore[attr-defined]
    assert events.count() >= 4
    assert "verysecret" not in repr(list(events.values()))
