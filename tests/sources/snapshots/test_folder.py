"""The folder store: content addressing, damaged files, and failed writes."""

import hashlib
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from sources.snapshots.folder import FolderStore
from sources.snapshots.store import SnapshotCorrupt, SnapshotMissing, StorageError


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "snapshots")


def test_bytes_come_back_under_their_sha256(store: FolderStore) -> None:
    data = b"<p>Grain exports rose</p>\x00\xff" * 100
    name = store.put(data)
    assert name == hashlib.sha256(data).hexdigest()
    assert store.get(name) == data
    assert store.exists(name)
    assert store.path(name).parent.relative_to(store.folder) == Path(name[:2], name[2:4])


def test_the_same_bytes_are_kept_once(store: FolderStore) -> None:
    name = store.put(b"same")
    written = store.path(name).stat().st_mtime_ns
    assert store.put(b"same") == name
    assert store.path(name).stat().st_mtime_ns == written
    assert [path.name for path in store.folder.rglob("*") if path.is_file()] == [f"{name}.gz"]


def test_a_missing_snapshot_says_what_to_do(store: FolderStore) -> None:
    with pytest.raises(SnapshotMissing, match="Restore the store"):
        store.get("0" * 64)
    assert not store.exists("0" * 64)


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "other"])
def test_damaged_bytes_are_never_handed_out(store: FolderStore, damage: str) -> None:
    name = store.put(os.urandom(5000))
    path = store.path(name)
    packed = bytearray(path.read_bytes())
    if damage == "flip":
        packed[2000] ^= 1
    elif damage == "cut":
        del packed[-100:]
    elif damage == "empty":
        packed.clear()
    else:
        packed[:] = store.path(store.put(b"other")).read_bytes()
    path.write_bytes(packed)
    with pytest.raises(SnapshotCorrupt, match="is damaged"):
        store.get(name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "A" * 64, "", "0" * 63])
def test_only_a_sha256_is_a_name(store: FolderStore, name: str) -> None:
    with pytest.raises(ValueError, match="not a sha256"):
        store.get(name)


def test_a_full_disk_is_said_and_leaves_nothing_half_written(store: FolderStore) -> None:
    # A limit on file size fails a write in the middle, as a full disk does.
    program = f"""
import os, resource, signal, sys
from sources.snapshots.folder import FolderStore, StorageError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, {resource.RLIM_INFINITY}))
try:
    FolderStore({str(store.folder)!r}).put(os.urandom(100_000))
except StorageError as error:
    print(error)
    sys.exit(7)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 7, done.stderr
    assert "cannot be written" in done.stdout
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be written"):
        FolderStore(tmp_path / "file" / "snapshots").put(b"x")
