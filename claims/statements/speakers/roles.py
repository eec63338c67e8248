"""What a text says that somebody is: the roles before a name, behind its comma, and before the comma that opens it."""

from __future__ import annotations

from collections.abc import Callable

from claims.statements.speakers.vocabulary import Vocabulary
from claims.statements.speakers.words import Word


def roles_before(words: list[Word], first: int, language: Vocabulary) -> set[str]:
    """The roles in small letters right before a name: `the works minister Ida Moe`."""
    found: set[str] = set()
    n = first - 1
    if n < 0 or words[first].before or not language.is_role(words[n].text):
        return found
    while n >= 0 and first - n <= 4 and not words[n + 1].before:
        if words[n].low in language.of("articles") | language.of("prepositions"):
            break
        found.add(words[n].low)
        n -= 1
    return found


def apposed(words: list[Word], last: int, language: Vocabulary) -> set[str]:
    """What a name is said to be behind its comma: `Ida Moe, head of the works office,`."""
    found: set[str] = set()
    for n in range(last + 1, min(len(words), last + 9)):
        if n == last + 1:
            if words[n].before not in {",", "("}:
                break
        elif words[n].before and words[n].before not in {"-"}:
            break
        if words[n].low in language.of("relatives") - language.of("articles"):
            break
        if n == last + 1 and words[n].low in language.of("prepositions") | language.of("conjunctions"):
            break
        if language.is_role(words[n].text):
            start = n
            while start > last + 1 and words[start - 1].low not in language.of("articles"):
                start -= 1
            if not _is_subject(words, last, start, n, language):
                found |= {w.low for w in words[start : n + 1]}
            break
        if words[n].low in language.of("prepositions"):
            break
    return found


def _is_subject(words: list[Word], last: int, start: int, role: int, language: Vocabulary) -> bool:
    """Whether a role behind a comma is the subject of the sentence: `In the presence of Ida Moe, the mayor said`.

    It is if the name stands in a phrase that a preposition opens, and a small word follows the role with no mark
    between. A role of the other sex is nobody's apposition.
    """
    first = last
    while first > 0 and words[first].capital and not words[first].before:
        first -= 1
    lead = words[first].low if not words[first].capital else ""
    roles = language.of("articles") | language.of("prepositions")
    k = first
    while k > 0 and not words[k].before and words[k].low not in roles:
        k -= 1
    governed = lead in language.of("prepositions") or words[k].low in language.of("prepositions")
    behind = words[role + 1] if role + 1 < len(words) else None
    goes_on = behind is not None and not behind.before and not behind.capital and behind.low not in roles
    article = start > last + 1 and words[start - 1].low in language.of("definite")
    sexes = language.female(words[role].text), language.female(words[first + (not words[first].capital)].text)
    return (governed and goes_on and article) or (None not in sexes and sexes[0] is not sexes[1])


def before_comma(words: list[Word], first: int, language: Vocabulary, opens: Callable[[int], bool]) -> set[str]:
    """What a name is said to be before it: `The trust's chief executive, Ida Moe`, `La ministra de Sanidad, …`."""
    found: set[str] = set()
    if first == 0 or words[first].before != ",":
        return found
    for n in range(first - 1, max(-1, first - 9), -1):
        low = words[n].low
        if language.is_role(words[n].text) or low in language.of("role_parts"):
            found.add(low)
        elif words[n].owner or low in language.of("articles") | language.of("own"):
            return found if any(language.is_role(role) for role in found) else set()
        elif low not in language.of("genitives") and found and words[n].before:
            break
        elif low not in language.of("genitives"):
            found.add(low)
        if words[n].before:
            break
    at_start = n >= 0 and (n == 0 or bool(words[n].before) or opens(words[n].start))
    return found if at_start and any(language.is_role(role) for role in found) else set()
