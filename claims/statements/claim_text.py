"""Propose the text of a claim from what a statement says that somebody said. Pure.

    claim_text(["the dam is not safe"])             # "The dam is not safe."
    claim_text(["“The dam,”", "“is not safe,”"])    # "The dam is not safe."

The words of the content are kept as they stand, its own negations among them; only quotation marks around them, the
comma before a cue, a leading "that", the capital of a sentence and its full stop are settled. Editors read it before
anything is made of it.
"""

import re
from collections.abc import Sequence

from claims.statements.languages import primary

_QUOTES = {"“": "”", "„": "“", "«": "»", "»": "«", "‹": "›", "‘": "’", '"': '"', "'": "'", "「": "」", "『": "』"}
_CLOSING = frozenset("”“»«›’\"'」』")
_ENDS = frozenset(".!?…。！？।؟")
_STOPS = {"zh": "。", "ja": "。", "hi": "।"}
_COMPLEMENTISER = re.compile(r"(?:that|dass|daß|que)\s+(?=\w)")


def claim_text(pieces: Sequence[str], *, language: str = "", quoted: bool = False) -> str:
    """One sentence of the parts of what was said, in their order; empty if they hold no letter or digit.

    `language` is a BCP 47 tag and decides on the full stop. A leading "that" is part of the report unless `quoted`.
    """
    text = ""
    for piece in pieces:
        words = _bare(" ".join(piece.split()))
        if not re.search(r"\w", words):
            continue
        text = f"{_before(text, words)} {words}" if text else words
    if not text:
        return ""
    if not quoted and (said := _COMPLEMENTISER.match(text)):
        text = text[said.end() :]
    text = text.rstrip(",;:–— ")
    first = re.match(r"\S+", text)
    if first and first[0].islower():  # an iPhone stays one
        text = text[0].upper() + text[1:]
    ends = text.rstrip("".join(_CLOSING))[-1:]
    return text if ends in _ENDS else text + _STOPS.get(primary(language), ".")


def _before(text: str, following: str) -> str:
    """The text as it reads before a further part, without the comma or with the full stop that stood for the cue."""
    if following[:1].islower():
        return text.rstrip(",")
    return re.sub(r",$", ".", text)


def _bare(words: str) -> str:
    """The words without the quotation marks that only one end of them has, or that enclose them all."""
    words = words.strip(" ;")
    while words:
        first, last = words[0], words[-1]
        if first in _QUOTES and _encloses(words):
            words = words[1:-1].strip()
        elif first in _QUOTES and _QUOTES[first] not in words[1:]:
            words = words[1:].strip()
        elif last in _CLOSING and last not in "’'" and not _is_opened(words):
            words = words[:-1].strip()
        elif last in ",;" and len(words) > 1 and words[-2] in _CLOSING and not _is_opened(words[:-1]):
            words = (words[:-2] + last).strip()
        else:
            break
    return words


def _encloses(words: str) -> bool:
    """Whether the first mark is closed by the last one and by none before it."""
    closing = _QUOTES[words[0]]
    marks = re.sub(r"(?<=\w)[’'](?=\w)", "_", words)  # apostrophes
    return len(words) > 1 and words[-1] == closing and marks.find(closing, 1) == len(words) - 1


def _is_opened(words: str) -> bool:
    """Whether the closing mark at the end has its opening one before it."""
    last, inner = words[-1], words[:-1]
    if last in "\"'":
        return inner.count(last) % 2 == 1
    openings = [opening for opening, closing in _QUOTES.items() if closing == last and opening != last]
    return sum(inner.count(opening) for opening in openings) > inner.count(last)
