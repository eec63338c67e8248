"""Compare a page with the last one read, and tell an edited, rewritten or withdrawn page from another in its place.

An edit leaves most lines; a rewritten page speaks of the same things; a withdrawal says so. What has (almost) no line
of the old article, does not speak of its subject and is short, or has nothing of the site around it, is another page:
an error, a queue, a question about cookies, age or region, a skeleton that scripts would fill. What ends in the middle
of one of the old sentences, or with an offer where the rest of the article stood, is a teaser. No wording of such pages
is known here; only that of withdrawals is (`sources.changes.withdrawal_words`), since they are news, and that of offers
on buttons (`sources.changes.offer_words`), as any other label may follow an article that was shortened.

Pure: no network, no database.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from sources.changes.offer_words import is_offer
from sources.changes.running_text import is_running_text, width
from sources.changes.withdrawal_words import is_withdrawal

MOST = 0.7
"""The share of the old article from which a page is certainly no other, nor the beginning of it alone."""
EDITED = 0.5
"""The share of the old article from which a page is the same page, edited."""
GONE = 0.12
"""The share of the old article below which nothing is left of it."""
_MUCH = 1_500
"""The width of new prose from which a page may be the site's own page with other content."""
_LITTLE = 250
"""The width of an article of one or two sentences."""
_GAP = 2
"""Short lines in a row that part what a page says."""
_BLOCK = 0.5
"""The size of a part of the article, as a share of its largest."""
_LAST_LINES = 1
"""Lines at the end of an article that may belong to what stands below all pages of a site."""
_MOST_REPEATED = 150
"""Words that an article repeats, up to which they tell its subject: a long one repeats those of every page."""
_OFFER = 3
"""Lines at the cut of an article in which an offer is looked for."""
_STAMP = 25
"""The width up to which a new line without a stop may be a date or a label."""
_MOST_CHARACTERS = 200_000
"""Of either text that are compared; the beginning of a longer one suffices."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_DENSE_RUN = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_ENDS = re.compile("[.!?…。！？؟।։]['\"”’»」』)\\]]{0,3}$")
_CUT_MARK = re.compile(r"\s*(?:…|\.{3}|\[…\]|\[\.{3}\]|［…］|⋯)\s*$")


@dataclass(frozen=True)
class PageView:
    """What is compared of a page: its text, title, and language as it states it (BCP 47); empty where unknown."""

    text: str
    title: str = ""
    language: str = ""


class Comparison:
    """Compares the page now with the page before. Each property is computed when it is first asked for."""

    def __init__(self, before: PageView, now: PageView) -> None:
        self.before, self.now = before, now

    @cached_property
    def kept(self) -> float:
        """The share of the old article that the page still has, by lines or, where lines differ, by runs of letters."""
        return self._kept_of(self._article)

    @cached_property
    def other_language(self) -> bool:
        """Whether the page states another language, or is in another script."""
        languages = {_primary(view.language) for view in (self.before, self.now)} - {""}
        if len(languages) == 2:
            return True
        scripts = {_script(text) for text in (" ".join(self._article), " ".join(self._added))} - {""}
        return len(scripts) == 2

    @cached_property
    def withdrawn(self) -> bool:
        """Whether a new line says that the article was withdrawn or corrected."""
        return any(is_withdrawal(line) for line in self._added)

    @cached_property
    def shortened(self) -> bool:
        """Whether some of the old article stands as it was, however little: of its first part, or nothing was added."""
        if any(line in self._now_lines and is_running_text(line) for line in self._body):
            return True
        stamped = len(self._added) == 1 and width(self._added[0]) <= _STAMP and not _ENDS.search(self._added[0])
        return (stamped or not self._added) and any(line in self._now_lines for line in self._article)

    @cached_property
    def same_subject(self) -> bool:
        """Whether the new lines speak of what the old article spoke of: by words of its title and those it repeats."""
        added = _content(" ".join(self._without_title(line) for line in self._added))
        old = _content(" ".join(self._article))
        subject = set(_content(self._subject))
        repeated = {word for word, count in old.items() if count > 1}
        named, shared = len(subject & set(added)), len((repeated | subject) & set(added))
        if named >= 2 or named == 0 or len(repeated) > _MOST_REPEATED:
            return named >= 2
        return shared >= 2 and named + shared >= 0.2 * len(added)

    @cached_property
    def too_little(self) -> bool:
        """Whether the page had hardly more than a sentence, so that another one may be its edit.

        Not if it had headings or menus, and none of them is left either.
        """
        surroundings = self._old_lines.keys() - set(self._article)
        stripped = len(surroundings) >= 2 and not surroundings & self._now_lines.keys()
        short = sum(map(width, self._article)) < _LITTLE and len(self.before.text) < _LITTLE * 4
        return short and not stripped

    @cached_property
    def other_content(self) -> bool:
        """Whether the page has much new prose, within what surrounds the pages of this site."""
        surroundings = [line for line in self._old_lines if line not in self._article]
        left = sum(line in self._now_lines for line in surroundings)
        return self._new_prose >= _MUCH and len(surroundings) >= 3 and left >= 0.5 * len(surroundings)

    @cached_property
    def cut(self) -> bool:
        """Whether the page is the beginning of the old article, cut within a sentence or followed by an offer."""
        return self._cut_within_a_line or self._cut_before_an_offer

    @cached_property
    def _cut_within_a_line(self) -> bool:
        old_lines = list(self._old_lines)
        for line in self._now_lines.keys() - self._old_lines.keys():
            for place, old in enumerate(old_lines):
                if old.startswith(line[:15]) and old not in self._now_lines and _is_start(line, old):
                    later = [each for each in old_lines[place + 1 :] if each in self._article]
                    return bool(later) and self._kept_of(later) <= GONE
        return False

    @cached_property
    def _cut_before_an_offer(self) -> bool:
        kept = [old in self._now_lines for old in self._body]
        count = kept.index(False) if False in kept else len(kept)
        if not count or any(kept[count:]) or self.kept >= EDITED or self.withdrawn or self.same_subject:
            return False  # all of it stands, or the article goes on after a gap: it was edited
        lines = list(self._now_lines)
        last = max(map(lines.index, self._body[:count]))
        added = set(self._added)
        following = list(takewhile(lambda line: line in added, lines[last + 1 : last + 1 + _OFFER]))
        if not following or is_running_text(following[0]):
            return False
        return any(map(is_offer, following)) or bool(_ENDS.search(following[0]))

    @cached_property
    def _old_lines(self) -> dict[str, None]:
        return _lines(self.before.text)

    @cached_property
    def _now_lines(self) -> dict[str, None]:
        return _lines(self.now.text)

    @cached_property
    def _sentences(self) -> list[str]:
        """The sentences and running text of the old page; all its lines, if there is little of either."""
        lines = [line for line in self._old_lines if is_running_text(line) or _is_sentence(line)]
        if sum(map(len, lines)) >= 0.3 * sum(map(len, self._old_lines)):
            return lines
        return [line for line in self._old_lines if width(line) >= 40 or _ENDS.search(line)] or list(self._old_lines)

    @cached_property
    def _article(self) -> list[str]:
        """The sentences without those of the site, which stand by themselves above or below, among short lines."""
        sentences = set(self._sentences)
        blocks: list[list[str]] = [[]]
        gap = 0
        for line in self._old_lines:
            gap = 0 if line in sentences else gap + 1
            if gap == _GAP:
                blocks.append([])
            elif not gap:
                blocks[-1].append(line)
        sizes = [sum(map(width, block)) for block in blocks]
        large = [place for place, size in enumerate(sizes) if size >= _BLOCK * max(sizes)]
        return [line for block in blocks[large[0] : large[-1] + 1] for line in block]

    @cached_property
    def _body(self) -> list[str]:
        """The article without its last lines, which may be the site's."""
        return self._article[:-_LAST_LINES] or self._article[:1]

    @cached_property
    def _title_parts(self) -> list[str]:
        """The parts of the title, without the name of the site, where the titles then and now show which it is."""
        parts = _parts(self.before.title)
        common = set(map(_fold, parts)) & set(map(_fold, _parts(self.now.title)))
        return [part for part in parts if _fold(part) not in common] if 0 < len(common) < len(parts) else parts

    @cached_property
    def _headings(self) -> list[str]:
        """Old lines that stand in the title, or a part of the title in them."""
        title = _fold(self.before.title)
        parts = [_fold(part) for part in self._title_parts if len(part) > 8]
        folded = ((line, _fold(line)) for line in self._old_lines if len(line) < 300)
        return [
            line
            for line, words in folded
            if len(words) > 8 and (words in title or any(part in words for part in parts)) and not _ENDS.search(line)
        ]

    @cached_property
    def _subject(self) -> str:
        """The part of the title of which the article speaks; the other is the name of the site, on all its pages."""
        if not self._title_parts:
            return next((line for line in self._old_lines if width(line) >= 15 and not _ENDS.search(line)), "")
        article = _content(" ".join(self._body))
        return max(self._title_parts, key=lambda part: (sum(word in article for word in _content(part)), len(part)))

    @cached_property
    def _added(self) -> list[str]:
        """The lines that the page did not have before, nor as a part of one of its lines."""
        old = _fold(self.before.text)
        return [line for line in self._now_lines if line not in self._old_lines and _fold(line) not in old]

    @cached_property
    def _new_prose(self) -> float:
        return sum(width(line) for line in self._added if is_running_text(line))

    def _without_title(self, line: str) -> str:
        """The line without the old title and headings, which teasers repeat."""
        for words in (self.before.title, self._subject, *self._headings):
            line = line.replace(words, " ") if len(words) > 8 else line
        return line

    def _kept_of(self, lines: list[str]) -> float:
        total = sum(map(len, lines))
        if not total:
            return 1.0
        missing = [line for line in lines if line not in self._now_lines]
        kept = 1.0 - sum(map(len, missing)) / total
        if kept >= EDITED or not missing:
            return kept
        runs = Counter(run for line in missing for run in _runs(line))
        if not runs:
            return kept
        found = sum(count for run, count in runs.items() if run in self._now_runs)
        return kept + (1.0 - kept) * found / runs.total()

    @cached_property
    def _now_runs(self) -> frozenset[str]:
        return frozenset(run for line in self._now_lines for run in _runs(line))


