"""Whom a pronoun means: only who is alone in question.

The window is the paragraph of the pronoun with the sentence before it: whoever is meant stands there, and nobody else
who fits does. More than one, an unnamed person beside or nearer, or somebody named in passing where another has just
spoken: then nobody is surely meant.
"""

from __future__ import annotations

from bisect import bisect_left

from claims.statements.sentences import Span
from claims.statements.speakers.named import Mention, Named, NamedInText
from claims.statements.speakers.names import ORGANISATION, PERSON, without_form

_REACH = 1_200  # characters: who was named further back is not meant by a pronoun
_BODY_REACH = 500


class Antecedents:
    """Who has spoken and who was named, in the order of the text."""

    def __init__(self, named: NamedInText) -> None:
        self.named = named
        self._spoke: list[tuple[int, Named | None, str]] = []
        self._speakers: set[int] = set()
        self._said: list[tuple[Span, Named]] = []

    def spoke(self, at: int, who: Named | None, kind: str, content: tuple[Span, ...] = ()) -> None:
        """Remember a resolved source and what it said; None for one without a name."""
        self._spoke.append((at, who, kind))
        if who is not None:
            self._speakers.add(id(who))
            self._said += [(span, who) for span in content]

    def _told_by(self, at: int) -> Named | None:
        """Who said what stands at an offset."""
        return next((who for span, who in reversed(self._said[-40:]) if span.start <= at < span.end), None)

    def person(
        self, at: int, female: bool, content: tuple[Span, ...], *, goes_on: bool = False
    ) -> tuple[Named | None, list[str]]:
        """The person meant by "she" or "he" at `at`, and if nobody is surely meant the names of who may be."""
        named = self.named
        last = self._last_person(at, female)
        if goes_on and last is not None and self._spoke[-1][1] is last:
            return last, []
        sentence, here = None, list[Mention]()
        for mention in self._with_spoken(at):
            if mention.who.kind != PERSON or mention.who.female is (not female):
                continue
            if any(span.start <= mention.at < span.end for span in content):
                continue
            teller = self._told_by(mention.at)
            if (
                teller is not None
                and teller is not mention.who
                and teller.female is female
                and mention.who.female is None
            ):
                continue  # "Moe would not say whether Oduya leaves. She …"
            number = named.sentence_of(mention.at)
            if sentence is not None and number != sentence:
                break
            sentence = number
            here.append(mention)
        if sentence is None:
            return None, []
        people = list({id(m.who): m.who for m in here}.values())
        window = named.window(at)
        if here[0].at < window:
            return None, list(dict.fromkeys([*(p.name for p in people), *self._fitting(at, female, content)]))
        told = people[0].female is female and len(people) == 1  # "his wife, X": one whose sex is not told is no rival
        rivals = self._fitting(at, female, content, since=window, told=told)
        if len(rivals) > 1:
            return None, rivals
        unnamed = self._unnamed(named.sentence_starts[sentence], at, female, content, people)
        if len(people) > 1 or unnamed:
            return None, [*(p.name for p in people), *unnamed]
        who = people[0]
        subject = any(m.subject for m in here)
        if who.female is female and not self._another(at, female, who, content):
            return who, []
        if last is not None and last is not who and not subject:
            return None, [last.name, who.name]
        if not subject and last is not who:
            return None, [who.name]
        if who.female is None and not who.certain:
            return None, [who.name]
        if who.female is None and self._better(at, female, who):
            return None, [who.name]
        return who, []

    def _fitting(
        self, at: int, female: bool, content: tuple[Span, ...], since: int = 0, *, told: bool = False
    ) -> list[str]:
        """The names of the persons before `at` who fit, the nearest first, from `since` on.

        `told`: only those whose sex the text tells.
        """
        found: dict[int, str] = {}
        for mention in self._with_spoken(at):
            fits = mention.who.kind == PERSON and mention.who.female is not (not female)
            inside = any(span.start <= mention.at < span.end for span in content)
            teller = self._told_by(mention.at)
            of_other = teller is not None and teller is not mention.who and teller.female is female
            left_out = mention.who.female is None and (of_other or told)
            if fits and not inside and mention.at >= since and not left_out:
                found.setdefault(id(mention.who), mention.who.name)
        return list(found.values())

    def _with_spoken(self, at: int) -> list[Mention]:
        """Mentions before `at` with those who spoke under a pronoun or a description, the nearest first."""
        spoken = [Mention(who, where, True) for where, who, _ in self._spoke[-40:] if who is not None and where < at]
        found = [*self.named.before(at, _REACH), *(m for m in spoken if m.at >= at - _REACH)]
        return sorted(found, key=lambda m: -m.at)

    def _last_person(self, at: int, female: bool) -> Named | None:
        for where, who, _ in reversed(self._spoke[-40:]):
            if where < at - _REACH:
                return None
            if where < at and who is not None and who.kind == PERSON and who.female is not (not female):
                return who
        return None

    def _another(self, at: int, female: bool, who: Named, content: tuple[Span, ...]) -> bool:
        """Whether anybody else who fits was named or described within reach."""
        named = self.named
        return any(
            m.who is not who
            and m.who.kind == PERSON
            and m.who.female is not (not female)
            and not any(span.start <= m.at < span.end for span in content)
            for m in named.before(at, _REACH)
        ) or bool(self._unnamed(max(0, at - _REACH), at, female, content, [who]))

    def _better(self, at: int, female: bool, who: Named) -> bool:
        return any(
            m.who is not who and m.who.kind == PERSON and m.who.female is female for m in self.named.before(at, _REACH)
        )

    def _unnamed(self, start: int, at: int, female: bool, content: tuple[Span, ...], people: list[Named]) -> list[str]:
        """Persons without a name between `start` and `at` who may be meant too."""
        language = self.named.language
        first = bisect_left(self.named.unnamed, (start, ""))
        found = []
        for k in range(first, bisect_left(self.named.unnamed, (at, ""))):
            where, role = self.named.unnamed[k]
            if any(span.start <= where < span.end for span in content):
                continue
            teller = self._told_by(where)
            if teller is not None and teller.kind == PERSON and teller.female is not (not female):
                continue
            if language.female(role) is (not female) or any(role in p.described for p in people):
                continue
            found.append(role)
        return found

    def body(self, at: int, content: tuple[Span, ...]) -> Named | None:
        """The body meant by "it": the only one of the nearest sentence that names any, if it stands first or spoke."""
        sentence, here = None, list[Mention]()
        for mention in self.named.before(at, _BODY_REACH):
            if mention.who.kind != ORGANISATION or any(s.start <= mention.at < s.end for s in content):
                continue
            number = self.named.sentence_of(mention.at)
            if sentence is not None and number != sentence:
                break
            sentence = number
            here.append(mention)
        bodies = {id(m.who): m.who for m in here}
        if len(bodies) != 1 or not any(m.subject for m in here):
            return None
        return next(iter(bodies.values()))

    def only_body(self, at: int) -> Named | None:
        """The only body named before `at`, if it has spoken; for "the company"."""
        bodies = [n for n in self.named.first_bodies if n.at < at]
        bodies = [n for n in bodies if not any(_heads(other, n) for other in bodies)]
        return bodies[0] if len(bodies) == 1 and id(bodies[0]) in self._speakers else None


def _heads(body: Named, headline: Named) -> bool:
    """Whether a name is that of a body with more words of a headline: `Moe Group` in `Moe Group Cuts Water Use`."""
    short, long = without_form(body.words), headline.words
    return len(short) > 1 and len(short) < len(long) and long[: len(short)] == short and headline.at < body.at
