"""The site's own log: its chain is the one that strangers recompute, and they get days up to yesterday."""

from datetime import UTC, datetime, timedelta

import pytest

from claims.models import SitePublication
from claims.publication import log_line
from claims.publication.site import line
from claims.publication.site.log import append_to_site_log, site_end, site_rows
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def tomorrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "first_moment_of", lambda day: day + timedelta(days=1))


def test_the_database_chains_the_lines_that_python_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = factories.published_review().claim
    append_to_site_log("complaint_received", "2026-1", {"received_on": "2026-12-01", "note": "ü\n"}, claim=claim)
    append_to_site_log("page_published", "about", {"page": "about", "version": 1, "text": "Wir"})
    tomorrow(monkeypatch)
    one, two = site_rows(0, 10)
    assert one.line and one.line.split("\n")[:6] == [
        "factcheck-site/2",
        "1",
        datetime.now(UTC).date().isoformat(),
        "complaint_received",
        "2026-1",
        claim.public_id,
    ]
    head = bytes(32)
    for each in (one, two):
        assert each.line and line.digest(each.line).hex() == each.line_sha256
        head = log_line.linked(head, bytes.fromhex(each.line_sha256))
        assert head.hex() == each.hash
    assert site_end() == (2, two.hash)


def test_strangers_get_no_entry_before_its_day_is_over() -> None:
    """Whoever could see at which hour a complaint came could tell whose computer was online then."""
    append_to_site_log("complaint_received", "2026-1", {})
    assert site_end() == (0, log_line.NO_HASH) and site_rows(0, 10) == []
    at = datetime(2026, 12, 1, 0, 30, tzinfo=UTC).astimezone()
    assert line.first_moment_of(at) == datetime(2026, 12, 1, tzinfo=UTC)


def test_a_line_with_a_time_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries from before 0.8.0."""
    append_to_site_log("complaint_received", "2026-1", {})
    monkeypatch.setattr(line, "WITH_TIME", 2)
    tomorrow(monkeypatch)
    [row] = site_rows(0, 10)
    assert row.line is None and row.body is None
    monkeypatch.undo()
    at = SitePublication.objects.get().at
    text = f"factcheck-site/1\n1\n{at:%Y-%m-%dT%H:%M:%S.%fZ}\ncomplaint_received\n2026-1\n\n"
    assert line.line(1, 1, at, "complaint_received", "2026-1", "", "{}").startswith(text)
