"""The text of a claim: the words that were said, with their own negations, as one sentence."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.statements import ingest
from claims.statements.claim_text import claim_text


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
