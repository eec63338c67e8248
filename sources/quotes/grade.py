"""The grade of an alteration: how much of what a sentence says has changed.

Two wordings are compared by what they are made of: letters, figures and signs, in their order. What is not among these
(spaces, punctuation, note marks, case) is typography, unless it stands where it turns the meaning.

Pure: no network, no database.
"""

import re
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise

from sources.quotes.normalization import CONTINUOUS, normal
from sources.quotes.word_diff import changed_kinds, is_date_word, without_date_words
from sources.quotes.words.content import Content, Word
from sources.quotes.words.letter_case import is_another_unit, is_another_word
from sources.quotes.words.modality import SAYING, modals, speakers
from sources.quotes.words.negations import negations
from sources.quotes.words.numerals import plain_numbers
from sources.quotes.words.quantities import quantities, same_quantities
from sources.quotes.words.signs import currency_first, one_sign, told_apart, without_notes
from sources.quotes.words.spelling import one_spelling


class Grade(StrEnum):
    """How much an alteration changes, the worst first."""

    SUBSTANCE = "substance"
    """Another number, negation, name, date, unit, modality, sign or speaker."""
    WORDING = "wording"
    """Other words, with nothing of the above."""
    COSMETIC = "cosmetic"
    """Case, punctuation, typography, spelling or note marks. Recorded and shown; raises nothing."""


def grade(before: str, after: str) -> Grade:
    """Grade an alteration by the words before and after it."""
    was, now = _plain(before, after)
    old, new = Content(was), Content(now)
    if old.same_as(new) and (_UNSPACED.search(was) or _same_words(was, now)):
        if _other_units(old, new) or _negation_set_off(old, new) or _speaker_set_off(old, new):
            return Grade.SUBSTANCE
        if _set_off_otherwise(old, new) or _other_words(old, new) or _mark_moved(old, new):
            return Grade.WORDING
        return Grade.COSMETIC
    if changed_kinds(before, after) or old.weighty_signs != new.weighty_signs:
        return Grade.SUBSTANCE
    undated = without_date_words(was), without_date_words(now)
    same = same_quantities(*undated) and all(count(was) == count(now) for count in (modals, speakers))
    return Grade.WORDING if same else Grade.SUBSTANCE


def is_typography(before: str, after: str) -> bool:
    """Whether two wordings say the same but for what is cosmetic."""
    return normal(before) == normal(after) or grade(before, after) is Grade.COSMETIC


def _plain(before: str, after: str) -> tuple[str, str]:
    """Both wordings with numbers, signs and spellings written in one way, and without note marks."""
    was, now = (_CAN_NOT.sub("cannot", without_notes(normal(told_apart(words)))) for words in (before, after))
    was, now = (_QUOTED.sub(r'"\1"', currency_first(one_sign(words))) for words in plain_numbers(was, now))
    was, now = (_MARK_WITHIN.sub(r'"\1', words) for words in (was, now))
    was, now = one_spelling(was, now)
    return " ".join(was.split()), " ".join(now.split())


_CAN_NOT = re.compile(r"(?<!\w)can not(?!\w)(?! only)", re.IGNORECASE)
_QUOTED = re.compile(r"(?<![\w.,])'(?=\w)([^'\"]*(?:\w'\w[^'\"]*)*)(?<=[\w.,!?%])'(?!\w)")
"""Words in single quotation marks, as some houses set them."""
_MARK_WITHIN = re.compile(r"([,.;!]+)\"(?!\w)")
"""A comma or stop before a closing quotation mark, which other houses set after it."""
_UNSPACED = re.compile(rf"[{CONTINUOUS}\uac00-\ud7af]")
"""Scripts in which a space more or less makes no other word."""


def _same_words(was: str, now: str) -> bool:
    return all(count(was) == count(now) for count in (negations, quantities, modals))


def _other_units(old: Content, new: Content) -> bool:
    """Whether a unit beside a figure is another one by its case."""
    if old.text.isupper() or new.text.isupper():
        return False
    return any(
        before is not None and before.is_number and before.end == was.start and is_another_unit(was.text, now.text)
        for before, was, now in _pairs(old, new)
    )


def _other_words(old: Content, new: Content) -> bool:
    """Whether a word is another one by its case, apart from headings and the beginnings of sentences."""
    if _is_heading(old) or _is_heading(new):
        return False
    if Counter(map(str.lower, _HYPHENED.findall(old.text))) != Counter(map(str.lower, _HYPHENED.findall(new.text))):
        return True
    return any(
        was.text != now.text
        and is_another_word(
            was.text, now.text, first=was.start == 0 or any(_BEGINS.search(each.gaps[was.start]) for each in (old, new))
        )
        for _, was, now in _pairs(old, new)
    )


_HYPHENED = re.compile(
    r"(?<!\w)re-(?:sign|cover|creat|form|leas|sent|treat|mark|dress|serv|press|sort|collect|count|lay|act|pos)\w*",
    re.IGNORECASE,
)
"""Words of English that are others without their hyphen: `re-signed` and `resigned`."""
_BEGINS = re.compile(r"[.!?。:(\[]\W*$")


