"""German and Spanish as languages of attribution: their plain forms alone, everything else has no speaker.

„C“, sagte X · X sagte, dass C · X erklärte, C (subjunctive) · X: „C“ · C, sagte X · laut X C · „C“, so X
«C», dijo X · X dijo que C · X: «C» · C, dijo X · según X, C · —C —dijo X—. C
"""

from __future__ import annotations

from claims.statements.attribution.phrases import Range
from claims.statements.attribution.plain.cues import Cue, cues
from claims.statements.attribution.plain.openings import behind_dateline, behind_question
from claims.statements.attribution.plain.phrases import (
    before_aside,
    clause_end,
    clause_start,
    is_reported,
    matches,
    noun_phrase,
    subject_before,
    whole_subject,
    with_complement,
)
from claims.statements.attribution.plain.polarity import plain_polarity
from claims.statements.attribution.plain.words import PlainWords, plain_words
from claims.statements.attribution.report import Attribution
from claims.statements.attribution.tokens import Token
from claims.statements.extracted import Polarity
from claims.statements.sentences import Span

_COMPARING = frozenset(["lo", "el", "la", "los", "las", "más", "menos", "mejor", "peor", "tanto", "mayor", "menor"])
_LONGEST_ADJUNCT = 14  # tokens between a cue and what was said
_WHEN = frozenset(["gestern", "heute", "zuvor", "auch", "ayer", "hoy", "anoche", "también", "además", "luego"])
_FEWEST_WORDS = 2


