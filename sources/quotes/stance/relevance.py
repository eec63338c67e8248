"""Whether a notice is about a quoted sentence, or about the whole page.

It is if it names the quote's figure as the wrong one, or if its words are those of the quote more than of any other
sentence that the page had.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from sources.quotes.cues import Cues, figures, fold, shared_stems, stems
from sources.quotes.nearest_sentence import sentences
from sources.quotes.normalization import normal
from sources.quotes.stance.cue_matches import negated
from sources.quotes.stance.frame import is_heading

_PAGE = 400_000
"""Characters of a page before that are cut into sentences to compare a notice with."""
LABEL = 60
"""Characters within which a notice's label stands."""
_WORDS = re.compile(r"[^\W\d]+")


@dataclass(frozen=True)
class Quoted:
    """The quote's sentence, and the page on which it stood."""

    sentence: str
    before: str
    cues: Cues

    def says(self, cue: str) -> bool:
        """Whether a cue is a word of the quote itself, which may be about something withdrawn."""
        words = stems(cue, self.cues)
        return bool(words) and len(shared_stems(words, self.sentence, self.cues)) == len(words)


def notice_label(folded: str, cues: Cues) -> re.Match[str] | None:
    """The label that opens a notice: a mark, a date or nothing must follow it."""
    match = cues["notice_labels"].search(folded[:LABEL])
    if match is None:
        return None
    lead = folded[: match.start()].strip(" \"'([【*-–|:·•")
    if lead and not re.fullmatch(r"[\w\s./:,-]{0,40}", lead):
        return None
    rest = folded[match.end() :].lstrip(" .")
    if lead and not re.search(r"\d", lead) and cues["notice_labels"].search(lead) is None:
        return None
    stopped = not lead and folded[match.end() : match.end() + 2] == ". "
    return match if stopped or re.match(r"$|[:：\-\])】」(|/]|\d|,", rest) or _is_dated(rest, cues) else None


