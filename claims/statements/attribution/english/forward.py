"""Find content behind the cue: `X said that …`, `X told them …`, `X called for …`."""

from __future__ import annotations

from claims.statements.attribution.adjuncts import is_time, skip_adjuncts
from claims.statements.attribution.english.extents import clause_end, spans, without_closing_adjunct
from claims.statements.attribution.english.sentence import Sentence
from claims.statements.attribution.lexicon import (
    AUXILIARIES,
    BE,
    COORDINATORS,
    DETERMINERS,
    FINDINGS,
    MENTAL,
    PREPOSITION_CONTENT,
    PREPOSITIONS,
    PRONOUN_SUBJECTS,
    SUBORDINATORS,
    Frame,
    VerbForm,
    words,
)
from claims.statements.attribution.parts_of_speech import has_finite_verb, is_adverb, is_finite_verb
from claims.statements.attribution.phrases import Range
from claims.statements.sentences import Span

_TERMINAL = (".", "?", "!", "…", ",")
_ADDRESSEE = words("tell warn inform remind assure reassure advise notify ask persuade convince promise urge caution")
# What these verbs report is a clause; with a bare object they mean something else ("found a wallet").
_NEEDS_CLAUSE = MENTAL | words(
    "find show think hold establish indicate imply demonstrate signal project continue rule record learn mean remember "
    "forget notice dream read maintain observe write add shoot snap illustrate document reckon post sing"
)
_SHOWING = words("show indicate find demonstrate illustrate document")
# Saying-so verbs whose bare object is already what was said: "announced new rules".
_ANNOUNCING = words(
    """
    say announce deny vow promise pledge warn claim allege insist estimate forecast predict stress emphasize emphasise
    acknowledge admit confirm reiterate urge demand propose recommend declare disclose reveal condemn accuse denounce
    criticize criticise flag call reject dismiss threaten
    """
)
_OBJECTS = words("me us you him her them it reporters journalists lawmakers voters")
_CLAUSE_OPENERS = words("that how what why where when who whether if which whom than whose")
# Prepositions that can open a clause or phrase that was said: "said in May it rained"
_INSIDE_CONTENT = words("about over under between among in at on like by during despite within after before")


def forward_from_cue(s: Sentence, i: int, form: VerbForm, subject: Range) -> None:
    verb = form.verb
    p = i + 1
    while p < s.n and s.tokens[p].is_word and is_adverb(s.tokens[p]) and s.word(p) not in {"there", "not", "never"}:
        p += 1
    cue = (i, i + 1)
    prepositions = PREPOSITION_CONTENT.get(verb.lemma, frozenset())
    if _is_said_in_something(s, p):
        return
    q = p if s.word(p) in prepositions else skip_adjuncts(s.tokens, p)
    start: int | None
    if q < s.n and s.word(q) in prepositions and s.word(q) != "to":
        cue, start = ((i, q + 1) if q == p else cue), q + 1
    elif s.word(p) in prepositions and not Frame.TO & verb.frames:
        cue, start = (i, p + 1), p + 1
    else:
        start = content_start(s, p, form)
    if start is None or start >= s.n:
        return
    colon = s.word(start) == ":"
    if colon or (s.word(start) == "," and s.quote(start + 1)):
        start += 1
    if start >= s.n or not (s.tokens[start].is_word or s.tokens[start].quote):
        return
    if s.word(start) in AUXILIARIES - {"not"} and not s.question:
        return  # "everything X says is …"
    token = s.tokens[start]
    if token.quote and token.text.rstrip("\"'”’»`").endswith(_TERMINAL):
        end = start + 1
        while s.quote(end):
            end += 1
        whole = [Span(t.start, t.end) for t in s.tokens[start:end]]
        s.add(subject, cue, whole, speech=verb.speech and verb.lemma not in MENTAL)
        return
    behind = start + (s.word(start) in {"not", "never"} and s.word(start + 1) == "to")
    if cue == (i, i + 1) and not frame_allows(s, behind, form):
        return
    if s.word(start) == "to" and s.word(start - 1) in {"not", "never"}:
        start -= 1  # "told them not to go"
    that = s.word(start) == "that" and s.word(start + 1) not in BE | {"."}
    start += that
    if verb.lemma == "ask" and s.word(behind) == "to" and s.word(behind + 1) in {"be", "remain", "stay"}:
        return  # "who asked not to be named"
    first = next((k for k in range(start, s.n) if s.word(k) == "," and s.word(k + 1) in {"which", "who"}), s.n)
    loose = not that and not (verb.frames & Frame.CLAUSE and has_finite_verb(s.tokens, start, first))
    end = clause_end(s.tokens, s.n, start, subject=subject, cue=i, loose=loose)
    if loose:
        end = without_closing_adjunct(s.tokens, start, end)
    if end > start and (that or complement_fits(s, verb.lemma, subject, start, end)):
        s.add(subject, cue, spans(s.tokens, start, end), speech=colon or puts_in_words(s, form, start, end))


