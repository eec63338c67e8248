"""Measure the screens of the desk on many claims: milliseconds, queries and kilobytes of each, beside their bounds.

The database is that of `published.py` (two quotes a claim), with two statements more a claim, drafts, re-checks, work
that is due, tips and pages of feeds. Each screen is asked in process, as an editor who is logged in, so that the times
are those of views, templates and PostgreSQL, without a web server. The first answer of each is not counted. The matcher
is off: searches are those of the database.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import database_template

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

STATEMENTS = 3  # a claim
DRAFTS_OF = 50  # one claim in so many has no public review
RECHECKS_OF = 300
TIPS_OF = 20
LIST, TODAY, WORKBENCH = (150, 12, 200), (None, None, 250), (None, None, 300)
"""Kilobytes, queries and milliseconds at most."""


@dataclass
class Screen:
    """What was measured of one screen."""

    what: str
    ms: float
    cpu_ms: float
    slowest_ms: float
    queries: int
    kb: float
    status: int
    bounds: tuple[int | None, int | None, int | None]

    @property
    def missed(self) -> list[str]:
        values = (("KB", self.kb), ("queries", self.queries), ("ms", self.ms))
        return [name for (name, value), most in zip(values, self.bounds, strict=True) if most and value > most]


def main() -> None:
    begin(__doc__, run, rounds=5, name="desk")


def begin(description: str | None, run: Callable[[argparse.Namespace, Path], None], *, rounds: int, name: str) -> None:
    """Read the arguments, and measure in the folder that they name, or in a new one."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=rounds, help="answers of each page that are measured")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="folder of the database; reused if it holds one")
    parser.add_argument("--only", default="", metavar="WORDS", help="only the pages whose name has them")
    parser.add_argument("--explain", action="store_true", help="print the slowest queries of each page")
    options = parser.parse_args()
    if options.claims < 200:
        parser.error("--claims is at least 200")
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        run(options, options.keep.resolve())
        return
    with tempfile.TemporaryDirectory(prefix=f"factcheck-{name}-") as folder:
        run(options, Path(folder))


def run(options: argparse.Namespace, folder: Path) -> None:
    with database(folder):
        steps = fill(folder, options.claims)
        screens = [
            measure(what, path, bounds, options.rounds, explain=options.explain)
            for what, path, bounds in paths(options.claims)
            if options.only in what
        ]
    print("| screen | ms | CPU ms | slowest | queries | KB | beyond its bound |\n|---|---|---|---|---|---|---|")
    for each in screens:
        missed = ", ".join(each.missed) or "–"
        times = f"{each.ms:.0f} | {each.cpu_ms:.0f} | {each.slowest_ms:.0f}"
        print(f"| {each.what} | {times} | {each.queries} | {each.kb:.0f} | {missed} |")
    wrong = [each.what for each in screens if each.status not in (200, 302)]
    print(
        json.dumps({"claims": options.claims, "steps": steps, "wrong": wrong, "screens": [asdict(s) for s in screens]})
    )
    if wrong:
        raise SystemExit(f"no answer: {', '.join(wrong)}")


