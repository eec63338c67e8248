"""What the supervisor does with parts that end, hang or leave children: on small programs, in a process of its own.

A process of its own, because a supervisor kills every child that is none of its parts.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from factcheck.embedded import restarts
from factcheck.embedded.restarts import History, Policy
from factcheck.embedded.watchdog import Watchdog
from tests.processes import alive, descendants, kill, wait_until_gone

ROOT = Path(__file__).resolve().parents[3]

_PROGRAM = """
import json, logging, subprocess, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from factcheck.embedded.postgres import launcher
from factcheck.embedded.restarts import Policy
from factcheck.embedded.supervisor import Part, PartEnded, StopRequested, Supervisor, stop_signals
import signal

logging.basicConfig(format="%(message)s")
folder, plan = Path(sys.argv[2]), json.loads(sys.argv[3])
supervisor = Supervisor(folder, data=folder, patience=2, policy=Policy(**plan["policy"]))

def database():
    return subprocess.Popen([*launcher(death_signal=signal.SIGKILL), *plan["database"]])

try:
    with stop_signals():
        if "database" in plan:
            supervisor.adopt("database", database, log=folder / "database.log")
        for name, command in plan["parts"].items():
            supervisor.start(Part(name, command, optional=name in plan.get("optional", ())))
        print("started", flush=True)
        for name in plan.get("silent", ()):
            while not (folder / name).exists():
                time.sleep(0.02)
            supervisor.report_silent(name, 0)
        supervisor.watch(restart=plan.get("restart", True))
except PartEnded as error:
    print(error, flush=True)
    code = 1
except StopRequested:
    code = 0
finally:
    supervisor.stop()
