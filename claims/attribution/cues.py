"""Who is said to have said what, in one sentence: cue, source and content by rules of English news prose.

The order of the three decides: `X said that C` runs forward from the cue, `C, X said` and `"C," said X` run back
from it, and a cue in the middle (`"C," X said, "C"`) has content on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.attribution.lexicon import (
    AUXILIARIES,
    BE,
    COMMON_VERBS,
    COORDINATORS,
    CUE_NOUNS,
    DETERMINERS,
    INFINITIVE_NOUNS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUN_SUBJECTS,
    SUBORDINATORS,
    VERB_FORMS,
    Frame,
    VerbForm,
    words,
)
from claims.attribution.phrases import (
    Range,
    has_finite_verb,
    is_adverb,
    is_finite_verb,
    is_possessive,
    is_time,
    skip_adjuncts,
    source_after,
    subject_before,
)
from claims.attribution.tokens import Token
from claims.sentences import Span

_DATELINE_TOKENS = 10
_TERMINAL = (".", "?", "!", "…")
# Verbs whose content follows a preposition: "called for", "warned of". The cue includes it.
_PREPOSITION_CONTENT = {
    "call": {"for", "on", "upon"},
    "warn": {"of", "about", "against"},
    "complain": {"about", "of"},
    "speak": {"of", "about", "against"},
    "refer": {"to"},
    "allude": {"to"},
    "object": {"to"},
    "agree": {"with", "on", "to"},
    "apologize": {"for"},
    "apologise": {"for"},
    "hint": {"at"},
    "dream": {"of"},
    "worry": {"about"},
    "boast": {"of", "about"},
    "brag": {"about"},
    "decide": {"against", "on"},
    "hope": {"for"},
    "argue": {"for", "against"},
    "vote": {"for", "against"},
    "testify": {"about"},
    "know": {"of", "about"},
    "think": {"of", "about"},
    "learn": {"of", "about"},
    "care": {"about"},
    "insist": {"on"},
    "point": {"to", "out"},
    "disapprove": {"of"},
    "approve": {"of"},
    "opt": {"for"},
    "caution": {"against", "about"},
    "advise": {"against"},
    "confess": {"to"},
    "admit": {"to"},
    "joke": {"about"},
    "lie": {"about"},
    "wonder": {"about"},
    "ask": {"for", "about"},
    "push": {"for"},
    "advocate": {"for"},
    "rule": {"out"},
    "lay": {"out"},
    "tweet": {"about"},
    "write": {"of", "about"},
    "tell": {"of", "about"},
    "speculate": {"about", "on"},
    "preach": {"about"},
    "echo": set(),
}
_ADDRESSEE = words(
    """
    tell warn inform remind assure reassure advise notify ask persuade convince promise urge caution
    """
)
# What one acts according to, not what says so.
_NORMS = words(
    """
    law laws constitution plan plans schedule rules need needs size age custom tradition
    """
)
# Knowing, feeling and the like: reported with a clause, but nobody put it in words.
_MENTAL = words(
    """
    know see feel imagine understand realize realise learn mean guess assume wonder doubt suspect hear figure
    hold prove establish read-into
    """
)
# Saying-so verbs whose bare object is already what was said: "announced new rules".
_ANNOUNCING = words(
    """
    say announce deny vow promise pledge warn claim allege insist estimate forecast predict stress emphasize
    emphasise acknowledge admit confirm reiterate urge demand propose recommend declare disclose reveal condemn
    accuse denounce criticize criticise call reject dismiss threaten
    """
)
_OBJECT_PRONOUNS = words(
    """
    me us you him her them it reporters
    """
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """One reported content. Spans are offsets into the document; `source` is None for a cue without a source.

    `quoted`: all of the content is in quotation marks. `speech`: somebody put it in words; otherwise the cue
    only reveals an attitude (wants, supports). `nested`: inside somebody else's quotation.
    """

    source: Span | None
    cue: Span
    content: tuple[Span, ...]
    quoted: bool
    speech: bool
    nested: bool = False


class Sentence:
    """Finds the attributions of one sentence given as tokens."""

    def __init__(self, tokens: list[Token], *, nested: bool = False) -> None:
        self.tokens = tokens
        self.n = len(tokens)
        while self.n and tokens[self.n - 1].text in {".", "!", "?", "…", "..."}:
            self.n -= 1  # the final mark belongs to no content
        self.nested = nested
        self.found: list[Attribution] = []
        self.subject: Range | None = None  # of the last attribution: "…, adding that" goes on with it

    def attributions(self) -> list[Attribution]:
        for i in range(self.n):
            token = self.tokens[i]
            if not token.is_word:
                continue
            if token.lower == "according" and self._word(i + 1) == "to":
                self._according(i)
            elif (form := self._verb(i)) is not None:
                self._by_verb(i, form)
            elif token.lower in CUE_NOUNS:
                self._by_noun(i)
        self._by_colon_or_dash()
        return self.found

    # -- what is where ------------------------------------------------------------------------------------------

    def _word(self, i: int) -> str:
        return self.tokens[i].lower if 0 <= i < self.n else ""

    def _verb(self, i: int) -> VerbForm | None:
        """The cue verb at `i`, if the word is used as a verb there."""
        token = self.tokens[i]
        form = VERB_FORMS.get(token.lower)
        if form is None or (token.is_name and i > 0 and not self.tokens[i - 1].quote):
            return None
        k = i - 1
        while k >= 0 and is_adverb(self.tokens[k]):
            k -= 1
        before = self._word(k)
        if before in POSSESSIVES or (before in DETERMINERS and before not in {"all", "both", "many", "some", "several", "most", "few", "others", "other", "each", "neither", "either", "one", "no"} | {"that", "this"}):  # fmt: skip
            return None
        if form.ing:
            return form if before not in DETERMINERS else None
        if before in PREPOSITIONS - {"to"}:
            return None
        if form.base and not form.past:
            after_auxiliary = (before in AUXILIARIES - BE and not before.startswith("ha")) or before == "to"
            plural = k >= 0 and self.tokens[k].is_word and (before.endswith("s") or before in {"people", "police", "who", "that", "and", "many", "some", "most", "others"}) and before != "'s"  # fmt: skip
            if before == "to" and form.noun_like and self._word(k - 1) in {"due", "thanks", "according", "response"}:
                return None
            return form if after_auxiliary or plural or before in PRONOUN_SUBJECTS | {"let", "please"} else None
        if form.third and form.noun_like:
            if before == "'s" and is_possessive(self.tokens, k):
                return None
            after = self._word(i + 1)
            free = before in PRONOUN_SUBJECTS | {"that", "which", "and", "but"} or (k >= 0 and (self.tokens[k].is_name or self.tokens[k].quote or self.tokens[k].text in ",)"))  # fmt: skip
            takes = after in DETERMINERS | {"that", "how", "whether", "to", "for", "what", "why"} or (
                i + 1 < self.n and (self.tokens[i + 1].quote or self.tokens[i + 1].text == ",")
            )
            if not free and not (takes and k >= 0 and self.tokens[k].is_word):
                return None
            if k >= 0 and self.tokens[k].is_name and i + 1 < self.n and is_finite_verb(self.tokens, i + 1):
                return None  # "the Trump claims were": a noun
        return form

    def _auxiliaries(self, i: int) -> tuple[int, bool, bool]:
        """(position of the first word of the verb group, whether a form of "be" is in it, whether "to" leads it)."""
        k = i - 1
        be = False
        first = i
        while k >= 0:
            word = self._word(k)
            if word == "'s" and is_possessive(self.tokens, k):
                break
            if word in AUXILIARIES:
                be = be or word in BE - {"'s"} or (word == "'s" and self._word(i).endswith("ing"))
                first = k
            elif self._parenthetic_adverb(k):
                k -= 2
            elif is_adverb(self.tokens[k]):
                pass
            elif word == "to":
                return k, be, True
            else:
                break
            k -= 1
        return k + 1 if first == i else min(first, k + 1), be, False

    def _parenthetic_adverb(self, comma: int) -> bool:
        tokens = self.tokens
        return (
            tokens[comma].text == "," and comma >= 3 and is_adverb(tokens[comma - 1]) and tokens[comma - 2].text == ","
        )

    def _passive(self, i: int, form: VerbForm) -> bool:
        if not (form.participle and not form.ing):
            return False
        k = i - 1
        while k >= 0 and (is_adverb(self.tokens[k]) or self._word(k) in AUXILIARIES):
            if self._word(k) in BE - {"'s"}:
                return True
            k -= 1
        return False

    # -- attributions by a verb ---------------------------------------------------------------------------------

    def _by_verb(self, i: int, form: VerbForm) -> None:
        if self._passive(i, form):
            return
        group, be, infinitive = self._auxiliaries(i)
        if form.participle and not form.past and self._word(group) not in AUXILIARIES:
            return
        after_content = self._content_ends_before(group) if group == i else None
        if after_content and not form.ing and not form.base and self._inverted(i, form):
            return
        subject = self._subject(i, group, form, be=be, infinitive=infinitive)
        if subject is None:
            return
        if subject[1] <= group:
            if self._backward(i, form, subject):
                return
        self._forward(i, form, subject, participle=form.ing and not be)

    def _subject(self, i: int, group: int, form: VerbForm, *, be: bool, infinitive: bool) -> Range | None:
        k = group - 1
        word = self._word(k)
        if infinitive:
            j = group - 1
            while j >= 0 and is_adverb(self.tokens[j]):
                j -= 1
            if j < 0:
                return None
            governor = VERB_FORMS.get(self._word(j))
            if governor is not None and Frame.TO in governor.verb.frames:
                return None  # "refused to say": the governing verb is the cue
            if not (is_finite_verb(self.tokens, j) or self._word(j) in COMMON_VERBS | {"on", "forward", "going"}):
                return None
            while j > 0 and not is_finite_verb(self.tokens, j) and j > group - 4:
                j -= 1
            first, _, _ = self._auxiliaries(j)
            return subject_before(self.tokens, first) or self.subject
        if form.ing and not be:
            if k >= 0 and self.tokens[k].is_word and word not in PREPOSITIONS | SUBORDINATORS | COORDINATORS:
                if is_finite_verb(self.tokens, k):
                    return None
                return subject_before(self.tokens, group)
            return self.subject or self._main_subject(group)
        if word in {"and", "but", "or", "then"} or (word == "," and self._word(k - 1) in {"and", "but"}):
            return self.subject if self._subject_reaches(k) else self._main_subject(group)
        if word in {"who", "which", "that"} and k > 0:
            j = k - 1 if self.tokens[k - 1].text == "," else k
            end = k - 1 if self.tokens[k - 1].text == "," else k
            if j < 0 or end <= 0 or not self.tokens[end - 1].is_word:
                return (k, k + 1) if word == "who" else None
            antecedent = subject_before(self.tokens, end)
            return antecedent or ((k, k + 1) if word == "who" else None)
        if word == "as" or k < 0:
            return None
        return subject_before(self.tokens, group)

    def _subject_reaches(self, conjunction: int) -> bool:
        """Whether the subject of the last attribution governs a verb after this "and"."""
        return self.subject is not None and self.subject[1] <= conjunction

    def _main_subject(self, before: int) -> Range | None:
        """Subject of the first finite verb of the sentence, for "…, citing" and "went … and said"."""
        for k in range(min(before, self.n)):
            if self.tokens[k].is_word and is_finite_verb(self.tokens, k):
                first, _, _ = self._auxiliaries(k)
                if first == 0:
                    return None
                found = subject_before(self.tokens, first)
                if found is not None:
                    return found
        return None

    def _content_ends_before(self, i: int) -> bool:
        """Whether what stands before `i` can be content: a quotation, or a clause closed by a comma."""
        if i <= 0:
            return False
        if self.tokens[i - 1].quote:
            return True
        return self.tokens[i - 1].text in {",", "?", "!"} and i > 2

    def _inverted(self, i: int, form: VerbForm) -> bool:
        """`"…," said X`."""
        if not (form.verb.frames & (Frame.CLAUSE | Frame.THAT | Frame.ASK)) or not form.verb.speech:
            return False
        if not self.tokens[i - 1].quote and not has_finite_verb(self.tokens, 0, i - 1):
            return False
        nxt = i + 1
        if nxt >= self.n or (self._word(nxt) in {"that", "to", "he", "she", "they"} and not self.tokens[i - 1].quote):
            return False
        if not self.tokens[i - 1].quote and subject_before(self.tokens, i) is not None and not form.verb.lemma == "say":
            return False
        source = source_after(self.tokens, nxt)
        if source is None:
            return False
        if self.tokens[source[0]].lower in PREPOSITIONS | SUBORDINATORS:
            return False
        if not self.tokens[i - 1].quote and self.tokens[source[0]].lower not in DETERMINERS and not self.tokens[source[0]].is_name:  # fmt: skip
            return False
        content = self._content_before(i)
        if not content:
            return False
        content += self._content_after_source(source[1])
        self._add(source, (i, i + 1), content, form.verb.speech and form.verb.lemma not in _MENTAL)
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
        quote_before = before > 0 and self._quote_ends_at(before)
        if before == 0 and as_clause:  # "As X said, …"
            p = skip_adjuncts(self.tokens, i + 1)
            if self._word(p) == "," and p + 1 < self.n:
                self._add(subject, (i, i + 1), self._spans(p + 1, self.n), form.verb.speech)
                return True
            return False
        if not quote_before and (before == 0 or (self.tokens[before - 1].text not in {",", "?", "!"} and not self.tokens[before - 1].is_dash)):  # fmt: skip
            return False
        after = i + 1
        if self._word(after) in _OBJECT_PRONOUNS and form.verb.lemma in _ADDRESSEE:
            after += 1
        elif form.verb.lemma in _ADDRESSEE and after < self.n and not self.tokens[after].quote:
            after = self._addressee_end(after)
        after = skip_adjuncts(self.tokens, after)
        nxt = self._word(after)
        ends = after >= self.n or nxt in {",", ";", ":", "(", "—", "--", "–"} or self.tokens[after].is_dash
        ends = ends or (nxt in SUBORDINATORS - {"that", "what", "how", "why", "whether", "if", "where", "who", "which"})
        ends = ends or (nxt in PREPOSITIONS and (quote_before or form.verb.lemma == "say"))
        ends = ends or (nxt in {"and", "but"} and quote_before)
        if nxt == ":" or (nxt == "," and after + 1 < self.n and self.tokens[after + 1].quote and not quote_before):
            return False
        if not ends:
            return False
        if not quote_before and not as_clause and not self._is_clause(0, before - 1):
            # "On Sunday, X said" has no content before; "The plan, X said, will …" has it on both sides
            if not (nxt == "," and after + 1 < self.n and subject_before(self.tokens, before - 1) is not None):
                return False
            if self._word(0) in PREPOSITIONS | SUBORDINATORS:
                return False
        content = self._content_before(before)
        if not content:
            return False
        content += self._content_after_source(after)
        self._add(subject, (i, i + 1), content, form.verb.speech and form.verb.lemma not in _MENTAL)
        return True

    def _quote_ends_at(self, i: int) -> bool:
        """Whether a quotation, or one and a comma, ends right before `i`."""
        if i > 1 and self.tokens[i - 1].text == ",":
            return self.tokens[i - 2].quote and all(not t.is_word for t in self.tokens[: i - 1])
        return self.tokens[i - 1].quote

    def _is_clause(self, start: int, end: int) -> bool:
        """Whether tokens[start:end] has its own verb and is no mere adverbial clause."""
        first = self._word(start)
        if first in SUBORDINATORS - {"that", "what", "how", "where", "who"} and not self._comma_in(start, end):
            return False
        if first in PREPOSITIONS and not self._comma_in(start, end):
            return any(is_finite_verb(self.tokens, k) for k in range(start + 1, end))
        if first.endswith("ing") and not any(self._word(k) in AUXILIARIES for k in range(start, end)):
            return self._comma_in(start, end)
        return has_finite_verb(self.tokens, start, end) or end - start > 7

    def _comma_in(self, start: int, end: int) -> bool:
        return any(self._word(k) == "," for k in range(start, end))

    def _content_before(self, end: int) -> list[Span]:
        start = 0
        for k in range(min(end, _DATELINE_TOKENS)):
            if self.tokens[k].is_dash and all(not t.is_word or t.is_name for t in self.tokens[:k]):
                start = k + 1  # "BERLIN (Agency) -- "
        while start < end and (self._word(start) in {"and", "but", "so"} or self.tokens[start].is_dash):
            start += 1
        return self._quotes_or_all(start, end)

    def _quotes_or_all(self, start: int, end: int) -> list[Span]:
        """The quotations alone where nothing but they and their lead-in stand there, else the whole stretch."""
        quotes = [t for t in self.tokens[start:end] if t.quote]
        words = [t for t in self.tokens[start:end] if t.is_word]
        if quotes and not words:
            return [Span(t.start, t.end) for t in quotes]
        while end > start and self.tokens[end - 1].text in {",", ";", "--", "—", "–"}:
            end -= 1
        return self._spans(start, end)

    def _content_after_source(self, i: int) -> list[Span]:
        """What goes on behind `, X said` — the second half of a split quotation or clause."""
        i = skip_adjuncts(self.tokens, i, commas=True)
        while i < self.n and self.tokens[i].text not in {",", ";", ":"} and not self.tokens[i].is_dash:
            # "when delivering a report", "to applause": until the next comma or quotation
            if self.tokens[i].quote and self.tokens[i].text[-2:-1] in ".?!,":
                break
            i += 1
        separator = self._word(i)
        while i < self.n and (self.tokens[i].text in {",", ":"} or self.tokens[i].is_dash):
            i += 1
        if i >= self.n:
            return []
        token = self.tokens[i]
        if token.quote:
            spans = []
            while i < self.n and (token := self.tokens[i]).quote:
                spans.append(Span(token.start, token.end))
                i += 1
                if i < self.n and self.tokens[i].text == ",":
                    i += 1
            return spans
        word = token.lower
        if separator != "," or (word in VERB_FORMS and VERB_FORMS[word].ing) or word.endswith("ing"):
            return []
        if word in {"when", "while", "as", "after", "before", "who", "although", "though", "but", "and", "amid", "in", "at", "on", "during", "with"}:  # fmt: skip
            following = i + 1 < self.n and self.tokens[i + 1].quote
            return [Span(self.tokens[i + 1].start, self.tokens[i + 1].end)] if following else []
        if word in AUXILIARIES or is_finite_verb(self.tokens, i) or word in {"which", "that", "because", "if"}:
            return self._spans(i, self._clause_end(i, self.n))
        return []

    # -- forward ------------------------------------------------------------------------------------------------

    def _forward(self, i: int, form: VerbForm, subject: Range, *, participle: bool) -> None:
        verb = form.verb
        p = i + 1
        cue = (i, i + 1)
        while p < self.n and self.tokens[p].is_word and is_adverb(self.tokens[p]) and self._word(p) != "there":
            p += 1
        if self._word(p) in _PREPOSITION_CONTENT.get(verb.lemma, set()) and not self.tokens[p].quote:
            cue = (i, p + 1)
            start = p + 1
        else:
            found = self._content_start(p, form)
            if found is None:
                return
            start = found
        if start >= self.n:
            return
        word = self._word(start)
        if (word == "," and start + 1 < self.n and self.tokens[start + 1].quote) or word == ":":
            start += 1
        elif not (self.tokens[start].is_word or self.tokens[start].quote):
            return
        if start >= self.n:
            return
        token = self.tokens[start]
        if token.quote and token.text.rstrip("\"'”’»`").endswith((*_TERMINAL, ",")):
            end = start + 1
            while end < self.n and self.tokens[end].quote:
                end += 1
            spans = [Span(t.start, t.end) for t in self.tokens[start:end]]
            self._add(subject, cue, spans, verb.speech and verb.lemma not in _MENTAL)
            return
        if not self._frame_allows(start, verb.frames, form):
            return
        if self._word(start) == "that" and self._word(start + 1) not in BE | {",", "."}:
            start += 1
            if self._word(start) == "," and start + 1 < self.n:
                start += 1
        end = self._clause_end(start, self.n, relative_from=subject[1] if subject[0] < i else None, cue=i)
        if end > start:
            self._add(subject, cue, self._spans(start, end), self._puts_in_words(form, start, end))

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

    def _frame_allows(self, start: int, frames: Frame, form: VerbForm) -> bool:
        word = self._word(start)
        if word == "to":
            return bool(frames & (Frame.TO | Frame.URGE)) or form.verb.lemma in {"ask", "beg"}
        if word in PREPOSITIONS and word not in {"about", "over", "under", "between", "among", "in", "at", "on", "like", "by", "during"}:  # fmt: skip
            return False
        if word in PREPOSITIONS and not frames & Frame.CLAUSE:
            return False
        if word in COORDINATORS:
            return False
        if word in SUBORDINATORS - {"that", "how", "what", "why", "where", "when", "who", "whether", "if", "which", "whom", "than", "whose"}:  # fmt: skip
            return False
        if frames & (Frame.CLAUSE | Frame.OBJECT | Frame.THAT):
            return True
        if frames & Frame.URGE:
            return any(self._word(k) == "to" for k in range(start, min(self.n, start + 10)))
        if frames & Frame.ASK:
            return word in SUBORDINATORS or self.tokens[start].quote
        return word in {"that", "to"}

    def _content_start(self, p: int, form: VerbForm) -> int | None:
        """Where the content begins after the cue: behind time, occasion and the person addressed."""
        verb = form.verb
        if p >= self.n:
            return None
        if self._word(p) == "," and not (p + 1 < self.n and self.tokens[p + 1].quote):
            # "said, however, that" / "said, on Sunday, that"
            closing = next((k for k in range(p + 1, min(self.n, p + 16)) if self._word(k) == ","), None)
            if closing is not None and self._word(closing + 1) == "that":
                return closing + 1
            return None
        speech = bool(verb.frames & (Frame.CLAUSE | Frame.THAT))
        if speech:
            q = skip_adjuncts(self.tokens, p, commas=False)
            if q < self.n and (self._word(q) in {"that", ":"} or self.tokens[q].quote or self._word(q) == ","):
                if self._word(q) == "," and not (q + 1 < self.n and (self.tokens[q + 1].quote or self._word(q + 1) == "that")):  # fmt: skip
                    return p if p < q and not verb.lemma == "say" else None
                return q + 1 if self._word(q) == "," and self._word(q + 1) == "that" else q
        if verb.lemma in _ADDRESSEE:
            for k in range(p, min(self.n, p + 14)):
                if self._word(k) == "that" and (k > p or verb.frames & Frame.CLAUSE):
                    return k
                if self.tokens[k].quote or (
                    self._word(k) in {",", ":"} and k + 1 < self.n and self.tokens[k + 1].quote
                ):
                    return k
                if self._word(k) in {"to"} and verb.frames & Frame.URGE:
                    return p
                if self._word(k) in {"whether", "if", "how", "what", "why"} and k > p:
                    return k
                if self._word(k) == "," or is_finite_verb(self.tokens, k):
                    break
            p = skip_adjuncts(self.tokens, p)
            if verb.frames & Frame.CLAUSE:
                end = skip_adjuncts(self.tokens, self._addressee_end(p))
                if p < end < self.n and (self.tokens[end].is_word or self.tokens[end].quote):
                    return end
            return p
        if speech:
            return skip_adjuncts(self.tokens, p)
        return p

    def _addressee_end(self, p: int) -> int:
        """End of the noun phrase that names who was told."""
        if self._word(p) in _OBJECT_PRONOUNS | {"reporters", "journalists", "lawmakers", "voters"}:
            return p + 1
        k = p
        while k < self.n and self.tokens[k].is_word:
            word = self._word(k)
            if k > p and word in PRONOUN_SUBJECTS | {"that", "there"}:
                return k
            if k > p and word in DETERMINERS and self._word(k - 1) not in PREPOSITIONS | {"'s", "and"}:
                return k
            if k > p and word in PREPOSITIONS and word not in {"of", "at", "for"}:
                return k
            if is_finite_verb(self.tokens, k):
                return p
            if k > p and (is_time(self.tokens, k) or word.endswith("ing")):
                return k
            k += 1
        return k

    def _clause_end(self, start: int, limit: int, *, relative_from: int | None = None, cue: int | None = None) -> int:
        """Where the content that begins at `start` stops."""
        depth = 0
        relative = (
            relative_from is not None
            and cue is not None
            and any(self._word(k) in {"who", "which"} for k in range(relative_from, cue))
        )
        subordinate = cue is not None and self._in_opening_subordinate(cue)
        dashed = cue is not None and self._inside_dashes(cue)
        parenthesised = cue is not None and self._inside_parentheses(cue)
        for k in range(start, limit):
            word = self._word(k)
            if word == "(":
                depth += 1
            elif word == ")":
                if depth == 0:
                    return k if parenthesised or depth == 0 else k
                depth -= 1
            if depth:
                continue
            if word == ";":
                return k
            if self.tokens[k].is_dash and (dashed or self._cue_follows(k + 1)):
                return k
            if word != "," and not (word in {"and", "but", "while"} and self._same_cue_again(k + 1)):
                if word == "according" and self._word(k + 1) == "to" and not self._norm_at(k + 2):
                    return k
                continue
            if word in {"and", "but", "while"}:
                return k - 1 if self._word(k - 1) == "," else k
            if k == start:
                continue
            if relative and self._resumes(k + 1):
                return k
            if subordinate and self._resumes_subject(k + 1):
                return k
            if self._cue_follows(k + 1):
                return k
        return limit

    def _cue_follows(self, k: int) -> bool:
        """Whether `, …` goes on with another cue of the same speaker, or a parenthetic one."""
        while k < self.n and (is_adverb(self.tokens[k]) or self._word(k) in {"and", "but", "while", "by"}):
            k += 1
        word = self._word(k)
        if word == "according":
            return not self._norm_at(k + 2)
        form = VERB_FORMS.get(word)
        if form is None:
            return False
        if form.ing:
            return form.verb.speech and form.verb.lemma not in {
                "question",
                "call",
                "hold",
                "see",
                "show",
                "mean",
            }
        return bool(form.past or form.third) and form.verb.speech and not form.noun_like and self._verb(k) is not None

    def _same_cue_again(self, k: int) -> bool:
        while k < self.n and (is_adverb(self.tokens[k])):
            k += 1
        form = VERB_FORMS.get(self._word(k))
        return form is not None and (form.past or form.third) and not form.noun_like and not self.tokens[k].quote

    def _resumes(self, k: int) -> bool:
        return k < self.n and (is_finite_verb(self.tokens, k) or is_adverb(self.tokens[k]))

    def _resumes_subject(self, k: int) -> bool:
        if k >= self.n:
            return False
        word = self._word(k)
        return word in PRONOUN_SUBJECTS | DETERMINERS or self.tokens[k].is_name

    def _in_opening_subordinate(self, cue: int) -> bool:
        first = self._word(0)
        if first in {"and", "but", "so"}:
            first = self._word(1)
        opens = first in SUBORDINATORS - {"what", "that", "how", "who"}
        return opens and not any(self._word(k) == "," for k in range(cue))

    def _inside_dashes(self, cue: int) -> bool:
        return sum(t.is_dash for t in self.tokens[:cue]) % 2 == 1

    def _inside_parentheses(self, cue: int) -> bool:
        words = [t.text for t in self.tokens[:cue]]
        return words.count("(") > words.count(")")

    # -- other cues ---------------------------------------------------------------------------------------------

    def _according(self, i: int) -> None:
        source = source_after(self.tokens, i + 2, opens=i <= 1)
        if source is None or self._norm_at(i + 2):
            return
        cue = (i, i + 2)
        end = source[1]
        if i <= 1 or (i > 0 and self._word(i - 1) in {"and", "but"} and i <= 2):
            start = end + 1 if self._word(end) == "," else end
            content = self._spans(start, self.n) if start < self.n else []
        else:
            stop = i - 1 if self.tokens[i - 1].text in {",", "—", "–", "--"} else i
            content = self._content_before(stop)
            if (
                self._word(end) == ","
                and self.tokens[i - 1].text == ","
                and end + 1 < self.n
                and self._continues(end + 1)
            ):
                content += self._spans(end + 1, self._clause_end(end + 1, self.n))
        if content:
            self._add(source, cue, content, True)

    def _norm_at(self, k: int) -> bool:
        """Whether a law, plan or size stands at `k`: what one acts according to, not what says so."""
        source = source_after(self.tokens, k)
        return source is not None and self.tokens[source[1] - 1].lower in _NORMS

    def _continues(self, k: int) -> bool:
        word = self._word(k)
        return (is_finite_verb(self.tokens, k) or word in PREPOSITIONS or self.tokens[k].quote) and word != "with"

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
        after = self._word(k)
        infinitive = after == "to" and noun in INFINITIVE_NOUNS
        if not (infinitive or ((after == "that" and noun not in INFINITIVE_NOUNS | {"evidence", "sign"}) or (after == "that" and not is_finite_verb(self.tokens, k + 1)))):  # fmt: skip
            return
        if after == "that" and (k + 1 >= self.n or is_finite_verb(self.tokens, k + 1)):
            return  # "the report that came": a relative clause
        if source is None:
            source = self._owner(i)
        start = k if infinitive else k + 1
        end = self._noun_clause_end(start)
        if end > start:
            self._add(source, (i, i + 1), self._spans(start, end), not infinitive, main=False)

    def _owner(self, i: int) -> Range | None:
        """Whose claim it is: "his", "Berg's", "a Daily Post"."""
        k = i - 1
        while (
            k >= 0 and self.tokens[k].is_word and self._word(k) not in POSSESSIVES | {"'s"} | PREPOSITIONS and i - k < 5
        ):
            if is_finite_verb(self.tokens, k) or self._word(k) in DETERMINERS:
                break
            k -= 1
        if self._word(k) in POSSESSIVES:
            return (k, k + 1)
        if self._word(k) == "'s":
            return subject_before(self.tokens, k)
        names = [j for j in range(max(k, 0), i) if self.tokens[j].is_name]
        if names and names[-1] == i - 1:
            return (names[0], i)
        return None

    def _noun_clause_end(self, start: int) -> int:
        for k in range(start, self.n):
            if self._word(k) in {",", ";", ")"} or self.tokens[k].is_dash:
                return k
        return self.n

    def _by_colon_or_dash(self) -> None:
        """`Anna Berg: "…"`, `BERG: …` and `"…" — Anna Berg`."""
        if (self.found and any(not a.nested for a in self.found)) or self.n < 3:
            return
        colon = next((k for k in range(min(self.n, 12)) if self._word(k) == ":"), None)
        if colon and colon + 1 < self.n:
            name = self.tokens[:colon]
            shout = all(t.text.isupper() or not t.text[0].isalpha() for t in name) and len(name) <= 5
            if (
                name[0].is_name
                and (self.tokens[colon + 1].quote or shout)
                and not has_finite_verb(self.tokens, 0, colon)
            ):
                self._add((0, colon), (colon, colon + 1), self._quotes_or_all(colon + 1, self.n), True)
                return
        dash = next((k for k in range(1, self.n) if self.tokens[k].is_dash), None)
        if dash and all(t.quote for t in self.tokens[:dash]) and dash + 1 < self.n and self.tokens[dash + 1].is_name:
            source = source_after(self.tokens, dash + 1)
            if source is not None:
                self._add(source, (dash, dash + 1), self._quotes_or_all(0, dash), True)

    # -- result -------------------------------------------------------------------------------------------------

    def _spans(self, start: int, end: int) -> list[Span]:
        while end > start and self.tokens[end - 1].text in {",", ";", ":", "--", "—", "–"}:
            end -= 1
        return [Span(self.tokens[start].start, self.tokens[end - 1].end)] if end > start else []

    def _add(self, source: Range | None, cue: Range, content: list[Span], speech: bool, *, main: bool = True) -> None:
        content = [s for s in content if s.end > s.start]
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
        self.found.append(Attribution(source_span, cue_span, tuple(content), quoted, speech, self.nested))
