"""Resolve a source such as "she", "Berg" or "the ministry" to the last full name it can refer to.

    Resolver(text).resolve(source_span) -> Resolved("the Ministry of Works", "organisation")

Sources are to be resolved in the order of the text: the speakers found so far are what a pronoun most likely means.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from claims.statements.attribution.lexicon import ORGANISATION_HEADS, PREPOSITIONS, TITLES, UTTERANCE_NOUNS, words
from claims.statements.attribution.names import NOT_NAMES, ORGANISATION, PERSON, UNKNOWN, Mention, bare, mentions
from claims.statements.attribution.parts_of_speech import is_person_noun
from claims.statements.sentences import Span

# "The agency" may mean an organisation that does not have the word in its name.
_ANY_BODY = words("agency organisation organization group company body firm institution regulator association union")
_DEFINITE = words("the its his her that this their")
_PRONOUN_REACH = 3_000  # characters
_RECENT = 400  # mentions: who was named further back is not meant by a pronoun or a noun
_OPENING = re.compile(r"(?:^|[.!?\n]\s*|, )(?:M[rs]s?\.\s)?([A-ZÀ-Þ][\w’'-]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Resolved:
    """The fullest name known, as the text writes it (None for a pronoun that nothing fits), and what bears it."""

    name: str | None
    kind: str


class Resolver:
    """Resolves the sources of one text, in order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.mentions = mentions(text)
        self._spoken: list[tuple[int, Resolved]] = []
        self._statement_by: Resolved | None = None
        self._by_full_name: dict[str, Mention] = {}
        self._by_word: dict[str, list[Mention]] = {}
        self._named: dict[str, list[Mention]] = {}
        for mention in self.mentions:
            name = re.sub(r"^the ", "", mention.name.lower())
            self._by_full_name.setdefault(name, mention)
            self._named.setdefault(mention.name, []).append(mention)
            if mention.abbreviation:
                self._by_full_name.setdefault(mention.abbreviation.lower(), mention)
                self._by_full_name.setdefault(f"{name} ({mention.abbreviation.lower()})", mention)
            for word in {mention.words[0], mention.words[-1]}:
                self._by_word.setdefault(word, []).append(mention)

    def resolve(self, source: Span) -> Resolved:
        """Whom the source at `source` means."""
        written = self.text[source.start : source.end]
        resolved = self._resolve(written, source.start)
        self._spoken.append((source.start, resolved))
        for mention in self._named.get(resolved.name or "", []):
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
        return self._by_name(written, at) or self._by_noun(written, at, head)

    # -- pronouns -------------------------------------------------------------------------------------------------

    def _person_before(self, at: int, *, female: bool) -> Resolved:
        """Whom "he" or "she" at `at` means: the last person who opened a sentence, bears a title or has spoken."""
        fitting = [m for m in self._before(at) if m.kind == PERSON and m.female in {None, female}]
        spoken_at = {r.name: p for p, r in self._spoken[-_RECENT:] if r.kind == PERSON and r.name and p < at}
        surname_at = self._openings(at)
        best: Mention | None = None
        best_at = -1
        for mention in fitting:
            last = max(mention.at, spoken_at.get(mention.name, -1), surname_at.get(mention.words[-1], -1))
            if (mention.prominent or mention.name in spoken_at) and last > best_at:
                best, best_at = mention, last
        best = best or (fitting[-1] if fitting else None)
        if best is not None:
            return Resolved(best.name, PERSON)
        return self._last_spoken(at, PERSON) or Resolved(None, PERSON)

    def _body_before(self, at: int, *, plural: bool) -> Resolved:
        """Whom "it" or "they" means: the last organisation (or group) that spoke, else the last one named."""
        spoken = self._last_spoken(at, ORGANISATION, *((UNKNOWN,) if plural else ()))
        if spoken is not None:
            return spoken
        bodies = [m for m in self._before(at) if m.kind == ORGANISATION]
        return Resolved(bodies[-1].name, ORGANISATION) if bodies and not plural else Resolved(None, UNKNOWN)

    def _last_spoken(self, at: int, *kinds: str) -> Resolved | None:
        recent = reversed(self._spoken[-_RECENT:])
        return next((r for position, r in recent if position < at and r.name and r.kind in kinds), None)

    def _before(self, at: int) -> list[Mention]:
        """The latest mentions before `at`, in order."""
        end = bisect_left(self.mentions, at, key=lambda m: m.at)
        return self.mentions[max(0, end - _RECENT) : end]

    def _openings(self, before: int) -> dict[str, int]:
        """Where each name last opened a sentence by itself, over the last few paragraphs: {"berg": 1204}."""
        return {m[1].lower(): m.end() for m in _OPENING.finditer(self.text, max(0, before - _PRONOUN_REACH), before)}

    # -- names and nouns --------------------------------------------------------------------------------------------

    def _utterance(self, written: str, at: int, head: str) -> Resolved:
        """Whose "a statement from the ministry", "the ministry's report", "the statement" is."""
        match = re.search(rf"\b{re.escape(head)}\b.*?\s(?:from|by|of|for)\s+(.+)$", written, re.IGNORECASE)
        if match:
            return self._resolve(match[1], at + match.start(1))
        owner = re.match(r"(.+?)[’']s\s", written)
        if owner and owner[1].lower() not in {"it", "that"}:
            return self._resolve(owner[1], at)
        lower = written.lower().split()
        if lower[0] in {"his", "her"}:
            return self._person_before(at, female=lower[0] == "her")
        if lower[0] in _DEFINITE and len(lower) <= 3:
            meant = self._statement_by or self._last_spoken(at, ORGANISATION)
            if meant is not None:
                return meant
        return self._by_name(written, at) or Resolved(written, UNKNOWN)

    def _by_name(self, written: str, at: int) -> Resolved | None:
        """A source that holds a name: itself if full, else the fuller one mentioned before."""
        same = self._by_full_name.get(re.sub(r"^the ", "", written.lower().strip()))
        if same is not None and same.at <= at + len(written):
            return Resolved(same.name, same.kind)
        first = bisect_left(self.mentions, at, key=lambda m: m.at)
        end = bisect_left(self.mentions, at + len(written), key=lambda m: m.at)
        inside = self.mentions[first:end]
        person = next((m for m in inside if m.kind == PERSON), None)
        if person is not None:  # "Anna Berg, head of the Works Office"; "the works minister, Anna Berg"
            return Resolved(person.name, PERSON)
        head = written.split(",")[0]
        parts = re.findall(r"@?[\w’'.&-]+", head)
        capitals = [w for w in parts if w[0].isupper() and bare(w) not in TITLES | NOT_NAMES]
        if capitals and not any(bare(w) in ORGANISATION_HEADS for w in parts):
            for word in reversed(capitals):
                known = self._known(bare(re.sub(r"[’']s$", "", word)), at)
                if known is not None and (len(parts) <= 3 or word == parts[-1]):
                    return known
            if len(capitals) == 1 and any(bare(w) in TITLES for w in parts) and parts[-1] == capitals[0]:
                return Resolved(capitals[0], PERSON)
        body = next((m for m in inside if m.kind == ORGANISATION and m.at - at <= len("the ") + 1), None)
        if body is not None:
            return Resolved(body.name, ORGANISATION)
        if parts and bare(parts[-1]) in ORGANISATION_HEADS and parts[-1][0].isupper():
            generic = len(parts) == 1 and re.search(rf"\b{re.escape(parts[0].lower())}\b", self.text) is not None
            return Resolved(head.strip(), UNKNOWN if generic else ORGANISATION)
        return None

    def _known(self, word: str, at: int) -> Resolved | None:
        """The last person whose name ends (else begins) with `word`, or the organisation known by it."""
        named = self._by_word.get(word, [])
        people = [m for m in named if m.kind == PERSON]
        people = [m for m in people if m.at <= at] or people
        for mention in reversed(people):
            if mention.words[-1] == word:
                return Resolved(mention.name, PERSON)
        if people:
            return Resolved(people[-1].name, PERSON)
        bodies = [m for m in named if m.kind == ORGANISATION and m.words[0] == word]
        abbreviated = self._by_full_name.get(word)
        body = bodies[-1] if bodies else abbreviated
        return Resolved(body.name, body.kind) if body is not None else None

    def _by_noun(self, written: str, at: int, head: str) -> Resolved:
        """Whom "the ministry", "the minister", "officials" means."""
        definite = written.split()[0].lower() in _DEFINITE
        if head in ORGANISATION_HEADS:
            if definite:
                for mention in reversed(self._before(at)):
                    if mention.kind == ORGANISATION and head in mention.words:
                        return Resolved(mention.name, ORGANISATION)
                if head in _ANY_BODY and len(written.split()) == 2:
                    spoken = self._last_spoken(at, ORGANISATION)
                    if spoken is not None:
                        return spoken
            return Resolved(written, ORGANISATION)
        if definite and is_person_noun(head):
            for mention in reversed(self._before(at)):
                if mention.kind == PERSON and head in mention.described:
                    return Resolved(mention.name, PERSON)
        return Resolved(written, UNKNOWN)


def _head(written: str) -> str:
    """Head noun of a phrase: the last word before a preposition, comma or relative clause."""
    head = ""
    for word in re.findall(r"[\w’'-]+|[,(]", written):
        lower = word.lower()
        if lower in {",", "("} or (head and (lower in PREPOSITIONS or lower in {"who", "which", "that"})):
            break
        head = lower
    return head
