"""Measure matching over HTTP, on the embedded stack, with many published claims.

The product's importer publishes the claims from a feed. They have the texts of `matching_scale.entries`, and the first
`embedded` of them have vectors of their own; the rest get perturbed ones, by the store's own writer while no matcher
runs. Copies have no headline. Then web and matcher start as `manage.py up` starts them, and this process asks:

    publish_s, vectors_s      the import; embedding, and perturbing the rest
    *_texts_a_second          of an encoder with two threads, for the texts that `--vectors` did not have
    build_s                   from the start of a matcher without an index until it answers by words
    words_after_s             the same with the index, after the matcher was ended and started again
    vectors_after_s           until it answers by meaning, too
    p50_ms, p95_ms            POST /api/v1/match: 100 characters
    eight_at_once_, whole_    the same from eight connections; whole posts
    search_                   GET /api/v1/search: three words
    matcher_mb, web_mb        private memory at the end; pages of mapped files do not count
    web_without_mb            of a web process with FACTCHECK_MATCHER=off after the same lists and details
    found_s, gone_s           from a publication, and from a withdrawal, until `match` and the matcher itself have it

An answer that is `degraded` or an error is counted, and its time is not; `*answers` are those whose time is. `missed`
names the figures that miss their targets.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import database_template
from desk_users import editors
from matching_scale import AT_ONCE, entries, fill_vectors, percentiles, private_megabytes
from matching_set import ROOT, MatchingSet

from claims.matching.types import ClaimEntry

SHORT = 100  # characters
QUESTIONS = 200
BUILT_WITHIN, FOUND_WITHIN = 900.0, 30.0  # seconds
WITHOUT_VECTORS = 300.0  # that the matcher may compute what it lacks before the questions
TARGETS = {
    "p50_ms": 120,
    "p95_ms": 250,
    "eight_at_once_p95_ms": 600,
    "search_p95_ms": 60,
    "words_after_s": 60,
    "matcher_mb": 700,
    "web_more_mb": 30,
    "found_s": 5,
    "gone_s": 5,
    "degraded": 0,
}


def measure(
    found_in: MatchingSet, asked: Sequence[str], claims: int, embedded: int, vectors: Path, folder: Path, seconds: float
) -> dict[str, Any]:
    """Fill the data folder unless it is filled already, and measure, at most so many seconds for one kind of question.

    `vectors` has those of the set's own claims, and the models.
    """
    print(f"{claims:,} claims: {min(claims, embedded):,} embedded, the rest perturbed", flush=True)
    os.environ |= {
        "FACTCHECK_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "factcheck.settings",
        "FACTCHECK_MATCHER": "full",
    }
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from factcheck.embedded.postgres import Cluster
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
        filled = _filled(found_in, claims, embedded, vectors, folder)
        connections.close_all()
        bench = Bench(up, folder, filled, seconds)
        bench.run([text for text in asked if text.strip()][:QUESTIONS])
        return bench.measured
    finally:
        connections.close_all()
        cluster.stop()


# The claims and their vectors -----------------------------------------------------------------------------------------


def _filled(found_in: MatchingSet, claims: int, embedded: int, vectors: Path, folder: Path) -> dict[str, Any]:
    """Publish the claims and give them vectors. Returns how long that took, or took when the folder was filled."""
    from django.db import connection

    said = folder / "matching-bench.json"
    filled: dict[str, Any] = {"claims": claims, "embedded": embedded}
    if said.exists():
        filled = json.loads(said.read_text())
        if (filled["claims"], filled["embedded"]) != (claims, embedded):
            raise SystemExit(f"{folder} holds {filled['claims']:,} claims, of which {filled['embedded']:,} embedded.")
        print(f"filled before: {filled}", flush=True)
    if "publish_s" not in filled:
        feed = folder / "feed.json"
        with feed.open("w", encoding="utf-8") as file:
            file.writelines(_feed(found_in, claims))
        began = time.monotonic()
        command = [sys.executable, str(ROOT / "manage.py"), "import_reviews", str(feed), "--refused", str(folder)]
        ran = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if ran.returncode != 0:
            raise SystemExit(f"The import failed: {ran.stderr[-2_000:]}")
        filled["publish_s"] = round(time.monotonic() - began, 1)
        print(f"published in {filled['publish_s']} s", flush=True)
        feed.unlink()
        _vacuum()
        said.write_text(json.dumps(filled))
    if "vectors_s" not in filled:
        with connection.cursor() as cursor:
            cursor.execute("SELECT text FROM claims_claim ORDER BY id")
            texts = [text for (text,) in cursor.fetchall()]
        began = time.monotonic()
        filled |= fill_vectors(texts, min(embedded, claims), len(found_in.claims), _store(folder), vectors)
        filled |= {"texts": len(texts), "vectors_s": round(time.monotonic() - began, 1)}
        print(f"vectors written in {filled['vectors_s']} s", flush=True)
        said.write_text(json.dumps(filled))
    return filled


def _vacuum() -> None:
    """What autovacuum would do during the questions."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        for table in ("claims_claim", "claims_claimversion", "claims_publication", "claims_publicationbody"):
            cursor.execute(f"VACUUM (ANALYZE) {table}")
    connections["owner"].close()


