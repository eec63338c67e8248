"""Attributions without a cue verb: `according to X`, `X's claim that`, `X is sure that`, `X: "…"`, `"…" — X`."""

from __future__ import annotations

from claims.statements.attribution.english.extents import clause_end, content_before, names_norm, quotes_or_all, spans
from claims.statements.attribution.english.polarity import noun_polarity
from claims.statements.attribution.english.sentence import Sentence
from claims.statements.attribution.lexicon import (
    ATTITUDE_NOUNS,
    AUXILIARIES,
    COORDINATORS,
    DETERMINERS,
    INFINITIVE_NOUNS,
    ORGANISATION_HEADS,
    POSSESSIVES,
    PREPOSITIONS,
    SUBORDINATORS,
)
from claims.statements.attribution.parts_of_speech import has_finite_verb, is_finite_verb, is_person_noun
from claims.statements.attribution.phrases import Range
from claims.statements.attribution.source_behind import source_after
from claims.statements.extracted import Polarity

_NO_NAMES = AUXILIARIES | SUBORDINATORS | DETERMINERS | PREPOSITIONS | COORDINATORS
_LONGEST_OWNER = 8  # tokens
_LONGEST_HEADLINE_SOURCE = 4  # tokens, with the dash


def according(s: Sentence, i: int) -> None:
    """`according to X` before, within or behind what X says."""
    source = source_after(s.tokens, i + 2, opens=i <= 1)
    if source is None or source[1] > s.n or names_norm(s.tokens, i + 2):
        return
    end = source[1]
    if i == 0 or (i <= 2 and s.word(i - 1) in {"and", "but"}):
        start = end + 1 if s.word(end) == "," else end
        content = spans(s.tokens, start, clause_end(s.tokens, s.n, start))
    else:
        stop = i - 1 if s.tokens[i - 1].text == "," or s.tokens[i - 1].is_dash else i
        content = content_before(s.tokens, stop)
        aside = s.word(end) == "," and s.tokens[i - 1].text == "," and end + 1 < s.n
        unfinished = not has_finite_verb(s.tokens, 0, stop)
        if aside and (unfinished or goes_on(s, end + 1)):
            content += spans(s.tokens, end + 1, clause_end(s.tokens, s.n, end + 1))
    polarity = Polarity.ASKED if s.question else Polarity.ASSERTED
    if s.word(i - 1) in {"not", "n't"} or s.word(source[0]) in {"nobody", "no", "none"}:
        polarity = Polarity.NEGATED
    s.add(source, (i, i + 2), content, speech=True, polarity=polarity)


def goes_on(s: Sentence, k: int) -> bool:
    word = s.word(k)
    return is_finite_verb(s.tokens, k) or word in PREPOSITIONS - {"with"} or s.quote(k)


def by_noun(s: Sentence, i: int) -> None:
    """`X's claim that …`, `a report by X that …`, `the decision to …`."""
    noun = s.word(i)
    if s.tokens[i].is_name and i > 0:
        return
    k = i + 1
    source: Range | None = None
    if s.word(k) in {"by", "from", "of"}:
        source = source_after(s.tokens, k + 1)
        if source is not None:
            k = source[1]
    infinitive = s.word(k) == "to" and noun in INFINITIVE_NOUNS and source is not None
    clause = s.word(k) == "that" and k + 1 < s.n and not is_finite_verb(s.tokens, k + 1)
    if not infinitive and not clause:  # "the report that came": a relative clause
        return
    start = k if infinitive else k + 1
    if clause and not has_finite_verb(s.tokens, start, s.n):
        return
    source = source or owner(s, i)
    stops = (j for j in range(start, s.n) if s.word(j) in {",", ";", ")"} or s.tokens[j].is_dash)
    content = spans(s.tokens, start, next(stops, s.n))
    start = source[0] if source is not None and source[1] <= i else i
    polarity = noun_polarity(s.tokens[: s.n], i, start, question=s.question)
    speech = source is not None and not infinitive and noun not in ATTITUDE_NOUNS
    s.add(source, (i, i + 1), content, speech=speech, main=False, polarity=polarity)


def owner(s: Sentence, i: int) -> Range | None:
    """Whose claim it is: "his", "Berg's", "a Daily Post"."""
    k = i - 1
    while k >= 0 and i - k < 5 and s.tokens[k].is_word:
        if s.word(k) in POSSESSIVES | {"'s"} | PREPOSITIONS | DETERMINERS or is_finite_verb(s.tokens, k):
            break
        k -= 1
    if s.word(k) in POSSESSIVES:
        return (k, k + 1)
    if s.word(k) == "'s":
        return _genitive(s, k)
    names = [j for j in range(max(k, 0), i) if s.tokens[j].is_name and s.word(j) not in _NO_NAMES]
    return (names[0], i) if names and names[-1] == i - 1 else None


def by_colon_or_dash(s: Sentence) -> None:
    """`Anna Berg: "…"`, `BERG: …` and `"…" — Anna Berg`."""
    colon = next((k for k in range(min(s.n, 12)) if s.word(k) == ":"), None)
    if colon and colon + 1 < s.n:
        name = s.tokens[:colon]
        shouted = len(name) <= 5 and all(t.text.isupper() or not t.text[0].isalpha() for t in name)
        plain = not has_finite_verb(s.tokens, 0, colon) and not any(t.quote for t in name)
        unended = s.n == len(s.tokens) or (len(name) <= 2 and s.tokens[colon + 1].is_name)
        headline = unended and len(name) <= 5 and s.n - colon > 3 and all(t.is_word for t in name)
        headline = headline and not any(t.text[0].isdigit() for t in name)
        if name[0].is_name and (s.quote(colon + 1) or shouted or headline) and plain:
            s.add(
                (0, colon),
                (colon, colon + 1),
                quotes_or_all(s.tokens, colon + 1, s.n),
                speech=True,
                polarity=Polarity.ASSERTED,
            )
            return
    dash = next((k for k in range(1, s.n - 1) if s.tokens[k].is_dash or s.tokens[k].text == "-"), None)
    if dash is None:
        return
    headline = s.n == len(s.tokens) and s.n - dash <= _LONGEST_HEADLINE_SOURCE
    quoted = all(t.quote for t in s.tokens[:dash]) and (s.tokens[dash + 1].is_name or headline)
    last = s.word(s.n - 1)
    signed = headline and dash > 2 and (last in ORGANISATION_HEADS or is_person_noun(last))
    if quoted or (signed and not has_finite_verb(s.tokens, dash + 1, s.n)):
        source = source_after(s.tokens, dash + 1)
        s.add(source, (dash, dash + 1), quotes_or_all(s.tokens, 0, dash), speech=True, polarity=Polarity.ASSERTED)


def _genitive(s: Sentence, k: int) -> Range | None:
    """The owner that ends before the "'s" at `k`, no longer than its own phrase: "did a check on Tom Falk's claim"."""
    start = k
    while start > 0 and s.tokens[start - 1].is_word and k - start < _LONGEST_OWNER:
        word = s.word(start - 1)
        if word in PREPOSITIONS - {"of"} | COORDINATORS | SUBORDINATORS or is_finite_verb(s.tokens, start - 1):
            break
        start -= 1
        if word in DETERMINERS | POSSESSIVES:
            break
    return (start, k) if start < k else None
