"""WARC files of a claim's evidence, read back with warcio."""

import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings
from warcio.archiveiterator import ArchiveIterator

from claims.causes import Cause
from claims.exports import warc
from claims.models import Anchoring, Claim, Evidence, EvidenceCheck
from sources.models import Page, Snapshot
from sources.snapshots import default_store
from sources.snapshots.folder import FolderStore
from sources.snapshots.store import StorageError
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(settings: Settings, tmp_path: Path) -> Claim:
    """A claim with a published review that rests on one page, whose bytes are in the store."""
    settings.SNAPSHOT_STORE = str(tmp_path / "snapshots")
    review = factories.published_review()
    default_store.store().put(f"<html><body>{factories.PAGE_TEXT}</body></html>".encode())
    return review.claim


def written(claim: Claim) -> bytes:
    out = io.BytesIO()
    assert warc.write(claim, out) == 1
    return out.getvalue()


def test_the_file_holds_the_bytes_and_what_was_quoted(claim: Claim) -> None:
    snapshot = Snapshot.objects.get()
    records = [
        (record.rec_type, record.rec_headers, record.http_headers, record.content_stream().read())
        for record in ArchiveIterator(io.BytesIO(written(claim)))
    ]
    assert [kind for kind, *_ in records] == ["warcinfo", "response", "metadata"]
    _, headers, http, body = records[1]
    assert body == default_store.store().get(snapshot.blob_id)
    assert http.get_statuscode() == "200"
    assert headers.get_header("WARC-Target-URI") == snapshot.page.url
    assert headers.get_header("WARC-Payload-Digest")
    _, about, _, said = records[2]
    assert about.get_header("WARC-Refers-To") == headers.get_header("WARC-Record-ID")
    assert json.loads(said)["quote"]["exact"] == factories.QUOTE
    assert json.loads(said)["sha256"] == snapshot.blob_id


