"""What a page says of a quoted sentence from elsewhere: in a notice, in a banner over the article, in a footnote.

Only lines that the page did not have before are weighed.
"""

import re
from collections.abc import Sequence
from itertools import islice

from rapidfuzz import fuzz

from sources.quotes.cues import Cues, figures, fold, shared_stems, stems
from sources.quotes.nearest_sentence import sentences
from sources.quotes.normalization import normal
from sources.quotes.stance.findings import Finding, Reading, Span, Stance
from sources.quotes.stance.frame import Frame, is_heading
from sources.quotes.stance.page_lines import new_words
from sources.quotes.stance.relevance import LABEL, Quoted, disowns, is_bare, is_stamp, leaves_open, most, notice_label

MOST_LINES = 400
"""New lines that are weighed; with more it is another page."""
_LONGEST = 3_000
"""Characters of a new line that are weighed."""
_OWN_LINE = 20_000
"""Characters on either end of the quote's own line that are cut into sentences."""
_OLD_LINES = 4_000
"""Lines of about its length among which a notice is looked for on the page before."""
_SAME = 84
"""Likeness in per cent from which a notice is an old one with another date."""
_SHORT = 12
"""Characters below which two notices are the same only if all their words are."""
_QUESTION = re.compile(r"[^.!?؟？。]*[?؟？]")
"""A question takes nothing back: `Found an error?`"""
_PROSE = 60
"""Characters from which a line with a stop ends a list of teasers."""


_OF_PAGES = ("false", "notice_phrases", "retracted", "taken_down", "rulings", "our_error", "not_ours_now")
"""Tables without whose words no line speaks of a page."""


def could_concern(line: str, quoted: str, cues: Cues) -> bool:
    """Whether a new line may be about the quote: a notice, a banner, a line with its figures or most of its words.

    A stamp is no notice: a page that says when it was last updated says so anew at each visit.
    """
    if len(line) > _OWN_LINE:
        return True
    folded = fold(line)
    if any(cues.find(table, folded) for table in ("notice_phrases", "versions", "false", "retracted")):
        return True
    label = notice_label(folded, cues)
    if (label and not is_stamp(folded, label, cues)) or figures(line, cues) & figures(quoted, cues):
        return True
    own = stems(quoted, cues)
    return bool(own) and len(shared_stems(own, line, cues)) >= most(own, cues)


def in_lines(
    now: Reading, before: Reading, place: Span, current: Frame, added: Sequence[tuple[int, str]], cues: Cues
) -> Finding | None:
    """What the lines that are new say of the quote. None if nothing."""
    if not added or len(added) > MOST_LINES:
        return None
    quoted = Quoted(current.sentence, before.text, cues)
    outside: list[Span] | None = None
    for at, line in _under_their_labels(added, cues):
        if now.text[at : at + 1].isspace() and len(line) <= LABEL and is_heading(line):
            continue  # a link of a menu
        own = current.lines[0] <= at <= current.lines[1]
        for words in _parts(line, current) if own else (line,):
            folded = fold(words[:_LONGEST])
            if not _may_speak_of_the_page(folded, cues):
                continue
            words = new_words(words[:_LONGEST], before.text)
            folded = _QUESTION.sub(" ", cues["innocent"].sub(" ", fold(words[:_LONGEST])))
            if not _speaks_of_the_page(folded, words, cues) or (own and not notice_label(folded, cues)):
                continue
            disowned = disowns(folded, words, not own and at < current.lines[0], quoted)
            if not disowned and not leaves_open(folded, words, quoted):
                continue
            if outside is None:
                outside = _others_words(now.text, place, cues)
            if not any(begin <= at < end for begin, end in outside) and not _is_old(folded, before.text, cues):
                return Finding(Stance.DISOWNED if disowned else Stance.REQUALIFIED, False, words[:300])
    return _in_footnote(current, added, cues)


def _under_their_labels(added: Sequence[tuple[int, str]], cues: Cues) -> list[tuple[int, str]]:
    """The lines, each with the label of a notice that stands alone in the line above: `To our readers`."""
    found, label, ended = [], "", -1
    for at, line in added:
        below = label and at - ended < LABEL
        found.append((at, f"{label}: {line}" if below else line))
        alone = len(line) <= LABEL and is_heading(line.rstrip(":")) and notice_label(fold(line), cues)
        label, ended = (line.rstrip(":") if alone else ""), at + len(line)
    return found


def _parts(line: str, current: Frame) -> list[str]:
    """The sentences of the quote's own line but those of its frame, as where a line holds a whole article."""
    frame = {normal(part) for part in (current.sentence, current.earlier, *current.later)}
    ends = (line,) if len(line) <= 2 * _OWN_LINE else (line[:_OWN_LINE], line[-_OWN_LINE:])
    return [end[run.start : run.end] for end in ends for run in sentences(end) if run.normal not in frame]


