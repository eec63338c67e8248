"""Cut a text into the parts that it is also asked by: one of many sentences may be a claim, or each of a few."""

from __future__ import annotations

import re

import sentencex  # type: ignore[import-untyped]

from claims.matching.differences.tokens import signed
from claims.matching.words.analysis import primary, words

LONG = 300  # characters; in a shorter text, sentences of three words may be claims
MOST_PARTS = 8  # of one text: each costs as much as a short text
LONGEST = 10_000  # characters that are read of a text
_FEWEST_WORDS = 3  # of a sentence of a short text that may be a claim
_SHORTEST = 20  # characters; in a long text, a shorter sentence goes with the next one, as "Yes! …" and "Really? …" do
_WINDOW = 2_000  # characters; the time of sentencex grows with the square
_LONGEST_PART = 600  # characters
_SEVERAL = re.compile(r"(?:[.!?…:;।؟۔]\W*\s|[。！？]|\n)\W*\w")  # where a second sentence may begin


def parts(text: str, language: str) -> list[str]:
    """The distinct sentences of a text, short ones together with what follows; empty for a text of one sentence.

    Of more than `MOST_PARTS` sentences of a long text, neighbours are joined; of a short one, the first are taken. The
    signature of a post that was copied with it is none of them.
    """
    text = signed(text)[0]
    if len(text) <= LONG:
        return _of_short_text(text, language)
    found: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        for sentence in _sentences(line, language):
            if found and len(found[-1]) < _SHORTEST:
                found[-1] = f"{found[-1]} {sentence}"
            else:
                found.append(sentence)
    found = list(dict.fromkeys(found))
    joined = -(-len(found) // MOST_PARTS)
    return [" ".join(found[at : at + joined]) for at in range(0, len(found), joined or 1)]


def _of_short_text(text: str, language: str) -> list[str]:
    if not _SEVERAL.search(text.strip()):
        return []
    lines = filter(None, map(str.strip, text.splitlines()))
    sentences = dict.fromkeys(sentence for line in lines for sentence in _sentences(line, language))
    found = [each for each in sentences if len(words(each)) >= _FEWEST_WORDS]
    return found[:MOST_PARTS] if len(found) > 1 else []


def _sentences(line: str, language: str) -> list[str]:
    code = primary(language) or "en"
    sentences: list[str] = []
    while len(line) > _WINDOW:
        *whole, last = sentencex.segment(code, line[:_WINDOW])
        sentences += whole or [last]
        line = (last if whole else "") + line[_WINDOW:]
    sentences += sentencex.segment(code, line)
    return [
        sentence[at : at + _LONGEST_PART]
        for sentence in map(str.strip, sentences)
        for at in range(0, len(sentence), _LONGEST_PART)
    ]
