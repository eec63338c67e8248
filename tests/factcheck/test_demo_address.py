"""The fetcher's one exception: 127.0.0.1 and a port, given by `up`, never beside a database of one's own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


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
    assert "refused with DATABASE_URL" in refused.stderr
