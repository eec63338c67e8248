"""The Outcome enum in code and in the database."""

import json

import orjson

from sources.models import Change, Polling
from sources.outcome import Outcome


def test_both_columns_accept_every_outcome_and_have_labels() -> None:
    for model, name in ((Polling, "last_outcome"), (Change, "outcome")):
        field = model._meta.get_field(name)
        assert list(field.choices) == [(each.value, each.label) for each in Outcome]
        assert max(map(len, Outcome)) <= field.max_length
    assert Polling(last_outcome=Outcome.SOFT_404).get_last_outcome_display() == Outcome.SOFT_404.label != "soft_404"


def test_an_outcome_is_its_value_wherever_it_is_written() -> None:
    assert Outcome.GONE == "gone" == str(Outcome.GONE) == f"{Outcome.GONE}" and Outcome("gone") is Outcome.GONE
    assert json.dumps(Outcome.GONE) == orjson.dumps(Outcome.GONE).decode() == '"gone"'


def test_only_ok_and_unchanged_are_readable() -> None:
    assert Outcome.readable() == {Outcome.OK, Outcome.UNCHANGED}
