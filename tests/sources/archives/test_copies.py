"""Archive copies, against a loopback server that implements Save Page Now 2 and Memento."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from claims.watch import archive_copies
from sources.archives import copies
from sources.models import ArchiveCopy, ArchiveService, Page
from tests import factories
from tests.sources.archive_server import SECRET, Archive, set_up
from tests.sources.servers import answer, serve

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(settings: object) -> Iterator[Archive]:
    with set_up(settings) as made:
        yield made


@pytest.fixture
def page(archive: Archive) -> Page:
    made = factories.page()
    factories.published_review(of=made)
    archive.original = made.url
    archive.statuses = [archive.success()]
    assert archive_copies.request_copies() == 1
    return made


def step() -> ArchiveCopy:
    """Make the copy due, clear its lease, and process it once; the archive's quotas stay."""
    ArchiveCopy.objects.update(next_try_at=timezone.now() - timedelta(seconds=1), leased_until=None)
    archive_copies.process_copies(1)
    return ArchiveCopy.objects.get()


def test_a_copy_is_requested_polled_and_confirmed(page: Page, archive: Archive) -> None:
    archive.statuses = [{"status": "pending", "job_id": "spn2-1"}, archive.success()]
    assert step().state == "submitted"
    assert step().state == "submitted"
    copy = step()
    assert (copy.state, copy.confirmed_by, copy.memento_at) == ("confirmed", ["memento", "quote"], archive.at)
    assert [body["url"] for body in archive.captures()] == [[page.url]]
    assert all(not key for _, path, _, key in archive.asked if path.startswith("/web/")), "mementos get no key"
    assert archive_copies.process_copies() == 0 and archive_copies.request_copies() == 0


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("blocked-url", "refused"),
        ("no-access", "refused"),
        ("job-failed", "waiting"),
        ("user-session-limit", "waiting"),
    ],
)
def test_errors_are_final_or_temporary(page: Page, archive: Archive, code: str, state: str) -> None:
    archive.submits = [(200, {"status": "error", "status_ext": f"error:{code}", "message": "no"}, {})]
    copy = step()
    assert copy.state == state and code in copy.detail


def test_temporary_errors_are_retried_at_growing_intervals(page: Page, archive: Archive) -> None:
    archive.statuses = [{"status": "error", "status_ext": "error:job-failed", "job_id": "spn2-1"}]
    waits = []
    for _ in range(3):
        step()
        waits.append(step().next_try_at - timezone.now())
    assert waits[0] < waits[1] < waits[2]


def test_a_missing_copy_is_not_confirmed(page: Page, archive: Archive) -> None:
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


def test_a_capture_of_another_time_is_not_confirmed(page: Page, archive: Archive) -> None:
    step()
    archive.at -= timedelta(days=9)
    copy = step()
    assert copy.state == "succeeded" and "another time" in copy.detail


def test_a_redirect_into_a_private_network_is_not_followed(page: Page, archive: Archive) -> None:
    archive.memento = (302, "", {"Location": "http://10.0.0.1/web/x"})
    step()
    copy = step()
    assert copy.state == "succeeded" and "10.0.0.1" in copy.detail


def test_the_daily_quota_is_kept(page: Page, archive: Archive, settings: object) -> None:
    settings.ARCHIVE_PER_DAY = 1  # type: ignore[attr-defined]
    ArchiveService.objects.update(day=timezone.now().date(), asked=1)
    step()
    assert archive.asked == []
    ArchiveService.objects.update(day=timezone.now().date() - timedelta(days=1))
    assert step().state == "submitted"


def test_retry_after_pauses_the_archive(page: Page, archive: Archive) -> None:
    archive.submits = [(429, {}, {"Retry-After": "1800"})]
    step()
    asked = len(archive.asked)
    step()
    assert len(archive.asked) == asked
    rests = ArchiveService.objects.get().rests_until
    assert rests is not None and timedelta(minutes=29) < rests - timezone.now() <= timedelta(minutes=30)


