"""Decide whether a sentence says that somebody said something: by what governs the cue.

Looked at are the words between source and cue (`never said`, `would say`, `refused to say`), the source itself (`no
official said`), what stands before it up to the start of its clause (`if`, `whether`, `it is not true that`) and a
question mark behind it. What governs in a way that is not known counts as modal: unsure means that nobody said it.
"""

from __future__ import annotations

from claims.statements.attribution.lexicon import (
    AUXILIARIES,
    BE,
    COORDINATORS,
    CUE_NOUNS,
    DETERMINERS,
    PRONOUN_SUBJECTS,
    VERB_FORMS,
    words,
)
from claims.statements.attribution.parts_of_speech import is_adverb
from claims.statements.attribution.phrases import Range
from claims.statements.attribution.tokens import Token
from claims.statements.extracted import Polarity
from claims.statements.languages import table

_REACH = 40  # tokens on either side
_EN = table("en", "attribution")["polarity"]
_NEGATORS = words(_EN["negators"])
_NEGATIVE_SOURCES = words(_EN["negative_sources"])
_NEGATIVE_GOVERNORS = words(_EN["negative_governors"])
_DENIALS = words(_EN["denials"])
_MODALS = words(_EN["modals"])
_HEARSAY = words(_EN["hearsay"])
_ACHIEVED = words(_EN["achieved"])
_HEARD = words(_EN["heard"])
_CONDITIONS = words(_EN["conditions"])
_OPEN_TIMES = words(_EN["open_times"])
_INVERTED = words(_EN["inverted"])
_FACTS = words(_EN["facts"])
_UNTRUE = words(_EN["untrue"])
_ASKING = words("ask wonder inquire enquire query question")
_PARTING = words("and but then who which that while as because when although")
_ADVERBS = words("before after once otherwise where wherever")
_TAKEN_BACK = words("retract withdraw recant disavow")
_TAKEN_BACK_FORMS = words("withdrew withdrawn withdrawing withdraws disavowed recanted")
_UNREAL = words(
    "wish wishes wished hope hopes hoped imagine imagines imagined pretend pretends pretended dream dreamed dreamt"
)
_CONDITION_PHRASES = frozenset(
    {("in", "case"), ("soon", "as"), ("long", "as"), ("event", "that"), ("condition", "that"), ("basis", "that")}
)
_BEHIND_NEGATION = words(
    "even a one single of the any either but except excepting save bar besides apart from other than"
)
_BREAKS = frozenset({";", ":", "(", ")"})


def verb_polarity(
    tokens: list[Token], i: int, source: Range | None, *, question: bool, governed: bool = True
) -> Polarity:
    """The polarity of the cue at `i`.

    `question` tells that its sentence ends in a question mark, `governed` that what stands before the source may govern
    it, which what was said does not ("If it rains, X said, …").
    """
    form = VERB_FORMS.get(tokens[i].lower)
    asks = form is not None and form.verb.lemma in _ASKING
    behind = any(t.text == "?" for t in tokens[i : i + _REACH])
    if (question or behind) and not (asks and form is not None and form.past):
        return Polarity.ASKED
    before = i
    between = Polarity.ASSERTED
    if source is not None:
        if source[1] <= i:
            before = source[0]
            between = _between(tokens, source[1], i)
        elif tokens[source[0]].lower in _NEGATIVE_SOURCES:
            between = Polarity.NEGATED  # "…," said nobody
        if source[0] < i and tokens[source[0]].lower in {"who", "whoever", "whatever"}:
            return Polarity.ASKED if tokens[source[0]].lower == "who" else Polarity.CONDITIONAL
    clause = _clause(tokens, before, i) if governed else Polarity.ASSERTED
    if clause in {Polarity.ASKED, Polarity.CONDITIONAL}:
        return clause
    if source is not None and _negates_source(tokens, source):
        return Polarity.NEGATED
    if form is not None and form.verb.lemma in _DENIALS:
        return Polarity.NEGATED
    for kind in (Polarity.NEGATED, Polarity.MODAL):
        if kind in {between, clause}:
            return kind
    return Polarity.ASSERTED


def noun_polarity(tokens: list[Token], i: int, start: int, *, question: bool) -> Polarity:
    """The polarity of the cue noun at `i`, whose phrase begins at `start`: "his denial that", "no claim that"."""
    if question:
        return Polarity.ASKED
    clause = _clause(tokens, start, i)
    if clause in {Polarity.ASKED, Polarity.CONDITIONAL}:
        return clause
    before = [t.lower for t in tokens[max(0, start - 3) : start]]
    lemmas = {form.verb.lemma for word in before if (form := VERB_FORMS.get(word)) is not None}
    taken_back = bool(lemmas & _TAKEN_BACK or set(before) & _TAKEN_BACK_FORMS)
    if taken_back:
        return Polarity.NEGATED
    noun = tokens[i].lower
    near = {t.lower for t in tokens[max(0, start - 2) : i]}
    if noun.rstrip("s") in {"denial", "refusal", "doubt"} or near & (_NEGATORS | {"no", "any"}):
        return Polarity.NEGATED
    return Polarity.MODAL if near & {"possible", "likely", "expected", "future", "alleged"} else clause


