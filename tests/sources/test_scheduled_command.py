"""A command that is due is started once, in a process of its own, and again when that one is done."""

import time
from pathlib import Path
from typing import Any

import pytest

from sources.scheduled_command import ScheduledCommand

MANAGE = """
import pathlib, sys, time
here = pathlib.Path(__file__).parent
with open(here / "started", "a") as file:
    file.write(" ".join(sys.argv[1:]) + "\\n")
while here.exists() and not (here / "end").exists():  # gone: the test ended first
    time.sleep(0.02)
"""


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    (tmp_path / "manage.py").write_text(MANAGE)
    settings.BASE_DIR = tmp_path
    return tmp_path


def started(folder: Path) -> list[str]:
    file = folder / "started"
    return file.read_text().splitlines() if file.exists() else []


def wait_for(folder: Path, count: int) -> None:
    deadline = time.monotonic() + 20
    while len(started(folder)) < count:
        assert time.monotonic() < deadline, started(folder)
        time.sleep(0.02)


def test_one_runs_at_a_time(folder: Path) -> None:
    command = ScheduledCommand(lambda: True)
    assert command.start_due("thin", "--dry-run")
    wait_for(folder, 1)
    assert not command.start_due("thin")
    (folder / "end").touch()
    deadline = time.monotonic() + 20
    while not command.start_due("thin"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    wait_for(folder, 2)
    assert started(folder) == ["thin --dry-run", "thin"]


def test_what_is_not_due_is_not_started(folder: Path) -> None:
    assert not ScheduledCommand(lambda: False).start_due("thin")
    assert started(folder) == []


def test_commands_do_not_hold_up_each_other(folder: Path) -> None:
    assert ScheduledCommand(lambda: True).start_due("thin")
    assert ScheduledCommand(lambda: True).start_due("backup")
    wait_for(folder, 2)
    (folder / "end").touch()
