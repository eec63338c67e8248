"""Compare two wordings: compute a word diff, and tell whether a number, a negation, a name or a date changed."""

import re
from collections import Counter
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import Indel

from sources.quotes.normalization import CONTINUOUS, normal
from sources.quotes.words.negations import negations
from sources.quotes.words.numerals import plain_numbers, values
from sources.quotes.words.quantities import is_magnitude

Diff = tuple[tuple[str, str], ...]
"""Pairs of an operation (`=` in both, `-` only before, `+` only after) and the words, spaces included."""

MAX_DIFF_TOKENS = 4_000
"""A diff of longer wordings is one removal and one addition: cost grows with the product of the lengths."""


class Kind(StrEnum):
    """The kind of words that changed, as a hint for editors."""

    NUMBER = "number"
    NEGATION = "negation"
    NAME = "name"
    DATE = "date"


# Numbers whole, words whole, one character at a time where a script has no spaces.
_TOKEN = re.compile(
    rf"\d+(?:[.,:\u00a0\u202f]\d+)*|[{CONTINUOUS}]|(?:(?![{CONTINUOUS}\d])\w)+(?:['’](?!\d)\w+)?|\s+|.", re.DOTALL
)


def diff(before: str, after: str) -> Diff:
    """A word diff. The pieces `=` and `+` joined are exactly `after`; `=` and `-` are `before` up to typography."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) > MAX_DIFF_TOKENS or len(new) > MAX_DIFF_TOKENS:
        return (("-", before), ("+", after))
    pieces: list[tuple[str, str]] = []
    for step in Indel.opcodes(_keys(old), _keys(new)):
        if step.tag == "equal":
            pieces.append(("=", "".join(new[step.dest_start : step.dest_end])))
        elif step.tag == "delete":
            pieces.append(("-", "".join(old[step.src_start : step.src_end])))
        else:
            pieces.append(("+", "".join(new[step.dest_start : step.dest_end])))
    return tuple(_readable(pieces))


def _keys(tokens: list[str]) -> list[str]:
    return [normal(token) or " " for token in tokens]


def _readable(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Removals before additions, and no lone space between two changes: whole phrases, as people read."""
    joined: list[tuple[str, str]] = []
    removed = added = ""
    for index, (tag, words) in enumerate(pieces):
        between = tag == "=" and not words.strip() and 0 < index < len(pieces) - 1
        if between and (removed or added):
            removed, added = removed + words, added + words
        elif tag == "-":
            removed += words
        elif tag == "+":
            added += words
        else:
            joined += [*_changed(removed, added), (tag, words)]
            removed = added = ""
    return joined + _changed(removed, added)


def _changed(removed: str, added: str) -> list[tuple[str, str]]:
    return [(tag, words) for tag, words in (("-", removed), ("+", added)) if words]


_DATE = re.compile(
    r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|(?:19|20)\d{2})\b|\d{1,4}\s?[年月日년월일]"
    r"|(?<!\w)(?:jan(?:uary|uar|vier|eiro)?|enero|gennaio|feb(?:ruary|ruar|rero|braio)?|février|fevereiro|mar(?:ch|s|zo|ço)"
    r"|märz|apr(?:il|ile)?|avril|abril|ma[iy]|mayo|maggio|maio|june?|juni|juin|jun[ih]o|giugno|july?|juli|juillet|jul[ih]o|luglio"
    r"|aug(?:ust)?|août|agosto|sep(?:t|tember|tembre|tiembre)?|settembre|setembro|oct(?:ober|obre)?|oktober|ottobre"
    r"|outubro|octubre|nov(?:ember|embre|iembre|embro)?|de[cz](?:ember|embro|embre)?|décembre|diciembre|dicembre"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|tomorrow"
    r"|(?:янва|февра|апре|сентя|октя|нояб|дека)\w+|март\w?|ма[йя]|ию[нл][ьяе]|август\w?)(?!\w)",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<!\w)[^\W\d_a-zà-öø-ÿ]\w*(?:['’-]\w+)*")


@lru_cache(maxsize=256)
def changed_kinds(before: str, after: str) -> frozenset[Kind]:
    """Return the kinds of words that differ. They are hints for editors, not a verdict, and may be empty."""
    before, after = plain_numbers(normal(before), normal(after))
    found = set()
    if values(before) != values(after):
        found.add(Kind.NUMBER)
    if negations(before) != negations(after):
        found.add(Kind.NEGATION)
    if _dates(before) != _dates(after):
        found.add(Kind.DATE)
    if _names(before, after) != _names(after, before):
        found.add(Kind.NAME)
    return frozenset(found)


def is_date_word(word: str) -> bool:
    """Whether a word names a month or a day of the week."""
    return _DATE.fullmatch(word) is not None


def without_date_words(text: str) -> str:
    return _DATE.sub(" ", text)


def _dates(text: str) -> Counter[str]:
    """The dates of a text; months by the letters that they are abbreviated to."""
    return Counter(_abbreviated(found[0].lower()) for found in _DATE.finditer(text))


def _abbreviated(date: str) -> str:
    if any(map(str.isdigit, date)):
        return date
    return date[: 4 if date.startswith("jui") else 3]


def _names(text: str, other: str) -> Counter[str]:
    """Capitalised words that the other wording has not, in any case. The first of a sentence is capitalised
    anyhow: it counts only before another one, as in a full name."""
    others = set(re.findall(r"\w+", other.lower()))
    found: Counter[str] = Counter()
    text = without_date_words(text)
    for name in _NAME.finditer(text):
        if is_magnitude(name[0]):
            continue
        first = not text[: name.start()].strip(" \"'([-")
        if name[0][0].isupper() and name[0].lower() not in others:
            acronym = len(name[0]) > 1 and name[0].isupper()
            if first and not acronym and not text[name.end() + 1 : name.end() + 2].isupper():
                continue
            found[name[0]] += 1
    return found
