"""Files: kept by hash in the snapshot store, read in the sandbox, one row however often, never shown by a browser."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.desk.evidence import cards, files
from claims.models import EvidenceFile, ReviewVersion
from claims.visibility import restrict
from factcheck.thinning import expendable
from sources.models import Blob
from sources.snapshots.default_store import store
from sources.snapshots.store import StorageError
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = b"The letter says that 412 bridges are in need of repair."


def client_of(user: Any) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def upload(version: ReviewVersion, data: bytes = TEXT, name: str = "letter.txt", **fields: str) -> Any:
    file = SimpleUploadedFile(name, data, content_type="text/plain")
    fields = {"stance": "supports", "visibility": "public", **fields}
    return client_of(version.author).post(reverse("desk:upload_file", args=[version.pk]), {"file": file, **fields})


def test_a_file_is_kept_read_and_attached() -> None:
    version = factories.draft()
    assert upload(version, note="It says so.").status_code == 302
    row, file = version.evidence.latest("pk"), EvidenceFile.objects.get()
    (card,) = [each for each in cards.of_version(version, version.author)["evidence"].cards if each.row == row]
    assert str(card.readers_see) == "its name and what it shows, never the file"
    assert (row.kind, row.file_sha256, row.file_name) == ("file", hashlib.sha256(TEXT).hexdigest(), "letter.txt")
    assert store().get(file.sha256) == TEXT and file.text is not None and file.text.text == TEXT.decode()
    page = client_of(version.author).get(reverse("desk:evidence_file", args=[file.pk])).content.decode()
    assert TEXT.decode() in page and version.review.claim.text in page


def test_the_same_file_twice_is_one() -> None:
    version = factories.draft()
    upload(version)
    upload(version, name="again.txt")
    assert EvidenceFile.objects.count() == 1 and version.evidence.filter(kind="file").count() == 2


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "The file is empty"), (b"x" * 2_001, "files of at most"), (None, "Choose a file first")],
)
def test_what_cannot_be_kept_says_so_and_loses_nothing(
    data: bytes | None, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 2_000)
    version = factories.draft()
    if data is None:
        address = reverse("desk:upload_file", args=[version.pk])
        answer = client_of(version.author).post(address, {"stance": "supports", "note": "Keep me"})
    else:
        answer = upload(version, data, note="Keep me")
    assert says in answer.content.decode() and "Keep me" in answer.content.decode()
    assert not EvidenceFile.objects.exists()


def test_a_store_that_is_away_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def exists(self, sha256: str) -> bool:
            raise StorageError("The store does not answer.")

    version = factories.draft()
    upload(version)
    monkeypatch.setattr(files, "store", Away)
    page = upload(version, note="Keep me").content.decode()
    assert "The store does not answer." in page and "Keep me" in page


def test_a_picture_is_kept_though_nothing_is_read_in_it() -> None:
    version = factories.draft()
    upload(version, b"\x89PNG\r\n\x1a\n" + bytes(100), "chart.png")
    file = EvidenceFile.objects.get()
    assert file.text is None and file.unread_because
    assert "chart.png" in client_of(version.author).get(reverse("desk:evidence_file", args=[file.pk])).content.decode()


def test_bytes_leave_as_an_attachment_alone() -> None:
    version = factories.draft()
    html = b"<html><script>alert(1)</script>words</html>"
    upload(version, html, '../x/"<b>\r\nSet-Cookie: a=b\u202e.html')
    file = EvidenceFile.objects.get()
    assert file.name == '"<b> Set-Cookie: a=b.html' or "/" not in file.name
    answer = client_of(version.author).get(reverse("desk:evidence_file_bytes", args=[file.pk]))
    assert answer.content == html and answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;") and "\n" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]


def test_a_file_of_a_restricted_claim_is_for_its_members_and_its_uploader() -> None:
    version = factories.draft()
    upload(version)
    other, chief = factories.editor(), factories.editor()
    chief.groups.add(Group.objects.get(name="Chiefs"))
    file = EvidenceFile.objects.get()
    addresses = [reverse(f"desk:{name}", args=[file.pk]) for name in ("evidence_file", "evidence_file_bytes")]
    assert [client_of(other).get(each).status_code for each in addresses] == [200, 200]
    restrict(version.review.claim, members=[version.author], actor=type(chief).objects.get(pk=chief.pk))
    assert [client_of(other).get(each).status_code for each in addresses] == [404, 404]
    assert [client_of(version.author).get(each).status_code for each in addresses] == [200, 200]


@pytest.mark.sql
def test_backups_hold_it_integrity_checks_read_it_and_no_thinning_takes_it() -> None:
    version = factories.draft()
    upload(version)
    sha256 = EvidenceFile.objects.get().sha256
    assert Blob.objects.filter(sha256=sha256, unused_since=None).exists()
    with connection.cursor() as cursor:
        cursor.execute(expendable.unused_blobs(), {"names": [sha256]})
        assert cursor.rowcount == 0
        other = store().put(b"nobody refers to this")
        Blob.objects.create(sha256=other, size=21)
        cursor.execute(expendable.unused_blobs(), {"names": [sha256, other]})
        assert cursor.rowcount == 1
    soon = timezone.now() + timedelta(minutes=5)
    assert sha256 in [blob.sha256 for blob in Blob.objects.filter(stored_at__lt=soon, unused_since=None)]
