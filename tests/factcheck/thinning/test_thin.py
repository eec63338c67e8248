"""What evidence, findings and published text need stays; the rest goes, is said, and a removal by others is found."""

import random
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from django.db.utils import DatabaseError, OperationalError
from psycopg.sql import SQL

from claims.models import Evidence, EvidenceCheck, PublicationBody, SealRevision, Sweep
from claims.proof import keys, seals
from claims.proof.revisions import NotAsSealed
from claims.proof.verify import verify
from claims.watch.sweep import sweep
from factcheck.management.commands import thin as thin_command
from factcheck.thinning import expendable, tasks
from factcheck.thinning import thin as thinning
from factcheck.thinning.models import Thinning
from sources.database.locks import Lock, held
from sources.http.fetcher import FetchResult
from sources.models import Blob, Change, Page, Polling, Snapshot, Text
from sources.outcome import Outcome
from sources.polling import record, snapshot_rows
from sources.polling.observation import observe
from sources.snapshots.default_store import store
from sources.snapshots.integrity_check import check_snapshots
from tests import factories
from tests.conftest import LiveDatabase

pytestmark = pytest.mark.sql
VARIANTS = (
    factories.PAGE_TEXT,
    factories.PAGE_TEXT + "\n\n14 visitors online.",
    factories.PAGE_TEXT + "\n\n15 visitors online.",
    factories.PAGE_TEXT.replace("412", "389"),
    factories.PAGE_TEXT.replace(factories.QUOTE, ""),
    "Menu\n\n" + factories.PAGE_TEXT,
    None,
)


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    settings.SNAPSHOT_STORE = str(settings.DATA / "snapshots")
    return Path(settings.DATA)


@pytest.fixture
def desk(live_database: LiveDatabase, data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveDatabase]:
    """A database in which all that is written counts as old."""
    monkeypatch.setattr(thinning, "LEAST", timedelta(0))
    yield live_database


def observed(page: Page, text: str | None, *, certainty: str = "suspected", kind: str = "text") -> None:
    """A poll that writes what it found, with its bytes in the store, and the sweep of it."""
    latest = Polling.objects.select_related("latest_snapshot__text").get(page=page).latest_snapshot
    same = latest is not None and latest.text.text == text  # the poller writes no change but a confirmed one
    factories.change(page, text, certainty="confirmed" if same else certainty, kind=kind)
    sweep()


def keep_bytes() -> None:
    for text in Text.objects.all():
        store().put(f"<html><body>{text.text}</body></html>".encode())


def history(page: Page, numbers: random.Random, polls: int) -> None:
    for _ in range(polls):
        text = numbers.choice((*VARIANTS, *[f"{factories.PAGE_TEXT}\n\n{numbers.random()} degrees."] * 12))
        if numbers.random() < 0.3:
            observed(page, text, certainty="confirmed", kind="text" if text else "gone")
        else:
            observed(page, text, kind="text" if text else "blocked")


def thinned(**options: Any) -> Thinning:
    seals.seal_all(keys.current())
    return thinning.thin(after=timedelta(0), **options)


def as_owner(database: LiveDatabase, statement: str) -> None:
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        connection.execute(SQL(statement))  # type: ignore[arg-type]


def remove_check(database: LiveDatabase, which: str) -> None:
    """As the owner can, without a thinning."""
    as_owner(database, "ALTER TABLE claims_evidencecheck DISABLE TRIGGER USER")
    as_owner(database, f"DELETE FROM claims_evidencecheck WHERE id = ({which})")
    as_owner(database, "ALTER TABLE claims_evidencecheck ENABLE TRIGGER USER")


def told() -> dict[int, list[tuple[str, str, str]]]:
    """Of each quote what its checks say one after another, without repeats: its history as an editor reads it."""
    found: dict[int, list[tuple[str, str, str]]] = {}
    for check in EvidenceCheck.objects.exclude(result="unverifiable").order_by("evidence", "pk"):
        said = (check.result, check.found, check.cause)
        line = found.setdefault(check.evidence_id, [])
        if not line or line[-1] != said:
            line.append(said)
    return found


