"""Fold characters, so that spellings which readers take for the same are the same to the index.

Case and accents go (Latin, Greek); Cyrillic keeps its letters but ё; Arabic loses vowel signs, tatweel and the hamza
on its carriers; the vowel signs of Indic scripts are letters and stay; digits of every script become 0 to 9.
"""

from __future__ import annotations

import unicodedata

_OWN = {
    "ı": "i",
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ё": "е",
    "ى": "ي",
    "ی": "ي",
    "ک": "ك",
    "ة": "ه",
    "ـ": "",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "´": "'",
    "`": "'",
    "\u093c": "",  # nukta
    "\u0901": "\u0902",  # chandrabindu, which many write as anusvara
}
_MARKS_THAT_GO = ("COMBINING", "ARABIC", "HEBREW")


class _Table(dict[int, str]):
    """A table for `str.translate` that works out a character when it first comes."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


def _fold(character: str) -> str:
    if character in _OWN:
        return _OWN[character]
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category in {"Cf", "Cs"}:
        return ""
    if category == "Mn":
        return "" if unicodedata.name(character, "").startswith(_MARKS_THAT_GO) else character
    if unicodedata.name(character, "").startswith("CYRILLIC"):
        return character
    folded = "".join(
        _OWN.get(part, part)
        for part in unicodedata.normalize("NFKD", character)
        if unicodedata.category(part) != "Mn" or not unicodedata.name(part, "").startswith(_MARKS_THAT_GO)
    )
    return unicodedata.normalize("NFC", folded).casefold()


_TABLE = _Table()


def fold(text: str) -> str:
    """The text with case, accents and other differences of spelling folded; NFC is taken first."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", text).casefold().translate(_TABLE)
