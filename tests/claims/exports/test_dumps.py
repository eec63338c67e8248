"""Dumps are complete, show one position of the log, are safe in spreadsheets, and end with a redaction."""

import csv
import gzip
import hashlib
import io
import os
import subprocess
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from claims import tasks
from claims.api import concurrency
from claims.exports import dumps
from claims.formats.csv import COLUMNS, encoded
from claims.models import Publication, PublicationBody
from claims.publication import append, log_reader
from sources.database.locks import Lock
from tests import factories
from tests.api_client import ask, problem, reading_key, said

pytestmark = pytest.mark.django_db
DUMPS = "/api/v1/dumps/"


@pytest.fixture
def place(settings: Any, tmp_path: Path) -> Path:
    settings.DUMPS = str(tmp_path / "dumps")
    return tmp_path / "dumps"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What dumps take for now; `clock(hours)` moves it."""
    now = [datetime(2026, 3, 1, 2, tzinfo=UTC)]
    monkeypatch.setattr(dumps.timezone, "now", lambda: now[0])

    def move(hours: float) -> None:
        now[0] += timedelta(hours=hours)

    return move


def read(made: Path, what: str) -> bytes:
    return gzip.decompress((made / f"{made.name}-{what}.gz").read_bytes())


def rows(made: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read(made, "reviews.csv").decode(), newline="")))


def files(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def test_a_dump_holds_the_public_bodies_and_a_row_for_each_review(place: Path) -> None:
    claim = factories.claim("Roads are long.", language="en-GB")
    factories.linked(claim)
    first, second = factories.published_review(claim), factories.published_review(claim)
    other = factories.published_review()
    append.append(other.claim, event="recheck_raised", audience="newsrooms", review=other)
    factories.draft(factories.claim("Nobody knows of this."))
    made = dumps.write(place, keep=3)
    public = PublicationBody.objects.filter(publication__in=[2, 3]).order_by("publication")
    assert read(made, "claims.ndjson") == b"".join(bytes(body.json) + b"\n" for body in public)
    manifest = orjson.loads((made / f"{made.name}-manifest.json").read_bytes())
    assert (manifest["sequence"], manifest["claims"], manifest["reviews"]) == (3, 2, 3), (
        "the public's, not the newsrooms'"
    )
    assert manifest["hash"] == Publication.objects.get(sequence=3).hash
    table = rows(made)
    assert [row["review_id"] for row in table] == [first.public_id, second.public_id, other.public_id]
    assert tuple(table[0]) == COLUMNS
    assert table[0] | {"claim": "Roads are long.", "claimant": "A. Minister", "rating": "Right"} == table[0]
    assert (table[0]["rating_value"], table[0]["best_rating"], table[0]["withdrawn_at"]) == ("3", "3", "")
    for file in manifest["files"]:
        data = (made / file["name"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", f"{made.name}-SHA256SUMS"], cwd=made, capture_output=True, text=True
    )
    assert checked.returncode == 0 and checked.stdout.count("OK") == 4


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_taken_for_a_formula(start: str) -> None:
    cell = f"{start}HYPERLINK(“x”)"
    (row,) = csv.reader(io.StringIO(encoded([[cell, f"x{start}", "", None, 3, -1]]).decode(), newline=""))
    assert row == [f"'{cell}", f"x{start}", "", "", "3", "'-1"]


def test_cells_with_commas_quotes_and_lines_come_back(place: Path) -> None:
    claim = factories.claim('He said "no", twice;\r\nthen left.')
    factories.published_review(claim)
    (row,) = rows(dumps.write(place, keep=1))
    assert row["claim"] == claim.text


def test_what_is_published_meanwhile_is_not_in_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "_BATCH", 1)
    before = [factories.published_review() for _ in range(2)]
    real = log_reader.bodies_at

    def slowly(*arguments: Any, **options: Any) -> Any:
        for number, bodies in enumerate(real(*arguments, **options)):
            if number == 0:
                append.append(before[1].claim, event="reconfirmed", audience="public")
                factories.published_review()
            yield bodies

    monkeypatch.setattr(log_reader, "bodies_at", slowly)
    made = dumps.write(place, keep=1)
    versions = [orjson.loads(line)["sequence"] for line in read(made, "claims.ndjson").splitlines()]
    assert versions == [1, 2]
    assert orjson.loads((made / f"{made.name}-manifest.json").read_bytes())["sequence"] == 2


def test_a_dump_that_fails_leaves_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.published_review()

    def full(file: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(dumps.DumpError, match=r"No space left on device.*FACTCHECK_DUMPS"):
        dumps.write(place, keep=1)
    assert files(place) == [] and dumps.manifests() == []
    monkeypatch.undo()


def test_what_a_killed_one_left_is_cleared_away(place: Path) -> None:
    left = place / ".20260301T020000Z.part"
    left.mkdir(parents=True)
    (left / "20260301T020000Z-claims.ndjson.gz").write_bytes(b"half")
    assert dumps.manifests() == []
    made = dumps.write(place, keep=1)
    assert files(place) == [made.name]


def test_old_dumps_are_pruned(place: Path, clock: Any) -> None:
    factories.published_review()
    (place / "notes").mkdir(parents=True)
    made = []
    for _ in range(4):
        made.append(dumps.write(place, keep=2).name)
        clock(24)
    assert files(place) == [*made[-2:], "notes"]


def test_one_is_written_a_day(place: Path, clock: Any, settings: Any) -> None:
    assert tasks.dump() is None, "there is nothing yet"
    factories.published_review()
    assert tasks.dump() == str(place / "20260301T020000Z")
    clock(21.9)
    assert tasks.dump() is None
    clock(0.2)
    assert tasks.dump() == str(place / "20260302T000600Z")
    settings.DUMPS_KEPT = 0
    clock(24)
    assert tasks.dump() is None


@pytest.mark.sql
def test_two_are_not_written_at_once(place: Path) -> None:
    other = connection.copy()
    with other.cursor() as elsewhere:
        elsewhere.execute("SELECT pg_advisory_lock(%s)", [int(Lock.DUMP)])
        assert dumps.write(place, keep=1) is None
        with pytest.raises(CommandError, match="being written already"):
            call_command("dump")
        elsewhere.execute("SELECT pg_advisory_unlock(%s)", [int(Lock.DUMP)])
        assert dumps.write(place, keep=1) is not None
        elsewhere.execute("SELECT pg_try_advisory_lock(%s)", [int(Lock.DUMP)])
        assert elsewhere.fetchone() == (True,), "it was given back"
    other.close()


@pytest.mark.sql
def test_an_import_that_runs_refuses_no_dump(place: Path) -> None:
    other = connection.copy()
    with other.cursor() as elsewhere:
        elsewhere.execute("SELECT pg_advisory_lock(%s)", [int(Lock.IMPORT)])
        assert dumps.write(place, keep=1) is not None
    other.close()


def test_what_was_redacted_since_is_shown_no_more(place: Path, clock: Any) -> None:
    key = reading_key()
    review = factories.published_review()
    made = dumps.write(place, keep=3)
    name = f"{made.name}-claims.ndjson.gz"
    assert ask(f"{DUMPS}{name}", key).status_code == 200
    append.append(review.claim, event="redacted", audience="public")
    assert said(DUMPS, key)["results"] == []
    assert ask(f"{DUMPS}{name}", key).status_code == 404
    clock(1)
    assert dumps.write_daily() is not None, "at once, not tomorrow"
    assert made.name not in files(place)
    assert len(said(DUMPS, key)["results"]) == 1


def test_a_dump_of_another_log_is_not_shown(place: Path, clock: Any) -> None:
    factories.published_review()
    made = dumps.write(place, keep=3)
    path = made / f"{made.name}-manifest.json"
    path.write_bytes(path.read_bytes().replace(Publication.objects.get().hash.encode(), b"f" * 64))
    assert dumps.manifests() == [] and dumps.find(path.name) is None
    clock(1)
    newer = dumps.write_daily()
    assert newer is not None and files(place) == [made.name, newer.name], "it may be the last copy of what is lost"
    assert [dump["name"] for dump in dumps.manifests()] == [newer.name]


def test_memory_does_not_grow_with_the_claims(place: Path, monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    factories.published_review()
    body = bytes(PublicationBody.objects.get().json)

    def peak(batches: int) -> int:
        monkeypatch.setattr(log_reader, "bodies_at", lambda *a, **o: ([body] * 50 for _ in range(batches)))
        clock(24)
        tracemalloc.start()
        dumps.write(place, keep=1)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1)
    assert peak(40) < 1.5 * peak(4)


def test_dumps_are_listed_and_served_whole(place: Path, clock: Any) -> None:
    key = reading_key()
    factories.published_review()
    made = dumps.write(place, keep=3)
    clock(24)
    newer = dumps.write(place, keep=3)
    listed = said(DUMPS, key)
    assert [dump["name"] for dump in listed["results"]] == [newer.name, made.name] and listed["next"] is None
    for file in listed["results"][1]["files"]:
        response = ask(file["url"].removeprefix("http://testserver"), key)
        assert b"".join(response) == (made / file["name"]).read_bytes()
        assert response.headers["Content-Type"] == "application/gzip"
        assert response.headers["ETag"] == f'"{file["sha256"]}"'
        assert response.headers["Content-Length"] == str(file["bytes"])
        assert response.headers["Content-Disposition"] == f'attachment; filename="{file["name"]}"'
        headers = {"If-None-Match": response.headers["ETag"]}
        assert ask(f"{DUMPS}{file['name']}", key, headers=headers).status_code == 304
    for name, media_type in (("manifest", "application/json"), ("sums", "text/plain; charset=utf-8")):
        response = ask(listed["results"][1][name].removeprefix("http://testserver"), key)
        assert response.headers["Content-Type"] == media_type and b"".join(response)


def test_no_name_leads_out_of_the_folder(place: Path) -> None:
    key = reading_key()
    made = dumps.write(place, keep=1)
    (place / "secret").write_text("x")
    (made / "secret").write_text("x")
    (made / f"{made.name}-secret").write_text("x")
    for name in (
        "secret",
        "..%2Fsecret",
        f"{made.name}%2Fsecret",
        f"{made.name}-secret",
        made.name,
        f"{made.name}-",
        "x",
    ):
        assert problem(ask(f"{DUMPS}{name}", key))["status"] == 404, name


def test_no_more_large_files_at_once_than_can_be(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from claims.api.streams import dumps as served

    monkeypatch.setattr(served, "_LARGE_FILE", 10)
    monkeypatch.setattr(concurrency, "LONG_RESPONSES", concurrency.Slots(0))
    key = reading_key()
    made = dumps.write(place, keep=1)
    response = ask(f"{DUMPS}{made.name}-claims.ndjson.gz", key)
    assert problem(response)["type"] == "urn:factcheck:problem:busy"


def test_the_command_says_where_it_is(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    factories.published_review()
    call_command("dump", out=str(tmp_path / "elsewhere"))
    made = Path(capsys.readouterr().out.strip())
    assert made.parent == tmp_path / "elsewhere" and len(rows(made)) == 1
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="name another folder"):
        call_command("dump", out=str(tmp_path / "file"))


def test_dump_and_feed_are_the_whole_log_without_a_gap_and_without_double_work(place: Path) -> None:
    key = reading_key()
    before = [factories.published_review().claim.public_id for _ in range(3)]
    made = dumps.write(place, keep=1)
    assert made is not None
    after = [factories.published_review().claim.public_id for _ in range(2)]
    append.append(
        Publication.objects.filter(claim__public_id=before[0]).get().claim, event="reconfirmed", audience="public"
    )
    [listed] = said(DUMPS, key)["results"]
    manifest = orjson.loads((made / f"{made.name}-manifest.json").read_bytes())
    assert listed["cursor"] == manifest["cursor"]
    held = {orjson.loads(line)["id"]: orjson.loads(line) for line in read(made, "claims.ndjson").splitlines()}
    assert sorted(held) == sorted(before)
    page = said(f"/api/v1/feed/?after={listed['cursor']}", key)
    assert [event["claim"] for event in page["results"]] == [*after, before[0]]
    assert page["results"][0]["sequence"] == manifest["sequence"] + 1 and not page["more"]
    held |= {event["claim"]: event["body"] for event in page["results"]}
    assert held == {claim["id"]: claim for claim in said("/api/v1/claims/", key)["results"]}


def test_a_dump_of_an_earlier_version_has_a_cursor_too(place: Path) -> None:
    factories.published_review()
    made = dumps.write(place, keep=1)
    assert made is not None
    file = made / f"{made.name}-manifest.json"
    manifest = orjson.loads(file.read_bytes())
    cursor = manifest.pop("cursor")
    file.write_bytes(orjson.dumps(manifest))
    assert [each["cursor"] for each in said(DUMPS, reading_key())["results"]] == [cursor]
