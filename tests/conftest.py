"""The suite's database: a real PostgreSQL, used as the role *app* by the tests and as *owner* by migrations.

With DATABASE_URL and DATABASE_OWNER_URL in the environment that server is used (the owner needs CREATEDB);
else each process starts an embedded one in a temporary folder. One process of a run migrates, and the others take
what it made: the database on a given server, else the whole folder of the stopped one. It is kept as a template:

- `db` (or `@pytest.mark.django_db`) runs in a copy and rolls back;
- `live_database` is a copy of one's own, for what needs commits, several connections or processes. There is no
  `transactional_db`: it would TRUNCATE, which the logs refuse.
"""

import atexit
import fcntl
import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import django
import psycopg
import pytest
from psycopg import sql

# The suite starts more than a hundred processes of the product. Without bytecode each compiles all of it anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
MEMORY = Path("/dev/shm")
ROOM = 4 << 30


def _in_memory() -> str | None:
    """Where files are kept in memory, if there is room; None for the usual folder.

    Each database of a test's own is a thousand files that are made and removed, which take a file system on a disk ten
    times the CPU.
    """
    has_room = os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return str(MEMORY) if has_room and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC else None


def _remove_left_folders(place: Path) -> None:
    """Remove the folders of runs that were killed; their process is gone."""
    for folder in place.glob("factcheck-tests-*-*"):
        try:
            os.kill(int(folder.name.split("-")[2]), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except (PermissionError, ValueError):
            continue


if (memory := _in_memory()) is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory)  # where pytest makes the folders of tests
# Before settings are loaded, so that no test touches the data folder of the person who runs them.
_remove_left_folders(Path(memory or tempfile.gettempdir()))
DATA = Path(tempfile.mkdtemp(prefix=f"factcheck-tests-{os.getpid()}-", dir=memory))
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
(DATA / "static").mkdir()
os.environ["FACTCHECK_DATA"] = str(DATA)
os.environ["DJANGO_SETTINGS_MODULE"] = "factcheck.settings"
os.environ["FACTCHECK_MATCHER"] = "off"  # apart from the tests of it
# Tests ask faster than anybody. Those of the limits set their own.
for name in ("REQUESTS", "ANONYMOUS", "FAILED_KEYS"):
    os.environ[f"FACTCHECK_{name}_PER_MINUTE"] = "1000000"
django.setup()

from django.conf import settings  # noqa: E402

# What a test writes by itself, without `acting`, is as if the demo had: else nobody could approve it.
settings.DATABASES["default"]["OPTIONS"]["options"] = '-c pghistory.context_metadata={"actor":"demo"}'

# The product's hash of a password takes half a second on purpose; what it hashes is not what is tested here.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

from whitenoise.middleware import WhiteNoiseMiddleware  # noqa: E402

from claims.desk.shell import navigation  # noqa: E402
from factcheck.embedded import database_roles, postgres  # noqa: E402

navigation.SECONDS = 0.0  # what waits is counted anew on every screen

_files: dict[str, Any] = {}
_look_for_files = WhiteNoiseMiddleware.add_files_from_finders


def _look_for_files_once(whitenoise: WhiteNoiseMiddleware) -> None:
    """Each client of Django's makes its middleware anew. The files of the product stay the same meanwhile."""
    if not _files:
        _look_for_files(whitenoise)
        _files.update(whitenoise.files)
    whitenoise.files.update(_files)


WhiteNoiseMiddleware.add_files_from_finders = _look_for_files_once

EXTERNAL = "DATABASE_URL" in os.environ
if EXTERNAL and "DATABASE_OWNER_URL" not in os.environ:
    raise pytest.UsageError("The suite needs DATABASE_OWNER_URL beside DATABASE_URL, or neither.")

