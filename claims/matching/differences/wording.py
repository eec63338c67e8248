"""What differs in the words of two sentences that are much alike: a word put for another, or two that changed places.

`Ginger tea cures malaria` and `Beetroot juice cures malaria` share all but one place; `A sued B` and `B sued A` share
all words. A synonym put for a word looks the same as another thing put for it, so such a difference makes a match
doubtful and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from claims.matching.differences.senses import NO_AXES, Sentence
from claims.matching.differences.tokens import Token, alike
from claims.matching.differences.vocabulary import Marker, Vocabulary
from claims.matching.types import Why

_SLOT = 0.5
"""Share of the claim's content words in the text from which a word at the same place counts as put for another."""
_NEARLY_ALL = 0.75
"""The same from which two words that changed places are two who changed roles."""
_MOVED = 0.6
"""The same, of both sides, from which it counts behind or before the same word alone, in another order of words."""
_LONGEST_SLOT = 3
_COPIED = 3
"""Words that a copy shares with the claim, at least."""
_OF_ITS_OWN = 2
"""Words that a text and a claim each have beside that, from which both were worded by themselves."""
_BEGINNING = 3
"""Letters that two forms of a verb whose vowels change share: `shoots`, `shot`."""
_FORM = 4
"""Letters that a word with the ending of a verb has more than, at least."""
_PARTED = (
    dict.fromkeys(("du", "des", "del", "do", "da", "dos", "das", "d"), "de")
    | dict.fromkeys(("au", "aux", "al", "ao", "aos"), "a")
    | {"vom": "von", "zum": "zu", "zur": "zu", "im": "in", "am": "an"}
)
"""Prepositions that are written together with an article."""
_AND = frozenset(
    ("and", "or", "&", "und", "oder", "sowie", "y", "o", "u", "et", "ou", "e", "و", "أو", "और", "या", *"和与或及")
)
"""Words between two that may stand in either order."""
_WHO = frozenset({"sex", "compass", "sunrise", "age", "wealth", "owner", "country"})
"""Axes of words that say who or where, so that they may change places as names do."""
_EMPTY = frozenset((kind, "") for kind in ("negations", "approximate", "titles"))


@dataclass(frozen=True)
class _Word:
    folded: str
    written: str
    before: str
    """The preposition right before it, or before the article before it."""
    senses: frozenset[tuple[str, str]]
    tag: bool
    part_of_name: bool
    """Whether it stands beside another word with a capital, so that it may be left out of a name."""
    verb: bool
    """Whether it looks like a verb, for which another one of the same sense is likely."""
    at: tuple[int, int]
    """The number of its sentence and its position there."""
    between: tuple[str, ...]
    """The words of no content right before it."""
    noun: bool | None
    """Whether it is a noun by its capital (German); None where capitals do not tell."""

    @property
    def turning(self) -> bool:
        """Whether it is on an axis, where its opposite would be found."""
        return any(kind not in NO_AXES for kind, _ in self.senses)

    @property
    def who(self) -> bool:
        """Whether it says who or where."""
        return self.part_of_name or all(kind in NO_AXES | _WHO for kind, _ in self.senses)


def differing_words(text: Sequence[Sentence], claim: Sequence[Sentence], vocabulary: Vocabulary) -> list[Why]:
    """Words put for others, and words that changed places, in two texts of one language."""
    own, others = content(text, vocabulary), content(claim, vocabulary)
    if not own or not others:
        return []
    pairs = paired(own, others)
    if any(word.tag and n not in pairs for n, word in enumerate(own)):  # hashtags say what they like
        own = [word for n, word in enumerate(own) if not word.tag or n in pairs]
        pairs = paired(own, others)
    shared = len(set(pairs.values()))
    covered = shared / len(others)
    if _swapped(own, others, pairs) and not _one_suffers(text, claim):
        return [Why("roles", " … ".join(word.written for word in own), " … ".join(word.written for word in others))]
    if covered < _SLOT or shared < _SLOT * len(own):
        return []
    slots = _slots(own, others, pairs)
    if not slots and min(covered * len(others) / len(own), covered) >= _MOVED:
        slots = _moved_slots(own, others, pairs)
    slots = [slot for slot in slots if not _worded_apart(own, others, pairs, slot)]
    return [Why("word", *(" ".join(word.written for word in side) for side in slot)) for slot in slots[:1]]


