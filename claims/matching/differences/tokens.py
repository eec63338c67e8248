"""Cut a text into words and sentences, in a form in which two writings of one word are equal.

Links, `RT @name:` and pictures are left out, hashtags and handles are read as the words they are made of. Case,
accents and the signs that Arabic and Hindi leave out at will are folded. Chinese and Japanese characters are words of
their own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from sources.quotes.words.numerals import western_digits

_LINK = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S+|^\s*RT\s+@\w+:?", re.IGNORECASE)
_SIGNATURE = re.compile(r"\s*[—–-]+\s*([^—–\n]{1,60}\(@\w+\)\s+[^\W\d]+\.?\s\d{1,2},\s\d{4}|\S.{0,60}\(@\w+\))\s*$")
_CAMEL = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[^\W\d_])_+(?=\w)|(?<=[A-Z])(?=[A-Z][a-zß-öø-ÿ])")
_QUOTES = str.maketrans(dict.fromkeys("’ʼ＇`´‘", "'") | dict.fromkeys("‐‑–—―−", "-"))
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBERS = {word: n for n, word in enumerate((*_ONES, *_TEENS), start=1)} | {
    word: 10 * n for n, word in enumerate(_TENS, start=2)
}
_SPOKEN_YEAR = re.compile(
    rf"\b(nineteen|twenty)[\s-]((?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(_ONES)})\b)?|{'|'.join(_TEENS)})\b",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(r"(?<=\s)'(\d\d)(?![\w'])")
_LAST_SHORT_YEAR = 40
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
_HAN = "\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(
    rf"[@#]\w+|(?:[^\W\d_]\.){{2,}}|[A-Z]\.[A-Z](?![\w.])|[{_HAN}]|\d+(?:[.,]\d+)*|[^\W\d_{_HAN}](?:[^\W_{_HAN}]|[{_MARKS}])*(?:'[^\W\d_](?:[^\W_]|[{_MARKS}])*)*"
)
_DROPPED = re.compile("[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u093c]")
_PLAIN = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي"}
    | {"ة": "ه", "ـ": None, "ё": "е", "ँ": "ं"}
)
_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|(?<=[。！？؟।])|\n+")
_COLON = re.compile(r":\s")
_INITIAL = re.compile(r"(?:^|\W)([^\W\d_]+)\.$")
_OWN = re.compile(r"'s?$")
_ELIDED = re.compile(r"^(?:[ldcjmnst]|qu)'(?=.)")
_ARTICLE = re.compile(r"^(?:وال|بال|كال|فال|لل|ال)(?=..)")
_FORM = 4
"""Letters that two forms of one word share at their beginning, at least."""
_ENDING = 3
"""Letters in which their ends may differ, at most."""
_ONE_SLIP, _TWO_SLIPS = 5, 8
"""Letters of a word from which one mistyped letter, and two, leave it the same word."""
_SHORTEST = 3
"""Letters of a word from which one may be left out or doubled, between the same first and last."""
_LETTER_FOR_LETTER = 6
"""Letters of a word from which one may be mistyped for any other, not only a vowel for a vowel."""
_VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: as written, folded, whether a capital begins it, it is in capitals, begins a sentence, was a tag.

    What stands behind a colon begins a sentence, too.
    """

    text: str
    folded: str
    capital: bool = False
    shouted: bool = False
    initial: bool = False
    tag: bool = False

    @property
    def number(self) -> bool:
        return self.folded[0].isdigit()


def fold(text: str) -> str:
    """Lower case without accents, vowel signs of Arabic, nukta, and differences between forms of one letter."""
    text = text.translate(_QUOTES).casefold()
    if text.isascii():
        return text
    text = _DROPPED.sub("", unicodedata.normalize("NFKD", text)).translate(_PLAIN)
    return unicodedata.normalize("NFC", text)


def readable(text: str) -> str:
    """The text without links, retweet marks and characters of no width, with digits of ASCII and plain quotes.

    Years in English words and short ones (`twenty twenty`, `'19`) are written in digits.
    """
    text = _LINK.sub(" ", western_digits(text.translate(_UNSEEN)).translate(_QUOTES))
    text = _SHORT_YEAR.sub(lambda year: f"{19 if int(year[1]) > _LAST_SHORT_YEAR else 20}{year[1]}", text)
    return _SPOKEN_YEAR.sub(lambda year: str(_NUMBERS[year[1].lower()] * 100 + _two_digits(year[2].lower())), text)