def needed() -> dict[str, set[Any]]:
    """What must be there after a thinning, read without the rules of the thinning."""
    findings = EvidenceCheck.objects.filter(result__in=["altered", "gone"])
    bodies = " ".join(bytes(body).decode() for body in PublicationBody.objects.values_list("json", flat=True))
    last: dict[tuple[int, bool], int] = {}
    turned = set()
    results: dict[int, str] = {}
    for check in EvidenceCheck.objects.order_by("pk"):
        read = check.result != "unverifiable"
        last[check.evidence_id, read] = check.pk
        if read and results.setdefault(check.evidence_id, check.result) != check.result:
            turned.add(check.change_id)
            results[check.evidence_id] = check.result
    of_polls = Polling.objects.values_list("latest_snapshot", "confirmed_snapshot")
    touched = Change.objects.filter(pk__in=turned | set(findings.values_list("change", flat=True)))
    return {
        "checks": set(findings.values_list("pk", flat=True)) | set(last.values()),
        "changes": set(touched.values_list("pk", flat=True)),
        "snapshots": {
            *(key for pair in touched.values_list("before", "after") for key in pair),
            *Evidence.objects.values_list("snapshot", flat=True),
            *(key for pair in of_polls for key in pair),
        }
        - {None},
        "published": set(re.findall(r"snp_\w+", bodies)),
    }


def is_there(wanted: dict[str, set[Any]]) -> bool:
    return (
        wanted["checks"] <= set(EvidenceCheck.objects.values_list("pk", flat=True))
        and wanted["changes"] <= set(Change.objects.values_list("pk", flat=True))
        and wanted["snapshots"] <= set(Snapshot.objects.values_list("pk", flat=True))
        and wanted["published"] <= set(Snapshot.objects.values_list("public_id", flat=True))
    )


def findings() -> list[str]:
    return [each.sentence for each in verify(blobs="all") if each.part in ("seals", "blobs", "rows", "log", "index")]


def pages(numbers: random.Random, count: int) -> None:
    for _ in range(count):
        page = factories.page()
        for _ in range(numbers.choice((1, 1, 2))):
            factories.published_review(of=page)
        history(page, numbers, numbers.randint(4, 12))


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happened_before_nothing_that_is_needed_goes(desk: LiveDatabase, seed: int) -> None:
    numbers = random.Random(seed)
    pages(numbers, 7)
    keep_bytes()
    wanted, said = needed(), told()
    before = Change.objects.count(), Snapshot.objects.count()
    seals.seal_all(keys.current())
    dry = thinning.thin(after=timedelta(0), dry_run=True)
    assert (Change.objects.count(), Snapshot.objects.count()) == before, "a dry run removes nothing"
    row = thinned()
    assert row.changes > 5 and row.snapshots > 2 and row.checks > 5
    assert (row.changes, row.checks, row.snapshots, row.texts) == (dry.changes, dry.checks, dry.snapshots, dry.texts)
    assert is_there(wanted) and told() == said
    assert findings() == []
    assert check_snapshots(afresh=True).finished_at and not Blob.objects.filter(unused_since=None, pk__in=[]).exists()
    pages(numbers, 2)  # and life goes on
    keep_bytes()
    again = thinned()
    assert again.pk != row.pk and findings() == []


FOUND, CAUSE, LAST, TURNED = (
    ("c.result IN ('intact', 'moved', 'unverifiable') AND c.recheck_id IS NULL", "true"),
    ("AND c.cause = '' AND c.grade = ''", ""),
    ("later.id > c.id AND later.result = c.result", "later.id > c.id"),
    ("earlier.result = c.result AND earlier.cause = '' AND", ""),
)


