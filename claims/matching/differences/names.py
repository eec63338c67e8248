"""The names in a sentence, and whether those of a text are others than those of a claim.

A name is a run of words with capitals, where capitals tell one; a country is known by its names in CLDR in whatever
script. Names are the same that share their words, a slip or an ending aside: `Renquist`, `Tobias Renquist`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from claims.matching.differences.senses import CLOSE, NEARLY_ALL
from claims.matching.differences.tokens import Token, alike, fold, stem, tokens
from claims.matching.differences.vocabulary import Vocabulary
from claims.matching.types import Why
from sources.quotes.cues import cues_of

_SHORT = 3
"""Letters of words that have no capital in headlines either."""
_ACRONYM = 5
_TELLING = 4
"""Letters of a word by which alone a name of several is found."""
_SURNAME = 5
"""Letters of a name's last word by which it is found in a handle."""
_LONGEST = 5
"""Words of a country's longest name that is looked for."""
_DEMONYMS = {
    "french": "FR", "dutch": "NL", "british": "GB", "britain": "GB", "england": "GB", "english": "GB", "uk": "GB",
    "swiss": "CH", "danish": "DK", "danes": "DK", "spanish": "ES", "spaniards": "ES", "greek": "GR", "greeks": "GR",
    "turkish": "TR", "turks": "TR", "polish": "PL", "poles": "PL", "irish": "IE", "finnish": "FI", "norwegian": "NO",
    "swedish": "SE", "swedes": "SE", "thai": "TH", "american": "US", "americans": "US", "america": "US", "usa": "US",
    "us": "US", "u.s": "US", "grossbritannien": "GB", "estadounidense": "US", "eeuu": "US", "eua": "US",
    "czech": "CZ", "turkey": "TR",
}  # fmt: skip
_NO_COUNTRY = frozenset({"us", "chad", "jordan", "georgia", "mali", "oman", "island", "niger", "guinea", "guernsey"})
"""Words that name a country only if a capital begins them."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its folded words and as written; `place` where a preposition says so, `tag` in a hashtag."""

    words: tuple[str, ...]
    written: str
    place: bool = False
    tag: bool = False


def names(words: Sequence[Token], vocabulary: Vocabulary, places: frozenset[int], titles: frozenset[int]) -> list[Name]:
    """The names that capitals tell in one sentence.

    `places` are the positions behind a preposition of place, `titles` those of words that stand before a name.
    """
    if not _capitals_tell(words, vocabulary):
        return []
    found: list[Name] = []
    at = 0
    while at < len(words):
        start = at
        while (
            at < len(words)
            and at not in titles
            and _may_name(words[at], vocabulary)
            and (at == start or (words[at].tag == words[start].tag and not words[at].initial))
        ):
            at += 1
        run = words[start:at]
        if run and _is_name(words, start, at, vocabulary, places):
            found.append(
                Name(
                    tuple(word.folded for word in run),
                    " ".join(word.text for word in run),
                    start in places,
                    run[0].tag,
                )
            )
        at = max(at, start + 1)
    return found


def _capitals_tell(words: Sequence[Token], vocabulary: Vocabulary) -> bool:
    """Whether some longer word has no capital, as in no headline in which all words have one."""
    told = [
        word.text[0].islower()
        for word in words
        if len(word.folded) > _SHORT and not (word.initial or word.tag or word.number)
        if word.folded not in vocabulary.function_words
    ]
    return any(told) or not told


def _may_name(word: Token, vocabulary: Vocabulary) -> bool:
    folded = word.folded.split("'")[0]
    if not word.capital or folded in _no_names(vocabulary.language):
        return False
    return not (word.shouted and len(word.text) > _ACRONYM)


def _is_name(words: Sequence[Token], start: int, end: int, vocabulary: Vocabulary, places: frozenset[int]) -> bool:
    run = words[start:end]
    if vocabulary.language == "de":  # in which every noun has a capital
        return start in places
    if run[0].initial and len(run) == 1:
        return words[start].text.endswith(("'s", "s'"))
    return not (len(run) == 1 and (len(run[0].folded) < 2 or run[0].shouted))


@lru_cache(maxsize=32)
def _no_names(language: str) -> frozenset[str]:
    """Function words, months and days, which have capitals in titles and at the beginning of sentences."""
    cues = cues_of(language)
    return frozenset(fold(word) for word in (*cues.months, *cues.function_words)) | {"i"} if cues else frozenset()


def countries(words: Sequence[Token], language: str) -> dict[str, str]:
    """The countries that a sentence names, by ISO code, as written."""
    known = _territories(language)
    found: dict[str, str] = {}
    folded = [stem(word.folded) for word in words]
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            key = " ".join(folded[at : at + length])
            code = known.get(key)
            if code and (length > 1 or words[at].capital or key not in _NO_COUNTRY):
                found.setdefault(code, " ".join(word.text for word in words[at : at + length]))
                at += length - 1
                break
        at += 1
    return found


