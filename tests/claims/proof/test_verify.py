"""Each way of rewriting the database, alone, is found; an honest database has no findings."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction

from claims.models import Publication, PublicationBody
from claims.proof import checkpoints
from claims.proof.verify import verify
from sources.models import Snapshot
from sources.snapshots import default_store
from tests.claims.log_verifier import recomputed
from tests.conftest import LiveDatabase
from tests.factcheck.fixtures import story

pytestmark = pytest.mark.sql


def keep_bytes() -> None:
    """Store the bytes of the snapshots and of the file, of which the story writes the rows alone."""
    pages = [f"<html><body>{each.text.text}</body></html>" for each in Snapshot.objects.exclude(text=None)]
    default_store.store().put_many([*(page.encode() for page in pages), story.FILE])


def sentences(**options: Any) -> list[str]:
    return list(map(str, verify(**options)))


Tampering = str | Callable[[], object]


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def rechain() -> None:
    """Change a body, and make every hash from there on as if it had always been so."""
    body = PublicationBody.objects.order_by("pk")[0]
    forged = bytes(body.json).replace(b"The report says so.", b"The report says no.")
    assert forged != bytes(body.json)
    commitment = hashlib.sha256(bytes(body.salt) + forged).hexdigest()
    PublicationBody.objects.filter(pk=body.pk).update(json=forged)
    Publication.objects.filter(pk=body.pk).update(commitment=commitment)
    rows = list(Publication.objects.order_by("sequence").select_related("claim", "review"))
    for row, (line_sha256, hash) in zip(rows, recomputed(rows), strict=True):
        Publication.objects.filter(pk=row.pk).update(line_sha256=line_sha256, hash=hash)


_CUT = (
    "DELETE FROM newsrooms_webhookdelivery WHERE publication_id IN ({0});"
    "DELETE FROM claims_claimversion WHERE publication_id IN ({0});"
    "DELETE FROM claims_publicationbody WHERE publication_id IN ({0});"
    "DELETE FROM claims_publication WHERE sequence IN ({0})"
)
_LAST = "SELECT max(sequence) FROM claims_publication"
_FIRST = "(SELECT min(sequence) FROM claims_publication)"
_FORGED_EVENT = (
    "CREATE TEMPORARY TABLE forged AS SELECT * FROM claims_claimevent LIMIT 1; UPDATE forged SET pgh_id = {},"
    " pgh_created_at = '2020-01-01'; INSERT INTO claims_claimevent SELECT * FROM forged"
)
# What is done as the owner with all triggers of these tables off, and part of a sentence that must be found.
AS_OWNER: dict[str, tuple[Tampering, str]] = {
    "a changed body": (
        "UPDATE claims_publicationbody SET json = convert_to(replace(convert_from(json, 'UTF8'), 'Right', 'Wrong'),"
        f" 'UTF8') WHERE publication_id = {_FIRST}",
        "The body of row 1 of the log is not the one that the row commits to.",
    ),
    "all of it together": (
        "UPDATE claims_publicationbody SET json = convert_to(replace(convert_from(json, 'UTF8'), 'Right', 'Wrong'),"
        f" 'UTF8'); {_CUT.format(_LAST)}; DELETE FROM claims_claimevent",
        "rows were removed from claims_claimevent",
    ),
    "a removed body": (
        f"DELETE FROM claims_publicationbody WHERE publication_id = {_FIRST}",
        "The body of row 1 of the log is gone",
    ),
    "other words beside a body": (
        f"UPDATE claims_publicationbody SET words_sha256 = sha256('x') WHERE publication_id = {_FIRST}",
        "The hash of the words beside row 1",
    ),
    "a changed row of the log": (
        "UPDATE claims_publication SET event = 'corrected' WHERE sequence = 1",
        "Row 1 of the log was changed",
    ),
    "a row cut from the end": (_CUT.format(_LAST), "rows were cut off"),
    "a row cut from the middle": (
        _CUT.format("3"),
        "Row 3 of the log is missing",
    ),
    "two rows swapped": (
        "UPDATE claims_publication AS a SET at = b.at, commitment = b.commitment, event = b.event"
        " FROM claims_publication AS b WHERE (a.sequence, b.sequence) IN ((1, 2), (2, 1))",
        "of the log was changed",
    ),
    "a log chained anew": (rechain, "knows another hash of row"),
    "an emptied audit table": ("DELETE FROM claims_claimevent", "rows were removed from claims_claimevent"),
    "the newest audit rows gone": (
        "DELETE FROM claims_claimevent WHERE pgh_id = (SELECT max(pgh_id) FROM claims_claimevent)",
        "1 of ",
    ),
    "a changed audit row": (
        "UPDATE claims_reviewversionevent SET pgh_context = '{\"actor\": \"somebody else\"}' WHERE pgh_id = 1",
        "Rows were changed in claims_reviewversionevent",
    ),
    "two audit rows swapped": (
        "UPDATE claims_reviewversionevent SET pgh_id = CASE pgh_id WHEN 1 THEN -2 ELSE -1 END WHERE pgh_id IN (1, 2);"
        "UPDATE claims_reviewversionevent SET pgh_id = -pgh_id WHERE pgh_id < 0",
        "Rows were changed in claims_reviewversionevent",
    ),
    "an audit row put in later": (
        "CREATE TEMPORARY TABLE forged AS SELECT * FROM claims_tipevent LIMIT 1;"
        "UPDATE forged SET pgh_id = -1; INSERT INTO claims_tipevent SELECT * FROM forged",
        "1 rows were added to the",
    ),
    "a changed log of accounts": (
        "UPDATE claims_accountchange SET maker_id = NULL, maker_name = '' WHERE id = (SELECT min(id) FROM"
        " claims_accountchange WHERE maker_name <> '')",
        "Rows were changed in claims_accountchange",
    ),
    "a row changed without the audit": (
        "UPDATE claims_claim SET text = 'Nobody said so.' WHERE id = (SELECT min(id) FROM claims_claim)",
        "Changed in claims_claim without an entry in the audit: 1, by id 1",
    ),
    "a row deleted without the audit": (
        "DELETE FROM claims_tipcontact; DELETE FROM claims_tipfingerprint; DELETE FROM claims_tipsender;"
        " DELETE FROM claims_tip",
        "Deleted from claims_tip without",
    ),
    "a row made without the audit": (
        "INSERT INTO claims_topic (slug, name) VALUES ('forged', 'Forged')",
        "Written to claims_topic without an entry in the audit, or deleted there: 1",
    ),
    "a changed index": (
        "UPDATE claims_claimversion SET verdicts = '{forged}' WHERE id = (SELECT min(id) FROM claims_claimversion)",
        "The index says of 1 claims",
    ),
    "a changed text": ("UPDATE sources_text SET text = text || '!'", "The stored text"),
    "removed seals": ("DELETE FROM claims_seal WHERE \"table\" = 'claims_claimevent'", "does not fit the seals"),
    "all seals removed": ("DELETE FROM claims_sealrevision; DELETE FROM claims_seal", "does not fit the seals"),
    "a changed seal": ("UPDATE claims_seal SET rows = rows - 1 WHERE id = 1", "rows were added"),
    "the last checkpoint removed": (
        "DELETE FROM claims_checkpoint WHERE id = (SELECT max(id) FROM claims_checkpoint)",
        "in the data folder is not in the database",
    ),
    "the first checkpoint removed": (
        "DELETE FROM claims_checkpointdelivery;"
        "DELETE FROM claims_checkpoint WHERE id = (SELECT min(id) FROM claims_checkpoint)",
        "does not follow the one before",
    ),
    "a changed checkpoint": (
        "UPDATE claims_checkpoint SET text = replace(text, 'time 2', 'time 1')",
        "is signed by none of the keys",
    ),
    "a saved page exchanged and backdated": (
        "UPDATE sources_snapshot SET taken_at = taken_at - interval '30 days', final_url = 'https://forged.example/'"
        " WHERE id = (SELECT min(id) FROM sources_snapshot)",
        "Rows were changed in sources_snapshot",
    ),
    "an event above all that were given": (
        _FORGED_EVENT.format("1000000000000"),
        "1 rows of claims_claimevent have ids above",
    ),
    "an event with a false time": (
        _FORGED_EVENT.format("nextval('claims_claimevent_pgh_id_seq')"),
        "their time is false, or",
    ),
    "seals removed, and checkpoints said to be of an unknown key": (
        "UPDATE claims_claimevent SET text = 'forged'; DELETE FROM claims_seal WHERE \"table\" = 'claims_claimevent';"
        "UPDATE claims_checkpoint SET seal_key = '0000000000000000'",
        "does not fit the seals",
    ),
    "a checkpoint whose column names another key": (
        "UPDATE claims_checkpoint SET key = 'zz'",
        "has columns in the database that its text does not have",
    ),
    "a checkpoint whose columns say another size": (
        "UPDATE claims_checkpoint SET size = 0",
        "has columns in the database that its text does not have",
    ),
    **{
        f"{name}, beside an emptied audit table": (f"{statement}; DELETE FROM claims_claimevent", expected)
        for name, statement in {
            "a body that is no JSON": "UPDATE claims_publicationbody SET json = 'garbage' WHERE publication_id = 1",
            "an entry at no time": "UPDATE claims_publication SET at = 'infinity' WHERE sequence = 3",
            "a hash that is none": "UPDATE claims_publication SET hash = repeat('z', 64) WHERE sequence = 2",
            "a checkpoint at no time": "UPDATE claims_checkpoint SET at = 'infinity' WHERE id = 1",
            "a seal at no time": "UPDATE claims_seal SET at = 'infinity' WHERE \"table\" = 'claims_accountchange'",
        }.items()
        for expected in [
            "seals could not be verified" if "seal at" in name else "rows were removed from claims_claimevent"
        ]
    },
    "a checkpoint whose head was moved": ("UPDATE claims_checkpoint SET head = 1, head_hash ="
        " (SELECT hash FROM claims_publication WHERE sequence = 1)", "does not fit the seals"),
}  # fmt: skip


def as_owner(database: LiveDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Django's connection be the owner's, so that what it does can be rolled back together."""
    default, owner = connections["default"], connections["owner"]
    default.close()
    for name in ("USER", "PASSWORD", "HOST", "PORT"):
        monkeypatch.setitem(default.settings_dict, name, owner.settings_dict[name])


@pytest.fixture
def told(live_database: LiveDatabase, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with a story of everything and two checkpoints."""
    story.tell(data)
    keep_bytes()
    assert checkpoints.write()
    assert checkpoints.write()
    return data


def test_every_way_of_rewriting_it_is_found(
    told: Path, live_database: LiveDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sentences(blobs="all") == [], "an honest database"
    as_owner(live_database, monkeypatch)
    missed = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        tables = [
            f'"{name}"' for (name,) in cursor.fetchall() if name.startswith(("claims_", "sources_", "newsrooms_"))
        ]
    for name, (tampering, expected) in AS_OWNER.items():
        with transaction.atomic():
            execute("SET CONSTRAINTS ALL IMMEDIATE")
            execute(";".join(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables))
            tampering() if callable(tampering) else execute(tampering)
            execute(";".join(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables))
            found = sentences(blobs="all")
            if not any(expected in sentence for sentence in found):
                missed[name] = found
            transaction.set_rollback(True)
    assert missed == {}
    assert sentences(blobs="all") == [], "and still honest"
    execute("SELECT setval('claims_claimevent_pgh_id_seq', 1)")  # which no rollback takes back
    assert any("was set back to 2" in sentence for sentence in sentences())
