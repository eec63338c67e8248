"""Memento (RFC 7089): what an answer says of itself, and nothing where it says nothing."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from sources.archives import memento
from sources.archives.memento import Memento

AT = "Tue, 05 May 2026 10:10:10 GMT"
MOMENT = datetime(2026, 5, 5, 10, 10, 10, tzinfo=UTC)
LONGEST = 8_190  # bytes of a header that the gate lets through


def link(value: str) -> Memento | None:
    return memento.read((("Memento-Datetime", AT), ("Link", value)))


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
def test_the_page_it_is_of_is_the_link_that_says_original(value: str, original: str) -> None:
    assert link(value) == Memento(MOMENT, original)


def test_links_in_several_headers_count_together_and_names_in_any_case() -> None:
    headers = (
        ("LINK", '<https://t.example/>; rel="timegate"'),
        ("memento-DATETIME", AT),
        ("link", '<https://a.example/>; rel="original"'),
    )
    assert memento.read(headers) == Memento(MOMENT, "https://a.example/")


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
def test_without_a_time_of_its_own_it_is_no_memento(said: str) -> None:
    found = memento.read((("Memento-Datetime", said), ("Link", '<https://a.example/>; rel="original"')))
    assert found is None or found.at == MOMENT
    assert memento.read((("Link", '<https://a.example/>; rel="original"'),)) is None


@pytest.mark.parametrize(
    "value",
    ["<" * LONGEST, "<a>;" * (LONGEST // 4), "<a>" + "; a=" * (LONGEST // 4), "<a>;a=" + '"' * LONGEST, " ;" * LONGEST],
)
def test_links_made_to_keep_us_busy_are_read_in_time(value: str) -> None:
    started = time.process_time()
    assert link(value[:LONGEST]) is not None
    assert time.process_time() - started < 0.5


def test_a_time_gate_is_asked_for_a_moment_in_utc() -> None:
    here = MOMENT.astimezone(timezone(timedelta(hours=5)))
    assert memento.accept_datetime(here) == {"Accept-Datetime": AT}


@pytest.mark.parametrize(
    ("place", "leads"),
    [
        ("/web/x", "https://t.example/web/x"),
        ("https://o.example/", "https://o.example/"),
        ("//o.example/", "https://o.example/"),
        ("", ""),
    ],
)
def test_where_it_leads_is_read_beside_where_it_was_asked(place: str, leads: str) -> None:
    assert memento.leads_to("https://t.example/gate/a", (("Location", place),)) == leads


def test_the_raw_bytes_have_an_address_of_their_own_where_there_are_fourteen_digits() -> None:
    raw = memento.raw("https://t.example/web/20260505101010/https://a.example/20250101000000/x")
    assert raw == "https://t.example/web/20260505101010id_/https://a.example/20250101000000/x"
    assert memento.raw("https://t.example/x/1") == "https://t.example/x/1"
