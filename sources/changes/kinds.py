"""In what a page differs from before: more than "its text changed", so that an editor knows where to look first.

    correction   a notice of a correction, update or retraction stands there that did not
    figures      a sentence has other figures and is otherwise the same
    headline     the page's title differs
    moved        the page answers from another address now
    boilerplate  whatever differs, the article is the same: menus, teasers, counters

A kind that is missing says nothing: none is a verdict, and all that differs is in the diff. `kinds` is cheap, for
every change as it is seen. `only_boilerplate` wants both articles (`sources.extraction.sandbox.article`, some 20 ms
each), for a person who looks at one.

Pure: no network, no database, no files.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from sources.changes.page_outcome import is_running_text
from sources.extraction.main_text import Article
from sources.quotes.correction_notice import NOTICE

Kind = Literal["correction", "figures", "headline", "moved"]

MOST_LINES = 400
"""Lines of a side that are compared for figures; a page that is new in more of them is another page."""

_FIGURE = re.compile(r"\d(?:[\d.,\u00a0\u202f' ]*\d)?")
_COUNTED = re.compile(r"[\d#]")  # a figure, or what one is replaced by
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_WORDY = 4  # words a line must have besides its figures: "3 comments" and "12:40" are no sentences


@dataclass(frozen=True)
class Differences:
    """`kinds`: in what two texts differ, the most telling first. `prose`: whether running text is among it."""

    kinds: tuple[Kind, ...] = ()
    prose: bool = False


def compare(
    before: str,
    after: str,
    *,
    titles: tuple[str, str] = ("", ""),
    addresses: tuple[str, str] = ("", ""),
) -> Differences:
    """In what the text `after` differs from `before`.

    `titles` and `addresses` are those of before and after; an empty one says nothing.
    """
    gone, new = _differing(before, after)
    found: list[Kind] = []
    if len(NOTICE.findall("\n".join(new))) > len(NOTICE.findall("\n".join(gone))):
        found.append("correction")
    if _other_figures(gone, new):
        found.append("figures")
    if all(titles) and _spaceless(titles[0]) != _spaceless(titles[1]):
        found.append("headline")
    if moved(*addresses):
        found.append("moved")
    return Differences(tuple(found), any(map(is_running_text, (*gone, *new))))


def kinds(before: str, after: str, **known: tuple[str, str]) -> list[Kind]:
    """The kinds of `compare`, which says what else may be given."""
    return list(compare(before, after, **known).kinds)


def moved(before: str, after: str) -> bool:
    """Whether a page answers from another address: another host or path. Scheme, `www.`, query and last slash aside."""
    return bool(before and after) and _place(before) != _place(after)


def only_boilerplate(before: Article, after: Article) -> bool:
    """Whether two pages hold the same article, whatever else differs. False where none is found or comparable."""
    comparable = before.extractor_version == after.extractor_version and not (before.limited or after.limited)
    return comparable and bool(before.text) and before.text.split() == after.text.split()


def _differing(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines of either text that the other has not, each once, white space within them aside."""
    first, last = before.split("\n"), after.split("\n")
    # Most lines are the same to the letter, and only the others are worth a closer look.
    known, now = set(first), set(last)
    gone = dict.fromkeys(" ".join(line.split()) for line in first if line not in now)
    new = dict.fromkeys(" ".join(line.split()) for line in last if line not in known)
    return [line for line in gone if line and line not in new], [line for line in new if line and line not in gone]


def _other_figures(gone: list[str], new: list[str]) -> bool:
    """Whether some sentence stands there with other figures and is otherwise word for word the same."""
    if not gone or not new or len(gone) > MOST_LINES or len(new) > MOST_LINES:
        return False
    # Where no figure stands, none can differ.
    gone, new = [line for line in gone if _COUNTED.search(line)], [line for line in new if _COUNTED.search(line)]
    before: dict[str, set[tuple[str, ...]]] = {}
    for sentence in _sentences(gone) if new else ():
        before.setdefault(_FIGURE.sub("#", sentence), set()).add(_figures(sentence))
    for sentence in _sentences(new):
        figures = _figures(sentence)
        same = before.get(_FIGURE.sub("#", sentence))
        if same and figures and figures not in same and _is_sentence(sentence):
            return True
    return False


def _sentences(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        yield from (part for part in _SENTENCE_END.split(line) if part)


def _figures(sentence: str) -> tuple[str, ...]:
    return tuple(_FIGURE.findall(sentence))


def _is_sentence(line: str) -> bool:
    words = [word for word in _FIGURE.sub(" ", line).split() if any(map(str.isalpha, word))]
    # Scripts that put no space between words have long "words".
    return len(words) >= _WORDY or (len(words) > 0 and max(map(len, words)) >= 8 and not line.isascii())


def _spaceless(text: str) -> str:
    return "".join(text.split())


def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}:{parts.port or ''}", parts.path.rstrip("/")
