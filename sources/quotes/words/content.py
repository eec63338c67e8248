"""What a wording is made of, letters, figures and signs in their order, apart from the gaps between them.

Pure: no network, no database.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sources.quotes.words.signs import is_sign


@dataclass(frozen=True)
class Word:
    """A word or a number: where it begins and ends in what a wording is made of."""

    start: int
    end: int
    text: str

    @property
    def is_number(self) -> bool:
        return self.text[0].isdigit()


@dataclass
class Content:
    """What a wording is made of, one character each, and what stands in the gap before each of them."""

    text: str
    characters: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    def __post_init__(self) -> None:
        last = 0
        for found in _PIECE.finditer(self.text):
            piece = found[0]
            single = len(piece) == 1 and not _is_letter(piece)
            if single and not is_sign(piece):
                continue
            start = len(self.characters)
            # A number begins, whatever stands before it: 3 8 is not 38.
            added = ["#", *piece] if piece[0].isdigit() else list(piece)
            self.characters += added
            self.gaps += [self.text[last : found.start()], *[""] * (len(added) - 1)]
            if not single:
                self.words.append(Word(start, start + len(added), piece))
            last = found.end()
        self.gaps.append(self.text[last:])

    def same_as(self, other: "Content") -> bool:
        """Whether both have the same letters, figures and signs, case apart."""
        if len(self.characters) != len(other.characters):
            return False
        capitals = self.text.isupper() or other.text.isupper()
        return all(map(lambda a, b: _same(a, b, capitals), self.characters, other.characters))

    @property
    def weighty_signs(self) -> Counter[str]:
        """The signs that say how much or whether, with raised figures."""
        return Counter(each for each in self.characters if each not in _LIGHT and not _is_letter(each, raised=False))

    def beside(self, at: int) -> tuple[Word | None, Word | None]:
        """The words before and after a gap."""
        before = next((word for word in reversed(self.words) if word.end <= at), None)
        return before, next((word for word in self.words if word.start >= at), None)

    def set_off(self) -> Iterator[tuple[int, int]]:
        """What stands in round brackets."""
        opened = None
        for at, gap in enumerate(self.gaps):
            for mark in gap:
                if mark == "(":
                    opened = at
                elif mark == ")" and opened is not None:
                    yield opened, at
                    opened = None


_SIGNS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f"
    "\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a00-\u0dff"
)
"""Vowel signs and accents, which are no letters to `\\w`."""
_PIECE = re.compile(rf"\d+(?:[.,]\d+)*|(?:[^\W\d_]|[{_SIGNS}])+(?:'(?:s|re|ll|d|ve|m|t)(?!\w))?|.", re.IGNORECASE)
_LIGHT = frozenset("?\"&@/#'.,")


def _is_letter(character: str, *, raised: bool = True) -> bool:
    """Whether it is a letter, a figure or a mark of one; a raised figure too, unless it is asked for as a sign."""
    if character.isalnum():
        return raised or character.isalpha() or character.isdecimal()
    return unicodedata.category(character)[0] == "M"


def _same(was: str, now: str, capitals: bool) -> bool:
    if was == now:
        return True
    one, other = was.lower(), now.lower()
    if one == other or {one, other} in ({"ς", "σ"}, {"ا", "أ"}, {"ا", "إ"}):
        return True
    if {was, now} in ({"I", "ı"}, {"İ", "i"}):
        return True
    # Capitals are often set without the accents that stand on small letters: ETAT, Etat, ΑΘΗΝΑ.
    if not (capitals or (was.isupper() and now.isupper())):
        return False
    bare = {unicodedata.normalize("NFD", each)[0] for each in (one, other)}
    accents = set("".join(unicodedata.normalize("NFD", each)[1:] for each in (one, other)))
    return len(bare) == 1 and bool(bare & _VOWELS) and accents <= _ACCENTS and {one, other} & bare != set()


_VOWELS = set("aeiouçcαειουηω")
_ACCENTS = set("\u0300\u0301\u0302\u0327")
