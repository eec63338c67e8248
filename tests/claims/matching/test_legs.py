"""What every leg promises, whichever way it finds candidates (claims/matching/leg.py)."""

import time
from pathlib import Path

import pytest

from claims.matching.leg import Leg, Query
from claims.matching.normalization import normalize
from claims.matching.postgresql.vectors import PostgresqlVectorLeg
from claims.matching.postgresql.words import PostgresqlWordsLeg
from claims.matching.vectors.fill import fill
from claims.matching.vectors.leg import VectorLeg
from claims.matching.vectors.store import StoreReader, StoreWriter
from claims.matching.words.leg import WordsLeg
from tests.claims.matching.postgresql_legs import FilledAtOnce
from tests.claims.matching.sample_entries import ALL, BEES, DAM, FERRY, HOSTILE, TWIN, claim_id, entry
from tests.claims.matching.vectors.toy_encoder import ToyEncoder

TOWER = "The tower of Holm leans."
LIGHTHOUSE = "The lighthouse of Skerry was sold to a bank."
SECONDS = 5.0  # of CPU, for the costliest of the hostile texts


def words_in_memory(folder: Path) -> Leg:
    leg = WordsLeg()
    leg.add(ALL)
    leg.commit()
    return leg


def words_with_base(folder: Path) -> Leg:
    """Half of the entries in the base, one of them outdated, the others in the tail."""
    outdated = entry(1, "Something that nobody claims any more.")
    WordsLeg.write(folder / "words", [outdated, *ALL[1:6]])
    leg = WordsLeg(folder / "words")
    leg.add([DAM, *ALL[6:]])
    leg.commit()
    return leg


def vectors(folder: Path) -> Leg:
    """With a vector for each text that the tests add."""
    with StoreWriter(folder / "toy.vectors", "toy") as writer:
        fill(writer, ToyEncoder(), [*(each.text for each in ALL), TOWER, LIGHTHOUSE])
    leg = VectorLeg(ToyEncoder(), StoreReader(folder / "toy.vectors", "toy"))
    leg.add(ALL)
    leg.commit()
    return leg


LEGS = (words_in_memory, words_with_base, vectors)


@pytest.fixture(
    params=[*LEGS, "postgresql words", "postgresql vectors"], ids=lambda made: getattr(made, "__name__", made)
)
def leg(request: pytest.FixtureRequest, tmp_path: Path) -> Leg:
    if callable(request.param):
        made: Leg = request.param(tmp_path)
        return made
    database = request.getfixturevalue("matcher_database")
    in_database: Leg = PostgresqlWordsLeg(database)
    if request.param == "postgresql vectors":
        in_database = FilledAtOnce(in_database, PostgresqlVectorLeg(database, ToyEncoder()))
    in_database.add(ALL)
    in_database.commit()
    return in_database


def found(leg: Leg, text: str, language: str = "", limit: int = 20) -> list[str]:
    return [candidate.id for candidate in leg.candidates(Query(text, language), limit)]


def test_a_claim_is_found_by_its_own_words_first(leg: Leg) -> None:
    for wanted in ALL:
        of_same_text = {each.id for each in ALL if normalize(each.text) == normalize(wanted.text)}
        assert found(leg, wanted.text, wanted.language)[0] in of_same_text, wanted


def test_scores_fall_and_no_claim_comes_twice(leg: Leg) -> None:
    candidates = leg.candidates(Query("the ferry and the dam", "en"), 20)
    scores = [candidate.score for candidate in candidates]
    assert scores == sorted(scores, reverse=True)
    assert len({candidate.id for candidate in candidates}) == len(candidates)


def test_the_limit_holds(leg: Leg) -> None:
    assert len(found(leg, "the ferry, the dam, the bees and the rents in Tarnow", "en", limit=2)) == 2


def test_claims_of_one_text_are_one_candidate(leg: Leg) -> None:
    assert len({FERRY.id, TWIN.id} & set(found(leg, FERRY.text, "en"))) == 1


def test_what_was_removed_is_not_found(leg: Leg) -> None:
    leg.remove([DAM.id, BEES.id, "clm_that_is_not_there"])
    leg.commit()
    assert not {DAM.id, BEES.id} & set(found(leg, f"{DAM.text} {BEES.text}", "en"))


def test_one_of_two_claims_of_a_text_is_removed(leg: Leg) -> None:
    leg.remove([FERRY.id])
    leg.commit()
    assert found(leg, FERRY.text, "en")[0] == TWIN.id


def test_an_entry_replaces_the_one_with_its_id(leg: Leg) -> None:
    leg.add([entry(3, TOWER)])
    leg.commit()
    assert found(leg, "the leaning tower of Holm", "en")[0] == BEES.id
    assert BEES.id not in found(leg, "masts killing bees", "en")[:1]


def test_what_was_removed_comes_back(leg: Leg) -> None:
    leg.remove([DAM.id])
    leg.commit()
    leg.add([DAM])
    leg.commit()
    assert found(leg, DAM.text, "en")[0] == DAM.id


def test_nothing_is_seen_before_the_commit(leg: Leg) -> None:
    leg.add([entry(30, LIGHTHOUSE)])
    leg.remove([DAM.id])
    assert claim_id(30) not in found(leg, "lighthouse of Skerry sold", "en")
    assert found(leg, DAM.text, "en")[0] == DAM.id
    leg.commit()
    assert found(leg, "lighthouse of Skerry sold", "en")[0] == claim_id(30)


def test_a_text_without_words_finds_nothing(leg: Leg) -> None:
    assert found(leg, "") == found(leg, " ?! … ") == []


def test_scores_are_told_in_the_order_of_the_ids(leg: Leg) -> None:
    scores = leg.scores(Query(DAM.text, "en"), [BEES.id, DAM.id, "clm_that_is_not_there"])
    assert len(scores) == 3
    assert scores[2] is None
    assert scores[0] is None or scores[1] is None or scores[0] < scores[1]


def test_the_state_counts_the_claims(leg: Leg) -> None:
    state = leg.state()
    assert state["claims"] + state["pending"] == len(ALL)


def test_hostile_texts_get_an_answer(leg: Leg) -> None:
    for text in HOSTILE:
        before = time.process_time()
        candidates = leg.candidates(Query(text, "en"), 20)
        assert time.process_time() - before < SECONDS, ascii(text[:12])
        assert {candidate.id for candidate in candidates} <= {each.id for each in ALL}
