"""Make the answers to a text of what was found: claims of one text together, what differs, the tier and the reasons."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from claims.matching.differences import Reading, differences, tier, turns
from claims.matching.differences.vocabulary import vocabulary
from claims.matching.leg import Query
from claims.matching.normalization import normalize
from claims.matching.types import ClaimEntry, Match, Tier, Why
from claims.matching.words.analysis import primary, stems, words
from claims.matching.words.shared_terms import SharedTerms

LEAST_PROBABILITY = 0.003
"""What is less likely is no answer. At 0.008 as many as 11 of 800 texts of snopes-tweets, split train, lost their right
one by that (cross-validated)."""
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SHORT = 12  # words; a shorter text says little beside its claim, so what is not `possible` for it is no answer
_LEAST_THAT_DIFFERS = 0.02  # of a short text
_DIFFERING = 0.3  # weight of an answer that differs
_COMPARED = 3  # times the limit: how many answers are looked at for differences
_MOST_READ = 2_000  # characters of a text, or a part of one, in which differences are looked for
_SAME_WORDS = 0.8  # share of a claim's words in the text
_MOST_WORDS = 0.65
_SOME_WORDS = 0.5
_TIERS = tuple(Tier)


@dataclass(frozen=True)
class Asked:
    """A text, or a part of one, that claims are compared with: read once. `is_told`: somebody said its language."""

    query: Query
    is_part: bool = False
    is_told: bool = False

    def spoken(self, language: str) -> Asked:
        """The same text, read in another language."""
        if language == self.query.language:
            return self
        if language not in self._spoken:
            self._spoken[language] = replace(self, query=replace(self.query, language=language))
        return self._spoken[language]

    @cached_property
    def _spoken(self) -> dict[str, Asked]:
        return {}

    @cached_property
    def reading(self) -> Reading:
        return Reading(self.query.text[:_MOST_READ], self.query.language)

    @property
    def is_read_whole(self) -> bool:
        """Whether differences are looked for in all of it; what was not read makes a match doubtful."""
        return len(self.query.text) <= _MOST_READ

    @cached_property
    def is_short(self) -> bool:
        """Whether it is a short text, and no part of a longer one."""
        return not self.is_part and len(words(self.query.text)) < _SHORT

    def says_nothing_of(self, text: str, language: str) -> bool:
        """Whether it has words such as "the" and "of" alone and single letters, and the other text has others."""
        if _has_abbreviation(self.query.text):
            return False
        empty = vocabulary(self.query.language).function_words | vocabulary(language).function_words
        return _is_empty(self._folded, empty) and not _is_empty(words(text), empty)

    @cached_property
    def _folded(self) -> tuple[str, ...]:
        return tuple(words(self.query.text))

    @cached_property
    def normalized(self) -> str:
        return normalize(self.query.text)

    @cached_property
    def terms(self) -> SharedTerms:
        return SharedTerms(self.query.text, self.query.language)

    @cached_property
    def words(self) -> frozenset[str]:
        found = words(self.query.text)
        return frozenset((*found, *stems(found, self.query.language)))

    def share(self, text: str, language: str) -> float:
        """The share of the words of another text that this one has, read in the language of the other."""
        language = language or self.query.language
        other = set(stems(words(text), language))
        return len(other & self.spoken(language).words) / len(other) if other else 0.0

    def share_of_content(self, text: str, language: str) -> float:
        """The same without words such as "the" and "of", which say nothing."""
        language = language or self.query.language
        empty = vocabulary(language).function_words
        other = set(stems([word for word in words(text) if word not in empty], language))
        return len(other & self.spoken(language).words) / len(other) if other else 0.0


def _has_abbreviation(text: str) -> bool:
    """Whether a word in capitals, such as US or WHO, stands alone or among others that are not."""
    found = _LETTERS.findall(text)
    return any(word.isupper() for word in found) and (len(found) == 1 or not all(word.isupper() for word in found))


def _is_empty(words: Iterable[str], empty: Collection[str]) -> bool:
    return all(word in empty or (len(word) == 1 and word.isascii() and word.isalpha()) for word in words)


@dataclass(slots=True)
class Group:
    """Claims of one text: one of them, how likely it is, and the text or the part of it that found them.

    `by_meaning`: whether a leg by meaning compared them. `part`: the sentence that may say the claim, and how likely.
    """

    entry: ClaimEntry
    titles: tuple[str, ...]
    probability: float
    asked: Asked
    by_meaning: bool = False
    part: str = ""
    of_part: float = 0.0


@dataclass(slots=True)
class _Compared:
    """Claims of one text, period and place, compared with what was asked."""

    claims: list[str] = field(default_factory=list)
    whys: tuple[Why, ...] = ()
    tier: Tier = Tier.POSSIBLE


def answer(groups: Sequence[Group], of_text: Callable[[str], list[ClaimEntry]], limit: int) -> list[Match]:
    """The best `limit` matches; `of_text` gives all claims of a text."""
    likely = sorted(
        (group for group in groups if group.probability >= LEAST_PROBABILITY),
        key=lambda group: (-group.probability, group.entry.id),
    )
    found: list[Match] = []
    for group in likely[: limit * _COMPARED]:
        if len(found) >= limit and group.probability <= found[limit - 1].score:
            break  # no later one can be better
        match = _match(group, of_text(group.entry.text) or [group.entry])
        if _is_noise(group, match):
            continue
        found.append(match)
        found.sort(key=lambda match: (-match.score, match.claims))
    return found[:limit]


def _is_noise(group: Group, match: Match) -> bool:
    """Whether a short text says nothing of the claim: it is unlikely, and no difference makes it worth a look.

    Nor does a text of words such as "the" and "of" alone, however likely, unless the claim has no other words either.
    """
    if group.asked.says_nothing_of(group.entry.text, group.entry.language):
        return True
    if match.tier is not Tier.RELATED or not group.asked.is_short:
        return False
    return group.probability < _LEAST_THAT_DIFFERS or not any(map(turns, match.why))


def _match(group: Group, claims: list[ClaimEntry]) -> Match:
    by_scope: dict[tuple[object, ...], _Compared] = {}
    for claim in claims:
        scope = (claim.period_start, claim.period_end, claim.place, claim.language)
        if scope not in by_scope:
            by_scope[scope] = _compare(group, claim)
        by_scope[scope].claims.append(claim.id)
    compared = sorted(by_scope.values(), key=lambda each: _TIERS.index(each.tier))
    best = compared[0]
    differs = any(map(turns, best.whys))
    return Match(
        claims=tuple(claim for each in compared if each.tier == best.tier for claim in each.claims),
        score=round(group.probability * (_DIFFERING if differs else 1.0), 4),
        tier=best.tier,
        why=best.whys,
        others=tuple((claim, each.whys) for each in compared if each.tier != best.tier for claim in each.claims),
        terms=group.asked.terms.with_claim(group.entry.text, group.entry.language),
        by_meaning=group.by_meaning,
        shared=round(group.asked.share_of_content(group.entry.text, group.entry.language), 4),
    )


def score_of_other(match: Match, whys: Sequence[Why]) -> float:
    """The score of one of a match's `others`: what differs there lowers it as it does that of a match."""
    whole = match.score / _DIFFERING if any(map(turns, match.why)) else match.score
    return round(min(1.0, whole * (_DIFFERING if any(map(turns, whys)) else 1.0)), 4)


