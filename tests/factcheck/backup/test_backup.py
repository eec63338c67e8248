"""A small drill: a desk is backed up, damaged in every way, and restored into an empty database that then works."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import override_settings
from django.utils import timezone

from claims.models import Claim, LogRestore, Publication
from claims.publication import log_reader
from factcheck.backup import before_upgrade, blobs, create, keys, manifest, restore, source, state
from factcheck.backup.models import BackupRun
from factcheck.backup.places import BackupError, backup_place
from factcheck.embedded import data_format
from factcheck.management.commands.migrate import after_migrating
from sources.database.locks import Lock, removal_allowed
from sources.models import Blob, Snapshot
from sources.snapshots.folder import FolderStore
from tests import conftest, factories
from tests.conftest import LiveDatabase

pytestmark = pytest.mark.sql
PASSPHRASE = "words that nobody guesses"


def quiet(line: str) -> None:
    """What a person would read."""


class Desk(NamedTuple):
    """A database that all tests of this file share, a backup of it, and what was published before and after that."""

    database: str
    data: Path
    backup: Path
    log: list[tuple[int, str, str]]
    claims: list[tuple[str, str]]
    lost: log_reader.Place


def log_rows() -> list[tuple[int, str, str]]:
    return list(Publication.objects.order_by("sequence").values_list("sequence", "public_id", "hash"))


def set_up(settings: Any, data: Path) -> None:
    settings.DATA = data
    settings.SNAPSHOT_STORE = str(data / "snapshots")
    settings.SECRET_KEY = "the key of the desk that is backed up"
    settings.BACKUP_PASSPHRASE = PASSPHRASE
    settings.EMBEDDED_DATABASE = False


@pytest.fixture(scope="module")
def shared_desk(
    migrated_template: str, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Desk]:
    """A desk with two published reviews and twelve saved pages, backed up once; a third review came later."""
    folder, name = tmp_path_factory.mktemp("desk"), f"factcheck_test_{os.getpid()}_desk"
    with django_db_blocker.unblock(), override_settings():
        conftest._create(name, migrated_template)
        conftest._point_django_at(name)
        (folder / "data").mkdir()
        set_up(django_settings, folder / "data")
        for _ in range(2):
            factories.published_review()
        store = FolderStore(django_settings.SNAPSHOT_STORE)
        for snapshot in Snapshot.objects.select_related("text"):  # the factories keep no bytes
            store.put(f"<html><body>{snapshot.text.text}</body></html>".encode())
        for number in range(12):
            data = f"<p>page {number}</p>".encode() * 500
            Blob.objects.create(sha256=store.put(data), size=len(data))
        log = log_rows()
        claims = list(Claim.objects.order_by("pk").values_list("public_id", "text"))
        made = create.create(str(folder / "backup"), say=quiet)
        assert made.warnings == [] and made.manifest.log["count"] == len(log)
        factories.published_review()
        for snapshot in Snapshot.objects.select_related("text"):
            store.put(f"<html><body>{snapshot.text.text}</body></html>".encode())
        last = Publication.objects.latest("sequence")
        conftest._point_django_at(conftest._shared[0])
    yield Desk(name, folder / "data", folder / "backup", log, claims, log_reader.Place(last.sequence, last.hash))
    with django_db_blocker.unblock():
        conftest._drop(name)


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.fixture
def desk(shared_desk: Desk, umask: None, tmp_path: Path, settings: Any, django_db_blocker: Any) -> Iterator[Path]:
    """Django points at the shared desk, with a copy of its files; where this test's backups go."""
    shutil.copytree(shared_desk.data, tmp_path / "data")
    set_up(settings, tmp_path / "data")
    with django_db_blocker.unblock():
        conftest._point_django_at(shared_desk.database)
        BackupRun.objects.all().delete()
        yield tmp_path / "backup"
        conftest._point_django_at(conftest._shared[0])


@pytest.fixture
def backup(shared_desk: Desk, tmp_path: Path) -> Path:
    """A copy of the shared desk's backup."""
    shutil.copytree(shared_desk.backup, tmp_path / "backup")
    return tmp_path / "backup"


@pytest.fixture
def target(backup: Path, umask: None, empty_database: LiveDatabase, tmp_path: Path, settings: Any) -> Path:
    """Django points at an empty database, and this is the new data folder."""
    set_up(settings, tmp_path / "restored")
    settings.SECRET_KEY = "another key"
    return tmp_path / "restored"


