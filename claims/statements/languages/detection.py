"""Tell the language of a text, or say that it cannot be told.

    language_of("Der Damm hält, sagte sie …")  ->  "de"

The most frequent words of a language decide, and the script of Chinese, Japanese and Korean. A longer text in a
language whose words are not listed is told by resiliparse's comparison of character frequencies (Apache-2.0; lingua and
py3langid were tried: as right on documents, at 1,000 times the time). What stays undecided is `und`, never English.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from unicodedata import category

from resiliparse.parse.lang import detect_fast

from claims.statements.languages import UNDETERMINED, known, table

_LONG = 400
"""Characters from which character frequencies are trusted."""
_SURE = 900
"""resiliparse's distance from a language up to which the text is taken for it."""
_LOOKED_AT = 20_000
_FEWEST = 3
"""Frequent words that a short text must have of a language, and twice as many as of any other."""


def language_of(text: str) -> str:
    """The language of a text as a BCP 47 code, or `und`."""
    head = re.sub(r"https?://\S+|[@#]\w+", " ", text[:_LOOKED_AT])
    letters = sum(character.isalpha() for character in head)
    if script := _script(head, letters):
        return script
    found, certain = _by_frequent_words(head)
    if certain:
        return found
    # Vowel signs, as of Devanagari, are marks to Unicode and letters to a reader.
    if letters + sum(category(character)[0] == "M" for character in head) >= _LONG:
        code, distance = detect_fast(head.lower(), cutoff=_SURE)
        if distance and (code == found or code not in {"unknown", *_frequent()}):
            return str(code)
    return UNDETERMINED


def _script(text: str, letters: int) -> str | None:
    """The language that a script tells: kana, hangul, or Chinese characters without either."""
    if not letters:
        return None
    kana = len(re.findall(r"[\u3041-\u30ff]", text))
    hangul = len(re.findall(r"[\uac00-\ud7a3]", text))
    han = len(re.findall(r"[\u4e00-\u9fff]", text))
    if kana + hangul + han < letters / 2:
        return None
    if hangul > han + kana:
        return "ko"
    return "ja" if kana > letters / 20 else "zh"


def _by_frequent_words(text: str) -> tuple[str, bool]:
    """The language most of whose frequent words stand in a text, and whether no other comes near."""
    words = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    found = sorted(((sum(words[word] for word in of), code) for code, of in _frequent().items()), reverse=True)
    (most, code), (next_most, _) = found[0], found[1]
    return code, most >= _FEWEST and most >= 2 * next_most


@lru_cache(maxsize=1)
def _frequent() -> dict[str, frozenset[str]]:
    tables = {code: table(code, "sentences").get("function_words", "") for code in known()}
    return {code: frozenset(words.split()) for code, words in tables.items() if words}
