"""Reading a file in a child process: the same entries, and an error whenever the child dies."""

import json
import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from claims.imports.formats import reading, subprocess_reader
from tests.claims.imports.test_import_reviews import run
from tests.claims.sample_claimreviews import claim_review

NOW = timezone.now()


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    """More than is sent at once, one in ten refused, and an end that is no JSON."""
    things = [
        claim_review(number, **({} if number % 10 else {"url": None}))
        for number in range(subprocess_reader._ENTRIES + 20)
    ]
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(things)[:-1] + ', {"@type": nonsense}]')
    return path


def test_the_entries_are_those_that_are_read_here(feed: Path) -> None:
    found = list(subprocess_reader.entries(feed, form="json", now=NOW, language="de"))
    assert found == list(reading.entries(subprocess_reader.pieces(feed), form="json", now=NOW, language="de"))
    assert len(found) == subprocess_reader._ENTRIES + 21
    for after in (0, 1, 10, 505, subprocess_reader._ENTRIES + 20, subprocess_reader._ENTRIES + 21, 10_000):
        assert list(subprocess_reader.entries(feed, form="json", now=NOW, language="de", after=after)) == found[after:]
    assert any(isinstance(entry, reading.Refusal) for entry in found)


def test_who_stops_early_leaves_no_process_behind(feed: Path) -> None:
    entries = subprocess_reader.entries(feed, form="json", now=NOW)
    next(entries)
    assert multiprocessing.active_children()
    entries.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


def test_a_file_that_cannot_be_read_is_told_as_if_it_were_read_here(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"gone\.json"):
        list(subprocess_reader.entries(tmp_path / "gone.json", form="json", now=NOW))


def test_a_process_that_is_killed_is_told(tmp_path: Path) -> None:
    feed = tmp_path / "feed.json"  # more than the pipe holds
    feed.write_text(json.dumps([claim_review(number) for number in range(5 * subprocess_reader._ENTRIES)]))
    entries = subprocess_reader.entries(feed, form="json", now=NOW)
    next(entries)
    (reader,) = multiprocessing.active_children()
    reader.kill()
    with pytest.raises(OSError, match="has ended"):
        list(entries)


@pytest.mark.django_db
def test_the_command_reads_a_large_file_so(tmp_path: Path, feed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess_reader, "MIN_FILE_SIZE", 0)
    used: list[Any] = []
    real = subprocess_reader.entries
    monkeypatch.setattr(subprocess_reader, "entries", lambda *args, **named: used.append(args) or real(*args, **named))
    assert "521 records read: 468 new, 0 updated, 0 unchanged, 53 refused" in run(tmp_path, feed)
    assert len(used) == 1
