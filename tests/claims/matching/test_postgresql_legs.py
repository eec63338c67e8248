"""What the legs in PostgreSQL do beyond what all legs do (`test_legs.py`)."""

import pytest

from claims.matching.leg import Query
from claims.matching.postgresql.database import MatcherDatabase, UnsuitableDatabase
from claims.matching.postgresql.vectors import PostgresqlVectorLeg
from claims.matching.postgresql.words import PostgresqlWordsLeg
from tests.claims.matching.sample_entries import ALL, BEES, DAM, FERRY
from tests.claims.matching.vectors.toy_encoder import ToyEncoder
from tests.conftest import LiveDatabase


def test_a_misspelt_word_finds_the_one_that_is_meant(matcher_database: MatcherDatabase) -> None:
    leg = PostgresqlWordsLeg(matcher_database)
    leg.add(ALL)
    leg.commit()
    assert leg.candidates(Query("resevoir", "en"), 5)[0].id == DAM.id
    assert leg.candidates(Query("okafo", ""), 5)[0].id == BEES.id


def test_another_matcher_sees_the_claims(matcher_database: MatcherDatabase, matcher_database_url: str) -> None:
    leg = PostgresqlWordsLeg(matcher_database)
    leg.add(ALL)
    leg.commit()
    other = MatcherDatabase(matcher_database_url)
    try:
        assert PostgresqlWordsLeg(other).state()["claims"] == len(ALL)
    finally:
        other.close()


def test_vectors_are_filled_in_steps_and_deleted_with_their_text(matcher_database: MatcherDatabase) -> None:
    claims, vectors = PostgresqlWordsLeg(matcher_database), PostgresqlVectorLeg(matcher_database, ToyEncoder())
    claims.add([DAM, BEES, FERRY])
    claims.commit()
    assert vectors.state() == {"claims": 0, "pending": 3}
    assert vectors.candidates(Query(DAM.text, "en"), 5) == []
    assert [vectors.fill(2), vectors.fill(2), vectors.fill(2)] == [2, 1, 0]
    assert vectors.candidates(Query(DAM.text, "en"), 1)[0].id == DAM.id
    claims.remove([DAM.id])
    claims.commit()
    assert vectors.candidates(Query(DAM.text, "en"), 1)[0].id != DAM.id
    assert [vectors.delete_unused(), vectors.delete_unused()] == [1, 0]


def test_a_database_without_the_extension_is_refused(empty_database: LiveDatabase) -> None:
    with pytest.raises(UnsuitableDatabase, match="CREATE EXTENSION vector"):
        MatcherDatabase(empty_database.owner_url)
