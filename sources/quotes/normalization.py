"""Normalise the typography of texts, but not case or digits, and map positions back to the original text.

Two texts have the same normal form if they differ in typography only: kinds of quotation marks, dashes and
spaces, soft hyphens and other invisible characters, line breaks, ligatures, full-width, half-width and presentation
forms, composed or decomposed accents. Case, digits, superscripts, fractions and every other character count.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache

# Kinds of compatibility decomposition (UAX #44) that are typography. Superscripts, subscripts, fractions and circled
# digits are not: `10³` is not `103`.
_MEANINGLESS = re.compile(r"<(?:wide|narrow|initial|medial|final|isolated|font|small|vertical|square|noBreak)>")
# Of the remaining kind, `<compat>`, these only: digraphs, Greek variants, Roman numerals, Kangxi radicals from PDFs.
_COMPATIBLE = "µĲĳĿŀŉǄǅǆǇǈǉǊǋǌǱǲǳϐϑϒϕϖϰϱϲϴϵևำຳ℃℉№‥⺟⻳ﬀﬁﬂﬃﬄﬅﬆ" + "".join(
    map(chr, (*range(0x2160, 0x2180), *range(0x2F00, 0x2FD6)))
)
# Default-ignorable characters (DerivedCoreProperties), interlinear annotation marks, object replacement, and tatweel.
_INVISIBLE = (
    (0x00AD, 0x00AE), (0x034F, 0x0350), (0x061C, 0x061D), (0x0640, 0x0641), (0x115F, 0x1161), (0x17B4, 0x17B6),
    (0x180B, 0x1810), (0x200B, 0x2010), (0x202A, 0x202F), (0x2060, 0x2070), (0x3164, 0x3165), (0xFE00, 0xFE10),
    (0xFEFF, 0xFF00), (0xFFA0, 0xFFA1), (0xFFF0, 0xFFFD), (0x1BCA0, 0x1BCA4), (0x1D173, 0x1D17B), (0xE0000, 0xE1000),
)  # fmt: skip


def _compatible() -> dict[str, str]:
    """What each character that is typography alone stands for, by the Unicode data."""
    found = {}
    for code in (*range(0xA0, 0x3400), *range(0xF900, 0x10000), *range(0x1D400, 0x1D800), *range(0x1EE00, 0x1F200)):
        kind, *codes = unicodedata.decomposition(chr(code)).split() or [""]
        if _MEANINGLESS.match(kind) or chr(code) in _COMPATIBLE:
            found[chr(code)] = "".join(chr(int(each, 16)) for each in codes)
    return found


# Turkish cedilla for Romanian comma below: fonts and keyboards mix them.
_COMMA_BELOW = dict(zip("şŞţŢ", "șȘțȚ", strict=True))
_CEDILLAS = str.maketrans(_COMMA_BELOW)
_MARKS: dict[str, str] = {
    **dict.fromkeys("‘’‚‛′‵ʹʻʼ`´‹›׳", "'"),
    **dict.fromkeys("“”„‟″‶«»〝〞〟״", '"'),
    **dict.fromkeys("‐‑‒–—―−⸺⸻־", "-"),
    "…": "...",
    "⁄": "/",
    "\u2800": " ",
    **_COMMA_BELOW,
}
_TYPED: dict[str, str] = {
    **_compatible(),
    **_MARKS,
    **{chr(c): "" for first, end in _INVISIBLE for c in range(first, end)},
}
# No value holds a key, so that the order of replacing them does not matter.
_SAME = {odd: "".join(_TYPED.get(each, each) for each in plain) for odd, plain in _TYPED.items()}


def _class(characters: Iterable[str]) -> re.Pattern[str]:
    """A pattern of one of the characters, by ranges: thousands of single ones outside the BMP are tried in turn."""
    ranges: list[list[int]] = []
    for code in sorted(map(ord, characters)):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return re.compile("[" + "".join(rf"\U{first:08x}-\U{last:08x}" for first, last in ranges) + "]")


_ODD = _class(_SAME)
_FEW = 64
_DASHES = re.compile("--+")

# Scripts written without spaces between words: Thai to Myanmar, Khmer, kana, Han, Bopomofo.
CONTINUOUS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3100-\u312f"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_LOOSE_SPACE = re.compile(rf"(?<=[^\w\s]) | (?=[^\w\s])|(?<=[{CONTINUOUS}]) | (?=[{CONTINUOUS}])")
_WORD = re.compile(r"\S+")


_DENSE = re.compile(rf"[{CONTINUOUS}\uac00-\ud7af]")


def extent(text: str) -> int:
    """The length of a text as that of one in an alphabet that says as much: a letter of Han or Hangul counts 2.5."""
    return len(text) if text.isascii() else len(text) + 3 * len(_DENSE.findall(text)) // 2


def normal(text: str) -> str:
    """The normal form: one line, single spaces, no space at the ends."""
    return " ".join(_same(text).split())


def tight(normalised: str) -> str:
    """A normal form without the spaces that mark-up leaves beside punctuation: `word ,` is `word,`.

    Spaces between words stay, since `can not` and `cannot` are different words, except in and beside scripts that
    are written without.
    """
    return _LOOSE_SPACE.sub("", normalised)


def normal_page(text: str) -> str:
    """`normal`, remembered for the pages looked at last: several quotes rest on one page."""
    return _normal_page(text) if len(text) > _SMALL else normal(text)


def tight_page(text: str) -> str:
    return _tight_page(text) if len(text) > _SMALL else tight(normal(text))


_SMALL = 5_000
"""Characters of a text that takes no place among those remembered: it is a part of a page."""


@lru_cache(maxsize=16)
def _normal_page(text: str) -> str:
    return normal(text)


@lru_cache(maxsize=16)
def _tight_page(text: str) -> str:
    return tight(_normal_page(text))


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
    starts, counts = _lines(text) if len(text) > _SMALL else _lines.__wrapped__(text)
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
    return word if word.isascii() and "--" not in word else "".join(_same(word).split())


def _same(text: str) -> str:
    if text.isascii():
        return _one_dash(text.replace("`", "'") if "`" in text else text)
    odd = _SAME.keys() & set(text)
    if len(odd) > _FEW:
        text = _ODD.sub(lambda found: _SAME[found[0]], text)
    else:
        for each in odd:  # a tenth of the time
            text = text.replace(each, _SAME[each])
    text = _one_dash(text)
    if unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", text).translate(_CEDILLAS)


def _one_dash(text: str) -> str:
    """With `--` and `---` as one dash, which typewriters and TeX write them for."""
    return _DASHES.sub("-", text) if "--" in text else text