def test_no_capture_is_requested_without_a_free_session(page: Page, archive: Archive) -> None:
    archive.available = 0
    assert step().state == "waiting"
    assert archive.captures() == []


def test_the_request_is_repeated_after_the_archive_was_down(page: Page, archive: Archive) -> None:
    archive.submits = [(503, {}, {}), (200, {"job_id": "spn2-1"}, {})]
    assert step().state == "waiting"
    ArchiveService.objects.update(rests_until=None)
    assert step().state == "submitted"


def test_a_lost_response_does_not_cause_a_second_capture(page: Page, archive: Archive) -> None:
    ArchiveCopy.objects.update(wanted_at=timezone.now() - timedelta(hours=1))
    assert copies._lease() is not None  # a worker that died after its request
    assert copies._lease() is None, "a second worker sends nothing meanwhile"
    step()
    assert int(archive.captures()[0]["if_not_archived_within"][0]) >= 3_600


def test_no_detail_log_or_url_contains_the_secret(
    page: Page, archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    archive.submits = [(401, {}, {})]
    assert "keys" in step().detail
    kept = [*ArchiveCopy.objects.values_list(), *ArchiveService.objects.values_list()]
    assert SECRET not in f"{kept} {caplog.text} {[path for _, path, _, _ in archive.asked]}"
    assert any(SECRET in key for _, _, _, key in archive.asked)


def test_nothing_is_sent_while_archiving_is_off(page: Page, archive: Archive, settings: object) -> None:
    settings.ARCHIVE_SERVICE = ""  # type: ignore[attr-defined]
    assert (archive_copies.request_copies(), archive_copies.process_copies(), archive.asked) == (0, 0, [])


# -- hostile and failing archives --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "column", "least"),
    [
        ("user-session-limit", "full_until", timedelta(seconds=30)),
        ("max-daily-bandwidth", "full_until", None),
        ("max-daily-bandwidth-from-ip", "full_until", None),
        ("too-many-daily-captures", "", None),
        ("max-daily-bandwidth-host", "", None),
    ],
)
def test_each_quota_error_pauses_for_its_period(
    page: Page, archive: Archive, code: str, column: str, least: timedelta | None
) -> None:
    tomorrow = (timezone.now() + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    archive.submits = [(200, {"status": "error", "status_ext": f"error:{code}"}, {})]
    copy = step()
    assert copy.state == "waiting" and code in copy.detail
    if least is None:
        assert abs(copy.next_try_at - tomorrow) < timedelta(seconds=1)
    else:
        assert least < copy.next_try_at - timezone.now() <= timedelta(minutes=1)
    service = ArchiveService.objects.get()
    assert service.rests_until is None, "running captures are still polled"
    assert (service.full_until == copy.next_try_at) if column else (service.full_until is None)
    asked = len(archive.captures())
    step()
    assert len(archive.captures()) == asked + (not column), "no other page is requested either"


@pytest.mark.parametrize("to", ["http://10.0.0.1/save", "http://{}/save", "//169.254.169.254/"])
def test_a_redirected_capture_request_is_not_followed(page: Page, archive: Archive, to: str) -> None:
    with serve({"/save": answer(b'{"job_id": "spn2-1"}')}) as elsewhere:
        archive.submits = [(307, {"job_id": "spn2-1"}, {"Location": to.format(elsewhere.address)})]
        copy = step()
        assert copy.state == "waiting" and "HTTP 307" in copy.detail
        assert elsewhere.asked == []


@pytest.mark.parametrize(
    "said",
    [
        {"job_id": "x" * 5_000},
        {"job_id": "a\x00b"},
        {"job_id": ["spn2-1"]},
        {"job_id": 7, "status": {"status": "success"}},
        {"status": "error", "status_ext": "error:" + "x" * 100_000},
        {"status": "error", "status_ext": "error:\x00"},
        {"status": "success", "timestamp": "٢٠٢٦٠٥٠٥١٠١٠١٠"},
        {"status": "success", "timestamp": "20260505101010", "original_url": "x" * 2_000},
        {"status": "success", "timestamp": "99999999999999"},
    ],
)
def test_a_malformed_response_is_not_stored_and_blocks_nothing(
    page: Page, archive: Archive, said: dict[str, object]
) -> None:
    archive.submits = [(200, said, {})]
    copy = step()
    assert copy.state in {"waiting", "succeeded"} and copy.leased_until is None
    assert copy.next_try_at > timezone.now() or copy.state == "succeeded"
    archive.submits = [(200, {"job_id": "spn2-1"}, {})]
    archive.statuses = [{"status": "pending", "job_id": "spn2-1"}]
    ArchiveCopy.objects.update(state="waiting", memento_url="")
    assert step().state == "submitted"


# -- how a copy is confirmed -------------------------------------------------------------------------------------


def ours(archive: Archive, page: Page, body: str) -> None:
    archive.memento = (200, body, archive.says_of_itself())


def test_a_copy_with_our_bytes_is_confirmed_by_them(page: Page, archive: Archive) -> None:
    ours(archive, page, f"<html><body>{factories.PAGE_TEXT}</body></html>")
    step()
    copy = step()
    assert (copy.state, copy.confirmed_by) == ("confirmed", ["memento", "bytes"])


def test_a_copy_with_our_text_is_confirmed_by_it(page: Page, archive: Archive) -> None:
    text = ArchiveCopy.objects.get().snapshot.text.text
    ours(archive, page, "<html><body><main>" + "".join(f"<p>{each}</p>" for each in text.split("\n\n")) + "</main>")
    step()
    copy = step()
    assert (copy.state, copy.confirmed_by) == ("confirmed", ["memento", "text"])


# -- a Memento archive without captures on request ---------------------------------------------------------------


def test_without_keys_only_the_time_gate_is_used(page: Page, archive: Archive, settings: object) -> None:
    settings.ARCHIVE_ACCESS_KEY = settings.ARCHIVE_SECRET_KEY = ""  # type: ignore[attr-defined]
    archive.memento = (404, "", {})
    assert step().state == "succeeded"
    archive.memento = None
    copy = step()
    assert (copy.state, copy.memento_at) == ("confirmed", archive.at)
    assert {method for method, *_ in archive.asked} == {"GET"}
    assert {path for _, path, *_ in archive.asked} == {f"/{page.url}"}
    assert not any(key for *_, key in archive.asked)


# -- retrying and dropping ---------------------------------------------------------------------------------------


def test_a_retried_copy_needs_a_newer_capture(page: Page, archive: Archive) -> None:
    archive.memento = (200, "<p>We value your privacy.", archive.says_of_itself())
    ArchiveCopy.objects.update(wanted_at=timezone.now() - timedelta(hours=5))
    step()
    failed = step()
    assert failed.state == "failed" and archive_copies.process_copies() == 0
    copies.retry(failed)
    archive.memento = None
    step()
    assert step().state == "confirmed"
    first, second = (int(body["if_not_archived_within"][0]) for body in archive.captures())
    assert first > 5 * 3_600 and second < 120, "the failed capture is not reused"
    with pytest.raises(copies.CopyRefused, match="nothing to retry"):
        copies.retry(ArchiveCopy.objects.get())


def test_a_page_that_may_not_be_sent_is_dropped(page: Page, archive: Archive) -> None:
    assert copies.process_due(1, may_be_sent=lambda copy: False) == 1
    copy = ArchiveCopy.objects.get()
    assert (copy.state, archive.asked) == ("dropped", []) and "received no request" in copy.detail
    assert archive_copies.request_copies() == 1, "it is still published, so it is queued again"
    step()
    assert step().state == "confirmed"
