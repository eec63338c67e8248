"""`last_seen` is never later than the truth, whatever servers, clocks, workers and their deaths do.

A server logs when it has sent a whole body with the passage. Every probe asks that what is served as last seen is no
later than the last of these times.
"""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from sources import faults
from sources.http import fetcher
from sources.http.defaults import fetch_defaults
from sources.models import Host, Page, Polling, Snapshot
from sources.pages import page_for
from sources.passages import last_seen
from sources.polling import freshness, leases, poller, record
from sources.polling.observation import observe
from sources.polling.record import Result
from tests.sources.polling.histories import FIRST, register

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

PAGES = 10
_PROSE = "Much of what is built in the country is old, and what is old has to be looked after by somebody who is paid."
_MODES = {
    "plain": 6,
    "etag": 4,  # honest
    "stuck etag": 3,  # answers 304 for ever
    "unasked 304": 1,
    "304 with a body": 1,
    "cut": 1,
    "cut chunk": 1,
    "forbidden": 1,
    "wall": 1,
    "error": 1,
    "elsewhere": 1,
    "stale etag": 2,  # sends other content under the same ETag
}


@dataclass
class Served:
    """One page of the server: what it says, how it answers, and when it last sent a whole body with the passage."""

    words: str = FIRST
    noise: int = 0
    mode: str = "plain"
    sent_at: datetime | None = None
    before: bytes = b""

    def body(self) -> bytes:
        lines = [_PROSE] * 3 + [f"The report is out. {self.words} The next is due in May."] + [_PROSE] * 3
        text = "".join(f"<p>{line}</p>" for line in [*lines, f"Read {self.noise} times"])
        return f"<html lang=en><head><title>Bridges</title></head><body>{text}</body></html>".encode()


