"""Entries by id and by text: what is written comes back, and what came later lies over it."""

from pathlib import Path

from claims.matching.entries import Entries
from claims.matching.id_table import IdTable
from claims.matching.normalization import text_hash
from claims.matching.types import ClaimEntry
from tests.claims.matching.sample_entries import ALL, BEES, DAM, FERRY, RENTS_2020, RENTS_2021, TWIN, claim_id, entry


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    Entries.write(tmp_path / "entries", ALL)
    entries = Entries(tmp_path / "entries")
    assert tuple(entries) == ALL
    ids = [each.id for each in reversed(ALL)]
    assert [known.entry for known in entries.get([*ids, "clm_that_is_not_there"])] == list(reversed(ALL))
    assert all(known.text_hash == text_hash(known.entry.text) for known in entries.get(ids))


def test_claims_of_a_text_the_newest_first(tmp_path: Path) -> None:
    Entries.write(tmp_path / "entries", ALL)
    entries = Entries(tmp_path / "entries")
    assert entries.of_text(FERRY.text.upper()) == [TWIN, FERRY]
    later = entry(50, FERRY.text)
    entries.apply([later], [TWIN.id])
    assert entries.of_text(FERRY.text) == [later, FERRY]
    assert entries.of_text(RENTS_2020.text) == [RENTS_2021, RENTS_2020]
    assert entries.of_text("Nobody claims that.") == []


def test_an_entry_with_another_text_leaves_its_old_one(tmp_path: Path) -> None:
    Entries.write(tmp_path / "entries", ALL)
    entries = Entries(tmp_path / "entries")
    for text in ("The first correction.", "The second correction."):
        entries.apply([entry(1, text)], [])
        assert [each.id for each in entries.of_text(text)] == [DAM.id]
    assert entries.of_text(DAM.text) == entries.of_text("The first correction.") == []
    entries.apply([], [DAM.id, BEES.id])
    assert entries.get([DAM.id, BEES.id]) == []
    assert len(entries) == len(list(entries)) == len(ALL) - 2
    assert entries.later == 2


def test_ids_of_any_length_have_rows(tmp_path: Path) -> None:
    ids = ["b", "a", "ccc"]
    IdTable.write(tmp_path, ids)
    table = IdTable(tmp_path)
    assert table.rows(["a", "x" * 300, "ccc", "", "\ud800", "b", "cc"]) == [1, None, 2, None, None, 0, None]
    assert [table.id(row) for row in range(len(table))] == ids
    assert table.rows([]) == []
    IdTable.write(tmp_path, [])
    assert IdTable(tmp_path).row("a") is None
    assert claim_id(1) == DAM.id


def test_hashes_are_those_of_the_entries(tmp_path: Path) -> None:
    Entries.write(tmp_path / "base", [ClaimEntry("clm_a", 1, "The mill."), ClaimEntry("clm_b", 2, "A dam")])
    entries = Entries(tmp_path / "base")
    entries.apply([ClaimEntry("clm_c", 3, "the mill"), ClaimEntry("clm_b", 4, "The mill")], ["clm_a"])
    mill = text_hash("The mill")
    assert entries.hashes(["clm_a", "clm_b", "clm_c", "clm_d"]) == [None, mill, mill, None]
    assert Entries().hashes(["clm_a"]) == [None]