def complement_fits(s: Sentence, lemma: str, subject: Range, start: int, end: int) -> bool:
    """Whether the verb reports with this complement: "found the dam was old", not "found a dam"."""
    if lemma not in _NEEDS_CLAUSE or s.word(start) in _CLAUSE_OPENERS:
        return True
    if lemma in _SHOWING and any(s.word(k) in FINDINGS for k in range(*subject)):
        return True
    return s.quote(start) or has_finite_verb(s.tokens, start, end)


def puts_in_words(s: Sentence, form: VerbForm, start: int, end: int) -> bool:
    """Whether "X verb content" reports speech: "told them it rained", not "told a story"."""
    lemma = form.verb.lemma
    if not form.verb.speech or lemma in MENTAL:
        return False
    if lemma in {"hope", "expect", "fear", "agree", "offer"} and s.word(start) == "to":
        return False
    if lemma in _ANNOUNCING or s.word(start - 1) == "that" or s.word(start) == "to":
        return True
    if any(t.quote and len(t.text) > 20 for t in s.tokens[start:end]):
        return True
    clause = s.word(start) in SUBORDINATORS or has_finite_verb(s.tokens, start, end)
    return clause and bool(form.verb.frames & (Frame.CLAUSE | Frame.ASK))


def frame_allows(s: Sentence, start: int, form: VerbForm) -> bool:
    """Whether the verb takes what begins at `start`."""
    frames = form.verb.frames
    word = s.word(start)
    if word == "to":
        return bool(frames & (Frame.TO | Frame.URGE))
    if word in COORDINATORS or word in SUBORDINATORS - _CLAUSE_OPENERS - _INSIDE_CONTENT:
        return False
    if word in {"before", "after"} and not frames & Frame.CLAUSE:
        return False
    if word in PREPOSITIONS and (word not in _INSIDE_CONTENT or not frames & Frame.CLAUSE):
        return False
    if frames & (Frame.CLAUSE | Frame.OBJECT | Frame.THAT):
        return True
    if frames & Frame.URGE:
        return any(s.word(k) == "to" for k in range(start, min(s.n, start + 10)))
    if frames & Frame.ASK:
        return word in SUBORDINATORS or s.quote(start)
    return word in {"that", "to"}


