"""What makes it doubtful that a text says what it holds: a sentence beside it, a sign, a word that is read as no word.

`The mayor sold the harbour. Fake news!` has all words of the claim and says the reverse. What is looked for is what
people add in few words, in any language whose vocabulary is known; such an addition makes a match doubtful and no more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from claims.matching.differences.reading import Reading, SentenceReading
from claims.matching.differences.tokens import alike, fold
from claims.matching.differences.vocabulary import LANGUAGES, vocabulary
from claims.matching.types import Why

_SIGNS = re.compile(r"[\u0335-\u0338]|~~|</?(?:s|del|strike)>|[🚫❌⛔❎¬👎🤥]|(?<!\w)/s\b|(?<=\s)!(?=\w)")
"""Struck out, crossed out, meant otherwise."""
_DISGUISED = re.compile(
    r"\b(?:\d+[OolI]+\d*|[OlI]\d+|[a-z]+0[a-z]*|[a-z](?: [a-z]){2,})\b|[²³¹⁰-⁹①-⓿]"
    r"|\b(?=[MDCLXVI]{2,}\b)M*(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b"
)
"""Figures in letters, letters in figures, Roman and raised ones, none of which is read as a figure."""
_MIXED = re.compile(r"[a-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][a-z]", re.IGNORECASE)
"""Letters of two alphabets in one word."""
_BRIEF = 8
"""Words of a sentence that only comments on the one beside it."""
_SHARED = 2
"""Words of the claim from which a sentence says something of its own about it."""


def doubts_around(text: Reading, said: Sequence[SentenceReading], claim: Reading) -> list[Why]:
    """What beside the sentences `said` makes it doubtful that a text says a claim."""
    for pattern in (_SIGNS, _DISGUISED, _MIXED):
        if (found := pattern.search(text.text)) and not pattern.search(claim.text) and _is_within(text, found, claim):
            return [Why("word", found[0], "")]
    if text.asked:
        return []
    wanted = frozenset().union(*(each.content for each in claim.sentences))
    for sentence in _beside(text.sentences, said):
        words = [word.folded for word in sentence.words]
        shared = sum(any(alike(word, other) for other in wanted) for word in sentence.content)
        if len(words) <= _BRIEF and shared < _SHARED and _comments(sentence, brief=len(text.sentences) == 2):
            return [Why("word", sentence.text, "")]
    return []


def doubts_of_unknown_language(text: Reading, claim: Reading) -> list[Why]:
    """A doubt where no word is known by which the language denies, unless both say the very same words."""
    if text.vocabulary.negations_known or _words(text) == _words(claim):
        return []
    return [Why("few_words")]


def _is_within(text: Reading, found: re.Match[str], claim: Reading) -> bool:
    """Whether a word of the claim, or nothing, stands next: a sign behind the claim says what it likes."""
    if unicodedata.combining(found[0][0]):
        return True
    behind = re.search(r"\w+", text.text[found.end() :])
    return behind is None or found.end() - found.start() > 1 or fold(behind[0]) in _words(claim)


def _words(reading: Reading) -> list[str]:
    return [word.folded for sentence in reading.sentences for word in sentence.words]


def _beside(sentences: Sequence[SentenceReading], said: Sequence[SentenceReading]) -> Iterable[SentenceReading]:
    """The sentences right before and right behind those that say the claim."""
    places = {n for n, each in enumerate(sentences) if any(each is one for one in said)}
    for n, each in enumerate(sentences):
        if n not in places and places & {n - 1, n + 1}:
            yield each


def _comments(sentence: SentenceReading, *, brief: bool) -> bool:
    """Whether a sentence calls something false or a joke, or, in a brief text, denies something."""
    own = {marker.kind for marker in sentence.markers}
    if own & {"denials", "irony"} or (brief and "negations" in own):
        return True
    return any(
        marker.kind in ("denials", "irony")
        for language in LANGUAGES
        if language != sentence.vocabulary.language
        for marker in vocabulary(language).markers(sentence.words)
    )