sys.exit(code)
"""


class Supervised:
    """A supervisor that runs, and the folder in which its parts leave traces."""

    def __init__(self, folder: Path, **plan: Any) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(ROOT), str(folder), json.dumps({"policy": {}, **plan})],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        assert self.process.stdout.readline() == "started\n"

    def pids(self, words: str) -> list[int]:
        return [pid for pid, line in descendants(self.process.pid).items() if words in line]

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Exit code, and what it wrote to stdout and stderr."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> tuple[int, str, str]:
        out, errors = self.process.communicate(timeout=30)
        return self.process.returncode, out, errors


@contextmanager
def supervised(folder: Path, **plan: Any) -> Iterator[Supervised]:
    running = Supervised(folder, **plan)
    try:
        yield running
    finally:
        left = [running.process.pid, *descendants(running.process.pid)]
        kill(alive(left))
        running.process.wait()


def program(code: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", code]


def counting(folder: Path, name: str, then: str) -> list[str]:
    """A part that adds a byte to a file when it starts."""
    return program(f"open({str(folder / name)!r}, 'a').write('.')\n{then}")


SLEEP = "import time; time.sleep(600)"


def until(true: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def starts(folder: Path, name: str) -> int:
    file = folder / name
    return len(file.read_text()) if file.exists() else 0


def test_a_part_that_ends_is_restarted_and_the_record_says_so(tmp_path: Path) -> None:
    parts = {"web": counting(tmp_path, "web", SLEEP), "beat": counting(tmp_path, "beat", SLEEP)}
    with supervised(tmp_path, parts=parts, policy={"first_delay": 0.5}) as running:
        until(lambda: starts(tmp_path, "web") == 1)
        assert restarts.read(tmp_path) == restarts.Record({}, frozenset())
        os.kill(running.pids(repr(str(tmp_path / "web")))[0], signal.SIGKILL)
        until(lambda: (record := restarts.read(tmp_path)) and record.down == {"web"})
        until(lambda: starts(tmp_path, "web") == 2)
        until(lambda: (record := restarts.read(tmp_path)) and not record.down)
        record = restarts.read(tmp_path)
        assert record is not None
        assert list(record.restarts) == ["web"]
        assert (record.restarts["web"]["last_ten_minutes"], record.restarts["web"]["since_start"]) == (1, 1)
        assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", record.restarts["web"]["last"])
        code, _, errors = running.end()
    assert code == 0
    assert errors.splitlines() == ["web was killed by SIGKILL; it is restarted in 0 s"]
    assert starts(tmp_path, "beat") == 1
    assert restarts.read(tmp_path) is None, "nothing runs any more"


def test_one_that_ends_too_often_ends_everything_with_one_sentence(tmp_path: Path) -> None:
    parts = {"web": counting(tmp_path, "web", "raise SystemExit(3)"), "beat": program(SLEEP)}
    with supervised(tmp_path, parts=parts, policy={"first_delay": 0.01}) as running:
        code, out, errors = running.wait()
    assert code == 1
    assert out == (
        "web ended with exit code 3, and has now failed 5 times within 10 minutes, so everything was stopped; its last "
        "lines are above this one.\n"
    )
    assert starts(tmp_path, "web") == 5
    assert len([line for line in errors.splitlines() if "restarted in" in line]) == 4


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_while_a_part_waits_for_its_restart_is_clean(tmp_path: Path, number: int) -> None:
    parts = {"web": program("raise SystemExit(3)"), "beat": program(SLEEP)}
    with supervised(tmp_path, parts=parts, policy={"first_delay": 30}) as running:
        until(lambda: (record := restarts.read(tmp_path)) and record.down)
        began = time.monotonic()
        assert running.end(number)[0] == 0
    assert time.monotonic() - began < 5


def test_the_others_wait_for_the_database(tmp_path: Path) -> None:
    """The web ends as well, and would be back first if it did not wait."""
    parts = {"web": counting(tmp_path, "web", SLEEP), "beat": counting(tmp_path, "beat", SLEEP)}
    slow = counting(tmp_path, "database", SLEEP)
    with supervised(tmp_path, database=slow, parts=parts, policy={"first_delay": 1}) as running:
        until(lambda: starts(tmp_path, "web") == 1)
        os.kill(running.pids(repr(str(tmp_path / "database")))[0], signal.SIGKILL)
        until(lambda: (record := restarts.read(tmp_path)) and record.down)
        began = time.monotonic()
        time.sleep(0.4)
        os.kill(running.pids(repr(str(tmp_path / "web")))[0], signal.SIGKILL)
        until(lambda: starts(tmp_path, "web") == 2)
        assert starts(tmp_path, "database") == 2
        assert time.monotonic() - began > 1
        assert starts(tmp_path, "beat") == 1, "it went on"


def test_a_database_that_cannot_be_restarted_ends_everything(tmp_path: Path) -> None:
    once = counting(tmp_path, "database", f"import os; os.path.getsize({str(tmp_path / 'database')!r}) > 1 or exit(1)")
    policy = {"first_delay": 0.01}
    with supervised(tmp_path, database=once, parts={"web": program(SLEEP)}, policy=policy) as running:
        code, out, _ = running.wait()
    assert code == 1
    assert out.endswith(f"its last lines are in {tmp_path / 'database.log'}.\n")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere orphans go to init")
def test_what_an_ended_part_leaves_behind_is_killed_though_it_is_in_another_session(tmp_path: Path) -> None:
    leave = (
        "import subprocess, sys, time\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(601)'], start_new_session=True)\n" + SLEEP
    )
    with supervised(tmp_path, parts={"worker": program(leave)}, policy={"first_delay": 30}) as running:
        until(lambda: len(running.pids("sleep(601)")) == 2)  # the part names it too
        part, child = running.pids("sleep(601)")
        os.kill(part, signal.SIGKILL)
        assert wait_until_gone([child], 5) == []
        assert running.end()[0] == 0


@pytest.mark.parametrize("restart", [True, False])
def test_an_optional_part_ends_nothing_however_often_it_ends(tmp_path: Path, restart: bool) -> None:
    parts = {"web": counting(tmp_path, "web", SLEEP), "matcher": counting(tmp_path, "matcher", "raise SystemExit(3)")}
    plan = {"optional": ["matcher"], "restart": restart, "policy": {"first_delay": 0.01, "most_ends": 2}}
    with supervised(tmp_path, parts=parts, **plan) as running:
        until(lambda: starts(tmp_path, "matcher") >= 4)
        assert running.process.poll() is None
        assert starts(tmp_path, "web") == 1
        assert running.end()[0] == 0


def test_a_part_that_hangs_is_killed_and_does_not_count(tmp_path: Path) -> None:
    hang = "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"
    policy = {"first_delay": 0.01, "most_ends": 1}
    with supervised(tmp_path, parts={"web": counting(tmp_path, "web", hang)}, policy=policy, silent=["web"]) as running:
        until(lambda: starts(tmp_path, "web") == 2)
        code, _, errors = running.end()
    assert code == 0
    assert errors == "web gave no sign of life for 0 s and was killed; it is restarted in 0 s\n"


class TestDelays:
    def test_they_double_up_to_the_longest(self) -> None:
        history = History(Policy(most_ends=100))
        assert [history.ended(ran=1) for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]

    def test_a_healthy_stretch_begins_anew(self) -> None:
        history = History(Policy(most_ends=100))
        assert [history.ended(ran=ran) for ran in (1, 1, 299, 300, 1)] == [1, 2, 4, 1, 2]

    def test_the_fifth_end_within_ten_minutes_is_one_too_many(self) -> None:
        history = History(Policy())
        assert [history.ended(ran=1) for _ in range(5)] == [1, 2, 4, 8, None]

    def test_ends_long_ago_are_forgotten(self) -> None:
        history = History(Policy(within=0.05))
        for _ in range(4):
            history.ended(ran=1)
        time.sleep(0.06)
        assert history.ended(ran=1) == 16

    def test_those_that_do_not_count_only_delay(self) -> None:
        history = History(Policy())
        assert [history.ended(ran=1, counts=False) for _ in range(8)][-1] == 30
        assert history.since_start == 8


@pytest.mark.parametrize("text", ["", "{", "[]", '{"parts": {"web": {}}, "down": []}', '{"parts": 1, "down": 2}'])
def test_a_record_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / restarts.FILE).write_text(text)
    assert restarts.read(tmp_path) is None


def test_a_record_on_a_full_disk_ends_nothing(tmp_path: Path) -> None:
    restarts.write(tmp_path / "missing", {}, [])


class TestWatchdog:
    def reported(self, *looks: dict[str, object], silent_after: float = 0) -> list[str]:
        found: list[str] = []
        watchdog = Watchdog(dict, lambda name, seconds: found.append(name), silent_after=silent_after)
        for signs in looks:
            watchdog.look(signs)
        return found

    def test_a_sign_that_stays_the_same_is_reported_once(self) -> None:
        assert self.reported(*[{"worker": 1, "beat": number} for number in range(9)]) == ["worker"]

    def test_not_before_its_time(self) -> None:
        assert self.reported(*[{"worker": 1}] * 50, silent_after=60) == []

    def test_what_cannot_be_read_blames_nobody(self) -> None:
        assert self.reported(*[{"worker": 1}, {"worker": 1}, {}] * 20) == []
