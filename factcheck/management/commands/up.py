"""`manage.py up`: run all parts of the product in one process tree, created from nothing on a first start.

    up ─┬─ postgres   (unless DATABASE_URL)
        ├─ web        granian → factcheck.embedded.web
        ├─ worker     celery, threads
        ├─ demo site  (where the demo is)
        ├─ beat       celery
        └─ matcher    (after the others, which do not wait for it)

One line `ready http://127.0.0.1:PORT` on stdout means that all of them but the matcher respond. Logs go to stderr. From
then on a part that ends is restarted (docs/operations.md).
"""

import fcntl
import http.client
import json
import os
import secrets
import socket
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.templatetags.static import static

from claims.matching import client as matcher
from factcheck import health as parts_health
from factcheck.backup import before_upgrade
from factcheck.backup.places import BackupError
from factcheck.demo.folder import DemoError
from factcheck.embedded import data_format, database_rules, forked
from factcheck.embedded.data_format import WrongFormat
from factcheck.embedded.forked import ChildEnded
from factcheck.embedded.postgres import Cluster, EmbeddedError
from factcheck.embedded.supervisor import Part, PartEnded, StopRequested, Supervisor, stop_signals
from factcheck.embedded.watchdog import Watchdog, responds
from factcheck.first_start import prepare
from factcheck.management.commands.migrate import after_migrating, make_keys
from factcheck.models import Heartbeat
from factcheck.web import body_gate
from sources import atomic_file, site_address
from sources.site_address import HOST, PORT

READY_WITHIN = 60  # seconds


class Command(BaseCommand):
    help = "Run everything: PostgreSQL, web, worker, beat and matcher. Ctrl-C stops it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=PORT, help="default %(default)s; 0 takes a free one")
        # manage.py removes both from the arguments, because settings need them; they are declared for --help.
        parser.add_argument("--data", metavar="DIR", help="data folder, default .factcheck beside manage.py")
        parser.add_argument(
            "--domain", metavar="NAME", help="the public name of the site, behind a proxy that terminates TLS"
        )
        parser.add_argument("--no-demo", action="store_true", help="start without the demo story")
        parser.add_argument("--no-restart", action="store_true", help="end when a part ends, instead of restarting it")
        parser.add_argument(
            "--no-backup", action="store_true", help="migrate an earlier version's data without a backup"
        )
        parser.add_argument("--mend", action="store_true", help="put back rules of the database that were altered")

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)
        try:
            with stop_signals():
                self.run(
                    port=options["port"],
                    demo=not options["no_demo"],
                    mend=options["mend"],
                    restart=not options["no_restart"],
                    backup=not options["no_backup"],
                )
        except StopRequested:
            return
        except (EmbeddedError, PartEnded, DemoError, WrongFormat, BackupError, ChildEnded) as error:
            raise CommandError(str(error)) from error

    def run(self, *, port: int, demo: bool, mend: bool, restart: bool, backup: bool) -> None:
        data: Path = settings.DATA
        data_format.check_folder(data)
        make_data_folder(data)
        with exclusive_lock(data):
            data_format.mark_folder(data)
            ensure_secret_key(data)
            port = free_port(port)
            site_address.remember(data, port)
            supervisor = Supervisor(settings.BASE_DIR, data=data)
            cluster = Cluster(data) if settings.EMBEDDED_DATABASE else None
            try:
                if cluster:
                    if not cluster.exists:
                        self.tell("Creating the database in this data folder; the first start takes about a minute.")
                    cluster.create()
                    self.tell("Starting PostgreSQL.")
                    supervisor.adopt("postgres", cluster.start, log=cluster.log)
                    cluster.prepare_database()
                self.tell("Checking the tables.")
                # In a child: what migrations need, some 200 MB, would stay with this process for good.
                forked.run(
                    partial(apply_migrations, mend=mend, before=self.back_up if backup else None, tell=self.tell)
                )
                self.start_parts(supervisor, port=port, demo=demo)
                with Watchdog(partial(signs_of_life, port), supervisor.report_silent):
                    supervisor.watch(restart=restart)
            finally:
                connections.close_all()
                supervisor.stop(but="postgres")
                if cluster:
                    cluster.stop()

    def start_parts(self, supervisor: Supervisor, *, port: int, demo: bool) -> None:
        preparation = prepare(demo=demo, port=port)
        for line in preparation.lines:
            self.say(line)
        started = database_time()
        connections.close_all()
        shared = {**environment(), **preparation.environment}
        self.tell("Starting web, worker and beat.")
        for part in [*preparation.parts, *parts(port)]:
            supervisor.start(replace(part, environment={**shared, **part.environment}))
        for part in preparation.one_off:
            self.tell(f"Running {part.name}.")
            supervisor.run(replace(part, environment={**shared, **part.environment}))
        wait_until_ready(supervisor, port, started)
        self.say(f"ready http://{HOST}:{port}")
        for part in later_parts():
            supervisor.start(replace(part, environment={**shared, **part.environment}))

    def back_up(self, alias: str) -> None:
        before_upgrade.back_up(alias, say=self.say)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def tell(self, line: str) -> None:
        """Say on stderr what goes on; stdout is for the lines that other programs read."""
        self.stderr.write(line, lambda text: text)  # an error is red, this is none
        self.stderr.flush()


