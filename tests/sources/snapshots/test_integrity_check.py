"""Integrity checks on real files: findings, reports, resuming, and that nothing is repaired."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from factcheck import health
from sources.models import Blob, Scrub
from sources.snapshots import default_store, integrity_check
from sources.snapshots.folder import FolderStore
from sources.snapshots.store import StorageError

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(settings: Settings, tmp_path: Path) -> FolderStore:
    settings.SNAPSHOT_STORE = str(tmp_path / "snapshots")
    made = default_store.store()
    assert isinstance(made, FolderStore)
    return made


def keep(store: FolderStore, data: bytes) -> str:
    name = store.put(data)
    Blob.objects.create(sha256=name, size=len(data), stored_at=timezone.now() - timedelta(hours=1))
    return name


@pytest.fixture
def names(store: FolderStore) -> list[str]:
    """Five snapshots, in the order in which a check reads them."""
    return sorted(keep(store, os.urandom(5_000)) for _ in range(5))


def run(**options: object) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("scrub", stdout=out, **options)
    except SystemExit as left:
        return int(left.code or 0), out.getvalue()
    return 0, out.getvalue()


def damage(store: FolderStore, name: str, how: str) -> None:
    path = store.path(name)
    packed = bytearray(path.read_bytes())
    if how == "missing":
        path.unlink()
        return
    if how == "flip":
        packed[2_000] ^= 1
    else:
        del packed[-100:]
    path.write_bytes(packed)


def test_an_intact_store_has_no_findings(names: list[str]) -> None:
    code, said = run()
    assert code == 0
    assert said.startswith("5 snapshots read (25,000 bytes), 0 missing or damaged")
    assert integrity_check.count_damaged() == 0
    assert health.states()["snapshots"] == "ok"


@pytest.mark.parametrize(("how", "kind"), [("flip", "damaged"), ("cut", "damaged"), ("missing", "missing")])
def test_each_damage_is_reported_and_not_repaired(store: FolderStore, names: list[str], how: str, kind: str) -> None:
    damage(store, names[2], how)
    left = {path: path.read_bytes() for path in store.folder.rglob("*.gz")}
    code, said = run()
    assert code == 1
    assert [line for line in said.splitlines() if names[2] in line and "backup" in line]
    assert "1 missing or damaged" in said
    (finding,) = Scrub.objects.get().findings.all()
    assert (finding.blob_id, finding.kind) == (names[2], kind)
    assert {path: path.read_bytes() for path in store.folder.rglob("*.gz")} == left
    assert health.states()["snapshots"] == "damaged: the last integrity check found 1 missing or damaged"


def test_the_first_screen_of_the_desk_reports_damage(client: Client, store: FolderStore, names: list[str]) -> None:
    User.objects.create_superuser("chief", password="x")
    client.force_login(User.objects.get())
    assert "missing or damaged" not in client.get("/admin/").content.decode()
    damage(store, names[0], "missing")
    run()
    assert "missing or damaged" in client.get("/admin/").content.decode()
    assert names[0] in client.get("/admin/sources/scrubfinding/").content.decode()


def test_restored_bytes_are_accepted_by_the_next_check(store: FolderStore, names: list[str]) -> None:
    whole = store.path(names[0]).read_bytes()
    damage(store, names[0], "flip")
    assert run()[0] == 1
    store.path(names[0]).write_bytes(whole)
    assert integrity_check.count_damaged() == 1
    assert run()[0] == 0
    assert integrity_check.count_damaged() == 0


def test_an_interrupted_check_resumes_where_it_stopped(
    store: FolderStore, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    real = FolderStore.verify

    def third_fails(self: FolderStore, name: str) -> int:
        if len(read) == 2:
            raise StorageError("The snapshot store does not respond.")
        read.append(name)
        return real(self, name)

    with monkeypatch.context() as while_away:
        while_away.setattr(FolderStore, "verify", third_fails)
        with pytest.raises(CommandError, match="does not respond") as caught:
            run()
    assert caught.value.returncode == 2
    assert Scrub.objects.get().findings.count() == 0  # no response is no finding
    assert run() == (0, "5 snapshots read (25,000 bytes), 0 missing or damaged; completed.\n")
    assert Scrub.objects.count() == 1


def test_a_check_can_be_limited_in_time_and_restarted(names: list[str]) -> None:
    assert "0 snapshots read" in run(seconds=0)[1]
    assert Scrub.objects.get().finished_at is None
    assert "5 snapshots read" in run(afresh=True)[1]
    assert Scrub.objects.count() == 2


def test_the_read_rate_is_limited(names: list[str]) -> None:
    before = timezone.now()
    run(rate=0.05)  # 25 kB at 50 kB a second
    assert timezone.now() - before > timedelta(seconds=0.4)


def test_an_unmounted_store_is_not_reported_as_missing_snapshots(
    settings: Settings, names: list[str], tmp_path: Path
) -> None:
    settings.SNAPSHOT_STORE = str(tmp_path / "not mounted")
    with pytest.raises(CommandError, match="does not exist"):
        run()
    assert integrity_check.count_damaged() == 0


def test_blobs_just_written_are_left_for_the_next_check(store: FolderStore) -> None:
    Blob.objects.create(sha256="0" * 64, size=1)
    assert run()[0] == 0


def test_a_large_blob_is_read_in_steps(store: FolderStore) -> None:
    import tracemalloc

    name = keep(store, bytes(50_000_000))
    tracemalloc.start()
    assert store.verify(name) == 50_000_000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000


def test_only_unfinished_files_older_than_a_day_are_deleted(store: FolderStore, names: list[str]) -> None:
    beside = store.path(names[0]).parent
    old, new = beside / ".0-17-0123456789abcdef.part", beside / ".0-18-0123456789abcdef.part"
    kept = [store.path(name) for name in names]
    for file in (old, new, *kept):
        file.touch()
    for file in (old, *kept):
        os.utime(file, (0, 0))
    assert run()[0] == 0
    assert {file for file in store.folder.rglob("*") if file.is_file()} == {new, *kept}
