"""Whether what a text says of those whom it shares with a claim is what the claim says of them.

`The singer Ann Vale announces a tour` and `The singer Ann Vale has died` share a subject and nothing else. However near
the two are by meaning, a text that shares no word, figure or sense with what the claim says of its subject may tell of
another event.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from claims.matching.differences.quantities import same
from claims.matching.differences.reading import Reading, SentenceReading
from claims.matching.differences.tokens import alike, tokens
from claims.matching.differences.wording import content, paired
from claims.matching.types import Why

_LINKED = re.compile(r"https?://|pic\.twitter|(?<!\S)[@#]\w")
"""What a text has beside its words, as posts have: it may show what it does not say."""
_SHORT = 15
"""Content words of a text that is taken to say nothing but what it tells, at most."""


def unaccounted(text: Reading, claim: Reading, place: str) -> list[Why]:
    """A text in the claim's language that shares nothing with it but names, and what stands right before them."""
    mine = text.sentences
    if len(mine) != 1 or _LINKED.search(text.given):
        return []
    told, claimed = ([(each.words, each.senses) for each in side] for side in (mine, claim.sentences))
    own, others = content(told, claim.vocabulary), content(claimed, claim.vocabulary)
    if len(own) > _SHORT:
        return []
    back = {there: here for here, there in paired(own, others).items()}
    names = {word.folded for word in tokens(place)}
    for each in claim.sentences:
        names.update(word for name in each.names for word in name.words)
        names.update(_capitals(each, claim.vocabulary.capitalised_nouns))
    subject = {m for m in back if any(alike(others[m].folded, name) for name in names)}
    for m in sorted(subject, reverse=True):  # `the singer` before `Ann Vale`
        if m - 1 in back and back[m - 1] == back[m] - 1:
            subject.add(m - 1)
    told_of = [word.written for m, word in enumerate(others) if m not in subject]
    if not subject or not told_of:
        return []
    if any(m not in subject for m in back) or _share_a_figure(mine, claim):
        return []
    said = [word.written for n, word in enumerate(own) if n not in {back[m] for m in subject}]
    return [Why("word", " ".join(said), " ".join(told_of))]


def _capitals(sentence: SentenceReading, nouns: bool) -> set[str]:
    """The words with a capital within a sentence; where every noun has one, those beside another such word."""
    words = sentence.words
    return {
        word.folded
        for n, word in enumerate(words)
        if word.capital
        and not word.shouted
        and not word.initial
        and (not nouns or any(words[m].capital and not words[m].initial for m in (n - 1, n + 1) if 0 <= m < len(words)))
    }


def _share_a_figure(mine: Sequence[SentenceReading], claim: Reading) -> bool:
    theirs = [each for sentence in claim.sentences for each in sentence.quantities]
    return any(same(each, other) for sentence in mine for each in sentence.quantities for other in theirs)
