"""What will go says so in each response that uses it, two years ahead, and in the changelog."""

from datetime import date
from pathlib import Path

import pytest

from factcheck.rest import deprecations
from factcheck.rest.deprecations import DEPRECATED, KEPT, Deprecated
from tests.api_client import ask, reading_key

PARAMETER = Deprecated("/api/v1/claims/", date(2026, 3, 1), date(2028, 3, 1), parameter="limit")
ROUTE = Deprecated("/api/v1/topics/", date(2026, 1, 1), date(2028, 6, 1))


def test_each_row_has_its_days_and_a_line_in_the_changelog(request: pytest.FixtureRequest) -> None:
    changelog = (Path(request.config.rootpath) / "CHANGELOG.md").read_text()
    for row in (*DEPRECATED, PARAMETER):
        assert row.sunset - row.since >= KEPT, row.name
    for row in DEPRECATED:
        assert any("deprecated" in line and f"`{row.name}`" in line for line in changelog.splitlines()), row.name


def test_responses_to_what_is_deprecated_say_so(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    key = reading_key()
    monkeypatch.setattr(deprecations, "DEPRECATED", (PARAMETER, ROUTE))
    for path in ("/api/v1/claims/?limit=2", "/api/v1/claims/?limit=x"):
        headers = ask(path, key).headers
        assert headers["Deprecation"] == "@1772323200"
        assert headers["Sunset"] == "Wed, 01 Mar 2028 00:00:00 GMT"
        assert headers["Link"] == '</api/v1/docs/>; rel="deprecation"; type="text/html"'
    assert ask("/api/v1/topics/", key).headers["Deprecation"] == "@1767225600"
    for path in ("/api/v1/claims/", "/api/v1/reviews/?limit=2"):
        assert not {"Deprecation", "Sunset"} & set(ask(path, key).headers), path


def test_nothing_is_said_while_nothing_is_deprecated(db: None) -> None:
    assert "Deprecation" not in ask("/api/v1/claims/?limit=2", reading_key()).headers
