"""The lines and sentences of a page that it did not have before."""

from functools import lru_cache

from sources.quotes.nearest_sentence import sentences
from sources.quotes.normalization import normal, normal_page

_MOST = 50_000
"""New lines that are listed: a page with more of them is another page, or made to be slow."""


@lru_cache(maxsize=32)
def lines_of(text: str) -> frozenset[str]:
    return frozenset(" ".join(line.split()) for line in _raw_lines(text))


@lru_cache(maxsize=16)
def new_lines(now: str, before: str) -> tuple[tuple[int, str], ...]:
    """The lines of `now` that `before` has not, each with the offset at which it begins."""
    known, kept = lines_of(before), _raw_lines(before)
    found, at = [], 0
    for line in now.split("\n"):
        if line and line not in kept and (words := " ".join(line.split())) and words not in known:
            found.append((at, words))
            if len(found) > _MOST:
                break
        at += len(line) + 1
    return tuple(found)


@lru_cache(maxsize=32)
def _raw_lines(text: str) -> frozenset[str]:
    return frozenset(text.split("\n"))


def new_words(line: str, before: str) -> str:
    """The sentences of a line that did not stand on the page before."""
    page = normal_page(before)
    runs = sentences(line)
    if len(runs) < 2:
        return line
    return " ".join(line[run.start : run.end] for run in runs if run.normal not in page)


def was_there(before: str, sentence: str) -> bool:
    """Whether a sentence stood on the page before, anywhere."""
    return normal(sentence) in normal_page(before)
