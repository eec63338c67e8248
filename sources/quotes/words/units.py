"""The unit, or the thing counted, in words beside a figure, in every language that CLDR names units in.

Names of units are in `units.tsv`, which `.ci/units` writes. A word beside a figure that is no such name counts where
it was exchanged for another one and the sentence goes on as it did: `38 houses were lost`, `38 bridges were lost`.

Pure: no network, no database.
"""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from sources.quotes.cues import LANGUAGES, LETTER, cues_of, fold
from sources.quotes.normalization import CONTINUOUS
from sources.quotes.words.modality import SAYING

_FILE = Path(__file__).with_name("units.tsv")
_LONGEST = 4
"""Words of the longest name of a unit."""
_LONGEST_DENSE = 8
"""Characters of the longest one in a script without spaces."""
_SHORTEST = 3
"""Letters from which a name is no abbreviation, which alone could be any word."""
_STEM = 4
_ENDING = 3
"""Letters that two forms of one word share at their beginning, at least, and those of their ends, at most."""
_TOKEN = re.compile(rf"[^\S\n]?({LETTER}[^\s,;:!?()\"“”„«»]*)")
_BEFORE = re.compile(rf"((?:{LETTER}+[^\S\n]+)?)({LETTER}[\w.²³/]*)[^\S\n]?$")
_DENSE = re.compile(rf"[{CONTINUOUS}\uac00-\ud7af]")


def exchanged_after(was: str, now: str) -> bool:
    """Whether what follows a figure names another unit or counts another thing than before. Both from the figure on."""
    was, now = _line(was), _line(now)
    own, other = _name_after(was), _name_after(now)
    if own == other:
        return False
    units, others = _units(own, "after"), _units(other, "after")
    if units and others:
        return not units & others
    if units or others:
        unit, word = (own, other) if units else (other, own)
        return _is_told(unit) and not _is_form(unit, word)
    return bool(own and other) and _is_other_thing(own, other) and _goes_on(was, own) == _goes_on(now, other)


def exchanged_before(was: str, now: str) -> bool:
    """The same for languages that name the unit before the figure: `kilomita 38`. Both up to the figure."""
    own, other = (_BEFORE.search(" " + fold(text.rpartition("\n")[2])) for text in (was, now))
    if own is None or other is None or own[2] == other[2]:
        return False
    units, others = (_units(found[2], "before") for found in (own, other))
    if units and others:
        return not units & others
    if not (units or others):
        return False
    unit, word = (own, other) if units else (other, own)
    # One of them may be a spelling that CLDR has not, or no unit at all.
    return _is_told(unit[2]) and unit[1].strip() in (word[1].strip(), word[2])


def same_unit(was: str, now: str) -> bool:
    """Whether what follows a figure is the same unit, however it is written: `38 km`, `38 kilometres`."""
    units, others = (_units(_name_after(_line(text)), "after") for text in (was, now))
    return bool(units & others)


def units_named(name: str) -> frozenset[str]:
    """The units that a word names in some language, by their ids in CLDR: `duration-year` for `years` and `Jahre`."""
    names, word = _names(), fold(name)
    return names["after"].get(word, frozenset()) | names["before"].get(word, frozenset())


def _line(text: str) -> str:
    """The rest of the line, folded. A space before it stays."""
    line = text.partition("\n")[0]
    return " " * line[:1].isspace() + fold(line).strip()


def _name_after(folded: str) -> str:
    """The longest name of a unit right after a figure, else the word there; empty if there is none."""
    head = folded.lstrip(" -")
    if len(folded) - len(head) > 1 or not re.match(LETTER, head):
        return ""
    if _DENSE.match(head):
        return next((head[:n] for n in range(_LONGEST_DENSE, 0, -1) if _units(head[:n], "after")), "")
    words: list[str] = []
    at = 0
    while len(words) < _LONGEST and (token := _TOKEN.match(head, at)):
        words.append(token[1])
        at = token.end()
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        if _units(name, "after"):
            return name
        if _units(name.rstrip("."), "after"):
            return name.rstrip(".")
    return words[0].rstrip(".'’")


def _goes_on(folded: str, name: str) -> str:
    """The next word after what a figure counts, or that nothing follows."""
    rest = folded[folded.find(name) + len(name) :]
    token = re.match(r"\W*(\w+)", rest)
    return token[0] if token else ""


def _is_other_thing(was: str, now: str) -> bool:
    """Whether two words beside a figure are nouns or the like, and not two forms of one."""
    if min(len(was), len(now)) < _SHORTEST or _is_form(was, now):
        return False
    return not any(word in _no_things() or SAYING.fullmatch(word) or word[0].isdigit() for word in (was, now))


def _is_form(one: str, other: str) -> bool:
    shared = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return shared >= _STEM and max(len(one), len(other)) - shared <= _ENDING


def _is_told(unit: str) -> bool:
    if _DENSE.match(unit):
        return True
    return sum(map(str.isalpha, unit)) >= _SHORTEST and unit not in _no_things()


@cache
def _no_things() -> frozenset[str]:
    """Function words, and names of months and days, of all languages with cue tables."""
    tables = [cues for language in LANGUAGES if (cues := cues_of(language))]
    return frozenset().union(*(each.function_words | each.months for each in tables))


def _units(name: str, side: str) -> frozenset[str]:
    return _names()[side].get(name, frozenset()) if name and name not in _no_things() else frozenset()


@cache
def _names() -> dict[str, dict[str, frozenset[str]]]:
    """The units by their names, for each side of the figure."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        unit, side, names = line.split("\t")
        for name in names.split("|"):
            found[side][name].add(unit)
    return {side: {name: frozenset(units) for name, units in own.items()} for side, own in found.items()}
