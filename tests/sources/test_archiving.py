"""Copies at an archive, against a server on loopback that speaks Save Page Now 2 and Memento."""

import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from django.utils import timezone

from claims import archiving as wanting
from claims.models import Evidence
from sources import archiving
from sources.models import ArchiveCopy, ArchiveService, Page, Polling
from tests import factories

pytestmark = pytest.mark.django_db
SECRET = "s3cr3t-of-the-desk"
TEXT = f"<html><body><p>{factories.QUOTE}</p><p>Elsewhere.</p></body></html>"


class Archive:
    """Answers as told: `statuses` one after the other, then the last for ever."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, list[str]], str]] = []
        self.statuses: list[dict[str, object]] = []
        self.submits: list[tuple[int, dict[str, object], dict[str, str]]] = [(200, {"job_id": "spn2-1"}, {})]
        self.available = 5
        self.memento: tuple[int, str, dict[str, str]] | None = None
        self.at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=5)
        self.original = ""
        archive = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer("GET", "")

            def do_POST(self) -> None:
                self._answer("POST", self.rfile.read(int(self.headers["Content-Length"])).decode())

            def _answer(self, method: str, body: str) -> None:
                archive.asked.append((method, self.path, parse_qs(body), self.headers.get("Authorization", "")))
                status, said, headers = archive.answer(method, self.path)
                self.send_response(status)
                for name, value in {"Content-Type": "text/html", "Content-Length": str(len(said)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, method: str, path: str) -> tuple[int, bytes, dict[str, str]]:
        if method == "POST":
            status, said, headers = self.submits.pop(0) if len(self.submits) > 1 else self.submits[0]
            return status, json.dumps(said).encode(), headers
        if path == "/save/status/user":
            return 200, json.dumps({"available": self.available}).encode(), {}
        if path.startswith("/save/status/"):
            said = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
            return 200, json.dumps(said).encode(), {}
        if self.memento is not None:
            return self.memento[0], self.memento[1].encode(), self.memento[2]
        return 200, TEXT.encode(), self.says_of_itself()

    def says_of_itself(self) -> dict[str, str]:
        return {
            "Memento-Datetime": format_datetime(self.at, usegmt=True),
            "Link": f'<{self.original}>; rel="original"',
        }

    def success(self) -> dict[str, object]:
        return {"status": "success", "timestamp": f"{self.at:%Y%m%d%H%M%S}", "original_url": self.original}

    def captures(self) -> list[dict[str, list[str]]]:
        return [body for method, _, body, _ in self.asked if method == "POST"]


@pytest.fixture
def archive(settings: object) -> Iterator[Archive]:
    made = Archive()
    settings.ARCHIVE_SERVICE = f"http://{made.address}"  # type: ignore[attr-defined]
    settings.ARCHIVE_ACCESS_KEY, settings.ARCHIVE_SECRET_KEY = "key", SECRET  # type: ignore[attr-defined]
    settings.FETCH_ALLOWED_LOOPBACK = made.address  # type: ignore[attr-defined]
    yield made
    made.server.shutdown()


@pytest.fixture
def page(archive: Archive) -> Page:
    made = factories.page()
    factories.published_review(of=made)
    archive.original = made.url
    archive.statuses = [archive.success()]
    assert wanting.want_copies() == 1
    return made


def step() -> ArchiveCopy:
    """All is due and nothing rests but the day's caps; one more go at it."""
    ArchiveCopy.objects.update(next_try_at=timezone.now() - timedelta(seconds=1), leased_until=None)
    archiving.work(1)
    return ArchiveCopy.objects.get()


def test_a_copy_is_asked_for_polled_and_confirmed(page: Page, archive: Archive) -> None:
    archive.statuses = [{"status": "pending", "job_id": "spn2-1"}, archive.success()]
    assert step().state == "submitted"
    assert step().state == "submitted"
    copy = step()
    assert (copy.state, copy.confirmed_by, copy.memento_at) == ("confirmed", ["memento", "quote"], archive.at)
    assert [body["url"] for body in archive.captures()] == [[page.url]]
    assert all(not key for _, path, _, key in archive.asked if path.startswith("/web/")), "mementos get no key"
    assert archiving.work() == 0 and wanting.want_copies() == 0


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("blocked-url", "refused"),
        ("no-access", "refused"),
        ("job-failed", "waiting"),
        ("user-session-limit", "waiting"),
    ],
)
def test_errors_are_final_or_passing(page: Page, archive: Archive, code: str, state: str) -> None:
    archive.submits = [(200, {"status": "error", "status_ext": f"error:{code}", "message": "no"}, {})]
    copy = step()
    assert copy.state == state and code in copy.detail


def test_passing_errors_are_tried_ever_less_often(page: Page, archive: Archive) -> None:
    archive.statuses = [{"status": "error", "status_ext": "error:job-failed", "job_id": "spn2-1"}]
    waits = []
    for _ in range(3):
        step()
        waits.append(step().next_try_at - timezone.now())
    assert waits[0] < waits[1] < waits[2]


