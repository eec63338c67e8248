"""Parse numbers in English text: digits, words and scales ("4.5 million", "half a million", "two dozen")."""

from __future__ import annotations

import re

Number = int | float


def _consecutive(text: str, start: int, step: int = 1) -> dict[str, int]:
    return {word: start + step * n for n, word in enumerate(text.split())}


ONES = _consecutive(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen",
    start=1,
)
TENS = _consecutive("twenty thirty forty fifty sixty seventy eighty ninety", start=20, step=10)
SCALES = {
    "hundred": 100, "dozen": 12, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000, "k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000,
    "tn": 1_000_000_000_000,
}  # fmt: skip
_MAX_LENGTH = 60  # characters; nobody checks a longer number
_LONG = "hundred|dozen|thousand|million|billion|trillion"

# 758,000 · 1.000.000 · 758 000 · 4.5; not the 19 of COVID-19, the 5 of 5G or part of a longer number
DIGITS = (
    r"(?<![\w.,/])(?<![A-Za-z][-‑])"
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d{1,3}(?:\.\d{3}){2,}|\d+(?:\.\d+)?)"
    r"(?!\d|,\d{3}|(?-i:[A-JLN-Z]\b))"
)
SPELT = rf"\b(?:{'|'.join([*TENS, *ONES])})(?:[-\s](?:{'|'.join(ONES)}))?\b"
SCALE = rf"(?:[\s-]?(?:{_LONG})s?\b|\s?(?:bn|mn|tn|k|m)\b(?![.’']))"
NUMBER = rf"(?:(?:{DIGITS}|{SPELT}|\b(?:half\s+a|a\s+half|a|an)(?=\s(?:{_LONG})\b)){SCALE}{{0,2}})"


def number(words: str) -> Number | None:
    """The number that `words` spell; None if they spell none."""
    rest = words.strip().lower()
    if len(rest) > _MAX_LENGTH:
        return None
    scale: Number = 1
    while (tail := re.search(r"(?:^|(?<=[\s\d-]))([a-z]+?)s?$", rest)) and (
        tail[1] in SCALES and (rest[: tail.start()].strip(" -") or tail[1] in {"hundred", "thousand", "dozen"})
    ):
        scale *= SCALES[tail[1]]
        rest = rest[: tail.start()].strip(" -")
    base: Number
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", rest):
        base = int(rest.replace(".", ""))
    elif re.fullmatch(r"[\d,\s]*\.?\d+", rest):
        plain = re.sub(r"[,\s]", "", rest)
        base = float(plain) if "." in plain else int(plain)
    elif rest in {"", "a", "an"}:
        base = 1
    elif rest in {"half a", "a half"}:
        base = 0.5
    else:
        parts = re.split(r"[-\s]", rest)
        if not all(p in ONES or p in TENS for p in parts):
            return None
        base = sum(ONES.get(p, 0) + TENS.get(p, 0) for p in parts)
    value = base * scale
    whole = isinstance(value, float) and scale > 1 and abs(value - round(value)) < 1e-6 * value
    return round(value) if whole else value


def spells_scale(words: str) -> bool:
    return re.search(_LONG, words.lower()) is not None


def range_of(low: str, high: str | None) -> Number | list[Number] | None:
    """The number, or the two ends of a range; "3 to 5 million" scales both."""
    first = number(low)
    second = number(high) if high else None
    if high is None or first is None or second is None:
        return first
    scale = re.search(r"(hundred|thousand|million|billion|trillion|bn|mn|tn|k|m)s?$", high.strip().lower())
    if scale and not re.search(r"[a-z]$", low.strip().lower()) and first * SCALES[scale[1]] <= second:
        first = first * SCALES[scale[1]]
    return [first, second]
