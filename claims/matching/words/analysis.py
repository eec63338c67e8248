"""Cut a text into the terms of the index: folded words, and their stems by language.

Words of scripts that are written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) become overlapping pairs
of characters, as in Lucene's CJKAnalyzer; those of Korean, whose particles stick to the noun, have pairs for stems.
Hashtags are parted at their capitals; addresses of pages are left out.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import snowballstemmer  # type: ignore[import-untyped]
import tantivy

from claims.matching.words.folding import fold
from claims.matching.words.posts import with_blank_addresses, with_parted_tags, without_addresses

VERSION = 1  # raise it whenever any term comes out otherwise: an index of another version is built anew

# Vowel signs and other marks of Indic and South-East Asian scripts, which `\w` leaves out.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
_MARKS += "\u0981-\u0983\u09bc-\u09cd\u09d7\u0a01-\u0a03\u0a3c-\u0a4d\u0a70\u0a71\u0a81-\u0a83\u0abc-\u0acd"
_MARKS += "\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6"
_MARKS += "\u0d00-\u0d03\u0d3b-\u0d4d\u0d81-\u0d83\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc"
_MARKS += "\u0ec8-\u0ecd\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u200c\u200d"
_TOKEN = re.compile(rf"\d+(?:[.,'\u066b\u066c]\d+)+|[^\W_][\w{_MARKS}]*")
_WRITTEN = re.compile(rf"[#@]?(?:{_TOKEN.pattern})")
_THOUSANDS = re.compile(r"(\d{1,3}(?:([.,'])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d+))?")
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNSPACED += "\U00020000-\U0003134f"
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_LONGEST_WORD = 40  # characters; the rest of a longer one is left out
MOST_WORDS = 4_000  # of one text
_CACHED_WORDS = 100_000  # a language

# Snowball stemmers that tantivy has in Rust; the others run in Python.
_FAST_NAMES = (
    "da:danish nl:dutch en:english fi:finnish fr:french de:german el:greek hu:hungarian it:italian no:norwegian "
    "nb:norwegian nn:norwegian pt:portuguese ro:romanian ru:russian es:spanish sv:swedish ta:tamil tr:turkish"
)
_SLOW_NAMES = (
    "hy:armenian eu:basque ca:catalan eo:esperanto et:estonian hi:hindi id:indonesian ms:indonesian ga:irish "
    "lt:lithuanian ne:nepali sr:serbian yi:yiddish"
)
_FAST = dict(pair.split(":") for pair in _FAST_NAMES.split())
_SLOW = dict(pair.split(":") for pair in _SLOW_NAMES.split())
# Light10 (Larkey, Ballesteros and Connell 2007), on folded words.
_ARABIC_PREFIX = re.compile("^(?:وال|بال|كال|فال|لل|ال)(?=..)|^و(?=...)")
_ARABIC_SUFFIX = re.compile("(?<=..)(?:ها|ان|ات|ون|ين|يه|ه|ي)$")


class Word(NamedTuple):
    """A word of a text: where it stands in it (half-open), its folded form, and its stems."""

    start: int
    end: int
    folded: str
    stems: tuple[str, ...]


def primary(language: str) -> str:
    """The primary subtag of a language tag, lower case; "" for an unknown language."""
    return re.split("[-_]", language.lower(), maxsplit=1)[0]


def words(text: str) -> list[str]:
    """The folded words of a text, in order: at most `MOST_WORDS`."""
    folded = fold(with_parted_tags(without_addresses(text)))
    found = _TOKEN.findall(folded)[:MOST_WORDS]
    if folded.isascii():
        return [word if word.isalpha() and len(word) <= _LONGEST_WORD else _plain(word) for word in found]
    return [piece for word in found for piece in _pieces(word)][:MOST_WORDS]


def stems(words: list[str], language: str) -> list[str]:
    """The stem of each word of `words`, as its language has it; Korean words become their pairs."""
    language = primary(language)
    known = _stemmed(language)
    found = [known.get(word) for word in words]
    if None in found:
        new = _stem(list({word for word, stem in zip(words, found, strict=True) if stem is None}), language)
        if len(known) > _CACHED_WORDS:
            known.clear()
        known.update(new)
        found = [new[word] if stem is None else stem for word, stem in zip(words, found, strict=True)]
    by_word = [stem or word for word, stem in zip(words, found, strict=True)]
    if (joined := "".join(words)).isascii() or not _HANGUL.search(joined):
        return by_word
    return [
        part
        for word, stem in zip(words, by_word, strict=True)
        for part in (_pairs(word) if _HANGUL.match(word) else [stem])
    ]


def words_with_places(text: str, language: str) -> list[Word]:
    """The words of a text with their places in it, for showing which of them a claim shares."""
    text = with_blank_addresses(text)
    found: list[Word] = []
    for match in _WRITTEN.finditer(text):
        if len(found) >= MOST_WORDS:
            break
        runs = _UNSPACED_RUN.finditer(match.group()) if _IS_UNSPACED.search(match.group()) else ()
        spans = [span for run in runs for span in _spans(run, match.start())] or [match.span()]
        for start, end in spans:
            for folded in words(text[start:end]):
                found.append(Word(start, end, folded, tuple(stems([folded], language))))
    return found[:MOST_WORDS]


def _spans(run: re.Match[str], offset: int) -> list[tuple[int, int]]:
    start, end = run.start() + offset, run.end() + offset
    if not _IS_UNSPACED.match(run.group()) or end - start == 1:
        return [(start, end)]
    return [(place, place + 2) for place in range(start, end - 1)]


def _plain(word: str) -> str:
    """A number without separators of thousands and with a point for a decimal comma; else the word."""
    if not word[0].isdigit() or word.isalnum():
        return word[:_LONGEST_WORD]
    if grouped := _THOUSANDS.fullmatch(word):
        whole = re.sub("[.,']", "", grouped[1])
        return f"{whole}.{grouped[3]}" if grouped[3] else whole
    return word.replace(",", ".").replace("'", "")


def _pieces(word: str) -> list[str]:
    if not _IS_UNSPACED.search(word):
        return [_plain(word)]
    runs = _UNSPACED_RUN.findall(word)
    return [piece for run in runs for piece in (_pairs(run) if _IS_UNSPACED.match(run) else [run[:_LONGEST_WORD]])]


def _pairs(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[place : place + 2] for place in range(len(run) - 1)]


@cache
def _stemmed(language: str) -> dict[str, str]:
    return {}


@cache
def _fast_stemmer(name: str) -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(tantivy.Filter.stemmer(name)).build()


def _stem(words: list[str], language: str) -> dict[str, str]:
    if language == "ar":
        return {word: _ARABIC_SUFFIX.sub("", _ARABIC_PREFIX.sub("", word, count=1)) for word in words}
    if language in _FAST:
        stemmer = _fast_stemmer(_FAST[language])
        found = stemmer.analyze(" ".join(words))
        if language == "fr":  # "fermées" and "fermé" lose one ending each once their accents are gone
            found = stemmer.analyze(" ".join(stem or word for stem, word in zip(found, words, strict=True)))
        return dict(zip(words, found, strict=True))
    if language in _SLOW:
        return dict(zip(words, snowballstemmer.stemmer(_SLOW[language]).stemWords(words), strict=True))
    return dict(zip(words, words, strict=True))