# What takes longest, the longest first, so that no process is left with one of them at the end. The first waits more
# than it works and needs no database of the suite: what works without a pause runs beside it.
LONGEST = [
    *("factcheck/demo/test_demo.py", "factcheck/embedded/test_up.py", "claims/api/test_leaks.py"),
    *("factcheck/test_tasks.py", "sources/polling/test_page_changes.py"),
    *("claims/test_visibility.py", "claims/admin/test_screens.py"),
    *("factcheck/embedded/test_database_rules.py", "factcheck/test_upgrades.py", "factcheck/test_admin.py"),
    *("factcheck/backup/test_backup.py", "factcheck/newsrooms/webhooks/test_deliver.py"),
    *("claims/reviews/test_amendments.py", "claims/proof/test_verify.py", "claims/publication/test_words.py"),
    *("factcheck/thinning/test_thin.py", "sources/extraction/test_browser.py", "claims/test_accounts.py"),
    *("factcheck/rest/test_rest.py", "sources/extraction/test_sandbox.py", "factcheck/embedded/test_postgres.py"),
]

pytest_plugins = ["tests.cpu_by_file", "tests.small_disks"]

_numbers = count(1)
_shared: list[str] = []  # the name of the database that `db` tests share, once it is made


def pytest_configure(config: pytest.Config) -> None:
    """Whoever hands the tests to other processes (`-n`) hands them no data folder: each makes its own."""
    if getattr(config.option, "numprocesses", None):
        for name in ("FACTCHECK_DATA", "DJANGO_SETTINGS_MODULE"):
            os.environ.pop(name, None)


def pytest_configure_node(node: Any) -> None:
    """What xdist calls for each process that it is about to start."""
    node.workerinput["run"] = str(DATA)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Who began the run ends it: on a given server the template outlives the processes that used it."""
    if EXTERNAL and _run(config) == DATA and _made(DATA).exists():
        _drop(_template(DATA))


def pytest_collection_finish() -> None:
    """What is there by now stays: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks = {Path(__file__).parent / name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


def _run(config: pytest.Config) -> Path:
    """The folder that all processes of this run share, new for each: the data folder of the one that began it."""
    return Path(getattr(config, "workerinput", {}).get("run", DATA))


def _made(run: Path) -> Path:
    """Is there once the template is: the folder to copy, or a sign."""
    return run / "migrated"


def _template(run: Path) -> str:
    return run.name.replace("-", "_") + "_template"


def _url(role: str, database: str | None = None) -> str:
    if EXTERNAL:
        given = os.environ["DATABASE_OWNER_URL" if role == "owner" else "DATABASE_URL"]
    else:
        given = postgres.database_url(DATA, role=role)
    return urlunsplit(urlsplit(given)._replace(path=f"/{quote(database)}")) if database else given


def _as_owner(statement: sql.Composed) -> None:
    with psycopg.connect(_url("owner"), autocommit=True) as connection:
        connection.execute(statement)


def _create(name: str, template: str | None = None) -> None:
    # Copied as files, not through the write-ahead log, which takes nearly twice the CPU.
    copy = sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template)) if template else sql.SQL("")
    _as_owner(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copy)
    # A copy has no rights of the database itself.
    app = urlsplit(_url("app")).username or ""
    with psycopg.connect(_url("owner"), autocommit=True) as connection:
        database_roles.forbid_creating(connection, app, name)


