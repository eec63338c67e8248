"""Measure whether stored checks of quotes give the same answers when they are run again from the stored bytes.

    python bench/replay.py DIR [--checks 10000]

DIR holds `items.jsonl` (page, before, after) and `html/<name>.html`, real pages in the order in which they were polled.
Quotes of the first snapshot of each page are attached and published, each later snapshot is swept, and all checks are
run again (`claims/watch/replay.py`), as `manage.py replay_checks` does. Starts a database of its own.
"""

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

QUOTES = 30
"""Most quotes of one page."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--checks", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="factcheck-replay-") as data:
        os.environ |= {"FACTCHECK_DATA": data, "DJANGO_SETTINGS_MODULE": "factcheck.settings"}
        import django

        django.setup()
        import database_template
        from django.core.management import call_command
        from django.db import connections

        from factcheck.embedded.postgres import Cluster

        database_template.copy_to(Path(data))
        cluster = Cluster(Path(data), durable=False)
        if not (Path(data) / "postgres").exists():
            cluster.create()
        cluster.start()
        try:
            cluster.prepare_database()
            call_command("migrate", verbosity=0, interactive=False)
            print(json.dumps(run(options.folder, options.checks)))
        finally:
            connections.close_all()
            cluster.stop()


def histories(folder: Path) -> list[list[str]]:
    """The names of the snapshots of each page, oldest first."""
    of_page: dict[str, dict[str, None]] = {}
    for line in (folder / "items.jsonl").read_text().splitlines():
        item = json.loads(line)
        of_page.setdefault(item["page"], {}).update({item["before"]: None, item["after"]: None})
    return [list(names) for names in of_page.values()]


def run(folder: Path, wanted: int) -> dict[str, Any]:
    from desk_users import editors

    from claims.models import EvidenceCheck
    from claims.watch.replay import replay

    began = time.monotonic()
    people = editors()
    pages = [Watched(folder, names, people) for names in histories(folder)]
    while EvidenceCheck.objects.count() < wanted and any(each.poll() for each in pages):
        pass
    made = time.monotonic() - began
    results = Counter(EvidenceCheck.objects.values_list("result", flat=True))
    began = time.monotonic()
    related = ("passage__snapshot__blob", "snapshot__blob", "before__blob", "evidence")
    # By page, so that each snapshot is read a few times only.
    checks = EvidenceCheck.objects.select_related(*related).order_by("evidence__page", "pk")[:wanted]
    counted = replay(checks.iterator(chunk_size=500))
    return {
        "checks": sum(sum(each.values()) for each in counted.values()),
        "by_version": {name: dict(each) for name, each in counted.items()},
        "results": dict(results),
        "seconds_to_make": round(made, 1),
        "seconds_to_replay": round(time.monotonic() - began, 1),
    }


class Watched:
    """One page with a published review that quotes up to `QUOTES` of its sentences, and its snapshots to come."""

    def __init__(self, folder: Path, names: list[str], people: tuple[Any, Any]) -> None:
        from django.utils import timezone

        from claims.models import Claim, Organisation, Rating, RatingScale, Verdict
        from claims.publication.words import leaving
        from claims.reviews import evidence, publish, workflow
        from sources.pages import page_for
        from sources.quotes.locate import QuoteNotFound, select
        from sources.quotes.nearest_sentence import sentences

        self.html = folder / "html"
        self.page = page_for(f"https://watched-{names[0]}.example/terms")
        first, *self.names = names
        text = self._observe(first).text.text
        author, approver = people
        desk, _ = Organisation.objects.get_or_create(
            name="Bench", defaults={"is_ours": True, "site": "https://desk.example/"}
        )
        scale, _ = RatingScale.objects.get_or_create(organisation=desk, name="Scale")
        rating, _ = Rating.objects.get_or_create(
            scale=scale, label="True", defaults={"value": 1, "verdict": Verdict.TRUE}
        )
        version = workflow.start_review(
            claim=Claim.objects.create(text=f"Of the page {first}."), organisation=desk, author=author
        )
        version.rating, version.summary, version.body = rating, "It says so.", "We read it."
        version.true_as_of = timezone.now().date()
        version.save()
        for each in sentences(text):
            if version.evidence.count() == QUOTES:
                break
            words = text[each.start : each.end]
            try:
                if len(words) < 40 or select(words, text) is None:
                    continue
            except QuoteNotFound:
                continue
            evidence.attach_quote(version, url_or_page=self.page, exact=words, stance="context", actor=author, copy=1)
        workflow.submit(version, actor=author)
        approved = workflow.approve(version, actor=approver, shown=leaving(version).sha256)
        publish.publish(approved, actor=approver)

    def _observe(self, name: str) -> Any:
        from django.utils import timezone

        from sources.extraction import sandbox
        from sources.models import Blob, Polling, Snapshot, Text
        from sources.snapshots.default_store import store

        body = (self.html / f"{name}.html").read_bytes()
        read = sandbox.extract(body, "text/html")
        blob, _ = Blob.objects.get_or_create(
            sha256=store().put(body), defaults={"size": len(body), "media_type": "text/html"}
        )
        text, _ = Text.objects.get_or_create(
            sha256=hashlib.sha256(read.text.encode()).hexdigest(), defaults={"text": read.text}
        )
        taken = Snapshot.objects.create(
            page=self.page,
            taken_at=timezone.now(),
            blob=blob,
            text=text,
            title=read.title[:500],
            language=(read.language or "")[:35],
            extractor=read.extractor_version,
        )
        Polling.objects.filter(page=self.page).update(latest_snapshot=taken)
        return taken

    def poll(self) -> bool:
        """Take the next snapshot and sweep it. Returns whether there was one."""
        from django.utils import timezone

        from claims.watch import sweep
        from sources.changes import change_kinds
        from sources.models import Change, Polling

        if not self.names:
            return False
        before = Polling.objects.select_related("latest_snapshot__text").get(page=self.page).latest_snapshot
        after = self._observe(self.names.pop(0))
        for certainty in ("suspected", "confirmed"):
            Change.objects.create(
                page=self.page,
                before=before,
                after=after,
                kind="text",
                kinds=list(change_kinds.compare(before.text.text, after.text.text).kinds) if before else [],
                certainty=certainty,
                outcome="ok",
                detected_at=timezone.now(),
            )
        sweep.sweep()
        return True


if __name__ == "__main__":
    main()
