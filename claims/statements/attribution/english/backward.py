"""Find content before the cue: `…, X said`, `"…," said X`, with what goes on behind it."""

from __future__ import annotations

from claims.statements.attribution.adjuncts import skip_adjuncts
from claims.statements.attribution.english.clause_breaks import names_what_was_said
from claims.statements.attribution.english.extents import (
    content_before,
    content_behind,
    is_clause,
    quotes_or_all,
    spans,
)
from claims.statements.attribution.english.forward import addressee_end
from claims.statements.attribution.english.sentence import Sentence
from claims.statements.attribution.english.verbs import is_reporting
from claims.statements.attribution.lexicon import (
    DETERMINERS,
    MENTAL,
    PREPOSITION_CONTENT,
    PREPOSITIONS,
    SUBORDINATORS,
    VERB_FORMS,
    Frame,
    VerbForm,
    words,
)
from claims.statements.attribution.parts_of_speech import has_finite_verb, is_adverb, is_finite_verb
from claims.statements.attribution.phrases import Range, subject_before
from claims.statements.attribution.source_behind import source_after
from claims.statements.sentences import Span

_ADDRESSEE = words("tell warn inform remind assure reassure advise notify ask persuade convince promise urge caution")
_CLAUSE_OPENERS = words("that how what why where when who whether if which whom than whose")

_LONGEST_HEADLINE_SOURCE = 4  # tokens
_FEWEST_WORDS = 3  # of a quotation behind other words


_EXPECTING = words("hope fear expect think believe feel worry want know see")


def inverted(s: Sentence, i: int, form: VerbForm) -> bool:
    """`"…," said X`."""
    if not (form.verb.frames & (Frame.CLAUSE | Frame.THAT | Frame.ASK)) or not form.verb.speech or i == 0:
        return False
    quote_before = s.quote(i - 1)
    if not quote_before:
        closed = s.tokens[i - 1].text in {",", "?", "!"} and i > 2
        if not closed or subject_before(s.tokens, i) is not None:
            return False
        if s.word(i + 1) in {"that", "to", "he", "she", "they"}:
            return False
    source = source_after(s.tokens, i + 1)
    if source is None or source[1] > s.n or s.word(source[0]) in PREPOSITIONS | SUBORDINATORS:
        return False
    if form.verb.lemma in {"tell", "inform", "remind", "assure"} or s.word(source[1]) in {"that", "to", "whether"}:
        return False  # "…, told the council that": whom they told
    if not quote_before:
        headline = s.n == len(s.tokens) and source[1] >= s.n and source[1] - source[0] <= _LONGEST_HEADLINE_SOURCE
        if not headline and s.word(source[0]) not in DETERMINERS and not s.tokens[source[0]].is_name:
            return False
        if source[1] < s.n and is_finite_verb(s.tokens, source[1]):
            return False  # "…, said the dam would hold": a clause follows
        alone = skip_adjuncts(s.tokens, source[1]) >= s.n
        if not alone and not has_finite_verb(s.tokens, 0, i - 1):
            return False
    content = content_before(s.tokens, i)
    if not content:
        return False
    content += content_behind(s.tokens, s.n, source[1], unfinished=False)
    s.add(source, (i, i + 1), content, speech=form.verb.lemma not in MENTAL)
    return True


def leading(s: Sentence, i: int, form: VerbForm) -> bool:
    """`Said X: "…"`."""
    if i != 0 or not form.verb.speech:
        return False
    source = source_after(s.tokens, 1)
    if source is None or source[1] >= s.n - 1 or s.word(source[1]) not in {":", ","}:
        return False
    if not s.quote(source[1] + 1):
        return False
    s.add(source, (0, 1), quotes_or_all(s.tokens, source[1] + 1, s.n), speech=True)
    return True