def _drop(name: str) -> None:
    """End the sessions there, then drop. FORCE would be refused while autovacuum looks in."""
    for attempt in range(5):
        for role in ("owner", "app"):  # each may end its own sessions alone
            with psycopg.connect(_url(role), autocommit=True) as connection:
                left = connection.execute(
                    "SELECT usename = current_user AND pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = %s AND usename IS NOT NULL",
                    [name],
                ).fetchall()
            if not left:
                break
        try:
            _as_owner(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        except psycopg.errors.ObjectInUse:
            if attempt == 4:
                raise
        else:
            return


def _point_django_at(name: str) -> None:
    from django.db import connections

    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


@contextmanager
def _alone(run: Path) -> Iterator[None]:
    """No two processes of the run are in here at once."""
    with (run / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(name: str) -> None:
    from django.core.management import call_command

    _create(name)
    _point_django_at(name)
    call_command("migrate", verbosity=0, interactive=False)
    _point_django_at(name)


def _copy(folder: Path, to: Path) -> None:
    """With its owner: a server runs as its folder's. The copy appears when it is whole."""
    unfinished = to.with_name(f"{to.name}.unfinished")
    subprocess.run(["cp", "-a", str(folder), str(unfinished)], check=True)
    unfinished.rename(to)


def _start_with_template(cluster: postgres.Cluster, run: Path, name: str) -> None:
    """Start the cluster with the run's template in it. Who comes first makes it, and leaves a copy to the others."""
    if _made(run).exists():
        _copy(_made(run), cluster.folder)
        cluster.start()
        return
    cluster.create()
    cluster.start()
    cluster.prepare_database()
    with psycopg.connect(postgres.database_url(DATA, role="superuser"), autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(postgres.ROLES["owner"])))
    _migrate(name)
    if run != DATA:
        cluster.stop()
        _copy(cluster.folder, _made(run))
        cluster.start()


@pytest.fixture(scope="session")
def migrated_template(
    pytestconfig: pytest.Config, django_test_environment: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[str]:
    """Name of a database with every migration, the app's rights and the groups of the roles; nobody connects to it."""
    run = _run(pytestconfig)
    name = _template(run)
    cluster = None if EXTERNAL else postgres.Cluster(DATA, durable=False)
    with django_db_blocker.unblock(), _alone(run):
        if cluster:
            _start_with_template(cluster, run, name)
        elif not _made(run).exists():
            _migrate(name)
            _made(run).touch()
    yield name
    if cluster:
        cluster.stop()


@pytest.fixture(scope="session")
def django_db_setup(migrated_template: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Instead of pytest-django's: the database that `db` tests share and roll back."""
    name = f"factcheck_test_{os.getpid()}"
    with django_db_blocker.unblock():
        _create(name, migrated_template)
        _point_django_at(name)
    _shared.append(name)
    yield
    with django_db_blocker.unblock():
        _point_django_at(name)
        _drop(name)


@dataclass(frozen=True)
class LiveDatabase:
    """A database of one test's own; Django's connections point at it."""

    name: str
    url: str
    owner_url: str

    @property
    def environment(self) -> dict[str, str]:
        """For processes that should work on it: add to what they need else."""
        return {"DATABASE_URL": self.url, "DATABASE_OWNER_URL": self.owner_url}


@pytest.fixture
def live_database(
    migrated_template: str, django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[LiveDatabase]:
    """A migrated, empty database where commits are real; dropped afterwards."""
    name = f"factcheck_test_{os.getpid()}_{next(_numbers)}"
    with django_db_blocker.unblock():
        _create(name, migrated_template)
        _point_django_at(name)
        try:
            yield LiveDatabase(name, _url("app", name), _url("owner", name))
        finally:
            _point_django_at(_shared[0])
            _drop(name)


@pytest.fixture
def empty_database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[LiveDatabase]:
    """A database without tables, to which Django's connections point; dropped afterwards."""
    name = f"factcheck_test_{os.getpid()}_{next(_numbers)}"
    with django_db_blocker.unblock():
        _create(name)
        _point_django_at(name)
        try:
            yield LiveDatabase(name, _url("app", name), _url("owner", name))
        finally:
            _point_django_at(_shared[0])
            _drop(name)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that patches the connection's settings may put back the name of a database that is dropped by then.

    No fixture: the one that opens the connection of `db` tests may be set up before it.
    """
    from django.db import connections

    if _shared and connections["default"].settings_dict["NAME"] != _shared[0]:
        _point_django_at(_shared[0])


@pytest.fixture(autouse=True)
def _empty_response_cache() -> None:
    """Each test begins as a new process does."""
    from factcheck.health import forget_recent_checks
    from factcheck.response_cache import cache
    from factcheck.web.failures import full_disk

    cache.clear()
    forget_recent_checks()
    full_disk.forget()


@pytest.fixture(autouse=True)
def _no_truncating_tests(request: pytest.FixtureRequest) -> None:
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
        pytest.fail("Use the fixture live_database: a transactional test would TRUNCATE the logs.")
