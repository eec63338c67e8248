"""Filling computes what is lacking, once a distinct text, and resumes."""

import pytest

from claims.matching.vectors.fill import compact, fill
from claims.matching.vectors.store import StoreReader, StoreWriter
from tests.claims.matching.vectors.toy_encoder import ToyEncoder


@pytest.fixture
def file(tmp_path):
    return tmp_path / "toy.vectors"


def test_each_distinct_text_is_computed_once(file):
    encoder = ToyEncoder()
    texts = ["The mill closed in May.", "the  mill closed in may", "Rents fell.", "…", ""]
    with StoreWriter(file, "toy") as writer:
        assert fill(writer, encoder, iter(texts)) == 2
        assert fill(writer, encoder, texts) == 0
    with StoreWriter(file, "toy") as writer:
        assert fill(writer, encoder, [*texts, "Rents rose."]) == 1
    assert encoder.encoded == ["The mill closed in May.", "Rents fell.", "Rents rose."]


def test_it_stops_between_batches_and_goes_on_later(file):
    texts = [f"Claim number {number}" for number in range(300)]
    answers = iter([False, True])
    with StoreWriter(file, "toy") as writer:
        done = fill(writer, ToyEncoder(), texts, stop=lambda: next(answers))
        assert 0 < done < 300
        assert done + fill(writer, ToyEncoder(), texts) == 300


def test_compaction_keeps_the_texts_of_current_claims(file):
    with StoreWriter(file, "toy") as writer:
        fill(writer, ToyEncoder(), ["Rents fell.", "Rents rose.", "Rents stayed."])
        assert compact(writer, ["rents ROSE", "Never filled."]) == 2
    reader = StoreReader(file, "toy")
    reader.refresh()
    assert len(reader) == 1
