"""What governs a quoted sentence within its own paragraph now, and did not before: its lead, a bracket, a neighbour."""

import re
from collections.abc import Callable

from sources.quotes.cues import WORD, Cues, fold
from sources.quotes.stance.cue_matches import governing, is_new, main_clause, negated
from sources.quotes.stance.findings import Finding, Stance
from sources.quotes.stance.frame import Frame
from sources.quotes.stance.neighbours import after_it, before_it, opening_bracket
from sources.quotes.stance.source import other_source


def in_frame(now: Frame, then: Frame, was_there: Callable[[str], bool], nearby: str, cues: Cues) -> Finding | None:
    """What the sentence's own frame says of it now and did not say then. None if nothing.

    `was_there` says whether a sentence stood on the page before; `nearby` is what stood around the quote then.
    """
    return (
        _within_sentence(now, then, was_there, nearby, cues)
        or after_it(now, then, was_there, cues)
        or before_it(now, then, was_there, cues)
    )


def _within_sentence(
    now: Frame, then: Frame, was_there: Callable[[str], bool], nearby: str, cues: Cues
) -> Finding | None:
    if (fold(now.lead), fold(now.tail)) == (fold(then.lead), fold(then.tail)):
        return None
    if _only_joined(now, then, was_there):
        return None
    said, before = governing(now, cues), governing(then, cues)
    because = " … ".join(part for part in (now.lead, now.tail) if part)[:300]
    if is_new(cues, "false", said, before) or is_new(cues, "versions", said, before):
        return Finding(Stance.DISOWNED, True, because)
    if (aside := opening_bracket(now.tail)) != opening_bracket(then.tail) and cues.find("my_error", fold(aside)):
        return Finding(Stance.DISOWNED, True, because)
    if _wrong_to_say(now, cues) and not _wrong_to_say(then, cues):
        return Finding(Stance.REQUALIFIED, True, because)
    main, main_before = main_clause(now, cues), main_clause(then, cues)
    for table in ("denied", "conditional", "doubtful", "staged"):
        if is_new(cues, table, said, before):
            return Finding(Stance.REQUALIFIED, True, because)
    if len(cues["negations"].findall(main)) != len(cues["negations"].findall(main_before)):
        return Finding(Stance.REQUALIFIED, True, because)
    if re.search(r"[?？؟]", now.tail) and not re.search(r"[?？؟]", then.tail):
        return Finding(Stance.REQUALIFIED, True, because)
    if other_source(now, then, nearby, cues):
        return Finding(Stance.REATTRIBUTED, True, because)
    if is_new(cues, "scope", main, main_before):
        return Finding(Stance.REQUALIFIED, True, because)
    return None


def _only_joined(now: Frame, then: Frame, was_there: Callable[[str], bool]) -> bool:
    """Whether its sentence has nothing but sentences that stood on the page: a stop became a dash or a semicolon."""
    for words, before in ((now.lead, then.lead), (now.tail, then.tail)):
        if len(words) < len(before) or re.search("[?？؟]", words):
            return False
        parts = [part.strip(" .。।") for part in _JOINED.split(words) if WORD.search(part)]
        if not all(part in before or any(was_there(f"{stop}{part}{stop[0]}") for stop in _STOPS) for part in parts):
            return False
    return True


_STOPS = (". ", "। ", "。")


_JOINED = re.compile(r"(?:^|\s)[-–—](?:\s|$)|[;；]")
_NEAR = 5
"""Words among which what is wrong and the verb of saying stand; in languages without spaces, twice the characters."""


def _wrong_to_say(frame: Frame, cues: Cues) -> bool:
    """Whether the sentence is called wrong to say, think or write: `It would be wrong to say that …`.

    By itself `would be a mistake` says nothing of a sentence: `It would be a mistake to close it, since …`.
    """
    lead, tail = fold(frame.lead), fold(frame.tail)
    either_order = cues.unspaced or cues.language == "hi"
    for part in (lead, tail):
        for wrong in _not_negated(part, cues):
            beside = _words(part[wrong.end() :], 0, _NEAR, cues)
            if either_order:
                beside = f"{_words(part[: wrong.start()], -_NEAR, None, cues)} | {beside}"
            if cues.find("to_say", beside):
                return True
    parted = cues.find("to_say", _words(lead, -_NEAR, None, cues))  # `To say “…” would be wrong`
    return bool(parted and _not_negated(_words(tail, 0, _NEAR, cues), cues))


def _not_negated(folded: str, cues: Cues) -> list[re.Match[str]]:
    return [wrong for wrong in cues["false"].finditer(folded) if not negated(folded, wrong, cues)]


def _words(folded: str, start: int, end: int | None, cues: Cues) -> str:
    """Some of the words of a text; in languages without spaces, of its characters."""
    if cues.unspaced:
        return folded[2 * start : 2 * end if end else None]
    return " ".join(folded.split()[start:end])
