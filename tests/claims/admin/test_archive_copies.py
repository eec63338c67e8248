"""Admin: an editor requests an archive copy on a screen that says what others will see."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Evidence
from claims.watch import archive_copies
from sources.models import ArchiveCopy
from tests import factories
from tests.sources.archive_server import SECRET, Archive, set_up

pytestmark = pytest.mark.django_db
MEMENTO = "https://web.archive.org/web/20260505101010/https://agency.example/report"


@pytest.fixture
def archive(settings: object) -> Iterator[Archive]:
    with set_up(settings) as made:
        yield made


@pytest.fixture
def evidence(db: None) -> Evidence:
    return factories.draft().evidence.get()


def desk(user: User | None = None) -> Client:
    made = Client(HTTP_HOST="localhost")
    made.force_login(user or factories.editor())
    return made


def shown(client: Client, row: object) -> str:
    meta = row._meta  # type: ignore[attr-defined]
    answer = client.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk]))  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return answer.content.decode()


def request_url(evidence: Evidence) -> str:
    return reverse("admin:claims_evidence_keep", args=[evidence.pk])


def test_the_screen_says_what_others_see_and_only_its_button_requests(archive: Archive, evidence: Evidence) -> None:
    client = desk()
    assert request_url(evidence) in shown(client, evidence)
    screen = client.get(request_url(evidence)).content.decode()
    for words in (evidence.page.url, archive.address, "cannot be undone", "own servers", "earlier request"):
        assert words in screen, words
    assert SECRET not in screen and not ArchiveCopy.objects.exists()
    assert client.post(request_url(evidence)).status_code == 302
    assert ArchiveCopy.objects.get().chosen_by
    assert archive.asked == [], "a worker sends it, not the web process"
    assert request_url(evidence) not in shown(client, evidence), "it is requested already"


def test_without_keys_the_screen_says_that_the_site_sees_nothing(
    archive: Archive, evidence: Evidence, settings: object
) -> None:
    settings.ARCHIVE_ACCESS_KEY = ""  # type: ignore[attr-defined]
    assert "The site: nothing." in desk().get(request_url(evidence)).content.decode()


@pytest.mark.parametrize("visibility", ["described", "confidential"])
def test_what_is_not_public_is_not_offered_and_posting_it_is_refused(
    archive: Archive, evidence: Evidence, visibility: str
) -> None:
    Evidence.objects.update(visibility=visibility, description="a doctor")
    client = desk()
    body = shown(client, evidence)
    assert request_url(evidence) not in body and "not public" in body
    assert client.get(request_url(evidence)).status_code == 302
    client.post(request_url(evidence))
    assert not ArchiveCopy.objects.exists()


def test_users_who_may_only_view_cannot_request_a_copy(archive: Archive, evidence: Evidence) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client = desk(reader)
    assert request_url(evidence) not in shown(client, evidence)
    assert client.post(request_url(evidence)).status_code == 403
    copy = archive_copies.request_copy(evidence, actor=evidence.version.author)
    ArchiveCopy.objects.update(state="failed")
    assert "Request again" not in shown(client, copy)
    client.post(reverse("admin:sources_archivecopy_verb", args=[copy.pk, "again"]))
    assert ArchiveCopy.objects.get().state == "failed"


def test_without_an_archive_service_nothing_is_offered(evidence: Evidence) -> None:
    body = shown(desk(), evidence)
    assert request_url(evidence) not in body and "No archive copy" not in body


def test_copies_are_shown_with_state_link_and_how_they_were_confirmed(archive: Archive, evidence: Evidence) -> None:
    archive_copies.request_copy(evidence, actor=evidence.version.author)
    now = timezone.now()
    ArchiveCopy.objects.update(
        state="confirmed", memento_url=MEMENTO, memento_at=now, confirmed_at=now, confirmed_by=["memento", "bytes"]
    )
    for row in (evidence, evidence.page, evidence.snapshot):
        body = shown(desk(), row)
        (link,) = re.findall(f'<a[^>]*href="{re.escape(MEMENTO)}"[^>]*>', body)
        assert 'rel="noreferrer noopener"' in link and 'referrerpolicy="no-referrer"' in link
        assert "it has the same bytes as our snapshot" in body and ">confirmed<" in body


def test_a_copy_only_reported_by_the_archive_is_shown_as_not_confirmed(archive: Archive, evidence: Evidence) -> None:
    archive_copies.request_copy(evidence, actor=evidence.version.author)
    ArchiveCopy.objects.update(state="succeeded", memento_url=MEMENTO, detail="That address <b>gives</b> none.")
    body = shown(desk(), evidence)
    assert "not confirmed" in body and "it names the page" not in body and "&lt;b&gt;gives" in body


@pytest.mark.parametrize("state", ["failed", "refused"])
def test_an_editor_asks_again(archive: Archive, evidence: Evidence, state: str) -> None:
    copy = archive_copies.request_copy(evidence, actor=evidence.version.author)
    ArchiveCopy.objects.update(state=state, detail="No.", tries=3)
    client = desk()
    assert "Request again" in shown(client, copy)
    client.post(reverse("admin:sources_archivecopy_verb", args=[copy.pk, "again"]))
    copy.refresh_from_db()
    assert (copy.state, copy.tries, copy.detail) == ("waiting", 0, "")
    assert "Request again" not in shown(client, copy)
    Evidence.objects.update(visibility="confidential")
    archive_copies.process_copies()
    copy.refresh_from_db()
    assert (copy.state, archive.asked) == ("dropped", [])