class Plain:
    """A language whose attributions are read in their plain forms."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.words: PlainWords = plain_words(code)

    def attributions(self, tokens: list[Token]) -> list[Attribution]:
        return _Sentence(tokens, self.words).read()

    def announcement(self, tokens: list[Token]) -> tuple[Span, Span] | None:
        return _Sentence(tokens, self.words).announcement()


class _Sentence:
    def __init__(self, tokens: list[Token], words: PlainWords) -> None:
        self.tokens = tokens
        self.words = words
        self.n = len(tokens)
        self.question = any(t.text == "¿" for t in tokens)
        while self.n and tokens[self.n - 1].text in {".", "!", "?", "…", "..."}:
            self.n -= 1
            self.question = self.question or tokens[self.n].text == "?"
        self.found: list[Attribution] = []
        self.taken: set[int] = set()
        self.floor = behind_question(tokens, behind_dateline(tokens, self.n), self.n, words)

    def read(self) -> list[Attribution]:
        if self.n < _FEWEST_WORDS + 1:
            return []
        self._according()
        for cue in cues(self.tokens, self.floor, self.n, self.words):
            if cue.at not in self.taken:
                self._by_verb(cue)
        if not self.found:
            self._by_colon()
            self._by_so()
        return [a for a in self.found if not any(_holds(other, a) for other in self.found)]

    def announcement(self) -> tuple[Span, Span] | None:
        if self.n < 1 or self.tokens[self.n - 1].text != ":":
            return None
        for cue in cues(self.tokens, self.floor, self.n, self.words):
            source = self._source_before(cue) or self._source_behind(cue)
            if source is None or any(t.quote for t in self.tokens):
                return None
            polarity = plain_polarity(
                self.tokens,
                cue.at,
                cue.first,
                source,
                self.n,
                self.words,
                question=self.question,
                governed=True,
                floor=self.floor,
            )
            if polarity is Polarity.ASSERTED:
                return self._span(source), self._span((cue.at, cue.at + 1))
        return None

    # -- sources -------------------------------------------------------------------------------------------------------

    def _source_before(self, cue: Cue) -> Range | None:
        start = clause_start(self.tokens, self.floor, cue.first)
        words = self.words
        leading = words.joining | words.that | words.conditions | words.whether | words.as_
        while start < cue.first and self._word(start) in leading:
            start += 1
        if start == cue.first and cue.first > self.floor and self.tokens[cue.first - 1].text == ",":
            return before_aside(self.tokens, self.floor, cue.first - 1, words)
        source = subject_before(self.tokens, start, cue.first, self.words)
        if source is None and self._word(cue.first - 1) in words.and_:
            return self._shared(cue)
        if source is not None and not words.nouns_small and source[0] != start:
            return None  # "Am Montag sagte X": another constituent stands before the verb
        if source is not None and source[0] != start:
            return whole_subject(self.tokens, start, source, words)
        return source

    def _shared(self, cue: Cue) -> Range | None:
        """The subject that a cue has in common with the verb before "und", "y": "X widersprach und sagte, …"."""
        end = noun_phrase(self.tokens, self.floor, cue.first, self.words)
        between = self.tokens[end : cue.first - 1]
        plain = bool(between) and all(t.is_word and not t.is_name for t in between) and between[0].text.islower()
        governed = any(t.lower in self.words.that | self.words.finite - {between[0].lower} for t in between)
        return (self.floor, end) if end > self.floor and plain and not governed else None

    def _source_behind(self, cue: Cue) -> Range | None:
        """The subject behind a cue or its auxiliary: "sagte Moe", "hat Moe gesagt"."""
        start = cue.last if cue.first == cue.at or cue.at - cue.first <= 1 else cue.first + 1
        if self.words.nouns_small:
            start = cue.last
        while self.words.code == "de" and start > cue.at and self._word(start) in self.words.auxiliaries:
            start += 1  # "Nicht bestätigen wollte X"
        while self._word(start) in _WHEN:
            start += 1
        end = noun_phrase(self.tokens, start, self.n, self.words)
        return (start, end) if end > start else None

    # -- forms --------------------------------------------------------------------------------------------------------

    def _by_verb(self, cue: Cue) -> None:
        if self._as_clause(cue):
            return
        before = self._content_before(cue)
        source = self._source_behind(cue) if before else None
        if source is not None and self._word(source[1] + 1) in self.words.that and not self._all_quoted(before):
            before = []  # "Als er kam, sagte X, dass …"
        if before and source is not None and self._closes(source[1], cue):
            content = before + self._quotations_behind(source[1])
            self._add(source, cue, content, self._skip_adjunct(source[1]), governed=False)
            return
        if self._word(cue.last) in self.words.other_meaning.get(self._word(cue.at), ()):
            return  # "contaba con que"
        source = self._source_before(cue)
        inverted = False
        if source is None:
            source = self._source_behind(cue)
            inverted = True
        unnamed = source is None and self.words.drops_subjects and self._opens(cue)
        if source is None and not unnamed:
            return
        start = max(cue.last, source[1]) if inverted and source is not None else cue.last
        content, end = self._content_behind(start)
        if content:
            self._add(source, cue, content, end, governed=True)

    def _opens(self, cue: Cue) -> bool:
        """Whether nothing stands before the verb of a cue, whose subject is left out: "Añadió que …"."""
        return cue.first == self.floor or (cue.first == self.floor + 1 and self._word(self.floor) in self.words.joining)

    def _as_clause(self, cue: Cue) -> bool:
        """`Wie X sagte, C`, `Como dijo X, C`: content on one side or both."""
        start = clause_start(self.tokens, self.floor, cue.first)
        if self._word(start) not in self.words.as_:
            return False
        source = self._source_before(cue)
        end = cue.last
        if source is None:
            source = self._source_behind(cue)
            end = source[1] if source is not None else end
        if source is not None:
            self._around(source, (cue.at, cue.at + 1), start, self._skip_adjunct(end))
        return True

    def _content_before(self, cue: Cue) -> list[Span]:
        """What stands before the cue and a comma, dash or quotation: all of it, if it can be what was said."""
        k = cue.first
        if k <= self.floor:
            return []
        as_clause = self._word(k - 1) in self.words.as_
        k -= as_clause
        if k <= self.floor:
            return []
        closing = self.tokens[k - 1]
        if not (closing.text == "," or closing.is_dash or closing.quote):
            return []
        end = k - 1 if closing.text == "," or closing.is_dash else k
        start = end
        while start > self.floor and self.tokens[start - 1].quote:
            start -= 1
        if start < end and start > self.floor and self.tokens[start - 1].text in {".", "?", "!"}:
            return self._all(start, end)  # "No. «…», dijo X": the quotation alone
        return self._all(self.floor, end)

    def _closes(self, k: int, cue: Cue) -> bool:
        """Whether nothing that was said follows source and cue: the sentence ends, or goes on behind a comma."""
        k = self._skip_adjunct(k)
        if k >= self.n:
            return True
        token = self.tokens[k]
        return token.text in {",", ";", ".", ":"} or token.is_dash or token.quote

    def _skip_adjunct(self, k: int) -> int:
        limit = min(self.n, k + _LONGEST_ADJUNCT)
        while k < limit and self.tokens[k].is_word and self._word(k) not in self.words.that - {"que"}:
            if self._word(k) in self.words.that or self._word(k) in self.words.finite:
                return k
            k += 1
        return k

    def _content_behind(self, k: int) -> tuple[list[Span], int]:
        """Content behind a cue (and its source), and where the clause of the cue ends."""
        words = self.words
        limit = min(self.n, k + _LONGEST_ADJUNCT)
        j = k
        while j < limit:
            token = self.tokens[j]
            if token.lower in words.whether or (j > k and token.lower in words.what and words.nouns_small):
                return self._all(j, clause_end(self.tokens, self.n, j, words)), j
            if token.lower in words.finite:
                return [], j
            if token.lower in words.that:
                if self._word(j - 1) in _COMPARING:
                    return [], j  # "mejor de lo que se creía"
                start = j + 1
                return self._all(start, clause_end(self.tokens, self.n, start, words)), j
            if token.text == ":":
                return self._all(j + 1, self.n), j
            if token.text == ",":
                after = j + 1
                if self._word(after) in words.that:
                    return self._all(after + 1, clause_end(self.tokens, self.n, after + 1, words)), j
                if self._word(after) in words.whether | words.what and not words.nouns_small:
                    return self._all(after, clause_end(self.tokens, self.n, after, words)), j
                if words.subjunctives and is_reported(self.tokens, after, self.n, words):
                    return self._all(after, clause_end(self.tokens, self.n, after, words)), j
                return [], j
            if token.quote:
                whole = len(token.text.split()) > _FEWEST_WORDS
                return (self._all(j, j + 1) if whole and j > k - 1 else []), j
            if not token.is_word:
                return [], j
            j += 1
        return [], j

    def _quotations_behind(self, k: int) -> list[Span]:
        """Quotations that go on behind source and cue, behind a comma, colon or dash."""
        found = []
        for j in range(k, self.n):
            before = self.tokens[j - 1]
            if self.tokens[j].quote and (before.text in {",", ":", "."} or before.is_dash or before.quote):
                found.append(Span(self.tokens[j].start, self.tokens[j].end))
        return found

    def _according(self) -> None:
        """`laut X`, `según X`, `X zufolge` before, within or behind what X says."""
        for i in range(self.floor, self.n):
            phrase = next((p for p in self.words.according if matches(self.tokens, i, p)), None)
            if phrase is not None:
                self._according_to(i, i + len(phrase))
            elif self._word(i) in self.words.according_behind:
                opening = start = clause_start(self.tokens, self.floor, i)
                if self._word(start + 1) in {"worten", "angaben"}:
                    start += 2 + (self._word(start + 2) in {"von", "vom"})
                source = subject_before(self.tokens, start, i, self.words)
                if source is not None:
                    self._around(source, (i, i + 1), opening if start > opening else source[0], i + 1)

    def _according_to(self, i: int, k: int) -> None:
        cue, words = (i, k), self.words
        if self._word(k) in self.words.finite:  # "según dijo X", "según informó la policía"
            self.taken.add(k)
            cue = (k, k + 1)
            k += 1
        k += self._word(k) in {"von", "vom"}
        if self._word(k) in words.times or self._word(k + 1) in words.times - {self._word(k)}:
            return
        end = noun_phrase(self.tokens, k, self.n, self.words, opens=i <= self.floor + 1)
        if end == k or self._word(k) in self.words.that:
            return
        end = with_complement(self.tokens, end, self.n, words) if i <= self.floor + 1 else end
        self._around((k, end), cue, i, end)

    def _around(self, source: Range, cue: Range, start: int, end: int) -> None:
        """Content on one side of a parenthesis [start, end), or on both."""
        opening = start == self.floor or (start == self.floor + 1 and self._word(self.floor) in self.words.joining)
        after = end + (end < self.n and self.tokens[end].text == ",")
        if opening:
            content = self._all(after, clause_end(self.tokens, self.n, after, self.words))
        else:
            comma = self.tokens[start - 1].text == ","
            before = clause_start(self.tokens, self.floor, start - 1) if self._parted(start) else self.floor
            content = self._all(before, start - comma)
            if comma and after > end and after < self.n:
                content += self._all(after, clause_end(self.tokens, self.n, after, self.words))
            elif not comma and after == end and self._goes_on(end):
                content += self._all(end, clause_end(self.tokens, self.n, end, self.words))
        polarity = Polarity.ASKED if self.question else Polarity.ASSERTED
        if opening is False and self._word(start - 1) in self.words.negators:
            polarity = Polarity.NEGATED
        if self._word(source[0]) in self.words.negators:
            polarity = Polarity.NEGATED
        self._keep(source, cue, content, polarity)

    def _goes_on(self, end: int) -> bool:
        """Whether the clause goes on behind a parenthesis without commas: `Er liegt laut X bei 3 Millionen`."""
        if not 0 < end < self.n or not self.tokens[end].is_word:
            return False
        return self.words.code == "de" and self._word(end) not in self.words.joining | self.words.that

    def _parted(self, start: int) -> bool:
        """Whether another speaker's clause stands before a parenthesis at `start`."""
        return any(self._word(k) in self.words.finite for k in range(self.floor, start))

    def _by_so(self) -> None:
        """`„…“, so X`."""
        for i in range(self.floor + 1, self.n):
            if self._word(i) in self.words.so and self.tokens[i - 1].text == ",":
                end = noun_phrase(self.tokens, i + 1, self.n, self.words)
                if (end > i + 1 and self.tokens[i + 1].is_name) or self._word(i + 1) in self.words.articles:
                    content = self._all(self.floor, i - 1) + self._quotations_behind(end)
                    polarity = Polarity.ASKED if self.question else Polarity.ASSERTED
                    if end > i + 1:
                        self._keep((i + 1, end), (i, i + 1), content, polarity)
                return

    def _by_colon(self) -> None:
        """`La ministra: «…»`."""
        colon = next((k for k in range(1, min(self.n - 1, 12)) if self.tokens[k].text == ":"), None)
        if colon is None or not self.tokens[colon + 1].quote:
            return
        if noun_phrase(self.tokens, 0, colon, self.words) == colon:
            self._keep((0, colon), (colon, colon + 1), self._all(colon + 1, self.n), Polarity.ASSERTED)

    # -- spans --------------------------------------------------------------------------------------------------------

    def _word(self, k: int) -> str:
        return self.tokens[k].lower if 0 <= k < self.n else ""

    def _span(self, tokens: Range) -> Span:
        return Span(self.tokens[tokens[0]].start, self.tokens[tokens[1] - 1].end)

    def _all(self, start: int, end: int) -> list[Span]:
        """tokens[start:end] as content: the quotations alone if there is nothing else, without commas at the ends."""
        while end > start and self.tokens[end - 1].text in {",", ":", ";"}:
            end -= 1
        while start < end and (self.tokens[start].text in {",", ":"} or self._word(start) in self.words.joining):
            start += 1
        inside = self.tokens[start:end]
        if not inside:
            return []
        if any(t.quote for t in inside) and not any(t.is_word for t in inside):
            return [Span(t.start, t.end) for t in inside if t.quote]
        return [Span(inside[0].start, inside[-1].end)]

    def _all_quoted(self, content: list[Span]) -> bool:
        covered = [t for t in self.tokens if any(s.start <= t.start and t.end <= s.end for s in content)]
        return bool(covered) and not any(t.is_word for t in covered)

    def _add(self, source: Range | None, cue: Cue, content: list[Span], end: int, *, governed: bool) -> None:
        polarity = plain_polarity(
            self.tokens,
            cue.at,
            cue.first,
            source or (cue.first, cue.first),
            end,
            self.words,
            question=self.question,
            governed=governed,
            floor=self.floor,
        )
        if polarity is Polarity.CONDITIONAL and governed and self._word(self.floor) in self.words.conditions:
            content = self._without_consequence(content, cue)
        self._keep(source, (cue.at, cue.at + 1), content, polarity)

    def _without_consequence(self, content: list[Span], cue: Cue) -> list[Span]:
        """`Si X dice que acepta, el autobús …`: the condition alone."""
        inside = [k for k in range(cue.last, self.n) if self.tokens[k].start >= content[0].start]
        comma = next((k for k in inside[1:] if self.tokens[k].text == ","), None)
        return self._all(inside[0], comma) if comma is not None else content

    def _keep(self, source: Range | None, cue: Range, content: list[Span], polarity: Polarity) -> None:
        if content:
            quoted = self._all_quoted(content) or self.tokens[0].is_dash
            named = self._span(source) if source is not None else None
            self.found.append(Attribution(named, self._span(cue), tuple(content), quoted, True, polarity))


def _holds(outer: Attribution, inner: Attribution) -> bool:
    """Whether the cue of `inner` is part of what `outer` reports; of two that hold each other the first stays."""
    inside = outer is not inner and any(s.start <= inner.cue.start < s.end for s in outer.content)
    mutual = any(s.start <= outer.cue.start < s.end for s in inner.content)
    return inside and not (mutual and inner.cue < outer.cue)