@lru_cache(maxsize=64)
def _territories(language: str) -> dict[str, str]:
    """Folded names of countries in a language (CLDR, package Babel), with their ISO codes."""
    try:
        locale = Locale.parse((language or "en").split("-")[0].split("_")[0])
    except (ValueError, UnknownLocaleError):
        return dict(_DEMONYMS)
    told = dict(_DEMONYMS)
    for code, name in locale.territories.items():
        if len(code) == 2 and code.isalpha() and code not in ("EU", "UN", "EZ", "ZZ", "QO", "XA", "XB"):
            words = " ".join(stem(word.folded) for word in tokens(str(name).partition("(")[0]))
            if words:
                told[words] = str(code)
    return told


def differing_names(
    text: Sequence[Name],
    claim: Sequence[Name],
    text_words: Iterable[str],
    claim_words: Iterable[str],
    *,
    text_countries: dict[str, str],
    claim_countries: dict[str, str],
    known: Sequence[str],
    close: float,
    long: bool,
) -> list[Why]:
    """Names that the text alone has, against those that the claim alone has.

    `text_words` and `claim_words` are the folded words of both, in which a name counts as present however it is
    written there, `known` further words of the claim (its place). `close` is the share of the claim's words in the
    text: one that shares few names other things without being about others, and so does a much longer one (`long`).
    """
    there, here = list(claim_words), list(text_words)
    own = [
        name
        for name in text
        if not name.tag
        and not is_present(name, claim, [*there, *known])
        and not (_codes(name, text_countries) & claim_countries.keys())
    ]
    others = [
        name
        for name in claim
        if not is_present(name, text, here) and not (_codes(name, claim_countries) & text_countries.keys())
    ]
    mine = {code: name for code, name in text_countries.items() if code not in claim_countries}
    theirs = {code: name for code, name in claim_countries.items() if code not in text_countries}
    if own and others:
        one, other = (", ".join(name.written for name in side) for side in (own, others))
        if _are_places(own, others, text_countries, claim_countries):
            return [Why("place", one, other)]
        if not long and close >= CLOSE and _place_alone(own, text_countries) != _place_alone(others, claim_countries):
            return [Why("name", one, "")]  # nobody is named in the place of a country
        if not long and close >= CLOSE:
            persons = all(any(len(name.words) == 2 for name in side) for side in (own, others))
            return [Why("name", one, other if persons or close >= NEARLY_ALL else "")]
        return []
    if mine and theirs and not text_countries.keys() & claim_countries.keys():
        return [Why("place", ", ".join(mine.values()), ", ".join(theirs.values()))]
    if close >= NEARLY_ALL and (own or others):
        one, other = (", ".join(name.written for name in side) for side in (own, others))
        return [Why("name", one, other)]
    return []


def differing_words_of_names(
    text: Sequence[Name], claim: Sequence[Name], text_words: Iterable[str], claim_words: Iterable[str]
) -> list[Why]:
    """Words of names that each side alone has, in what is nearly a copy: `Donald Vale`, `Donald Stone`."""
    here, there = list(text_words), list(claim_words)
    own = [name for name in text if not name.tag and not all(any(alike(a, b) for b in there) for a in name.words)]
    others = [name for name in claim if not all(any(alike(a, b) for b in here) for a in name.words)]
    if own and others:
        return [Why("name", *(", ".join(name.written for name in side) for side in (own, others)))]
    return []


def _are_places(
    own: Sequence[Name], others: Sequence[Name], text_countries: dict[str, str], claim_countries: dict[str, str]
) -> bool:
    """Whether both sides have a name of a place among their own."""
    return all(
        any(name.place or _codes(name, known) for name in side)
        for side, known in ((own, text_countries), (others, claim_countries))
    )


def _place_alone(names: Sequence[Name], countries: dict[str, str]) -> bool:
    """Whether all of these are names of places."""
    return all(name.place or _codes(name, countries) for name in names)


def _codes(name: Name, known: dict[str, str]) -> set[str]:
    return {code for code, written in known.items() if set(fold(written).split()) & set(name.words)}


def is_present(name: Name, others: Sequence[Name], words: Sequence[str]) -> bool:
    """Whether a name is among others, or a word of it in the text in whatever case, and none like it beside it."""
    for other in others:
        shorter, longer = sorted((name.words, other.words), key=len)
        if all(any(_is_part(word, each) for each in longer) for word in shorter):
            return True
    if len(name.words[-1]) >= _SURNAME and any(each.endswith(name.words[-1]) for each in words):
        return not _is_namesake(name, others)  # in a handle: @annavale
    found = [any(alike(word, each) for each in words) for word in name.words]
    if all(found) or (any(told for told, word in zip(found, name.words, strict=True) if len(word) >= _TELLING)):
        return not _is_namesake(name, others)
    joined = "".join(name.words)
    return any(alike(joined, each) for each in words)


def _is_part(word: str, other: str) -> bool:
    """Whether two words of names are one, or one is the initial of the other."""
    if len(word) == 1 or len(other) == 1:
        return word[0] == other[0]
    return alike(word, other)


def _is_namesake(name: Name, others: Sequence[Name]) -> bool:
    """Whether one of the others shares the first or the last word of a name and has another one beside it."""
    return any(
        len(other.words) == len(name.words) > 1
        and _is_part(other.words[0], name.words[0]) != _is_part(other.words[-1], name.words[-1])
        for other in others
    )
