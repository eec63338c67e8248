"""Claims with texts that say the same and texts that say something else, in eight languages, from a TSV file.

A line of a claim has its language, text, place and year; the lines below it, which begin with a tab, a kind and a text.
Texts whose kind begins with `=` say the same.
"""

from pathlib import Path
from typing import NamedTuple


class Family(NamedTuple):
    """A claim and the texts about it, each with its kind."""

    language: str
    claim: str
    place: str
    year: str
    texts: list[tuple[str, str]]


def families(name: str) -> list[Family]:
    found: list[Family] = []
    for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
        if line.startswith("\t"):
            kind, text = line[1:].split("\t")
            found[-1].texts.append((kind, text))
        else:
            language, claim, place, year = line.split("\t")
            found.append(Family(language, claim, place, year, []))
    return found
