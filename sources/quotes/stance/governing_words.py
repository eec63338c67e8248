"""What governs a quoted sentence within its own paragraph now, and did not before: its lead, a bracket, a neighbour."""

import re
from collections.abc import Callable

from sources.quotes.cues import Cues, fold
from sources.quotes.stance.cue_matches import governing, is_new, main_clause
from sources.quotes.stance.findings import Finding, Stance
from sources.quotes.stance.frame import Frame
from sources.quotes.stance.neighbours import after_it, before_it
from sources.quotes.stance.source import other_source


def in_frame(now: Frame, then: Frame, was_there: Callable[[str], bool], nearby: str, cues: Cues) -> Finding | None:
    """What the sentence's own frame says of it now and did not say then. None if nothing.

    `was_there` says whether a sentence stood on the page before; `nearby` is what stood around the quote then.
    """
    return (
        _within_sentence(now, then, nearby, cues)
        or after_it(now, then, was_there, cues)
        or before_it(now, then, was_there, cues)
    )


def _within_sentence(now: Frame, then: Frame, nearby: str, cues: Cues) -> Finding | None:
    if (fold(now.lead), fold(now.tail)) == (fold(then.lead), fold(then.tail)):
        return None
    said, before = governing(now, cues), governing(then, cues)
    because = " … ".join(part for part in (now.lead, now.tail) if part)[:300]
    if is_new(cues, "false", said, before) or is_new(cues, "versions", said, before):
        return Finding(Stance.DISOWNED, True, because)
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