def _is_dated(rest: str, cues: Cues) -> bool:
    """Whether little follows a label before its mark: `Corrected on 3 May: …`, `Note to our readers: …`."""
    date, mark, _ = re.match(r"([^:：\-)\]】|.]{0,40})([:：\-)\]】|.]?)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]
    words = re.findall(r"[^\W\d]+", date)
    dated = any(word in cues.months for word in words) or bool(re.search(r"\d", date))
    short = all(len(word) <= 3 or word in cues.months for word in words)
    return bool(mark) and ((dated and short) or (mark in ":：" and len(words) <= 4))


def is_stamp(folded: str, label: re.Match[str], cues: Cues) -> bool:
    """Whether a label stands with nothing but a date and a time: `Updated: 3 May 2024, 09:15`."""
    rest = folded[label.end() :]
    if not re.search(r"\d", rest) or figures(rest, cues):
        return False
    return all(word in cues.months or len(word) <= 3 for word in _WORDS.findall(rest))


def disowns(folded: str, line: str, above: bool, quoted: Quoted) -> bool:
    """Whether a notice takes back the quote or the whole article."""
    cues = quoted.cues
    if any(not negated(folded, match, cues) for match in cues["confirmed"].finditer(folded)):
        return False
    if cues["conditional"].match(folded):
        return False  # `If you believe that this article is wrong, …`
    limited = bool(cues.find("other_objects", folded) or cues.find("partial", folded))
    said = fold(quoted.sentence)
    echo = not notice_label(folded, cues) and all(m[0] in said for m in cues["article"].finditer(folded))
    if echo and _is_echo(line, quoted):
        return False
    taken_back = [
        m
        for table in ("false", "taken_down")
        for m in cues[table].finditer(folded)
        if not negated(folded, m, cues) and not (echo and quoted.says(m[0]))
    ]
    ruled = bool(cues.find("authorities", folded) and cues.find("rulings", folded))
    whole = [m for m in cues["retracted"].finditer(folded) if not negated(folded, m, cues)]
    whole += cues["not_ours_now"].finditer(folded)
    there, own = figures(line, cues), figures(quoted.sentence, cues)
    wrong = _wrong_figures(folded, cues)
    if there & own:
        if wrong and not wrong & own:
            return False
        noticed = (
            taken_back
            or notice_label(folded, cues)
            or cues.find("versions", folded)
            or cues.find("notice_phrases", folded)
        )
        return bool(noticed) and _is_nearest(line, quoted)
    if whole and not limited and not there:
        label = notice_label(folded, cues)
        opens = above and (whole[0].start() == 0 or (label and cues.find("retracted", label[0])))
        if _is_of_the_whole(folded, cues) or (opens and (is_bare(folded, cues) or not is_heading(line))):
            return not _names_another(line, quoted)
    if wrong or (there and own and not taken_back):
        return False
    if ruled and not limited and _is_of_the_whole(folded, cues):
        return not _names_another(line, quoted)
    shared = len(shared_stems(stems(quoted.sentence, cues), line, cues))
    mostly = shared >= most(stems(quoted.sentence, cues), cues)
    if there:
        return mostly and _is_nearest(line, quoted)
    own_words = bool(
        notice_label(folded, cues)
        or any(cues.find(table, folded) for table in ("notice_phrases", "article", "our_error"))
    )
    if (taken_back or ruled) and (own_words or ruled) and not limited and _is_of_its_figure(line, quoted):
        return True
    if (taken_back or ruled) and own_words:
        if (shared >= 1 and _is_nearest(line, quoted)) or _is_of(_taking_back(line, cues), quoted):
            return True
        void = any(not cues.find("mended", match[0]) for match in taken_back)
        return (
            void
            and not limited
            and not shared
            and bool(cues.find("article", folded))
            and _names_nothing(folded, taken_back, quoted)
        )
    return bool(taken_back or own_words or ruled) and mostly and _is_nearest(line, quoted)


def _is_echo(line: str, quoted: Quoted) -> bool:
    """Whether a line has only words of the quote: a pull quote, a teaser."""
    said, own = normal(line).strip(_MARKS), normal(quoted.sentence).strip(_MARKS)
    return bool(said) and said in own


_MARKS = " \"'.,;:!?()[]-–—«»“”„‘’‚「」『』。…"


def is_bare(folded: str, cues: Cues) -> bool:
    """Whether a line is a word or two and a date: `Withdrawn on 3 May 2025`."""
    return len([word for word in _WORDS.findall(folded) if word not in cues.months]) <= 4


def _is_of_the_whole(folded: str, cues: Cues) -> bool:
    """Whether it speaks of the article or of its figures or statements at large, and not of something in it."""
    label = notice_label(folded, cues)
    opened = [match.end() for match in cues["not_ours_now"].finditer(folded)]
    for match in cues["article"].finditer(folded):
        if cues.unspaced:
            within = cues["inside"].match(folded[match.end() :])
            if not within or cues.find("things", folded[match.end() : match.end() + 5]):
                return True
            continue
        first = max([0, label.end() if label else 0, *(end for end in opened if end <= match.start())])
        before = folded[max(first, match.start() - 60) : match.start()].strip(" :").split()
        phrase = match[0].split()
        if before and len(phrase) == 2 and cues["inside"].fullmatch(phrase[0]):
            before.append(phrase[0])  # `in diesem Text` is a phrase of its own.
        if not before or not cues["inside"].fullmatch(before[-1]):
            return True
        if len(before) == 1 and cues.find("numbers", match[0]):
            return True
        if len(before) > 1 and cues["things"].fullmatch(before[-2]) and len(before) <= 4:
            return True
    return False


def _is_of_its_figure(line: str, quoted: Quoted) -> bool:
    """Whether a notice takes back a figure, and of the sentences with figures the quote's is the one it means.

    `The waiting figure was wrong` means `4,310 patients had waited`: words are compared by their first letters.
    """
    cues = quoted.cues
    clause = fold(_taking_back(line, cues) or line)
    if cues.unspaced or not cues.find("numbers", clause) or not figures(quoted.sentence, cues):
        return False
    words = _firsts(cues["numbers"].sub(" ", clause), cues)
    own = words & _firsts(quoted.sentence, cues)
    others = [each for each in _sentences_of(quoted.before) if figures(each, cues) and each not in quoted.sentence]
    return bool(own) and all(len(words & _firsts(each, cues)) <= len(own) for each in others)


def _firsts(text: str, cues: Cues) -> frozenset[str]:
    return frozenset(stem[:4] for stem in stems(text, cues))


def _names_nothing(folded: str, taken_back: list[re.Match[str]], quoted: Quoted) -> bool:
    """Whether a notice has no word of the page's sentences, so that it can only mean what the page says first.

    Whoever distances himself from an article may be named on it: of such a notice, what follows the cue is read.
    """
    cues = quoted.cues
    article = cues.find("article", folded)
    if article is None:
        return False
    after = taken_back[0].end()
    words = folded[after:] if article.start() >= after and not cues.unspaced else folded
    return _best_other(cues["article"].sub(" ", words), quoted) < 1


def _taking_back(line: str, cues: Cues) -> str:
    """The first sentence of a notice that takes something back: others may speak of why, or of who.

    What somebody admits stands in a clause of its own: `The office says that its count was wrong.`
    """
    for run in sentences(line):
        folded = fold(run.normal)
        if cue := cues.find("false", folded):
            opened = [each.end() for each in cues["that"].finditer(folded, 0, cue.start())]
            return folded[opened[-1] :] if opened and not cues.unspaced else line[run.start : run.end]
    return ""


def _is_of(sentence: str, quoted: Quoted) -> bool:
    own = shared_stems(stems(quoted.sentence, quoted.cues), sentence, quoted.cues)
    return bool(own) and _is_nearest(sentence, quoted)


def leaves_open(folded: str, line: str, quoted: Quoted) -> bool:
    """Whether a notice says that the figures or the text of the article are in doubt."""
    cues = quoted.cues
    if not notice_label(folded, cues) or not cues.find("article", folded) or not cues.find("open_back", folded):
        return False
    limited = cues.find("other_objects", folded) or cues.find("partial", folded) or figures(line, cues)
    return not limited and not _names_another(line, quoted)


def most(own: frozenset[str], cues: Cues) -> float:
    """How many of a sentence's words another one must share to say the same. Of Han, a word has several pairs."""
    return max(3 if cues.unspaced else 2, 0.4 * len(own))


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


def _names_another(line: str, quoted: Quoted) -> bool:
    """Whether words of the line are those of another sentence and none of them the quote's."""
    shared = shared_stems(stems(quoted.sentence, quoted.cues), line, quoted.cues)
    return not shared and _best_other(line, quoted) >= 2.5


def _is_nearest(line: str, quoted: Quoted) -> bool:
    """Whether the words of a line are those of the quote's sentence at least as much as of any other."""
    return _score(line, quoted.sentence, quoted) >= _best_other(line, quoted) - 0.01


def _best_other(line: str, quoted: Quoted) -> float:
    """The score of the best other sentence. Headlines and what says the same as the quote are no others."""
    cues, own = quoted.cues, stems(quoted.sentence, quoted.cues)
    best = 0.0
    for other in _sentences_of(quoted.before):
        score = _score(line, other, quoted)
        same = score > best and len(shared_stems(own, other, cues)) >= most(own, cues)
        if score > best and not same and not is_heading(other):
            best = score
    return best


def _score(line: str, sentence: str, quoted: Quoted) -> float:
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
