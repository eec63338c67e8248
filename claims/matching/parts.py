"""Cut a long text into the parts that it is also asked by: one claim may stand inside a long message."""

from __future__ import annotations

import re

import sentencex  # type: ignore[import-untyped]

LONG = 300  # characters; a shorter text is asked as a whole alone
MOST_PARTS = 12  # of one text
LONGEST = 10_000  # characters that are read of a text
_SHORTEST = 20  # characters; a shorter sentence goes with the next one, as "Yes! …" and "Really? …" do
_WINDOW = 2_000  # characters; the time of sentencex grows with the square
_LONGEST_PART = 600  # characters


def parts(text: str, language: str) -> list[str]:
    """The sentences of a long text, short ones together with what follows; empty for a short text.

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
    joined = -(-len(found) // MOST_PARTS)
    together = [" ".join(found[at : at + joined]) for at in range(0, len(found), joined or 1)]
    return together if len(together) > 1 else []


def _sentences(line: str, language: str) -> list[str]:
    code = re.split("[-_]", language.lower(), maxsplit=1)[0] or "en"
    windows = [line[at : at + _WINDOW] for at in range(0, len(line), _WINDOW)]
    sentences = [sentence.strip() for window in windows for sentence in sentencex.segment(code, window)]
    return [
        sentence[at : at + _LONGEST_PART] for sentence in sentences for at in range(0, len(sentence), _LONGEST_PART)
    ]