def back_from_cue(s: Sentence, i: int, form: VerbForm, subject: Range) -> bool:
    """`…, X said.` Content before the source, and after the cue where the sentence goes on."""
    start = subject[0]
    if start == 0 or not form.verb.speech:
        return False
    if form.ing:
        return _quoted_as(s, i, subject)
    if not form.verb.frames & (Frame.CLAUSE | Frame.THAT | Frame.ASK):
        return False
    as_clause = s.word(start - 1) == "as"
    before = start - 1 if as_clause else start
    speech = form.verb.lemma not in MENTAL
    if (
        as_clause
        and s.word(before - 1) == ","
        and s.word(before - 2) in {"if", "unless", "that", "because", "although"}
    ):
        return inside_as(s, i, form, subject)
    if as_clause and form.verb.lemma in _EXPECTING:
        return True  # "…, as some had hoped": what they hoped is not what is said
    if before == 0:
        return as_clause and after_opening_as(s, i, subject, speech=speech)
    if names_what_was_said(s.tokens, start, i):
        return True  # "…, a figure the council disputes"
    quote_before = quote_ends_at(s, before)
    if quote_before and not as_clause and is_whole_quotation(s, before):
        content = content_before(s.tokens, before) + quotations_behind(s, i + 1)
        s.add(subject, (i, i + 1), content, speech=True)
        return True
    closed = s.tokens[before - 1].text in {",", "?", "!"} or s.tokens[before - 1].is_dash
    if not quote_before and not closed:
        return False
    subordinate = (
        not quote_before and not as_clause and s.word(first_word(s)) in SUBORDINATORS - {"what", "that", "how"}
    )
    if subordinate and s.word(i + 1) == "," and s.quote(i + 2) and has_finite_verb(s.tokens, 1, before - 1):
        s.add(subject, (i, i + 1), content_before(s.tokens, before) + quotations_behind(s, i + 1), speech=True)
        return True  # "When it rains, X said, “it leaks”"
    after = end_of_cue(s, i, form, quote_before=quote_before)
    if after is None:
        return False
    alone = after >= s.n  # nothing was said behind the cue, so it was said before
    unfinished = not quote_before and not alone and not is_clause(s.tokens, before - 1)
    if not quote_before and not as_clause and alone and opens_with_time(s, before - 1):
        return False  # "On Sunday, X said"
    if unfinished and not as_clause and (s.word(after) != "," or after + 1 >= s.n):
        return False
    content = content_before(s.tokens, before)
    if s.word(before - 1) == "," and s.word(before - 2) in {"which", "who", "and", "but"} and before > 3:
        relative = s.word(before - 2) in {"which", "who"}
        content = spans(s.tokens, before - 2, before - 1) if relative else []
        unfinished = True  # "…, which, X said, is shut"
    occasion = unfinished and skip_adjuncts(s.tokens[: before - 1], 0) >= before - 1
    if occasion or (unfinished and as_clause and before <= 3):
        content = []  # "On Sunday, X said, …"; "Yet, as X said, …"
    content += content_behind(s.tokens, s.n, after, unfinished=unfinished)
    if not content:
        return False
    s.add(subject, (i, i + 1), content, speech=speech)
    return True


def _quoted_as(s: Sentence, i: int, subject: Range) -> bool:
    """`"…," X was quoted as saying`: the quotation before it."""
    heard = {s.word(k) for k in range(subject[1], i)}
    if s.word(i) != "saying" or s.word(i - 1) != "as" or not heard & {"quoted", "cited", "reported"}:
        return False
    if not quote_ends_at(s, subject[0]) or not is_whole_quotation(s, subject[0]):
        return False
    s.add(subject, (i, i + 1), content_before(s.tokens, subject[0]) + quotations_behind(s, i + 1), speech=True)
    return True


def opens_with_time(s: Sentence, end: int) -> bool:
    """Whether tokens[:end] is only when or where it was said: "On Sunday", "In a statement", "When asked"."""
    if skip_adjuncts(s.tokens[:end], 0) >= end:
        return True
    first = s.word(0)
    opens = first in PREPOSITIONS | SUBORDINATORS - {"that", "what", "how"} or first.endswith("ing")
    return opens and not any(s.word(k) == "," for k in range(end)) and not has_finite_verb(s.tokens, 1, end)


def after_opening_as(s: Sentence, i: int, subject: Range, *, speech: bool) -> bool:
    """`As X said, …`."""
    p = i + 1
    if s.word(p) != "," and not s.quote(p):
        p = skip_adjuncts(s.tokens, addressee_end(s, p))
    if s.word(p) != "," or p + 1 >= s.n:
        return False
    s.add(subject, (i, i + 1), spans(s.tokens, p + 1, s.n), speech=speech)
    return True


