"""Vectors survive a killed writer, a power cut and a compaction under a reader."""

import hashlib
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from claims.matching.vectors.encoder import DIMENSIONS
from claims.matching.vectors.store import StoreBusy, StoreReader, StoreWriter, key_of

RECORD = 424


def sha256(number):
    return hashlib.sha256(str(number).encode()).hexdigest()


def vectors(*numbers):
    rows = np.array([np.random.default_rng(each).normal(size=DIMENSIONS) for each in numbers], np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def keys(*numbers):
    return np.array([key_of(sha256(each)) for each in numbers], np.uint64)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "vectors" / "toy.vectors"


def append(file, *numbers, encoder="toy"):
    with StoreWriter(file, encoder) as writer:
        writer.append([sha256(each) for each in numbers], vectors(*numbers))


def test_what_was_appended_is_read(file):
    reader = StoreReader(file, "toy")
    assert not reader.refresh()
    assert len(reader) == 0
    assert list(reader.rows(keys(1))) == [-1]
    append(file, 1, 2)
    assert len(reader) == 0, "only a refresh shows it"
    assert reader.refresh()
    assert not reader.refresh()
    append(file, 3)
    assert reader.refresh()
    rows = reader.rows(keys(3, 9, 1, 2))
    assert list(rows) == [2, -1, 0, 1]
    back = reader.vectors[rows[[0, 2]]] * reader.scales[rows[[0, 2]], None]
    assert np.abs((back * vectors(3, 1)).sum(axis=1) - 1).max() < 0.001


def test_vectors_of_another_encoder_are_not_read(file):
    append(file, 1)
    reader = StoreReader(file, "another")
    reader.refresh()
    assert len(reader) == 0
    append(file, 2, encoder="another")
    reader.refresh()
    assert list(reader.rows(keys(1, 2))) == [-1, 0]


@pytest.mark.parametrize("left", [1, 36, RECORD - 1])
def test_a_part_of_a_record_is_written_over(file, left):
    append(file, 1)
    with file.open("ab") as opened:
        opened.write(b"x" * left)
    reader = StoreReader(file, "toy")
    reader.refresh()
    assert len(reader) == 1
    append(file, 2, 3)
    reader.refresh()
    assert list(reader.rows(keys(1, 2, 3))) == [0, 1, 2]


@pytest.mark.parametrize("damage", [b"\0" * RECORD, b"\0" * 100], ids=["all", "some"])
def test_records_that_a_power_cut_left_unwritten_are_written_over(file, damage):
    append(file, 1, 2, 3)
    with file.open("r+b") as opened:
        opened.seek(64 + RECORD + 200)
        opened.write(damage)
    reader = StoreReader(file, "toy")
    reader.refresh()
    assert list(reader.rows(keys(1, 2, 3))) == [0, -1, -1]
    append(file, 4, 5)
    reader.refresh()
    assert list(reader.rows(keys(1, 4, 5))) == [0, 1, 2]


def test_one_process_writes_at_a_time(file):
    with StoreWriter(file, "toy"), pytest.raises(StoreBusy), StoreWriter(file, "toy"):
        pass
    append(file, 1)


def test_compaction_deletes_what_no_claim_has_and_readers_change_over(file):
    append(file, *range(10))
    reader = StoreReader(file, "toy")
    reader.refresh()
    before = reader.vectors
    copy = before.copy()
    with StoreWriter(file, "toy") as writer:
        assert writer.compact(keys(3, 7, 7, 99)) == 8
        assert writer.compact(keys(3, 7)) == 0
        writer.append([sha256(11)], vectors(11))
    assert (before == copy).all(), "the file that a reader has mapped stays"
    assert reader.refresh()
    assert list(reader.rows(keys(3, 7, 11, 1))) == [0, 1, 2, -1]
    assert file.stat().st_size == 64 + 3 * RECORD
    with StoreWriter(file, "toy") as writer:
        writer.compact(keys())
    reader.refresh()
    assert len(reader) == 0


ENDLESS = """
import sys
from pathlib import Path
import numpy as np
from claims.matching.vectors.store import StoreWriter
with StoreWriter(Path(sys.argv[1]), "toy") as writer:
    number = 0
    while True:
        names = [f"{each:064x}" for each in range(number, number + 50)]
        writer.append(names, np.full((50, 384), 0.051, np.float32))
        number += 50
        print(number, flush=True)
"""


def test_a_killed_writer_loses_nothing_that_it_had_written(file):
    with subprocess.Popen([sys.executable, "-c", ENDLESS, str(file)], stdout=subprocess.PIPE, text=True) as writer:
        for _ in range(4):
            written = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
    reader = StoreReader(file, "toy")
    reader.refresh()
    assert len(reader) >= written
    append(file, 1)
    reader.refresh()
    assert reader.rows(keys(1))[0] == len(reader) - 1
