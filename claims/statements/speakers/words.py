"""Cut a stretch of text into the words and marks that tell names, roles and descriptions apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from claims.statements.speakers.vocabulary import Vocabulary, fold

INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
_INVISIBLE = re.compile(f"[{INVISIBLE}\x00-\x08\x0e-\x1f\x7f-\x9f]")
_WORD = re.compile(
    rf"""
      (?P<word>@\w+|(?:[^\W\d_]\.(?:[^\W\d_]\.)+)                  # @moe, R.K.
        |[\w{INVISIBLE}]+(?:[-‑'’&][\w{INVISIBLE}]+)*['’]?(?:\.(?=[^\W\d_]))?)
    | (?P<mark>-{{2,}}|[^\w\s])
    """,
    re.VERBOSE,
)
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$", re.IGNORECASE)


@dataclass(slots=True)
class Word:
    """A word where it stands. `before` holds the marks between it and the word before, without the dots of titles."""

    text: str
    start: int
    end: int
    before: str
    low: str
    capital: bool
    owner: bool

    @property
    def initial(self) -> bool:
        """`R.`, `R.K.`"""
        return self.capital and (len(self.low) == 1 or ("." in self.low and len(self.low) <= 5))


def visible(text: str) -> str:
    """The text without characters that show nothing: zero-width, direction and control characters."""
    return re.sub(r"\s+", " ", _INVISIBLE.sub("", text)).strip()


def _abbreviated(word: Word, language: Vocabulary) -> bool:
    return word.initial or language.is_title(word.text) or word.low in {"st", "jr", "sr", "dipl"}


def cut(text: str, start: int, end: int, language: Vocabulary) -> list[Word]:
    """The words of `text[start:end]`."""
    words: list[Word] = []
    marks = ""
    for match in _WORD.finditer(text, start, end):
        if match["mark"]:
            mark = match["mark"]
            last = words[-1] if words else None
            dot = mark == "." and not marks
            if dot and last is not None and match.start() == last.end and _abbreviated(last, language):
                last.end = match.end()
                continue
            marks += mark
            continue
        written = visible(match["word"])
        if not written:
            continue
        owner = bool(_POSSESSIVE.search(written)) and not written.startswith("@")
        bare = _POSSESSIVE.sub("", written) if owner else written.rstrip("'’")
        if not fold(bare):
            continue
        words.append(
            Word(bare, match.start(), match.end(), marks, fold(bare), bare[0].isupper() or bare[0] == "@", owner)
        )
        marks = ""
    return words


def written(words: list[Word]) -> str:
    """The words as a name, one space apart; the dots of initials and titles stay."""
    parts: list[str] = []
    for word in words:
        dotted = word.initial and not word.text.endswith(".")
        if parts and word.before == "&":
            parts.append("&")
        parts.append(word.text + "." if dotted and word.end - word.start > len(word.text) else word.text)
    return " ".join(parts)