def inside_as(s: Sentence, i: int, form: VerbForm, subject: Range) -> bool:
    """`If, as X said, the dam holds, …`: the clause between the commas; True where the parenthesis is dealt with."""
    if s.word(i + 1) != "," or i + 2 >= s.n:
        return False
    end = next((k for k in range(i + 2, s.n) if s.word(k) in {",", ";"} or s.tokens[k].is_dash), s.n)
    clause = s.tokens[i + 2 : end]
    speaks = any(is_reporting(other) for t in clause if (other := VERB_FORMS.get(t.lower)) is not None)
    if is_reporting(form) and form.verb.lemma != "expect" and not speaks:
        s.add(subject, (i, i + 1), spans(s.tokens, i + 2, end), speech=True)
    return True


def end_of_cue(s: Sentence, i: int, form: VerbForm, *, quote_before: bool) -> int | None:
    """Position behind the cue, its addressee and occasion, if nothing that was said follows there."""
    after = i + 1
    if form.verb.lemma in _ADDRESSEE and after < s.n and not s.quote(after):
        after = addressee_end(s, after)
    after = skip_adjuncts(s.tokens, after)
    if after >= s.n:
        return after
    word = s.word(after)
    quote_next = s.quote(after + 1)
    if word == ":" or (word == "," and quote_next and not quote_before):
        return None
    ends = (
        word in {",", ";", "("}
        or s.tokens[after].is_dash
        or word in SUBORDINATORS - _CLAUSE_OPENERS
        or (word in PREPOSITIONS and (quote_before or form.verb.lemma == "say" or is_occasion(form, word)))
        or (word in {"and", "but", "when"} and quote_before)
    )
    return after if ends else None


def is_occasion(form: VerbForm, preposition: str) -> bool:
    """Whether the preposition tells when or where it was said ("warned after the storm"), not of what ("warned of")."""
    if not is_reporting(form) or preposition in PREPOSITION_CONTENT.get(form.verb.lemma, frozenset()):
        return False
    return preposition in {"after", "before", "at", "during", "in", "on", "outside", "from"}


def first_word(s: Sentence) -> int:
    """The first word that is neither a conjunction nor an adverb."""
    k = 0
    while k < s.n and (is_adverb(s.tokens[k]) or s.word(k) in {"so", "and", "but"}):
        k += 1
    return k


def quote_ends_at(s: Sentence, i: int) -> bool:
    """Whether a quotation, or one and a comma, ends right before `i`."""
    if i > 1 and s.tokens[i - 1].text == ",":
        return s.quote(i - 2) and all(not t.is_word for t in s.tokens[: i - 1])
    return s.quote(i - 1)


def is_whole_quotation(s: Sentence, end: int) -> bool:
    """Whether what ends before `end` is a quotation of its own, closed by a comma, not a word quoted in a clause."""
    comma = s.tokens[end - 1].text == ","
    k = end - 2 if comma else end - 1
    text = s.tokens[k].text.strip("\"'“”‘’«»„`")
    if not comma and not text.endswith((",", "?", "!", "…", "—", ".", "-")):
        return False
    if not any(t.is_word for t in s.tokens[:k]):
        return True
    return len(text.split()) >= _FEWEST_WORDS and text[:1].isupper() and not s.tokens[k - 1].is_word


def quotations_behind(s: Sentence, start: int) -> list[Span]:
    """The quotations with which the sentence goes on behind a cue: `"…," X said in a letter, "…"`."""
    found: list[Span] = []
    for k in range(start, s.n):
        token = s.tokens[k]
        if not token.quote:
            continue
        before = s.tokens[k - 1]
        joined = before.lower in {"but", "and"} and s.word(k - 2) == ","
        goes_on = before.text in {",", ":"} or before.is_dash or joined or (before.quote and bool(found))
        fresh = before.quote and token.text[1:2].isupper() and len(token.text.split()) >= _FEWEST_WORDS
        if goes_on or fresh:
            found.append(Span(token.start, token.end))
    return found
