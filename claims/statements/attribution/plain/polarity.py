"""The polarity of a cue in a language that is read in its plain forms: by the words of the clause that holds it."""

from __future__ import annotations

from claims.statements.attribution.phrases import Range
from claims.statements.attribution.plain.phrases import clause_start
from claims.statements.attribution.plain.words import PlainWords
from claims.statements.attribution.tokens import Token
from claims.statements.extracted import Polarity

_REACH = 30  # tokens


def plain_polarity(
    tokens: list[Token],
    cue: int,
    group: int,
    source: Range,
    end: int,
    words: PlainWords,
    *,
    question: bool,
    governed: bool,
    floor: int = 0,
) -> Polarity:
    """The polarity of the cue at `cue`, whose verb group begins at `group` and whose clause ends at `end`.

    `governed`: what stands before source and cue in the sentence, up to `floor`, may govern them, and is not what was
    said.
    """
    word = tokens[cue].lower
    if question and not (word in words.asking and not governed):
        return Polarity.ASKED
    first = min(source[0], group)
    start = clause_start(tokens, floor, first) if governed else first
    opens, closes = max(start, first - _REACH), max(end, cue)
    own = [*range(opens, closes)]
    if source[1] < group and tokens[source[1]].text == ",":  # "X, que no quiso dar su nombre, dijo"
        own = [*range(opens, source[1]), *range(group, closes)]
    clause = [tokens[k].lower for k in own if not tokens[k].quote]
    before = [t.lower for t in tokens[max(floor, first - _REACH) : first] if not t.quote] if governed else []
    near = before[-(first - start) :] if first > start else []
    leads = set(near) | {tokens[source[0]].lower, tokens[first].lower}
    if leads & words.whether and not leads & (words.conditions - words.whether) and words.whether - words.conditions:
        return Polarity.ASKED
    if leads & words.conditions or (before and before[0] in words.conditions and "," not in before):
        return Polarity.CONDITIONAL
    if _asks_whether(before, words):
        return Polarity.ASKED
    if word in words.denials or set(clause) & words.negators or set(clause) & words.denials:
        return Polarity.NEGATED
    joined = len(near) > 1 and (near[-2] in words.joining or near[-1] in words.and_)  # "mientras que"
    if near and not joined and (near[0] in words.embedding or near[-1] in words.embedding):
        outer = set(before)
        return Polarity.NEGATED if outer & (words.negators | words.denials | _UNTRUE) else Polarity.MODAL
    return Polarity.MODAL if word in words.prospective or set(clause) & words.modals else Polarity.ASSERTED


_UNTRUE = frozenset(["falsch", "unwahr", "falso", "mentira", "incierto", "gelogen", "lüge"])


def _asks_whether(before: list[str], words: PlainWords) -> bool:
    return bool(set(before) & words.asking) and bool(set(before) & words.whether)
