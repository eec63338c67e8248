"""Merging two texts: both changes if they do not touch, and never a word of one alone."""

import random

import pytest

from claims.desk.teamwork.merge_words import merge

BASE = "The city completed 2,850 social homes in these four years."
TOWN = BASE.replace("city", "town")


@pytest.mark.parametrize(
    ("theirs", "mine", "merged"),
    [
        (BASE, "Other words.", "Other words."),
        ("Other words.", BASE, "Other words."),
        ("Same.", "Same.", "Same."),
        (TOWN, BASE.replace("four", "five"), TOWN.replace("four", "five")),
        (BASE.replace("2,850", "2,910"), f"{BASE} Not more.", f"{BASE.replace('2,850', '2,910')} Not more."),
        (f"Once: {BASE}", f"{BASE} Not more.", f"Once: {BASE} Not more."),
        (BASE.replace("2,850", "2,910"), BASE.replace("2,850", "2,900"), None),
        (f"{BASE} A.", f"{BASE} B.", None),
        (BASE.replace("social homes ", ""), BASE.replace("social homes", "flats"), None),
        ("", TOWN, None),
        (TOWN.replace("four", "six"), TOWN, TOWN.replace("four", "six")),
    ],
)
def test_merge(theirs: str, mine: str, merged: str | None) -> None:
    assert merge(BASE, theirs, mine) == merged
    assert merge(BASE, mine, theirs) == merged


def test_edits_of_different_words_are_all_there() -> None:
    made = random.Random(7)
    for _ in range(200):
        words = [f"w{number}" for number in range(40)]
        first, second = made.sample(range(19), 4), made.sample(range(21, 40), 4)
        edited = [[f"x{at}" if at in own else word for at, word in enumerate(words)] for own in (first, second)]
        both = [f"x{at}" if at in (*first, *second) else word for at, word in enumerate(words)]
        assert merge(" ".join(words), *(" ".join(each) for each in edited)) == " ".join(both)


def test_texts_too_long_to_compare_are_left_to_people() -> None:
    base = "a b " * 12_000
    assert merge(base, base + "x", "y" + base) is None