def restored(backup: Path, **options: Any) -> restore.Restoration:
    plan = restore.prepare(str(backup), say=quiet, **options)
    restore.mark(create.settings.DATA, plan)
    restore.run(plan, say=quiet, cluster=None, finish=after_migrating)
    connections.close_all()
    return plan


def only_set(backup: Path) -> Path:
    [folder] = (backup / "sets").iterdir()
    return folder


def test_a_restored_desk_is_the_same_and_goes_on(shared_desk: Desk, backup: Path, target: Path, settings: Any) -> None:
    restored(backup)
    assert log_rows() == shared_desk.log
    assert list(Claim.objects.order_by("pk").values_list("public_id", "text")) == shared_desk.claims
    assert (target / "secret_key").read_text().strip() == "the key of the desk that is backed up"
    assert (target / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (target / data_format.FILE).read_text() == f"{data_format.FORMAT}\n"
    data_format.check_folder(target)
    data_format.check_database("owner")
    assert sorted(path.name for path in Path(settings.SNAPSHOT_STORE).rglob("*.gz")) == sorted(
        path.name for path in (backup / "blobs").rglob("*.gz")
    )
    call_command("check", "--database", "default", "--fail-level", "WARNING")
    # What follows takes the lost sequence, and a reader who was ahead learns where to go on.
    place = LogRestore.objects.get()
    assert (place.sequence, place.hash) == (shared_desk.log[-1][0], shared_desk.log[-1][2])
    for _ in range(2):
        with pytest.raises(log_reader.CursorAhead) as ahead:
            log_reader.parse_cursor(shared_desk.lost.cursor)
        assert ahead.value.restart == log_reader.Place(place.sequence, place.hash)
        factories.published_review()
    assert Publication.objects.latest("sequence").sequence >= shared_desk.lost.sequence
    assert log_reader.parse_cursor(ahead.value.restart.cursor) == ahead.value.restart
    with pytest.raises(log_reader.UnknownCursor):
        log_reader.parse_cursor(log_reader.Place(1, "f" * 64).cursor)


def test_the_second_backup_copies_what_is_new(desk: Path, settings: Any) -> None:
    create.create(str(desk), say=quiet)
    first = {path.name: path.stat().st_mtime_ns for path in (desk / "blobs").rglob("*.gz")}
    data = b"<p>new</p>"
    sha256 = FolderStore(settings.SNAPSHOT_STORE).put(data)
    Blob.objects.create(sha256=sha256, size=len(data))
    cut = next(path for path in (desk / "blobs").rglob("*.gz"))
    cut.write_bytes(cut.read_bytes()[:-3])
    told: list[str] = []
    create.create(str(desk), say=told.append)
    assert "of which 2 are new" in told[1], "the new one, and the one that was cut off at the destination"
    again = {path.name: path.stat().st_mtime_ns for path in (desk / "blobs").rglob("*.gz")}
    assert {name for name in again if again[name] != first.get(name)} == {f"{sha256}.gz", cut.name}
    assert len(manifest.Sets.at(backup_place(str(desk))).finished) == 2
    Blob.objects.using("owner").filter(sha256=sha256).delete()
    assert oct(desk.stat().st_mode & 0o777) == "0o700"


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


DAMAGES: list[tuple[str, Callable[[Path], Any], str]] = [
    ("database.dump.gz", flip, "sha256 is not that of the manifest"),
    ("database.dump.gz", cut, "cut off or replaced"),
    ("database.dump.gz", Path.unlink, "is missing"),
    ("blobs.gz", flip, "sha256 is not that of the manifest"),
    ("keys.json", Path.unlink, "is missing"),
    ("manifest.json", flip, "is damaged"),
    ("manifest.json", Path.unlink, "There is no backup at"),
    ("a blob", flip, "damaged: its bytes do not have the hash"),
    ("a blob", cut, "bytes instead of"),
    ("a blob", Path.unlink, "is missing"),
]


def test_every_damage_is_found_before_anything_is_touched(backup: Path, tmp_path: Path, settings: Any) -> None:
    set_up(settings, tmp_path / "target")
    for name, damage, sentence in DAMAGES:
        victim = next((backup / "blobs").rglob("*.gz")) if name == "a blob" else only_set(backup) / name
        whole = victim.read_bytes()
        damage(victim)
        with pytest.raises(BackupError, match=sentence):
            restore.prepare(str(backup), say=quiet)
        victim.write_bytes(whole)
    assert not settings.DATA.exists()
    restore.prepare(str(backup), say=quiet)  # the control: without damage nothing is refused


def test_keys_are_encrypted_and_missing_ones_are_said_aloud(
    desk: Path, shared_desk: Desk, tmp_path: Path, settings: Any
) -> None:
    made = create.create(str(desk), say=quiet, database_only=True)
    assert made.manifest.keys == ["secret_key"]
    assert b"the key of the desk" not in b"".join(path.read_bytes() for path in only_set(desk).iterdir())
    settings.DATA = tmp_path / "target"
    settings.BACKUP_PASSPHRASE = "wrong"
    with pytest.raises(BackupError, match="is not the one with which the keys"):
        restore.prepare(str(desk), say=quiet)
    settings.BACKUP_PASSPHRASE = ""
    with pytest.raises(BackupError, match="--without-keys"):
        restore.prepare(str(desk), say=quiet)
    settings.SECRET_KEY = "another key"
    told: list[str] = []
    assert restore.prepare(str(desk), say=told.append, without_keys=True).keys == {}
    assert any("everybody must log in anew" in line for line in told)
    settings.SECRET_KEY, told = "the key of the desk that is backed up", []
    restore.prepare(str(desk), say=told.append, without_keys=True)
    assert not any("log in anew" in line for line in told)
    settings.DATA = tmp_path / "data"
    settings.BACKUP_PASSPHRASE = ""
    made = create.create(str(tmp_path / "open"), say=quiet)
    assert made.manifest.keys == [] and any("FACTCHECK_BACKUP_PASSPHRASE" in each for each in made.warnings)


def test_an_interrupted_restore_is_marked_and_repeated(
    backup: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = restore.prepare(str(backup), say=quiet)
    restore.mark(target, plan)
    plan.manifest.log["sequence"] = "no number"
    with pytest.raises(BackupError, match=r"refuses the dump, and holds nothing of it: .*no number"):
        restore.run(plan, say=quiet, cluster=None, finish=after_migrating)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchone() == (0,)

    def full(*_: Any) -> None:
        raise BackupError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(blobs, "copy", full)
        with pytest.raises(BackupError, match="the disk is full"):
            restored(backup)
    with pytest.raises(data_format.WrongFormat, match="did not finish"):
        data_format.check_folder(target)
    with pytest.raises(data_format.WrongFormat, match="did not finish"):
        data_format.check_database("owner")
    flip(next((backup / "blobs").rglob("*.gz")))
    plan = restored(backup, despite=True)
    assert len(plan.lost) == 1 and len(plan.listed) == Blob.objects.count() - 1
    data_format.check_folder(target)
    data_format.check_database("owner")
    assert LogRestore.objects.count() == 1
    with pytest.raises(BackupError, match="restored is not empty"):
        restore.prepare(str(backup), say=quiet, despite=True)
    django_settings.DATA = target.with_name("another")
    with pytest.raises(BackupError, match=r"The database .* is not empty"):
        restored(backup, despite=True)


def test_destinations_that_cannot_be(desk: Path, tmp_path: Path, settings: Any) -> None:
    with pytest.raises(BackupError, match="is in the data folder"):
        create.create(str(settings.DATA / "backup"), say=quiet)
    (tmp_path / "file").write_text("")
    with pytest.raises(BackupError, match="cannot be written"):
        create.create(str(tmp_path / "file" / "backup"), say=quiet)
    with pytest.raises(BackupError, match="FACTCHECK_BACKUP_TO names a bucket: set FACTCHECK_BACKUP_ACCESS_KEY"):
        create.create("s3://bucket/factcheck", say=quiet)
    for address in ("s3:/bucket/x", "file:backup"):
        with pytest.raises(BackupError, match="neither a folder nor a bucket"):
            create.create(address, say=quiet)
    create.create(str(desk), say=quiet)
    text = (only_set(desk) / "manifest.json").read_bytes()
    other = manifest.Manifest.load(text, "")
    other.installation = "0" * 16
    (only_set(desk) / "manifest.json").write_bytes(other.dump())
    with pytest.raises(BackupError, match="backups of another desk"):
        create.create(str(desk), say=quiet)
    assert len(list((desk / "sets").iterdir())) == 1, "what was begun is removed"


def test_a_saved_page_that_is_lost_is_named_and_the_rest_backed_up(desk: Path, settings: Any) -> None:
    blob = Blob.objects.order_by("sha256")[0]
    FolderStore(settings.SNAPSHOT_STORE).path(blob.sha256).unlink()
    with pytest.raises(CommandError, match="complete but for"):
        call_command("backup", str(desk))
    run = BackupRun.objects.get()
    assert run.finished_at and blob.sha256 in run.sentence
    [name] = manifest.Sets.at(backup_place(str(desk))).finished
    assert manifest.read(backup_place(str(desk)), name).damaged == [blob.sha256]


def test_old_sets_go_and_pages_that_no_set_names(desk: Path, settings: Any) -> None:
    settings.BACKUP_KEPT = 1
    create.create(str(desk), say=quiet)
    gone = desk / "blobs" / "aa" / "bb" / f"{'aabb' * 16}.gz"
    young = gone.with_name(f"{'aabc' * 16}.gz")
    foreign = gone.with_name("README.gz")
    gone.parent.mkdir(parents=True, exist_ok=True)
    for path in (gone, young, foreign):
        path.write_bytes(b"x")
    old = timezone.now().timestamp() - 90_000
    for path in [*(desk / "blobs").rglob("*.gz")]:
        if path != young:
            os.utime(path, (old, old))
    abandoned = desk / "sets" / "2026-01-01T00-00-00Z"
    abandoned.mkdir()
    (abandoned / "database.dump.gz").write_bytes(b"cut")
    kept = set((desk / "blobs").rglob("*.gz")) - {gone}
    create.create(str(desk), say=quiet)
    assert set((desk / "blobs").rglob("*.gz")) == kept
    assert [path.name for path in (desk / "sets").iterdir()] == [newest(desk)]


def test_a_set_from_the_future_is_neither_the_newest_nor_removed(desk: Path, settings: Any) -> None:
    """The clock was a year ahead when it was made: what is made now must not make way for it."""
    settings.BACKUP_KEPT = 1
    create.create(str(desk), say=quiet)
    later = only_set(desk).with_name("2999-01-01T00-00-00Z")
    only_set(desk).rename(later)
    made = create.create(str(desk), say=quiet)
    assert "from the future" in made.warnings[0] and later.name in made.warnings[0]
    assert newest(desk) == made.manifest.name and later.exists()
    said: list[str] = []
    assert restore._choose(str(desk), "", said.append)[1] == made.manifest.name
    assert later.name in said[0]
    assert restore._choose(str(desk), later.name, quiet)[1] == later.name


@pytest.mark.parametrize("text", [b"", b"{}", b"\xff"])
def test_a_damaged_manifest_stops_no_later_backup(desk: Path, settings: Any, text: bytes) -> None:
    settings.BACKUP_KEPT = 2
    create.create(str(desk), say=quiet)
    damaged = only_set(desk)
    (damaged / "manifest.json").write_bytes(text)
    made = [create.create(str(desk), say=quiet) for _ in range(3)]
    assert damaged.name in made[0].warnings[0] and "Remove the folder" in made[0].warnings[0]
    assert newest(desk) == made[-1].manifest.name


def test_another_copy_of_the_desk_is_refused(desk: Path) -> None:
    """Its newest set has an event that this log has not."""
    create.create(str(desk), say=quiet)
    text = (only_set(desk) / "manifest.json").read_bytes()
    fork = manifest.Manifest.load(text, "")
    for log in ({**fork.log, "hash": "0" * 64}, {**fork.log, "sequence": fork.log["sequence"] + 1}):
        fork.log = log
        (only_set(desk) / "manifest.json").write_bytes(fork.dump())
        with pytest.raises(BackupError, match="another copy of this desk"):
            create.create(str(desk), say=quiet)


def newest(desk: Path) -> str:
    return manifest.Sets.at(backup_place(str(desk))).finished[-1]


def test_one_backup_at_a_time_and_nothing_is_removed_meanwhile(
    desk: Path, shared_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factcheck.backup.source.LOCK_WITHIN", 0.1)
    assert removal_allowed() and not state.is_running()
    with psycopg.connect(conftest._url("app", shared_desk.database), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [Lock.BACKUP])
        assert not removal_allowed() and state.is_running()
        with pytest.raises(BackupError, match="Another backup"):
            create.create(str(desk), say=quiet)
    create.create(str(desk), say=quiet, database_only=True)


def test_the_schedule_and_what_health_says(desk: Path, settings: Any) -> None:
    assert not state.is_due()
    settings.BACKUP_TO = str(desk)
    assert state.is_due() and state.health() == "late: there is no backup yet"
    call_command("backup")
    assert not state.is_due() and state.health() == "ok: 0 hours old"
    BackupRun.objects.update(started_at=timezone.now() - timedelta(hours=25))
    assert state.is_due() and state.health() == "ok: 25 hours old"
    BackupRun.objects.update(started_at=timezone.now() - timedelta(hours=60))
    settings.BACKUP_TO = str(settings.DATA / "inside")
    with pytest.raises(CommandError):
        call_command("backup")
    assert not state.is_due(), "in an hour"
    late = "late: the last complete backup is 60 hours old; the last attempt failed, the desk's home says why"
    assert state.health() == late
    assert "is in the data folder" in state.state().failure
    BackupRun.objects.create(destination="x")
    assert state.state().failure == "The backup was interrupted."


def test_a_bundle_of_keys_names_nothing_outside_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "logins").write_text("a b")
    found = keys.collect(tmp_path, "secret")
    assert found == {"secret_key": b"secret\n", "demo/logins": b"a b"}
    assert keys.decrypt(keys.encrypt(found, "phrase"), "phrase") == found
    known = keys.fingerprint("secret")
    assert keys.is_of("secret", known) and not keys.is_of("secrex", known)


def test_an_upgrade_is_preceded_by_a_backup_of_the_database(desk: Path, tmp_path: Path, settings: Any) -> None:
    settings.BACKUP_PASSPHRASE = ""
    (settings.DATA / "FORMAT").write_text("2\n")
    told: list[str] = []
    before_upgrade.back_up("owner", say=told.append)
    folder = settings.DATA / "before-upgrade"
    [name] = [path.name for path in (folder / "sets").iterdir()]
    assert f"restore {folder} --set {name} --data NEW" in told[1] and "saved pages are not copied" in told[0]
    assert "up --mend --data NEW" in told[1], "the earlier version refuses the rights of this one"
    assert not (folder / "blobs").exists()
    key = settings.DATA / "secret_key"
    key.write_text(f"{settings.SECRET_KEY}\n")
    settings.DATA = tmp_path / "back"
    settings.SECRET_KEY, settings.BACKUP_PASSPHRASE = "another", ""
    plan = restore.prepare(str(folder), say=quiet)
    assert plan.keys["secret_key"] == key.read_bytes(), "it lies in the same data folder"
    key.write_text("that of another desk\n")
    assert not restore.prepare(str(folder), say=quiet).keys
    assert plan.manifest.data_format == 2, "the earlier version starts on what is restored from it"
    assert plan.blob_source.folder == Path(settings.SNAPSHOT_STORE) and len(plan.listed) == Blob.objects.count()
    settings.POSTGRESQL_PROGRAMS = str(tmp_path)
    with pytest.raises(BackupError, match=r"Nothing was changed.*--no-backup"):
        before_upgrade.back_up("owner", say=told.append)


def test_an_upgrade_that_was_interrupted_goes_on_with_the_backup_that_it_has(desk: Path, settings: Any) -> None:
    """Migrations have made tables on which the role of web and worker has no rights yet."""
    told: list[str] = []
    before_upgrade.back_up("owner", say=told.append)
    folder = settings.DATA / "before-upgrade"
    [name] = [path.name for path in (folder / "sets").iterdir()]
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE public.claims_half (id bigint)")
    try:
        for _ in range(before_upgrade.KEPT + 1):
            told.clear()
            before_upgrade.back_up("owner", say=told.append)
            assert "was interrupted and goes on" in told[0] and f"--set {name} --data NEW" in told[1]
        assert [path.name for path in (folder / "sets").iterdir()] == [name]
        before_upgrade.finished()
        before_upgrade.back_up("owner", say=told.append)
        assert len(list((folder / "sets").iterdir())) == 2, "the next upgrade has a backup of its own"
        factories.published_review()
        before_upgrade.back_up("owner", say=told.append)
        assert len(list((folder / "sets").iterdir())) == 3, "what was published since is in none"
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("DROP TABLE public.claims_half")


def test_no_audited_table_is_left_out(db: None) -> None:
    """Its rows would differ from what the audit says of them."""
    events = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    audited = {model.pgh_tracked_model._meta.db_table for model in events}
    assert len(source.left_out()) >= 4 and not audited & set(source.left_out())
