"""What a page says of a quoted sentence from elsewhere: in a notice, in a banner over the article, in its headline.

Only lines that the page did not have before are weighed. A notice concerns the quote if it names the quote's figure as
the wrong one, or if its words are those of the quote more than of any other sentence that the page had.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from rapidfuzz import fuzz

from sources.quotes.correction_notice import NOTICE
from sources.quotes.cues import Cues, figures, fold, is_dateline, shared_stems, stems
from sources.quotes.findings import Finding, Page, Span, Stance
from sources.quotes.frame import Frame, is_heading
from sources.quotes.governing_words import negated
from sources.quotes.nearest_sentence import sentences
from sources.quotes.normalization import normal, normal_page

MOST_LINES = 400
"""New lines that are weighed; with more it is another page."""
_LONGEST = 3_000
"""Characters of a new line that are weighed."""
_OWN_LINE = 20_000
"""Characters on either end of the quote's own line that are cut into sentences."""
_PAGE = 400_000
"""Characters of a page before that are cut into sentences to compare a notice with."""
_OLD_LINES = 4_000
"""Lines of about its length among which a notice is looked for on the page before."""
_LABEL = 60
"""Characters within which a notice's label stands."""
_SAME = 84
"""Likeness in per cent from which a notice is an old one with another date."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_WORDS = re.compile(r"[^\W\d]+")
_PROSE = 60
"""Characters from which a line with a stop ends a list of teasers."""


@lru_cache(maxsize=32)
def lines_of(text: str) -> frozenset[str]:
    return frozenset(" ".join(line.split()) for line in text.split("\n"))


def new_lines(now: str, before: str) -> list[tuple[int, str]]:
    """The lines of `now` that `before` has not, each with the offset at which it begins."""
    known, kept = lines_of(before), _raw_lines(before)
    found, at = [], 0
    for line in now.split("\n"):
        if line not in kept and (words := " ".join(line.split())) and words not in known:
            found.append((at, words))
        at += len(line) + 1
    return found


@lru_cache(maxsize=32)
def _raw_lines(text: str) -> frozenset[str]:
    return frozenset(text.split("\n"))


@dataclass(frozen=True)
class _Quoted:
    """The quote's sentence, and the page on which it stood."""

    sentence: str
    before: str
    cues: Cues


def on_page(
    now: Page, before: Page, place: Span, frames: tuple[Frame, Frame], added: list[tuple[int, str]], cues: Cues
) -> Finding | None:
    """What new lines, the headline and the headings say of the quote. None if nothing."""
    current, then = frames
    return (
        _in_headline(now, before, then, cues)
        or _in_lines(now, before, place, current, added, cues)
        or _in_heading(current, then, before, cues)
    )


def could_concern(line: str, quoted: str, cues: Cues) -> bool:
    """Whether a new line may be about the quote: a notice, a banner, a line with its figures or most of its words.

    A stamp is no notice: a page that says when it was last updated says so anew at each visit.
    """
    if len(line) > _OWN_LINE:
        return True
    folded = fold(line)
    if any(cues.find(table, folded) for table in ("notice_phrases", "versions", "false", "retracted")):
        return True
    label = _label(folded, cues)
    if (label and not _is_stamp(folded, label, cues)) or figures(line, cues) & figures(quoted, cues):
        return True
    own = stems(quoted, cues)
    return bool(own) and len(shared_stems(own, line, cues)) >= _most(own, cues)


# Lines.


def _in_lines(
    now: Page, before: Page, place: Span, current: Frame, added: list[tuple[int, str]], cues: Cues
) -> Finding | None:
    if not added or len(added) > MOST_LINES:
        return None
    quoted = _Quoted(current.sentence, before.text, cues)
    outside: list[Span] | None = None
    for at, line in _under_their_labels(added, cues):
        own = current.lines[0] <= at <= current.lines[1]
        for words in _parts(line, current) if own else (line,):
            folded = fold(words[:_LONGEST])
            if not _may_speak_of_the_page(folded, cues):
                continue
            words = _new_words(words[:_LONGEST], before.text)
            folded = cues["innocent"].sub(" ", fold(words[:_LONGEST]))
            if not _speaks_of_the_page(folded, words, cues) or (own and not _label(folded, cues)):
                continue
            disowned = _disowns(folded, words, not own and at < current.lines[0], quoted)
            if not disowned and not _leaves_open(folded, words, quoted):
                continue
            if outside is None:
                outside = _others_words(now.text, place, cues)
            if not any(begin <= at < end for begin, end in outside) and not _is_old(folded, before.text, cues):
                return Finding(Stance.DISOWNED if disowned else Stance.REQUALIFIED, False, words[:300])
    return _in_footnote(current, added, cues)


def _under_their_labels(added: list[tuple[int, str]], cues: Cues) -> list[tuple[int, str]]:
    """The lines, each with the label of a notice that stands alone in the line above: `To our readers`."""
    found, label, ended = [], "", -1
    for at, line in added:
        below = label and at - ended < _LABEL
        found.append((at, f"{label}: {line}" if below else line))
        alone = len(line) <= _LABEL and is_heading(line.rstrip(":")) and _label(fold(line), cues)
        label, ended = (line.rstrip(":") if alone else ""), at + len(line)
    return found