def _two_digits(words: str) -> int:
    return sum(_NUMBERS[word] for word in re.split(r"[\s-]+", words))


def signed(text: str) -> tuple[str, str]:
    """A text and the signature of a post that was copied with it: `— Ann Vale (@annvale) May 3, 2029`."""
    found = _SIGNATURE.search(text)
    return (text[: found.start()], found[1]) if found and found.start() else (text, "")


def sentences(text: str, titles: frozenset[str]) -> list[str]:
    """The sentences of a readable text. An initial (`J.`) ends none, nor does one of `titles` (`dr`)."""
    parts: list[str] = []
    for part in (each.strip() for each in _END.split(text)):
        if part and parts and _is_open(parts[-1], titles):
            parts[-1] += " " + part
        elif part:
            parts.append(part)
    return parts


def _is_open(text: str, titles: frozenset[str]) -> bool:
    last = _INITIAL.search(text)
    return last is not None and (len(last[1]) == 1 or last[1].casefold() in titles)


def tokens(text: str) -> list[Token]:
    """The words of one sentence of a readable text."""
    found: list[Token] = []
    end = 0
    for match in _WORD.finditer(text):
        written, between = match[0], text[end : match.start()]
        end = match.end()
        if written[0] in "@#":
            parts = (each for tag in _CAMEL.split(written[1:]) for each in _WORD.findall(tag))
            found += [_token(part, initial=False, tag=True) for part in parts if part[0] not in "@#"]
        else:
            begins = not found or _COLON.search(between) is not None
            found.append(_token(written, initial=begins, tag=False))
    return found


def _token(written: str, *, initial: bool, tag: bool) -> Token:
    folded = fold(written)
    folded = _ELIDED.sub("", _OWN.sub("", folded)) or folded
    capital = written[0].isupper() or (written[1:2] == "'" and written[2:3].isupper())
    return Token(written, folded, capital, len(written) > 1 and written.isupper(), initial, tag)


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """A folded word without the article and the prepositions that Arabic writes onto it."""
    return _ARTICLE.sub("", word) if "\u0600" <= word[0] <= "\u06ff" else word


def alike(one: str, other: str) -> bool:
    """Whether two folded words are one: the same, two forms of it, or one of them mistyped."""
    if one == other:
        return True
    if one[0].isdigit() or other[0].isdigit():
        return False
    one, other = stem(one), stem(other)
    shortest, longest = sorted((len(one), len(other)))
    if one == other:
        return True
    if shortest < _SHORTEST or longest - shortest > _ENDING:
        return shortest >= 6 and longest - shortest <= 5 and one[:shortest] == other[:shortest]
    shared = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), shortest)
    if shared >= max(_FORM, longest - _ENDING) or (shared >= 3 and shared >= longest - 1):
        return True
    if longest == shortest >= _FORM and one[0] == other[0] and sorted(one) == sorted(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 2  # two letters changed places
    if _sound(one) == _sound(other) and shortest >= _ONE_SLIP:
        return True
    # Nobody mistypes the first letter, and a letter for another one makes another word: `house`, `horse`.
    if one[0] != other[0] or shortest < _SHORTEST:
        return False
    slips = 2 if shortest >= _TWO_SLIPS else 1
    if int(Levenshtein.distance(one, other, score_cutoff=slips)) > slips:
        return False
    if longest == shortest and shortest < _LETTER_FOR_LETTER:
        changed = next((a + b for a, b in zip(one, other, strict=True) if a != b), "")
        return shortest >= _ONE_SLIP and set(changed) <= _VOWELS
    return shortest >= _ONE_SLIP or one[-1] == other[-1]


_SOUNDS = str.maketrans({"v": "b", "h": None, "z": "s", "y": "i", "k": "c", "q": "c"})
_REPEATED = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 14)
def _sound(word: str) -> str:
    """A folded word without differences that are not heard in several languages: `proive`, `prohibe`."""
    return _REPEATED.sub(r"\1", word.replace("ph", "f").translate(_SOUNDS))
