"""Spellings of one word that a house style may change: `ещё` and `еще`, `cœur` and `coeur`, `Müller` and `Mueller`.

Accents that tell words apart, and letters of their own such as the Turkish ı, are no variants. Nor is ß but in
capitals: `in Maßen` is not `in Massen`.

Pure: no network, no database.
"""

import re

_FOLDED = {
    "œ": "oe",
    "æ": "ae",
    "ä": "ae",
    "ö": "oe",
    "ü": "ue",
    "ø": "oe",
    "å": "aa",
    # Arabic letters as a Persian keyboard writes them.
    "ی": "ي",
    "ک": "ك",
    # Devanagari: the dot below, which many leave out, and the nasal sign that is written as the other.
    "\u093c": "",
    "ँ": "ं",
}
_FOLD = re.compile("[" + "".join(_FOLDED) + "".join(each.upper() for each in _FOLDED if each.upper() != each) + "]")
# Vietnamese tone marks of a diphthong, which stand on either of its vowels.
_DIPHTHONG = re.compile(r"(o)([àáảãạèéẻẽẹ])(?!\w)|(u)([ỳýỷỹỵ])(?!\w)", re.IGNORECASE)
_TONE_FIRST = {
    **{f"o{vowel}": f"{first}a" for vowel, first in zip("àáảãạ", "òóỏõọ", strict=True)},
    **{f"o{vowel}": f"{first}e" for vowel, first in zip("èéẻẽẹ", "òóỏõọ", strict=True)},
    **{f"u{vowel}": f"{first}y" for vowel, first in zip("ỳýỷỹỵ", "ùúủũụ", strict=True)},
}
# What a text may leave out throughout: the dots of ё, the vowel signs of Arabic and Hebrew.
_LEFT_OUT: tuple[tuple[re.Pattern[str], dict[str, str]], ...] = (
    (re.compile("[ёЁ]"), {"ё": "е", "Ё": "Е"}),
    (re.compile("[\u064b-\u0652\u0670]"), {}),
    (re.compile("[\u05b0-\u05bc\u05c1\u05c2\u05c7]"), {}),
)


def one_spelling(before: str, after: str) -> tuple[str, str]:
    """Two wordings of one text, both normalised, with the spellings that tell no words apart written in one way."""
    if before.isascii() and after.isascii():
        return before, after
    for letters, plain in _LEFT_OUT:
        if not (letters.search(before) and letters.search(after)):
            before, after = (
                letters.sub(lambda found, plain=plain: plain.get(found[0], ""), text)  # type: ignore[misc]
                for text in (before, after)
            )
    capitals = before.isupper() or after.isupper()
    return _folded(before, capitals=capitals), _folded(after, capitals=capitals)


def _folded(text: str, *, capitals: bool) -> str:
    """`capitals` says that ß is written SS, in every word."""
    if capitals:
        text = text.replace("ß", "ss")
    text = _DIPHTHONG.sub(lambda found: _in_case(found[0], _TONE_FIRST[found[0].lower()]), text)
    return _FOLD.sub(lambda found: _in_case(found[0], _FOLDED[found[0].lower()]), text)


def _in_case(written: str, plain: str) -> str:
    if not written[0].isupper():
        return plain
    return plain.upper() if written.isupper() and len(written) > 1 else plain.capitalize()
