"""The register of complaints is signed, an audit finds a rewritten one, and a stranger proves it by two scripts."""

import gzip
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from django.db import connection, transaction
from django.test import Client

from claims.proof import checkpoints, continuity, keys, note
from claims.proof.verify import verify
from claims.public.proof.log import site_log_lines
from claims.publication.site import line
from claims.publication.site.log import append_to_site_log, site_end
from tests import factories
from tests.claims.proof.test_verify import as_owner as use_owner_of
from tests.conftest import LiveDatabase

pytestmark = pytest.mark.sql
SCRIPT = Path(__file__).parents[3] / "docs" / "verify_register.py"


def write_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """A complaint and its answer, and a page, a day later."""
    claim = factories.published_review().claim
    append_to_site_log(
        "complaint_received", "2026-1", {"due_on": "2026-12-10", "received_on": "2026-12-01"}, claim=claim
    )
    append_to_site_log("page_published", "about", {"page": "about", "text": "Who we are.", "version": 1})
    append_to_site_log(
        "complaint_answered",
        "2026-1",
        {"answered_on": "2026-12-01", "working_days": 0, "change": None, "outcome": "upheld"},
        claim=claim,
    )
    monkeypatch.setattr(line, "first_moment_of", lambda day: day + timedelta(days=1))


