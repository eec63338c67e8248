"""Statements worth checking score above those that are not, and the score has reasons."""

import pytest

from claims.statements.checkworthiness import Checkworthiness, checkworthiness
from claims.statements.figures import figures


def judge(text: str) -> Checkworthiness:
    return checkworthiness(text, figures(text))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The ministry has deleted 758,000 posts.", "states a figure: 758,000 posts"),
        ("Rents in Ula rose faster than wages.", "compares or tells a trend: rose"),
        ("The fire was caused by a cable the council had paid for.", "names a cause: caused by"),
        ("The council of Ula banned the night boats in 2016.", "is about a law or policy: banned"),
        ("The mayor of Lindal sold the library to her brother.", "tells what is or was the case"),
    ],
)
def test_worth_checking(text: str, reason: str) -> None:
    worth = judge(text)
    assert worth.worthy, worth
    assert reason in worth.reasons


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Will the boats run in spring?", "is a question"),
        ("I think this is a beautiful bridge.", "gives an opinion: I think"),
        ("The boats will run through the night.", "is about the future: will"),
        ("Thank you.", "is very short"),
    ],
)
def test_not_worth_checking(text: str, reason: str) -> None:
    worth = judge(text)
    assert not worth.worthy, worth
    assert reason in worth.reasons


def test_a_plan_ranks_below_the_fact() -> None:
    assert judge("The town will close 14 schools.").score < judge("The town has closed 14 schools.").score


def test_reasons_fit_their_column() -> None:
    worth = judge("The town has closed " + "very " * 3 + "9" * 40 + " " + "a" * 90 + "s.")
    assert all(len(reason) <= 100 for reason in worth.reasons)
