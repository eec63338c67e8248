"""Classify how two versions of a page differ: correction notice, figures, headline, moved, or boilerplate only.

    correction   the page has a new notice of a correction, update or retraction
    figures      a sentence has other figures and is otherwise the same
    headline     the page's title differs
    moved        the page's URL has another host or path
    boilerplate  the article is the same; menus, teasers or counters differ

The kinds are hints: none is a verdict, and a missing kind proves nothing. `compare` is cheap and runs for every
change. `only_boilerplate` needs both articles (`sources.extraction.sandbox.article`, some 20 ms each) and runs when an
editor opens a change.

Pure: no network, no database, no files.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from sources.changes.running_text import is_running_text
from sources.extraction.main_text import Article
from sources.quotes.correction_notice import NOTICE

Kind = Literal["correction", "figures", "headline", "moved"]

MAX_LINES = 400
"""Most differing lines of a version that are compared for figures; with more it is another page."""

_FIGURE = re.compile(r"\d(?:[\d.,\u00a0\u202f' ]*\d)?")
_FIGURE_OR_MARK = re.compile(r"[\d#]")  # "#" replaces figures below
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_MIN_WORDS = 4  # of a sentence besides its figures: "3 comments" and "12:40" are no sentences


@dataclass(frozen=True)
class Differences:
    """The kinds of difference, most significant first, and whether running text differs (`prose`)."""

    kinds: tuple[Kind, ...] = ()
    prose: bool = False


def compare(
    before: str,
    after: str,
    *,
    titles: tuple[str, str] = ("", ""),
    addresses: tuple[str, str] = ("", ""),
) -> Differences:
    """Classify the differences between two texts of a page.

    `titles` and `addresses` are pairs of before and after; a pair with an empty string is not compared.
    """
    removed, added = _differing_lines(before, after)
    kinds: list[Kind] = []
    if len(NOTICE.findall("\n".join(added))) > len(NOTICE.findall("\n".join(removed))):
        kinds.append("correction")
    if _other_figures(removed, added):
        kinds.append("figures")
    if all(titles) and _spaceless(titles[0]) != _spaceless(titles[1]):
        kinds.append("headline")
    if moved(*addresses):
        kinds.append("moved")
    return Differences(tuple(kinds), any(map(is_running_text, (*removed, *added))))


def prose_sha256(text: str) -> str:
    """Return a hash that differs between two texts if and only if `compare` finds that running text differs."""
    lines = {" ".join(line.split()) for line in text.split("\n") if len(line) >= 40}
    return hashlib.sha256("\n".join(sorted(filter(is_running_text, lines))).encode()).hexdigest()


def moved(before: str, after: str) -> bool:
    """Whether two URLs differ in host or path. Scheme, `www.`, query and a trailing slash do not count."""
    return bool(before and after) and _host_and_path(before) != _host_and_path(after)


def only_boilerplate(before: Article, after: Article) -> bool:
    """Whether two pages contain the same article, whatever else differs. False if an article is missing or cut."""
    comparable = before.extractor_version == after.extractor_version and not (before.limited or after.limited)
    return comparable and bool(before.text) and before.text.split() == after.text.split()


def _differing_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines removed and added, each once, ignoring white space within lines."""
    old_lines, new_lines = before.split("\n"), after.split("\n")
    # Most lines are identical, so only the others are normalised.
    old_set, new_set = set(old_lines), set(new_lines)
    removed = dict.fromkeys(" ".join(line.split()) for line in old_lines if line not in new_set)
    added = dict.fromkeys(" ".join(line.split()) for line in new_lines if line not in old_set)
    return (
        [line for line in removed if line and line not in added],
        [line for line in added if line and line not in removed],
    )


def _other_figures(removed: list[str], added: list[str]) -> bool:
    """Whether some sentence has other figures and is otherwise word for word the same."""
    if not removed or not added or len(removed) > MAX_LINES or len(added) > MAX_LINES:
        return False
    removed = [line for line in removed if _FIGURE_OR_MARK.search(line)]
    added = [line for line in added if _FIGURE_OR_MARK.search(line)]
    before: dict[str, set[tuple[str, ...]]] = {}
    for sentence in _sentences(removed) if added else ():
        before.setdefault(_FIGURE.sub("#", sentence), set()).add(_figures(sentence))
    for sentence in _sentences(added):
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
    # In scripts without spaces between words, a whole clause is one "word".
    return len(words) >= _MIN_WORDS or (len(words) > 0 and max(map(len, words)) >= 8 and not line.isascii())


def _spaceless(text: str) -> str:
    return "".join(text.split())


def _host_and_path(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}:{parts.port or ''}", parts.path.rstrip("/")
