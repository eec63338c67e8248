"""Logs hold no address that opens the page of a tip."""

import logging

import pytest

from factcheck.web.private_paths import PrivatePathFilter


@pytest.mark.parametrize(
    ("message", "arguments", "logged"),
    [
        ("%s: %s", ("Not Found", "/t/abc-_1"), "Not Found: /t/…"),
        ("GET /t/abc HTTP/1.1", (), "GET /t/… HTTP/1.1"),
        ("path=/t/abc?x=1", (), "path=/t/…?x=1"),
        ("%s of %d", ("/admin/t/abc", 3), "/admin/t/abc of 3"),
    ],
)
def test_the_token_is_cut_out(message: str, arguments: tuple[object, ...], logged: str) -> None:
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, message, arguments, None)
    assert PrivatePathFilter().filter(record)
    assert record.getMessage() == logged
