"""The text of a claim: the words that were said, with their own negations, as one sentence."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.statements import ingest
from claims.statements.claim_text import claim_text, no_assertion


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["the bridge is not closed"], "The bridge is not closed."),
        (["that the bridge is not closed"], "The bridge is not closed."),
        (["nobody was hurt"], "Nobody was hurt."),
        (["“The bridge,”", "“is not closed,”"], "The bridge is not closed."),
        (["“The bridge is closed,”", "“It will stay so.”"], "The bridge is closed. It will stay so."),
        (["“Is the bridge closed?”"], "Is the bridge closed?"),
        (["the bridge is “not closed”"], "The bridge is “not closed”."),
        (["“not closed” is what it is"], "“not closed” is what it is."),
        (["‘We can’t pay’"], "We can’t pay."),
        (["the workers' pay fell"], "The workers' pay fell."),
        (["iPhone sales fell"], "iPhone sales fell."),
        (["„Die Brücke ist nicht gesperrt“"], "Die Brücke ist nicht gesperrt."),
        (["« Le pont n’est pas fermé »"], "Le pont n’est pas fermé."),
        (["3.4 per cent of them,"], "3.4 per cent of them."),
        (["the rate is 4,"], "The rate is 4."),
        ([], ""),
        (["“,”"], ""),
    ],
)
def test_the_words_are_kept(pieces: list[str], text: str) -> None:
    assert claim_text(pieces) == text


def test_a_full_stop_is_that_of_the_language() -> None:
    assert claim_text(["桥没有关闭"], language="zh-Hans") == "桥没有关闭。"
    assert claim_text(["पुल बंद नहीं है"], language="hi") == "पुल बंद नहीं है।"


def test_a_quoted_demonstrative_stays() -> None:
    assert claim_text(["that bridge is closed"], quoted=True) == "That bridge is closed."


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text("abn not,.“”\"'‘’!?19 ", max_size=30), max_size=4))
def test_no_word_is_lost_or_added(pieces: list[str]) -> None:
    def words(text: str) -> list[str]:
        return re.findall(r"\w+", text.lower())

    assert words(claim_text(pieces, quoted=True)) == words(" ".join(pieces))


@pytest.mark.parametrize("negation", ["is not safe", "was never tested", "has no spillway", "isn’t safe"])
def test_the_negation_of_what_was_said_is_part_of_the_claim(negation: str) -> None:
    text = f"Ida Moe said that the dam {negation}."
    [statement] = ingest.statements(text)
    [attribution] = statement.attributions
    pieces = [text[start:end] for start, end in attribution.content]
    assert attribution.assertion and claim_text(pieces) == f"The dam {negation}."


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Falk of hiding the report", "en"),
        ("Tom Falk of fraud", "en"),
        ("nothing about the ferry", "en"),
        ("whether the quay is open", "en"),
        ("to mend the quay", "en"),
        ("a shortfall of nine boats", "en"),
        ("a new quay", "en"),
        ("if the quay is open", "en"),
        ("si el muelle está abierto", "es"),
        ("ob der Kai offen ist", "de"),
        ("nichts über die Fähre", "de"),
        ("nada sobre el muelle", "es"),
    ],
)
def test_what_is_no_clause_asserts_nothing(said: str, language: str) -> None:
    assert no_assertion([said], language=language)


@pytest.mark.parametrize("said", ["the quay shook", "nothing is safe", "the quay of 1950 holds", "boats cost £3m"])
def test_a_clause_is_an_assertion(said: str) -> None:
    assert not no_assertion([said], language="en")
