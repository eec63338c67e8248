"""Look for a watched quote in what a page says now: whether its words stand, and whether the page stands by them.

Pure: no network, no database.
"""

import re
from dataclasses import dataclass, replace

from sources.extraction.damage import hides
from sources.quotes.cues import cues_for
from sources.quotes.exact_match import TextQuote
from sources.quotes.grade import Grade
from sources.quotes.locate import QuoteCheck, Result, find_unchanged, locate, place_in
from sources.quotes.nearest_sentence import lines_of
from sources.quotes.place.rivals import framed_beside
from sources.quotes.stance.find_stance import concerns, find_stance
from sources.quotes.stance.findings import Reading, Stance

_AROUND = 800
"""Characters on either side of a quote that say in which language it is."""
_HEADINGS = 2
_LONGEST_HEADING = 120


RULES = "look-3"
"""The version of the rules, stored with every check. Raise it with each change that may give another answer."""


@dataclass(frozen=True)
class Look:
    """The answer. `stance` is that of the page now; it says something only where the words stand, at least but for
    case, punctuation and typography. `because` are the words that govern the sentence now."""

    check: QuoteCheck
    stance: Stance = Stance.STANDS
    needs_second_look: bool = False
    """Whether a later poll must find the same before anybody is told."""
    because: str = ""
    damaged: bool = False
    """Whether damaged characters stand where the quote stood, so that nothing can be said of it."""


def look(quote: TextQuote, now: Reading, before: Reading | None = None) -> Look:
    """Look for the quote. `before` is the last reading in which it stood, with the same extractor."""
    place = place_in(quote, before.text) if before else None
    known = before is not None and place is not None and _known_language(before, place)
    check = locate(quote, now.text, before.text if before else None, turned=not known)
    stands = check.result in (Result.INTACT, Result.MOVED) or check.grade is Grade.COSMETIC
    if not stands and hides(quote.exact, check.found or "", now.text, before.text if before else ""):
        return Look(check, damaged=True)
    if before is None or place is None or not stands or check.start is None or check.end is None:
        return Look(check, needs_second_look=check.needs_second_look)
    found = find_stance(now, (check.start, check.end), before, place)
    if found.stance is Stance.STANDS and (
        beside := framed_beside(quote, now.text, before.text, (check.start, check.end))
    ):
        # One of the two is a copy, and nothing tells which: what is said of either is looked at again.
        found = replace(find_stance(now, beside, before, place), at_once=False)
    later = found.stance is not Stance.STANDS and not found.at_once
    return Look(check, found.stance, check.needs_second_look or later, found.because)


def untouched(quote: TextQuote, now: Reading, before: Reading) -> bool:
    """Whether nothing that concerns the quote differs between two readings, so that nobody needs to look.

    The passage, the headline and the headings above it are the same, and no new line could be about it. True only
    where `look` would say that the quote is intact and the page stands by it.
    """
    if now.title != before.title or now.language != before.language:
        return False
    place = place_in(quote, before.text)
    same = find_unchanged(quote, before.text, now.text) or _in_same_line(quote, now, before, place)
    if same is None or place is None or _headings(before.text, place[0]) != _headings(now.text, same[0]):
        return False
    new, old = (now, same), (before, place)
    # What is gone counts like what is new: without its notice a page may stand by the sentence again.
    return all(
        not concerns(here, there, there_at) and find_stance(here, here_at, there, there_at).stance is Stance.STANDS
        for (here, here_at), (there, there_at) in ((new, old), (old, new))
    )


def _in_same_line(
    quote: TextQuote, now: Reading, before: Reading, place: tuple[int, int] | None
) -> tuple[int, int] | None:
    """Where the quote stands in the line in which it stood, if lines beside it differ: a date, an advertisement."""
    if place is None:
        return None
    first = before.text.rfind("\n", 0, place[0]) + 1
    last = before.text.find("\n", place[1])
    line = before.text[first : last if last >= 0 else len(before.text)]
    if any(lines_of(reading.text).once.get(line.strip(), -1) < 0 for reading in (now, before)):
        return None
    found = look(quote, now, before)
    start, end = found.check.start, found.check.end
    if found.check.result is not Result.INTACT or found.needs_second_look or start is None or end is None:
        return None
    begin = now.text.rfind("\n", 0, start) + 1
    return (start, end) if now.text.startswith(line, begin) and start - begin == place[0] - first else None


def _known_language(reading: Reading, place: tuple[int, int]) -> bool:
    """Whether the stance of the page can be read, so that negations around the quote need not be counted."""
    around = reading.text[max(0, place[0] - _AROUND) : place[1] + _AROUND]
    return cues_for(around, reading.language) is not None


_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}")


def _headings(text: str, start: int) -> list[str]:
    """The nearest lines above a place that are no running text, without those of clocks."""
    found: list[str] = []
    for line in reversed(text[max(0, start - 10_000) : start].split("\n")[:-1]):
        words = line.strip()
        if words and len(words) <= _LONGEST_HEADING and words[-1] not in ".!?。！？" and not _CLOCK.search(words):
            found.append(words)
            if len(found) == _HEADINGS:
                break
    return found
