"""A stranger recomputes the log from the dump alone and from the API alone, with the programs of docs/log.md."""

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from claims.exports import dumps
from claims.models import Claim, Publication
from claims.models.publication import Audience
from claims.publication import append, log_proof
from tests import factories
from tests.api_client import ask, problem, reading_key, said

pytestmark = pytest.mark.django_db
LOG = "/api/v1/log/"
DOCS = Path(__file__).parents[3] / "docs" / "log.md"
EXAMPLE, OF_A_DUMP, OF_THE_API = re.findall(r"^```python\n(.*?)^```$", DOCS.read_text(), re.M | re.S)


@pytest.fixture
def claims(settings: Any) -> list[Claim]:
    """Three claims with seven events, two of them for newsrooms alone: the fourth and the last."""
    settings.ANONYMOUS_READ = True
    found = [factories.published_review(factories.claim(f"Zürich has {n} bridges “in all”.")).claim for n in range(3)]
    append.append(found[0], event="watch_lost", audience=Audience.NEWSROOMS, review=found[0].reviews.get())
    append.append(found[1], event="clarified", audience=Audience.PUBLIC)
    append.append(found[0], event="watch_resumed", audience=Audience.PUBLIC)
    append.append(found[2], event="recheck_raised", audience=Audience.NEWSROOMS, review=found[2].reviews.get())
    return found