def _worded_apart(
    own: Sequence[_Word], others: Sequence[_Word], pairs: dict[int, int], slot: tuple[list[_Word], list[_Word]]
) -> bool:
    """Whether both sides have further words of their own, so that two at the same place are there by chance.

    Who puts a word for another leaves the rest as it is, or leaves words out, or adds some.
    """
    more = len(own) - len(pairs) - len(slot[0]), len(others) - len(set(pairs.values())) - len(slot[1])
    return min(more) >= _OF_ITS_OWN


def content(sentences: Sequence[Sentence], vocabulary: Vocabulary) -> list[_Word]:
    found: list[_Word] = []
    told = vocabulary.capitalised_nouns and any(
        word.capital and not word.initial for words, _ in sentences for word in words
    )
    for number, (words, markers) in enumerate(sentences):
        before = {n for each in markers if each.kind == "before" for n in range(each.start, each.end)}
        senses = _senses(words, markers)
        for at, word in enumerate(words):
            if (
                word.folded in vocabulary.function_words
                or word.number
                or (len(word.folded) < 2 and word.folded.isascii())
            ):
                continue
            if senses.get(at, frozenset()) & _EMPTY:
                continue
            preposition = next(
                (_PARTED.get(words[n].folded, words[n].folded) for n in (at - 1, at - 2) if n in before), ""
            )
            verb = _looks_like_verb(words, at, vocabulary)
            noun = word.capital if told and not word.shouted else None
            beside = any(
                words[n].capital and word.capital and not vocabulary.capitalised_nouns
                for n in (at - 1, at + 1)
                if 0 <= n < len(words)
            )
            sense = senses.get(at, frozenset())
            verb = verb and not beside
            start = found[-1].at[1] + 1 if found and found[-1].at[0] == number else 0
            between = tuple(each.folded for each in words[start:at])
            position = (number, at)
            found.append(
                _Word(word.folded, word.text, preposition, sense, word.tag, beside, verb, position, between, noun)
            )
    return found


def _looks_like_verb(words: Sequence[Token], at: int, vocabulary: Vocabulary) -> bool:
    """Whether an article follows a word, a pronoun or an auxiliary goes before, or it ends as participles do."""
    word = words[at].folded
    return (
        (at > 0 and words[at - 1].folded in vocabulary.auxiliaries and not _is_proper(words[at], vocabulary))
        or (at + 1 < len(words) and words[at + 1].folded in vocabulary.articles and not words[at].capital)
        or (len(word) > _FORM and word.endswith(vocabulary.verb_ends))
    )


def _is_proper(word: Token, vocabulary: Vocabulary) -> bool:
    return word.capital and not word.initial and not word.shouted and not vocabulary.capitalised_nouns


def _senses(words: Sequence[Token], markers: Sequence[Marker]) -> dict[int, frozenset[tuple[str, str]]]:
    found: dict[int, frozenset[tuple[str, str]]] = {}
    for each in markers:
        if each.kind not in NO_AXES or each.kind in (
            "negations",
            "approximate",
            "titles",
            "factor",
            "synonym",
            "plans",
        ):
            for at in range(each.start, each.end):
                found[at] = found.get(at, frozenset()) | {(each.kind, each.pole)}
    return found


