"""What a page's headline and the headings above a quoted sentence say of it."""

import re

from sources.quotes.correction_notice import NOTICE
from sources.quotes.cues import Cues, figures, fold, is_dateline, shared_stems, stems
from sources.quotes.stance.findings import Finding, Reading, Stance
from sources.quotes.stance.frame import Frame
from sources.quotes.stance.page_lines import lines_of

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def in_headline(now: Reading, before: Reading, then: Frame, cues: Cues) -> Finding | None:
    """What the new headline says of the quote, or of the whole page."""
    new, old = fold(now.title), fold(before.title)
    if not new or not old or new == old:
        return None
    finding = Finding(Stance.DISOWNED, False, now.title[:300])
    for part, was in zip(re.split(r"\s[|·]\s", new), re.split(r"\s[|·]\s", old), strict=False):
        if part == was:
            continue
        label = re.match(r"[\[(【]?([^:\])】|-]{3,30})[\]):：】-]", part) or re.search(
            r"[\[(【-]([^\[\](【】|-]{3,30})[\])】]?$", part
        )
        if label and cues.find("retracted", label[1]) and not cues.find("retracted", was):
            return finding
        corrected = NOTICE.match(part) and not NOTICE.match(was)
        if corrected and shared_stems(stems(then.sentence, cues), part, cues):
            return finding
        if cues.find("false", cues["innocent"].sub(" ", part)) and not cues.find("false", was):
            own = stems(then.sentence, cues)
            if len(shared_stems(own, part, cues)) >= 2 or figures(part, cues) & figures(then.sentence, cues):
                return finding
    return None


def in_heading(current: Frame, then: Frame, before: Reading, cues: Cues) -> Finding | None:
    """What the heading above the quote says of it, if it is another than before."""
    if not current.heading or fold(current.heading) == fold(then.heading) or is_dateline(current.heading, cues):
        return None
    folded, old = fold(current.heading), fold(then.heading)
    fresh = current.heading not in lines_of(before.text)
    finding = Finding(Stance.REQUALIFIED, False, current.heading)
    asks = folded.endswith(("?", "؟")) and cues.find("generic_questions", folded)
    if fresh and (asks or cues.find("headings", folded)) and not cues.find("headings", old):
        stance = Stance.REATTRIBUTED if cues.find("claims", folded) else Stance.REQUALIFIED
        return Finding(stance, False, current.heading)
    years, old_years = set(_YEAR.findall(folded)), set(_YEAR.findall(old))
    if years and (fresh or old_years) and not years & (old_years | set(_YEAR.findall(fold(then.sentence)))):
        return finding
    contrast = current.next_heading and current.next_heading not in lines_of(before.text)
    if fresh and contrast and cues.find("rest", fold(current.next_heading)):
        return finding
    return None
