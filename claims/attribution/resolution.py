"""Whom a source means: "she", "Berg" or "the ministry" resolved to the last full name that fits.

    Resolver(text).resolve(source_span) -> Resolved("the Ministry of Works", "organisation")

Sources are to be resolved in the order of the text: the speakers found so far are what a pronoun most likely means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from claims.attribution.lexicon import (
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
    UTTERANCE_NOUNS,
    words,
)
from claims.attribution.phrases import is_person_noun
from claims.attribution.tokens import quotations
from claims.sentences import Span, paragraphs

PERSON, ORGANISATION, UNKNOWN = "person", "organisation", "unknown"

_CAPITAL = r"(?:[A-Z]\.(?:[A-Z]\.)*|[A-ZÀ-Þ][\w’'-]*[^\W_]|[A-Z](?=\s[A-Z]))\.?"
_LINK = r"(?:of|for|and|the|on|to|de|del|della|da|di|van|von|der|den|bin|ibn|al|el|la|le|du|dos|&)"
_RUN = re.compile(rf"(?:@\w+)|{_CAPITAL}(?:\s+(?:(?:{_LINK}\s+){{0,2}})?{_CAPITAL})*")
_NOT_NAMES = (
    DETERMINERS | PREPOSITIONS | SUBORDINATORS | COORDINATORS | PRONOUN_SUBJECTS | POSSESSIVES | ADVERBS | DAYS | MONTHS
) | words(
    """
    there here yes no dear earlier recent other our according starting working speaking
    """
)
_GROUPS = words(
    """
    republicans democrats experts officials police residents reports critics witnesses
    """
)
# "The agency" may mean an organisation that does not have the word in its name.
_ANY_BODY = words("agency organisation organization group company body firm institution regulator association union")
_ABBREVIATED = re.compile(r"\s*\(([A-Z][A-Za-z&.-]{1,9})\)")


@dataclass(frozen=True, slots=True)
class Resolved:
    """The fullest name known, as the text writes it (None for a pronoun that nothing fits), and what bears it."""

    name: str | None
    kind: str


@dataclass(slots=True)
class Mention:
    name: str
    kind: str
    at: int
    words: tuple[str, ...]  # of the name, lower case, titles and articles off
    described: frozenset[str]  # titles and apposed words: "minister", "spokeswoman"
    prominent: bool  # opens its sentence, bears a title or has spoken
    abbreviation: str = ""
    female: bool | None = None


@dataclass(slots=True)
class Resolver:
    """Resolves the sources of one text, in order."""

    text: str
    mentions: list[Mention] = field(default_factory=list)
    _spoken: list[tuple[int, Resolved]] = field(default_factory=list)
    _statement_by: Resolved | None = None

    def __post_init__(self) -> None:
        quoted = [q for p in paragraphs(self.text) for q in quotations(self.text, *p)]
        for match in _RUN.finditer(self.text):
            if not any(q.start < match.start() < q.end and q.end - q.start > 40 for q in quoted):
                self._mentions(match.start(), match.group())
        self.mentions.sort(key=lambda m: m.at)

    # -- reading names ------------------------------------------------------------------------------------------

    def _mentions(self, at: int, run: str) -> None:
        """Add the full names of a capitalised run: one, or two joined by "and"."""
        words = [(m.group(), at + m.start()) for m in re.finditer(r"\S+", run)]
        while words and _bare(words[0][0]) in _NOT_NAMES - {"may"}:
            words.pop(0)
        linked = any(w in {"of", "for"} for w, _ in words)
        organisation = any(_bare(w) in ORGANISATION_HEADS for w, _ in words)
        joints = [k for k, (w, _) in enumerate(words) if w == "and"]
        if joints and not (organisation and linked):
            cut = joints[0]
            self._mentions(words[cut + 1][1], self.text[words[cut + 1][1] : at + len(run)])
            words = words[:cut]
        owners = [k for k, (w, _) in enumerate(words) if re.search(r"[’']s$", w)]
        if owners and not organisation:
            words = words[owners[-1] + 1 :]  # "China's Chief Justice Zhou Qiang"
        if words:
            self._mention(words)

    def _mention(self, words: list[tuple[str, int]]) -> None:
        def is_body() -> bool:
            return any(_bare(w) in ORGANISATION_HEADS for w, _ in words)

        titles = []
        while len(words) > 1 and (_bare(words[0][0]) in TITLES or _demonym(_bare(words[0][0]))):
            if is_body() and _bare(words[-1][0]) in ORGANISATION_HEADS:
                break  # "Justice Department", "Prime Minister's Office"
            titles.append(_bare(words[0][0]))
            words = words[1:]
        while titles and len(words) > 2 and is_person_noun(_bare(words[0][0])) and not is_body():
            titles.append(_bare(words[0][0]))  # "Chief Harbourmaster Ottar Venn"
            words = words[1:]
        start = words[0][1]
        end = words[-1][1] + len(words[-1][0])
        name = self.text[start:end]
        organisation = is_body()
        lead = re.search(r"([a-z-]+)\s+$", self.text[max(0, start - 40) : start])
        if lead and is_person_noun(lead[1]) and not organisation:
            titles.append(lead[1])
        if len(words) < 2:
            return  # one word resolves to itself
        if organisation and re.search(r"\bthe\s+$", self.text[max(0, start - 5) : start], re.IGNORECASE):
            name = f"the {name}"
        abbreviation = _ABBREVIATED.match(self.text, end)
        described = {*titles, *self._apposed(end)}
        self.mentions.append(
            Mention(
                name=re.sub(r"\s+", " ", name),
                kind=ORGANISATION if organisation else PERSON,
                at=start,
                words=tuple(_bare(w) for w, _ in words),
                described=frozenset(described),
                prominent=bool(titles) or organisation or self._opens_sentence(start),
                abbreviation=abbreviation[1] if abbreviation else "",
                female=_gender([*described, _bare(words[0][0])]),
            )
        )

    def _apposed(self, end: int) -> set[str]:
        match = re.match(
            r",\s+(?:(?:a|an|the|its|his|her|their)\s+)?((?:[\w’'-]+\s+){0,4}[\w’'-]+)", self.text[end : end + 80]
        )
        if match is None:
            return set()
        return {w.lower() for w in match[1].split() if is_person_noun(w.lower())}

    def _opens_sentence(self, at: int) -> bool:
        before = self.text[max(0, at - 3) : at].rstrip(" ")
        return not before or before[-1] in '.!?\n”"—,'

    # -- resolving ----------------------------------------------------------------------------------------------

    def resolve(self, source: Span) -> Resolved:
        written = self.text[source.start : source.end]
        resolved = self._resolve(written, source.start)
        self._spoken.append((source.start, resolved))
        for mention in self.mentions:
            if mention.name == resolved.name:
                mention.prominent = True
                if written.lower() in {"he", "she"}:
                    mention.female = written.lower() == "she"
        if _head(written) in UTTERANCE_NOUNS:
            self._statement_by = resolved
        return resolved

    def _resolve(self, written: str, at: int) -> Resolved:
        lower = written.lower().strip()
        if lower in {"he", "she"}:
            return self._person_before(at, female=lower == "she")
        if lower in {"it", "they"}:
            return self._body_before(at, plural=lower == "they")
        if lower in {"i", "we", "you", "who", "one", "that", "which", "this"}:
            return Resolved(None, UNKNOWN)
        head = _head(written)
        if head in UTTERANCE_NOUNS:
            return self._utterance(written, at, head)
        named = self._by_name(written, at)
        if named is not None:
            return named
        return self._by_noun(written, at, head)

    def _person_before(self, at: int, *, female: bool) -> Resolved:
        fitting = [
            m for m in self.mentions if m.kind == PERSON and m.at < at and (m.female is None or m.female == female)
        ]
        spoken_at = {r.name: position for position, r in self._spoken if r.kind == PERSON and r.name and position < at}
        best: Mention | None = None
        best_at = -1
        for mention in fitting:
            last = max(mention.at, spoken_at.get(mention.name, -1), self._surname_at(mention, at))
            if (mention.prominent or mention.name in spoken_at) and last > best_at:
                best, best_at = mention, last
        if best is None and fitting:
            best = fitting[-1]
        if best is None:
            names = [r for _, r in self._spoken if r.kind == PERSON and r.name]
            return names[-1] if names else Resolved(None, PERSON)
        return Resolved(best.name, PERSON)

    def _surname_at(self, mention: Mention, before: int) -> int:
        """Where a sentence last opened with the surname alone."""
        found = -1
        for match in re.finditer(
            rf"(?:^|[.!?\n]\s*|, )(?:M[rs]s?\.\s)?{re.escape(mention.words[-1])}\b", self.text[:before], re.IGNORECASE
        ):
            found = match.end()
        return found

    def _body_before(self, at: int, *, plural: bool) -> Resolved:
        """ "It" or "they": the last organisation that spoke, else the last one named."""
        for position, resolved in reversed(self._spoken):
            if (
                position < at
                and resolved.name
                and (resolved.kind == ORGANISATION or (plural and resolved.kind == UNKNOWN))
            ):
                return resolved
        bodies = [m for m in self.mentions if m.kind == ORGANISATION and m.at < at]
        return Resolved(bodies[-1].name, ORGANISATION) if bodies and not plural else Resolved(None, UNKNOWN)

    def _utterance(self, written: str, at: int, head: str) -> Resolved:
        """ "a statement from the ministry", "the ministry's report", "the statement"."""
        match = re.search(rf"\b{re.escape(head)}\b.*?\s(?:from|by|of|for)\s+(.+)$", written, re.IGNORECASE)
        if match:
            return self._resolve(match[1], at + match.start(1))
        owner = re.match(r"(.+?)[’']s\s", written)
        if owner and owner[1].lower() not in {"it", "that"}:
            return self._resolve(owner[1], at)
        lower = written.lower().split()
        if lower[0] in {"his", "her"}:
            return self._person_before(at, female=lower[0] == "her")
        if lower[0] in {"the", "its", "that", "this", "their"} and len(lower) <= 3:
            if self._statement_by is not None:
                return self._statement_by
            spoken = [r for p, r in self._spoken if p < at and r.kind == ORGANISATION and r.name]
            if spoken:
                return spoken[-1]
        named = self._by_name(written, at)
        return named if named is not None else Resolved(written, UNKNOWN)

    def _by_name(self, written: str, at: int) -> Resolved | None:
        """A source that holds a name: itself if full, else the fuller one mentioned before."""
        core = re.sub(r"^(?:the|The)\s+", "", written)
        for mention in self.mentions:  # "the ministry of public works", "the Ministry of Public Works (MPW)"
            if mention.at <= at + len(written) and _same(core, mention):
                return Resolved(mention.name, mention.kind)
        inside = [m for m in self.mentions if at <= m.at < at + len(written)]
        people = [m for m in inside if m.kind == PERSON]
        if people:
            # "Anna Berg, head of the Works Office"; "the works minister, Anna Berg"
            return Resolved(people[0].name, PERSON)
        first = written.split(",")[0]
        words = [w for w in re.findall(r"@?[\w’'.&-]+", first)]
        capitals = [w for w in words if w[0].isupper() and _bare(w) not in TITLES | _NOT_NAMES]
        if capitals and not any(_bare(w) in ORGANISATION_HEADS for w in words):
            for word in capitals[::-1]:
                found = self._known(_bare(re.sub(r"[’']s$", "", word)), at)
                if found is not None and (len(words) <= 3 or word == words[-1]):
                    return found
            if len(capitals) == 1 and any(_bare(w) in TITLES for w in words) and words[-1] == capitals[0]:
                return Resolved(capitals[0], PERSON)
        organisations = [m for m in inside if m.kind == ORGANISATION]
        if organisations and organisations[0].at - at <= 5:
            return Resolved(organisations[0].name, ORGANISATION)
        if words and _bare(words[-1]) in ORGANISATION_HEADS and words[-1][0].isupper():
            return Resolved(first.strip(), ORGANISATION)
        return None

    def _known(self, word: str, at: int) -> Resolved | None:
        """The last person whose name ends (else begins) with `word`, or the body abbreviated so."""
        before = [m for m in self.mentions if m.at <= at] or self.mentions
        for test in (lambda m: m.words[-1] == word, lambda m: m.words[0] == word):
            for mention in reversed(before):
                if mention.kind == PERSON and test(mention):
                    return Resolved(mention.name, PERSON)
        for mention in reversed(self.mentions):
            if mention.abbreviation.lower() == word or (mention.kind == ORGANISATION and mention.words[0] == word):
                return Resolved(mention.name, ORGANISATION)
        return None

    def _by_noun(self, written: str, at: int, head: str) -> Resolved:
        """ "the ministry", "the minister", "officials"."""
        definite = written.split()[0].lower() in {"the", "its", "his", "her", "that", "this"}
        if head in ORGANISATION_HEADS:
            if definite:
                for mention in reversed(self.mentions):
                    if mention.kind == ORGANISATION and mention.at < at and head in mention.words:
                        return Resolved(mention.name, ORGANISATION)
                if head in _ANY_BODY and len(written.split()) == 2:
                    spoken = [r for p, r in self._spoken if p < at and r.kind == ORGANISATION and r.name]
                    if spoken:
                        return spoken[-1]
            return Resolved(written, ORGANISATION)
        if definite and is_person_noun(head):
            for mention in reversed(self.mentions):
                if mention.kind == PERSON and mention.at < at and head in mention.described:
                    return Resolved(mention.name, PERSON)
        return Resolved(written, UNKNOWN)


def _bare(word: str) -> str:
    return word.lower().strip(".,;:()’'\"")


def _demonym(word: str) -> bool:
    return word.endswith(("ese", "ian", "ish", "can")) and len(word) > 4


def _gender(words: list[str]) -> bool | None:
    """True for a woman, False for a man, None if nothing tells."""
    if any(w in FEMALE or w.endswith("woman") for w in words):
        return True
    if any(w in MALE or (w.endswith("man") and not w.endswith("woman")) for w in words[:-1]) or words[-1] in MALE:
        return False
    return None


def _head(written: str) -> str:
    """Head noun of a phrase: the last word before a preposition, comma or relative clause."""
    head = ""
    for word in re.findall(r"[\w’'-]+|[,(]", written):
        lower = word.lower()
        if lower in {",", "("} or (head and (lower in PREPOSITIONS or lower in {"who", "which", "that"})):
            break
        head = lower
    return head


def _same(core: str, mention: Mention) -> bool:
    plain = core.lower().strip()
    name = re.sub(r"^the ", "", mention.name.lower())
    return plain == name or (
        bool(mention.abbreviation)
        and plain in {mention.abbreviation.lower(), f"{name} ({mention.abbreviation.lower()})"}
    )