class Server:
    """A site whose truth is known."""

    def __init__(self) -> None:
        self.pages: dict[str, Served] = {}
        self.base = ""
        site = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 5
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                page = site.pages.get(self.path)
                if page is None:
                    return self.answer(404, b"none")
                mode, body = page.mode, page.body()
                etag = '"same"' if mode in ("stuck etag", "stale etag") else f'"{hash(body)}"'
                asked = self.headers.get("If-None-Match")
                if mode == "unasked 304" or (mode == "stuck etag" and asked) or (mode == "etag" and asked == etag):
                    return self.answer(304, b"", ETag=etag)
                if mode == "304 with a body" and asked:
                    return self.answer(304, page.before, ETag=etag, Connection="close")
                if mode.startswith("cut"):
                    return self.cut(body, chunked=mode == "cut chunk")
                if mode == "forbidden":
                    return self.answer(403, b"no")
                if mode == "wall":
                    return self.answer(200, b"<title>Just a moment...</title><p>Checking your browser. Ray ID 1")
                if mode == "error":
                    return self.answer(500, body)
                if mode == "elsewhere":
                    return self.answer(302, body, Location=f"{site.base}/nothing")
                named = {} if mode == "plain" else {"ETag": etag}
                self.answer(200, body, **named)
                page.before = body
                if FIRST.encode() in body:
                    page.sent_at = datetime.now(UTC)
                return None

            def answer(self, status: int, body: bytes, **headers: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def cut(self, body: bytes, *, chunked: bool) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header(*(("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(len(body)))))
                self.send_header("Connection", "close")
                self.end_headers()
                part = body[:-200]
                self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part) if chunked else part)
                self.close_connection = True

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


class Killed(Exception):
    """Stands for the death of a worker: its transaction is rolled back, and its lease still holds."""


@dataclass
class World:
    """Pages with a watched passage each, and everything that can go wrong between two probes."""

    server: Server
    random: random.Random
    monkeypatch: pytest.MonkeyPatch
    pages: dict[int, Served] = field(default_factory=dict)
    passages: dict[int, int] = field(default_factory=dict)
    late: list[Result] = field(default_factory=list)
    swept: int = 0
    violations: list[str] = field(default_factory=list)
    probes: int = 0
    shown: int = 0
    doing: str = ""

    def begin(self) -> None:
        for number in range(PAGES):
            self.server.pages[f"/{number}"] = Served()
            page = page_for(f"{self.server.base}/{number}")
            poller.start_watching(page)
            self.pages[page.pk] = self.server.pages[f"/{number}"]
        self.poll()
        for page in Page.objects.all():
            (passage,) = register(Snapshot.objects.get(page=page), [FIRST])
            self.passages[page.pk] = passage.pk
        Polling.objects.update(weight=1)

    def step(self, *, is_last: bool = False) -> None:
        """Change the pages, do something, and probe. The clock is set back near the end alone: what is stored then is
        not believed until the clock has caught up, which hides other faults."""
        for served in self.pages.values():
            self.change(served)
        if self.random.random() < 0.3:
            Host.objects.update(validators_lied_at=None)  # weeks pass
        what = self.random.choices(
            [self.poll, self.killed, self.fall_behind, self.deliver_late, self.editor_asks], [6, 2, 2, 2, 1]
        )[0]
        if is_last:
            what = self.clock_set_back
        self.doing = what.__name__
        what()
        if self.random.random() < 0.7:
            self.sweep()
        self.probe()

    def change(self, served: Served) -> None:
        if self.random.random() < 0.5:
            served.noise += 1
        if self.random.random() < 0.25:
            served.words = self.random.choice([FIRST, FIRST, FIRST.replace("412", "389"), "", f"{FIRST} Not so."])
        if self.random.random() < 0.3:
            served.mode = self.random.choices(list(_MODES), list(_MODES.values()))[0]

    def due(self) -> None:
        past = timezone.now() - timedelta(seconds=1)
        Polling.objects.update(due_at=past, leased_until=None)
        Host.objects.update(ready_at=Now(), rests_until=None)

    def poll(self) -> None:
        self.due()
        poller.poll_batch(PAGES)

    def killed(self) -> None:
        at = self.random.choice(
            ["fetched", "read", "stored", "snapshot written", "changes written", "polling written", "before commit"]
        )

        def dies(name: str) -> None:
            if name == at:
                raise Killed

        with self.monkeypatch.context() as patched:
            for module in (poller, record, faults):
                patched.setattr(module, "point", dies)
            patched.setattr("sources.polling.observation.point", dies)
            with pytest.raises(Killed), transaction.atomic():
                self.poll()

    def clock_set_back(self) -> None:
        """All times that the database has given lie an hour ahead of it now."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE sources_polling SET read_since = read_since + interval '1 hour',
                    last_read_at = last_read_at + interval '1 hour',
                    last_validated_at = last_validated_at + interval '1 hour',
                    seen_at = ARRAY(SELECT at + interval '1 hour' FROM unnest(seen_at) AS at)
                """
            )
        self.late = [
            replace(each, requested_at=each.requested_at and each.requested_at + timedelta(hours=1))
            for each in self.late
        ]

    def fall_behind(self) -> None:
        """A worker reads pages and does not write what it read before its lease has ended."""
        self.due()
        for leased in leases.lease_due(3):
            observation = observe(fetcher.fetch(leased.url, **fetch_defaults()))
            token = leased.token if self.random.random() < 0.5 else None
            self.late.append(Result(leased.page_id, observation, token, requested_at=leased.leased_at))

    def deliver_late(self) -> None:
        self.random.shuffle(self.late)
        late, self.late = self.late[:2], self.late[2:]
        for each in late:
            record.record([each])

    def editor_asks(self) -> None:
        page = Page.objects.get(pk=self.random.choice(list(self.pages)))
        with suppress(poller.PageUnreadable):
            poller.fetch_once(page, actor=None)

    def sweep(self) -> None:
        """Mark the passages that stand in new snapshots, some later than others."""
        new = Snapshot.objects.filter(pk__gt=self.swept).select_related("text").order_by("pk")
        for snapshot in new[: self.random.choice([3, 100])]:
            self.swept = snapshot.pk
            if FIRST in snapshot.text.text and "Not so" not in snapshot.text.text:
                last_seen.mark(self.passages[snapshot.page_id], snapshot.requested_at)

    def probe(self) -> None:
        known = last_seen.times(self.passages.values())
        for page, passage in self.passages.items():
            self.probes += 1
            last, truth = known.get(passage), self.pages[page].sent_at
            self.shown += last is not None
            if last is not None and (truth is None or last > truth):
                self.violations.append(f"{self.doing}: {self.pages[page]}: last seen {last}, sent {truth}")


@pytest.fixture
def server(settings: Any, tmp_path: Any) -> Iterator[Server]:
    made = Server()
    settings.FETCH_ALLOWED_LOOPBACK = made.base.removeprefix("http://")
    settings.SNAPSHOT_STORE = str(tmp_path)
    settings.POLL_HOST_DELAY = 0
    fetcher.clear_robots_cache()
    yield made
    made.server.shutdown()


def run(server: Server, seed: int, steps: int, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(server, random.Random(seed), monkeypatch)
    world.begin()
    for number in range(steps):
        world.step(is_last=number == steps - 5)
    return world


def test_last_seen_is_never_later_than_the_truth(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    world = run(server, 1, 30, monkeypatch)
    assert world.violations == []
    assert world.shown > world.probes / 2, "and it is known for most"


@pytest.mark.long
def test_last_seen_is_never_later_than_the_truth_in_ten_thousand_probes(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    violations, probes = [], 0
    for seed in range(2, 27):
        with transaction.atomic():
            world = run(server, seed, 40, monkeypatch)
            violations += world.violations
            probes += world.probes
            transaction.set_rollback(True)
        server.pages.clear()
    assert (violations, probes) == ([], 10_000)


def _at_the_time_of_writing(note_read: Callable[..., None]) -> Callable[..., None]:
    def wrong(state: Polling, sha256: str, at: datetime | None, **options: Any) -> None:
        note_read(state, sha256, timezone.now(), **options)

    return wrong


def _validated_is_seen(note_validated: Callable[..., None]) -> Callable[..., None]:
    def wrong(state: Polling, at: datetime | None) -> None:
        note_validated(state, at)
        state.seen_at = [at] * len(state.passages)

    return wrong


def _same_bytes_hold_every_passage(note_read: Callable[..., None]) -> Callable[..., None]:
    def wrong(state: Polling, sha256: str, at: datetime | None, **options: Any) -> None:
        if sha256 == state.read_sha256:
            options["seen"] = state.passages
        note_read(state, sha256, at, **options)

    return wrong


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("note_read", _at_the_time_of_writing),
        ("note_validated", _validated_is_seen),
        ("note_read", _same_bytes_hold_every_passage),
    ],
    ids=["the time of writing", "not modified counts", "any passage of the same bytes"],
)
def test_control_what_would_be_wrong_is_found(
    server: Server, monkeypatch: pytest.MonkeyPatch, name: str, wrong: Callable[..., Any]
) -> None:
    monkeypatch.setattr(freshness, name, wrong(getattr(freshness, name)))
    world = World(server, random.Random(1), monkeypatch)
    world.begin()
    for _ in range(60):
        world.step()
        if world.violations:
            return
    pytest.fail("not found")
