"""Say whom the source of an attribution means, and how sure that is.

    Resolver(text, "en").resolve(source_span) -> Resolved("the Ministry of Works", "organisation", Sureness.SURE)

The head noun decides: "a friend of Ida Moe" is a friend, "Moe's mother" a mother, "Moe's office" an office. A part of a
name, a pronoun or a description names somebody only if one person or body of the text can be meant; else an editor
decides. Sources are to be resolved in the order of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from claims.statements.attribution.labels import initials
from claims.statements.extracted import Sureness
from claims.statements.sentences import Span
from claims.statements.speakers.antecedents import Antecedents
from claims.statements.speakers.named import Named, NamedInText
from claims.statements.speakers.names import ORGANISATION, PERSON, UNKNOWN, Name, name_of, without_form
from claims.statements.speakers.phrase import Phrase, phrase_of
from claims.statements.speakers.vocabulary import is_given_name
from claims.statements.speakers.words import Word, visible, written

_UNNAMED = "The text does not name this source."
_MOST_PERSONS = 1_000
_MOST_LOOKED_AT = 100
_LEAD = 600  # characters: whom a headline means stands in what follows it
_POSING = re.compile(
    r"\b(?:[Aa]n?|[Ss]omeone|[Tt]he|one)(?:\s(?!was|were|is|are|be)[\w-]+){0,2}\s"
    r"(?:\w+ing|known|dressed|disguised|billed|signed|registered)(?:\s\w+)?\sas\s$"
)
"""What stands before a name that somebody else goes by: `An actor posing as`, `a man known as`."""
_SEVERAL = "The source is more than one speaker; say which of them said it."


@dataclass(frozen=True, slots=True)
class Resolved:
    """Whom a source means. `name` is as the text writes it at fullest; of an unnamed source it is the description.

    Only a sure name is a speaker's. `proper`: a name of its own, by which a speaker is filed, unlike "the police".
    `role`: what the text says that the speaker is, as words in small letters.
    """

    name: str | None
    kind: str
    sureness: Sureness = Sureness.NONE
    unsure: str = ""
    proper: bool = False
    role: frozenset[str] = frozenset()


class Resolver:
    """Resolves the sources of one text, in order. `sources` are those to come, whose full names count as named."""

    def __init__(self, text: str, language: str = "en", sources: list[Span] | None = None) -> None:
        self.text = text
        self.named = NamedInText(text, language, sources)
        self.language = self.named.language
        self.antecedents = Antecedents(self.named)
        self._statement_by: Resolved | None = None
        self._others: dict[str, list[int]] | None = None

    def resolve(self, source: Span, cue: Span | None = None, content: tuple[Span, ...] = ()) -> Resolved:
        """Whom the source at `source` means; `content` is what it is said to have said."""
        resolved, who = self._resolve(source, cue, content)
        self.antecedents.spoke(source.start, who, resolved.kind, content)
        return resolved

    def _resolve(self, source: Span, cue: Span | None, content: tuple[Span, ...]) -> tuple[Resolved, Named | None]:
        shown = visible(self.text[source.start : source.end])
        if not any(c.isalnum() for c in shown):
            return Resolved(None, UNKNOWN, unsure="The source consists of characters that cannot be seen."), None
        if self._belongs_to_another(source, cue):
            return Resolved(shown, UNKNOWN, unsure=_UNNAMED), None
        pronoun = shown.lower()
        cue_text = visible(self.text[cue.start : cue.end]).lower() if cue is not None else ""
        if pronoun in self.language.of("she") | self.language.of("he"):
            return self._pronoun(source.start, cue_text, content, shown)
        if pronoun in self.language.of("it"):
            who = self.antecedents.body(source.start, content)
            if who is None:
                return Resolved(
                    None, UNKNOWN, unsure=f"“{shown}” can mean more than one of those named before, or none."
                ), None
            return self._sure(who), who
        if pronoun in self.language.of("others") or len(shown) == 1:
            return Resolved(None, UNKNOWN, unsure=_UNNAMED), None
        if cue_text == ":" and (letters := initials(shown)):
            return self._initials(letters, shown)
        phrase = phrase_of(self.text, source, self.named)
        if phrase.name is not None and phrase.name.kind == PERSON and self._with_another(source, cue, cue_text):
            return Resolved(shown, PERSON, unsure=_SEVERAL), None
        return self._phrase(phrase, source)

    def _initials(self, letters: str, shown: str) -> tuple[Resolved, Named | None]:
        """Whom the label `IM` of an interview means: the one person of the text with these initials."""
        people = [n for n in self._persons() if "".join(w[0].upper() for w in n.words) == letters]
        if len(people) == 1 and not self.named.bodies((letters.lower(),)):
            return self._sure(people[0]), people[0]
        if len(people) > 1:
            names = " and ".join(n.name for n in people)
            return Resolved(shown, PERSON, Sureness.NONE, f"“{shown}” can mean {names}."), None
        bodies = self.named.bodies((letters.lower(),))
        if len(bodies) == 1:
            return self._sure(bodies[0]), bodies[0]
        return Resolved(shown, UNKNOWN, Sureness.SURE), None

    def _with_another(self, source: Span, cue: Span | None, said: str) -> bool:
        """Whether somebody else is the subject too: `… und Falk sagten`, `…, y la concejala Duarte dijeron`."""
        plural = str(self.language.lists.get("plural_verbs", ""))
        if not plural or cue is None or cue.start < source.start:
            return False
        before = re.search(r"(\w+)\s$", self.text[max(0, source.start - 20) : source.start])
        if before and before[1].lower() in self.language.of("not_names") - self.language.of("conjunctions"):
            return False  # "Sollte X sagen": an infinitive
        return bool(re.search(rf"(?:{plural})$", said.split(" ")[0])) if said else False

    def _belongs_to_another(self, source: Span, cue: Span | None) -> bool:
        """Whether the source is cut out of a longer phrase: `Moe` of "a friend of Moe" or of "Falk and Moe"."""
        lead = re.search(r"(\S+)\s([^\W\d_]+)\s$", self.text[max(0, source.start - 60) : source.start])
        if lead is None or (cue is not None and cue.start < source.start):
            return False
        between = lead[2].lower()
        if between == "as" and _POSING.search(self.text, max(0, source.start - 60), source.start):
            return True
        if between in self.language.of("clause_openers") or between in self.language.of("articles"):
            return False
        if between in self.language.of("conjunctions"):
            return lead[1][:1].isupper() and lead[1][-1:].isalnum()
        return between in self.language.of("prepositions") and lead[2].islower()

    # -- pronouns ---------------------------------------------------------------------------------------------------

    def _pronoun(self, at: int, cue: str, content: tuple[Span, ...], shown: str) -> tuple[Resolved, Named | None]:
        female = shown.lower() in self.language.of("she")
        plural = self.language.code == "de" and female and cue.split(" ")[0].endswith(("en", "ten"))
        goes_on = bool(set(cue.split()) & self.language.of("continuing"))
        who, others = self.antecedents.person(at, female, content, goes_on=goes_on) if not plural else (None, [])
        if who is None:
            meant = " or ".join(dict.fromkeys(others))
            why = (
                f"“{shown}” can mean {meant}."
                if meant
                else f"Nobody named shortly before is surely meant by “{shown}”."
            )
            sureness = Sureness.PROPOSED if len(set(others)) == 1 and others[0][:1].isupper() else Sureness.NONE
            return Resolved(None, PERSON, sureness, why), None
        if who.female is None:
            who.female = female
        return self._sure(who), who

    # -- phrases ----------------------------------------------------------------------------------------------------

    def _phrase(self, phrase: Phrase, source: Span) -> tuple[Resolved, Named | None]:
        shown = phrase.shown
        if phrase.several:
            return Resolved(shown, UNKNOWN, unsure=_SEVERAL), None
        if phrase.utterance is not None:
            return self._utterance(phrase, source)
        if phrase.name is not None:
            return self._name(phrase.name, phrase)
        if phrase.body is not None:
            return self._body(phrase)
        if phrase.age:
            aged = [n for n in self._persons() if phrase.age in n.ages]
            if len(aged) == 1:
                return self._sure(aged[0]), aged[0]
            return Resolved(shown, UNKNOWN, unsure=_UNNAMED), None
        if phrase.role:
            return self._described(phrase, source)
        return Resolved(shown, UNKNOWN, unsure=_UNNAMED), None

    def _name(self, name: Name, phrase: Phrase) -> tuple[Resolved, Named | None]:
        if name.kind == ORGANISATION:
            return self._organisation(name, phrase)
        key = name.key
        if len(key) > 1:
            meant = [n for n in self.named.by_name.get(key, []) if n.kind == PERSON]
            if not meant:
                meant = self.named.meant_by(key)
            if len(meant) == 1:
                meant[0].described |= name.described
                return self._sure(meant[0], name.described), meant[0]
            kind = PERSON if name.certain else ORGANISATION if self.named.bodies(key) else UNKNOWN
            return Resolved(_cased(name.words), kind, Sureness.SURE, "", True, frozenset(name.described)), None
        return self._part_of_a_name(name, phrase)

    def _part_of_a_name(self, name: Name, phrase: Phrase) -> tuple[Resolved, Named | None]:
        key = name.key
        sex = next((s for t in name.titles if (s := self.language.female(t)) is not None), None)
        roles = {d for d in name.described if self.language.is_role(d) and d not in name.titles}
        if sex is None and roles:
            sex = next((s for r in sorted(roles) if (s := self.language.female(r)) is not None), None)
        people = self.named.meant_by(key, sex, set(name.titles))
        bodies = [] if name.titles or roles else self.named.bodies(key)
        everybody = self.named.meant_by(key) if sex is not None else people
        shown = _cased(name.words)
        if len(people) > 1:
            names = " and ".join(n.name for n in people)
            return Resolved(shown, UNKNOWN if not people else PERSON, Sureness.NONE, f"The text names {names}."), None
        if len(people) == 1 and not bodies:
            who = people[0]
            if who.titled and (others := [n for n in self.named.meant_by(key) if n is not who]):
                names = " and ".join(n.name for n in others)
                return Resolved(shown, PERSON, Sureness.NONE, f"The title does not fit {names}."), None
            if len(everybody) > 1 and sex is None:
                names = " and ".join(n.name for n in everybody)
                return Resolved(shown, PERSON, Sureness.PROPOSED, f"Probably {who.name}; the text names {names}."), None
            return self._sure(who, name.described), who
        if len(bodies) == 1 and not people:
            return self._sure(bodies[0]), bodies[0]
        if people or bodies:
            names = " and ".join(n.name for n in [*people, *bodies])
            return Resolved(shown, UNKNOWN, Sureness.NONE, f"The text names {names}."), None
        if self.named.meant_by(key):
            return Resolved(
                shown, PERSON, Sureness.NONE, f"The title does not fit {self.named.meant_by(key)[0].name}."
            ), None
        if name.titles or roles:
            return Resolved(shown, PERSON, Sureness.SURE, "", False, frozenset(name.described)), None
        if phrase.owned:  # "Star's ex"
            return Resolved(phrase.shown, UNKNOWN, unsure=_UNNAMED), None
        return Resolved(shown, UNKNOWN, Sureness.SURE, "", False), None

    def _organisation(self, name: Name, phrase: Phrase) -> tuple[Resolved, Named | None]:
        bodies = self.named.bodies(name.key)
        if len(bodies) == 1:
            return self._sure(bodies[0]), bodies[0]
        if len(bodies) > 1:
            names = " and ".join(n.name for n in bodies)
            return Resolved(phrase.shown, ORGANISATION, Sureness.NONE, f"The text names {names}."), None
        oblique = bool(phrase.lead) and phrase.lead[-1].low in {"des", "dem", "den"}  # "des Landesamts für Wasser"
        proper = len(name.words) > 1 and not oblique and not any(w.owner for w in phrase.words)
        shown = f"the {_cased(name.words)}" if phrase.definite and self.language.code == "en" else _cased(name.words)
        return Resolved(shown, ORGANISATION, Sureness.SURE, "", proper), None

    def _body(self, phrase: Phrase) -> tuple[Resolved, Named | None]:
        """`the ministry`, `police in Los Angeles`, `Moe's office`, `Marlow Vale council`."""
        if phrase.body is None or phrase.indefinite or phrase.words[0].low in self.language.of("own"):
            return Resolved(phrase.shown, ORGANISATION, unsure=_UNNAMED), None
        if not phrase.owned and not phrase.complement:
            full = tuple(w for w in phrase.core if w not in self.language.of("articles"))
            wanted = list(without_form(full))
            meant = self.named.bodies_with(wanted)
            if len(wanted) < len(full):  # "Moe Group plc": no other whose name goes on
                meant = [n for n in meant if without_form(n.words) == tuple(wanted)]
            meant = [n for n in meant if len(n.words) > len(wanted) or n.words == tuple(wanted)]
            names = {n.words for n in meant}
            if len(names) == 1:
                return self._sure(meant[0]), meant[0]
            if len(names) > 1:
                given = " and ".join(n.name for n in meant)
                return Resolved(phrase.shown, ORGANISATION, Sureness.NONE, f"The text names {given}."), None
            if wanted == [phrase.body] and phrase.body in self.language.of("generic_bodies"):
                only = self.antecedents.only_body(phrase.words[0].start)
                if only is not None:
                    return self._sure(only), only
            if wanted == [phrase.body] and phrase.body in self.language.of("nameless_bodies"):
                return Resolved(phrase.shown, ORGANISATION, unsure=_UNNAMED), None
        else:
            key = tuple(w.low for w in phrase.words if w.low not in self.language.of("articles"))
            meant = [n for n in self.named.by_name.get(key, []) if n.kind == ORGANISATION]
            if len(meant) == 1:
                return self._sure(meant[0]), meant[0]
        shown = phrase.shown
        if in_capital_letters(shown):
            shown = shown.lower()
        elif self.language.code in {"de", "es"}:
            shown = self._without_article(phrase)
        lead = phrase.core[0]  # "Marlow Vale council", but neither "Police" nor "The council" nor "Moe's office"
        first = next((w for w in phrase.words if w.low == lead), phrase.words[0])
        proper = first.capital and not self.language.is_body(first.text) and not phrase.owned and not phrase.complement
        proper = (
            proper and first is phrase.words[0] and self.language.code == "en" and not in_capital_letters(phrase.shown)
        )
        return Resolved(shown, ORGANISATION, Sureness.SURE, "", proper and len(phrase.core) > 1), None

    def _without_article(self, phrase: Phrase) -> str:
        """`Polizei` of "der Polizei", `Verband` of "des Verbands"; as written if an adjective would change."""
        lead = [w.low for w in phrase.words[: len(phrase.lead)]]
        if len(lead) != 1 or lead[0] not in self.language.of("articles") or not phrase.body:
            return phrase.shown
        rest = phrase.shown[len(phrase.lead[0].text) :].strip()
        if self.language.code == "de" and len(phrase.core) > 1 and lead[0] in {"dem", "den", "des", "der"}:
            return phrase.shown
        if lead[0] == "des":
            first, _, behind = rest.partition(" ")
            stem = next((first[: -len(e)] for e in ("es", "s") if first.endswith(e) and self._heads(first, e)), first)
            return " ".join(filter(None, [stem, behind]))
        return rest

    def _heads(self, noun: str, ending: str) -> bool:
        """Whether a German noun without its ending of the genitive is the head of a body's name."""
        stem = noun[: -len(ending)].lower()
        return any(stem.endswith(e) for e in self.language.of("body_suffixes") | self.language.of("bodies"))

    def _described(self, phrase: Phrase, source: Span) -> tuple[Resolved, Named | None]:
        """`the works minister`, `Minister`: the one person of the text who is said to be that."""
        none = Resolved(phrase.shown, UNKNOWN, unsure=_UNNAMED), None
        if phrase.plural or phrase.indefinite or phrase.owned:
            return none
        wanted = [self.language.nominative(w) for w in phrase.core if w not in self.language.of("articles")]
        meant = [n for n in self._persons() if wanted and all(_is_said(n, w, self.language.code) for w in wanted)]
        meant = [
            n for n in meant if not n.described & {"former", "ex", "late", "deputy", "vice", "assistant"} - set(wanted)
        ]
        if phrase.complement:
            meant = [n for n in meant if all(w in n.described or w in n.words for w in phrase.complement)]
        before = [n for n in meant if n.at < source.start]
        meant = before or [n for n in meant if n.at < source.end + _LEAD]
        if len(meant) == 1:
            who = meant[0]
            if who.at > source.end and phrase.relational:
                return none
            if self._another(phrase.role, who):
                return Resolved(
                    phrase.shown,
                    PERSON,
                    Sureness.PROPOSED,
                    f"Probably {who.name}; the text speaks of another {phrase.role} too.",
                ), None
            return self._sure(who), who
        if len(meant) > 1:
            names = " and ".join(n.name for n in meant)
            return Resolved(phrase.shown, UNKNOWN, Sureness.NONE, f"“{phrase.shown}” can mean {names}."), None
        return none

    def _another(self, role: str, who: Named) -> bool:
        """Whether the text speaks of somebody unnamed who is the same: "a minister", "another engineer"."""
        others = self._indefinite().get(role.lower(), ())
        apposed = re.compile(rf"\b{re.escape(who.words[-1])},\s$", re.IGNORECASE)
        return len(others) > _MOST_LOOKED_AT or any(not apposed.search(self.text, max(0, at - 80), at) for at in others)

    def _indefinite(self) -> dict[str, list[int]]:
        """Where the text says "a" or "another" before a word, by each of the three words behind it."""
        if self._others is None:
            self._others = {}
            several = "|".join(sorted(self.language.of("indefinite") - self.language.of("definite")))
            for found in re.finditer(rf"\b(?:{several})(?=((?:\s[\w-]{{1,60}}){{1,3}}))", self.text, re.IGNORECASE):
                behind = [accumulate(each.split("-"), _joined) for each in found[1].lower().split()]
                for word in {word for words in behind for word in words}:
                    self._others.setdefault(word, []).append(found.start())
        return self._others

    def _persons(self) -> list[Named]:
        """The persons of the text; none if it names so many that a description surely means none of them."""
        return self.named.persons if len(self.named.persons) <= _MOST_PERSONS else []

    def _utterance(self, phrase: Phrase, source: Span) -> tuple[Resolved, Named | None]:
        """Whose "a statement from the ministry", "the ministry's report", "the statement" is."""
        if phrase.utterance:
            inner = Span(phrase.utterance[0].start, phrase.utterance[-1].end)
            resolved, who = self._phrase(phrase_of(self.text, inner, self.named), inner)
            if resolved.kind == ORGANISATION or (phrase.by and resolved.sureness == Sureness.SURE):
                self._statement_by = resolved
                return resolved, who
            return Resolved(phrase.shown, UNKNOWN, Sureness.NONE, _UNNAMED), None
        if self._statement_by is not None and phrase.definite and len(phrase.core) == 1 and not phrase.complement:
            return self._statement_by, None
        return Resolved(phrase.shown, UNKNOWN, unsure=_UNNAMED), None

    def _sure(self, who: Named, described: set[str] | None = None) -> Resolved:
        proper = len(who.words) > 1 or bool(who.abbreviation)
        role = frozenset(who.described | (described or set()))
        kind = who.kind if who.certain or who.female is not None or role else UNKNOWN
        return Resolved(_recased(who.name), kind, Sureness.SURE, "", proper and not who.titled, role)


def _joined(first: str, second: str) -> str:
    return f"{first}-{second}"


def _is_said(named: Named, word: str, code: str) -> bool:
    if word in named.described:
        return True
    return code == "de" and any(d.endswith(word) and len(word) > 3 for d in named.described)


def in_capital_letters(text: str) -> bool:
    """Whether every letter of a phrase of some length is a capital."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 5 and all(c.isupper() for c in letters)


def _cased(words: list[Word]) -> str:
    return _recased(written(words))


def _recased(name: str) -> str:
    """A name set in capitals with small letters: `OSKAR VELD` -> `Oskar Veld`; abbreviations stay."""
    if not in_capital_letters(name) or " " not in name:
        return name
    return re.sub(r"[^\W\d_]{2,}", lambda m: m[0][0] + m[0][1:].lower(), name)


__all__ = ["ORGANISATION", "PERSON", "UNKNOWN", "Resolved", "Resolver", "is_given_name", "name_of"]
