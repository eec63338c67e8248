"""The lines of a text, remembered for the texts looked at last: several quotes rest on one page."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Lines:
    """The lines that are not empty, without the white space around them."""

    starts: list[int]
    texts: list[str]
    once: dict[str, int]
    """The number of each line that occurs once; -1 for the others."""

    def span(self, number: int) -> tuple[int, int]:
        return self.starts[number], self.starts[number] + len(self.texts[number])

    def at(self, position: int) -> int:
        """The number of the line that holds a position, or of the last before it; -1 if there is none."""
        return bisect_right(self.starts, position) - 1


@lru_cache(maxsize=16)
def lines_of(text: str) -> Lines:
    starts: list[int] = []
    texts: list[str] = []
    once: dict[str, int] = {}
    at = 0
    for line in text.split("\n"):
        if stripped := line.strip():
            once[stripped] = -1 if stripped in once else len(texts)
            starts.append(at + line.index(stripped[0]))
            texts.append(stripped)
        at += len(line) + 1
    return Lines(starts, texts, once)
