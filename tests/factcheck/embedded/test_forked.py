"""A function in a forked child: its result, its exception, its end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from factcheck.embedded import forked
from tests.processes import descendants, kill, wait_until_gone

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")
ROOT = Path(__file__).resolve().parents[3]


def test_it_returns_the_result() -> None:
    pid = os.getpid()
    assert forked.run(lambda: (os.getppid(), os.getpid() != pid)) == (pid, True)


def test_it_raises_the_exception_and_says_where_it_was() -> None:
    with pytest.raises(ZeroDivisionError, match="division") as raised:
        forked.run(lambda: 1 / 0)
    assert "test_forked.py" in "".join(raised.value.__notes__)


def test_an_exception_that_cannot_be_sent_is_named() -> None:
    def fail() -> None:
        raise ValueError(lambda: None)

    with pytest.raises(forked.ChildEnded, match="ValueError"):
        forked.run(fail)


def test_a_child_that_is_killed_is_an_error() -> None:
    with pytest.raises(forked.ChildEnded, match="ended with -9"):
        forked.run(lambda: os.kill(os.getpid(), signal.SIGKILL))


_PROGRAM = """
import sys, time
sys.path.insert(0, sys.argv[1])
from factcheck.embedded import forked
from factcheck.embedded.supervisor import StopRequested, stop_signals
with stop_signals():
    try:
        forked.run(lambda: (print("running", flush=True), time.sleep(600)))
    except StopRequested:
        sys.exit(0)
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGKILL, -9)])
def test_the_child_ends_with_its_parent(number: int, code: int) -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PROGRAM, str(ROOT)], stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout
        assert parent.stdout.readline() == "running\n"
        children = list(descendants(parent.pid))
        assert len(children) == 1
        began = time.monotonic()
        parent.send_signal(number)
        assert parent.wait(10) == code
        assert wait_until_gone(children, 5) == []
        assert time.monotonic() - began < 5
    finally:
        kill([parent.pid])
        parent.wait()