def test_a_success_whose_copy_is_not_there_is_not_confirmed(page: Page, archive: Archive) -> None:
    archive.memento = (404, "", {})
    step()
    assert step().state == "succeeded"
    archive.memento = None
    assert step().state == "confirmed"


@pytest.mark.parametrize("lie", ["original", "text"])
def test_a_copy_of_something_else_fails(page: Page, archive: Archive, lie: str) -> None:
    if lie == "text":
        archive.memento = (200, "<p>We value your privacy.", archive.says_of_itself())
    else:
        archive.original = "https://other.example/"
    step()
    assert step().state == "failed"


def test_an_older_capture_given_instead_is_not_confirmed(page: Page, archive: Archive) -> None:
    step()
    archive.at -= timedelta(days=9)
    copy = step()
    assert copy.state == "succeeded" and "another capture" in copy.detail


def test_a_copy_that_leads_into_a_private_network_is_not_followed(page: Page, archive: Archive) -> None:
    archive.memento = (302, "", {"Location": "http://10.0.0.1/web/x"})
    step()
    copy = step()
    assert copy.state == "succeeded" and "10.0.0.1" in copy.detail


def test_the_days_cap_holds_until_the_next(page: Page, archive: Archive, settings: object) -> None:
    settings.ARCHIVE_PER_DAY = 1  # type: ignore[attr-defined]
    ArchiveService.objects.update(day=timezone.now().date(), asked=1)
    step()
    assert archive.asked == []
    ArchiveService.objects.update(day=timezone.now().date() - timedelta(days=1))
    assert step().state == "submitted"


def test_retry_after_leaves_the_archive_alone(page: Page, archive: Archive) -> None:
    archive.submits = [(429, {}, {"Retry-After": "1800"})]
    step()
    asked = len(archive.asked)
    step()
    assert len(archive.asked) == asked
    rests = ArchiveService.objects.get().rests_until
    assert rests is not None and timedelta(minutes=29) < rests - timezone.now() <= timedelta(minutes=30)


def test_no_session_left_asks_for_no_capture(page: Page, archive: Archive) -> None:
    archive.available = 0
    assert step().state == "waiting"
    assert archive.captures() == []


def test_an_archive_that_is_down_is_asked_again_later(page: Page, archive: Archive) -> None:
    archive.submits = [(503, {}, {}), (200, {"job_id": "spn2-1"}, {})]
    assert step().state == "waiting"
    ArchiveService.objects.update(rests_until=None)
    assert step().state == "submitted"


def test_a_lost_answer_is_asked_for_so_that_it_does_not_double(page: Page, archive: Archive) -> None:
    ArchiveCopy.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert archiving._lease() is not None  # a worker that died after asking
    assert archiving._lease() is None, "a second worker asks nothing meanwhile"
    step()
    assert int(archive.captures()[0]["if_not_archived_within"][0]) >= 3_600


def test_the_secret_is_in_no_detail_log_or_address(
    page: Page, archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    archive.submits = [(401, {}, {})]
    assert "keys" in step().detail
    kept = [*ArchiveCopy.objects.values_list(), *ArchiveService.objects.values_list()]
    assert SECRET not in f"{kept} {caplog.text} {[path for _, path, _, _ in archive.asked]}"
    assert any(SECRET in key for _, _, _, key in archive.asked)


def test_nothing_is_named_before_publication_nor_anything_not_public(archive: Archive) -> None:
    factories.draft()
    hidden = factories.draft()
    hidden.evidence.update(visibility=Evidence.Visibility.CONFIDENTIAL)
    factories.publishing.publish(factories.approved(hidden), actor=factories.editor())
    assert wanting.want_copies() == 0 and archiving.work() == 0 and archive.asked == []


@pytest.mark.parametrize("outcome", ["disallowed", "paywall"])
def test_pages_that_may_not_be_looked_at_are_not_sent(archive: Archive, outcome: str) -> None:
    made = factories.page()
    factories.published_review(of=made)
    Polling.objects.filter(page=made).update(last_outcome=outcome)
    assert wanting.want_copies() == 0


def test_off_asks_nothing(page: Page, archive: Archive, settings: object) -> None:
    settings.ARCHIVE_SERVICE = ""  # type: ignore[attr-defined]
    assert (wanting.want_copies(), archiving.work(), archive.asked) == (0, 0, [])


def test_the_altered_page_is_wanted_once_more(page: Page, archive: Archive) -> None:
    factories.change(page, factories.PAGE_TEXT.replace("412", "389"))
    factories.evidence_watch.sweep()
    assert (wanting.want_copies(), wanting.want_copies()) == (1, 0)
    assert ArchiveCopy.objects.count() == 2
