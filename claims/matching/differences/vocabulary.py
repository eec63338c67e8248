"""The words of one language that turn the sense of a sentence, as data: a TOML file of `words/` for each language.

A file holds phrases separated by commas; `*` is any end of a word. Its keys:

    function_words   words that say nothing of the subject, beside those of sources/quotes/cues
    negations        deny the sentence; `innocent` phrases are cut out before (`not only`)
    denials          say of a claim that it is false (`hoax`)
    irony            say of a claim that it is not meant so (`just kidding`)
    lexical          negate within their own sense (`without`, `banned`), so that one may stand for a negation
    plans            say that something is planned or may be, not that it is so
    approximate      make a figure a round one
    places           prepositions before the name of a place; `before` those after which stands no actor
    titles           what stands before a person's name (`Senator`)
    passive          marks a sentence whose subject suffers
    articles, auxiliaries, verb_ends     stand behind verbs, before them, and at their ends
    capitalised_nouns                    whether every noun has a capital
    [axes.NAME]      words with opposite senses, by pole: `up = "rose, climb*"`, `down = "fell, drop*"`
    [synonyms]       words for one thing, by any name: `car = "car, vehicle"`
    [factors]        words for a multiple or a share, by its value: `"2" = "doubled"`
    [numerals]       number words, for languages in which claims/statements reads digits alone
    [terms.CLASS]    words that exclude one another, by value (`closed_classes.py`): `mayor = "mayor, mayors"`

Names of axes and poles are the same in every file, so that a rise and `bajó` are opposites. Another language is another
file; one without a file has the rules that need no words.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from claims.matching.differences.tokens import Token, alike, fold, stem, tokens
from claims.statements.figures.words import figure_words
from sources.quotes.cues import cues_of


@dataclass(frozen=True, slots=True)
class Marker:
    """A phrase of a vocabulary at `tokens[start:end]`: its kind (a key of the file, or an axis) and its pole."""

    kind: str
    pole: str
    start: int
    end: int


_Phrase = tuple[tuple[str, ...], str, str]


@dataclass(frozen=True)
class Vocabulary:
    """The words of one language, read from `words/LANGUAGE.toml`."""

    language: str
    function_words: frozenset[str] = frozenset()
    numerals: Mapping[str, float] = field(default_factory=dict)
    articles: frozenset[str] = frozenset()
    auxiliaries: frozenset[str] = frozenset()
    verb_ends: tuple[str, ...] = ()
    capitalised_nouns: bool = False
    long_negations: tuple[str, ...] = ()
    exact: Mapping[str, tuple[_Phrase, ...]] = field(default_factory=dict)
    prefixes: Mapping[str, tuple[_Phrase, ...]] = field(default_factory=dict)

    @property
    def negations_known(self) -> bool:
        """Whether there is a file of the language."""
        return bool(self.exact)

    def markers(self, words: Sequence[Token]) -> list[Marker]:
        """The phrases in a sentence, in their order; those within a longer one of the same kind are left out."""
        found: list[Marker] = []
        plain = [n for n, word in enumerate(words) if not word.number]  # a year may stand within a phrase
        place = {n: rank for rank, n in enumerate(plain)}
        for at, word in enumerate(words):
            for phrase, kind, pole in self._beginning(word.folded):
                rest = plain[place[at] + 1 : place[at] + len(phrase)] if at in place else []
                if len(rest) == len(phrase) - 1 and all(
                    _fits(part, words[n].folded) for part, n in zip(phrase[1:], rest, strict=True)
                ):
                    found.append(Marker(kind, pole, at, (rest[-1] if rest else at) + 1))
        innocent = [each for each in found if each.kind == "innocent"]
        found = [
            each
            for each in found
            if each.kind != "innocent" and not any(one.start < each.end and each.start < one.end for one in innocent)
        ]
        return [each for each in found if not any(_covers(other, each) for other in found)]

    def _beginning(self, word: str) -> list[_Phrase]:
        forms = {word, stem(word), *self._mistyped(word)}
        found = [phrase for form in forms for phrase in self.exact.get(form, ())]
        for form in forms:
            for length in range(2, len(form) + 1):
                found += self.prefixes.get(form[:length], ())
        return found

    def _mistyped(self, word: str) -> list[str]:
        """The long negation that an unknown word may be meant for: `wihtout`."""
        if len(word) < _LONG or word in self.exact or word in self.function_words:
            return []
        return [each for each in self.long_negations if abs(len(each) - len(word)) < 2 and alike(word, each)]


def term_vocabulary(code: str, more: Mapping[str, Mapping[str, Sequence[str]]]) -> Vocabulary:
    """The terms of closed classes of a language, by class and value: those of its file, and `more` of them."""
    path = files(__package__).joinpath("words", f"{code}.toml")
    told = (
        tomllib.loads(path.read_text(encoding="utf-8")) if code.isascii() and code.isalpha() and path.is_file() else {}
    )
    phrases = [
        phrase
        for classes in (told.get("terms", {}), more)
        for kind, values in classes.items()
        for value, text in values.items()
        for phrase in _phrases(text if isinstance(text, str) else ",".join(text), kind, value)
    ]
    return Vocabulary(code, exact=_by_first(phrases, "exact"), prefixes=_by_first(phrases, "prefix"))


def _by_first(phrases: Sequence[_Phrase], kind: str) -> dict[str, tuple[_Phrase, ...]]:
    """Phrases by their first word; those with any end after it are prefixes."""
    found: dict[str, list[_Phrase]] = {}
    for each in phrases:
        first = each[0][0]
        if first.endswith("*") == (kind == "prefix"):
            found.setdefault(first.removesuffix("*"), []).append(each)
    return {first: tuple(each) for first, each in found.items()}


_LONG = 6
"""Letters of a negation that is recognised when it is mistyped."""


def _covers(longer: Marker, shorter: Marker) -> bool:
    return (
        longer.kind == shorter.kind
        and longer.start <= shorter.start
        and shorter.end <= longer.end
        and longer.end - longer.start > shorter.end - shorter.start
    )


def _fits(part: str, word: str) -> bool:
    if part.endswith("*"):
        return word.startswith(part[:-1]) or stem(word).startswith(part[:-1])
    return part in (word, stem(word))


LANGUAGES = ("en", "es", "de", "fr", "pt", "ar", "hi", "zh")
"""The languages with a file."""
_TABLES = (
    "innocent",
    "negations",
    "denials",
    "irony",
    "lexical",
    "plans",
    "approximate",
    "places",
    "before",
    "titles",
    "than",
    "passive",
)


@lru_cache(maxsize=64)
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of a language (BCP 47); an empty one for a language without a file."""
    code = re.split(r"[-_]", language.lower(), maxsplit=1)[0]
    cues = cues_of(code) if code else None
    common = frozenset(fold(word) for word in (*cues.function_words, *cues.months)) if cues else frozenset()
    path = files(__package__).joinpath("words", f"{code}.toml")
    if not (code.isascii() and code.isalpha() and path.is_file()):
        return Vocabulary(code, common)
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    phrases = [
        phrase
        for kind, pole, text in (
            *((kind, "", told.get(kind, "")) for kind in _TABLES),
            *((axis, pole, text) for axis, poles in told.get("axes", {}).items() for pole, text in poles.items()),
            *(("synonym", name, text) for name, text in told.get("synonyms", {}).items()),
            *(("factor", value, text) for value, text in told.get("factors", {}).items()),
        )
        for phrase in _phrases(text, kind, pole)
    ]
    numerals = {fold(word): float(value) for word, value in told.get("numerals", {}).items()}
    own, articles, auxiliaries, ends = (
        [fold(word) for word in told.get(key, "").split()]
        for key in ("function_words", "articles", "auxiliaries", "verb_ends")
    )
    return Vocabulary(
        code,
        common | frozenset(own) | _number_words(code),
        numerals,
        frozenset(articles),
        frozenset(auxiliaries),
        tuple(ends),
        bool(told.get("capitalised_nouns")),
        tuple(word for (word, *rest), kind, _ in phrases if kind == "negations" and not rest and len(word) >= _LONG),
        _by_first(phrases, "exact"),
        _by_first(phrases, "prefix"),
    )


