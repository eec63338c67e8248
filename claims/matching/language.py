"""Tell the language of a text where nobody says it, or where what is said cannot be: by its script and short words."""

from __future__ import annotations

import re
from functools import cache

from claims.matching.differences.vocabulary import vocabulary
from claims.matching.words.analysis import primary, words

_SCRIPTS = (
    (re.compile("[\u3040-\u30ff]"), ("ja",)),
    (re.compile("[\uac00-\ud7a3]"), ("ko",)),
    (re.compile("[\u4e00-\u9fff]"), ("zh", "yue", "ja")),
    (re.compile("[\u0600-\u06ff]"), ("ar", "fa", "ur", "ps", "ku", "ckb", "ug", "sd")),
    (re.compile("[\u0900-\u097f]"), ("hi", "mr", "ne", "sa")),
    (re.compile("[\u0980-\u09ff]"), ("bn", "as")),
    (re.compile("[\u0b80-\u0bff]"), ("ta",)),
    (re.compile("[\u0e00-\u0e7f]"), ("th",)),
    (re.compile("[\u0400-\u04ff]"), ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg")),
    (re.compile("[\u0370-\u03ff]"), ("el",)),
    (re.compile("[\u0590-\u05ff]"), ("he", "yi")),
)
_LETTER = re.compile(r"[^\W\d_]")
_KNOWN = ("en", "es", "fr", "de", "pt", "it", "nl", "pl")
_SURE = 3  # short words of another language that refute what is said
_MOST_READ = 1_000  # characters


def language_of(text: str, told: str = "") -> str:
    """The language tag of a text: `told` unless the text refutes it, "" if nothing tells.

    A script refutes a language that is not written in it; three short words of another language refute one that has
    none there.
    """
    text = text[:_MOST_READ]
    letters = len(_LETTER.findall(text))
    for script, languages in _SCRIPTS:
        if 2 * len(script.findall(text)) > letters or (languages[0] in {"ja", "ko"} and script.search(text)):
            return told if primary(told) in languages else languages[0]
    found = set(words(text))
    counted = {language: len(found & _short_words(language)) for language in _KNOWN}
    likely = max(counted, key=lambda language: counted[language])
    if not told:
        second = max(count for language, count in counted.items() if language != likely)
        return likely if counted[likely] > second else ""
    if counted[likely] >= _SURE and counted[likely] >= _SURE * counted.get(primary(told), counted[likely]):
        return likely
    return told


@cache
def _short_words(language: str) -> frozenset[str]:
    known = vocabulary(language)
    return known.function_words if known.language == language else frozenset()
