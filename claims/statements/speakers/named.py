"""Whom a text names, and where: its persons and bodies, each with every place at which it is named again."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from claims.statements.attribution.tokens import quotations
from claims.statements.sentences import Span, paragraphs, sentences
from claims.statements.speakers.names import (
    ORGANISATION,
    PERSON,
    PLACE,
    Name,
    ends_in,
    name_of,
    same_name,
    without_form,
)
from claims.statements.speakers.roles import apposed, before_comma, roles_before
from claims.statements.speakers.runs import runs
from claims.statements.speakers.vocabulary import Vocabulary, is_given_name, vocabulary
from claims.statements.speakers.words import Word, cut

_LONG_QUOTATION = 40  # characters: names in longer ones do not introduce anybody
_DATELINE = re.compile(
    r"(?P<place>[^\W\d_][\w .'’/-]{1,40}?)(?:,\s[^—–\n]{0,40}?)?\s*(?:\([^)\n]{1,40}\)\s*)?(?:—|–|--|\.-|\s-|\.—|\.–)\s"
)
_ABBREVIATED = re.compile(r"\s*\((?:LSE:\s*)?([A-Z][A-Za-z&.-]{1,9})\)")
_MOST_NAMESAKES = 20  # a text that names more by one word means none of them surely by a part of the name
_MOST_CAPITALS = 0.8  # share of letters: a paragraph with more is set in capitals


@dataclass(slots=True)
class Named:
    """One person or body of a text. `words` are its name in lower case; `described` what it is said to be."""

    name: str
    kind: str
    words: tuple[str, ...]
    at: int
    described: set[str] = field(default_factory=set)
    female: bool | None = None
    certain: bool = False
    ages: set[str] = field(default_factory=set)
    abbreviation: str = ""
    titled: bool = False
    """Known by a title and one word only: "Ms Pike"."""


@dataclass(slots=True)
class Mention:
    """Where somebody is named. `subject`: as the first noun phrase of the sentence, or as a source."""

    who: Named
    at: int
    subject: bool


class NamedInText:
    """The persons and bodies that a text names."""

    def __init__(self, text: str, language: str, sources: list[Span] | None = None) -> None:
        self.text = text
        self.language: Vocabulary = vocabulary(language)
        self.known = language in {"en", "de", "es"}
        self.all: list[Named] = []
        self.mentions: list[Mention] = []
        self._mentioned: set[int] = set()
        self._by_word: dict[tuple[str, str], list[Named]] = {}
        self.by_name: dict[tuple[str, ...], list[Named]] = {}
        self.sentence_starts = [s.start for s in sentences(text, language)]
        self.unnamed: list[tuple[int, str]] = []
        self._single: list[tuple[Word, list[Word], bool]] = []
        self.paragraph_starts: list[int] = []
        for paragraph in paragraphs(text):
            self.paragraph_starts.append(paragraph.start)
            self._paragraph(paragraph)
        self._mentioned = {m.at for m in self.mentions}
        for source in sources or ():
            self._source(source)
        self._again()
        self.mentions.sort(key=lambda m: m.at)
        self.unnamed.sort()
        self._at = [m.at for m in self.mentions]
        self.persons = [n for n in self.all if n.kind == PERSON]
        self.first_bodies = sorted((n for n in self.all if n.kind == ORGANISATION), key=lambda n: n.at)[:3]
        self._bodies_with: dict[str, list[Named]] = {}
        for body in (n for n in self.all if n.kind == ORGANISATION):
            for word in {*body.words, *body.described}:
                self._bodies_with.setdefault(word, []).append(body)

    # -- reading ----------------------------------------------------------------------------------------------------

    def _paragraph(self, paragraph: Span) -> None:
        text = self.text
        if in_capitals(text[paragraph.start : paragraph.end]):
            return
        start = paragraph.start
        dateline = _DATELINE.match(text, start, min(paragraph.end, start + 100))
        if dateline and (dateline["place"].isupper() or "(" in dateline.group()):
            start = dateline.end()
        quoted = [q for q in quotations(text, start, paragraph.end) if q.end - q.start > _LONG_QUOTATION]
        words = cut(text, start, paragraph.end, self.language)
        ends = [q.end for q in quoted]
        words = [w for w in words if not _inside(w.start, quoted, ends)]
        for run, first in runs(words, self.language):
            self._run(words, run, first)
        self._descriptions(words)

    def _run(self, words: list[Word], run: list[Word], first: int) -> None:
        pieces: list[list[Word]] = [[]]
        small = self.language.of("not_names")
        for n, word in enumerate(run):
            if word.low in small and word.capital and n > 0 and not (word.low == "may" and pieces[-1]):
                pieces.append([])
                continue
            pieces[-1].append(word)
            if word.owner and n + 1 < len(run) and not self.language.is_body(run[-1].text):
                pieces.append([])
        for piece in pieces:
            if piece:
                self._name(words, piece, words.index(piece[0], first))

    def _name(self, words: list[Word], run: list[Word], first: int) -> None:
        start = run[0].start
        opens = self._opens(start)
        name = name_of(run, self.language, opens=opens)
        if name is None or name.kind == PLACE:
            return
        before = roles_before(words, first, self.language)
        if name.kind == PERSON and before:
            name.described |= before
            name.certain = True
        if name.kind == PERSON and not name.titles:
            lead = words[first - 1].low if first and not run[0].before else ""
            given = is_given_name(name.words[0].low)
            if lead in self.language.of("locatives") and run[0] is name.words[0] and not given:
                return
        if len(name.words) == 1 and name.kind == PERSON:
            before_it = [w for w in run if w.low in name.described or w.low in name.titles]
            subject = not before_it and opens and not name.words[0].owner
            self._single.append((name.words[0], before_it, subject or self._subject(words, first)))
            return
        if name.kind == ORGANISATION and len(name.words) == 1 and not self._proper(name.words[0]):
            return
        lead = words[first - 1].low if first and not words[first].before else ""
        if (
            name.kind == PERSON
            and not name.titles
            and lead
            and self.language.is_body(lead)
            and not words[first - 1].capital
        ):
            name.kind, name.certain = ORGANISATION, True  # "the charity Gentle Wards"
            name.described.add(lead)
        said = apposed(words, words.index(name.words[-1], first), self.language) | before_comma(
            words, first, self.language, self._opens
        )
        name.described |= said
        name.certain = name.certain or bool(said)
        if name.kind == PERSON and not name.certain and not self._plain(name, lead):
            return
        behind = words.index(name.words[0], first)
        named = self._add(name, lead_the=behind > 0 and words[behind - 1].low == "the" and not name.words[0].before)
        self.mentions.append(Mention(named, name.words[0].start, self._subject(words, first)))

    def _plain(self, name: Name, lead: str) -> bool:
        """Whether two or three capitalised words are taken for a person's name without any other sign of it."""
        if self.language.code != "de":
            return len(name.words) <= 3
        kin = {
            "familie",
            "ehepaar",
            "geschwister",
            "brüder",
            "projekt",
            "fall",
            "haus",
            "modell",
            "system",
            "gruppe",
            "marke",
        }
        return len(name.words) == 2 and lead not in self.language.of("articles") and name.words[0].low not in kin

    def _proper(self, word: Word) -> bool:
        """Whether a single word that is the head of a body can be its name: `Bundestag`, but not `Council`."""
        return word.low not in self.language.of("generic_bodies") and word.text.isupper() and len(word.text) > 1

    def _source(self, source: Span) -> None:
        """A full name in a source is somebody, however the text around it is written."""
        words = cut(self.text, *source, self.language)
        capitals = [n for n, w in enumerate(words) if w.capital and (n == 0 or w.before == "")]
        if not words or len(capitals) < 2 or len(words) > 6 or any(w.before for w in words[1:]):
            return
        if any(w.owner for w in words) or any(w.low in self.language.of("genitives") for w in words):
            return
        first = capitals[0]
        if any(not w.capital and w.low not in self.language.of("particles") for w in words[first:]):
            return
        if any(w.low in self.language.of("conjunctions") - {"y"} for w in words):
            return
        name = name_of(words[first:], self.language, source=True)
        if name is None or name.kind != PERSON or len(name.words) < 2:
            return
        if name.words[0].start in self._mentioned:
            return
        self._mentioned.add(name.words[0].start)
        roles = {
            w.low for w in words[:first] if self.language.is_role(w.text) or w.low in self.language.of("role_parts")
        }
        name.described |= roles
        name.certain = name.certain or bool(roles)
        named = self._add(name, lead_the=False)
        self.mentions.append(Mention(named, name.words[0].start, subject=True))

    def _again(self) -> None:
        """Where a person is named by one word, with or without a title or an office."""
        for word, titles, subject in sorted(self._single, key=lambda single: not single[1]):
            lows = {t.low for t in titles}
            sex = next((s for t in titles if (s := self.language.female(t.text)) is not None), None)
            meant = self.meant_by((word.low,), sex, lows)
            offices = lows - self.language.of("honorifics")
            meant = [n for n in meant if not self.language.contradict(offices, n.described)]
            if not meant and titles:
                named = Named(word.text, PERSON, (word.low,), word.start, lows, sex, True, titled=True)
                self._keep(named)
                meant = [named]
            if len(meant) == 1 and titles and sex is not None and meant[0].female is None:
                meant[0].female = sex
            self.mentions += [Mention(who, word.start, subject) for who in meant]

    # -- what is said of a name --------------------------------------------------------------------------------------

    def _descriptions(self, words: list[Word]) -> None:
        """Where the text speaks of a person without a name: "a neighbour", "the guard"."""
        for n, word in enumerate(words):
            if not self.language.is_role(word.text) or self.language.is_plural_role(word.text):
                continue
            following = words[n + 1] if n + 1 < len(words) and words[n + 1].before in {"", ","} else None
            if following is not None and following.capital:
                continue
            lead = next(
                (
                    w
                    for w in reversed(words[max(0, n - 3) : n])
                    if w.low in self.language.of("articles") | self.language.of("own")
                ),
                None,
            )
            if lead is not None and (word.text.islower() or self.language.code == "de"):
                back = words[max(0, n - 12) : n]
                apposed = any(w.before and b.capital for b, w in itertools.pairwise(back)) and bool(lead.before)
                if not apposed:
                    self.unnamed.append((word.start, word.low))

    def _opens(self, at: int) -> bool:
        k = bisect_right(self.sentence_starts, at) - 1
        if k < 0:
            return False
        start = self.sentence_starts[k]
        return not any(c.isalnum() for c in self.text[start : min(at, start + 200)])

    def window(self, at: int) -> int:
        """Where the paragraph of an offset begins, or the sentence before it if that begins sooner."""
        paragraph = self.paragraph_starts[max(0, bisect_right(self.paragraph_starts, at) - 1)]
        return min(paragraph, self.sentence_starts[max(0, self.sentence_of(at) - 1)])

    def sentence_of(self, at: int) -> int:
        """The number of the sentence at an offset."""
        return bisect_right(self.sentence_starts, at) - 1

    def _subject(self, words: list[Word], first: int) -> bool:
        """Whether the word stands in the first noun phrase of its sentence."""
        begin = self.sentence_starts[k] if (k := self.sentence_of(words[first].start)) >= 0 else 0
        before = [w for w in words[max(0, first - 8) : first] if w.start >= begin]
        if first > 8 and words[first - 8].start > begin:
            return False
        allowed = self.language.of("articles") | self.language.of("role_parts") | self.language.of("genitives")
        return all(w.capital or w.low in allowed or self.language.is_role(w.text) or w.owner for w in before)

    # -- who is who --------------------------------------------------------------------------------------------------

    def _add(self, name: Name, *, lead_the: bool) -> Named:
        last = name.words[-1]
        titles = list(name.titles)
        sexes = [*titles, *sorted(d for d in name.described if self.language.is_role(d)), name.words[0].low]
        sex = (
            next((s for w in sexes if (s := self.language.female(w)) is not None), None)
            if name.kind == PERSON
            else None
        )
        age = self.language.pattern("age_behind").match(self.text, last.end, last.end + 20)
        ages = {value for value in (age.groups() if age else ()) if value}
        start = name.words[0].start
        before = re.search(self.language.lists["aged"] + r"\s(?:\w+\s){0,3}$", self.text[max(0, start - 60) : start])
        if before:
            ages.add(before["age"])
        key = name.key
        bodies = self.bodies(without_form(key)) if name.kind == ORGANISATION else []
        for named in [
            *self.by_name.get(key, []),
            *self._by_word.get((name.kind, key[-1]), [])[:_MOST_NAMESAKES],
            *(b for b in bodies if without_form(b.words) == without_form(key)),
        ]:
            if named.kind == name.kind and not named.titled and same_name(named.words, key):
                named.described |= name.described
                named.ages |= ages
                named.certain = named.certain or name.certain
                named.female = named.female if named.female is not None else sex
                return named
        written = name.text
        if name.kind == ORGANISATION and lead_the:
            written = f"the {written}"
        abbreviation = _ABBREVIATED.match(self.text, last.end, last.end + 20)
        if abbreviation and abbreviation[1][0].lower() != key[0][0]:
            abbreviation = None
        named = Named(
            written,
            name.kind,
            key,
            start,
            set(name.described),
            sex,
            name.certain,
            ages,
            abbreviation[1] if abbreviation else "",
        )
        self._keep(named)
        return named

    def _keep(self, named: Named) -> None:
        self.all.append(named)
        self.by_name.setdefault(named.words, []).append(named)
        for word in dict.fromkeys([*named.words, *([named.abbreviation.lower()] if named.abbreviation else [])]):
            self._by_word.setdefault((named.kind, word), []).append(named)

    def bodies_with(self, wanted: list[str]) -> list[Named]:
        """The bodies whose name or description holds all these words; two of them if very many may."""
        fewest = min((self._bodies_with.get(word, []) for word in wanted), key=len, default=[])
        if len(fewest) > _MOST_NAMESAKES:
            return fewest[:2]
        return [n for n in fewest if all(word in n.words or word in n.described for word in wanted)]

    def meant_by(self, words: tuple[str, ...], sex: bool | None = None, titles: set[str] | None = None) -> list[Named]:
        """The persons whom a part of a name can mean: a surname, or a given name behind "Dame" or by itself.

        Two of them if very many may be meant.
        """
        named = self._by_word.get((PERSON, words[-1]), [])
        if len(named) > _MOST_NAMESAKES:
            return named[:2]
        fits = [n for n in named if sex is None or n.female is None or n.female == sex]
        by_given = bool(titles) and bool((titles or set()) & self.language.of("by_given_name"))
        surname = [n for n in fits if ends_in(n.words, words, self.language.code) or n.words == words]
        given = [n for n in fits if n.words[: len(words)] == words and len(n.words) > len(words)]
        if by_given and given:
            return given
        return surname or (given if not titles or by_given else [])

    def bodies(self, words: tuple[str, ...]) -> list[Named]:
        """The bodies whose name begins with, or is shortened to, the words."""
        named = self._by_word.get((ORGANISATION, words[0]), []) if words else []
        exact = [n for n in self.by_name.get(words, []) if n.kind == ORGANISATION]
        short = " ".join(words)
        exact += [n for n in named[:_MOST_NAMESAKES] if n.abbreviation.lower() == short and n.words != words]
        if not exact and len(named) > _MOST_NAMESAKES:
            return named[:2]
        return exact or [n for n in named if n.words[: len(words)] == words]

    def before(self, at: int, limit: int) -> Iterator[Mention]:
        """The mentions before `at`, the nearest first, no further back than `limit` characters."""
        for k in range(bisect_left(self._at, at) - 1, -1, -1):
            if self._at[k] < at - limit:
                return
            yield self.mentions[k]


def in_capitals(text: str) -> bool:
    """Whether a stretch of text is set in capitals."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 3 and sum(c.isupper() for c in letters) > _MOST_CAPITALS * len(letters)


def _inside(at: int, quoted: list[Span], ends: list[int]) -> bool:
    k = bisect_right(ends, at)
    return k < len(quoted) and quoted[k].start <= at
