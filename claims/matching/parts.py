"""Cut a long text into the parts that it is also asked by: one claim may stand inside a long message."""

from __future__ import annotations

import sentencex  # type: ignore[import-untyped]

from claims.matching.words.analysis import primary

LONG = 300  # characters; a shorter text is asked as a whole alone
MOST_PARTS = 8  # of one text: each costs as much as a short text
LONGEST = 10_000  # characters that are read of a text
_SHORTEST = 20  # characters; a shorter sentence goes with the next one, as "Yes! …" and "Really? …" do
_WINDOW = 2_000  # characters; the time of sentencex grows with the square
_LONGEST_PART = 600  # characters


def parts(text: str, language: str) -> list[str]:
    """The distinct sentences of a long text, short ones together with what follows; empty for a short text.

    Of more than `MOST_PARTS` sentences, neighbours are joined.
    """
    if len(text) <= LONG:
        return []
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