@pytest.mark.parametrize(
    ("times", "date"),
    [
        ({"taken_at": datetime(2026, 2, 2, 16, 38, 16, 382716, UTC)}, "2026-02-02T16:38:16Z"),
        ({"taken_at": datetime(2026, 2, 2, 1, 38, 16, 5, timezone(timedelta(hours=2)))}, "2026-02-01T23:38:16Z"),
        (
            {
                "taken_at": datetime(2026, 2, 2, 16, 38, 16, tzinfo=UTC),
                "requested_at": datetime(2026, 2, 2, 16, 38, 14, 999999, UTC),
            },
            "2026-02-02T16:38:14Z",
        ),
    ],
    ids=["microseconds", "another zone", "the request"],
)
def test_each_date_is_the_beginning_of_the_capture_in_utc(
    claim: Claim, times: dict[str, datetime], date: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WARC 1.1, 5.4. In whole seconds: some tools cannot read fractions."""
    page = warc._page_record

    def dated(writer: object, snapshot: Snapshot) -> object:
        for name, value in times.items():
            setattr(snapshot, name, value)
        return page(writer, snapshot)

    monkeypatch.setattr(warc, "_page_record", dated)
    dates = {
        record.rec_type: record.rec_headers.get_header("WARC-Date")
        for record in ArchiveIterator(io.BytesIO(written(claim)))
    }
    assert dates.keys() == {"warcinfo", "response", "metadata"}
    assert dates["metadata"] == dates["response"] == date
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", dates["warcinfo"])
    assert abs(datetime.fromisoformat(dates["warcinfo"]) - datetime.now(UTC)) < timedelta(minutes=5)


def test_the_changed_page_is_in_it_and_each_snapshot_says_what_it_is(claim: Claim) -> None:
    quote = Evidence.objects.get()
    quoted = Snapshot.objects.get()
    assert quote.page is not None
    before = store(quote.page, f"{factories.PAGE_TEXT} A new footer.")
    after = store(quote.page, factories.PAGE_TEXT.replace("412", "386"))
    EvidenceCheck.objects.create(
        evidence=quote,
        reason=EvidenceCheck.Reason.CHANGE,
        snapshot=after,
        before=before,
        result=EvidenceCheck.Result.ALTERED,
        cause=Cause.ALTERED,
        grade="substance",
        found="The ministry counted 386 bridges in need of repair.",
        version="test",
    )
    untouched = store(quote.page, f"{factories.PAGE_TEXT} Nothing of note.")
    EvidenceCheck.objects.create(
        evidence=quote,
        reason=EvidenceCheck.Reason.CHANGE,
        snapshot=untouched,
        result=EvidenceCheck.Result.INTACT,
        version="test",
    )
    out = io.BytesIO()
    assert warc.write(claim, out) == 3
    records = [(each.rec_type, each.rec_headers, each.content_stream().read()) for each in read(out.getvalue())]
    about = records[0][2].decode()
    bodies = {headers.get_header("WARC-Record-ID"): body for kind, headers, body in records if kind == "response"}
    roles = {}
    for kind, headers, body in records:
        if kind == "metadata":
            said = json.loads(body)
            roles[said["snapshot"]] = said["role"]
            page = bodies[headers.get_header("WARC-Refers-To")]
            assert said["sha256"] == hashlib.sha256(page).hexdigest()
            assert said["quote"]["exact"] == factories.QUOTE
            line = next(line for line in about.splitlines() if said["snapshot"] in line)
            assert said["role"] in line and said["url"] in line and said["taken_at"] in line
    assert roles == {quoted.public_id: "quoted", before.public_id: "before", after.public_id: "broken"}
    broken = next(json.loads(body) for _, _, body in records if b'"role":"broken"' in body)
    assert (broken["result"], broken["cause"], broken["grade"]) == ("altered", "altered", "substance")
    assert "386" in broken["found"]


def test_each_thing_is_said_once_and_an_extractor_accepts_nothing(claim: Claim) -> None:
    """The quote broke at two polls, since the page goes on to change; no editor has accepted anything."""
    quote = Evidence.objects.get()
    quoted = Snapshot.objects.get()
    assert quote.page is not None
    passage = quote.passage
    assert passage is not None
    for reason in (Anchoring.Reason.REGISTERED, Anchoring.Reason.RE_READ):
        Anchoring.objects.create(evidence=quote, reason=reason, snapshot=quoted, passage=passage, exact=factories.QUOTE)
    for number in (386, 385):
        EvidenceCheck.objects.create(
            evidence=quote,
            reason=EvidenceCheck.Reason.CHANGE,
            snapshot=store(quote.page, factories.PAGE_TEXT.replace("412", str(number))),
            before=quoted,
            result=EvidenceCheck.Result.ALTERED,
            cause=Cause.ALTERED,
            grade="substance",
            version="test",
        )
    out = io.BytesIO()
    assert warc.write(claim, out) == 3
    said = [json.loads(each.content_stream().read()) for each in read(out.getvalue()) if each.rec_type == "metadata"]
    assert [each["role"] for each in said] == ["quoted", "reread", "before", "broken", "broken"]
    assert said[1]["reads"] == factories.QUOTE and "accepted" not in said[1]


def test_only_pages_have_the_address_of_a_page(claim: Claim) -> None:
    """A replay shows the capture of an address that is nearest in time; a note about the page is none."""
    url = Snapshot.objects.get().page.url
    kinds = [each.rec_type for each in read(written(claim)) if each.rec_headers.get_header("WARC-Target-URI") == url]
    assert kinds == ["response"]


def read(data: bytes) -> ArchiveIterator:
    return ArchiveIterator(io.BytesIO(data))


def store(page: Page, text: str) -> Snapshot:
    default_store.store().put(f"<html><body>{text}</body></html>".encode())
    return factories.snapshot(page, text)


def check(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", str(path)], capture_output=True, text=True
    )


def test_other_tools_verify_its_digests(claim: Claim, tmp_path: Path) -> None:
    path = tmp_path / "claim.warc.gz"
    call_command("warc", claim.public_id, out=str(path), stdout=io.StringIO())
    done = check(path)
    assert done.returncode == 0, done.stdout
    assert "digest pass" in done.stdout
    assert [each.name for each in tmp_path.glob("*.part")] == []
    # The control: one other digit on the page, and the same tool says so.
    spoilt = tmp_path / "spoilt.warc"
    spoilt.write_bytes(gzip.decompress(path.read_bytes()).replace(b"counted 412 bridges", b"counted 413 bridges", 1))
    assert check(spoilt).returncode == 1


def test_a_packed_answer_is_replayed_as_it_is_stored(claim: Claim) -> None:
    snapshot = Snapshot.objects.select_related("blob", "page").get()
    snapshot.headers = [["Content-Type", "text/html"], ["Content-Encoding", "gzip"], ["Content-Length", "3"]]
    out = io.BytesIO()
    writer = warc.WARCWriter(out, gzip=True)
    writer.write_record(warc._page_record(writer, snapshot))
    record = next(iter(ArchiveIterator(io.BytesIO(out.getvalue()))))
    assert record.content_stream().read() == default_store.store().get(snapshot.blob_id)
    assert record.http_headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"


def test_confidential_evidence_is_left_out(claim: Claim) -> None:
    """A second quote, confidential, of another page: neither it nor its page is in the file."""
    draft = factories.draft(claim)
    draft.evidence.update(visibility=Evidence.Visibility.CONFIDENTIAL)
    hidden = Evidence.objects.get(version=draft)
    whole = gzip.decompress(written(claim))
    assert hidden.public_id.encode() not in whole
    assert hidden.page is not None
    assert hidden.page.url.encode() not in whole
    only = factories.claim("Nothing may leave.")
    factories.draft(only).evidence.update(visibility=Evidence.Visibility.CONFIDENTIAL)
    with pytest.raises(warc.NothingToExport):
        warc.write(only, io.BytesIO())


def test_damaged_bytes_make_no_file(claim: Claim, tmp_path: Path) -> None:
    store = default_store.store()
    assert isinstance(store, FolderStore)
    store.path(Snapshot.objects.get().blob_id).write_bytes(b"")
    with pytest.raises(StorageError):
        warc.write(claim, io.BytesIO())
    with pytest.raises(CommandError, match="is damaged"):
        call_command("warc", claim.public_id, out=str(tmp_path / "claim.warc.gz"))
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == []


def test_a_file_that_is_there_is_not_overwritten(claim: Claim, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(CommandError, match="is there already"):
        call_command("warc", claim.public_id, out=str(tmp_path / "mine"))
    assert (tmp_path / "mine").read_text() == "mine"


def test_editors_download_it_at_the_desk_and_lookers_do_not(claim: Claim) -> None:
    client = Client(HTTP_HOST="localhost")
    client.force_login(factories.editor())
    answer = client.post(f"/admin/claims/claim/{claim.pk}/do/warc/")
    assert answer["Content-Type"] == "application/warc"
    assert "attachment" in answer["Content-Disposition"]
    kinds = [each.rec_type for each in ArchiveIterator(io.BytesIO(b"".join(answer.streaming_content)))]
    assert "response" in kinds
    stranger = Client(HTTP_HOST="localhost")
    stranger.force_login(User.objects.create_user("looker", is_staff=True))
    assert stranger.post(f"/admin/claims/claim/{claim.pk}/do/warc/").status_code == 403
