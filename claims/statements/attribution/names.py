"""Find full names in a text: persons ("Chief Engineer Ida Moe") and organisations ("the Ministry of Works (MoW)")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims.statements.attribution.lexicon import (
    ADVERBS,
    COORDINATORS,
    DAYS,
    DETERMINERS,
    FEMALE,
    MALE,
    MONTHS,
    ORGANISATION_HEADS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUN_SUBJECTS,
    SUBORDINATORS,
    TITLES,
    words,
)
from claims.statements.attribution.parts_of_speech import is_person_noun
from claims.statements.attribution.tokens import quotations
from claims.statements.sentences import paragraphs

PERSON, ORGANISATION, UNKNOWN = "person", "organisation", "unknown"

_CAPITAL = (
    r"(?:[A-Z]\.(?:[A-Z]\.)*|(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Capt|Lt|Maj|Sgt|St|Rev|Hon|Adm)\."
    r"|[A-ZÀ-Þ][\w’'-]*[^\W_]|[A-Z](?=\s[A-Z]))"
)
_LINK = r"(?:of|for|and|the|on|to|de|del|della|da|di|van|von|der|den|bin|ibn|al|el|la|le|du|dos|&)"
_RUN = re.compile(rf"(?:@\w+)|{_CAPITAL}(?:\s+(?:(?:{_LINK}\s+){{0,2}})?{_CAPITAL})*")
NOT_NAMES = (
    DETERMINERS | PREPOSITIONS | SUBORDINATORS | COORDINATORS | PRONOUN_SUBJECTS | POSSESSIVES | ADVERBS | DAYS | MONTHS
) | words("there here yes no dear earlier recent other our according starting working speaking")
_LONG_QUOTATION = 40  # characters: names in longer ones do not introduce anybody
_LONGEST_NAME = 15  # words
_ABBREVIATED = re.compile(r"\s*\(([A-Z][A-Za-z&.-]{1,9})\)")
_APPOSED = re.compile(r",\s+(?:(?:a|an|the|its|his|her|their)\s+)?((?:[\w’'-]+\s+){0,4}[\w’'-]+)")


@dataclass(slots=True)
class Mention:
    """A full name where it stands.

    `words`: of the name, in lower case, without titles and article. `described`: titles and apposed words
    ("minister", "spokeswoman"). `prominent`: opens its sentence, bears a title or has spoken. `female`: None if
    nothing tells.
    """

    name: str
    kind: str
    at: int
    words: tuple[str, ...]
    described: frozenset[str]
    prominent: bool
    abbreviation: str = ""
    female: bool | None = None


def mentions(text: str) -> list[Mention]:
    """All full names of `text`, in order; a single word is none."""
    found = []
    for paragraph in paragraphs(text):
        quoted = [q for q in quotations(text, *paragraph) if q.end - q.start > _LONG_QUOTATION]
        for match in _RUN.finditer(text, *paragraph):
            if any(q.start < match.start() < q.end for q in quoted):
                continue
            for name in _names(match):
                if (mention := _mention(text, name)) is not None:
                    found.append(mention)
    return sorted(found, key=lambda m: m.at)


def bare(word: str) -> str:
    return word.lower().replace("’", "'").strip(".,;:()'\"")


def _names(run: re.Match[str]) -> Iterator[list[tuple[str, int]]]:
    """The names of a capitalised run as (word, offset): one, or those that "and" joins."""
    pieces = [(m.group(), run.start() + m.start()) for m in re.finditer(r"\S+", run.group())]
    while pieces and bare(pieces[0][0]) in NOT_NAMES - {"may"}:
        pieces.pop(0)
    linked = any(w in {"of", "for"} for w, _ in pieces)
    organisation = any(bare(w) in ORGANISATION_HEADS for w, _ in pieces)
    name: list[tuple[str, int]] = []
    for word, at in [*pieces, ("and", -1)]:
        if word != "and" or (organisation and linked and at >= 0):
            name.append((word, at))
            continue
        owners = [k for k, (w, _) in enumerate(name) if re.search(r"[’']s$", w)]
        if owners and not organisation:
            name = name[owners[-1] + 1 :]  # "China's Chief Justice Zhou Qiang"
        if 0 < len(name) <= _LONGEST_NAME:
            yield name
        name = []


def _is_body(name: list[tuple[str, int]]) -> bool:
    return any(bare(w) in ORGANISATION_HEADS for w, _ in name)


def _mention(text: str, name: list[tuple[str, int]]) -> Mention | None:
    titles = []
    if len(name) > 2 and name[0][0].isupper() and len(name[0][0]) > 1 and bare(name[1][0]) in TITLES:
        name = name[1:]  # "UPD Commissioner James Aas"
    while len(name) > 1 and (bare(name[0][0]) in TITLES or _demonym(bare(name[0][0]))):
        if _is_body(name) and bare(name[-1][0]) in ORGANISATION_HEADS:
            break  # "Justice Department", "Prime Minister's Office"
        titles.append(bare(name[0][0]))
        name = name[1:]
    while titles and len(name) > 2 and is_person_noun(bare(name[0][0])) and not _is_body(name):
        titles.append(bare(name[0][0]))  # "Chief Harbourmaster Ottar Venn"
        name = name[1:]
    if len(name) < 2:
        return None
    start = name[0][1]
    end = name[-1][1] + len(name[-1][0])
    written = re.sub(r"\s+", " ", text[start:end])
    organisation = _is_body(name)
    lead = re.search(r"([a-z-]+)\s+$", text[max(0, start - 40) : start])
    if lead and is_person_noun(lead[1]) and not organisation:
        titles.append(lead[1])
    if organisation and re.search(r"\bthe\s+$", text[max(0, start - 5) : start], re.IGNORECASE):
        written = f"the {written}"
    apposed = _APPOSED.match(text, end, end + 80)
    described = {*titles, *(w.lower() for w in (apposed[1].split() if apposed else []) if is_person_noun(w.lower()))}
    before = text[max(0, start - 3) : start].rstrip(" ")
    abbreviation = _ABBREVIATED.match(text, end)
    return Mention(
        name=written,
        kind=ORGANISATION if organisation else PERSON,
        at=start,
        words=tuple(bare(w) for w, _ in name),
        described=frozenset(described),
        prominent=bool(titles) or organisation or not before or before[-1] in '.!?\n”"—,',
        abbreviation=abbreviation[1] if abbreviation else "",
        female=_female([*described, bare(name[0][0])]),
    )


def _demonym(word: str) -> bool:
    return word.endswith(("ese", "ian", "ish", "can")) and len(word) > 4


def _female(described: list[str]) -> bool | None:
    """True for a woman, False for a man, None if neither title nor given name tells."""
    if any(w in FEMALE or w.endswith("woman") for w in described):
        return True
    if any(w in MALE or w.endswith("man") for w in described[:-1]) or described[-1] in MALE:
        return False
    return None