BASE, NOISE, MORE_NOISE, ALTERED, REMOVED = VARIANTS[:5]


@pytest.mark.parametrize(
    ("wrong", "texts"),
    [
        ((FOUND, CAUSE, TURNED), (ALTERED, BASE, NOISE, ALTERED, BASE, NOISE)),
        ((LAST,), (NOISE, MORE_NOISE, None)),
        ((TURNED,), (REMOVED, BASE, NOISE, MORE_NOISE, NOISE)),
    ],
    ids=["findings", "last ones", "what came back"],
)
def test_a_rule_that_is_wrong_by_one_is_noticed(
    desk: LiveDatabase,
    wrong: tuple[tuple[str, str], ...],
    texts: tuple[str | None, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control of the test above."""
    page = factories.page()
    factories.published_review(of=page)
    for text in texts:
        observed(page, text)
    wanted = needed()
    for old, new in wrong:
        assert old in expendable._CHECK
        monkeypatch.setattr(expendable, "_CHECK", expendable._CHECK.replace(old, new))
    thinned()
    assert not is_there(wanted)


def test_a_removal_that_is_not_its_own_is_found_and_never_signed(desk: LiveDatabase) -> None:
    page = factories.page()
    factories.published_review(of=page)
    for text in VARIANTS[:3] * 3:
        observed(page, text)
    seals.seal_all(keys.current())
    remove_check(desk, "SELECT min(id) FROM claims_evidencecheck WHERE reason = 'change'")
    with pytest.raises(NotAsSealed, match="are not those that were sealed"):
        thinned()
    assert not SealRevision.objects.exists() and Change.objects.count() == 9
    assert any("1 of" in sentence and "claims_evidencecheck" in sentence for sentence in findings())


def test_a_removal_after_a_thinning_is_found_too(desk: LiveDatabase) -> None:
    page = factories.page()
    factories.published_review(of=page)
    for text in VARIANTS[:3] * 3:
        observed(page, text)
    thinned()
    assert [sentence for sentence in findings() if "claims_evidencecheck" in sentence] == []
    remove_check(desk, "SELECT max(id) FROM claims_evidencecheck")
    assert any("1 of" in sentence and "claims_evidencecheck" in sentence for sentence in findings())


def test_revisions_that_are_altered_or_forged_are_found(desk: LiveDatabase) -> None:
    page = factories.page()
    factories.published_review(of=page)
    for text in VARIANTS[:3] * 3:
        observed(page, text)
    thinned()
    as_owner(desk, "ALTER TABLE claims_sealrevision DISABLE TRIGGER USER")
    as_owner(desk, "UPDATE claims_sealrevision SET gone = gone[2:] || 99, rows = rows")
    assert any("forged" in sentence for sentence in findings())


@pytest.mark.parametrize("point", ["thinning before commit", "files removed"])
def test_killed_it_has_removed_a_batch_or_nothing_and_goes_on(
    desk: LiveDatabase, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def kill(name: str) -> None:
        if name == point:
            raise Killed

    page = factories.page()
    factories.published_review(of=page)
    for number in range(6):
        observed(page, f"{factories.PAGE_TEXT}\n\n{number} visitors online.")
    keep_bytes()
    monkeypatch.setattr(thinning, "MARKED_FOR", timedelta(0))
    wanted = needed()
    with monkeypatch.context() as patched:
        patched.setattr(thinning, "point", kill)
        with pytest.raises(Killed):
            thinned()
    assert is_there(wanted) and findings() == []
    assert check_snapshots(afresh=True) and not Thinning.objects.filter(finished_at__isnull=False).exists()
    row = thinned()
    assert row.finished_at and row.snapshots > 2 and findings() == []
    assert Thinning.objects.count() == 1, "it was resumed"


def test_files_go_a_day_after_nothing_names_them_unless_somebody_stores_them_again(
    desk: LiveDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = factories.page()
    factories.published_review(of=page)
    for number in range(4):
        observed(page, f"{factories.PAGE_TEXT}\n\n{number} visitors online.")
    keep_bytes()
    row = thinned()
    marked = sorted(Blob.objects.filter(unused_since__isnull=False).values_list("pk", flat=True))
    assert len(marked) >= 2 and row.files == 0 and all(map(store().exists, marked))
    again = Blob.objects.get(pk=marked[0])
    assert snapshot_rows.insert_blobs([again]) == [again.pk]
    assert Blob.objects.get(pk=again.pk).unused_since is None
    monkeypatch.setattr(thinning, "MARKED_FOR", timedelta(0))
    row = thinned()
    assert row.files == len(marked) - 1 and store().exists(again.pk)
    assert not any(map(store().exists, marked[1:])) and not Blob.objects.filter(pk__in=marked[1:]).exists()


def test_bytes_that_went_between_their_storing_and_their_row_are_stored_again(
    desk: LiveDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = factories.page()
    keep_bytes()
    body = b"<p>The ministry counted 412 bridges in need of repair.</p>"
    observation = observe(FetchResult(Outcome.OK, final_url=page.url, status=200, body=body, media_type="text/html"))
    insert = snapshot_rows.insert_blobs

    def removed_meanwhile(blobs: Any) -> list[str]:
        store().remove(observation.sha256)
        return insert(blobs)

    monkeypatch.setattr(snapshot_rows, "insert_blobs", removed_meanwhile)
    assert observation.page_text is not None, observation
    record.record([record.Result(page.pk, observation)])
    assert store().get(observation.sha256) == body


def test_web_and_worker_can_remove_nothing(desk: LiveDatabase) -> None:
    factories.published_review()
    for table in ("sources_blob", "sources_snapshot", "sources_text", "sources_change", "claims_evidencecheck"):
        with pytest.raises(DatabaseError, match="permission denied"), connections["default"].cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    with pytest.raises(DatabaseError, match="permission denied"):
        Thinning.objects.create(before="2026-01-01T00:00:00Z")


def test_nothing_goes_while_a_backup_runs_nor_below_a_week(desk: LiveDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thinning.time, "monotonic", iter(range(0, 10_000, 20)).__next__)
    with held(Lock.BACKUP) as taken, pytest.raises(thinning.CannotThin, match="backup is running"):
        assert taken
        thinning.thin(after=timedelta(0))
    monkeypatch.setattr(thinning, "LEAST", timedelta(days=7))
    with pytest.raises(CommandError, match="at least 7 days"):
        call_command("thin", after_days=6)


@pytest.mark.parametrize("options", [{}, {"dry_run": True}], ids=["thin", "dry run"])
def test_without_a_database_it_says_what_to_do(options: dict[str, bool], monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**given: Any) -> None:
        raise OperationalError("connection is bad: no such file\nIs the server running?")

    monkeypatch.setattr(thin_command, "thin", away)
    with pytest.raises(CommandError, match=r"not respond.*\(connection is bad: no such file\).*manage.py up"):
        call_command("thin", **options)


def test_what_is_young_stays(desk: LiveDatabase, capsys: pytest.CaptureFixture[str]) -> None:
    page = factories.page()
    factories.published_review(of=page)
    for text in VARIANTS[:3] * 2:
        observed(page, text)
    seals.seal_all(keys.current())
    call_command("thin", after_days=1, dry_run=True)
    assert "0 changes, 0 checks, 0 snapshots" in capsys.readouterr().out
    assert Sweep.objects.count() == 6


def test_it_is_due_once_a_day_where_the_owner_is_known(desk: LiveDatabase, settings: Any) -> None:
    assert tasks.is_due()
    thinned()
    assert not tasks.is_due()
    Thinning.objects.using("owner").update(started_at="2026-01-01T00:00:00Z")
    assert tasks.is_due()
    settings.THIN_AFTER = timedelta(0)
    assert not tasks.is_due()