def _parts(line: str, current: Frame) -> list[str]:
    """The sentences of the quote's own line but those of its frame, as where a line holds a whole article."""
    frame = {normal(part) for part in (current.sentence, current.earlier, *current.later)}
    ends = (line,) if len(line) <= 2 * _OWN_LINE else (line[:_OWN_LINE], line[-_OWN_LINE:])
    return [end[run.start : run.end] for end in ends for run in sentences(end) if run.normal not in frame]


def _new_words(line: str, before: str) -> str:
    """The sentences of a line that did not stand on the page before."""
    page = normal_page(before)
    runs = sentences(line)
    if len(runs) < 2:
        return line
    return " ".join(line[run.start : run.end] for run in runs if run.normal not in page)


def was_there(before: str, sentence: str) -> bool:
    """Whether a sentence stood on the page before, anywhere."""
    return normal(sentence) in normal_page(before)


def _label(folded: str, cues: Cues) -> re.Match[str] | None:
    """The label that opens a notice: a mark, a date or nothing must follow it."""
    match = cues["notice_labels"].search(folded[:_LABEL])
    if match is None:
        return None
    lead = folded[: match.start()].strip(" \"'([【*-–|:·•")
    if lead and not re.fullmatch(r"[\w\s./:,-]{0,40}", lead):
        return None
    rest = folded[match.end() :].lstrip(" .")
    if lead and not re.search(r"\d", lead) and cues["notice_labels"].search(lead) is None:
        return None
    return match if re.match(r"$|[:：\-\])】」(|/]|\d|,", rest) or _is_dated(rest, cues) else None