@pytest.fixture
def logged(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    write_log(monkeypatch)


@contextmanager
def as_owner(statement: str) -> Iterator[None]:
    """What the owner of the database does with triggers off, until the end of the block."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE claims_sitepublication DISABLE TRIGGER USER")
            cursor.execute(statement)
            cursor.execute("ALTER TABLE claims_sitepublication ENABLE TRIGGER USER")
        yield
        transaction.set_rollback(True)


def rechained() -> str:
    """What makes the answer another one, and every hash after it as if it had always been so."""
    return r"""
        UPDATE claims_sitepublication SET body = replace(body, 'upheld', 'rejected') WHERE sequence = 3;
        UPDATE claims_sitepublication AS row SET hash = encode(sha256(decode(before.hash, 'hex') || sha256(convert_to(
            concat_ws(E'\n', 'factcheck-site/2', row.sequence, to_char(row.at AT TIME ZONE 'UTC', 'YYYY-MM-DD'),
            row.kind, row.subject, (SELECT public_id FROM claims_claim WHERE id = row.claim_id),
            encode(sha256(convert_to(row.body, 'UTF8')), 'hex')), 'UTF8'))), 'hex')
        FROM claims_sitepublication AS before WHERE row.sequence = 3 AND before.sequence = 2
    """


def found() -> list[str]:
    return [each.sentence for each in verify() if each.part in ("site", "checkpoints")]


def test_a_checkpoint_signs_the_log_up_to_yesterday(logged: None) -> None:
    row = checkpoints.write()
    assert row and note.read(row.text).site == site_end() == (3, site_end()[1])
    assert found() == [] and list(continuity.broken()) == []


REWRITTEN = {
    "UPDATE claims_sitepublication SET body = replace(body, 'upheld', 'no') WHERE sequence = 3": "Entry 3 of",
    "UPDATE claims_sitepublication SET claim_id = NULL WHERE sequence = 1": "Entry 1 of the site's log was changed",
    "DELETE FROM claims_sitepublication WHERE sequence = 3": "entries were cut off",
    "DELETE FROM claims_sitepublication WHERE sequence = 2": "Entry 2 of the site's log is missing",
    rechained(): "knows another hash of entry 3 of the site's log",
}


def test_an_audit_finds_a_rewritten_register_and_nothing_is_signed_on_top(
    live_database: LiveDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_log(monkeypatch)
    checkpoints.write()
    assert found() == []
    use_owner_of(live_database, monkeypatch)
    missed = {}
    for statement, expected in REWRITTEN.items():
        with as_owner(statement):
            if not any(expected in each for each in found()):
                missed[statement] = found()
    with as_owner(rechained()), pytest.raises(continuity.BrokenHistory, match="complaints and pages"):
        checkpoints.write()
    assert missed == {} and found() == []


@pytest.mark.django_db
def test_checkpoints_of_before_have_no_such_line_and_stay_valid(logged: None, monkeypatch: pytest.MonkeyPatch) -> None:
    write = note.write
    without = lambda name, size, hash, extensions, by: write(  # noqa: E731
        name, size, hash, {key: value for key, value in extensions.items() if key != "site"}, by
    )
    monkeypatch.setattr(note, "write", without)
    row = checkpoints.write()
    assert row and note.read(row.text).site is None and found() == []
    monkeypatch.setattr(note, "write", write)
    assert checkpoints.write() and found() == []


def test_a_stranger_proves_it_and_every_forged_one_is_refused(logged: None, tmp_path: Path) -> None:
    row = checkpoints.write()
    assert row
    (tmp_path / "kept.txt").write_text(row.text)
    lines = list(site_log_lines())

    def run(given: list[bytes], key: str = "") -> tuple[int, str]:
        (tmp_path / "log.gz").write_bytes(gzip.compress(b"".join(given)))
        options = ["--checkpoint", "kept.txt", "--log", "log.gz", "--key", key or keys.current().public]
        command = [sys.executable, str(SCRIPT), *options]
        done = subprocess.run(
            command, cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    code, said = run(lines)
    assert code == 0, said
    assert "complaint_answered 2026-1" in said and '"outcome":"upheld"' in said and "page_published about" in said
    assert "Proved: 3 of 3 entries" in said and "Not proved: that no complaint was turned away" in said
    assert run(lines, key="ab" * 32)[0] == 1
    forgeries: dict[str, Callable[[], list[bytes]]] = {
        "the log you have ends at row 2": lambda: lines[:2],
        "is missing": lambda: [lines[0], lines[2]],
        "is not the one that the log commits to": lambda: [*lines[:2], lines[2].replace(b"upheld", b"refuse")],
        "was changed": lambda: [lines[0].replace(b"2026-1\\n", b"2026-2\\n"), *lines[1:]],
        "another hash at row 3": lambda: [*lines[:2], with_other_body(lines[2])],
    }
    wrong = {}
    for expected, forged in forgeries.items():
        code, said = run(forged())
        if code != 1 or expected.lower() not in said.lower():
            wrong[expected] = said
    assert wrong == {}
    closed = orjson.loads(lines[0])
    shut = orjson.dumps({name: closed[name] for name in ("sequence", "line_sha256", "hash")}) + b"\n"
    code, said = run([shut, *lines[1:]])
    assert code == 0 and "what 1 rows of before 0.8.0 say" in said and "Proved: 2 of 3" in said


def with_other_body(text: bytes) -> bytes:
    """The entry with another answer, and its own line made anew."""
    row = orjson.loads(text)
    row["body"] = row["body"].replace("upheld", "rejected")
    fields = row["line"].split("\n")
    fields[6] = hashlib.sha256(row["body"].encode()).hexdigest()
    row["line"] = "\n".join(fields)
    row["line_sha256"] = line.digest(row["line"]).hex()
    return bytes(orjson.dumps(row) + b"\n")


def test_the_log_is_read_page_by_page_with_the_newest_checkpoint(logged: None, client: Client) -> None:
    row = checkpoints.write()
    first = client.get("/proof/site-log?limit=2").json()
    assert row and first["checkpoint"] == row.text and [each["sequence"] for each in first["results"]] == [1, 2]
    rest = client.get(first["next"].removeprefix("http://testserver")).json()
    assert [each["sequence"] for each in rest["results"]] == [3] and rest["next"] is None
    assert client.get("/proof/site-log?after=4").status_code == 404


def test_the_page_of_the_register_says_how(logged: None, client: Client) -> None:
    page = client.get("/corrections").content.decode()
    assert "verify_register.py --key KEY" in page and "/proof/site-log" in page
    assert client.get("/proof/verify_register.py").content == SCRIPT.read_bytes()
