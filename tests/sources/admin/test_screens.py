"""Admin pages of web pages, snapshots and changes; and word diffs in bounded time."""

import time

import pytest
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.roles import EDITORS
from sources.admin.base import SEEN, fingerprint
from sources.admin.difference import Piece, difference, with_context
from sources.models import Page, Polling, Snapshot, Source
from tests import factories


def text_of(pieces: list[Piece], without: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind != without)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("", "new"),
        ("old", ""),
        ("The ministry counted 412 bridges.", "The ministry counted 389 bridges."),
        ("one two three four", "four three two one"),
        ("a  b\n\nc", "a b\nc d"),
        ("同じ文です。", "違う文です。"),
    ],
)
def test_a_difference_contains_both_texts(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert text_of(pieces, "added") == before
    assert text_of(pieces, "removed") == after


def test_a_difference_marks_only_the_changed_word() -> None:
    pieces = difference("The ministry counted 412 bridges.", "The ministry counted 389 bridges.")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "The ministry counted "),
        ("removed", "412"),
        ("added", "389"),
        ("same", " bridges."),
    ]


def test_long_texts_are_compared_in_bounded_time() -> None:
    lines = [f"Line {number} of a long report, much like the line before it." for number in range(40_000)]
    changed = ["Wholly " + line for line in reversed(lines)]
    start = time.perf_counter()
    pieces = difference("\n".join(lines), "\n".join(changed))
    assert time.perf_counter() - start < 5
    assert {piece.kind for piece in pieces} >= {"removed", "added"}


def test_long_unchanged_parts_are_skipped_and_marked() -> None:
    filler = "word " * 500
    pieces = with_context(difference(f"{filler}old {filler}", f"{filler}new {filler}"))
    assert [piece.kind for piece in pieces if piece.kind != "same"] == ["skipped", "removed", "added", "skipped"]
    assert sum(len(piece.text) for piece in pieces) < 1000


@pytest.fixture
def client(db: None) -> Client:
    user = User.objects.create_user("ana", is_staff=True)
    user.groups.add(Group.objects.get(name=EDITORS))
    made = Client(HTTP_HOST="localhost")
    made.force_login(User.objects.get(pk=user.pk))
    return made