def _store(folder: Path) -> Path:
    return folder / "matching"


def _feed(found_in: MatchingSet, claims: int) -> Iterator[str]:
    """A DataFeed as Data Commons has it, a line a review."""
    yield '{"@context":"https://schema.org","@type":"DataFeed","dataFeedElement":[\n'
    for number, each in enumerate(entries(found_in, claims)):
        yield (",\n" if number else "") + json.dumps(_record(number, each))
    yield "\n]}\n"


def _record(number: int, claim: ClaimEntry) -> dict[str, Any]:
    site = f"https://publisher-{number % 160}.example"
    review: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"{site}/checks/{number}",
        "author": {"@type": "Organization", "name": f"Publisher {number % 160}", "url": site},
        "claimReviewed": claim.text,
        "datePublished": f"{2015 + number % 10}-{1 + number % 12:02}-{1 + number % 28:02}",
        "inLanguage": claim.language,
        "itemReviewed": {"@type": "Claim"},
        "reviewRating": {"@type": "Rating", "alternateName": "False"},
    }
    if claim.titles:
        review["headline"] = claim.titles[0]
    return {"@type": "DataFeedItem", "item": [review], "url": review["url"]}


# The product, and the questions ---------------------------------------------------------------------------------------


class Bench:
    """Web and matcher over a filled folder, and what they take."""

    def __init__(self, up: Any, folder: Path, filled: dict[str, Any], seconds: float) -> None:
        from factcheck.newsrooms.keys import create_key
        from factcheck.newsrooms.models import ApiKey, Newsroom

        self.up = up
        self.seconds = seconds
        self.folder = folder
        self.measured: dict[str, Any] = {**filled}
        ApiKey.objects.filter(revoked_at=None).update(revoked_at=datetime.now(UTC))  # of an earlier run
        self.key = create_key("Bench")
        Newsroom.objects.update(requests_per_minute=100_000_000)  # the limit is counted and never reached
        self.port = 0
        self.degraded: dict[str, int] = {}
        self.failed: dict[str, int] = {}
        self._local = threading.local()

    def run(self, asked: Sequence[str]) -> None:
        """Measure all of it; each step adds to `measured`."""
        with self._web(FACTCHECK_MATCHER="off") as web:
            self._ask_lists()
            self.measured["web_without_mb"] = private_megabytes(web)
        for base in _store(self.folder).glob("*base-*"):
            subprocess.run(["rm", "-rf", str(base)], check=True)  # of an earlier run with this folder
        with self._matcher():
            self.measured["build_s"] = self._until(_by_words, BUILT_WITHIN)
            self.say("build_s")
        with ExitStack() as stack:
            matcher = stack.enter_context(self._matcher())
            began = time.monotonic()
            self.measured["words_after_s"] = self._until(_by_words, BUILT_WITHIN)
            self._until(lambda state: bool(state.get("vectors")), BUILT_WITHIN)
            self.measured["vectors_after_s"] = round(time.monotonic() - began, 1)
            self._until(lambda state: state["state"] == "ok", WITHOUT_VECTORS)
            self.measured["state"] = self._state()
            self.say("words_after_s", "vectors_after_s", "state")
            web = stack.enter_context(self._web())
            self._ask_lists()
            self._load(asked)
            self._follow()
            self.measured |= {"matcher_mb": private_megabytes(matcher), "web_mb": private_megabytes(web)}
        self.measured["web_more_mb"] = self.measured["web_mb"] - self.measured["web_without_mb"]
        self.measured |= {
            "degraded": sum(self.degraded.values()),
            "degraded_by_kind": self.degraded,
            "failed": self.failed,
        }
        self.measured["missed"] = [
            name
            for name, most in TARGETS.items()
            if (value := self.measured.get(name)) is None or value > most  # nothing measured is a miss
        ]

    def say(self, *names: str) -> None:
        """Print what is known so far: a long run may be ended before its table."""
        print(", ".join(f"{name} {self.measured[name]}" for name in names), flush=True)

    def _ask_lists(self) -> None:
        for offset in range(10):
            status, page = self._ask("GET", f"/api/v1/claims/?{urlencode({'limit': 20 + offset})}")
            assert status == http.client.OK, page
            self._ask("GET", page["results"][0]["url"])

    def _load(self, asked: Sequence[str]) -> None:
        short = [text[:SHORT] for text in asked]
        for text in short[:10]:
            self._match(text)
        self._time("", self._match, short)
        self._time("whole_", self._match, list(asked))
        self._time("search_", self._search, [" ".join(text.split()[:3]) for text in asked])
        self._time("eight_at_once_", self._match, short[::-1], at_once=AT_ONCE)

    def _time(
        self, kind: str, ask: Callable[[str], tuple[int, Any]], texts: Sequence[str], *, at_once: int = 1
    ) -> None:
        """Percentiles of the milliseconds of the answers that are whole; the others are counted."""
        ends = time.monotonic() + self.seconds

        def one(text: str) -> float | None:
            if time.monotonic() > ends:
                return None
            began = time.perf_counter()
            status, answer = ask(text)
            taken = 1000 * (time.perf_counter() - began)
            name = kind.rstrip("_") or "short"
            if status != http.client.OK:
                self.failed[name] = self.failed.get(name, 0) + 1
                return None
            if answer["degraded"]:
                self.degraded[name] = self.degraded.get(name, 0) + 1
                return None
            return taken

        with ThreadPoolExecutor(at_once) as threads:
            taken = [each for each in threads.map(one, texts) if each is not None]
        if taken:
            figures = {f"{kind}answers": len(taken), **percentiles(kind, taken)}
            self.measured |= figures
            self.say(*figures)

    def _follow(self) -> None:
        """How long a publication takes until it is found, and a withdrawal until it is gone."""
        from claims.matching import client
        from claims.reviews import publish, workflow
        from tests import factories

        _, approver = editors()
        text = "The harbour master of Ellermouth sold nine lighthouses to a circus in spring."
        claim = factories.claim(text)
        review = factories.published_review(claim)

        def named() -> tuple[bool, bool]:
            _, answer = self._match(text)
            over_http = any(claim.public_id in each["claims"] for each in answer["results"][0])
            matcher = client.match([text], "en", 5)
            return over_http, not matcher.degraded and any(
                claim.public_id in each.claims for each in matcher.results[0]
            )

        self.measured["found_s"] = self._until_named(named, (True, True))
        withdrawal = workflow.start_version(
            review, kind="withdrawal", actor=approver, public_note="The count was of something else."
        )
        publish.publish(factories.approved(withdrawal), actor=approver)
        self.measured["gone_s"] = self._until_named(named, (False, False))
        self.say("found_s", "gone_s")

    def _until_named(self, named: Callable[[], tuple[bool, bool]], wanted: tuple[bool, bool]) -> float | None:
        began = time.monotonic()
        while time.monotonic() - began < FOUND_WITHIN:
            if named() == wanted:
                return round(time.monotonic() - began, 2)
            time.sleep(0.05)
        return None

    def _until(self, reached: Callable[[dict[str, Any]], bool], most: float) -> float | None:
        """Seconds until the matcher's state is as wanted; None after so many."""
        began = time.monotonic()
        while time.monotonic() - began < most:
            if reached(self._state()):
                return round(time.monotonic() - began, 1)
            time.sleep(0.1)
        return None

    def _state(self) -> dict[str, Any]:
        from claims.matching import client

        return client.state()

    def _match(self, text: str) -> tuple[int, Any]:
        return self._ask("POST", "/api/v1/match", {"texts": [text], "language": "en", "limit": 5})

    def _search(self, q: str) -> tuple[int, Any]:
        return self._ask("GET", f"/api/v1/search?{urlencode({'q': q})}")

    def _ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of an answer, over a connection that each thread keeps while the server does."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        sent = json.dumps(body) if body is not None else None
        kept = getattr(self._local, "connection", None)
        for connection in (kept, http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)):
            if connection is None or connection.port != self.port:
                continue
            try:
                connection.request(method, path, sent, headers)
                response = connection.getresponse()
                answer = response.status, json.loads(response.read())
            except (OSError, http.client.HTTPException):
                if connection is not kept:
                    raise
                connection.close()  # it was silent for too long
                continue
            self._local.connection = connection
            return answer
        raise AssertionError("a new connection answers or raises")

    @contextmanager
    def _web(self, **more: str) -> Iterator[int]:
        """The web part; yields the id of the process that answers."""
        self.port = self.up.free_port(0)
        command = next(part.command for part in self.up.parts(self.port) if part.name == "web")
        with self._process("web", list(command), more) as pid:
            deadline = time.monotonic() + 60
            while True:
                try:
                    if self._ask("GET", "/api/v1/claims/?limit=1")[0] == http.client.OK:
                        break
                except (OSError, http.client.HTTPException):
                    self._local.connection = None
                if time.monotonic() > deadline:
                    raise SystemExit((self.folder / "web.log").read_text()[-3_000:])
                time.sleep(0.1)
            yield _busiest(pid)

    @contextmanager
    def _matcher(self) -> Iterator[int]:
        command = next(part.command for part in self.up.later_parts() if part.name == "matcher")
        with self._process("matcher", list(command), {}) as pid:
            yield pid

    @contextmanager
    def _process(self, name: str, command: list[str], more: dict[str, str]) -> Iterator[int]:
        environment = {**os.environ, **self.up.environment(), **more}
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
        try:
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _by_words(state: dict[str, Any]) -> bool:
    return bool(state.get("claims")) and not state["reason"]


def _busiest(pid: int) -> int:
    """The process among this one and its descendants that has the most private memory: granian's worker."""
    from process_tree import members

    return max(members([pid]), key=private_megabytes)
