"""`manage.py up` as people run it: real processes, real kills. One cold start, then warm ones in its folder."""

import os
import re
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections

from factcheck.embedded.data_format import FORMAT
from tests.factcheck.embedded.ledger import DESK, LOG, REST, TIP, Ledger, Writers, database_of, kill_and_wait
from tests.processes import OwnTime, alive, command_line, user_of, wait_until_gone
from tests.running_up import NOBODY, SIGNATURES, Up, running


def refused(data: Path, *arguments: str) -> str:
    """What an `up` that cannot start says, on one line and without a traceback; it must exit with 1."""
    up = Up(data, *arguments)
    assert up.process.wait(120) == 1
    said = up.errors
    assert "Traceback" not in said
    assert len(said.splitlines()) == 1
    return said


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a path that is long and has spaces."""
    return tmp_path_factory.mktemp("up") / "a folder with spaces" / ("and a long name " * 8).strip()


@pytest.fixture(scope="module", autouse=True)
def cold_start(data: Path) -> Iterator[Up]:
    data.parent.mkdir()
    with running(data) as up:
        yield up
        # The tests below end it; this is for a run of one of them alone.


class TestFirstStart:
    def test_it_prints_a_key_and_a_link_and_then_that_it_is_ready(self, cold_start: Up) -> None:
        key, link, ready = cold_start.lines
        assert re.fullmatch(r"api key: fc_[A-Za-z0-9]+_[A-Za-z0-9_-]{20,}", key)
        assert re.match(rf"administrator: {cold_start.url}/link/#[\w-]{{43}} works once", link)
        assert "/link/#" not in cold_start.errors
        assert re.fullmatch(r"ready http://127\.0\.0\.1:\d+", ready)

    def test_every_part_answers(self, cold_start: Up) -> None:
        status, body = cold_start.get("/healthz")
        assert status == 200
        assert {"database", "broker", "worker", "beat", "snapshots", "disk", "sweep"} <= set(body["parts"])
        assert body["parts"].pop("matcher").startswith("off: ")
        assert set(body["parts"].values()) == {"ok"}

    def test_the_parts_run(self, cold_start: Up) -> None:
        for part in SIGNATURES:
            assert cold_start.pid(part)

    def test_the_data_folder_is_closed(self, cold_start: Up, data: Path) -> None:
        assert data.stat().st_mode & 0o077 == 0
        assert (data / "FORMAT").read_text() == f"{FORMAT}\n"
        assert (data / "secret_key").stat().st_mode & 0o077 == 0
        assert len((data / "secret_key").read_text()) > 50

    def test_nobody_listens_but_the_web(self, cold_start: Up) -> None:
        port = urlsplit(cold_start.url).port
        assert listening([cold_start.process.pid, *cold_start.tree]) == {("127.0.0.1", port)}

    def test_a_second_one_on_the_folder_is_refused(self, cold_start: Up, data: Path) -> None:
        said = refused(data)
        assert "`up` already runs with the data folder" in said
        assert f"(process {cold_start.process.pid})" in said

    def test_a_taken_port_is_refused(self, cold_start: Up, tmp_path: Path) -> None:
        said = refused(tmp_path / "other", "--port", str(urlsplit(cold_start.url).port))
        assert "Name another one with --port" in said

    def test_a_folder_that_cannot_be_written_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        assert "cannot be written" in refused(tmp_path / "file" / "data")

    def test_a_database_of_another_version_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "data" / "postgres").mkdir(parents=True)
        (tmp_path / "data" / "postgres" / "PG_VERSION").write_text("9.6\n")
        (tmp_path / "data" / "FORMAT").write_text(f"{FORMAT}\n")
        assert "created by PostgreSQL 9.6" in refused(tmp_path / "data")

    def test_a_folder_made_before_0_2_0_is_refused_and_not_touched(self, tmp_path: Path) -> None:
        (tmp_path / "data" / "postgres").mkdir(parents=True)
        (tmp_path / "data" / "postgres" / "PG_VERSION").write_text("18\n")
        assert "made before 0.2.0: nothing was touched" in refused(tmp_path / "data")
        assert [path.name for path in (tmp_path / "data").rglob("*")] == ["postgres", "PG_VERSION"]

    def test_a_folder_of_a_newer_version_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "FORMAT").write_text(f"{FORMAT + 1}\n")
        assert "Use the newer version" in refused(tmp_path)

    def test_sigterm_stops_everything_and_exits_0(self, cold_start: Up) -> None:
        """The last of this class: it ends the shared one."""
        own = OwnTime()
        cold_start.process.terminate()
        while cold_start.process.poll() is None and own.seconds() < 15:
            time.sleep(0.1)
        assert cold_start.process.poll() == 0
        assert alive(cold_start.tree) == []


def listening(pids: list[int]) -> set[tuple[str, int]]:
    """Addresses and ports on which any of these processes takes TCP connections."""
    inodes = set()
    for pid in pids:
        try:
            files = list(Path(f"/proc/{pid}/fd").iterdir())
        except OSError:  # it has ended since, as PostgreSQL's do
            continue
        for file in files:
            try:
                target = str(file.readlink())
            except OSError:
                continue
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    found = set()
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                address, port = fields[1].split(":")
                raw = bytes.fromhex(address)
                words = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
                found.add((socket.inet_ntop(family, words), int(port, 16)))
    return found


def test_each_part_is_killed_under_writers_and_is_back_and_nothing_is_lost_or_doubled(
    data: Path, cold_start: Up, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any
) -> None:
    """Then `up` itself is killed, and everything ends; the next start goes on."""
    key = next(line.removeprefix("api key: ") for line in cold_start.lines if line.startswith("api key: "))
    with running(data) as up, database_of(data, monkeypatch, django_db_blocker):
        assert [line.split()[0] for line in up.lines] == ["administrator:", "ready"], "the key is printed but once"
        ledger = Ledger()
        with Writers(up.url, key, ledger, pause=0.7):
            took = {part: kill_and_wait(up, part) for part in ("postgres", "web", "web's child", "worker", "beat")}
            time.sleep(1)
        assert max(took.values()) < 15, took
        assert {kind for kind, _ in ledger.acknowledged} == {REST, TIP, DESK, LOG}
        assert len(ledger.acknowledged) > 20
        assert ledger.differences() == []
        status, body = up.get("/healthz")
        assert status == 200
        counts = {part: each["since_start"] for part, each in body["restarts"].items()}
        assert counts == {"postgres": 1, "web": 2, "worker": 1, "beat": 1}
        assert up.errors.count("it is restarted in") == 5
        connections.close_all()
        up.look().process.kill()
        up.process.wait()
        assert wait_until_gone(up.tree, 10) == []


def test_without_restarts_the_rest_ends_when_a_part_does(data: Path) -> None:
    """The control, and the next start after the kill before."""
    with running(data, "--port", "0", "--no-restart") as up:
        os.kill(up.pid("worker"), signal.SIGKILL)
        assert up.process.wait(20) == 1
        assert "worker was killed by SIGKILL" in up.errors
        assert wait_until_gone(up.tree, 1) == []


@pytest.mark.skipif(os.getuid() != 0, reason="the other tests run as an ordinary user already")
def test_an_ordinary_user_can_run_it_and_stop_it_with_ctrl_c(
    data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On the same database, given to that user: making one as a user is tested with the embedded server."""
    home = Path("/tmp") / f"factcheck-home-{os.getpid()}"
    home.mkdir(mode=0o755)
    theirs = home / "data"
    try:
        shutil.copytree(data, theirs, ignore=shutil.ignore_patterns("run"))
        for folder, _, files in os.walk(home):
            for path in (folder, *(os.path.join(folder, name) for name in files)):
                os.chown(path, NOBODY, NOBODY)
        with running(theirs, as_nobody=True) as up:
            assert {user for pid in up.tree if (user := user_of(pid)) is not None} == {NOBODY}
            assert "postgres" in command_line(up.pid("postgres"))
            assert up.end(signal.SIGINT) == 0
            assert alive(up.tree) == []
    finally:
        shutil.rmtree(home)
