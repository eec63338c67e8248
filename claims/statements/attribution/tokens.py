"""Split English text into tokens with offsets: words, punctuation and whole quotations.

A quotation is one token of its sentence and a text of its own: `"It rained. It poured," she said` is QUOTE she said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims.statements.sentences import Span, trim

_WORD = re.compile(
    r"""
      (?:[A-Z]\.){2,}                                     # U.S., J.K.
    | (?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Capt|Lt|Sgt|St|Jr|Sr|Rev|Hon|Inc|Corp|Co|Ltd|No|Jan|Feb|Mar|Apr
        |Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Wis|Calif|Conn|Mass|Mich|Minn|Ore|Pa|Va|Wash|Ariz|Ala|Fla|Ga|Ill|Ind
        |Kan|Ky|La|Md|Mo|Mont|Neb|Nev|Okla|Tenn|Tex|Vt|Wyo|Del|Ark|Colo)\.(?=\s|,|$)
    | [A-Z]\.(?=\s*[A-Z]\w)                               # an initial
    | [ap]\.m\.
    | \d+(?:-[A-Za-z]{2,})+\b                             # 54-year-old
    | [$€£¥]?\d[\d,.]*\d(?:%|[a-z]{1,2}\b)?|[$€£¥]?\d%?
    | (?:n[’']t|[’'](?:s|re|ve|ll|d|m))\b
    | \w+?(?=n[’']t\b)
    | @?\w+(?:[-‑]\w+)*(?:[’'](?!(?:s|re|ve|ll|d|m)\b)\w+)?
    | -{2,}|\.{3}|\S
    """,
    re.VERBOSE,
)
_OPENING = {"“": "”", "«": "»", "„": "“”", "``": "''"}
_MARK = re.compile("[\"“«»„‚‘'`]")
_DASHES = frozenset({"—", "–", "--", "---", "―"})
QUOTE = "QUOTE"
_REACH = 40  # characters of white space between a colon and its quotation


@dataclass(slots=True)
class Token:
    text: str
    start: int
    end: int
    quote: bool = False  # a whole quotation, marks included
    lower: str = ""

    def __post_init__(self) -> None:
        self.lower = self.text.lower().replace("’", "'") if not self.quote else QUOTE

    @property
    def is_word(self) -> bool:
        return not self.quote and (self.text[0].isalnum() or (self.text[0] in "'’$€£¥@" and len(self.text) > 1))

    @property
    def is_name(self) -> bool:
        """Written with a capital: a name, or the first word of a sentence."""
        return not self.quote and self.text[0].isupper()

    @property
    def is_dash(self) -> bool:
        return self.text in _DASHES


def quotations(text: str, start: int, end: int) -> Iterator[Span]:
    """Quotations of one paragraph, marks included, outermost only.

    A quotation left open runs to the end of the paragraph if it opened the paragraph, follows a comma or colon, or
    its mark can only open (`“`): that is how a quotation of several paragraphs is set. Other lone marks are passed
    over.
    """
    unclosed: set[str] = set()  # marks behind which none closes: looked for once, so that the search stays linear
    i = start
    while candidate := _MARK.search(text, i, end):
        i = candidate.start()
        opened = _opening_at(text, i, start, end)
        if opened is None:
            i += 1
            continue
        mark, closers = opened
        close = None if mark in unclosed else _closing_after(text, i + len(mark), end, mark, closers)
        if close is None:
            unclosed.add(mark)
            before = text[max(start, i - _REACH) : i].rstrip()
            opens = i == start or mark in {"“", "«", "„"} or before.endswith((":", ","))
            if opens or (mark == "‘" and _goes_on(text, i, end)):
                yield trim(text, i, end)
                return
            i += len(mark)
            continue
        yield Span(i, close)
        i = close


def _goes_on(text: str, i: int, end: int) -> bool:
    """Whether a quotation that begins a sentence at `i` and has no end goes on in the next paragraph."""
    following = text[end : end + 4].lstrip()
    before = text[max(0, i - _REACH) : i].rstrip()[-1:]
    return before in {".", "?", "!", "’"} and text[i + 1 : i + 2].isupper() and following[:1] == "‘"


def _opening_at(text: str, i: int, start: int, end: int) -> tuple[str, str] | None:
    for mark, closers in _OPENING.items():
        if text.startswith(mark, i):
            return mark, closers
    before = text[i - 1] if i > start else " "
    after = text[i + 1] if i + 1 < end else " "
    free_left = before.isspace() or before in "([—–-,"
    if text[i] == '"' and not after.isspace() and not before.isalnum():
        return '"', '"'
    if text.startswith("''", i) and free_left:
        return "''", "''"
    if text[i] == "»" and free_left and after.isalnum():
        return "»", "«"
    if text[i] == "‚" and free_left and after.isalnum():
        return "‚", "‘’"
    if text[i] == "‘" and free_left and after.isalnum():
        return "‘", "’"
    if text[i] == "'" and free_left and after.isalpha():
        return "'", "'"
    return None


def _closing_after(text: str, i: int, end: int, mark: str, closers: str) -> int | None:
    """Offset behind the closing mark, or None."""
    depth = 0
    weak: int | None = None  # behind a word in -s: a plural genitive, unless nothing else closes
    while i < end:
        if closers == "''":
            if text.startswith("''", i):
                return i + 2
        elif mark in "'‘":
            # an apostrophe closes only after punctuation, or at the end of a word that is no plural genitive
            after = text[i + 1] if i + 1 < end else " "
            if text[i] in closers and not after.isalnum() and text[i - 1] != " ":
                if text[i - 1] != "s":
                    return i + 1
                weak = i + 1
        elif mark == "“" and text[i] == "“":
            depth += 1
        elif text[i] in closers:
            if depth == 0:
                return i + 1
            depth -= 1
        elif mark in {"“", "«"} and text[i] == '"' and depth == 0 and text[i - 1] in ",.?!":
            return i + 1
        i += 1
    return weak


def tokenize(text: str, start: int, end: int, quotes: list[Span]) -> list[Token]:
    """Tokens of `text[start:end]`, each quotation in it being one."""
    tokens: list[Token] = []
    at = start
    for quote in [q for q in quotes if q.start < end and q.end > start] + [Span(end, end)]:
        tokens += [Token(m.group(), m.start(), m.end()) for m in _WORD.finditer(text, at, max(at, quote.start))]
        if quote.start < end:
            inside = Span(max(quote.start, start), min(quote.end, end))
            tokens.append(Token(text[inside.start : inside.end], *inside, quote=True))
            at = inside.end
    return tokens
