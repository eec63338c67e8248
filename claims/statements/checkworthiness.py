"""Score how worth checking a statement is, by rules, with a reason in words for each rule that applies.

The rules follow Full Fact's and ClaimBuster's categories. Quantities, comparisons, trends, causes, laws, policies and
attributed facts about past or present raise the score; opinions, questions, wishes and announcements lower it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from claims.statements.figures import Figure

WORTHY = 0.4
_DATED = {"date", "period", "time", "duration", "rate"}


@dataclass(frozen=True, slots=True)
class Checkworthiness:
    """`score` from 0 to 1; `worthy` at 0.4 or more; `reasons` for and against, the weightiest first."""

    score: float
    worthy: bool
    reasons: tuple[str, ...]


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{' '.join(pattern.split()).replace(' | ', '|')})\b", re.IGNORECASE)


_COMPARISON = _words(
    r"(?:more|less|fewer|higher|lower|larger|smaller|greater|bigger|better|worse|faster|slower|older|younger) than"
    r" | (?:most|least|largest|biggest|highest|lowest|fastest|cheapest|smallest|worst|best|first ever|record)"
    r" | (?:rose|risen|rises|rising|increased?|increasing|grew|grown|growing|fell|fallen|falling|dropped|declined?|"
    r"decreased?|doubled|tripled|halved|shrank|shrunk|soared|plunged|climbed|slowed|jumped|widened|narrowed)"
    r" | compared (?:with|to) | (?:twice|three times|half) as | than (?:in|any|ever|last) | (?:only|first) (?:country|"
    r"city|person|time|company|state) | unprecedented | never before | outnumber\w*"
)
_CAUSE = _words(
    r"because of | caused?(?: by)? | causes | led to | leads to | resulted in | due to | thanks to | as a result"
    r" | responsible for | linked to | prevents? | prevented | cures?"
)
_POLICY = _words(
    r"laws? | (?-i:bills?) | legislation | regulations? | polic(?:y|ies) | tax(?:es)? | budgets? | treat(?:y|ies)"
    r" | sanctions? | ban(?:s|ned)? | decrees? | constitution(?:al)? | court | ruling | subsid(?:y|ies) | pensions?"
    r" | vaccines? | elections? | referendum | licen[cs]es? | permits? | tariffs? | minimum wage"
    r" | program(?:me)?s? | crimes?"
)
_PAST = _words(
    r"was | were | had | did | has (?:been|already|also|never|not)? ?\w*ed | have (?:been|already|also|never|not)? ?"
    r"\w*ed | has been | have been | ago | last (?:year|month|week|century) | already | since | \w{3,}ed | built"
    r" | spent | paid | killed | won | lost | made | took | sold | bought | found | gave | went | met | cut"
)
_FUTURE = _words(
    r"will | won['’]t | shall | going to | plans? to | intends? to | would | hopes? to | vow(?:s|ed)? | pledge[sd]?"
    r" | promise[sd]? | next (?:year|month|week) | tomorrow | expected to | aims? to | in a bid to"
)
_OPINION = _words(
    r"I (?:think|feel|hope|wish|want|guess|love|hate) | in my (?:view|opinion) | should | ought to | must(?: not)?"
    r" | beautiful | wonderful | terrible | great | amazing | horrible | shameful | ridiculous | disgrace(?:ful)?"
    r" | unacceptable | sad | happy | proud | hopefully | perhaps | maybe | we need | let us | let['’]s | lawless"
)
_NAMED = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+")


def checkworthiness(text: str, figures: Sequence[Figure] = (), *, attributed: bool = False) -> Checkworthiness:
    """Score `text`, the content of a statement without its cue. `attributed`: a source is named."""
    score = 0.0
    weights: list[tuple[float, str]] = []

    def weigh(weight: float, reason: str) -> None:
        weights.append((weight, reason))

    numeric = [f for f in figures if f.kind not in _DATED]
    if numeric:
        weigh(0.45 if len(numeric) == 1 else 0.55, f"states a figure: {numeric[0].text}")
    elif figures:
        weigh(0.1, f"gives a time: {figures[0].text}")
    if match := _COMPARISON.search(text):
        weigh(0.3, f"compares or tells a trend: {match.group()}")
    if match := _CAUSE.search(text):
        weigh(0.15, f"names a cause: {match.group()}")
    if match := _POLICY.search(text):
        weigh(0.15, f"is about a law or policy: {match.group()}")
    future = _FUTURE.search(text)
    if match := _PAST.search(text):
        weigh(0.1 if future else 0.3, "tells what is or was the case")
    if _NAMED.search(text):
        weigh(0.1, "names who or where")
    if attributed:
        weigh(0.05, "somebody answers for it")
    if future:
        weigh(-0.2, f"is about the future: {future.group()}")
    if match := _OPINION.search(text):
        weigh(-0.25, f"gives an opinion: {match.group()}")
    if text.rstrip("\"'”’ ").endswith("?"):
        weigh(-0.5, "is a question")
    if len(re.findall(r"\w+", text)) < 5:
        weigh(-0.3, "is very short")
    score = min(1.0, max(0.0, sum(weight for weight, _ in weights)))
    weights.sort(key=lambda pair: -abs(pair[0]))
    reasons = tuple(reason if len(reason) <= 100 else reason[:99] + "…" for _, reason in weights)
    return Checkworthiness(round(score, 2), score >= WORTHY - 1e-9, reasons)