def shown(client: Client, row: Page | Snapshot | Source) -> str:
    answer = client.get(reverse(f"admin:sources_{row._meta.model_name}_change", args=[row.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def verb(client: Client, page: Page, name: str) -> HttpResponse:
    return client.post(reverse("admin:sources_page_verb", args=[page.pk, name]), follow=True)


def test_adding_a_page_creates_its_source_and_sends_nothing(client: Client) -> None:
    form = {"url": "https://Agency.Example/report?utm_source=x#top", "title": "The report", "source": ""}
    assert client.post(reverse("admin:sources_page_add"), form).status_code == 302
    page = Page.objects.get()
    assert (page.url, page.title, page.watch) == ("https://agency.example/report", "The report", "not_watched")
    assert page.source.name == "agency.example"
    assert Polling.objects.get(page=page).due_at is None
    assert not page.snapshots.exists()


@pytest.mark.parametrize("url", ["ftp://agency.example/x", "http://user:secret@agency.example/", "http://a b/", "x"])
def test_a_bad_url_is_reported_beside_the_field(client: Client, url: str) -> None:
    answer = client.post(reverse("admin:sources_page_add"), {"url": url, "title": "", "source": ""})
    assert answer.status_code == 200
    assert "url" in answer.context["adminform"].form.errors
    assert not Page.objects.exists()


def test_a_page_is_added_once(client: Client) -> None:
    page = factories.page()
    answer = client.post(reverse("admin:sources_page_add"), {"url": page.url + "#again", "title": "", "source": ""})
    assert "exists already" in answer.content.decode()


def test_watching_is_confirmed_on_a_screen_with_the_disclosure(client: Client) -> None:
    page = factories.page()
    address = reverse("admin:sources_page_watch", args=[page.pk])
    assert address in shown(client, page)
    body = client.get(address).content.decode()
    assert "From now on it will see" in body.replace("\n  ", " ").replace("on\n  it", "on it") and "factcheck" in body
    page.refresh_from_db()
    assert page.watch == "not_watched"
    client.post(address)
    page.refresh_from_db()
    assert page.watch == "watched"
    assert Polling.objects.get(page=page).due_at is not None
    assert address not in shown(client, page)


def test_rendering_is_chosen_beside_its_disclosure(client: Client) -> None:
    page = factories.page()
    body = shown(client, page)
    assert 'name="render"' in body and "up to 100 more requests each time" in body
    page.render = True
    page.save()
    watch = client.get(reverse("admin:sources_page_watch", args=[page.pk])).content.decode()
    assert "up to 100 more requests each time" in watch


def test_quiet_polls_are_said_in_a_sentence(client: Client) -> None:
    page = factories.page()
    assert "concerns a quote" not in shown(client, page)
    Polling.objects.filter(page=page).update(
        last_outcome="ok", last_attempt_at=timezone.now(), quiet_polls=12, text_kept_at=timezone.now()
    )
    body = shown(client, page)
    assert "12 polls found the page changed, but nothing that concerns a quote" in body
    assert f"A text was last kept {timezone.now():%Y-%m-%d}" in body


def test_poll_now_makes_a_watched_page_due(client: Client) -> None:
    page = factories.page()
    client.post(reverse("admin:sources_page_watch", args=[page.pk]))
    later = timezone.now() + timezone.timedelta(hours=1)
    Polling.objects.filter(page=page).update(due_at=later)
    verb(client, page, "poll")
    assert Polling.objects.get(page=page).due_at < later


def test_a_failed_fetch_is_reported(client: Client) -> None:
    page = factories.page("http://127.0.0.1:9/nothing")
    answer = verb(client, page, "fetch")
    assert answer.status_code == 200
    assert "could not be fetched" in answer.content.decode()


def test_the_list_shows_outcomes_and_filters_unreadable_pages(client: Client) -> None:
    well, sick = factories.page(), factories.page()
    Polling.objects.filter(page=well).update(last_outcome="ok")
    Polling.objects.filter(page=sick).update(last_outcome="blocked", failures=7)
    listing = reverse("admin:sources_page_changelist")
    body = client.get(listing).content.decode()
    assert "blocked" in body and ">7<" in body
    only = client.get(listing, {"reading": "no"}).content.decode()
    assert sick.url in only and well.url not in only
    assert "blocked" in shown(client, sick)


def test_captured_text_is_escaped_and_shown_with_its_changes(client: Client) -> None:
    page = factories.page(text="The count is 412.")
    late = factories.snapshot(page, "The count is 389. <script>alert('x')</script><img src=//evil.example/p>")
    body = shown(client, late)
    assert "<del>412</del>" in body
    assert "<script>alert" not in body and "<img src=//" not in body
    assert "&lt;script&gt;alert" in body


def test_the_url_of_a_page_cannot_be_changed(client: Client) -> None:
    page = factories.page()
    body = shown(client, page)
    assert 'name="url"' not in body
    assert client.post(reverse("admin:sources_page_delete", args=[page.pk]), {"post": "yes"}).status_code == 403


@pytest.mark.sql
@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("pinned_interval", "36500 00:00:00", "at most 7 days"),
        ("pinned_interval", "7 00:00:01", "at most 7 days"),
        ("pinned_interval", "0", "at least one second"),
        ("confirm_after", "36500 00:00:00", "one day"),
        ("confirm_after", "1 00:00:01", "one day"),
        ("confirm_after", "-1 00:00:00", "one second"),
        ("pinned_interval", "7 00:00:00", ""),
        ("confirm_after", "1 00:00:00", ""),
    ],
)
def test_the_watch_of_a_page_cannot_be_made_to_mean_nothing(client: Client, column: str, value: str, says: str) -> None:
    page = factories.page()
    page.refresh_from_db()
    given = {"title": "", "source": page.source_id, "pinned_interval": "", "confirm_after": "", SEEN: fingerprint(page)}
    answer = client.post(reverse("admin:sources_page_change", args=[page.pk]), given | {column: value})
    with transaction.atomic():
        update = f"UPDATE sources_page SET {column} = %s::interval"
        if says:
            assert answer.status_code == 200
            assert says in str(answer.context["adminform"].form.errors[column])
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(update, [value.replace(" ", " days ")])
        else:
            assert answer.status_code == 302


def test_the_database_refuses_another_address_of_a_page(client: Client) -> None:
    page = factories.page()
    with pytest.raises(IntegrityError, match="add another page"), transaction.atomic():
        Page.objects.filter(pk=page.pk).update(url="https://elsewhere.example/")


def test_a_change_shows_its_diff(client: Client) -> None:
    page = factories.page(text="The count is 412.")
    change = factories.change(page, "The count is 389.")
    body = client.get(reverse("admin:sources_change_change", args=[change.pk])).content.decode()
    assert "<del>412</del>" in body and "<ins>389</ins>" in body
    gone = factories.change(page, None, kind="gone")
    body = client.get(reverse("admin:sources_change_change", args=[gone.pk])).content.decode()
    assert "nothing to compare with" in body
