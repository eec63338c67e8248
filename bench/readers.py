"""Measure readers' pages on many claims: milliseconds of each made anew and kept, queries and kilobytes.

The database is that of `desk.py`: its folder can be used again. Each page is asked in process, through the middleware
that serves readers' pages, so that the times are those of views, templates and PostgreSQL, without a web server. The
first answer of each is not counted. *Made anew*: nothing is kept between two answers. *Kept*: the answer before is
still true, and one query says so. *Queries* are all statements, prepared ones and that of the state included. The
matcher is off: searches are those of the database.
"""

import argparse
import json
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlencode

import desk
import orjson

CLAIM, LIST = (20, 60), (50, 60)
"""Milliseconds and kilobytes at most."""
FREE = (None, None)


@dataclass
class Page:
    """What was measured of one page."""

    what: str
    ms: float
    cpu_ms: float
    slowest_ms: float
    kept_ms: float | None
    queries: int
    kb: float
    status: int
    bounds: tuple[int | None, int | None]

    @property
    def missed(self) -> list[str]:
        values = (("ms", self.ms), ("KB", self.kb))
        return [name for (name, value), most in zip(values, self.bounds, strict=True) if most and value > most]


def main() -> None:
    desk.begin(__doc__, run, rounds=9, name="readers")


def run(options: argparse.Namespace, folder: Path) -> None:
    with desk.database(folder):
        steps = desk.fill(folder, options.claims)
        pages = [
            measure(what, path, bounds, options.rounds, explain=options.explain)
            for what, path, bounds in paths()
            if options.only in what
        ]
    print("| page | anew, ms | CPU ms | slowest | kept, ms | queries | KB | beyond its bound |")
    print("|---|---|---|---|---|---|---|---|")
    for each in pages:
        kept = f"{each.kept_ms:.1f}" if each.kept_ms is not None else "–"
        times = f"{each.ms:.0f} | {each.cpu_ms:.0f} | {each.slowest_ms:.0f} | {kept}"
        print(f"| {each.what} | {times} | {each.queries} | {each.kb:.0f} | {', '.join(each.missed) or '–'} |")
    wrong = [each.what for each in pages if each.status != 200]
    print(json.dumps({"claims": options.claims, "steps": steps, "wrong": wrong, "pages": [asdict(p) for p in pages]}))
    if wrong:
        raise SystemExit(f"no answer: {', '.join(wrong)}")


def paths() -> list[tuple[str, str, tuple[int | None, int | None]]]:
    """The name, address and bounds of each page."""
    from claims.models import ClaimVersion, FacetCount
    from claims.public.lists import sitemap

    public = ClaimVersion.objects.current("public").order_by("-sequence_from")
    count = public.count()
    middle = public[count // 2]
    topics = FacetCount.objects.filter(audience="public", kind="topic").order_by("-bodies", "name")
    common, rare = topics[0].name, topics.reverse()[0].name
    speaker, organisation = middle.speakers[0], middle.organisations[0]
    text = orjson.loads(bytes(middle.publication.body.json))["text"]
    words = sorted({word for word in text.split() if word.isalpha()}, key=lambda word: (-len(word), word))
    queries = {"some": " ".join(words[:2]), "one": words[0], "sentence": text[:300]}
    some, one, sentence = (urlencode({"q": query}) for query in queries.values())
    return [
        ("claim", f"/claims/{middle.claim_public_id}", CLAIM),
        ("latest", "/", LIST),
        ("latest, in the middle", f"/?before={middle.sequence_from}", LIST),
        ("topics", "/topics", LIST),
        ("topic of a fifth of all", f"/topics/{common}", LIST),
        ("the same, in the middle", f"/topics/{common}?before={middle.sequence_from}", LIST),
        ("topic of one claim", f"/topics/{rare}", LIST),
        ("speakers", "/speakers", LIST),
        ("organisations", "/organisations", LIST),
        ("speaker", f"/speakers/{speaker}", LIST),
        ("organisation of all", f"/organisations/{organisation}", LIST),
        ("search, two words", f"/search?{some}", LIST),
        ("search, one word", f"/search?{one}", LIST),
        ("search, a sentence", f"/search?{sentence}", LIST),
        ("search, an address", "/search?q=https://paper-7.example/story/104", LIST),
        ("search, the form", "/search", LIST),
        ("ask", "/ask", LIST),
        ("feed, Atom", "/feed.atom", LIST),
        ("feed of a topic", f"/topics/{common}/feed.atom", LIST),
        ("corrections", "/corrections", LIST),
        ("feed of corrections", "/corrections.atom", LIST),
        ("report an error", f"/claims/{middle.claim_public_id}/report", LIST),
        ("card", f"/embed/{middle.claim_public_id}", LIST),
        ("robots.txt", "/robots.txt", LIST),
        ("sitemap", "/sitemap.xml", FREE),
        ("part of the sitemap", f"/sitemaps/{middle.claim_id // sitemap.PART}.xml", FREE),
    ]


def measure(what: str, path: str, bounds: tuple[int | None, int | None], rounds: int, *, explain: bool = False) -> Page:
    """Ask for a page `rounds` times after a first one, with and without what was kept."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from factcheck.readers.middleware import pages

    settings.ANONYMOUS_PER_MINUTE = 10**6
    client = Client(HTTP_HOST="localhost", raise_request_exception=False)
    took, worked, kept, size, status = [], [], [], 0, 0
    server = desk.backend()
    asked = desk.Asked()
    is_kept = False
    for _round in range(rounds + 1):
        pages.clear()
        asked.clear()
        with connection.execute_wrapper(asked):
            began, began_cpu = time.monotonic(), desk.cpu(server)
            answer = client.get(path)
            took.append((time.monotonic() - began) * 1_000)
            worked.append((desk.cpu(server) - began_cpu) * 1_000)
        size, status = len(answer.content), answer.status_code
        is_kept = "ETag" in answer.headers
        began = time.monotonic()
        client.get(path)
        kept.append((time.monotonic() - began) * 1_000)
    pages.clear()
    with CaptureQueriesContext(connection) as every:
        client.get(path)
    queries = sum(each["sql"] not in ("BEGIN", "COMMIT") for each in every.captured_queries)
    if explain:
        asked.explain(what, took[-1])
    ms, cpu_ms = statistics.median(took[1:]), statistics.median(worked[1:])
    kept_ms = statistics.median(kept[1:]) if is_kept else None
    return Page(what, ms, cpu_ms, max(took[1:]), kept_ms, queries, size / 1_000, status, bounds)


if __name__ == "__main__":
    main()
