"""The time that attribution takes grows with the length of a text, whatever the text."""

import time

import pytest

from claims.statements.attribution import attributions

HOSTILE = {
    "quotations in one paragraph": ("en", "“The dam holds,” Ida Moe said. "),
    "quotations in paragraphs": ("en", '"The dam holds," said Moe, the mayor.\n\n'),
    "quotations never closed": ("en", "'a "),
    "cues without end": ("en", "Moe says " * 145 + ". "),
    "sources without end": ("en", "according to " * 145 + ". "),
    "nested reports": ("en", "X said that the dam of Moe, who said, and Falk said it, " * 11 + "end. "),
    "labels": ("en", "MOE: The dam holds.\n"),
    "commas": ("en", ", " * 290 + ". "),
    "German cues": ("de", "Moe sagte, dass die Brücke hält, und " * 20 + ". "),
    "Spanish cues": ("es", "dijo " * 290 + ". "),
}


def seconds(text: str, language: str) -> float:
    start = time.process_time()
    attributions(text, language)
    return time.process_time() - start


@pytest.mark.parametrize("kind", HOSTILE)
def test_time_grows_with_length(kind: str) -> None:
    language, piece = HOSTILE[kind]
    short = piece * max(1, 30_000 // len(piece))
    long = piece * max(1, 120_000 // len(piece))
    attributions(piece, language)
    assert seconds(long, language) <= 8 * seconds(short, language) + 0.3  # four times as long; squared it would be 16


def test_a_quarter_of_a_megabyte_of_quotations_takes_seconds() -> None:
    assert seconds('"The dam holds," said Ida Moe on Friday. ' * 6_300, "en") < 6
