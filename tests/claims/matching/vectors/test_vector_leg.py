"""What the leg by meaning does beyond what all legs do (`tests/claims/matching/test_legs.py`)."""

import pytest

from claims.matching.leg import Query
from claims.matching.types import ClaimEntry
from claims.matching.vectors.fill import compact, fill
from claims.matching.vectors.leg import VectorLeg
from claims.matching.vectors.store import StoreReader, StoreWriter
from tests.claims.matching.vectors.toy_encoder import ToyEncoder

TEXTS = {
    "clm_bread": "The price of bread doubled",
    "clm_milk": "The price of milk fell",
    "clm_bread_again": "the price of bread doubled.",
    "clm_bus": "Buses run every ten minutes",
}


def entries(*ids):
    return [ClaimEntry(each, 1, TEXTS[each]) for each in ids or TEXTS]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "toy.vectors"


@pytest.fixture
def leg(file):
    return VectorLeg(ToyEncoder(), StoreReader(file, "toy"))


def fill_all(file, texts=()):
    with StoreWriter(file, "toy") as writer:
        fill(writer, ToyEncoder(), texts or TEXTS.values())


def test_claims_are_found_once_their_vectors_have_come(leg, file):
    leg.add(entries())
    leg.commit()
    query = Query("bread price doubled", "en")
    assert leg.candidates(query, 5) == []
    assert leg.scores(query, ["clm_milk"]) == [None]
    assert leg.state() == {"claims": 0, "pending": 4, "unused": 0}
    fill_all(file)
    leg.commit()
    assert leg.state() == {"claims": 4, "pending": 0, "unused": 0}
    found = leg.candidates(query, 5)
    assert found[0].id in ("clm_bread", "clm_bread_again")
    assert len(found) == 3, "equal texts count as one"
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    scores = leg.scores(query, ["clm_bus", "clm_unknown", "clm_bread", "clm_bread_again"])
    assert scores[1] is None
    assert scores[2] == scores[3] == pytest.approx(found[0].score, abs=1e-6)
    assert scores[0] < scores[2]


def test_the_other_claim_of_the_same_text_stands_in_for_one_removed(leg, file):
    fill_all(file)
    leg.add(entries())
    leg.remove(["clm_bread_again"])
    leg.commit()
    assert leg.candidates(Query("bread doubled"), 1)[0].id == "clm_bread"
    leg.remove(["clm_bread"])
    leg.commit()
    assert {each.id for each in leg.candidates(Query("bread doubled"), 9)} == {"clm_milk", "clm_bus"}


def test_a_compacted_store_is_taken_over(leg, file):
    fill_all(file, ["Nobody claims this", *TEXTS.values()])
    leg.add(entries())
    leg.commit()
    query = Query("milk fell")
    before = leg.candidates(query, 9)
    with StoreWriter(file, "toy") as writer:
        compact(writer, [TEXTS["clm_milk"], TEXTS["clm_bus"]])
    assert leg.candidates(query, 9) == before, "until the next commit"
    leg.commit()
    assert [each.id for each in leg.candidates(query, 9)] == ["clm_milk", "clm_bus"]


def test_only_the_text_asked_last_is_kept(leg, file):
    fill_all(file)
    leg.add(entries())
    leg.commit()
    leg._encoder.encoded.clear()
    for text in ("bread", "bread", "milk", "bread"):
        leg.candidates(Query(text), 3)
        leg.scores(Query(text), ["clm_bus"])
    assert leg._encoder.encoded == ["bread", "milk", "bread"]


@pytest.mark.parametrize("text", ["", " … !", "\u200b"])
def test_a_text_without_words_finds_nothing(leg, file, text):
    fill_all(file)
    leg.add(entries())
    leg.commit()
    assert leg.candidates(Query(text), 5) == []
