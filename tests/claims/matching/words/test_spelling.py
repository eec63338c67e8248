"""Words that a misspelt one may be meant for."""

import pytest

from claims.matching.words.index import Part, Tail
from claims.matching.words.spelling import meant
from tests.claims.matching.sample_entries import entry

HELD = ("vaccine", "vaccination", "reservoir", "hospital", "hospitals", "bees", "beef", "42000", "Straßenbahn")


@pytest.fixture(scope="module")
def part() -> Part:
    tail = Tail()
    for number in range(12):
        tail.add(entry(number, " ".join(HELD)))
    tail.add(entry(99, "hospitol"))
    return tail.commit()


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("vacine", ["vaccine"]),
        ("vaccien", ["vaccine"]),  # letters swapped
        ("avccine", ["vaccine"]),  # at the beginning
        ("vvaccine", ["vaccine"]),
        ("resevoir", ["reservoir"]),
        ("resevior", ["reservoir"]),  # two edits of a long word
        ("hospitol", ["hospital", "hospitals"]),  # held by one claim; meant is the commoner
        ("hospital", []),  # others are not commoner
        ("strasenbahn", ["strassenbahn"]),
        ("bee", []),  # too short
        ("42001", []),
        ("zeppelin", []),
    ],
)
def test_what_is_meant(part: Part, word: str, expected: list[str]) -> None:
    assert meant(word, "words", [part]) == expected