def _number_words(code: str) -> frozenset[str]:
    """Words of figures (numbers, percent, currencies): as words they say nothing of the subject."""
    words = figure_words(code)
    phrases = (*words.ones, *words.tens, *words.hundreds, *words.scales, *words.percent, *words.currencies)
    found = {fold(word) for phrase in phrases for word in re.split(r"\W+", phrase.replace("\\s?", " ")) if word}
    return frozenset(found | {f"{fold(currency)}s" for currency in words.currencies})


def _phrases(text: str, kind: str, pole: str) -> list[_Phrase]:
    found: list[_Phrase] = []
    for phrase in filter(None, map(str.strip, re.split(r"[,\n]+", text))):
        parts: list[str] = []
        for part in phrase.split():
            words = [word.folded for word in tokens(part.removesuffix("*"))]
            if words and part.endswith("*"):
                words[-1] += "*"
            parts += words
        if parts:
            found.append((tuple(parts), kind, pole))
    return found


@lru_cache(maxsize=64)
def phrases_of(folder: str, language: str, kinds: tuple[str, ...]) -> Vocabulary:
    """The phrases of a file in another folder, with the words of its key `empty` as function words.

    `auxiliaries` are kept with their accents, without which `könnte` (could) is `konnte` (was able to).
    """
    code = re.split(r"[-_]", language.lower(), maxsplit=1)[0]
    path = files(__package__).joinpath(folder, f"{code}.toml")
    if not (code.isascii() and code.isalpha() and path.is_file()):
        return Vocabulary(code)
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    exact: dict[str, list[_Phrase]] = {}
    prefixes: dict[str, list[_Phrase]] = {}
    for each in (phrase for kind in kinds for phrase in _phrases(told.get(kind, ""), kind, "")):
        first = each[0][0]
        (prefixes if first.endswith("*") else exact).setdefault(first.removesuffix("*"), []).append(each)
    return Vocabulary(
        code,
        frozenset(fold(word) for word in told.get("empty", "").split()),
        auxiliaries=frozenset(told.get("auxiliaries", "").split()),
        exact={first: tuple(found) for first, found in exact.items()},
        prefixes={first: tuple(found) for first, found in prefixes.items()},
    )