@contextmanager
def database(folder: Path) -> Iterator[None]:
    """The embedded PostgreSQL of the folder, migrated, used as the product's role."""
    os.environ |= {
        "FACTCHECK_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "factcheck.settings",
        "FACTCHECK_MATCHER": "off",
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
        yield
    finally:
        connections.close_all()
        cluster.stop()


def fill(folder: Path, claims: int) -> dict[str, float]:
    """Write the claims and the desk's work unless the folder holds them already. Returns seconds by step."""
    import published

    from factcheck.embedded.postgres import database_url

    written = folder / "desk.json"
    if written.exists():
        before: dict[str, Any] = json.loads(written.read_text())
        if before["claims"] != claims:
            raise SystemExit(f"{folder} holds {before['claims']} claims; name another folder.")
        return dict(before["steps"])
    superuser = database_url(folder, role="superuser")
    steps = published.seed(superuser, claims)
    began = time.monotonic()
    _fill_desk(superuser, claims)
    steps["work of the desk"] = round(time.monotonic() - began, 1)
    print(f"{claims} claims written in {sum(steps.values()):.0f} s: {steps}", flush=True)
    written.write_text(json.dumps({"claims": claims, "steps": steps}))
    return steps


def _fill_desk(superuser: str, claims: int) -> None:
    import psycopg
    import published
    from desk_users import editors
    from django.utils import timezone

    from claims import daily_counts
    from claims.models import (
        Assignment,
        Claim,
        Evidence,
        EvidenceCheck,
        Organisation,
        Proposal,
        Rating,
        Recheck,
        Review,
        ReviewBy,
        ReviewVersion,
        Statement,
        Tip,
        TipGroup,
    )
    from sources.models import Polling

    author, approver = editors()
    first, now = published.FIRST, timezone.now()
    statement = Statement.objects.order_by("pk").values_list("pk", flat=True)[0]
    polling = Polling.objects.order_by("pk").values_list("pk", flat=True)[0]
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for nth in range(1, STATEMENTS):
            published._clone(
                connection, "claims_statement", statement, claims, id=f"{first} * {nth + 1} + g",
                public_id=f"'stm_' || lpad((g * 10 + {nth})::text, 16, 'x')", document_id=f"{first} + g",
                speaker_id=f"{first} + 1 + g % {max(1, claims // published.CLAIMS_PER_SPEAKER)}",
                start=f"{nth * 200}", end=f"{nth * 200 + 90}", text=published._words(20 + nth),
            )  # fmt: skip
        connection.execute(
            "INSERT INTO sources_polling SELECT (jsonb_populate_record(NULL::sources_polling, to_jsonb(p) ||"
            " jsonb_build_object('page_id', page.id, 'host', split_part(page.url, '/', 3), 'weight', 4,"
            " 'unread_since', CASE WHEN page.id %% 500 = 0 THEN now() - interval '3 days' END))).*"
            " FROM sources_polling p CROSS JOIN sources_page page WHERE p.page_id = %s AND page.id >= %s",
            [polling, first],
        )
        connection.execute("UPDATE sources_page SET watch = 'watched', watched_since = now() WHERE id >= %s", [first])
        published._draw_ids(connection)
    organisation = Organisation.objects.get(is_ours=True)
    ratings = list(Rating.objects.order_by("pk"))
    many = max(20, claims // DRAFTS_OF)
    texts = Claim.objects.order_by("-pk").values_list("text", flat=True)[:many]
    drafts = Claim.objects.bulk_create([Claim(text=f"{text} Or so.", language="en") for text in texts])
    reviews = Review.objects.bulk_create([Review(claim=claim, organisation=organisation) for claim in drafts])
    ReviewVersion.objects.bulk_create(
        [
            ReviewVersion(
                review=review,
                number=1,
                author=author if place % 3 else approver,
                rating=ratings[place % len(ratings)],
                state=ReviewVersion.State.DRAFT if place % 4 else ReviewVersion.State.IN_REVIEW,
            )
            for place, review in enumerate(reviews)
        ]
    )
    broken = list(Evidence.objects.order_by("-pk").select_related("version")[: max(10, claims // RECHECKS_OF)])
    rechecks = Recheck.objects.bulk_create(
        [
            Recheck(review_id=each.version.review_id, raised_at=now, cause="altered", grade="substance")
            for each in broken
        ]
    )
    EvidenceCheck.objects.bulk_create(
        [
            EvidenceCheck(
                evidence=each,
                recheck=recheck,
                snapshot_id=each.snapshot_id,
                result="altered",
                reason="change",
                cause="altered",
                grade="substance",
                version="1",
                found="Others.",
                diff=[["=", "The agency counted"], ["-", "412"], ["+", "389"]],
            )
            for each, recheck in zip(broken, rechecks, strict=True)
        ]
    )
    Assignment.objects.bulk_create(
        [
            Assignment(
                claim=claim,
                assignee=approver,
                due_at=now + timedelta(hours=place),
                assigned_by=author,  # type: ignore[misc]
            )
            for place, claim in enumerate(drafts)
        ]
    )
    ReviewBy.objects.bulk_create(
        [
            ReviewBy(review_id=each.version.review_id, day=(now + timedelta(days=place)).date(), set_by=author)  # type: ignore[misc]
            for place, each in enumerate(broken)
        ]
    )
    groups = TipGroup.objects.bulk_create([TipGroup() for _number in range(max(10, claims // TIPS_OF))])
    Tip.objects.bulk_create(
        [Tip(text=f"Is it so, number {place}?", group=group) for place, group in enumerate(groups) for _n in range(2)]
    )
    Proposal.objects.bulk_create(
        [
            Proposal(url=f"https://paper.example/{place}", title=f"Page {place}", created_at=datetime.now(UTC))
            for place in range(max(10, claims // 50))
        ]
    )
    daily_counts.count()
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def paths(claims: int) -> list[tuple[str, str, tuple[int | None, int | None, int | None]]]:
    """The name, address and bounds of each screen."""
    from django.urls import reverse

    from claims.models import Claim, Document, Recheck, TipGroup

    middle = Claim.objects.order_by("pk")[claims // 2]
    listed = reverse("desk:claims")
    recheck = Recheck.objects.open().order_by("pk").first()
    draft = Claim.objects.order_by("-pk").first()
    found: list[tuple[str, str, tuple[int | None, int | None, int | None]]] = [
        ("Today", reverse("desk:today"), TODAY),
        ("claims", listed, LIST),
        *(
            (f"claims, {query}", f"{listed}?{query}", LIST)
            for query in (
                "state=draft",
                "state=public",
                "state=recheck",
                "state=none",
                "state=withdrawn",
                "verdict=false",
                "who=mine",
                "due=week",
                "topic=topic-1",
                "speaker=Speaker+7",
                "language=und",
                "made_from=2015-02-01&made_to=2015-02-10",
                "address=https://paper-7.example/story/104",
                "q=bridges+repair",
                "q=minister",
                "page=100",
                "order=since",
            )
        ),
        *((name, reverse(f"desk:{name}"), LIST) for name in ("documents", "rechecks", "sources", "speakers", "record")),
        ("inbox, tips", reverse("desk:inbox"), LIST),
        ("inbox, newsrooms", reverse("desk:inbox_newsrooms"), LIST),
        ("inbox, feeds", reverse("desk:inbox_feeds"), LIST),
        ("quotes", reverse("desk:quotes"), LIST),
        ("quotes, no longer", reverse("desk:quotes") + "?state=no_longer", LIST),
        ("quotes, unread", reverse("desk:quotes") + "?state=unread", LIST),
        ("settings", reverse("desk:settings"), LIST),
        ("workbench, public", reverse("desk:claim", args=[middle.pk]), WORKBENCH),
        ("workbench, draft", reverse("desk:claim", args=[draft.pk if draft else 0]), WORKBENCH),
        ("re-check", reverse("desk:recheck", args=[recheck.pk if recheck else 0]), WORKBENCH),
        ("document", reverse("desk:document", args=[Document.objects.order_by("pk")[claims // 2].pk]), WORKBENCH),
        ("question", reverse("desk:tips", args=[TipGroup.objects.order_by("pk")[0].pk]), WORKBENCH),
        ("claims as CSV (10,000 rows)", f"{listed}?format=csv", (None, None, None)),
    ]
    return found


def measure(
    what: str, path: str, bounds: tuple[int | None, int | None, int | None], rounds: int, *, explain: bool = False
) -> Screen:
    """Ask for a screen as an editor, `rounds` times after a first one."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client

    from claims.desk.shell import navigation

    navigation.SECONDS = 0.0  # its counts are asked with each screen, as they are once in ten seconds
    client = Client(HTTP_HOST="localhost", raise_request_exception=False)
    client.force_login(get_user_model().objects.get(username="approver"))
    took, worked, queries, size, status = [], [], 0, 0, 0
    server = backend()
    asked = Asked()
    for _round in range(rounds + 1):
        asked.clear()
        with connection.execute_wrapper(asked):
            began, began_cpu = time.monotonic(), cpu(server)
            answer = client.get(path)
            streamed = getattr(answer, "streaming_content", None)
            size = sum(map(len, streamed)) if streamed is not None else len(answer.content)
            took.append((time.monotonic() - began) * 1_000)
            worked.append((cpu(server) - began_cpu) * 1_000)
        queries, status = len(asked), answer.status_code
    if explain:
        asked.explain(what, took[-1])
    ms, cpu_ms = statistics.median(took[1:]), statistics.median(worked[1:])
    return Screen(what, ms, cpu_ms, max(took[1:]), queries, size / 1_000, status, bounds)


class Asked(list[tuple[float, str]]):
    """The statements of an answer with the milliseconds of each; a wrapper of Django's `execute_wrapper`."""

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.monotonic()
        try:
            return execute(sql, params, many, context)
        finally:
            self.append(((time.monotonic() - began) * 1_000, sql))

    def explain(self, what: str, took: float) -> None:
        """Print the slowest of them."""
        print(f"\n{what}: {len(self)} queries, {sum(ms for ms, _sql in self):.0f} ms of {took:.0f}")
        for ms, sql in sorted(self, reverse=True)[:4]:
            print(f"  {ms:6.1f} ms  {sql[:900]}")


def backend() -> Path:
    """Where Linux counts the time that the server's process of our connection had a processor."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return Path("/proc", str(cursor.fetchone()[0]), "schedstat")


def cpu(backend: Path) -> float:
    """Seconds of a processor that Python and PostgreSQL have had. Time spent waiting for one is not in it."""
    return time.process_time() + int(backend.read_text().split()[0]) / 1_000_000_000


if __name__ == "__main__":
    main()