def _between(tokens: list[Token], start: int, i: int) -> Polarity:
    """What the words between a source that ends at `start` and the cue at `i` make of it."""
    form = VERB_FORMS.get(tokens[i].lower)
    finite = form is not None and (form.past or form.third)
    ing = form is not None and form.ing
    modal = infinitive = own = False
    k = i - 1
    floor = max(start, i - _REACH)
    achieved: bool | None = None
    while k >= floor:
        token = tokens[k]
        word = token.lower
        if token.quote or word in _BREAKS or token.is_dash:
            break
        parts = (finite and not infinitive) or own
        if parts and word in _PARTING and not (word == "as" and ing):
            break
        if word == "," and ing and k == i - 1:
            break
        if word in _NEGATORS or word in _NEGATIVE_GOVERNORS or _is_negative_phrase(tokens, k):
            return Polarity.NEGATED
        if word in _MODALS or word in _HEARSAY or (word == "'d" and not (form is not None and form.participle)):
            modal = True
        elif word == "to" and (k == i - 1 or all(is_adverb(t) for t in tokens[k + 1 : i]) or own):
            infinitive = True
            if achieved is None:
                achieved = _is_achieved(tokens, k, floor)
        if word in AUXILIARIES:
            own = True
        k -= 1
    if infinitive and not achieved:
        modal = True
    if ing and i > start and not modal:
        modal = not _is_said(tokens, i, start)
    return Polarity.MODAL if modal else Polarity.ASSERTED


def _is_negative_phrase(tokens: list[Token], k: int) -> bool:
    """`short of`, `instead of`, `rather than`, `far from`, `yet to`, at `k`."""
    pair = (tokens[k].lower, tokens[k + 1].lower if k + 1 < len(tokens) else "")
    return pair in {("short", "of"), ("instead", "of"), ("rather", "than"), ("far", "from"), ("yet", "to")}


def _is_achieved(tokens: list[Token], to: int, floor: int) -> bool:
    """Whether the infinitive behind `to` came about: "went on to say", "had to admit", "was quick to add"."""
    k = to - 1
    while k >= floor and is_adverb(tokens[k]) and tokens[k].lower not in _ACHIEVED:
        k -= 1
    if k < floor:
        return False
    word = tokens[k].lower
    if word in _ACHIEVED:
        return True
    # "took to the stage to say", "used the speech to argue"
    return any(tokens[j].lower in {"took", "used", "rose", "phoned", "stood"} for j in range(max(floor, to - 8), to))


def _is_said(tokens: list[Token], i: int, start: int) -> bool:
    """Whether the -ing form at `i` tells what happened: "…, saying", "by saying", "was quoted as saying"."""
    k = i - 1
    while k >= start and is_adverb(tokens[k]):
        k -= 1
    if k < start:
        return True
    word = tokens[k].lower
    if word in BE or word in _HEARD or word in {",", "by", "for", "after", "in", "while", "when", "and", "but"}:
        return True
    if word == "as":
        return any(tokens[j].lower in _HEARD for j in range(max(start, k - 6), k))
    if word in AUXILIARIES or VERB_FORMS.get(word) is not None or word in {"of", "about", "from", "against", "before"}:
        return False
    return tokens[k].is_word


def _negates_source(tokens: list[Token], source: Range) -> bool:
    """`nobody said`, `not one official said`, `neither X nor Y said`, `it was not X who said`."""
    first = tokens[source[0]].lower
    if first in _NEGATIVE_SOURCES:
        return not (first == "not" and source[0] + 1 < source[1] and tokens[source[0] + 1].lower == "only")
    k = source[0] - 1
    while k >= 0 and tokens[k].lower in _BEHIND_NEGATION:
        k -= 1
    before = tokens[k].lower if k >= 0 else ""
    if tokens[min(source[1], len(tokens) - 1)].lower in {"who", ","} and _is_denied_cleft(tokens, source[0]):
        return True
    if before in _NEGATIVE_SOURCES | {"not", "n't", "without"}:
        return True
    if before == "or":  # "neither … or", "no minister or aide"
        return any(t.lower in _NEGATIVE_SOURCES for t in tokens[max(0, k - 12) : k])
    return any(t.lower in {"nor", "neither"} for t in tokens[source[0] : source[1]])


def _is_denied_cleft(tokens: list[Token], start: int) -> bool:
    """`It was not X, the mayor, who said`."""
    near = [t.lower for t in tokens[max(0, start - 14) : start]]
    return any(
        near[k] == "it" and near[k + 1] in BE and near[k + 2] in {"not", "n't", "never"} for k in range(len(near) - 2)
    )