def make_data_folder(data: Path) -> None:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.STATIC_ROOT.mkdir(exist_ok=True)
        with (data / "up.lock").open("a"):
            pass
    except OSError as error:
        raise CommandError(
            f"The data folder {data} cannot be written: {error.strerror}. Name another one with --data."
        ) from error


@contextmanager
def exclusive_lock(data: Path) -> Iterator[None]:
    """Lock the data folder; the kernel releases it when this process ends, however it ends."""
    with (data / "up.lock").open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(
                f"`up` already runs with the data folder {data} (process {lock.read().strip() or 'unknown'}). "
                "Stop it, or name another folder with --data."
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def ensure_secret_key(data: Path) -> None:
    """Generate the secret key on the first start. The parts read it from the file when they load settings."""
    file = data / "secret_key"
    if not file.exists():
        atomic_file.write(file, secrets.token_urlsafe(50) + "\n")


def free_port(port: int) -> int:
    """The port, or a free one for 0. A server that was just killed gets a second to release it."""
    deadline = time.monotonic() + 1
    while True:
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
                return int(probe.getsockname()[1])
            except (OSError, OverflowError) as error:
                if time.monotonic() > deadline or not isinstance(error, OSError):
                    reason = error.strerror if isinstance(error, OSError) else "no such port"
                    raise CommandError(
                        f"Port {port} cannot be used: {reason}. Name another one with --port; 0 takes a free one."
                    ) from error
        time.sleep(0.1)


def apply_migrations(
    *, mend: bool, before: Callable[[str], None] | None = None, tell: Callable[[str], None] = lambda line: None
) -> None:
    """Apply pending migrations as owner, then install the broker and grant rights. Raises CommandError.

    `before` is called with the owner's alias if there are any.

    With `mend` this also puts back rules that were altered; without, it refuses to start on them.
    """
    alias = "owner" if "owner" in settings.DATABASES else DEFAULT_DB_ALIAS
    try:
        data_format.check_database(alias)
        executor = MigrationExecutor(connections[alias])
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except data_format.WrongFormat as error:
        raise CommandError(str(error)) from error
    except DatabaseError as error:
        raise CommandError(f"The database does not answer: {str(error).splitlines()[0]}") from error
    if pending and alias == DEFAULT_DB_ALIAS:
        raise CommandError(
            f"{len(pending)} migrations are not applied. Set DATABASE_OWNER_URL to the role that owns the tables."
        )
    if pending and before:
        before(alias)
    if pending or mend:
        tell(f"Applying {len(pending)} migrations." if pending else "Putting altered rules back.")
        call_command("migrate", verbosity=0, interactive=False)
        before_upgrade.finished()
        return
    before_upgrade.finished()
    refuse_altered_rules(alias)
    make_keys(alias, report=tell)
    if alias != DEFAULT_DB_ALIAS:
        after_migrating(alias)


def refuse_altered_rules(alias: str) -> None:
    """Raise CommandError if triggers, functions, constraints or rights differ from what the migrations make."""
    connections[alias].ensure_connection()
    app = settings.DATABASES[DEFAULT_DB_ALIAS]["USER"]
    wrong = database_rules.compare(connections[alias].connection, app).wrong
    if wrong:
        listed = "\n".join(f"  {each.text}" for each in wrong[:20])
        more = f"\n  and {len(wrong) - 20} more" if len(wrong) > 20 else ""
        command = "manage.py up --mend" if settings.EMBEDDED_DATABASE else "manage.py migrate"
        raise CommandError(
            f"The database does not hold all of its rules, so nothing was started:\n{listed}{more}\n"
            f"Find out who changed this; `{command}` puts it back."
        )


def database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def environment() -> dict[str, str]:
    return {
        "FACTCHECK_DATA": str(settings.DATA),
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "CELERY_SKIP_CHECKS": "1",
        "PYTHONUNBUFFERED": "1",
    }


def parts(port: int) -> list[Part]:
    celery = [sys.executable, "-m", "celery", "--app", "factcheck.celery", "--quiet"]
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    return [
        Part(
            "worker",
            [
                *(*celery, "worker", "--hostname", "worker@factcheck", "--loglevel", "WARNING"),
                *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            ],
        ),
        Part(
            "web",
            [
                *(*granian, "--workers", "1", "--blocking-threads", str(body_gate.THREADS), "--http", "1", "--no-ws"),
                # Connections that are silent or slow cost no thread, only a place here.
                *("--backlog", "4096", "--backpressure", "4096"),
                # No access log: it would contain query strings.
                *("--no-access-log", "--log-level", "error", "--workers-kill-timeout", "4"),
                "factcheck.embedded.web:application",
            ],
        ),
        Part("beat", [*celery, "beat", "--loglevel", "WARNING"]),
    ]


def later_parts() -> list[Part]:
    """Those that nothing waits for: started once the others are ready, which need the processor until then."""
    if settings.MATCHER == "off":
        return []
    return [Part("matcher", [sys.executable, "manage.py", "matcher"], optional=True)]


def wait_until_ready(supervisor: Supervisor, port: int, started: datetime) -> None:
    """Wait until the heartbeats are newer than this start and `/healthz` responds ok. Raises CommandError."""
    deadline = time.monotonic() + READY_WITHIN
    body = ""
    while time.monotonic() < deadline:
        supervisor.check()
        if Heartbeat.objects.filter(at__gte=started).count() >= 3:
            status, body = health(port)
            if status == http.client.OK or only_late(body):
                connections.close_all()
                return
        time.sleep(0.05)
    missing = {"worker", "beat", "round trip"} - set(
        Heartbeat.objects.filter(at__gte=started).values_list("part", flat=True)
    )
    reason = f"no heartbeat of {', '.join(sorted(missing))}" if missing else f"/healthz responds {body}"
    raise CommandError(f"Not ready after {READY_WITHIN} s; {reason}")


def only_late(body: str) -> bool:
    """Whether every part works, and only that fails which a start must not wait for.

    After a long stop sweep, backup and audit are late until they have caught up, and what an audit has found must not
    keep the desk shut.
    """
    try:
        failing = json.loads(body).get("failing")
        return bool(failing) and set(failing) <= {"sweep", "backup", "checkpoint", "audit"}
    except (ValueError, AttributeError, TypeError):
        return False


def signs_of_life(port: int) -> dict[str, object]:
    """What changes while worker, beat, web and matcher work; empty while the database does not, which they wait for."""
    signs = parts_health.signs_of_life()
    if signs:
        # A static file needs no database.
        signs["web"] = time.monotonic() if responds(HOST, port, path=static("factcheck/icon.svg")) else None
        if later_parts():
            signs["matcher"] = time.monotonic() if matcher.answers() else None
    return signs


def health(port: int) -> tuple[int, str]:
    """Status and body of `/healthz`, requested as a proxy would."""
    host = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"), HOST)
    with closing(http.client.HTTPConnection(HOST, port, timeout=5)) as client:
        try:
            client.request("GET", "/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
            response = client.getresponse()
            body = response.read().decode(errors="replace")
        except OSError as error:
            return 0, f"no response: {error}"
    try:
        return response.status, json.dumps(json.loads(body))
    except ValueError:
        return response.status, f"status {response.status}"
