"""Read a source as a noun phrase: its head noun, and whether the head is a name, a role, a body or a thing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from claims.statements.sentences import Span
from claims.statements.speakers.named import NamedInText, in_capitals
from claims.statements.speakers.names import ORGANISATION, PERSON, Name, name_of
from claims.statements.speakers.several import several
from claims.statements.speakers.vocabulary import Vocabulary, is_given_name
from claims.statements.speakers.words import Word, cut, visible


@dataclass(slots=True)
class Phrase:
    """A source. One of `several`, `name`, `body`, `role`, `age` and `utterance` is set, or none of them.

    `core`: the words of the head noun with its modifiers, in lower case. `complement`: capitalised words of what
    follows it ("of Marlow"). `utterance`: the words that name whose statement it is, empty if it is nobody's.
    """

    shown: str
    words: list[Word]
    core: list[str] = field(default_factory=list)
    complement: list[str] = field(default_factory=list)
    several: bool = False
    name: Name | None = None
    body: str | None = None
    role: str = ""
    age: str = ""
    utterance: list[Word] | None = None
    by: bool = False
    definite: bool = False
    indefinite: bool = False
    plural: bool = False
    owned: bool = False
    relational: bool = False
    lead: list[Word] = field(default_factory=list)


def phrase_of(text: str, source: Span, named: NamedInText) -> Phrase:
    """The source at `source` as a phrase."""
    return _Reader(text, source, named).read()


class _Reader:
    def __init__(self, text: str, source: Span, named: NamedInText) -> None:
        self.named = named
        self.language: Vocabulary = named.language
        self.shown = visible(text[source.start : source.end]).strip(" ,;:—–-")
        self.text = text[source.start : source.end]
        words = cut(text, source.start, source.end, self.language)
        self.capitals = in_capitals(self.text) and len(words) > 1
        self.segments = _segments(words)

    def read(self) -> Phrase:
        language = self.language
        segments = [s for s in self.segments if s]
        aged = language.pattern("aged").search(self.text)
        if not segments:
            return Phrase(self.shown, [])
        first = segments[0]
        if len(first) > 1 and first[0].text.isdigit() and first[1].before == "/":
            first.pop(0)  # "1/ The Bureau of Labor", as threads are numbered
        if first[0].low in language.of("indefinite_pronouns"):
            return Phrase(self.shown, first)  # "Someone who works for Ida Moe"
        particled = self._particled(first)
        if particled is not None:
            return particled
        head = self._head_segment(segments)
        while len(head) > 1 and head[-1].low in language.of("postnominals") and head[-1].text.isupper():
            head = head[:-1]
        phrase = Phrase(self.shown, head)
        if several(head, segments, self.named, capitals=self.capitals):
            phrase.several = True
            return phrase
        if aged or re.fullmatch(r"(?:the|der|die|el|la)\s\d{1,3}", self.text.strip(), re.IGNORECASE):
            age = aged["age"] if aged else re.sub(r"\D", "", self.text)
            if not any(w.capital for w in head[1:]) or language.code == "de":
                phrase.age = age
                if not any(n.kind == PERSON for n in self._names(head)):
                    return phrase
                phrase.age = ""
        owner = self._owner(head)
        if head[-1].owner:
            return phrase
        phrase.owned = owner >= 0 or (bool(head) and head[0].low in language.of("own"))
        owned_by, rest = head[: owner + 1], head[owner + 1 :]
        rest = self._without_time(rest)
        core, complement = self._split(rest)
        while core and core[0].low in language.of("articles") | language.of("definite") | language.of("indefinite"):
            phrase.definite = phrase.definite or core[0].low in language.of("definite")
            phrase.indefinite = phrase.indefinite or core[0].low in language.of("indefinite") - language.of("definite")
            core = core[1:]
        if not core:
            return phrase
        tail = rest[-1]
        if complement and language.is_body(core[-1].text) and language.is_role(tail.text) and not tail.capital:
            core, complement = [tail], []  # "the Department for Education spokesperson"
        phrase.lead = head[: head.index(core[0])]
        phrase.core = [w.low for w in core]
        phrase.complement = [w.low for w in complement if w.capital]
        self._classify(phrase, core, complement, owned_by, segments)
        return phrase

    def _owner(self, head: list[Word]) -> int:
        """The last possessive that owns the head noun; -1 without one, as in "a source in Moe's office"."""
        prepositions = self.language.of("prepositions")
        last = -1
        for n, word in enumerate(head[:-1]):
            body = n > 0 and head[n - 1].capital and self.language.is_body(head[n - 1].text)
            if n > 0 and word.low in prepositions and not word.capital and not body and not head[n - 1].owner:
                break
            if word.owner:
                last = n
        return last

    def _particled(self, words: list[Word]) -> Phrase | None:
        """`De la Fuente`, `Von der Aue`: a surname of the text that begins with its particle."""
        if len(words) < 2 or words[0].low not in self.language.of("particles") or words[0].low == "la":
            return None
        if not words[-1].capital or not self.named.meant_by(tuple(w.low for w in words)):
            return None
        return Phrase(self.shown, words, name=Name(words, PERSON))

    def _shown(self, head: list[Word]) -> str:
        return visible(self.named.text[head[0].start : head[-1].end]).strip(" ,;:—–-") if head else self.shown

    def _head_segment(self, segments: list[list[Word]]) -> list[Word]:
        """The first segment that is no adverb: `Prosecuting, Miss Farah Iqbal`."""
        head = segments[0]
        small = self.language.of("not_names") - self.language.of("articles") - self.language.of("own")
        small -= self.language.of("definite")
        if len(segments) > 1 and len(head) == 1 and head[0].low in small:
            segments.pop(0)
            head = segments[0]
        while len(head) > 1 and head[0].low in small and head[0].low != "may":
            head = head[1:]
        return head

    def _names(self, words: list[Word]) -> list[Name]:
        name = name_of([w for w in words if w.capital], self.language, source=True)
        return [name] if name is not None and len(name.words) > 1 else []

    def _without_time(self, words: list[Word]) -> list[Word]:
        """The words up to "on Monday"."""
        language = self.language
        for n in range(1, len(words)):
            if words[n].low in language.of("prepositions") and not words[n].capital and n + 1 < len(words):
                after = words[n + 1]
                if (after.capital and after.low in language.of("not_names")) or after.text[0].isdigit():
                    return words[:n]
        while len(words) > 1 and words[-1].capital and words[-1].low in language.of("not_names"):
            words = words[:-1]
        return words

    def _split(self, words: list[Word]) -> tuple[list[Word], list[Word]]:
        """(what stands before the first preposition or relative, what stands from there)."""
        language = self.language
        ends = language.of("prepositions") | language.of("relatives")
        for n in range(1, len(words)):
            word = words[n]
            if word.low not in ends or (word.capital and not self.capitals):
                continue
            if all(w.low in language.of("articles") for w in words[:n]):
                continue
            before = [w for w in words[:n] if w.low not in language.of("articles")]
            particle = word.low in language.of("particles") and language.code != "en"
            if particle and before and self._is_name(before):
                continue
            return words[:n], words[n:]
        return words, []

    def _is_name(self, words: list[Word]) -> bool:
        """Whether the last word can be part of a person's name, so that a particle goes on with it."""
        while len(words) > 1 and words[-1].low in self.language.of("particles"):
            words = words[:-1]
        last = words[-1]
        if not last.capital or self.language.is_role(last.text) or self.language.is_body(last.text):
            return False
        return is_given_name(last.low) or (len(words) > 1 and is_given_name(words[-2].low)) or last.initial

    def _classify(
        self, phrase: Phrase, core: list[Word], complement: list[Word], owned_by: list[Word], segments: list[list[Word]]
    ) -> None:
        language = self.language
        name = self._name_in(core)
        last = core[-1] if name is not None else self._head_noun(core)
        german_noun = language.code == "de" and phrase.lead and name is not None and not (name.titles or name.described)
        if german_noun and name is not None and len(name.words) == 1 and not self.named.meant_by(name.key):
            return  # "ein Vertrauter"
        if name is not None and name.words[-1] is last:
            if not self._understood(core, name):
                return
            phrase.name = self._whole(name, core, complement)
            if phrase.name.kind == ORGANISATION and (phrase.owned or len(name.words) == 1):
                phrase.name = None if len(name.words) == 1 or owned_by else phrase.name
                if phrase.name is None:
                    phrase.body = last.low
                    phrase.shown = self._shown([*phrase.lead, *core, *complement])
            return
        if language.is_thing(last.text) and not (self.capitals and name):
            phrase.utterance, phrase.by = self._whose(complement, owned_by)
            return
        office = self._office(core, complement)
        if office is not None:
            phrase.name = office
            return
        if language.is_role(last.text) or all(language.is_title(w.text) for w in core):
            phrase.role = language.role(last.text) or last.low
            phrase.plural = language.is_plural_role(last.text) and not self._one(phrase.lead)
            phrase.relational = phrase.role in language.of("relations")
            if not phrase.plural:
                phrase.name = self._apposed(segments)
            return
        if phrase.owned and not last.capital and not language.is_body(last.text):
            apposed = self._apposed(segments)  # "his number two, Ida Moe"
            phrase.name = apposed if apposed is not None and apposed.certain else None
            return
        if language.is_body(last.text):
            phrase.body = last.low
            phrase.shown = self._shown([*phrase.lead, *core, *complement])
            apposed = self._apposed(segments)
            if apposed is not None and apposed.kind == ORGANISATION:
                phrase.name = apposed

    def _one(self, lead: list[Word]) -> bool:
        """Whether an article shows that a German noun in -en is one person: "des Präsidenten"."""
        return self.language.code == "de" and any(w.low in {"des", "dem", "einem", "eines", "einen"} for w in lead)

    def _head_noun(self, core: list[Word]) -> Word:
        """The last word, in Spanish the first noun: adjectives follow it (`el técnico visitante`)."""
        if self.language.code != "es":
            return core[-1]
        known = (
            w
            for w in core
            if self.language.is_role(w.text) or self.language.is_body(w.text) or self.language.is_thing(w.text)
        )
        return next(known, core[-1])

    def _name_in(self, core: list[Word]) -> Name | None:
        """The name in the capitals at the end of the core, if it is a name."""
        language = self.language
        last = core[-1]
        if not last.capital:
            return None
        start = len(core) - 1
        while start > 0 and (core[start - 1].capital or core[start - 1].low in language.of("particles")):
            start -= 1
        while start < len(core) and not core[start].capital:
            start += 1
        run = core[start:]
        if any(w.before == "&" for w in run[1:]):
            return name_of(run, language, source=True)
        if language.is_role(last.text) and not self._surname(run):
            return None
        if language.is_thing(last.text) and not (len(run) > 1 and is_given_name(run[0].low)):
            return None
        generic = len(run) == 1 and last.low in language.of("bodies")
        if generic and not (last.text.isupper() and not self.capitals):
            return None
        if language.code == "de" and len(run) == 1 and language.is_body(last.text):
            return None
        person = len(run) > 2 and language.is_role(run[0].text) and is_given_name(run[-2].low)
        if self.capitals and language.is_body(last.text) and not person:
            return None
        return name_of(run, language, source=True)

    def _surname(self, run: list[Word]) -> bool:
        """`Bill Baker`, `Frau Richter`: a role that is a surname here."""
        if len(run) < 2:
            return False
        before = run[-2]
        if self.language.is_title(before.text) and run[-1].low in self.language.of("surname_roles"):
            return before.low not in {"madam", "madame"} or run[-1].low != "speaker"
        return is_given_name(before.low) and not self.language.is_role(before.text)

    def _understood(self, core: list[Word], name: Name) -> bool:
        """Whether the small words before a name are what a person or a body can be."""
        if name.kind != PERSON:
            return True
        first = core.index(name.words[0])
        if first == 0 or core[first - 1].capital:
            return True
        before = core[first - 1].low
        if self.language.is_role(before) or before in self.language.of("role_parts") or self.language.is_title(before):
            name.described |= {w.low for w in core[:first]}
            name.certain = True
            return True
        if self.language.is_body(before):
            name.kind = ORGANISATION
            return True
        return name.certain

    def _whole(self, name: Name, core: list[Word], complement: list[Word]) -> Name:
        """A body's name with what it is of: `Institute` with `for Fiscal Studies`."""
        if name.kind != ORGANISATION or not complement:
            return name
        linked = complement[0].low in self.language.of("genitives") | self.language.of("links")
        behind = [w for w in complement if w.capital]
        if linked and behind and all(w.capital or w.low in self.language.of("links") for w in complement):
            return Name([*name.words, *complement], ORGANISATION, name.described, name.titles, certain=True)
        return name

    def _whose(self, complement: list[Word], owned_by: list[Word]) -> tuple[list[Word], bool]:
        """Whose a statement is, and whether it is said to be by them."""
        by = {"from", "by", "von", "vom", "de", "del"}
        at = next((n for n, w in enumerate(complement) if w.low in by), None)
        if at is not None and at < 3 and at + 1 < len(complement):
            return complement[at + 1 :], True
        if owned_by:
            return [*owned_by[:-1], owned_by[-1]], False
        return [], False

    def _office(self, core: list[Word], complement: list[Word]) -> Name | None:
        """`Leader of the Opposition Devraj Solanke`: the person behind an office."""
        language = self.language
        if not complement or complement[0].low not in language.of("genitives") or not core[0].capital:
            return None
        if not language.is_role(core[-1].text) or language.role(core[-1].text) in language.of("relations"):
            return None
        run = [*core, *complement]
        if not all(w.capital or w.low in language.of("links") for w in run):
            return None
        name = name_of(run, language, source=True)
        if name is None or name.kind != PERSON or len(name.words) < 2 or name.words[-1] is not run[-1]:
            return None
        first = run.index(name.words[0])
        return name if first >= len(core) + 2 else None

    def _apposed(self, segments: list[list[Word]]) -> Name | None:
        """The name behind a description: `The trust's chief executive, Dominic Sayle`, `The Minister (Miss Orr)`."""
        language = self.language
        place = segments[0][-1].capital and segments[0][0] is not segments[0][-1]
        for segment in segments[1:]:
            while len(segment) > 1 and segment[-1].capital and segment[-1].low in language.of("not_names"):
                segment = segment[:-1]
            at = next(
                (n for n, w in enumerate(segment) if not w.capital and w.low not in language.of("particles")),
                len(segment),
            )
            run = segment[:at]
            while run and run[-1].low in language.of("postnominals") and run[-1].text.isupper():
                run = run[:-1]
            if not run or (
                at < len(segment) and segment[at].low not in language.of("prepositions") | language.of("relatives")
            ):
                continue
            if any(w.low in language.of("conjunctions") for w in segment):
                continue
            name = name_of(run, language, source=True)
            if name is None:
                continue
            if name.kind == ORGANISATION:
                return name if len(name.words) > 1 else None
            whole = name.kind == PERSON and (name.titles or len(name.words) > 1)
            if whole and (name.certain or not place or self._borne_out(name)):
                return name
        return None

    def _borne_out(self, name: Name) -> bool:
        """Whether the text uses the last word of a name by itself, as of a person."""
        return bool(
            re.search(rf"(?<!{re.escape(name.words[-2].text)}\s)\b{re.escape(name.words[-1].text)}\b", self.named.text)
        )


def _segments(words: list[Word]) -> list[list[Word]]:
    """The words cut at commas, brackets and dashes."""
    segments: list[list[Word]] = [[]]
    for word in words:
        if word.low == "s" and re.search(r"\)['’]$", word.before):
            segments = [[]]  # "CPI(M)'s K. Rajan Pillai"
            continue
        if re.search(r"[,;:()\[\]—–]|--", word.before) and segments[-1]:
            segments.append([])
        segments[-1].append(word)
    return segments
