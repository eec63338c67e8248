"""Nothing is signed on top of a history that does not continue the last checkpoint, unless that is openly accepted."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from claims.models import AuditReport, Checkpoint, CheckpointDelivery, LogRestore, Publication
from claims.proof import checkpoints, continuity, keys, note, outside, reports
from claims.proof.continuity import NEWEST, BrokenHistory
from claims.proof.verify import sealed_since, verify
from factcheck.audit import daily, state
from tests import factories
from tests.conftest import LiveDatabase

pytestmark = pytest.mark.sql
EVERYTHING = "DELETE FROM claims_checkpointdelivery; DELETE FROM claims_checkpoint; DELETE FROM claims_seal"


def written() -> Checkpoint:
    made = checkpoints.write()
    assert made is not None
    return made


def found() -> list[str]:
    return [each.sentence for each in verify() if each.part in ("seals", "checkpoints")]


def as_owner(database: LiveDatabase, statements: str) -> None:
    tables = ("claims_checkpoint", "claims_checkpointdelivery", "claims_seal", "claims_claimevent", "claims_claim")
    with psycopg.connect(database.owner_url, autocommit=True) as owner:
        for switch in ("DISABLE", "ENABLE"):
            for table in tables:
                owner.execute(f"ALTER TABLE {table} {switch} TRIGGER USER".encode())
            if switch == "DISABLE":
                owner.execute(statements.encode())


def test_the_worker_signs_nothing_after_its_history_was_taken_away(live_database: LiveDatabase, data: Path) -> None:
    factories.published_review()
    written()
    assert state.checkpoint_state() == "ok"
    as_owner(live_database, EVERYTHING)
    kept = (data / NEWEST).read_text()
    with pytest.raises(BrokenHistory, match="is not in the database"):
        checkpoints.write_due()
    assert not Checkpoint.objects.exists() and (data / NEWEST).read_text() == kept
    assert state.checkpoint_state().startswith("stopped: The checkpoint of")

    out, said = StringIO(), StringIO()
    call_command("audit", "accept", "The disk was lost on 2 March.", stdout=out, stderr=said)
    line = note.read(out.getvalue()).extensions["accepted"]
    assert "disk" not in out.getvalue() and len(line) == 64
    assert "is not in the database" in said.getvalue() and "say publicly why" in said.getvalue()
    assert found() == [] and state.checkpoint_state() == "ok" and state.audit_state() == "ok"
    assert "An administrator accepted history as it was at" in sealed_since()
    assert written(), "and goes on"


def test_what_was_accepted_is_left_out_and_a_further_change_is_not(live_database: LiveDatabase) -> None:
    factories.claim()
    written()
    as_owner(live_database, "UPDATE claims_claimevent SET text = 'forged'; UPDATE claims_claim SET text = 'forged'")
    assert any("Rows were changed in claims_claimevent" in sentence for sentence in found())
    assert reports.accept("It was the migration.", list(verify()))
    assert found() == []
    as_owner(live_database, "UPDATE claims_claimevent SET text = 'again'; UPDATE claims_claim SET text = 'again'")
    assert any("Rows were changed in claims_claimevent" in sentence for sentence in found())


def test_a_seal_or_a_row_of_the_log_that_the_last_checkpoint_does_not_know_stops_it(
    live_database: LiveDatabase,
) -> None:
    factories.claim()
    written()
    as_owner(live_database, "DELETE FROM claims_seal WHERE \"table\" = 'claims_claimevent'")
    with pytest.raises(BrokenHistory, match="does not fit the seals"):
        written()


def test_a_restored_backup_goes_on_and_says_so(
    live_database: LiveDatabase, settings: Any, data: Path, tmp_path: Path
) -> None:
    settings.CHECKPOINT_TO = str(tmp_path / "outside")
    (tmp_path / "outside").mkdir()
    factories.published_review()
    written()
    outside.send_due()
    later = written()
    outside.send_due()
    # What was backed up before the last checkpoint.
    as_owner(live_database, f"DELETE FROM claims_checkpointdelivery WHERE checkpoint_id = {later.pk};"
                            f"DELETE FROM claims_checkpoint WHERE id = {later.pk}")  # fmt: skip
    with pytest.raises(BrokenHistory):
        written()
    last = Publication.objects.latest("sequence")
    LogRestore.objects.create(sequence=last.sequence, hash=last.hash, backup="2026-03-01T02-00-00Z")
    with pytest.raises(BrokenHistory, match="the database says that the log was restored"):
        written()  # anybody can write that row
    (data / NEWEST).unlink()  # and a restore alone makes a new data folder
    assert any("the database says that the log was restored to row 1 on" in sentence for sentence in found())
    assert note.read(written().text).extensions["restored"].startswith("1 ")
    assert found() == [] and "The log was restored from a backup to row 1 at" in sealed_since()
    assert "restored" not in note.read(written().text).extensions


def test_lost_keys_are_an_opening_too(live_database: LiveDatabase, data: Path) -> None:
    factories.claim()
    written()
    for name in (keys.SEAL_KEY, keys.CHECKPOINT_KEY):
        (data / name).unlink()
    call_command("audit", "new-keys", stdout=StringIO(), stderr=StringIO())
    assert "accepted" in note.read(Checkpoint.objects.latest("pk").text).extensions
    assert found() == [], "what nobody can verify any more was accepted"
    shutil.rmtree(data / keys.RETIRED, ignore_errors=True)
    assert written()


@pytest.mark.django_db
def test_rows_that_anybody_adds_stop_no_alarm(client: Client, settings: Any, tmp_path: Path) -> None:
    """The role app may add reports, checkpoints and deliveries, with any id and time."""
    settings.CHECKPOINT_TO = str(tmp_path)
    first = written()
    own = Ed25519PrivateKey.generate()
    far = timezone.now() + timedelta(days=30_000)
    text = note.write("x", 999, "ab" * 32, {"time": f"{far:%Y-%m-%dT%H:%M:%S.%fZ}"}, [own])
    false = Checkpoint.objects.create(
        id=10**9, at=far, size=999, hash="ab" * 32, head=999, head_hash="ab" * 32, seal=0, seal_key="x",
        key=keys.public_key(own), text=text,
    )  # fmt: skip
    CheckpointDelivery.objects.create(checkpoint=false)
    now = timezone.now()
    AuditReport.objects.create(id=10**9, started_at=now, finished_at=far, findings=0)
    AuditReport.objects.create(started_at=now, finished_at=now, findings=0)
    reports.store(now, 3, ["log: x"])
    AuditReport.objects.create(started_at=now, findings=0)
    assert state.audit_state().startswith("findings: 3")
    assert orjson.loads(client.get("/api/v1/checkpoints/").content)["checkpoint"] == first.text
    assert outside.send_due() == 1
    assert checkpoints.write_due(every=timedelta()) and note.read(first.text).time
    assert outside.send_due() == 1
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not daily.is_due()


@pytest.mark.django_db
def test_a_clock_that_is_set_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    first = written()
    monkeypatch.setattr(timezone, "now", shifted(hours=-3))
    assert written().at > first.at, "so that no file outside replaces another"
    monkeypatch.setattr(timezone, "now", shifted(hours=30_000))
    far = written()
    monkeypatch.undo()
    assert "look at the clock" in state.checkpoint_state()
    due = checkpoints.write_due()
    assert due and due.at > far.at
    assert found() == [] and list(continuity.broken()) == []


def shifted(*, hours: float) -> Callable[[], Any]:
    then = timezone.now() + timedelta(hours=hours)
    return lambda: then
