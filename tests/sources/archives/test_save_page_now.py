"""Save Page Now 2: requests follow its API document, and any response is parsed safely."""

import json
import time
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from sources.archives import save_page_now
from sources.archives.save_page_now import Capture, CaptureStatus

HOSTILE = [
    None,
    b"",
    b"<html><h1>502 Bad Gateway</h1>",
    b"\xff\xfe\x00\x00",
    b"null",
    b"[]",
    b'"success"',
    b"7",
    b"NaN",
    b'{"job_id": null, "status": null}',
    b'{"job_id": {"a": 1}}',
    b'{"job_id": ["spn2-1"]}',
    b'{"job_id": "a\\u0000b"}',
    b'{"job_id": "a\\nb"}',
    b'{"job_id": "\\ud800"}',
    b'{"job_id": "' + b"x" * 201 + b'"}',
    b'{"status": "success"}',
    b'{"status": "success", "timestamp": 20260505101010}',
    b'{"status": "success", "timestamp": "2026050510101"}',
    b'{"status": "success", "timestamp": "20261305101010"}',
    '{"status": "success", "timestamp": "٢٠٢٦٠٥٠٥١٠١٠١٠"}'.encode(),
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"job_id": ' + b"9" * 10_000 + b"}",
]


@pytest.mark.parametrize("body", HOSTILE)
def test_a_malformed_response_is_unreadable(body: bytes | None) -> None:
    assert save_page_now.parse_capture(body).status is CaptureStatus.UNREADABLE
    assert save_page_now.parse_available(body) is None


def test_a_huge_response_is_parsed_quickly() -> None:
    started = time.process_time()
    save_page_now.parse_capture(json.dumps({"job_id": "x", "status": ["y" * 1_000] * 900}).encode())
    save_page_now.parse_capture(b'{"status": "error", "status_ext": "' + b"error:" * 160_000 + b'"}')
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ({"job_id": "spn2-1", "url": "https://a.example/"}, Capture(CaptureStatus.PENDING, "spn2-1")),
        ({"job_id": "spn2-1", "status": "pending"}, Capture(CaptureStatus.PENDING, "spn2-1")),
        (
            {
                "job_id": "spn2-1",
                "status": "success",
                "timestamp": "20260505101010",
                "original_url": "https://a.example/",
            },
            Capture(CaptureStatus.SUCCESS, "spn2-1", "", "20260505101010", "https://a.example/"),
        ),
        ({"status": "error", "status_ext": "error:no-access"}, Capture(CaptureStatus.REFUSED, "", "no-access")),
        ({"status": "error", "status_ext": "no-access"}, Capture(CaptureStatus.REFUSED, "", "no-access")),
        (
            {"status": "error", "status_ext": "error:user-session-limit"},
            Capture(CaptureStatus.BUSY, "", "user-session-limit"),
        ),
        ({"status": "error", "status_ext": "error:something-new"}, Capture(CaptureStatus.RETRY, "", "something-new")),
        ({"status": "error", "status_ext": 7}, Capture(CaptureStatus.RETRY)),
        ({"status": "error", "status_ext": "error:" + "x" * 90}, Capture(CaptureStatus.RETRY, "", "x" * 80)),
    ],
)
def test_captures_are_parsed(said: dict[str, object], read: Capture) -> None:
    assert save_page_now.parse_capture(json.dumps(said).encode()) == read


@pytest.mark.parametrize(("said", "left"), [(0, 0), (5, 5), (True, None), ("5", None), (None, None), (2.5, None)])
def test_the_number_of_free_sessions_is_an_integer_or_unknown(said: object, left: int | None) -> None:
    found = save_page_now.parse_available(json.dumps({"available": said}).encode())
    assert found == left and type(found) is type(left)


def test_a_capture_request_is_a_form_with_the_accepted_age() -> None:
    url = "https://a.example/?a=1&b=%20+ü#x"
    assert parse_qs(save_page_now.capture_body(url, within=61).decode()) == {
        "url": [url],
        "if_not_archived_within": ["61"],
        "skip_first_archive": ["1"],
    }
    assert save_page_now.status_path("../user?x#y") == "/save/status/..%2Fuser%3Fx%23y"
    assert save_page_now.authorization("a", "b")["Authorization"] == "LOW a:b"


def test_the_memento_url_stays_on_the_archive() -> None:
    said = save_page_now.parse_capture(
        b'{"status": "success", "timestamp": "20260505101010", "original_url": "//evil.example/"}'
    )
    address = save_page_now.memento_url("https://web.archive.org", said, "https://a.example/")
    assert address == "https://web.archive.org/web/20260505101010///evil.example/"
    assert save_page_now.parse_timestamp("20260505101010") == datetime(2026, 5, 5, 10, 10, 10, tzinfo=UTC)
