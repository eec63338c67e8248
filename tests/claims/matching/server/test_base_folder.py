"""A base is whole or it is not used: half written, damaged, of another version, on a full disk."""

import logging
from pathlib import Path

import pytest

from claims.matching.engine import Engine
from claims.matching.server import base_folder
from claims.matching.server.base_folder import newest
from claims.matching.types import ClaimEntry
from claims.publication.log_reader import Place

PLACE = Place(7, "a" * 64)


def filled(aside: Path) -> int:
    (aside / "words").mkdir()
    (aside / "words" / "index").write_bytes(b"words")
    (aside / "records").write_bytes(b"records")
    return 3


def written(folder: Path, *, version: str = "1", place: Place = PLACE) -> Path:
    base, _ = base_folder.write(folder, version=version, place=place, epoch="e", fill=filled)
    return base


def test_a_base_comes_back_as_it_was_written(tmp_path: Path) -> None:
    base = written(tmp_path / "matching")
    found = newest(tmp_path / "matching", version="1")
    assert found is not None
    assert (found[0], found[1].place, found[1].epoch, found[1].claims) == (base, PLACE, "e", 3)
    assert set(found[1].files) == {"words/index", "records"}
    assert (base.stat().st_mode & 0o777) == 0o700


def test_the_newest_is_taken_and_the_others_go(tmp_path: Path) -> None:
    written(tmp_path, place=Place(999, "b" * 64))
    base = written(tmp_path, place=Place(1000, "c" * 64))
    found = newest(tmp_path, version="1")
    assert found is not None and found[0] == base
    assert list(tmp_path.iterdir()) == [base]


@pytest.mark.parametrize("damage", ["changed", "longer", "gone", "no manifest", "no JSON", "version", "format"])
def test_a_base_that_is_not_whole_is_told_and_removed(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    older = written(tmp_path, place=Place(3, "b" * 64))
    base = written(tmp_path)
    manifest = base / "manifest.json"
    match damage:
        case "changed":
            (base / "records").write_bytes(b"recordz")
        case "longer":
            (base / "records").write_bytes(b"records!")
        case "gone":
            (base / "words" / "index").unlink()
        case "no manifest":
            manifest.unlink()
        case "no JSON":
            manifest.write_bytes(manifest.read_bytes()[:40])
        case "version":
            manifest.write_bytes(manifest.read_bytes().replace(b'"version":"1"', b'"version":"2"'))
        case "format":
            manifest.write_bytes(manifest.read_bytes().replace(b'"format":1', b'"format":9'))
    with caplog.at_level(logging.WARNING):
        found = newest(tmp_path, version="1")
    assert found is not None and found[0] == older
    assert not base.exists()
    assert f"{base.name} is built anew: " in caplog.text


def test_what_a_killed_writer_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".base-1a2b3c4d" / "words").mkdir(parents=True)
    assert newest(tmp_path, version="1") is None
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_base_that_is_there(small_disk: Path) -> None:
    base = written(small_disk)
    entries = (ClaimEntry(f"clm_{number:016d}", number, f"Claim {number} " * 50) for number in range(1, 2_000))
    with pytest.raises((OSError, ValueError)):
        base_folder.write(
            small_disk, version="1", place=PLACE, epoch="", fill=lambda aside: Engine.write(aside, entries)
        )
    assert list(small_disk.iterdir()) == [base]
    assert newest(small_disk, version="1") is not None


def test_a_failed_writer_leaves_nothing(tmp_path: Path) -> None:
    def failing(aside: Path) -> int:
        (aside / "records").write_bytes(b"x")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        base_folder.write(tmp_path, version="1", place=PLACE, epoch="", fill=failing)
    assert list(tmp_path.iterdir()) == []
