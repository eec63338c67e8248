"""The words of one language that tell whom a source names: its table [speakers], and given names of all languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, TypeVar

from claims.statements.languages import primary, table

LANGUAGES = ("en", "de", "es")
_MOST_REMEMBERED = 20_000  # words of each kind
_Found = TypeVar("_Found")


def fold(word: str) -> str:
    """A word in lower case, without its marks and the possessive ending."""
    low = word.lower().replace("’", "'").strip(".,;:()'\"")
    return low[:-2] if low.endswith("'s") else low


@dataclass(frozen=True)
class Vocabulary:
    """The word lists of a language; each is read as a set of lower-case words."""

    code: str
    lists: dict[str, Any]

    def of(self, name: str) -> frozenset[str]:
        """The words of one list."""
        found = self._sets.get(name)
        if found is None:
            found = self._sets[name] = frozenset(str(self.lists.get(name, "")).split())
        return found

    @cached_property
    def _sets(self) -> dict[str, frozenset[str]]:
        return {}

    def pattern(self, name: str) -> re.Pattern[str]:
        """A pattern of the table, compiled."""
        return re.compile(self.lists[name])

    def is_title(self, word: str) -> bool:
        """`Mr`, `Gov.`, `Frau`, `Sra.`"""
        return fold(word) in self.of("honorifics")

    def is_role(self, word: str) -> bool:
        """What a person is: `minister`, `striker`, `Finanzministerin`."""
        return self.role(word) is not None

    def role(self, word: str) -> str | None:
        """The role in a word, in the singular; None if it is none."""
        return self._cached("role", fold(word), self._role)

    def _role(self, low: str) -> str | None:
        roles = self.of("roles")
        if low in roles:
            return low
        if self.code != "de" and low.endswith("s") and (low[:-1] in roles or low[:-2] in roles):
            return low[:-1] if low[:-1] in roles else low[:-2]
        if self.code == "en" and low.endswith("men") and low[:-3] + "man" in roles:
            return low[:-3] + "man"
        if self.code == "en" and low.endswith("ies") and low[:-3] + "y" in roles:
            return low[:-3] + "y"
        if "-" in low:  # "co-author", "mother-of-three"
            of = low.split("-of-")[0]
            return of if of in roles else low.split("-")[-1] if low.split("-")[-1] in roles else None
        for end in self._role_suffixes:
            if low.endswith(end):
                return end
        if self.code == "de":
            return self._oblique_role(low)
        return None

    def _oblique_role(self, low: str) -> str | None:
        """The role in a German genitive ("Ministers") or weak noun ("Präsidenten"), which may be a plural too."""
        stem = self.nominative(low)
        if stem == low:
            return None
        return stem if stem in self.of("roles") else next(end for end in self._role_suffixes if stem.endswith(end))

    def nominative(self, low: str) -> str:
        """A German role without the ending of its genitive or of a weak noun; any other word as it is."""
        if self.code != "de" or low in self.of("roles") or low.endswith(tuple(self._role_suffixes)):
            return low
        for end in ("es", "s", "en", "n"):
            stem = low[: -len(end)]
            known = stem in self.of("roles") or stem.endswith(tuple(self._role_suffixes))
            if low.endswith(end) and len(stem) > 3 and known:
                return stem
        return low

    @cached_property
    def _role_suffixes(self) -> list[str]:
        return sorted(self.of("role_suffixes"), key=len, reverse=True)

    def is_plural_role(self, word: str) -> bool:
        """`residents`, `los vecinos`, `Experten`; most German plurals look like their singular."""
        low = fold(word)
        if self.of("role_suffixes"):
            exact = low in self.of("roles") or any(low.endswith(end) for end in self._role_suffixes)
            return not exact and low.endswith("n") and self.is_role(low)
        return self.is_role(low) and low not in self.of("roles")

    def is_body(self, word: str) -> bool:
        """The head of an organisation's name or description: `Ministry`, `council`, `Landesamt`."""
        return self._cached("body", fold(word), self._is_body)

    def _is_body(self, low: str) -> bool:
        plain = low[:-1] if low.endswith("s") else low
        if low in self.of("bodies") or plain in self.of("bodies"):
            return True
        ends = self.of("body_suffixes")
        return any(form.endswith(end) and len(form) > len(end) + 1 for end in ends for form in (low, plain))

    def _cached(self, kind: str, low: str, look: Callable[[str], _Found]) -> _Found:
        """What `look` finds for a word, remembered for the words of a language that recur."""
        known: dict[str, Any] = self._known.setdefault(kind, {})
        if low not in known:
            if len(known) > _MOST_REMEMBERED:
                known.clear()
            known[low] = look(low)
        found: _Found = known[low]
        return found

    @cached_property
    def _known(self) -> dict[str, dict[str, Any]]:
        return {}

    def contradict(self, one: Iterable[str], other: Iterable[str]) -> bool | None:
        """Whether two sets of words tell of two persons by their roles; None if either tells of none.

        Roles contradict if they share neither a word nor a line of work ("MP", "minister").
        """
        here = {role for word in one if (role := self.role(word)) is not None}
        there = {role for word in other if (role := self.role(word)) is not None}
        if not here or not there:
            return None
        families = [set(family.split()) for family in self.lists.get("families", [])]
        return not (here & there or any(family & here and family & there for family in families))

    def is_thing(self, word: str) -> bool:
        """What speaks for somebody: `report`, `Mitteilung`."""
        return fold(word) in self.of("things")

    def is_street(self, word: str) -> bool:
        """The last word of a street or place: `Road`, `Marienplatz`."""
        low = fold(word)
        if low in self.of("streets"):
            return True
        return self.code == "de" and len(low) > 6 and low.endswith(("straße", "strasse", "platz", "allee", "brücke"))

    def female(self, word: str) -> bool | None:
        """What a title, role or given name tells: True for a woman, False for a man, None if nothing."""
        low = fold(word)
        if low in self.of("female_titles"):
            return True
        if low in self.of("male_titles"):
            return False
        if self.code == "en" and low.endswith(("woman", "ess")) and self.is_role(low):
            return True
        if self.code == "en" and low.endswith("man") and low not in {"ottoman"} and self.is_role(low):
            return False
        if self.code == "de" and self.is_role(low) and low.endswith(("in", "frau")):
            return True
        spanish = self.code == "es" and self.is_role(low) and low.endswith("a")
        if spanish and (self.of("roles") & {low[:-1] + "o", low[:-1]} or low.endswith(("enta", "esa"))):
            return True
        return given_name(low)


@lru_cache(maxsize=1)
def _given_names() -> dict[str, bool | None]:
    names: dict[str, bool | None] = {}
    sex: bool | None = None
    for line in files(__package__).joinpath("given_names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            sex = {"[female]": True, "[male]": False}.get(line)
        elif not line.startswith("#"):
            names.update(dict.fromkeys(line.split(), sex))
    for name, tells in (("female", True), ("male", False)):
        names.update(dict.fromkeys(str(table("en", "attribution").get(name, "")).split(), tells))
    return names


def is_given_name(word: str) -> bool:
    """Whether a word is a given name of any of the listed countries."""
    low = fold(word)
    first = low.split("-")[0]
    return low in _given_names() or ("-" in low and first in _given_names())


def given_name(word: str) -> bool | None:
    """True for the given name of women, False for that of men, None for both and for any other word."""
    low = fold(word)
    names = _given_names()
    return names.get(low, names.get(low.split("-")[0])) if "-" in low else names.get(low)


@lru_cache(maxsize=8)
def vocabulary(language: str) -> Vocabulary:
    """The words of a language; those of English for a language without any."""
    code = primary(language)
    lists = table(code, "speakers")
    return Vocabulary(code, lists) if lists else Vocabulary("en", table("en", "speakers"))
