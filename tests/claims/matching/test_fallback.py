"""What PostgreSQL answers while no matcher does."""

import logging
import time
from datetime import date
from unittest import mock

import pytest
from django.db import connection, transaction

from claims.matching import client, fallback
from claims.matching.types import Tier
from claims.models import Claim
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
FERRY = "The ferry to Hvaler carried 31,000 cars in July."


def published(text: str, **fields: object) -> Claim:
    claim = factories.claim(text, **fields)
    factories.published_review(claim)
    return claim


def test_the_same_words_are_a_match_and_shared_ones_are_possible() -> None:
    ferry, twin = published(FERRY), published("“the ferry to Hvaler carried 31,000 cars in July”")
    other = published("The ferry to Hvaler carried 31,000 bicycles in August.")
    published("The bakery in Moss sells no bread.")
    answer = client.match([FERRY, "The ferry to Hvaler carried very few cars", "Nothing of that"], "en", 5)
    assert answer.degraded
    exact, near, none = answer.results
    assert [(set(each.claims), each.tier) for each in exact] == [
        ({ferry.public_id, twin.public_id}, Tier.MATCH),
        ({other.public_id}, Tier.POSSIBLE),
    ]
    assert (exact[0].score, exact[0].why[0].code) == (1.0, "same_words")
    assert {each.tier for each in near} == {Tier.POSSIBLE}
    assert set(near[0].claims) == {ferry.public_id, twin.public_id}
    assert near[0].terms == ("The", "ferry", "to", "Hvaler", "carried", "cars")
    assert none == []


def test_the_same_words_of_two_periods_are_no_match() -> None:
    published(FERRY, period_start=date(2019, 7, 1))
    published(FERRY, period_start=date(2021, 7, 1))
    [[found]] = client.match([FERRY]).results
    assert found.tier == Tier.POSSIBLE
    assert len(found.claims) == 2


def test_what_is_not_published_withdrawn_merged_or_redacted_is_not_found() -> None:
    factories.claim(FERRY)
    redacted, merged, into = published(FERRY), published(FERRY), published("Ferries are slow.")
    factories.redacted(redacted)
    factories.merged(merged, into=into)
    assert client.match([FERRY]).results == [[]]
    assert client.search("Hvaler").hits == []


def test_search_takes_all_words_then_some_and_filters() -> None:
    older, newer = published(FERRY, language="en"), published(f"{FERRY} Again.", language="nb")
    assert [hit.claim for hit in client.search("ferry hvaler").hits] == [newer.public_id, older.public_id]
    assert [hit.claim for hit in client.search("ferry", filters={"language": ["en", "de"]}).hits] == [older.public_id]
    assert client.search("ferry", filters={"topic": ['a "b" \\']}).hits == []
    some = client.search("ferry hvaler zeppelin")
    assert {hit.claim for hit in some.hits} == {older.public_id, newer.public_id}
    assert some.hits[0].terms == ("ferry", "hvaler")


HOSTILE = ["", " ", "\x00", "a\x00b", "\ud800", "' & | ! ( ) :* \\ <->", "x" * 100_000, "a " * 60_000, "ﷺ" * 2_000]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_answered(text: str) -> None:
    published(FERRY)
    assert client.match([text]).results == [[]]
    assert client.search(text).hits == []


def test_a_slow_database_is_left_and_the_callers_transaction_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    claim = published(FERRY)
    canary = "xylocarp quaestor"
    slow = "SELECT pg_sleep(20)::text WHERE $1 <> ''"
    with (
        caplog.at_level(logging.DEBUG),
        mock.patch.object(fallback, "_LEXEMES", slow),
        mock.patch.object(fallback, "STATEMENT_SECONDS", 0.1),
        transaction.atomic(),
    ):
        started = time.monotonic()
        assert client.match([canary, canary]).results == [[], []]
        assert time.monotonic() - started < 5
        assert Claim.objects.filter(pk=claim.pk).exists()
    assert canary not in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("15min",)


def test_common_words_are_looked_for_only_without_rarer_ones() -> None:
    shares = {"the": 0.9, "ferry": 0.005, "to": 0.8}
    words = [fallback._Word(each, shares.get(each, 0.0)) for each in ("hvaler", "carried", "ferry", "to", "the")]
    assert fallback._some(words) == "('hvaler' & 'carried') | ('hvaler' & 'ferry') | ('carried' & 'ferry')"
    assert fallback._some(words[3:]) == "'to' & 'the'"


def test_all_words_are_looked_for_by_the_rarest_that_few_claims_have_together() -> None:
    shares = {"the": 0.9, "to": 0.8, "july": 0.05, "ferry": 0.001}
    words = [fallback._Word(each, shares.get(each, 0.0)) for each in ("hvaler", "ferry", "july", "to", "the")]
    assert fallback._narrow(words) == "'hvaler' & 'ferry'"
    assert fallback._narrow(words[1:]) == "'ferry' & 'july'"
    assert fallback._narrow(words[2:]) == "'july' & 'to' & 'the'", "as many as there are"
    assert fallback._narrow(words[:1]) == "'hvaler'"


def test_what_has_the_rare_words_alone_is_not_the_same() -> None:
    ferry, other = published(FERRY), published("The ferry to Hvaler carried 31,000 cars, bicycles and horses in July.")
    with mock.patch.object(fallback, "_narrow", lambda words: "'hvaler'"):
        [[exact, near]] = client.match([FERRY], "en", 5).results
    assert (exact.claims, exact.tier) == ((ferry.public_id,), Tier.MATCH)
    assert (near.claims, near.tier) == ((other.public_id,), Tier.POSSIBLE)
