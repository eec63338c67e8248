"""The PostgreSQL from the wheel: as root and as a user, in any folder, after any death."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from factcheck.embedded import postgres
from factcheck.embedded.postgres import Cluster, EmbeddedError
from tests.processes import alive, descendants, kill, user_of, wait_until_gone

AS_ROOT = os.getuid() == 0


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    cluster = Cluster(data)
    yield cluster
    cluster.stop()


def run(cluster: Cluster) -> int:
    """Make and start; the server's process id."""
    cluster.create()
    pid = cluster.start().pid
    cluster.prepare_database()
    return pid


def connect(cluster: Cluster, role: str = "app") -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(postgres.database_url(cluster.data, role=role), autocommit=True)


def test_the_url_is_known_before_anything_exists(tmp_path: Path) -> None:
    data = tmp_path / "not there"
    assert postgres.database_url(data, role="app") == postgres.database_url(data, role="app")
    assert postgres.database_url(data, role="app") != postgres.database_url(data, role="owner")
    assert not data.exists()


@pytest.mark.parametrize("name", ["short", "with spaces, a comma, 'quotes\"", "long" * 60, "Пекин"])
def test_any_folder_will_do(tmp_path: Path, name: str) -> None:
    data = tmp_path / name
    data.mkdir(mode=0o700)
    cluster = Cluster(data)
    assert len(os.fsencode(cluster.sockets)) < 104 - len("/.s.PGSQL.5432")
    try:
        run(cluster)
        assert cluster.sockets.stat().st_mode & 0o777 == 0o700
        with connect(cluster) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        cluster.stop()
    assert cluster.sockets.parent == data or not cluster.sockets.exists()


def test_two_roles_and_none_is_a_superuser(cluster: Cluster) -> None:
    run(cluster)
    for role, may_create in (("owner", True), ("app", False)):
        with connect(cluster, role) as connection:
            assert connection.execute(
                "SELECT rolsuper OR rolcreaterole OR rolcreatedb,"
                " has_database_privilege(current_database(), 'CREATE') FROM pg_roles WHERE rolname = current_user"
            ).fetchone() == (False, may_create)


def test_it_can_do_what_the_product_needs(cluster: Cluster) -> None:
    run(cluster)
    with connect(cluster, "owner") as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE EXTENSION unaccent")
        assert connection.execute("SELECT lower('ÄÖÜ ПЕКИН'), current_setting('fsync')").fetchone() == (
            "äöü пекин",
            "on",
        )


