"""Find the attributions of one sentence: cue, source and content, by rules of English news prose.

The order of the three decides: `X said that C` runs forward from the cue, `C, X said` and `"C," said X` run back
from it, and a cue in the middle (`"C," X said, "C"`) has content on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.statements.attribution.extents import (
    clause_end,
    content_before,
    content_behind,
    is_clause,
    names_norm,
    quotes_or_all,
    spans,
    without_closing_adjunct,
)
from claims.statements.attribution.lexicon import (
    AUXILIARIES,
    BE,
    COMMON_VERBS,
    COORDINATORS,
    CUE_ADJECTIVES,
    CUE_NOUNS,
    DETERMINERS,
    FINDINGS,
    INFINITIVE_NOUNS,
    POSSESSIVES,
    PREPOSITION_CONTENT,
    PREPOSITIONS,
    PRONOUN_SUBJECTS,
    SUBORDINATORS,
    VERB_FORMS,
    Frame,
    VerbForm,
    words,
)
from claims.statements.attribution.phrases import (
    Range,
    has_finite_verb,
    is_adverb,
    is_finite_verb,
    is_time,
    skip_adjuncts,
    source_after,
    subject_before,
)
from claims.statements.attribution.tokens import Token
from claims.statements.attribution.verbs import cue_verb, is_passive, verb_group
from claims.statements.sentences import Span

_TERMINAL = (".", "?", "!", "…", ",")
_ADDRESSEE = words("tell warn inform remind assure reassure advise notify ask persuade convince promise urge caution")
# Knowing, feeling and the like: reported with a clause, but nobody put it in words.
_MENTAL = words(
    "know see feel imagine understand realize realise learn guess assume wonder doubt suspect hear figure prove"
)
# What these verbs report is a clause; with a bare object they mean something else ("found a wallet").
_NEEDS_CLAUSE = _MENTAL | words(
    "find show think hold establish indicate imply demonstrate signal project continue rule record learn mean remember "
    "forget notice dream read maintain observe write add shoot snap illustrate document reckon post sing"
)
_SHOWING = words("show indicate find demonstrate illustrate document")
# Saying-so verbs whose bare object is already what was said: "announced new rules".
_ANNOUNCING = words(
    """
    say announce deny vow promise pledge warn claim allege insist estimate forecast predict stress emphasize emphasise
    acknowledge admit confirm reiterate urge demand propose recommend declare disclose reveal condemn accuse denounce
    criticize criticise call reject dismiss threaten
    """
)
_OBJECTS = words("me us you him her them it reporters journalists lawmakers voters")
_CLAUSE_OPENERS = words("that how what why where when who whether if which whom than whose")
# Prepositions that can open a clause or phrase that was said: "said in May it rained"
_INSIDE_CONTENT = words("about over under between among in at on like by during despite within after before")


@dataclass(frozen=True, slots=True)
class Attribution:
    """One reported content. Spans are offsets into the document; `source` is None for a cue without a source.

    `quoted`: all of the content is in quotation marks. `speech`: somebody put it in words; otherwise the cue
    only reveals an attitude (wants, supports).
    """

    source: Span | None
    cue: Span
    content: tuple[Span, ...]
    quoted: bool
    speech: bool


def _holds(outer: Attribution, inner: Attribution) -> bool:
    """Whether the cue of `inner` is part of what `outer` reports; an attitude does not swallow speech."""
    inside = outer is not inner and any(s.start <= inner.cue.start < s.end for s in outer.content)
    return inside and (outer.speech or not inner.speech)


class Sentence:
    """Finds the attributions of one sentence given as tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.n = len(tokens)
        while self.n and tokens[self.n - 1].text in {".", "!", "?", "…", "..."}:
            self.n -= 1  # the final mark belongs to no content
        self.found: list[Attribution] = []
        self.subject: Range | None = None  # of the last attribution: "…, adding that" goes on with it

    def attributions(self) -> list[Attribution]:
        """Those of the sentence itself: what a speaker says that others say belongs to the content."""
        for i in range(self.n):
            token = self.tokens[i]
            if not token.is_word:
                continue
            if token.lower == "according" and self._word(i + 1) == "to":
                self._according(i)
            elif (form := cue_verb(self.tokens, i)) is not None:
                self._by_verb(i, form)
            elif token.lower in CUE_NOUNS:
                self._by_noun(i)
            elif token.lower in CUE_ADJECTIVES:
                self._by_adjective(i)
        if not self.found and self.n >= 3:
            self._by_colon_or_dash()
        return [a for a in self.found if not any(_holds(outer, a) for outer in self.found)]

    def announcement(self) -> tuple[Span, Span] | None:
        """Source and cue of a sentence that ends in "X said:", "X added on Friday:"."""
        if self._word(self.n - 1) != ":":
            return None
        for i in range(self.n - 2, max(-1, self.n - 12), -1):
            form = cue_verb(self.tokens, i) if self.tokens[i].is_word else None
            if form is None or not form.verb.speech or is_passive(self.tokens, i, form):
                continue
            group, be, infinitive = verb_group(self.tokens, i)
            source = self._subject(i, group, form, be=be, infinitive=infinitive)
            if source is None or has_finite_verb(self.tokens, i + 1, self.n):
                return None
            start, end = self.tokens[source[0]].start, self.tokens[source[1] - 1].end
            return Span(start, end), Span(self.tokens[i].start, self.tokens[i].end)
        return None

    def _word(self, i: int) -> str:
        return self.tokens[i].lower if 0 <= i < self.n else ""

    def _quote(self, i: int) -> bool:
        return 0 <= i < self.n and self.tokens[i].quote

    # -- whose verb it is -------------------------------------------------------------------------------------------

    def _by_verb(self, i: int, form: VerbForm) -> None:
        if is_passive(self.tokens, i, form):
            return
        group, be, infinitive = verb_group(self.tokens, i)
        if form.participle and not form.past and self._word(group) not in AUXILIARIES:
            return
        if group == i and not form.ing and not form.base and (self._inverted(i, form) or self._leading(i, form)):
            return
        subject = self._subject(i, group, form, be=be, infinitive=infinitive)
        if subject is None:
            return
        if subject[1] <= group and self._backward(i, form, subject):
            return
        self._forward(i, form, subject)

    def _subject(self, i: int, group: int, form: VerbForm, *, be: bool, infinitive: bool) -> Range | None:
        k = group - 1
        word = self._word(k)
        if infinitive:
            return self._subject_of_infinitive(group)
        if form.ing and not be:
            return self._subject_of_participle(group)
        if word in {"and", "but", "or", "then"} or (word == "," and self._word(k - 1) in {"and", "but"}):
            reaches = self.subject is not None and self.subject[1] <= k
            return self.subject if reaches else self._main_subject(group)
        if word in {"who", "which", "that"} and k > 0:
            end = k - 1 if self.tokens[k - 1].text == "," else k
            itself = (k, k + 1) if word == "who" else None
            if end <= 0 or not self.tokens[end - 1].is_word:
                return itself
            return subject_before(self.tokens, end) or itself
        if word == "as" or k < 0:
            return None
        return subject_before(self.tokens, group) or self._antecedent_over_adjunct(group)

    def _antecedent_over_adjunct(self, group: int) -> Range | None:
        """`Ida Moe, who in 2010 said`."""
        for k in range(group - 2, max(0, group - 8), -1):
            if self._word(k) in {"who", "which"}:
                if skip_adjuncts(self.tokens[:group], k + 1) < group:
                    return None
                end = k - 1 if self.tokens[k - 1].text == "," else k
                return subject_before(self.tokens, end)
        return None

    def _subject_of_infinitive(self, group: int) -> Range | None:
        """`X went on to say`; None where the governing verb is a cue itself ("refused to say")."""
        j = group - 1
        while j >= 0 and is_adverb(self.tokens[j]):
            j -= 1
        if j < 0:
            return None
        governor = VERB_FORMS.get(self._word(j))
        if governor is not None and Frame.TO in governor.verb.frames:
            return None
        if not is_finite_verb(self.tokens, j) and self._word(j) not in COMMON_VERBS | {"on", "forward", "going"}:
            return None
        while j > 0 and not is_finite_verb(self.tokens, j) and j > group - 4:
            j -= 1
        first, _, _ = verb_group(self.tokens, j)
        return subject_before(self.tokens, first) or self.subject

    def _subject_of_participle(self, group: int) -> Range | None:
        """`…, saying`: the source of the last attribution or subject of the sentence; `an ad urging`: the noun."""
        k = group - 1
        word = self._word(k)
        if k >= 0 and self.tokens[k].is_word and word not in PREPOSITIONS | SUBORDINATORS | COORDINATORS:
            if is_finite_verb(self.tokens, k):
                return None
            noun = subject_before(self.tokens, group)
            if noun is None:
                return None
            of = max((j + 1 for j in range(*noun) if self._word(j) in PREPOSITIONS), default=noun[0])
            return (of, noun[1]) if of < noun[1] else noun
        return self.subject or self._main_subject(group)

    def _main_subject(self, before: int) -> Range | None:
        """Subject of the first finite verb of the sentence, for "…, citing" and "went … and said"."""
        for k in range(min(before, self.n)):
            if self.tokens[k].is_word and is_finite_verb(self.tokens, k):
                first, _, _ = verb_group(self.tokens, k)
                if first == 0:
                    return None
                found = subject_before(self.tokens, first)
                if found is not None:
                    return found
        return None

    # -- content before the cue -------------------------------------------------------------------------------------

    def _inverted(self, i: int, form: VerbForm) -> bool:
        """`"…," said X`."""
        if not (form.verb.frames & (Frame.CLAUSE | Frame.THAT | Frame.ASK)) or not form.verb.speech or i == 0:
            return False
        quote_before = self._quote(i - 1)
        if not quote_before:
            closed = self.tokens[i - 1].text in {",", "?", "!"} and i > 2
            if not closed or subject_before(self.tokens, i) is not None:
                return False
            if self._word(i + 1) in {"that", "to", "he", "she", "they"}:
                return False
        source = source_after(self.tokens, i + 1)
        if source is None or source[1] > self.n or self._word(source[0]) in PREPOSITIONS | SUBORDINATORS:
            return False
        if not quote_before:
            if self._word(source[0]) not in DETERMINERS and not self.tokens[source[0]].is_name:
                return False
            if source[1] < self.n and is_finite_verb(self.tokens, source[1]):
                return False  # "…, said the dam would hold": a clause follows
            alone = skip_adjuncts(self.tokens, source[1]) >= self.n
            if not alone and not has_finite_verb(self.tokens, 0, i - 1):
                return False
        content = content_before(self.tokens, i)
        if not content:
            return False
        content += content_behind(self.tokens, self.n, source[1], unfinished=False)
        self._add(source, (i, i + 1), content, speech=form.verb.lemma not in _MENTAL)
        return True

    def _leading(self, i: int, form: VerbForm) -> bool:
        """`Said X: "…"`."""
        if i != 0 or not form.verb.speech:
            return False
        source = source_after(self.tokens, 1)
        if source is None or source[1] >= self.n - 1 or self._word(source[1]) not in {":", ","}:
            return False
        if not self._quote(source[1] + 1):
            return False
        self._add(source, (0, 1), quotes_or_all(self.tokens, source[1] + 1, self.n), speech=True)
        return True

    def _backward(self, i: int, form: VerbForm, subject: Range) -> bool:
        """`…, X said.` Content before the source, and after the cue where the sentence goes on."""
        start = subject[0]
        if start == 0 or not form.verb.speech or form.ing:
            return False
        if not form.verb.frames & (Frame.CLAUSE | Frame.THAT | Frame.ASK):
            return False
        as_clause = self._word(start - 1) == "as"
        before = start - 1 if as_clause else start
        speech = form.verb.lemma not in _MENTAL
        if before == 0:
            return as_clause and self._after_opening_as(i, subject, speech=speech)
        quote_before = self._quote_ends_at(before)
        closed = self.tokens[before - 1].text in {",", "?", "!"} or self.tokens[before - 1].is_dash
        if not quote_before and not closed:
            return False
        after = self._end_of_cue(i, form, quote_before=quote_before)
        if after is None:
            return False
        alone = after >= self.n  # nothing was said behind the cue, so it was said before
        unfinished = not quote_before and not alone and not is_clause(self.tokens, before - 1)
        if not quote_before and not as_clause and alone and self._opens_with_time(before - 1):
            return False  # "On Sunday, X said"
        if unfinished and not as_clause and (self._word(after) != "," or after + 1 >= self.n):
            return False
        content = content_before(self.tokens, before)
        occasion = unfinished and skip_adjuncts(self.tokens[: before - 1], 0) >= before - 1
        if occasion or (unfinished and as_clause and before <= 3):
            content = []  # "On Sunday, X said, …"; "Yet, as X said, …"
        content += content_behind(self.tokens, self.n, after, unfinished=unfinished)
        if not content:
            return False
        self._add(subject, (i, i + 1), content, speech=speech)
        return True

    def _opens_with_time(self, end: int) -> bool:
        """Whether tokens[:end] is only when or where it was said: "On Sunday", "In a statement", "When asked"."""
        if skip_adjuncts(self.tokens[:end], 0) >= end:
            return True
        first = self._word(0)
        opens = first in PREPOSITIONS | SUBORDINATORS - {"that", "what", "how"} or first.endswith("ing")
        return opens and not any(self._word(k) == "," for k in range(end)) and not has_finite_verb(self.tokens, 1, end)

    def _after_opening_as(self, i: int, subject: Range, *, speech: bool) -> bool:
        """`As X said, …`."""
        p = skip_adjuncts(self.tokens, i + 1)
        if self._word(p) != "," or p + 1 >= self.n:
            return False
        self._add(subject, (i, i + 1), spans(self.tokens, p + 1, self.n), speech=speech)
        return True

    def _end_of_cue(self, i: int, form: VerbForm, *, quote_before: bool) -> int | None:
        """Position behind the cue, its addressee and occasion, if nothing that was said follows there."""
        after = i + 1
        if form.verb.lemma in _ADDRESSEE and after < self.n and not self._quote(after):
            after = self._addressee_end(after)
        after = skip_adjuncts(self.tokens, after)
        if after >= self.n:
            return after
        word = self._word(after)
        quote_next = self._quote(after + 1)
        if word == ":" or (word == "," and quote_next and not quote_before):
            return None
        ends = (
            word in {",", ";", "("}
            or self.tokens[after].is_dash
            or word in SUBORDINATORS - _CLAUSE_OPENERS
            or (word in PREPOSITIONS and (quote_before or form.verb.lemma == "say"))
            or (word in {"and", "but", "when"} and quote_before)
        )
        return after if ends else None

    def _quote_ends_at(self, i: int) -> bool:
        """Whether a quotation, or one and a comma, ends right before `i`."""
        if i > 1 and self.tokens[i - 1].text == ",":
            return self._quote(i - 2) and all(not t.is_word for t in self.tokens[: i - 1])
        return self._quote(i - 1)

    # -- content after the cue --------------------------------------------------------------------------------------

    def _forward(self, i: int, form: VerbForm, subject: Range) -> None:
        verb = form.verb
        p = i + 1
        while p < self.n and self.tokens[p].is_word and is_adverb(self.tokens[p]) and self._word(p) != "there":
            p += 1
        cue = (i, i + 1)
        prepositions = PREPOSITION_CONTENT.get(verb.lemma, frozenset())
        q = p if self._word(p) in prepositions else skip_adjuncts(self.tokens, p)
        start: int | None
        if q < self.n and self._word(q) in prepositions and self._word(q) != "to":
            cue, start = ((i, q + 1) if q == p else cue), q + 1
        elif self._word(p) in prepositions and not Frame.TO & verb.frames:
            cue, start = (i, p + 1), p + 1
        else:
            start = self._content_start(p, form)
        if start is None or start >= self.n:
            return
        if self._word(start) == ":" or (self._word(start) == "," and self._quote(start + 1)):
            start += 1
        if start >= self.n or not (self.tokens[start].is_word or self.tokens[start].quote):
            return
        token = self.tokens[start]
        if token.quote and token.text.rstrip("\"'”’»`").endswith(_TERMINAL):
            end = start + 1
            while self._quote(end):
                end += 1
            whole = [Span(t.start, t.end) for t in self.tokens[start:end]]
            self._add(subject, cue, whole, speech=verb.speech and verb.lemma not in _MENTAL)
            return
        if cue == (i, i + 1) and not self._frame_allows(start, form):
            return
        that = self._word(start) == "that" and self._word(start + 1) not in BE | {",", "."}
        start += that
        loose = not that and not (verb.frames & Frame.CLAUSE and has_finite_verb(self.tokens, start, self.n))
        end = clause_end(self.tokens, self.n, start, subject=subject, cue=i, loose=loose)
        if loose:
            end = without_closing_adjunct(self.tokens, start, end)
        if end > start and (that or self._complement_fits(verb.lemma, subject, start, end)):
            self._add(subject, cue, spans(self.tokens, start, end), speech=self._puts_in_words(form, start, end))

    def _complement_fits(self, lemma: str, subject: Range, start: int, end: int) -> bool:
        """Whether the verb reports with this complement: "found the dam was old", not "found a dam"."""
        if lemma not in _NEEDS_CLAUSE or self._word(start) in _CLAUSE_OPENERS:
            return True
        if lemma in _SHOWING and any(self._word(k) in FINDINGS for k in range(*subject)):
            return True
        return self._quote(start) or has_finite_verb(self.tokens, start, end)

    def _puts_in_words(self, form: VerbForm, start: int, end: int) -> bool:
        """Whether "X verb content" reports speech: "told them it rained", not "told a story"."""
        lemma = form.verb.lemma
        if not form.verb.speech or lemma in _MENTAL:
            return False
        if lemma in _ANNOUNCING or self._word(start - 1) == "that" or self._word(start) == "to":
            return True
        if any(t.quote and len(t.text) > 20 for t in self.tokens[start:end]):
            return True
        clause = self._word(start) in SUBORDINATORS or has_finite_verb(self.tokens, start, end)
        return clause and bool(form.verb.frames & (Frame.CLAUSE | Frame.ASK))

    def _frame_allows(self, start: int, form: VerbForm) -> bool:
        """Whether the verb takes what begins at `start`."""
        frames = form.verb.frames
        word = self._word(start)
        if word == "to":
            return bool(frames & (Frame.TO | Frame.URGE))
        if word in COORDINATORS or word in SUBORDINATORS - _CLAUSE_OPENERS - _INSIDE_CONTENT:
            return False
        if word in PREPOSITIONS and (word not in _INSIDE_CONTENT or not frames & Frame.CLAUSE):
            return False
        if frames & (Frame.CLAUSE | Frame.OBJECT | Frame.THAT):
            return True
        if frames & Frame.URGE:
            return any(self._word(k) == "to" for k in range(start, min(self.n, start + 10)))
        if frames & Frame.ASK:
            return word in SUBORDINATORS or self._quote(start)
        return word in {"that", "to"}

    def _content_start(self, p: int, form: VerbForm) -> int | None:
        """Where the content begins after the cue: behind time, occasion and the person addressed."""
        verb = form.verb
        if p >= self.n:
            return None
        if self._word(p) == "," and not self._quote(p + 1):
            # "said, however, that"; "said, on Sunday, that"
            closing = next((k for k in range(p + 1, min(self.n, p + 16)) if self._word(k) == ","), None)
            return closing + 1 if closing is not None and self._word(closing + 1) == "that" else None
        speech = bool(verb.frames & (Frame.CLAUSE | Frame.THAT | Frame.ASK))
        if self._word(p) in {"of", "about", "in", "to"}:  # "said of the plan, “…”"
            near = range(p, min(self.n - 1, p + 14))
            quote = next((k + 1 for k in near if self._word(k) in {",", ":"} and self._quote(k + 1)), None)
            if quote is not None and not has_finite_verb(self.tokens, p, quote):
                return quote
        if speech:
            q = skip_adjuncts(self.tokens, p)
            if self._word(q) in {"that", ":"} or self._quote(q):
                return q
            if self._word(q) == ",":
                if self._quote(q + 1):
                    return q
                if self._word(q + 1) == "that":
                    return q + 1
                return p if p < q and verb.lemma != "say" else None
        if verb.lemma in _ADDRESSEE:
            return self._start_after_addressee(p, form)
        return skip_adjuncts(self.tokens, p) if speech else p

    def _start_after_addressee(self, p: int, form: VerbForm) -> int:
        frames = form.verb.frames
        for k in range(p, min(self.n, p + 14)):
            word = self._word(k)
            if word == "that" and (k > p or frames & Frame.CLAUSE):
                return k
            if self._quote(k) or (word in {",", ":"} and self._quote(k + 1)):
                return k
            if word == "to" and frames & Frame.URGE:
                return p
            if word in {"whether", "if", "how", "what", "why"} and k > p:
                return k
            if word == "," or is_finite_verb(self.tokens, k):
                break
        p = skip_adjuncts(self.tokens, p)
        if frames & Frame.CLAUSE:
            end = skip_adjuncts(self.tokens, self._addressee_end(p))
            if p < end < self.n and (self.tokens[end].is_word or self._quote(end)):
                return end
        return p

    def _addressee_end(self, p: int) -> int:
        """End of the noun phrase that names who was told."""
        if self._word(p) in _OBJECTS:
            return p + 1
        k = p
        while k < self.n and self.tokens[k].is_word:
            word = self._word(k)
            if is_finite_verb(self.tokens, k):
                return p
            if k > p:
                if word in PRONOUN_SUBJECTS | {"that", "there"} or is_time(self.tokens, k) or word.endswith("ing"):
                    return k
                if word in DETERMINERS and self._word(k - 1) not in PREPOSITIONS | {"'s", "and"}:
                    return k
                if word in PREPOSITIONS - {"of", "at", "for"}:
                    return k
            k += 1
        return k

    # -- other cues -------------------------------------------------------------------------------------------------

    def _according(self, i: int) -> None:
        """`according to X` before, within or behind what X says."""
        source = source_after(self.tokens, i + 2, opens=i <= 1)
        if source is None or source[1] > self.n or names_norm(self.tokens, i + 2):
            return
        end = source[1]
        if i == 0 or (i <= 2 and self._word(i - 1) in {"and", "but"}):
            content = spans(self.tokens, end + 1 if self._word(end) == "," else end, self.n)
        else:
            stop = i - 1 if self.tokens[i - 1].text == "," or self.tokens[i - 1].is_dash else i
            content = content_before(self.tokens, stop)
            aside = self._word(end) == "," and self.tokens[i - 1].text == "," and end + 1 < self.n
            if aside and self._goes_on(end + 1):
                content += spans(self.tokens, end + 1, clause_end(self.tokens, self.n, end + 1))
        self._add(source, (i, i + 2), content, speech=True)

    def _goes_on(self, k: int) -> bool:
        word = self._word(k)
        return is_finite_verb(self.tokens, k) or word in PREPOSITIONS - {"with"} or self._quote(k)

    def _by_noun(self, i: int) -> None:
        """`X's claim that …`, `a report by X that …`, `the decision to …`."""
        noun = self._word(i)
        if self.tokens[i].is_name and i > 0:
            return
        k = i + 1
        source: Range | None = None
        if self._word(k) in {"by", "from", "of"}:
            source = source_after(self.tokens, k + 1)
            if source is not None:
                k = source[1]
        infinitive = self._word(k) == "to" and noun in INFINITIVE_NOUNS
        clause = self._word(k) == "that" and k + 1 < self.n and not is_finite_verb(self.tokens, k + 1)
        if not infinitive and not clause:  # "the report that came": a relative clause
            return
        start = k if infinitive else k + 1
        if clause and not has_finite_verb(self.tokens, start, self.n):
            return
        source = source or self._owner(i)
        stops = (j for j in range(start, self.n) if self._word(j) in {",", ";", ")"} or self.tokens[j].is_dash)
        content = spans(self.tokens, start, next(stops, self.n))
        self._add(source, (i, i + 1), content, speech=not infinitive, main=False)

    def _by_adjective(self, i: int) -> None:
        """`X is confident that …`, `X was worried about …`."""
        group, be, _ = verb_group(self.tokens, i)
        word = self._word(i + 1)
        if not be or group == 0 or word not in {"that", "about", "of", "to"} or i + 2 >= self.n:
            return
        subject = subject_before(self.tokens, group)
        if subject is None or self._word(subject[0]) in {"it", "there"}:
            return
        start = i + 1 if word == "to" else i + 2
        end = clause_end(self.tokens, self.n, start, subject=subject, cue=i, loose=word != "that")
        self._add(subject, (i, i + 1), spans(self.tokens, start, end), speech=False, main=False)

    def _owner(self, i: int) -> Range | None:
        """Whose claim it is: "his", "Berg's", "a Daily Post"."""
        k = i - 1
        while k >= 0 and i - k < 5 and self.tokens[k].is_word:
            if self._word(k) in POSSESSIVES | {"'s"} | PREPOSITIONS | DETERMINERS or is_finite_verb(self.tokens, k):
                break
            k -= 1
        if self._word(k) in POSSESSIVES:
            return (k, k + 1)
        if self._word(k) == "'s":
            return subject_before(self.tokens, k)
        names = [j for j in range(max(k, 0), i) if self.tokens[j].is_name]
        return (names[0], i) if names and names[-1] == i - 1 else None

    def _by_colon_or_dash(self) -> None:
        """`Anna Berg: "…"`, `BERG: …` and `"…" — Anna Berg`."""
        colon = next((k for k in range(min(self.n, 12)) if self._word(k) == ":"), None)
        if colon and colon + 1 < self.n:
            name = self.tokens[:colon]
            shouted = len(name) <= 5 and all(t.text.isupper() or not t.text[0].isalpha() for t in name)
            plain = not has_finite_verb(self.tokens, 0, colon) and not any(t.quote for t in name)
            if name[0].is_name and (self._quote(colon + 1) or shouted) and plain:
                self._add((0, colon), (colon, colon + 1), quotes_or_all(self.tokens, colon + 1, self.n), speech=True)
                return
        dash = next((k for k in range(1, self.n) if self.tokens[k].is_dash), None)
        if dash and all(t.quote for t in self.tokens[:dash]) and dash + 1 < self.n and self.tokens[dash + 1].is_name:
            source = source_after(self.tokens, dash + 1)
            self._add(source, (dash, dash + 1), quotes_or_all(self.tokens, 0, dash), speech=True)

    def _add(self, source: Range | None, cue: Range, content: list[Span], *, speech: bool, main: bool = True) -> None:
        """Keep an attribution; one of the `main` clause lends its source to ", adding that …"."""
        if not content:
            return
        source_span = None
        if source is not None:
            start, end = source
            while end > start and self.tokens[end - 1].text in {",", ":"}:
                end -= 1
            if end <= start:
                return
            source_span = Span(self.tokens[start].start, self.tokens[end - 1].end)
            if main:
                self.subject = source
        cue_span = Span(self.tokens[cue[0]].start, self.tokens[cue[1] - 1].end)
        covered = [t for t in self.tokens if any(s.start <= t.start and t.end <= s.end for s in content)]
        quoted = bool(covered) and not any(t.is_word for t in covered)
        self.found.append(Attribution(source_span, cue_span, tuple(content), quoted, speech))
