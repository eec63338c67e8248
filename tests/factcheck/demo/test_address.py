"""The fetcher's one exception: 127.0.0.1 and a port, given by `up`, never beside a database of one's own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def load_settings(**environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "-c", "from factcheck import settings; print(settings.FETCH_ALLOWED_LOOPBACK)"]
    return subprocess.run(command, cwd=ROOT, env={**kept, **environment}, capture_output=True, text=True)


def test_the_address_that_up_gives_is_taken() -> None:
    assert load_settings(FACTCHECK_DEMO_SITE="127.0.0.1:28111").stdout == "127.0.0.1:28111\n"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1:80", "localhost:80", "127.0.0.1:80,10.0.0.1:80", "*"])
def test_nothing_else_is_taken(address: str) -> None:
    assert "127.0.0.1:N" in load_settings(FACTCHECK_DEMO_SITE=address).stderr


def test_it_is_refused_beside_a_database_of_ones_own() -> None:
    refused = load_settings(FACTCHECK_DEMO_SITE="127.0.0.1:28111", DATABASE_URL="postgresql://app@/factcheck")
    assert refused.returncode != 0
    assert "not allowed with DATABASE_URL" in refused.stderr


@pytest.mark.parametrize("address", ["https://web.archive.org", "https://t.example:8443/web/", ""])
def test_an_archive_is_asked_over_https(address: str) -> None:
    assert load_settings(ARCHIVE_SERVICE=address).returncode == 0


@pytest.mark.parametrize(
    "address",
    [
        *("http://web.archive.org", "http://127.0.0.1:28111", "http://127.0.0.1:281112", "https://", "web.archive.org"),
        *("http://127.0.0.1:28111@evil.example/", "https://user:password@web.archive.org", "ftp://web.archive.org"),
    ],
)
def test_an_archive_at_another_address_is_refused_with_a_sentence(address: str) -> None:
    demo = {} if address == "http://127.0.0.1:28111" else {"FACTCHECK_DEMO_SITE": "127.0.0.1:28111"}
    refused = load_settings(ARCHIVE_SERVICE=address, **demo)
    assert refused.returncode != 0 and "must begin with https://" in refused.stderr


def test_the_archive_of_the_demo_is_on_its_loopback_address() -> None:
    demo = {"FACTCHECK_DEMO_SITE": "127.0.0.1:28111"}
    assert load_settings(ARCHIVE_SERVICE="http://127.0.0.1:28111/archive", **demo).returncode == 0
