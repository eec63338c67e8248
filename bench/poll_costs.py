"""The real stack, for `years.py`: pages in a loopback server, the poller, the sweep, and what they write.

`beside.ROOT` names the code that is measured; a `Stack` runs in a process of its own.
"""

import asyncio
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import beside
import database_template
import psycopg
from desk_users import editors
from noisy_pages import NoisyPage, Web
from noisy_server import Response, Serving, Site, as_response
from psycopg import sql

KINDS = ("same", "hidden", "visible", "edited", "wall")
INTERVAL = timedelta(minutes=30)
WEEK = timedelta(days=7)
STATE = ("sources_polling", "sources_host", "sources_pollingprice")
"""Tables whose rows are updated in place, so that they do not grow with the number of polls."""
NAMES = {
    "sources_snapshot": "snapshot",
    "sources_change": "change",
    "claims_evidencecheck": "check",
    "claims_sweep": "sweep",
    "sources_text": "text",
    "sources_blob": "blob",
}
"""Tables that have a column of their own; rows of all others, audit and log among them, are `other`."""
_NUMBERED = ("snapshot", "change", "check")
_TABLES = {name: table for table, name in NAMES.items()}
_TOO_LONG = 120.0  # seconds in which the pages of one round must have been polled


@dataclass
class Cost:
    """What so many polls wrote: rows by table, and bytes."""

    polls: int = 0
    added: Counter[str] = field(default_factory=Counter)
    """New rows, by name of the table."""
    updated: Counter[str] = field(default_factory=Counter)
    """Other rows that the polls wrote, each counted once a round, by table."""
    growth: Counter[str] = field(default_factory=Counter)
    """Growth in bytes of the tables with indexes and TOAST, by name; that of all of `STATE` is `state`."""
    files: int = 0
    """Bytes of the new files in the snapshot store, as stored."""
    wal: int = 0
    ids: dict[str, tuple[int, int]] = field(default_factory=dict)
    """The last id before, and the last one of these polls, by name of the table."""


class Shown(Site):
    """Shows the pages of `web` as they are at `visit`, made when they are asked for."""

    def __init__(self) -> None:
        self.visit = 1
        self.counts: Counter[str] = Counter()
        self.requested: Counter[bytes] = Counter()
        self.web: Web | None = None
        self.pages: dict[bytes, NoisyPage] = {}

    def show(self, web: Web) -> None:
        self.web = web
        self.pages = {page.url.removeprefix("http://").encode(): page for page in web.pages}

    def find(self, key: bytes) -> Response | None:
        page = self.pages.get(key)
        if page is None or self.web is None:
            return None
        return as_response(page, *self.web.html(page, self.visit))