def _pairs(old: Content, new: Content) -> Iterator[tuple[Word | None, Word, Word]]:
    """Each word that both have at the same place, and the one before it."""
    others = {(word.start, word.end): word for word in new.words}
    before = None
    for word in old.words:
        if now := others.get((word.start, word.end)):
            yield before, word, now
        before = word


def _is_heading(made: Content) -> bool:
    """Whether it is set in capitals or in title case."""
    if made.text.isupper():
        return True
    long = [word.text for word in made.words if len(word.text) > 3 and not word.is_number]
    return len(long) > 2 and all(each[0].isupper() for each in long)


_BREAK = re.compile(r"[,;:.。،؛、，；：()\[\]—!]| - ")
_COLON = re.compile("[:：]")
_COLON_LIKE = re.compile("[:：;；]| - ")


def _differing(old: Content, new: Content) -> Iterator[tuple[int, str, str]]:
    """The gaps within both that are not the same."""
    for at, (was, now) in enumerate(zip(old.gaps[:-1], new.gaps[:-1], strict=True)):
        if at and was != now:
            yield at, was, now


def _negation_set_off(old: Content, new: Content) -> bool:
    """Whether a comma, a stop or a bracket beside a negation came or went: “No, gates were open”."""
    for at, was, now in _differing(old, new):
        if bool(_BREAK.search(was)) != bool(_BREAK.search(now)):
            if _is_abbreviated(old, at, was + now):
                continue
            # Where the mark stands, the words end.
            parted = old if _BREAK.search(was) else new
            if any(word is not None and negations(word.text) for word in parted.beside(at)):
                return True
    return False


def _parted(old: Content, new: Content) -> Iterator[tuple[int, bool]]:
    """The gaps at which a mark that parts came or went, and whether it came."""
    for at, was, now in _differing(old, new):
        if bool(_BREAK.search(was)) != bool(_BREAK.search(now)) and not _is_abbreviated(old, at, was + now):
            yield at, _BREAK.search(now) is not None


def _mark_moved(old: Content, new: Content) -> bool:
    """Whether a mark went on one side of a word or two and came on the other: “Pardon, impossible to shoot”."""
    for (start, came), (end, also) in pairwise(_parted(old, new)):
        within = [word for word in old.words if start <= word.start and word.end <= end]
        if came != also and 0 < len(within) <= _PASSED:
            return True
    return False


_PASSED = 2
"""Words over which a mark is moved that binds them to what stands on their other side."""


def _speaker_set_off(old: Content, new: Content) -> bool:
    """Whether marks on both sides of who says it came or went: “The police, said the mayor, are slow”."""
    for (start, came), (end, also) in pairwise(_parted(old, new)):
        within = [word.text for word in old.words if start <= word.start and word.end <= end]
        if came == also and 0 < len(within) <= _ASIDE and SAYING.search(" ".join(within)):
            return True
    return False


_ASIDE = 6
"""Words of the longest aside that says who speaks."""


def _set_off_otherwise(old: Content, new: Content) -> bool:
    """Whether a colon came or went, or a mark beside a figure that may belong to what stands on its other side."""
    for at, was, now in _differing(old, new):
        if bool(_COLON.search(was)) != bool(_COLON.search(now)) and not (
            _COLON_LIKE.search(was) and _COLON_LIKE.search(now)
        ):
            return True
        if bool(_BREAK.search(was)) == bool(_BREAK.search(now)) or _is_abbreviated(old, at, was + now):
            continue
        parted = old if _BREAK.search(was) else new
        before, after = parted.beside(at)
        if any(word is not None and word.is_number and not _of_date(parted, word) for word in (before, after)):
            return True
    only = set(old.set_off()) ^ set(new.set_off())
    return any(_is_figure(old, *each) for each in only)


def _is_abbreviated(made: Content, at: int, marks: str) -> bool:
    """Whether a stop before or after a figure is that of `No. 5`, `5. Mai` or `1. Close the gate`."""
    before, after = made.beside(at)
    if before is None or after is None or marks.strip(" .)") or before.is_number == after.is_number:
        return False
    return before.start == 0 or is_date_word(after.text) or (after.is_number and len(before.text) <= 6)


def _of_date(made: Content, word: Word) -> bool:
    """Whether a figure is a year, or a day beside the name of a month."""
    if re.fullmatch(r"(?:1[5-9]|20)\d\d", word.text):
        return True
    before, after = made.beside(word.start)[0], made.beside(word.end)[1]
    return len(word.text) < 3 and any(each is not None and is_date_word(each.text) for each in (before, after))


def _is_figure(made: Content, start: int, end: int) -> bool:
    within = [word for word in made.words if start <= word.start and word.end <= end]
    return len(within) == 1 and within[0].is_number and not _of_date(made, within[0])