def _lines(text: str) -> dict[str, None]:
    """The lines of a text, each once, in order, without the white space around and within them."""
    stripped = (" ".join(line.split()) for line in text[:_MOST_CHARACTERS].split("\n"))
    return dict.fromkeys(line for line in stripped if line)


def _parts(title: str) -> list[str]:
    return [part.strip() for part in re.split(r"\s[|–—·»:-]\s|\|", title) if part.strip()]


def _is_sentence(line: str) -> bool:
    return width(line) >= 40 and _ENDS.search(line) is not None


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def _runs(line: str) -> list[str]:
    """Overlapping runs of some two words, or four characters of a dense script: what an edit elsewhere leaves whole."""
    letters = _fold(line)
    length = 12 if width(letters) < 1.5 * len(letters) else 4
    return [letters[start : start + length] for start in range(max(1, len(letters) - length + 1))]


def _content(text: str) -> Counter[str]:
    """Words of four letters and more, by their first five, and pairs of characters of dense scripts."""
    folded = text.casefold()
    words = Counter(word[:5] for word in _WORD.findall(_DENSE_RUN.sub(" ", folded)))
    for run in _DENSE_RUN.findall(folded):
        words.update(run[start : start + 2] for start in range(len(run) - 1))
    return words


def _is_start(line: str, of: str) -> bool:
    """Whether a line is the beginning of a longer one, cut within a sentence."""
    line = _CUT_MARK.sub("", line)
    if width(line) < 20 or not of.startswith(line) or len(of) <= len(line):
        return False
    rest = of[len(line) :]
    return not (_ENDS.search(line) and rest[:1] in {" ", ""}) and bool(rest.strip(" .…"))


def _primary(language: str) -> str:
    return re.split("[-_]", language.strip().lower(), maxsplit=1)[0]


_SCRIPT_NAMES = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "FULLWIDTH": "LATIN"}


def _script(text: str) -> str:
    """The script of nine tenths of the letters, by their Unicode names; empty if there are few letters, or several."""
    letters = [letter for letter in text[:2_000] if letter.isalpha()]
    if len(letters) < 20:
        return ""
    names = (unicodedata.name(letter, "").partition(" ")[0] for letter in letters)
    ((script, count),) = Counter(_SCRIPT_NAMES.get(name, name) for name in names).most_common(1)
    return script if count >= 0.9 * len(letters) else ""
