"""Normalise the typography of texts, but not case or digits, and map positions back to the original text.

Two texts have the same normal form if they differ in typography only: kinds of quotation marks, dashes and
spaces, soft hyphens and other invisible characters, line breaks, ligatures, full-width letters, composed or
decomposed accents. Case, digits, superscripts and every other character count.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache

_SAME: dict[str, str] = {
    **dict.fromkeys("‘’‚‛′‵ʹʻʼ`´＇‹›", "'"),
    **dict.fromkeys("“”„‟″‶«»＂〝〞〟", '"'),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－⸺⸻", "-"),
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in "＇＂－"},
    "…": "...",
    "⁄": "/",
    **dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)),
    # Invisible: soft hyphen, zero width, direction marks, variation selectors, byte order mark.
    **dict.fromkeys("\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff", ""),
    **dict.fromkeys(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xFE00, 0xFE10)]), ""),
}
_ODD = re.compile("[" + "".join(map(re.escape, _SAME)) + "]")

# Scripts written without spaces between words: Thai to Myanmar, Khmer, kana, Han, Bopomofo.
CONTINUOUS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3100-\u312f"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_LOOSE_SPACE = re.compile(rf"(?<=[^\w\s]) | (?=[^\w\s])|(?<=[{CONTINUOUS}]) (?=[{CONTINUOUS}])")
_WORD = re.compile(r"\S+")


def normal(text: str) -> str:
    """The normal form: one line, single spaces, no space at the ends."""
    return " ".join(_same(text).split())


def tight(normalised: str) -> str:
    """A normal form without the spaces that mark-up leaves beside punctuation: `word ,` is `word,`.

    Spaces between words stay, since `can not` and `cannot` are different words, except in scripts that
    are written without.
    """
    return _LOOSE_SPACE.sub("", normalised)


@lru_cache(maxsize=16)
def normal_page(text: str) -> str:
    """`normal`, remembered for the pages looked at last: several quotes rest on one page."""
    return normal(text)


@lru_cache(maxsize=16)
def tight_page(text: str) -> str:
    return tight(normal_page(text))


def original_span(text: str, normalised: str, start: int, end: int) -> tuple[int, int]:
    """Where `normalised[start:end]` stands in `text`; `normalised` is its `normal` or `tight` form.

    Both forms keep every visible character in its order, so the way back is to count those.
    """
    first = start - normalised.count(" ", 0, start)
    last = first + (end - start) - normalised.count(" ", start, end)
    begin = _position(text, first)
    if last <= first:
        return begin, begin
    finish = _position(text, last - 1) + 1
    while finish < len(text) and unicodedata.combining(text[finish]):
        finish += 1
    return begin, finish


def _position(text: str, count: int) -> int:
    """The index in `text` of the visible character that `count` others stand before."""
    starts, counts = _lines(text)
    line = bisect_right(counts, count) - 1
    seen = counts[line]
    for word in _WORD.finditer(text, starts[line]):
        length = len(_visible(word[0]))
        if seen + length <= count:
            seen += length
            continue
        for index in range(word.start(), word.end()):
            # Whole prefixes, since an accent can join the letter before it.
            if seen + len(_visible(text[word.start() : index + 1])) > count:
                return index
    return len(text)


@lru_cache(maxsize=16)
def _lines(text: str) -> tuple[list[int], list[int]]:
    """Where each line starts, and how many visible characters stand before it."""
    starts, counts, start, count = [], [], 0, 0
    for line in text.split("\n"):
        starts.append(start)
        counts.append(count)
        start += len(line) + 1
        count += len(_visible("".join(line.split())))
    return starts, counts


def _visible(word: str) -> str:
    return word if word.isascii() else "".join(_same(word).split())


def _same(text: str) -> str:
    if text.isascii():
        return text.replace("`", "'") if "`" in text else text
    text = _ODD.sub(lambda found: _SAME[found[0]], text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
