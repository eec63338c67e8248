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
from sources.quotes.stance.findings import STANDS, Finding, Reading, Span
from sources.quotes.stance.frame import Frame, frame
from sources.quotes.stance.governing_words import in_frame
from sources.quotes.stance.headings import OverTheArticle, in_heading, in_labels, over_the_article
from sources.quotes.stance.headline import in_headline
from sources.quotes.stance.notices import MOST_LINES, could_concern, in_lines
from sources.quotes.stance.page_lines import new_lines, was_there
from sources.quotes.stance.source import another_person, signed

_NEARBY = 600
"""Characters before the quote in which its source may have been named."""


def find_stance(now: Reading, place: Span, before: Reading, place_before: Span) -> Finding:
    """Compare what governs a sentence now with what governed it before. The places are those of the whole quote."""
    if now.text == before.text and now.title == before.title:
        return STANDS
    current, then = frame(now.text, place), frame(before.text, place_before)
    added = new_lines(now.text, before.text)
    over, over_then = over_the_article(now, place), over_the_article(before, place_before)
    same = _alike(current, then)
    if same and now.title == before.title and not added and over == over_then:
        return STANDS
    cues = _cues(before, place_before)
    if cues is None:
        return STANDS
    nearby = _above(now.text, place[0]), _above(before.text, place_before[0])
    found = None
    if not same:
        found = in_frame(current, then, lambda words: was_there(before.text, words), nearby[1], cues)
        found = found or signed(current, then, before.text, cues)
    return (
        found
        or in_headline(now, before, then, (over, over_then), cues)
        or in_labels(over, over_then, cues)
        or in_lines(now, before, place, current, _below_headline(added, over, over_then), cues)
        or in_heading(current, then, before, (over, over_then), cues)
        or another_person(current, then, nearby, cues)
        or STANDS
    )


def _below_headline(
    added: tuple[tuple[int, str], ...], over: OverTheArticle, then: OverTheArticle
) -> tuple[tuple[int, str], ...]:
    """The new lines but the headline, which is compared with the headline before."""
    headline = " ".join(over.headline.split()) if then.headline else ""
    return tuple(each for each in added if each[1] != headline)


def concerns(now: Reading, before: Reading, place_before: Span) -> bool:
    """Whether a line that `now` has and `before` has not could concern the quote: a notice, a banner, its figures."""
    added = new_lines(now.text, before.text)
    if not added or (cues := _cues(before, place_before)) is None:
        return False
    if len(added) > MOST_LINES:
        return True
    quoted = before.text[place_before[0] : place_before[1]]
    return any(could_concern(line, quoted, cues) for _, line in added)


def _alike(current: Frame, then: Frame) -> bool:
    return all(
        getattr(current, part) == getattr(then, part)
        for part in ("lead", "tail", "earlier", "later", "headings", "below")
    )


def _above(text: str, at: int) -> str:
    return text[max(0, at - _NEARBY) : at]


def _cues(page: Reading, place: Span) -> Cues | None:
    """The tables for what stands around the quote."""
    return cues_for(page.text[max(0, place[0] - 800) : place[1] + 800], page.language)
