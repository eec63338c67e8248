"""The terms of closed classes in a sentence: months, weekdays, offices, courts, colours, nationalities …

Months, weekdays and the adjectives of countries come from CLDR (package Babel), the other terms from `[terms.CLASS]` of
the vocabulary's files, by the same values in every language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from claims.matching.differences.tokens import Token, fold
from claims.matching.differences.vocabulary import Marker, Vocabulary, term_vocabulary

_MEASURED = frozenset({"unit", "currency", "scale"})
"""Classes of words that belong to a figure behind one; figures are compared by themselves."""
_NEARBY = 2
"""Content words on either side of a term among which one must be the same on both sides."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a class, the folded content words around it, and how it is written."""

    kind: str
    value: str
    written: str
    around: tuple[str, ...]
    at: tuple[int, int] | None = None
    """The positions of its words in the sentence, from the first to behind the last."""


def terms(
    words: Sequence[Token], text: str, language: str, function_words: frozenset[str], countries: Mapping[str, str]
) -> list[Term]:
    """The terms of one sentence; `countries` are those that it names, by ISO code, as written."""
    markers = _longest(_known(language).markers(words))
    found = [
        Term(each.kind, each.pole, _written(words[each.start : each.end]), around, (each.start, each.end))
        for each in markers
        if not _is_measured(each, words) and not _is_title(each, words) and not _is_other_word(each, words)
        for around in [_around(words, each.start, each.end, function_words)]
    ]
    named = {each.value for each in found if each.kind == "nationality"}
    for code, written in countries.items():
        if code not in named:
            first = fold(written.split()[0])
            at = next((n for n, word in enumerate(words) if word.folded == first), 0)
            end = at + len(written.split())
            found.append(Term("nationality", code, written, _around(words, at, end, function_words)))
    if "%" in text:
        found.append(Term("share", "percent", "%", ()))
    return found


def _written(words: Sequence[Token]) -> str:
    return ("" if len(words[0].text) == 1 and not words[0].text.isascii() else " ").join(word.text for word in words)


def _longest(markers: Sequence[Marker]) -> list[Marker]:
    """The phrases that are not a part of a longer one: no `last` in `last year`."""
    return [
        each
        for each in markers
        if not any(
            other.start <= each.start and each.end <= other.end and other.end - other.start > each.end - each.start
            for other in markers
        )
    ]


def _is_measured(marker: Marker, words: Sequence[Token]) -> bool:
    return marker.kind in _MEASURED and marker.start > 0 and words[marker.start - 1].number


def _is_title(marker: Marker, words: Sequence[Token]) -> bool:
    """Whether an office stands before the name of the person who holds it, which may be left out or be a former one."""
    if marker.kind != "office" or marker.end >= len(words):
        return False
    behind = words[marker.end]
    return behind.capital and not behind.initial and words[marker.start].text[0].isascii()


def _is_other_word(marker: Marker, words: Sequence[Token]) -> bool:
    """Whether a month is the verb `may` or `march`, or `most` makes a superlative or stands for nothing."""
    word = words[marker.start]
    if marker.kind == "month" and marker.end - marker.start == 1 and word.folded in _VERBS:
        return not word.capital or word.initial
    if marker.kind == "modality":
        return word.folded in ("may", "will") and word.capital and not word.initial
    if marker.kind == "quantity" and word.folded in ("most", "all", "half"):
        before = words[marker.start - 1].folded if marker.start else ""
        return before in ("the", "at", "a", "of", "not", "after", "above", "second", "first")
    return False


_VERBS = frozenset({"may", "march"})


def _around(words: Sequence[Token], start: int, end: int, function_words: frozenset[str]) -> tuple[str, ...]:
    def content(some: Iterable[Token]) -> list[str]:
        return [word.folded for word in some if word.folded not in function_words and not word.number]

    return (*content(reversed(words[:start]))[:_NEARBY], *content(words[end:])[:_NEARBY])


@lru_cache(maxsize=64)
def _known(language: str) -> Vocabulary:
    code = language.lower().replace("_", "-").split("-")[0]
    try:
        locale = Locale.parse(code or "en")
    except (ValueError, UnknownLocaleError):
        return term_vocabulary(code, {})
    more: dict[str, dict[str, list[str]]] = {"month": {}, "weekday": {}, "nationality": {}}
    for kind, names in (("month", locale.months), ("weekday", locale.days)):
        for context in ("format", "stand-alone"):
            for number, name in names[context]["wide"].items():
                value = str(number if kind == "month" else int(number) + 1)  # days are counted from 0 for Monday
                more[kind].setdefault(value, []).extend(_plurals(name, code))
    for spoken, country in _SPOKEN.items():
        if name := locale.languages.get(spoken):
            more["nationality"].setdefault(country, []).extend(_inflected(str(name), code))
    return term_vocabulary(code, more)


def _plurals(name: str, code: str) -> list[str]:
    return [name, f"{name}s"] if code in ("en", "de", "pt", "es", "fr") else [name]


_SPOKEN = {
    "de": "DE", "fr": "FR", "it": "IT", "es": "ES", "pt": "PT", "pl": "PL", "ru": "RU", "zh": "CN", "ja": "JP",
    "nl": "NL", "sv": "SE", "nb": "NO", "no": "NO", "da": "DK", "fi": "FI", "el": "GR", "tr": "TR",
    "cs": "CZ", "hu": "HU", "ro": "RO", "bg": "BG", "uk": "UA", "vi": "VN", "th": "TH", "id": "ID", "sr": "RS",
    "hr": "HR", "sk": "SK", "ga": "IE", "he": "IL", "en": "GB",
}  # fmt: skip
"""The country that a language has the name of in CLDR, whose adjective is the language's name in most languages."""
_ENDINGS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "en": (("", ("s",)),),
    "de": (("", ("e", "er", "en", "es", "em")), ("isch", ("ische", "ischer", "ischen", "isches", "ischem"))),
    "fr": (("ien", ("iens", "ienne", "iennes")), ("", ("e", "s", "es"))),
    "es": (
        *(("o", ("a", "os", "as")), ("es", ("esa", "eses", "esas")), ("an", ("ana", "anes", "anas"))),
        ("ol", ("ola", "oles", "olas")),
    ),
    "pt": (
        *(("o", ("a", "os", "as")), ("ol", ("ola", "ois", "olas")), ("es", ("esa", "eses", "esas"))),
        ("ao", ("a", "aes")),
    ),
    "ar": (("ية", ("ي", "يين", "يون")),),
}  # fmt: skip
"""By language: an ending of the name of a language, and the endings in its place in adjectives and of people."""


def _inflected(name: str, code: str) -> list[str]:
    name = fold(name).removeprefix("ال") if code == "ar" else fold(name)
    found = [name]
    for ending, others in _ENDINGS.get(code, ()):
        ending = fold(ending)
        if name.endswith(ending):
            found += [name[: len(name) - len(ending)] + other for other in others]
    return found
