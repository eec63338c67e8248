"""The stance of a page toward a quoted sentence that still stands on it: whether the page still says it, and how.

    stands         the page says it as it did when the quote was anchored
    disowned       the page takes it back: a notice, a bracket, a banner over the article
    reattributed   it is now somebody else's, for example a claimant's
    requalified    it is now conditional, denied by its frame, or under another period's heading

Only what is new counts: the page now is compared with the page on which the quote stood before. The words by which
pages do this are tables by language (`cues`); of a page in another language nothing is said.

Pure: no network, no database.
"""

from sources.quotes.cues import Cues, cues_for
from sources.quotes.findings import STANDS, Finding, Page, Span, Stance
from sources.quotes.frame import Frame, frame
from sources.quotes.governing_words import another_person, in_frame
from sources.quotes.notices import MOST_LINES, could_concern, new_lines, on_page, was_there

__all__ = ["STANDS", "Finding", "Page", "Span", "Stance", "concerns", "find_stance"]

_NEARBY = 600
"""Characters before the quote in which its source may have been named."""


def find_stance(now: Page, place: Span, before: Page, place_before: Span) -> Finding:
    """Compare what governs a sentence now with what governed it before. The places are those of the whole quote."""
    if now.text == before.text and now.title == before.title:
        return STANDS
    current, then = frame(now.text, place), frame(before.text, place_before)
    added = new_lines(now.text, before.text)
    same = _alike(current, then)
    if same and now.title == before.title and not added:
        return STANDS
    cues = _cues(before, place_before)
    if cues is None:
        return STANDS
    nearby = _above(now.text, place[0]), _above(before.text, place_before[0])
    found = None
    if not same:
        found = in_frame(current, then, lambda words: was_there(before.text, words), nearby[1], cues)
    return (
        found
        or on_page(now, before, place, (current, then), added, cues)
        or another_person(current, then, nearby, cues)
        or STANDS
    )


def concerns(now: Page, before: Page, place_before: Span) -> bool:
    """Whether a line that `now` has and `before` has not could concern the quote: a notice, a banner, its figures."""
    added = new_lines(now.text, before.text)
    if not added or (cues := _cues(before, place_before)) is None:
        return False
    if len(added) > MOST_LINES:
        return True
    quoted = before.text[place_before[0] : place_before[1]]
    return any(could_concern(line, quoted, cues) for _, line in added)


def _alike(current: Frame, then: Frame) -> bool:
    return (current.lead, current.tail, current.earlier, current.later, current.heading) == (
        then.lead,
        then.tail,
        then.earlier,
        then.later,
        then.heading,
    )


def _above(text: str, at: int) -> str:
    return text[max(0, at - _NEARBY) : at]


def _cues(page: Page, place: Span) -> Cues | None:
    """The tables for what stands around the quote."""
    return cues_for(page.text[max(0, place[0] - 800) : place[1] + 800], page.language)
