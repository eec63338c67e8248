"""Memento (RFC 7089) headers: well-formed, malformed and hostile ones."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from sources.archives import memento
from sources.archives.memento import Memento

AT = "Tue, 05 May 2026 10:10:10 GMT"
MOMENT = datetime(2026, 5, 5, 10, 10, 10, tzinfo=UTC)
LONGEST = 8_190  # bytes of a header that `sources.http.guard` accepts


def link(value: str) -> Memento | None:
    return memento.parse((("Memento-Datetime", AT), ("Link", value)))


@pytest.mark.parametrize(
    ("value", "original"),
    [
        ('<https://a.example/>; rel="original"', "https://a.example/"),
        ("<https://a.example/>; rel=original", "https://a.example/"),
        ('<https://a.example/>; rel="first Original"', "https://a.example/"),
        ('<https://a.example/?a,b;c>; rel="original"', "https://a.example/?a,b;c"),
        (
            '<https://t.example/>; rel="timegate", <https://a.example/>;type="x, y"; rel="original"',
            "https://a.example/",
        ),
        ('<https://a.example/>; rel="not-original"', ""),
        ('<https://a.example/>; title="original"', ""),
        ("https://a.example/; rel=original", ""),
        ("", ""),
    ],
)
def test_the_original_page_is_the_link_with_that_relation(value: str, original: str) -> None:
    assert link(value) == Memento(MOMENT, original)


def test_link_headers_are_combined_and_case_insensitive() -> None:
    headers = (
        ("LINK", '<https://t.example/>; rel="timegate"'),
        ("memento-DATETIME", AT),
        ("link", '<https://a.example/>; rel="original"'),
    )
    assert memento.parse(headers) == Memento(MOMENT, "https://a.example/")


@pytest.mark.parametrize(
    "said",
    [
        *("", "yesterday", "20260505101010", "\x00", "Tue, 99 May 2026 10:10:10 GMT", "Tue, 05 May 2026 99:99:99 GMT"),
        f"Tue, 05 May {'9' * 30} 10:10:10 GMT",
        f"Tue, 05 May {'9' * 5_000} 10:10:10 GMT",
        "Tue, 05 May 2026 10:10:10 +" + "9" * 30,
        f"{AT}, {AT}",
        "<html>",
    ],
)
def test_a_response_without_a_valid_time_is_no_memento(said: str) -> None:
    found = memento.parse((("Memento-Datetime", said), ("Link", '<https://a.example/>; rel="original"')))
    assert found is None or found.at == MOMENT
    assert memento.parse((("Link", '<https://a.example/>; rel="original"'),)) is None


@pytest.mark.parametrize(
    "value",
    ["<" * LONGEST, "<a>;" * (LONGEST // 4), "<a>" + "; a=" * (LONGEST // 4), "<a>;a=" + '"' * LONGEST, " ;" * LONGEST],
)
def test_hostile_link_headers_are_parsed_quickly(value: str) -> None:
    started = time.process_time()
    assert link(value[:LONGEST]) is not None
    assert time.process_time() - started < 0.5


def test_the_requested_time_is_sent_in_utc() -> None:
    here = MOMENT.astimezone(timezone(timedelta(hours=5)))
    assert memento.accept_datetime(here) == {"Accept-Datetime": AT}


@pytest.mark.parametrize(
    ("location", "absolute"),
    [
        ("/web/x", "https://t.example/web/x"),
        ("https://o.example/", "https://o.example/"),
        ("//o.example/", "https://o.example/"),
        ("", ""),
    ],
)
def test_redirects_are_resolved_against_the_requested_url(location: str, absolute: str) -> None:
    assert memento.redirect_target("https://t.example/gate/a", (("Location", location),)) == absolute


def test_the_raw_url_is_derived_from_the_first_timestamp() -> None:
    raw = memento.raw_url("https://t.example/web/20260505101010/https://a.example/20250101000000/x")
    assert raw == "https://t.example/web/20260505101010id_/https://a.example/20250101000000/x"
    assert memento.raw_url("https://t.example/x/1") == "https://t.example/x/1"