def _compare(group: Group, claim: ClaimEntry) -> _Compared:
    asked = group.asked
    shared = asked.share(claim.text, claim.language)
    is_foreign = _is_foreign(asked, claim, shared)
    if not is_foreign and claim.language and primary(claim.language) != primary(asked.query.language):
        asked = asked.spoken(claim.language)
    found = differences(
        asked.reading,
        claim.text,
        language=asked.query.language,
        claim_language=claim.language,
        period=(claim.period_start, claim.period_end),
        place=claim.place,
    )
    reasons = list(found)
    if not any(map(turns, found)):
        reasons.insert(0, _likeness(asked, group, shared))
    if is_foreign:
        reasons.append(Why("foreign_language", asked.query.language, claim.language))
    if group.part:
        reasons.append(Why("part_of_text", group.part))
    reached = tier(group.probability, found, "foreign" if is_foreign else "same")
    if reached == Tier.MATCH and not asked.is_read_whole and asked.normalized != normalize(claim.text):
        reached = Tier.POSSIBLE
    return _Compared(whys=tuple(reasons), tier=reached)


def _is_foreign(asked: Asked, claim: ClaimEntry, shared: float) -> bool:
    """Whether the two are in different languages: they are said to be, and do not share most of the claim's words.

    Short words tell the language of a short text badly, so what somebody says weighs more than what they tell.
    """
    language, other = primary(asked.query.language), primary(claim.language)
    if asked.normalized == normalize(claim.text) or language == other != "":
        return False
    if not language or not other:
        return shared < _SOME_WORDS
    return shared < (_SAME_WORDS if asked.is_told else _MOST_WORDS)


def _likeness(asked: Asked, group: Group, shared: float) -> Why:
    """Why the claim was found: by its words, by the title of an article, or by what it means, if that was compared."""
    if asked.normalized == normalize(group.entry.text) or shared >= _SAME_WORDS:
        return Why("same_words")
    if any(asked.share(title, group.entry.language) >= _SAME_WORDS for title in group.titles):
        return Why("same_title")
    return Why("same_meaning" if group.by_meaning else "some_words")
