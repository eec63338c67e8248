"""Find the attributions of one sentence: cue, source and content, by rules of English news prose.

The order of the three decides: `X said that C` runs forward from the cue, `C, X said` and `"C," said X` run back
from it, and a cue in the middle (`"C," X said, "C"`) has content on both sides.
"""

from __future__ import annotations

from claims.statements.attribution.english.backward import back_from_cue, inverted, leading
from claims.statements.attribution.english.forward import forward_from_cue
from claims.statements.attribution.english.manner import by_manner, by_retort
from claims.statements.attribution.english.other_cues import according, by_colon_or_dash, by_noun
from claims.statements.attribution.english.passives import by_hearing, heard, passive
from claims.statements.attribution.english.sentence import Sentence
from claims.statements.attribution.english.subjects import subject_of_cue
from claims.statements.attribution.english.verbs import cue_verb, is_passive, verb_group
from claims.statements.attribution.lexicon import AUXILIARIES, CUE_NOUNS, VerbForm
from claims.statements.attribution.parts_of_speech import has_finite_verb
from claims.statements.attribution.report import Attribution
from claims.statements.sentences import Span

_MOST = 24  # attributions of one sentence: more make a list, and the time of a sentence must stay bounded


def sentence_attributions(s: Sentence) -> list[Attribution]:
    """Those of the sentence itself: what a speaker says that others say belongs to the content."""
    for i in range(s.n):
        token = s.tokens[i]
        if not token.is_word:
            continue
        if len(s.found) >= _MOST:
            break
        if token.lower == "according" and s.word(i + 1) == "to":
            according(s, i)
        elif (form := cue_verb(s.tokens, i)) is not None:
            _by_verb(s, i, form)
        elif token.lower in {"heard", "hears"}:
            by_hearing(s, i)
        elif token.lower in CUE_NOUNS:
            by_noun(s, i)
    if not s.found and s.n >= 3:
        by_colon_or_dash(s)
    if not s.found and s.n > 3:
        by_retort(s)
    if s.n >= 3 and s.tokens[0].quote and not any(a.quoted for a in s.found):
        by_manner(s)
    return [a for a in s.found if not any(_holds(outer, a) and not _first(a, outer) for outer in s.found)]


def _holds(outer: Attribution, inner: Attribution) -> bool:
    """Whether the cue of `inner` is part of what `outer` reports; an attitude does not swallow speech."""
    inside = outer is not inner and any(s.start <= inner.cue.start < s.end for s in outer.content)
    return inside and (outer.speech or not inner.speech)


def _first(a: Attribution, other: Attribution) -> bool:
    """Whether two attributions hold each other's cues and `a` comes first, so that it is the one that stays."""
    return _holds(a, other) and a.cue < other.cue


def announcement(s: Sentence) -> tuple[Span, Span] | None:
    """Source and cue of a sentence that ends in "X said:", "X added on Friday:"."""
    if s.word(s.n - 1) != ":":
        return None
    for i in range(s.n - 2, max(-1, s.n - 12), -1):
        form = cue_verb(s.tokens, i) if s.tokens[i].is_word else None
        if form is None or not form.verb.speech or is_passive(s.tokens, i, form):
            continue
        group, be, infinitive = verb_group(s.tokens, i)
        source = subject_of_cue(s, i, group, form, be=be, infinitive=infinitive)
        if source is None or has_finite_verb(s.tokens, i + 1, s.n):
            return None
        start, end = s.tokens[source[0]].start, s.tokens[source[1] - 1].end
        return Span(start, end), Span(s.tokens[i].start, s.tokens[i].end)
    return None


def _by_verb(s: Sentence, i: int, form: VerbForm) -> None:
    if is_passive(s.tokens, i, form):
        passive(s, i, form)
        return
    if not form.verb.speech and (form.ing or (form.base and not form.past)):
        return  # "to want", "wanting": what might be wanted, by whom is not sure
    group, be, infinitive = verb_group(s.tokens, i)
    if form.participle and not form.past and s.word(group) not in AUXILIARIES:
        return
    if group == i and not form.ing and not form.base and (inverted(s, i, form) or leading(s, i, form)):
        return
    source = subject_of_cue(s, i, group, form, be=be, infinitive=infinitive)
    if source is None or (source[1] <= group and heard(s, i, source)):
        return
    if source[1] <= group and back_from_cue(s, i, form, source):
        return
    if s.word(source[0] - 1) == "as" and s.word(i + 1) == ",":
        return  # "if, as X expects, …": no content of its own
    forward_from_cue(s, i, form, source)
