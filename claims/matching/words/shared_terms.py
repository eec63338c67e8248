"""The words of a text that a claim shares, as they are written in the text."""

from __future__ import annotations

from claims.matching.differences.vocabulary import vocabulary
from claims.matching.words.analysis import Word, stems, words, words_with_places

MOST = 20  # words


class SharedTerms:
    """The words of a text, read once, to tell which of them each of many claims shares.

    `language` is a language tag, or "" where it is not known.
    """

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._language = language
        self._words: list[Word] = words_with_places(text, language)

    def with_claim(self, claim: str, language: str) -> tuple[str, ...]:
        """Words of the text whose folded form or stem the claim has too, each once, in their order, at most `MOST`.

        Words such as "the" and "of" are left out, and pairs of characters that follow each other are one term.
        """
        held = words(claim)
        known = {*held, *stems(held, language), *stems(held, self._language or language)}
        empty = vocabulary(self._language or language).function_words
        spans: list[tuple[int, int]] = []
        for word in self._words:
            if word.folded in empty or not (word.folded in known or known.intersection(self._forms(word, language))):
                continue
            if spans and word.start < spans[-1][1]:
                spans[-1] = (spans[-1][0], max(spans[-1][1], word.end))
            else:
                spans.append((word.start, word.end))
        return tuple(dict.fromkeys(self._text[start:end] for start, end in spans))[:MOST]

    def _forms(self, word: Word, language: str) -> tuple[str, ...]:
        return word.stems if self._language else tuple(stems([word.folded], language))
