"""Admin pages of feeds: disclosure before adding, states and problems, escaping."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from claims.roles import EDITORS
from sources.feeds import reader
from sources.models import Feed, FeedItem, FeedReading, Page, Polling
from tests import factories

pytestmark = pytest.mark.django_db
URL = "https://paper.example/feed.xml"


@pytest.fixture
def client() -> Client:
    user = User.objects.create_user("ana", is_staff=True)
    user.groups.add(Group.objects.get(name=EDITORS))
    made = Client(HTTP_HOST="localhost")
    made.force_login(User.objects.get(pk=user.pk))
    return made


@pytest.fixture
def feed() -> Feed:
    return reader.add_feed(URL, actor=factories.editor())


def add(client: Client, **given: str) -> HttpResponse:
    return client.post(reverse("admin:sources_feed_add"), {"url": URL, "source": "", "interval": "", **given})


def shown(client: Client, feed: Feed) -> str:
    answer = client.get(reverse("admin:sources_feed_change", args=[feed.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def verb(client: Client, feed: Feed, name: str) -> str:
    return client.post(reverse("admin:sources_feed_verb", args=[feed.pk, name]), follow=True).content.decode()


def test_the_form_shows_the_disclosure_and_adding_starts_watching(client: Client) -> None:
    body = client.get(reverse("admin:sources_feed_add")).content.decode()
    assert "will see" in body and "The address of this server" in body
    assert not Page.objects.exists()
    assert add(client, url=URL + "?utm_source=x", interval="00:15:00").status_code == 302
    feed = Feed.objects.get()
    assert (feed.page.url, feed.page.watch, feed.page.pinned_interval) == (URL, "watched", timedelta(minutes=15))
    assert Polling.objects.get().due_at is not None
    assert "not read yet" in shown(client, feed)


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"url": "ftp://paper.example/feed"}, "url", "http"),
        ({"url": "not a feed"}, "url", "spaces"),
        ({"url": ""}, "url", "required"),
        ({"interval": "often"}, "interval", "valid duration"),
        ({"interval": "0"}, "interval", "at least one second"),
        ({"interval": "8 00:00:00"}, "interval", "at most 7 days"),
    ],
)
def test_errors_are_shown_beside_their_field(client: Client, given: dict[str, str], field: str, says: str) -> None:
    answer = add(client, **given)
    assert answer.status_code == 200
    assert says in str(answer.context["adminform"].form.errors[field])
    assert not Feed.objects.exists() and not Page.objects.exists()


def test_a_feed_is_added_once(client: Client, feed: Feed) -> None:
    assert "exists already" in add(client, url=URL + "#again").content.decode()
    assert Feed.objects.count() == 1


def test_states_and_problems_are_shown_in_list_and_page(client: Client, feed: Feed) -> None:
    listing = reverse("admin:sources_feed_changelist")
    assert "not read yet" in client.get(listing).content.decode()
    FeedReading.objects.update(last_read_at=factories.later(0), kind="atom")
    Polling.objects.update(last_outcome="ok")
    body = client.get(listing).content.decode()
    assert "Atom" in body and "not read yet" not in body
    FeedReading.objects.update(problem="This is XML, but no feed.")
    assert ">problem<" in client.get(listing).content.decode()
    assert "This is XML, but no feed." in shown(client, feed)
    Polling.objects.update(last_outcome="blocked", last_detail="The site refused us.")
    assert ">blocked<" in client.get(listing).content.decode()
    assert "The site refused us." in shown(client, feed)


def test_a_feed_can_be_stopped_and_resumed(client: Client, feed: Feed) -> None:
    Polling.objects.update(due_at=factories.later(3_600))
    verb(client, feed, "look")
    assert Polling.objects.get().due_at < factories.later(1)
    assert "no longer polled" in verb(client, feed, "remove")
    feed.refresh_from_db()
    assert not feed.active and Polling.objects.get().due_at is None
    assert ">stopped<" in shown(client, feed)
    assert "cannot be done here" in verb(client, feed, "look")
    verb(client, feed, "take-up")
    feed.refresh_from_db()
    assert feed.active and Polling.objects.get().due_at is not None
    body = client.get(reverse("admin:sources_feed_history", args=[feed.pk])).content.decode()
    assert "ana" in body and "stopped reading a feed" in body and "added a feed" in body


def test_view_permission_alone_changes_nothing(feed: Feed) -> None:
    intern = User.objects.create_user("intern", is_staff=True)
    intern.user_permissions.add(Permission.objects.get(codename="view_feed"))
    client = Client(HTTP_HOST="localhost")
    client.force_login(intern)
    assert "Stop reading" not in shown(client, feed)
    assert "cannot be done here" in verb(client, feed, "remove")
    assert add(client, url="https://other.example/feed").status_code == 403
    feed.refresh_from_db()
    assert feed.active


def test_text_from_feeds_is_escaped(client: Client, feed: Feed) -> None:
    payload = "<script>alert('x')</script><img src=//evil.example/p>"
    Page.objects.update(title=payload)
    FeedReading.objects.update(problem=payload)
    FeedItem.objects.create(
        feed=feed, url="https://paper.example/%3Cscript%3E", title=payload, published=payload, baseline=False
    )
    pages = [shown(client, feed)]
    pages += [client.get(reverse(f"admin:sources_{name}_changelist")).content.decode() for name in ("feed", "feeditem")]
    for body in pages:
        assert "<script>alert" not in body and "<img src=//" not in body
        assert "&lt;script&gt;alert" in body