@pytest.mark.parametrize(
    ("gigabytes", "limit", "megabytes"),
    [(0.25, "max", 128), (2, "max", 500), (64, "max", 1_000), (64, "1000000000", 250), (64, "nonsense", 1_000)],
)
def test_a_quarter_of_the_memory_is_for_pages(
    gigabytes: float, limit: str, megabytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {"SC_PAGE_SIZE": 1_000, "SC_PHYS_PAGES": int(gigabytes * 1_000_000)}
    monkeypatch.setattr(os, "sysconf", sizes.__getitem__)
    (tmp_path / "limit").write_text(limit)
    assert postgres.buffers(tmp_path / "limit") == megabytes
    assert postgres.buffers(tmp_path / "none") >= megabytes


def test_a_text_never_reaches_the_log(cluster: Cluster) -> None:
    run(cluster)
    with connect(cluster, "owner") as connection:
        connection.execute("CREATE TABLE t (n integer CHECK (n > 0), s text)")
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("INSERT INTO t VALUES (-1, 'a tip that must stay private')")
    log = cluster.log.read_text()
    assert "violates check constraint" in log
    assert "private" not in log


def test_another_version_is_refused_in_a_sentence(cluster: Cluster) -> None:
    cluster.folder.mkdir()
    (cluster.folder / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match="created by PostgreSQL 17, and this version runs PostgreSQL 18"):
        cluster.start()


def test_a_folder_with_something_else_is_left_alone(cluster: Cluster) -> None:
    cluster.folder.mkdir()
    (cluster.folder / "diary").write_text("mine")
    with pytest.raises(EmbeddedError, match="not empty"):
        cluster.create()
    assert (cluster.folder / "diary").read_text() == "mine"


def test_a_start_cut_short_leaves_no_half_cluster(cluster: Cluster) -> None:
    half = cluster.data / "postgres.new.abc"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    cluster.create()
    assert not half.exists()
    assert cluster.exists


def test_one_folder_has_one_server(cluster: Cluster) -> None:
    pid = run(cluster)
    second = Cluster(cluster.data)
    with pytest.raises(EmbeddedError, match=f"kill -INT {pid}"):
        second._wait_for_previous_server(patience=0.1)


def test_a_squatted_socket_folder_is_refused(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 60)
    folder = postgres.socket_folder(data)
    folder.symlink_to(tmp_path)
    try:
        with pytest.raises(EmbeddedError, match="belongs to someone else"):
            postgres.database_url(data, role="app")
    finally:
        folder.unlink()


@pytest.fixture
def bystander() -> Iterator[int]:
    """Some living process of ours that is no PostgreSQL."""
    process = subprocess.Popen(["/bin/sleep", "60"])
    yield process.pid
    process.kill()
    process.wait()


def leave_a_stale_pid_file(cluster: Cluster, bystander: int) -> None:
    """As a kill -9 or a power cut does; the number in it is by now that of another living process."""
    run(cluster)
    pids = [*postgres.processes_in(cluster.folder)]
    kill(pids)
    assert cluster.process is not None
    cluster.process.wait()
    assert wait_until_gone(pids, 5) == []
    file = cluster.folder / "postmaster.pid"
    lines = file.read_text().splitlines()
    file.write_text("\n".join([str(bystander), *lines[1:]]) + "\n")


def test_a_stale_pid_file_does_not_keep_it_from_starting(cluster: Cluster, bystander: int) -> None:
    leave_a_stale_pid_file(cluster, bystander)
    run(cluster)


def test_control_the_stale_pid_file_would(cluster: Cluster, bystander: int, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_a_stale_pid_file(cluster, bystander)
    monkeypatch.setattr(cluster, "_wait_for_previous_server", lambda: None)
    with pytest.raises(EmbeddedError, match=r"postmaster\.pid|already exists|in use"):
        cluster.start()


class Writer(threading.Thread):
    """Writes one row after the other and remembers which the server acknowledged."""

    def __init__(self, cluster: Cluster, number: int) -> None:
        super().__init__()
        self.cluster, self.number, self.acknowledged = cluster, number, 0

    def run(self) -> None:
        try:
            with connect(self.cluster, "owner") as connection:
                while True:
                    connection.execute("INSERT INTO t VALUES (%s, %s)", [self.number, self.acknowledged])
                    self.acknowledged += 1
        except psycopg.OperationalError:
            return


def lost_after_kill(cluster: Cluster) -> int:
    """Kill -9 the whole server under four writers; how many acknowledged rows are gone after the next start."""
    with connect(cluster, "owner") as connection:
        connection.execute("DROP TABLE IF EXISTS t")
        connection.execute("CREATE TABLE t (writer integer, row integer)")
    writers = [Writer(cluster, number) for number in range(4)]
    for writer in writers:
        writer.start()
    time.sleep(0.7)
    kill(postgres.processes_in(cluster.folder))
    for writer in writers:
        writer.join()
    assert cluster.process is not None
    cluster.process.wait()
    cluster.start()
    lost = 0
    with connect(cluster, "owner") as connection:
        for writer in writers:
            assert writer.acknowledged > 10
            rows = connection.execute(
                "SELECT count(DISTINCT row) FROM t WHERE writer = %s AND row < %s",
                [writer.number, writer.acknowledged],
            ).fetchone()
            assert rows is not None
            lost += writer.acknowledged - int(str(rows[0]))
    return lost


def test_kill_9_three_times_under_writers_loses_nothing(cluster: Cluster) -> None:
    run(cluster)
    assert [lost_after_kill(cluster) for _ in range(3)] == [0, 0, 0]


def test_control_without_durability_it_does(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, durable=False)
    try:
        run(cluster)
        assert sum(lost_after_kill(cluster) for _ in range(3)) > 0
    finally:
        cluster.stop()


PARENT = """
import signal, subprocess, sys, time
sys.path.insert(0, sys.argv[1])
from factcheck.embedded.postgres import launcher
command = launcher(death_signal=signal.Signals.SIGKILL)
if sys.argv[2] == "unprotected":
    command[-2] = "0"
child = subprocess.Popen([*command, "/bin/sleep", "60"], stdout=subprocess.DEVNULL)
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize(("protection", "survives"), [("protected", False), ("unprotected", True)])
def test_a_part_dies_with_its_parent_and_would_not_without_the_launcher(protection: str, survives: bool) -> None:
    root = str(Path(postgres.__file__).parents[2])
    parent = subprocess.Popen([sys.executable, "-c", PARENT, root, protection], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    while not any(line.startswith("/bin/sleep") for line in descendants(parent.pid).values()):
        time.sleep(0.02)
    parent.kill()
    parent.communicate()
    left = wait_until_gone([child], 1)
    kill(left)
    assert bool(left) == survives


@pytest.mark.skipif(not AS_ROOT, reason="only root has to become someone else")
class TestAsRoot:
    def test_the_files_stay_roots_in_a_user_namespace(self, cluster: Cluster) -> None:
        if not postgres._possible("namespace"):
            pytest.skip("no user namespaces here")
        pid = run(cluster)
        assert cluster.folder.stat().st_uid == 0
        mapping = Path(f"/proc/{pid}/uid_map").read_text().split()
        assert mapping == ["65534", "0", "1"]

    def test_without_user_namespaces_it_runs_as_nobody(self, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
        open_way(cluster)
        forbid_namespaces(monkeypatch)
        pid = run(cluster)
        assert user_of(pid) == postgres.NOBODY
        cluster.stop()
        # Made as nobody it goes on as nobody, even where a namespace could be had.
        monkeypatch.undo()
        assert user_of(run(cluster)) == postgres.NOBODY

    def test_a_folder_made_in_a_namespace_goes_on_without(
        self, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        open_way(cluster)
        run(cluster)
        cluster.stop()
        forbid_namespaces(monkeypatch)
        assert user_of(run(cluster)) == postgres.NOBODY

    def test_what_to_do_where_neither_works(self, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(postgres, "_possible", lambda who: False)
        with pytest.raises(EmbeddedError, match="Run `up` as an ordinary user"):
            cluster.create()


def open_way(cluster: Cluster) -> None:
    """pytest's folders are closed to others; a server that runs as nobody must get through."""
    folder = cluster.data.parent
    while folder != folder.parent and folder.stat().st_uid == os.getuid():
        folder.chmod(folder.stat().st_mode | 0o011)
        folder = folder.parent


def forbid_namespaces(monkeypatch: pytest.MonkeyPatch) -> None:
    really = postgres._possible
    monkeypatch.setattr(postgres, "_possible", lambda who: who != "namespace" and really(who))


def test_the_server_ends_when_asked(cluster: Cluster) -> None:
    pid = run(cluster)
    below = descendants(pid)
    started = time.monotonic()
    with connect(cluster):  # an open session does not hold it up
        cluster.stop()
    assert time.monotonic() - started < 5
    assert alive([pid, *below]) == []