def _clause(tokens: list[Token], start: int, i: int) -> Polarity:
    """What governs the clause whose source begins at `start`, looking back to where that clause begins."""
    form = VERB_FORMS.get(tokens[i].lower)
    present = form is not None and (form.third or (form.base and not form.past))
    k = start - 1
    if k >= 1 and (tokens[k - 1].lower, tokens[k].lower) in _CONDITION_PHRASES:
        return Polarity.CONDITIONAL
    if _asked_only_if(tokens, k):
        return Polarity.CONDITIONAL
    if k >= 0 and tokens[k].lower == "as":
        return Polarity.ASSERTED  # "if, as X said, it rains"
    floor = max(0, start - _REACH)
    while k >= floor:
        token = tokens[k]
        word = token.lower
        if token.quote or word in _BREAKS or token.is_dash:
            break
        if word in _CONDITIONS and not (word == "though" and tokens[k - 1].lower != "as"):
            return Polarity.CONDITIONAL
        if word == "whether":
            return Polarity.ASKED
        if word in _OPEN_TIMES and (present or word in {"until", "till", "whenever"}):
            return Polarity.CONDITIONAL
        if word in _INVERTED and k == _left_of_source(tokens, start):
            return _inversion(tokens, k, i)
        if word == "that" and k == _left_of_source(tokens, start):
            return _embedded(tokens, k)
        if word in _UNREAL and k == _left_of_source(tokens, start):
            return Polarity.MODAL  # "Falk wished Moe had said"
        if word in _HEARSAY and k == _left_of_source(tokens, start):
            return Polarity.MODAL
        if word == "," and not _goes_through(tokens, k):
            break
        if word in {"because", "although", "since", "who", "which"}:
            break
        k -= 1
    return Polarity.ASSERTED


def _asked_only_if(tokens: list[Token], comma: int) -> bool:
    """`If asked, X says`: a condition without a subject of its own before the comma."""
    if comma < 2 or tokens[comma].text != ",":
        return False
    return tokens[comma - 2].lower in {"if", "unless"} and tokens[comma - 1].lower.endswith("ed")


def _left_of_source(tokens: list[Token], start: int) -> int:
    """The token before the source, titles' articles and asides between commas passed over."""
    k = start - 1
    if k > 0 and tokens[k].text == ",":
        opening = next((j for j in range(k - 1, max(-1, k - 10), -1) if tokens[j].text == ","), -1)
        if opening > 0:
            k = opening - 1
    while k > 0 and is_adverb(tokens[k]) and tokens[k].lower not in _HEARSAY:
        k -= 1
    return k


def _goes_through(tokens: list[Token], comma: int) -> bool:
    """Whether the clause goes on to the left of a comma: "if A, and B says"; "if, as expected, B says"."""
    if tokens[comma + 1].lower in COORDINATORS:
        return True
    opening = next((j for j in range(comma - 1, max(-1, comma - 12), -1) if tokens[j].text == ","), -1)
    leads = {tokens[j].lower for j in (opening - 1, comma - 1) if j >= 0}
    leads -= _ADVERBS if tokens[comma - 1].lower in _ADVERBS else frozenset()  # "the week before, X said"
    return bool(leads & (_CONDITIONS | _OPEN_TIMES | {"whether", "that"}))


def _inversion(tokens: list[Token], auxiliary: int, i: int) -> Polarity:
    """An auxiliary before its subject, in a sentence without question mark: "never did X say", "should X say"."""
    before = [t.lower for t in tokens[max(0, auxiliary - 8) : auxiliary]]
    if before[-2:] == ["not", "only"]:
        return Polarity.ASSERTED
    if set(before) & (_NEGATORS | _NEGATIVE_SOURCES):
        return Polarity.NEGATED
    word = tokens[auxiliary].lower
    if word in {"should", "were", "had"}:
        return Polarity.CONDITIONAL
    if word in {"so", "only", "as", "than"} or (before and before[-1] in {"so", "then", "as", "than"}):
        return Polarity.ASSERTED
    return Polarity.ASKED


def _embedded(tokens: list[Token], that: int) -> Polarity:
    """A clause behind "that": asserted only where what governs it says that it is so ("it emerged that X said")."""
    k = that - 1
    before = [t.lower for t in tokens[max(0, that - 8) : that]]
    if k < 0:
        return Polarity.MODAL
    if set(before) & (_NEGATORS | _UNTRUE | {"no"}):
        return Polarity.NEGATED
    if tokens[k].lower in _FACTS:
        return Polarity.ASSERTED
    before_noun = tokens[k - 1] if k > 0 else None
    subject = before_noun is not None and (before_noun.is_name or before_noun.lower in PRONOUN_SUBJECTS)
    if before_noun is None or before_noun.lower in DETERMINERS:
        subject = False  # "the claim that X said"
    noun = tokens[k].lower in CUE_NOUNS and not subject
    form = VERB_FORMS.get(tokens[k].lower)
    if form is not None and form.verb.speech and not noun:
        return Polarity.ASSERTED  # inside what somebody else says, to whom it belongs
    return Polarity.MODAL