def paired(own: Sequence[_Word], others: Sequence[_Word]) -> dict[int, int]:
    """The words of the text, each with the word of the claim that it repeats or has the sense of."""
    pairs: dict[int, int] = {}
    free = set(range(len(others)))
    for n, word in enumerate(own):
        same = next((m for m in range(len(others)) if m in free and others[m].folded == word.folded), None)
        if same is None:
            same = next((m for m in sorted(free) if alike(word.folded, others[m].folded)), None)
        if same is not None:
            pairs[n] = same
            free.discard(same)
    _pair_joined(own, others, pairs, free)
    if own and len(own) - 1 not in pairs and len(own[-1].folded) > 1:  # a text that breaks off within a word
        same = next((m for m in sorted(free) if others[m].folded.startswith(own[-1].folded)), None)
        if same is not None:
            pairs[len(own) - 1] = same
            free.discard(same)
    for n, word in enumerate(own):
        if n not in pairs and word.senses:
            same = next((m for m in sorted(free) if word.senses & others[m].senses), None)
            if same is not None:
                pairs[n] = same
                free.discard(same)
    return pairs


def _pair_joined(own: Sequence[_Word], others: Sequence[_Word], pairs: dict[int, int], free: set[int]) -> None:
    """Pair a word with two that are written together in it: `snakebite`, `snake bites`."""
    for n, word in enumerate(own):
        for m in sorted(free):
            if n not in pairs and m + 1 in free and alike(word.folded, others[m].folded + others[m + 1].folded):
                pairs[n] = m
                free -= {m, m + 1}
    for m in sorted(free):
        for n in range(len(own) - 1):
            joined = own[n].folded + own[n + 1].folded
            if m in free and n not in pairs and n + 1 not in pairs and alike(joined, others[m].folded):
                pairs[n] = m
                free.discard(m)


def _slots(
    own: Sequence[_Word], others: Sequence[_Word], pairs: dict[int, int]
) -> list[tuple[list[_Word], list[_Word]]]:
    """Runs of words that stand between the same words, or at the same end, on both sides."""
    left = [pairs.get(n, -1 - n) for n in range(len(own))]
    found = []
    # A verb is often another word for the same, and a name may be left out in part, unless nothing else was changed.
    copy = _is_copy(own, others, pairs)
    for operation, i, j, k, m in SequenceMatcher(None, left, range(len(others)), autojunk=False).get_opcodes():
        if operation != "replace" or (max(j - i, m - k) > _LONGEST_SLOT and not copy):
            continue
        pure = not any(n in pairs for n in range(i, j)) and not any(n in pairs.values() for n in range(k, m))
        mine, theirs = list(own[i:j]), list(others[k:m])
        verbs = (mine[0].verb or theirs[0].verb) and not copy
        if pure and not verbs and _may_be_other_things(mine, theirs, copy=copy):
            found.append((mine, theirs))
    return found


def _moved_slots(
    own: Sequence[_Word], others: Sequence[_Word], pairs: dict[int, int]
) -> list[tuple[list[_Word], list[_Word]]]:
    """Runs of words behind the same word or before the same word on both sides."""
    found = []
    for i, j in _runs([n in pairs for n in range(len(own))]):
        for k, m in _runs([n in pairs.values() for n in range(len(others))]):
            mine, theirs = list(own[i:j]), list(others[k:m])
            beside = pairs.get(i - 1, -1) == k - 1 >= 0 or pairs.get(j, -1) == m < len(others)
            verb = mine[0].verb or theirs[0].verb
            if beside and not verb and max(j - i, m - k) <= _LONGEST_SLOT and _may_be_other_things(mine, theirs):
                found.append((mine, theirs))
    return found


def _runs(paired: Sequence[bool]) -> list[tuple[int, int]]:
    """The beginnings and ends of runs that are not paired."""
    starts = [n for n, each in enumerate(paired) if not each and (n == 0 or paired[n - 1])]
    return [(n, next((end for end in range(n, len(paired)) if paired[end]), len(paired))) for n in starts]


def _is_copy(own: Sequence[_Word], others: Sequence[_Word], pairs: dict[int, int]) -> bool:
    """Whether all words are the same in the same order, but for one, or for one name, on each side."""
    in_order = [pairs[n] for n in sorted(pairs)]
    mine = [word for n, word in enumerate(own) if n not in pairs]
    theirs = [word for m, word in enumerate(others) if m not in in_order]
    named = all(word.written[0].isupper() for word in (*mine, *theirs)) and len(pairs) >= _COPIED
    return (
        (len(mine) == len(theirs) == 1 or named)
        and in_order == sorted(in_order)
        and all(own[n].folded == others[m].folded for n, m in pairs.items())
    )


