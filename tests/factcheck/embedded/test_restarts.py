"""Kills and hangs of the parts of `up` over minutes; the short form is in test_up.py."""

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from factcheck.embedded import postgres
from tests.factcheck.embedded.ledger import Ledger, Writers, database_of, kill_and_wait
from tests.processes import wait_until_gone
from tests.running_up import Up, running

pytestmark = pytest.mark.long
PARTS = ("worker", "web", "postgres", "beat")


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    with running(tmp_path / "data") as running_up:
        yield running_up


def key_of(up: Up) -> str:
    return next(line.removeprefix("api key: ") for line in up.lines if line.startswith("api key: "))


def test_each_part_is_killed_again_and_again_under_writers(
    up: Up, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any
) -> None:
    """Each twice, and the web's child: at its fourth end the web waits for 8 seconds."""
    with database_of(tmp_path / "data", monkeypatch, django_db_blocker):
        ledger = Ledger()
        with Writers(up.url, key_of(up), ledger):
            took = [(part, kill_and_wait(up, part)) for part in (*PARTS, "web's child", *PARTS)]
        print(took, len(ledger.acknowledged), "acknowledged,", ledger.sent_again, "sent again")
        assert ledger.differences() == []
        assert [part for part, seconds in took if seconds > 15] == []
        assert up.process.poll() is None


def test_postgresql_killed_five_times_in_ten_minutes_ends_everything_with_one_sentence(up: Up, tmp_path: Path) -> None:
    url = postgres.database_url(tmp_path / "data", role="app")
    for number in range(5):
        os.kill(up.look().pid("postgres"), signal.SIGKILL)
        ends = time.monotonic() + 60
        while number < 4:
            assert time.monotonic() < ends
            try:
                psycopg.connect(url).close()
                break
            except psycopg.OperationalError:
                time.sleep(0.2)
    assert up.process.wait(30) == 1
    assert up.errors.splitlines()[-1] == (
        "CommandError: postgres was killed by SIGKILL, and has now failed 5 times within 10 minutes, so everything was "
        f"stopped; its last lines are in {tmp_path / 'data' / 'postgres.log'}."
    )
    assert wait_until_gone(up.tree, 5) == []


@pytest.mark.parametrize("part", ["worker", "beat", "web"])
def test_a_part_that_is_stopped_is_noticed_and_restarted(up: Up, part: str) -> None:
    pid = up.pid(part)
    os.kill(pid, signal.SIGSTOP)
    if part == "web":  # granian's first process serves nothing
        for child, line in up.tree.items():
            if "granian" in line:
                os.kill(child, signal.SIGSTOP)
    assert wait_until_gone([pid], 120) == []
    ends = time.monotonic() + 15
    while True:
        try:
            if up.get("/healthz")[0] == 200:
                break
        except OSError:
            assert time.monotonic() < ends
        time.sleep(0.2)
    assert re.search(rf"{part} gave no sign of life for 60 s and was killed; it is restarted in 1 s", up.errors)


def test_a_stop_while_postgresql_waits_for_its_restart_is_clean(up: Up) -> None:
    os.kill(up.pid("postgres"), signal.SIGKILL)
    time.sleep(0.4)
    assert up.end() == 0
    assert wait_until_gone(up.tree, 5) == []
