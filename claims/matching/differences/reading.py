"""A text or a claim, read once: its sentences with their words, figures, dates, names and words that turn the sense."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, cached_property

from claims.matching.differences import dates, names, quantities, terms
from claims.matching.differences.tokens import Token, alike, readable, sentences, signed, tokens
from claims.matching.differences.vocabulary import Marker, Vocabulary, vocabulary
from claims.statements.figures import Figure, figures
from claims.statements.figures.words import figure_words
from claims.statements.languages import UNDETERMINED, table
from claims.statements.languages.detection import language_of

_LEAST_SHARE = 0.5
"""A sentence is looked at that has more than this share of the claim's words that the best sentence has."""
_LONG = 400
"""Sentences of a text that are read, from its beginning."""


class SentenceReading:
    """One sentence, read part by part as each is asked for."""

    def __init__(self, text: str, language: str, words: Vocabulary) -> None:
        self.text = text
        self.language = language
        self.vocabulary = words

    @cached_property
    def words(self) -> list[Token]:
        return tokens(self.text)

    @cached_property
    def markers(self) -> list[Marker]:
        return self.vocabulary.markers(self.words)

    @cached_property
    def content(self) -> frozenset[str]:
        return frozenset(
            word.folded for word in self.words if word.folded not in self.vocabulary.function_words
        ) or frozenset(word.folded for word in self.words)

    @cached_property
    def figures(self) -> Sequence[Figure]:
        return figures(_with_months(self.text, self.language), language=self.language)

    @cached_property
    def quantities(self) -> list[quantities.Quantity]:
        return quantities.quantities(self.text, self.figures, self.words, self.markers, self.vocabulary)

    @cached_property
    def dates(self) -> dates.Dates:
        return dates.dates(self.figures)

    @cached_property
    def names(self) -> list[names.Name]:
        places = frozenset(each.end for each in self.markers if each.kind == "places")
        titles = frozenset(n for each in self.markers if each.kind == "titles" for n in range(each.start, each.end))
        return names.names(self.words, self.vocabulary, places, titles)

    @cached_property
    def terms(self) -> list[terms.Term]:
        named = names.countries(self.words, self.language)
        return terms.terms(self.words, self.text, self.language, self.vocabulary.function_words, named)

    @cached_property
    def senses(self) -> list[Marker]:
        """The markers, and the terms of closed classes as words for one thing: `hurt` is `injured`."""
        return [
            *self.markers,
            *(Marker("synonym", f"{each.kind} {each.value}", *each.at) for each in self.terms if each.at),
        ]

    @cached_property
    def countries(self) -> dict[str, str]:
        """The countries that are named, also by an adjective or their people, by ISO code."""
        return {each.value: each.written for each in reversed(self.terms) if each.kind == "nationality"}


class Reading:
    """A text in one language, a BCP 47 tag; where it is not known (""), the one that its words show, else "und"."""

    def __init__(self, text: str, language: str) -> None:
        language = language or language_of(text)
        self.given = text
        self.text, signature = signed(readable(text))
        self.signature = [word.folded for word in tokens(signature)]
        self.language = re.split(r"[-_]", language.lower(), maxsplit=1)[0]
        self.vocabulary = vocabulary(language)
        titles = frozenset(table(language, "sentences").get("titles", ()))
        self.sentences = [
            SentenceReading(each, language, self.vocabulary) for each in sentences(self.text, titles)[:_LONG]
        ]

        self._others: dict[str, Reading] = {}

    def beside(self, language: str) -> Reading:
        """This text, read in the language of a claim where its own one cannot be told."""
        if self.language != UNDETERMINED or language in ("", UNDETERMINED):
            return self
        if language not in self._others:
            self._others[language] = Reading(self.given, language)
        return self._others[language]

    @property
    def asked(self) -> bool:
        return self.text.rstrip().endswith(("?", "？", "؟"))

    def share_in(self, sentences_of_text: Sequence[SentenceReading], place: str) -> float:
        """The share of this claim's content words, figures and its place aside, that are in sentences of a text."""
        words = {word for each in self.sentences for word in each.content if not word[0].isdigit()}
        words = words.difference(word.folded for word in tokens(place)) or words
        there = {word.folded for each in sentences_of_text for word in each.words}
        found = sum(word in there or any(alike(word, other) for other in there) for word in words)
        return found / len(words) if words else 0.0

    def share_without_names(self, sentences_of_text: Sequence[SentenceReading], its: Sequence[names.Name]) -> float:
        """The same share of the words outside of this claim's names; 0 for fewer than two."""
        named = {word for name in its for word in name.words}
        words = {word for each in self.sentences for word in each.content if not word[0].isdigit()} - named
        there = {word.folded for each in sentences_of_text for word in each.words}
        found = sum(word in there or any(alike(word, other) for other in there) for word in words)
        return found / len(words) if len(words) > 1 else 0.0

    def breaks_off(self, claim: Reading) -> bool:
        """Whether this text is the beginning of a claim, typed so far."""
        mine, theirs = ([word.folded for each in side.sentences for word in each.words] for side in (self, claim))
        if not mine or len(mine) > len(theirs) or mine == theirs:
            return False
        return mine[:-1] == theirs[: len(mine) - 1] and theirs[len(mine) - 1].startswith(mine[-1])

    def about(self, claim: Reading) -> list[SentenceReading]:
        """The sentences of this text that have most of a claim's words; all of them where none has any."""
        if len(self.sentences) < 2:
            return self.sentences
        wanted = frozenset().union(*(each.content for each in claim.sentences))
        shared = [
            len(wanted & each.content) or sum(any(alike(word, other) for other in wanted) for word in each.content)
            for each in self.sentences
        ]
        most = max(shared)
        if not most:
            return self.sentences
        return [each for each, count in zip(self.sentences, shared, strict=True) if count > _LEAST_SHARE * most]


def _with_months(text: str, language: str) -> str:
    """The text with capitals at months beside a day or a year, without which `may` and `march` are read as verbs."""
    if not language.startswith("en") or not text.islower():
        return text
    return _months().sub(lambda month: month[0].title(), text)


@cache
def _months() -> re.Pattern[str]:
    months = "|".join(sorted(map(re.escape, figure_words("en").months), key=len, reverse=True))
    return re.compile(rf"(?<=\d )(?:{months})\b|\b(?:{months})(?= \d)|(?<=(?:st|nd|rd|th) )(?:{months})\b")
