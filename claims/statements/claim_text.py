"""Propose the text of a claim from what a statement says that somebody said. Pure.

    claim_text(["the dam is not safe"])             # "The dam is not safe."
    claim_text(["“The dam,”", "“is not safe,”"])    # "The dam is not safe."

The words of the content are kept as they stand, its own negations among them; only quotation marks around them, the
comma before a cue, a leading "that", the capital of a sentence and its full stop are settled. Editors read it before
anything is made of it.
"""

import re
from collections.abc import Sequence

from claims.statements.attribution.parts_of_speech import has_finite_verb
from claims.statements.attribution.tokens import quotations, tokenize
from claims.statements.languages import primary

_QUOTES = {"“": "”", "„": "“", "«": "»", "»": "«", "‹": "›", "‘": "’", '"': '"', "'": "'", "「": "」", "『": "』"}
_CLOSING = frozenset("”“»«›’\"'」』")
_ENDS = frozenset(".!?…。！？।؟")
_STOPS = {"zh": "。", "ja": "。", "hi": "।"}
_COMPLEMENTISER = re.compile(r"(?:that|dass|daß|que)\s+(?=\w)")

_NO_CLAUSE = "The words reported here are no assertion of their own; write what is claimed, or no claim."
_OPENS_NO_CLAUSE = {
    "en": re.compile(
        r"(?:(?:almost |next to )?nothing|little|(?:no|any|some)thing (?:more|else))\s+"
        r"(?!(?:is|was|has|had|will|would|can|could)\b)|whether\b|if\b[^,]*$",
        re.IGNORECASE,
    ),
    "de": re.compile(r"ob\b|(?:nichts|wenig|kein Wort)\s+(?:über|zu|zum|zur|von)\b", re.IGNORECASE),
    "es": re.compile(r"si\b[^,]*$|(?:nada|poco)\s+(?:sobre|de|acerca)\b", re.IGNORECASE),
}

_FEWEST_WORDS = 2
# An infinitive, or a noun and the preposition behind it; a clause without a verb that is known looks otherwise.
_PHRASE = re.compile(
    r"(?:not )?to\s|(?:(?:any|no|an?)\s+[\w’'-]+|[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+){0,3}"
    r"|him|them|her)\s+(?:of|for|about|over|against|with|in)\b"
    r"|(?:the|his|her|its|their)\s+[\w’'-]+\s+of\s+(?:not\s+)?\w+ing\b"
    r"|(?:an?|any|no)\s+\w+(?:\s+\w+)?$|[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+){0,3}$"
)


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


def no_assertion(pieces: Sequence[str], *, language: str = "", quoted: bool = False) -> str:
    """Why the parts of what was said assert nothing that can be true or false, as a sentence; else empty.

    A question within a sentence ("whether it holds") asserts nothing, nor "nothing about it". In English, neither do
    an infinitive ("to mend it") and a phrase without a finite verb ("Moe of lying", "a rise in fares").
    """
    text = " ".join(" ".join(piece.split()) for piece in pieces).strip("“”„«»‘’\"',;:–— ")
    code = primary(language)
    if not text or quoted:
        return ""
    if (opening := _OPENS_NO_CLAUSE.get(code)) is not None and opening.match(text):
        return _NO_CLAUSE
    if code != "en" or not (len(text.split()) < _FEWEST_WORDS or _PHRASE.match(text)):
        return ""
    tokens = tokenize(text, 0, len(text), list(quotations(text, 0, len(text))))
    return "" if has_finite_verb(tokens, 0, len(tokens)) else _NO_CLAUSE


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