@contextmanager
def _server(site: Site) -> Iterator[int]:
    """Serve the site on a port of 127.0.0.1, by a thread."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: Serving(site), "127.0.0.1", 0, backlog=1_000))
    port = int(server.sockets[0].getsockname()[1])
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


@contextmanager
def stack(pages: int, *, seed: int) -> Iterator["Stack"]:
    """So many watched pages of each kind, each read once and quoted by a published review, as a year begins."""
    site = Shown()
    with _server(site) as port, beside.data_folder("years") as folder:
        os.environ |= {
            "FACTCHECK_DEMO_SITE": f"127.0.0.1:{port}",  # the one loopback address that the guard lets through
            "FACTCHECK_HOST_DELAY_SECONDS": "0",
            "FACTCHECK_POLL_INTERVAL_SECONDS": str(WEEK.total_seconds()),  # each round makes its pages due
        }
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        from factcheck.embedded.postgres import Cluster, database_url
        from factcheck.management.commands import up

        up.make_data_folder(folder)
        up.ensure_secret_key(folder)
        database_template.copy_to(folder)
        cluster = Cluster(folder)
        cluster.create()
        cluster.start()
        try:
            cluster.prepare_database()
            call_command("migrate", verbosity=0, interactive=False)
            with psycopg.connect(database_url(folder, role="superuser"), autocommit=True) as superuser:
                bench = Stack(site, superuser, folder)
                shares = {kind: 100 / len(KINDS) for kind in KINDS if kind != "hidden"}  # which the others are
                web = Web(len(KINDS) * pages, 1, seed=seed, shares=shares)
                web.pages = [
                    replace(page, url=f"http://127.0.0.1:{port}/{page.url.rpartition('/')[2]}") for page in web.pages
                ]
                site.show(web)
                bench.begin(web.pages)
                yield bench
        finally:
            connections.close_all()
            cluster.stop()


class Stack:
    """The pages, by kind, and the rounds in which they are polled."""

    def __init__(self, site: Shown, superuser: "psycopg.Connection[Any]", folder: Path) -> None:
        self.site = site
        self.superuser = superuser
        self.store = folder / "snapshots"
        self.pages: dict[str, list[int]] = {kind: [] for kind in KINDS}
        self.quotes = 0
        rows = superuser.execute("SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public' ORDER BY relname")
        self.tables = [name for (name,) in rows]

    def begin(self, pages: Sequence[NoisyPage]) -> None:
        """Watch the pages, read each once, and publish a review that rests on one or two quotes of it."""
        from django.db import transaction

        from sources.models import Outcome, Polling
        from sources.pages import page_for
        from sources.polling import poller

        watched: dict[int, str] = {}
        with transaction.atomic():
            for page in pages:
                created = page_for(page.url)
                poller.start_watching(created)
                self.pages[page.kind].append(created.pk)
                watched[created.pk] = page.watched
        self._poll([*watched])
        unread = Polling.objects.exclude(last_outcome__in=Outcome.readable())
        if unread.exists():
            raise AssertionError(f"{unread.count()} first polls failed: {unread[0].last_detail}")
        self._publish(watched)
        self.superuser.execute("VACUUM ANALYZE")

    def _publish(self, watched: dict[int, str]) -> None:
        from claims.models import Claim, Evidence, Organisation, Rating, RatingScale, Verdict
        from claims.publication.words import leaving
        from claims.reviews import evidence, publish, workflow
        from sources.models import Page

        author, approver = editors()
        desk = Organisation.objects.create(name="Bench", is_ours=True)
        scale = RatingScale.objects.create(organisation=desk, name="Scale")
        right = Rating.objects.create(scale=scale, label="Right", value=1, verdict=Verdict.TRUE)
        for nth, page in enumerate(Page.objects.filter(pk__in=watched).order_by("pk")):
            claim = Claim.objects.create(text=watched[page.pk][:300])
            version = workflow.start_review(claim=claim, organisation=desk, author=author)
            version.rating, version.true_as_of = right, date(2026, 1, 1)
            version.summary = version.body = "The page says so."
            version.save()
            quotes = [watched[page.pk]]
            if nth % 2:
                quotes.append(_other_quote(page.snapshots.latest("pk").text.text, watched[page.pk]))
            for exact in quotes:
                evidence.attach_quote(
                    version, url_or_page=page, exact=exact, stance=Evidence.Stance.SUPPORTS, actor=author, note="Page."
                )
            self.quotes += len(quotes)
            workflow.submit(version, actor=author)
            approved = workflow.approve(version, actor=approver, shown=leaving(version).sha256)
            publish.publish(approved, actor=approver)

    def rounds(self, kind: str, number: int, *, text_is_due: bool = False) -> Cost:
        """Poll the pages of a kind so many times, half an hour apart for the product, and sweep each time.

        With `text_is_due` the last text of each was kept a week ago.
        """
        cost = Cost()
        sizes, files, ids = self._sizes(), self._stored(), self._last_ids()
        for _ in range(number):
            self.site.visit += 1
            self._pass_time(kind, text_is_due=text_is_due)
            rows, since = self._rows(), self._one("SELECT pg_current_xact_id()::text::bigint")
            wal = self._one("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
            self._poll(self.pages[kind])
            cost.wal += int(self._one("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn") - wal)
            added = self._rows() - rows
            cost.added += _named(added)
            cost.updated += self._rows(since=since) - added
            cost.polls += len(self.pages[kind])
            self.superuser.execute(f"VACUUM {', '.join(STATE)}")  # type: ignore[arg-type]
        self.superuser.execute("VACUUM")
        for table, size in self._sizes().items():
            cost.growth["state" if table in STATE else NAMES.get(table, "other")] += size - sizes[table]
        cost.files = self._stored() - files
        cost.ids = {name: (ids[name], last) for name, last in self._last_ids().items()}
        return cost

    def age(self, by: timedelta) -> None:
        """Let all that polls have written so far be older."""
        self.superuser.execute("SET session_replication_role = replica")  # rows that only grow refuse it
        for table, column in (
            ("sources_snapshot", "taken_at"),
            ("sources_change", "detected_at"),
            ("claims_evidencecheck", "checked_at"),
            ("sources_blob", "unused_since"),
        ):
            self.superuser.execute(
                sql.SQL("UPDATE {} SET {column} = {column} - %s").format(
                    sql.Identifier(table), column=sql.Identifier(column)
                ),
                [by],
            )
        self.superuser.execute("SET session_replication_role = origin")

    def thin(self, after: timedelta) -> None:
        """Run two thinnings, a day apart for the product, so that files go too."""
        from claims.proof import keys, seals
        from factcheck.thinning.thin import thin

        seals.seal_all(keys.current())
        thin(after=after)
        self.age(timedelta(days=2))
        thin(after=after)
        stored, known = len(list(self.store.rglob("*.gz"))), self._one("SELECT count(*) FROM sources_blob")
        assert stored == known, f"{stored} files and {known} rows are left"

    def left(self, cost: Cost) -> tuple[Counter[str], int]:
        """What is left of the rows that these polls added, by name, and the bytes of the files."""
        rows = Counter({"other": cost.added["other"]})
        for name in _NUMBERED:
            rows[name] = self._counted(f"FROM {_TABLES[name]} WHERE id", cost.ids[name])
        rows["sweep"] = self._counted("FROM claims_sweep WHERE change_id", cost.ids["change"])
        of_these = "FROM sources_snapshot AS s JOIN sources_{0} ON sha256 = s.{0}_id WHERE s.id"
        for name in ("text", "blob"):
            number = self._counted(of_these.format(name), cost.ids["snapshot"], what="count(DISTINCT sha256)")
            rows[name] = min(number, cost.added[name])
        low, high = cost.ids["snapshot"]
        blobs = self.superuser.execute(
            "SELECT DISTINCT blob_id FROM sources_snapshot WHERE id > %s AND id <= %s", [low, high]
        )
        files = sum((self.store / name[:2] / name[2:4] / f"{name}.gz").stat().st_size for (name,) in blobs)
        return rows, min(files, cost.files)

    def _counted(self, what_of: str, ids: tuple[int, int], *, what: str = "count(*)") -> int:
        query = f"SELECT {what} {what_of} > %s AND {what_of.rpartition(' ')[2]} <= %s"
        row = self.superuser.execute(query, ids).fetchone()  # type: ignore[arg-type]
        return int(row[0]) if row else 0

    def _last_ids(self) -> dict[str, int]:
        return {name: self._one(f"SELECT coalesce(max(id), 0) FROM {_TABLES[name]}") for name in _NUMBERED}

    def _pass_time(self, kind: str, *, text_is_due: bool) -> None:
        """Let the poller find its state half an hour older. Times that are kept with snapshots stay as they are."""
        from django.db.models import F
        from django.db.models.functions import Now

        from sources.models import Polling

        states = Polling.objects.filter(page__in=self.pages[kind])
        states.update(suspected_since=F("suspected_since") - INTERVAL)
        if "text_kept_at" in {field.name for field in Polling._meta.fields}:
            states.update(text_kept_at=Now() - WEEK if text_is_due else F("text_kept_at") - INTERVAL)

    def _poll(self, pages: Sequence[int]) -> None:
        """Poll these pages once, and sweep what changed."""
        from django.db.models.functions import Now

        from claims.watch.sweep import sweep
        from sources.models import Change, Polling
        from sources.polling import leases, poller

        states = Polling.objects.filter(page__in=pages)
        states.update(due_at=Now())
        leases.bring_forward(["127.0.0.1"])
        ends = time.monotonic() + _TOO_LONG
        while states.filter(due_at__lte=Now()).exists():
            poller.poll(may_continue=lambda: True)
            if time.monotonic() > ends:
                raise TimeoutError(f"{states.filter(due_at__lte=Now()).count()} of {len(pages)} pages were not polled")
            time.sleep(0.01)
        while Change.objects.filter(sweep__isnull=True).exists():
            sweep()

    def _rows(self, *, since: int = 0) -> Counter[str]:
        """The rows of each table; only those written by transactions from `since` on."""
        query = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {}, count(*) FROM {} WHERE xmin::text::bigint >= {}").format(
                sql.Literal(table), sql.Identifier(table), sql.Literal(since)
            )
            for table in self.tables
        )
        return Counter(dict(self.superuser.execute(query).fetchall()))

    def _sizes(self) -> dict[str, int]:
        return dict(
            self.superuser.execute(
                "SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables WHERE schemaname = 'public'"
            ).fetchall()
        )

    def _stored(self) -> int:
        return sum(file.stat().st_size for file in self.store.rglob("*.gz"))

    def _one(self, query: str) -> Any:
        row = self.superuser.execute(query).fetchone()  # type: ignore[arg-type]
        return row[0] if row else None


def _other_quote(text: str, first: str) -> str:
    """A whole sentence of the text's longest line but the one of the first quote."""
    line = max((line for line in text.split("\n") if first not in line), key=len)
    end = line.find(". ", 40)
    return line[: end + 1] if end > 0 else line


def _named(rows: Counter[str]) -> Counter[str]:
    named: Counter[str] = Counter()
    for table, number in rows.items():
        named[NAMES.get(table, "other")] += number
    return named