def _may_speak_of_the_page(folded: str, cues: Cues) -> bool:
    return any(cues.find(table, folded) for table in _OF_PAGES) or bool(cues.find("notice_labels", folded[:LABEL]))


def _speaks_of_the_page(folded: str, line: str, cues: Cues) -> bool:
    """Whether a line is the page's own notice, and not its prose, a teaser or a reader's words."""
    if notice_label(folded, cues) or any(cues.find(table, folded) for table in ("notice_phrases", "not_ours_now")):
        return True
    if cues.find("authorities", folded) and cues.find("rulings", folded) and not is_heading(line):
        return True
    if line.lstrip()[:1] in tuple("\"“„«»「『'‘") and not cues.find("article", folded):
        return False
    if _names_a_writer(line, folded, cues):
        return False
    if is_heading(line):
        return bool(cues.find("retracted", folded)) and (is_bare(folded, cues) or bool(cues.find("article", folded)))
    return bool(
        cues.find("false", folded)
        or (cues.find("article", folded) and any(cues.find(table, folded) for table in ("retracted", "taken_down")))
    )


def _names_a_writer(line: str, folded: str, cues: Cues) -> bool:
    """Whether a line opens with a name and a colon, as readers' words do: `stopwatch77: This is false.`"""
    match = re.match(r"\s*@?[^:：.!?。]{1,30}[:：]", line)
    return match is not None and not any(
        cues.find(table, fold(match[0])) for table in ("notice_labels", "article", "retracted", "versions")
    )


def _others_words(text: str, place: Span, cues: Cues) -> list[Span]:
    """The spans of readers' comments below the quote, and of lists of other articles."""
    found: list[Span] = []
    at = 0
    listed: int | None = None
    for line in text.split("\n"):
        words = line.strip()
        if words and len(words) <= 60:
            folded = re.sub(r"[\s\d():：]+$|^\d+\s+", "", fold(words))
            if at > place[1] and _is_all(cues["comments_headings"], folded):
                return [*found, (at, len(text) + 1)]
            if _is_all(cues["related_headings"], folded.rstrip(":")):
                listed = at
        elif listed is not None and len(words) >= _PROSE and words[-1:] in tuple('.!?。！？।۔"”»'):
            found.append((listed, at))
            listed = None
        at += len(line) + 1
    if listed is not None:
        found.append((listed, len(text) + 1))
    return found


def _is_all(pattern: re.Pattern[str], folded: str) -> bool:
    return pattern.fullmatch(folded) is not None


def _is_old(folded: str, before: str, cues: Cues) -> bool:
    """Whether the page had this notice before, with another date or stamp."""
    wanted = _undated(folded, cues)
    longest = 60 + len(folded) // 3
    like = (line for line in before.split("\n") if line.strip() and abs(len(line) - len(folded)) <= longest)
    for line in islice(like, _OLD_LINES):
        old = fold(line)
        if len(wanted) < _SHORT:
            if _undated(old, cues) == wanted and figures(old, cues) == figures(folded, cues):
                return True
            continue
        noticed = notice_label(old, cues) or cues.find("false", old) or cues.find("notice_phrases", old)
        same = noticed and figures(old, cues) == figures(folded, cues)
        if same and fuzz.ratio(_undated(old, cues), wanted) >= _SAME:
            return True
    return False


def _undated(folded: str, cues: Cues) -> str:
    return " ".join(
        word for word in re.findall(r"[^\W\d]+", folded) if word not in cues.months and not re.search(r"\d", word)
    )


def _in_footnote(current: Frame, added: Sequence[tuple[int, str]], cues: Cues) -> Finding | None:
    """A new footnote that a mark beside the quote refers to, and that limits or takes back what it says."""
    mark = re.search(r"[*†‡§]|\[\d{1,2}\]|[¹²³⁴⁵]", current.tail)
    for _, line in added:
        opened = re.match(r"([*†‡§]+|\[\d{1,2}\]|[¹²³⁴⁵])\s*\S", line)
        if opened is None or (mark and mark[0] != opened[1]):
            continue
        folded = fold(line)
        tables = ("scope", "conditional", "doubtful", "denied", "staged")
        if cues.find("false", folded):
            return Finding(Stance.DISOWNED, False, line[:300])
        if any(cues.find(table, folded) for table in tables) and (
            mark or shared_stems(stems(current.sentence, cues), line, cues)
        ):
            return Finding(Stance.REQUALIFIED, False, line[:300])
    return None