def program(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(source, names)
    return names


def over_http(key: str | None) -> dict[str, Any]:
    """The program for the API, whose requests go to the test client."""
    names = program(OF_THE_API)
    names["DESK"] = "http://testserver"
    names["get"] = lambda address: ask(address.removeprefix("http://testserver"), key).content.decode()
    return names


def test_the_worked_example_holds() -> None:
    program(EXAMPLE)


@pytest.mark.parametrize("source", [OF_A_DUMP, OF_THE_API])
def test_the_programs_need_the_standard_library_alone(source: str) -> None:
    assert re.findall(r"^(?:import|from) (.*)$", source, re.M)[0].replace(",", "").split() in (
        ["gzip", "hashlib", "json"],
        ["hashlib", "json", "os", "urllib.request"],
    )


def test_a_stranger_verifies_the_dump(claims: list[Claim], tmp_path: Path) -> None:
    made = dumps.write(tmp_path, keep=1)
    assert program(OF_A_DUMP)["verify"](str(made / made.name)) == Publication.objects.get(sequence=6).hash
    rows = [
        json.loads(line) for line in gzip.decompress((made / f"{made.name}-log.ndjson.gz").read_bytes()).splitlines()
    ]
    assert [("line" in row, "salt" in row) for row in rows] == [(row["sequence"] != 4,) * 2 for row in rows]
    assert set(rows[3]) == {"sequence", "line_sha256"}
    assert len(rows) == 6


@pytest.mark.parametrize("spoilt", ["body", "line", "hash of a hidden row", "row removed", "salt"])
def test_a_dump_that_was_changed_is_found_out(claims: list[Claim], tmp_path: Path, spoilt: str) -> None:
    made = dumps.write(tmp_path, keep=1)
    log, bodies = (made / f"{made.name}-{name}.ndjson.gz" for name in ("log", "claims"))
    lines = gzip.decompress(log.read_bytes()).splitlines(keepends=True)
    if spoilt == "body":
        bodies.write_bytes(gzip.compress(gzip.decompress(bodies.read_bytes()).replace(b"2 bridges", b"3 bridges")))
    elif spoilt == "line":
        lines[4] = lines[4].replace(b"clarified", b"updated")
    elif spoilt == "hash of a hidden row":
        lines[3] = json.dumps({"sequence": 4, "line_sha256": "0" * 64}).encode() + b"\n"
    elif spoilt == "row removed":
        del lines[3]
    else:
        lines[4] = re.sub(rb'"salt":"[0-9a-f]{4}', b'"salt":"0000', lines[4])
    log.write_bytes(gzip.compress(b"".join(lines)))
    with pytest.raises(AssertionError):
        program(OF_A_DUMP)["verify"](str(made / made.name))


@pytest.mark.parametrize("with_key", [False, True])
def test_a_stranger_verifies_the_api(claims: list[Claim], with_key: bool) -> None:
    head = over_http(reading_key() if with_key else None)["verify"]()
    assert head == Publication.objects.get(sequence=7 if with_key else 6).hash
    assert len(list(over_http(None)["bodies"]())) == 5


def test_a_body_that_differs_from_the_log_is_found_out(claims: list[Claim]) -> None:
    names = over_http(None)
    honest = names["get"]
    names["get"] = lambda address: honest(address).replace("2 bridges", "3 bridges")
    with pytest.raises(AssertionError, match="differs from the log"):
        names["verify"]()


def test_the_log_tells_the_public_nothing_of_hidden_rows_but_a_hash(claims: list[Claim]) -> None:
    before = ask(LOG)
    hidden = Publication.objects.get(sequence=4)
    rows = said(LOG)["results"]
    assert rows[3] == {"sequence": 4, "line_sha256": hidden.line_sha256}
    assert [row["sequence"] for row in rows] == [1, 2, 3, 4, 5, 6], "it ends with the last that they may read"
    append.append(claims[1], event="watch_lost", audience=Audience.NEWSROOMS, review=claims[1].reviews.get())
    assert ask(LOG).content == before.content, "nobody sees when it happens"
    beyond = said(f"{LOG}?after=7")
    assert (beyond["results"], beyond["hash"], beyond["next"]) == ([], Publication.objects.get(sequence=6).hash, None)
    key = reading_key()
    assert "line" in said(LOG, key)["results"][3] and len(said(LOG, key)["results"]) == 8


def test_pages_follow_each_other(claims: list[Claim]) -> None:
    key, path, found, head = reading_key(), f"{LOG}?limit=3", [], "0" * 64
    while path:
        page = said(path, key)
        assert page["previous_hash"] == head
        found += [row["sequence"] for row in page["results"]]
        head, path = page["hash"], (page["next"] or "").removeprefix("http://testserver")
    assert found == [1, 2, 3, 4, 5, 6, 7] and head == Publication.objects.latest("sequence").hash
    for wrong in ("limit=0", "limit=1001", "after=-1", "after=x"):
        assert problem(ask(f"{LOG}?{wrong}", key))["status"] == 400


def test_an_empty_log_has_no_rows(settings: Any) -> None:
    settings.ANONYMOUS_READ = True
    assert said(LOG) == {"results": [], "previous_hash": "0" * 64, "hash": "0" * 64, "next": None}


def test_of_a_removed_body_no_salt_is_given(claims: list[Claim]) -> None:
    """Whoever removes a body deletes its row, and with it what a guess could be checked with."""
    last = Publication.objects.latest("sequence")
    Publication.objects.create(
        sequence=last.sequence + 1, at=last.at, event="redacted", audience="public", claim=claims[1], version=3,
        commitment="0" * 64,
    )  # fmt: skip
    row = said(LOG)["results"][-1]
    assert row["salt"] is None and row["line"].split("\n")[3] == "redacted"
    assert over_http(None)["verify"]() == Publication.objects.latest("sequence").hash


def test_the_etag_of_a_claim_is_its_commitment(claims: list[Claim]) -> None:
    for audience, key in ((Audience.PUBLIC, None), (Audience.NEWSROOMS, reading_key())):
        rows = {row["sequence"]: row for row in said(LOG, key)["results"]}
        for claim in claims:
            response = ask(f"/api/v1/claims/{claim.public_id}/", key)
            row = rows[json.loads(response.content)["sequence"]]
            commitment = hashlib.sha256(bytes.fromhex(row["salt"]) + response.content).hexdigest()
            assert response.headers["ETag"].strip('W/"') == commitment == row["line"].split("\n")[9]
            assert row["line"].split("\n")[4] == "public" or audience == Audience.NEWSROOMS


@pytest.mark.sql
def test_no_hash_of_a_body_without_its_salt_is_stored(claims: list[Claim], tmp_path: Path) -> None:
    """Neither in a column of any table nor in a dump."""
    hashes = {
        hashlib.sha256(bytes(body)).hexdigest()
        for body in Publication.objects.values_list("body__json", flat=True).order_by("sequence")
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        assert "claims_publication" in tables and len(tables) > 40
        for table in tables:
            cursor.execute(
                f"SELECT count(*) FROM {table} AS row WHERE row::text ~ %s OR row::text ~ %s",
                ["|".join(hashes), "|".join(hashes).upper()],
            )
            assert cursor.fetchone() == (0,), table
    made = dumps.write(tmp_path, keep=1)
    text = b"".join(
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in made.iterdir()
    )
    assert not any(each.encode() in text for each in hashes)


def test_rows_are_read_in_batches(claims: list[Claim]) -> None:
    batches = list(log_proof.rows_until(7, audience=Audience.NEWSROOMS, batch=3))
    assert [[row.sequence for row in rows] for rows in batches] == [[1, 2, 3], [4, 5, 6], [7]]