def content_start(s: Sentence, p: int, form: VerbForm) -> int | None:
    """Where the content begins after the cue: behind time, occasion and the person addressed."""
    verb = form.verb
    if p >= s.n:
        return None
    if s.word(p) == "," and not s.quote(p + 1):
        # "said, however, that"; "said, on Sunday, that"
        closing = next((k for k in range(p + 1, min(s.n, p + 16)) if s.word(k) == ","), None)
        return closing + 1 if closing is not None and s.word(closing + 1) == "that" else None
    speech = bool(verb.frames & (Frame.CLAUSE | Frame.THAT | Frame.ASK))
    if s.word(p) in PREPOSITIONS | {"after", "before", "when"}:  # "said of the plan, “…”"
        near = range(p, min(s.n - 1, p + 14))
        quote = next((k + 1 for k in near if s.word(k) in {",", ":"} and s.quote(k + 1)), None)
        if quote is not None and not has_finite_verb(s.tokens, p, quote):
            return quote
    if speech:
        q = skip_adjuncts(s.tokens, p)
        if s.word(q) in {"that", ":"} or s.quote(q):
            return q
        if q > p and (late := _that_behind_participle(s, q)) is not None:
            return late
        if s.word(q) == ",":
            if s.quote(q + 1):
                return q
            if s.word(q + 1) == "that":
                return q + 1
            return p if p < q and verb.lemma != "say" else None
    if verb.lemma in _ADDRESSEE:
        return start_after_addressee(s, p, form)
    return skip_adjuncts(s.tokens, p) if speech else p


def _is_said_in_something(s: Sentence, p: int) -> bool:
    """Whether a relative clause tells of that in which it was said: `said in a letter that was leaked`."""
    q = skip_adjuncts(s.tokens, p)
    if not (p < q < s.n - 1 and s.word(p) in PREPOSITIONS and s.word(q) in {"that", "which"}):
        return False
    k = q + 1
    while k < s.n and is_adverb(s.tokens[k]):
        k += 1
    return k < s.n and is_finite_verb(s.tokens, k)


def _that_behind_participle(s: Sentence, q: int) -> int | None:
    """`said in a statement provided to the Post that`: the "that" behind a participle."""
    if not (s.word(q).endswith(("ed", "en")) or s.word(q) in {"sent", "made", "read", "shown"}):
        return None
    for k in range(q + 1, min(s.n, q + 14)):
        if s.word(k) == "that":
            return k
        if not s.tokens[k].is_word or is_finite_verb(s.tokens, k):
            return None
    return None


def start_after_addressee(s: Sentence, p: int, form: VerbForm) -> int:
    frames = form.verb.frames
    colon = next((k for k in range(p, min(s.n - 1, p + 20)) if s.word(k) == ":" and s.quote(k + 1)), None)
    if colon is not None and not has_finite_verb(s.tokens, p, colon):
        return colon  # "asked a neighbour, Jean Aas: “…”"
    for k in range(p, min(s.n, p + 14)):
        word = s.word(k)
        if word == "that" and (k > p or frames & Frame.CLAUSE):
            return k
        if s.quote(k) or (word in {",", ":"} and s.quote(k + 1)):
            return k
        if word == "to" and frames & Frame.URGE:
            return k - (s.word(k - 1) in {"not", "never"})
        if word in {"whether", "if", "how", "what", "why"} and k > p:
            return k
        if word == "," or (is_finite_verb(s.tokens, k) and word not in {"not", "never"}):
            break
    p = skip_adjuncts(s.tokens, p)
    if frames & Frame.CLAUSE:
        end = skip_adjuncts(s.tokens, addressee_end(s, p))
        if p < end < s.n and (s.tokens[end].is_word or s.quote(end)):
            return end
    return p


def addressee_end(s: Sentence, p: int) -> int:
    """End of the noun phrase that names who was told."""
    if s.word(p) in _OBJECTS:
        return p + 1
    if s.word(p) in PREPOSITIONS | SUBORDINATORS:
        return p
    k = p
    while k < s.n and s.tokens[k].is_word:
        word = s.word(k)
        if is_finite_verb(s.tokens, k):
            return p
        if k > p:
            if word in PRONOUN_SUBJECTS | {"that", "there"} or is_time(s.tokens, k) or word.endswith("ing"):
                return k
            if word in DETERMINERS and s.word(k - 1) not in PREPOSITIONS | {"'s", "and"}:
                return k
            if word in PREPOSITIONS - {"of", "at", "for"}:
                return k
        k += 1
    return k
