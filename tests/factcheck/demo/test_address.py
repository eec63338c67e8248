"""The fetcher's one exception: 127.0.0.1 and a port, given by `up`, never beside a database of one's own."""

import os
import runpy
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import ImproperlyConfigured

SETTINGS = Path(__file__).resolve().parents[3] / "factcheck" / "settings.py"


def load_settings(**environment: str) -> dict[str, Any]:
    """What the settings hold when they are loaded with nothing else in the environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with mock.patch.dict(os.environ, {**kept, **environment}, clear=True):
        return runpy.run_path(str(SETTINGS))


def refusal(**environment: str) -> str:
    with pytest.raises(ImproperlyConfigured) as refused:
        load_settings(**environment)
    return str(refused.value)


def test_an_empty_secret_key_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("\n")
    assert "secret_key is empty. Restore it" in refusal(FACTCHECK_DATA=str(tmp_path))
    (tmp_path / "secret_key").write_text("x" * 50)
    assert load_settings(FACTCHECK_DATA=str(tmp_path))["SECRET_KEY"] == "x" * 50


def test_the_address_that_up_gives_is_taken() -> None:
    assert load_settings(FACTCHECK_DEMO_SITE="127.0.0.1:28111")["FETCH_ALLOWED_LOOPBACK"] == "127.0.0.1:28111"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1:80", "localhost:80", "127.0.0.1:80,10.0.0.1:80", "*"])
def test_nothing_else_is_taken(address: str) -> None:
    assert "127.0.0.1:N" in refusal(FACTCHECK_DEMO_SITE=address)


def test_it_is_refused_beside_a_database_of_ones_own() -> None:
    database = {"DATABASE_URL": "postgresql://app@/factcheck"}
    assert "not allowed with DATABASE_URL" in refusal(FACTCHECK_DEMO_SITE="127.0.0.1:28111", **database)


@pytest.mark.parametrize("address", ["https://web.archive.org", "https://t.example:8443/web/", ""])
def test_an_archive_is_asked_over_https(address: str) -> None:
    assert load_settings(ARCHIVE_SERVICE=address)["ARCHIVE_SERVICE"] == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        *("http://web.archive.org", "http://127.0.0.1:28111", "http://127.0.0.1:281112", "https://", "web.archive.org"),
        *("http://127.0.0.1:28111@evil.example/", "https://user:password@web.archive.org", "ftp://web.archive.org"),
    ],
)
def test_an_archive_at_another_address_is_refused_with_a_sentence(address: str) -> None:
    demo = {} if address == "http://127.0.0.1:28111" else {"FACTCHECK_DEMO_SITE": "127.0.0.1:28111"}
    assert "must begin with https://" in refusal(ARCHIVE_SERVICE=address, **demo)


def test_the_archive_of_the_demo_is_on_its_loopback_address() -> None:
    demo = {"FACTCHECK_DEMO_SITE": "127.0.0.1:28111"}
    archive = "http://127.0.0.1:28111/archive"
    assert load_settings(ARCHIVE_SERVICE=archive, **demo)["ARCHIVE_SERVICE"] == archive