def _may_be_other_things(mine: Sequence[_Word], theirs: Sequence[_Word], *, copy: bool = False) -> bool:
    """Whether two runs are about as long, and neither forms of one word, nor on an axis, nor left out of a name.

    In a `copy`, a word on an axis was put for one that is not: `sold`, `painted`.
    """
    if abs(len(mine) - len(theirs)) > 1 and not copy:
        return False
    if len(mine) == len(theirs) == 1 and mine[0].folded[:_BEGINNING] == theirs[0].folded[:_BEGINNING]:
        return False
    if any(all(word.turning for word in side) for side in (mine, theirs)) and not copy:
        return False
    if mine[0].turning and theirs[0].turning:
        return False
    renamed = copy and all(word.written[0].isupper() for word in mine)
    return _are_nouns(mine, theirs) and (renamed or not all(word.part_of_name for word in theirs))


def _are_nouns(mine: Sequence[_Word], theirs: Sequence[_Word]) -> bool:
    """Whether both runs hold a noun, where capitals tell one; in other languages what is no verb is taken for one."""
    return all(any(word.noun is not False for word in side) for side in (mine, theirs))


def _swapped(own: Sequence[_Word], others: Sequence[_Word], pairs: dict[int, int]) -> bool:
    """Whether two words, or two runs of words, changed places round others that both sides have in one order."""
    order = [pairs[n] for n in sorted(pairs)]
    ranks = {place: rank for rank, place in enumerate(sorted(order))}
    order = [ranks[place] for place in order]
    size = len(order)
    if size < 3 or size < _NEARLY_ALL * len(others) or size < _SLOT * len(own):
        return False
    first = next((n for n in range(size) if order[n] != n), size)
    last = next((n for n in range(size - 1, -1, -1) if order[n] != n), -1)
    if last - first < 1:
        return False
    moved = order[first : last + 1]
    span = list(range(first, last + 1))
    for head in range(1, len(span)):
        for tail in range(1, len(span) - head + 1):
            middle = span[head : len(span) - tail]
            if (middle or _parted_by_words(own, others, pairs, span[head])) and span[
                len(span) - tail :
            ] + middle + span[:head] == moved:
                return _actors(own, others, pairs, (span[0], span[-1]))
    return False


def _parted_by_words(own: Sequence[_Word], others: Sequence[_Word], pairs: dict[int, int], rank: int) -> bool:
    """Whether other words than `and` stand before the claim's word of a rank: `from A to B`, `more A than B`.

    Only in the same words: a synonym may stand anywhere.
    """
    first, second = (others[place] for place in sorted(pairs.values())[rank - 1 : rank + 1])
    if first.at[0] != second.at[0] or not second.between or set(second.between) & _AND:
        return False
    return all(alike(own[n].folded, others[m].folded) for n, m in pairs.items())


def _actors(own: Sequence[_Word], others: Sequence[_Word], pairs: dict[int, int], ranks: tuple[int, int]) -> bool:
    """Whether the words that changed places are no verbs, and stand behind the same prepositions in their new places.

    `Snow fell in Orvale` and `In Orvale fell snow` take the preposition along; `A is afraid of B`, `B is afraid of A`
    do not.
    """
    claimed, told = sorted(pairs.values()), sorted(pairs)
    theirs, mine = ([side[places[rank]] for rank in ranks] for side, places in ((others, claimed), (own, told)))
    if any((word.turning and not word.who) or word.verb for word in (*theirs, *mine)):
        return False
    return all(one.before == other.before for one, other in zip(mine, theirs, strict=True))


def _one_suffers(text: Sequence[Sentence], claim: Sequence[Sentence]) -> bool:
    passive = [any(each.kind == "passive" for _, markers in side for each in markers) for side in (text, claim)]
    return passive[0] != passive[1]