def _is_dated(rest: str, cues: Cues) -> bool:
    """Whether little follows a label before its mark: `Corrected on 3 May: …`, `Note to our readers: …`."""
    date, mark, _ = re.match(r"([^:：\-)\]】|.]{0,40})([:：\-)\]】|.]?)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]
    words = re.findall(r"[^\W\d]+", date)
    dated = any(word in cues.months for word in words) or bool(re.search(r"\d", date))
    short = all(len(word) <= 3 or word in cues.months for word in words)
    return bool(mark) and ((dated and short) or (mark in ":：" and len(words) <= 4))


def _is_stamp(folded: str, label: re.Match[str], cues: Cues) -> bool:
    """Whether a label stands with nothing but a date and a time: `Updated: 3 May 2024, 09:15`."""
    rest = folded[label.end() :]
    if not re.search(r"\d", rest) or figures(rest, cues):
        return False
    return all(word in cues.months or len(word) <= 3 for word in _WORDS.findall(rest))


def _may_speak_of_the_page(folded: str, cues: Cues) -> bool:
    return any(cues.find(table, folded) for table in ("false", "notice_phrases", "retracted")) or bool(
        cues.find("notice_labels", folded[:_LABEL])
    )


def _speaks_of_the_page(folded: str, line: str, cues: Cues) -> bool:
    """Whether a line is the page's own notice, and not its prose, a teaser or a reader's words."""
    if _label(folded, cues) or cues.find("notice_phrases", folded):
        return True
    if line.lstrip()[:1] in tuple("\"“„«»「『'‘") and not cues.find("article", folded):
        return False
    if _names_a_writer(line, folded, cues):
        return False
    if is_heading(line):
        return bool(cues.find("retracted", folded)) and (len(folded.split()) <= 4 or bool(cues.find("article", folded)))
    return bool(cues.find("false", folded))


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
    like = (line for line in before.split("\n") if len(line) >= 12 and abs(len(line) - len(folded)) <= longest)
    for line in islice(like, _OLD_LINES):
        old = fold(line)
        noticed = _label(old, cues) or cues.find("false", old) or cues.find("notice_phrases", old)
        same = noticed and figures(old, cues) == figures(folded, cues)
        if same and fuzz.ratio(_undated(old, cues), wanted) >= _SAME:
            return True
    return False


def _undated(folded: str, cues: Cues) -> str:
    return " ".join(
        word for word in re.findall(r"[^\W\d]+", folded) if word not in cues.months and not re.search(r"\d", word)
    )


def _disowns(folded: str, line: str, above: bool, quoted: _Quoted) -> bool:
    """Whether a notice takes back the quote or the whole article."""
    cues = quoted.cues
    if any(not negated(folded, match, cues) for match in cues["confirmed"].finditer(folded)):
        return False
    limited = bool(cues.find("other_objects", folded) or cues.find("partial", folded))
    taken_back = [m for m in cues["false"].finditer(folded) if not negated(folded, m, cues)]
    whole = [m for m in cues["retracted"].finditer(folded) if not negated(folded, m, cues)]
    there, own = figures(line, cues), figures(quoted.sentence, cues)
    wrong = _wrong_figures(folded, cues)
    if there & own:
        if wrong and not wrong & own:
            return False
        noticed = (
            taken_back or _label(folded, cues) or cues.find("versions", folded) or cues.find("notice_phrases", folded)
        )
        return bool(noticed) and _is_nearest(line, quoted)
    if whole and not limited and not there:
        label = _label(folded, cues)
        opens = above and (whole[0].start() == 0 or (label and cues.find("retracted", label[0])))
        if cues.find("article", folded) or (opens and (len(folded.split()) <= 4 or not is_heading(line))):
            return not _names_another(line, quoted)
    if wrong or (there and own and not taken_back):
        return False
    shared = len(shared_stems(stems(quoted.sentence, cues), line, cues))
    most = shared >= _most(stems(quoted.sentence, cues), cues)
    if there:
        return most and _is_nearest(line, quoted)
    own_words = bool(_label(folded, cues) or any(cues.find(table, folded) for table in ("notice_phrases", "article")))
    if taken_back and own_words:
        return (shared >= 1 and _is_nearest(line, quoted)) or _is_of(_taking_back(line, cues), quoted)
    return bool(taken_back or own_words) and most and _is_nearest(line, quoted)


def _taking_back(line: str, cues: Cues) -> str:
    """The first sentence of a notice that takes something back: others may speak of why, or of who."""
    return next((line[run.start : run.end] for run in sentences(line) if cues.find("false", fold(run.normal))), "")


def _is_of(sentence: str, quoted: _Quoted) -> bool:
    own = shared_stems(stems(quoted.sentence, quoted.cues), sentence, quoted.cues)
    return bool(own) and _is_nearest(sentence, quoted)


def _leaves_open(folded: str, line: str, quoted: _Quoted) -> bool:
    """Whether a notice says that the figures or the text of the article are in doubt."""
    cues = quoted.cues
    if not _label(folded, cues) or not cues.find("article", folded) or not cues.find("open_back", folded):
        return False
    limited = cues.find("other_objects", folded) or cues.find("partial", folded) or figures(line, cues)
    return not limited and not _names_another(line, quoted)


def _most(own: frozenset[str], cues: Cues) -> float:
    """How many of a sentence's words another one must share to say the same. Of Han, a word has several pairs."""
    return max(3 if cues.unspaced else 2, 0.5 * len(own))


def _wrong_figures(folded: str, cues: Cues) -> frozenset[str]:
    """The figures that a notice calls the wrong ones: `42, not 24`."""
    match = cues.find("instead", folded)
    if match is None:
        return frozenset()
    if cues.tables.get("wrong_first"):
        numbers = re.findall(r"\d[\d.,]*", folded[: match.start()])
        return frozenset(re.sub(r"\D", "", each) for each in numbers[-1:])
    found: set[str] = set()
    for each in cues["instead"].finditer(folded):
        if number := re.match(r"[^.;:\d]{0,25}?(\d[\d.,' ]*)", folded[each.end() :]):
            found.add(re.sub(r"\D", "", number[1]))
    return frozenset(found)


def _names_another(line: str, quoted: _Quoted) -> bool:
    """Whether words of the line are those of another sentence and none of them the quote's."""
    shared = shared_stems(stems(quoted.sentence, quoted.cues), line, quoted.cues)
    return not shared and _best_other(line, quoted) >= 2.5


def _is_nearest(line: str, quoted: _Quoted) -> bool:
    """Whether the words of a line are those of the quote's sentence at least as much as of any other."""
    return _score(line, quoted.sentence, quoted) >= _best_other(line, quoted) - 0.01


def _best_other(line: str, quoted: _Quoted) -> float:
    """The score of the best other sentence. Headlines and what says the same as the quote are no others."""
    cues, own = quoted.cues, stems(quoted.sentence, quoted.cues)
    best = 0.0
    for other in _sentences_of(quoted.before):
        score = _score(line, other, quoted)
        same = score > best and len(shared_stems(own, other, cues)) >= _most(own, cues)
        if score > best and not same and not is_heading(other):
            best = score
    return best


def _score(line: str, sentence: str, quoted: _Quoted) -> float:
    """How much of a line's words a sentence has, rare words first."""
    cues = quoted.cues
    counts = _counts(quoted.before, cues)
    shared = shared_stems(stems(sentence, cues), line, cues)
    score = sum(1 / math.sqrt(max(1, counts[stem])) for stem in shared)
    common = figures(line, cues) & figures(sentence, cues)
    if cues.find("numbers", fold(line)) and figures(sentence, cues):
        score += 0.3
    return score + 1.5 * len(common)


@lru_cache(maxsize=16)
def _sentences_of(text: str) -> tuple[str, ...]:
    return tuple(text[run.start : run.end] for run in sentences(text[:_PAGE]) if run.end - run.start >= 8)[:2_000]


@lru_cache(maxsize=16)
def _counts(text: str, cues: Cues) -> Counter[str]:
    counts: Counter[str] = Counter()
    for sentence in _sentences_of(text):
        counts.update(stems(sentence, cues))
    return counts


def _in_footnote(current: Frame, added: list[tuple[int, str]], cues: Cues) -> Finding | None:
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


# Headline and headings.


def _in_headline(now: Page, before: Page, then: Frame, cues: Cues) -> Finding | None:
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


def _in_heading(current: Frame, then: Frame, before: Page, cues: Cues) -> Finding | None:
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
