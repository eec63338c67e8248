"""Split a text into paragraphs and sentences, as exact character spans.

Sentence boundaries come from `sentencex` (Wikimedia), chosen over pysbd: it keeps "R-Wis., said" and "Jan. 5" in one
sentence, splits after "D.C.", is still maintained, and is a hundred times faster. What it takes for a sentence's end,
or misses, is put right by the titles and abbreviations of each language's file, and no sentence ends in a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import sentencex  # type: ignore[import-untyped]

from claims.statements.figures.words import figure_words
from claims.statements.languages import primary, table

_BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_LINE = re.compile(r"[^\n]+")
_ENDS_SENTENCE = re.compile(r"""[.!?:…。！？][\s"'”’»)\]]*$""")
_PARTY = re.compile(r"\b[RD]-[A-Z][a-z]+\.$")
_LAST_WORD = re.compile(r"(?:^|[\s(\[«“\"„])([\w.]{1,10})\.$")
_HALF_OF_DAY = re.compile(r"\b[ap]\.m\.$")
_NAMED_DAY = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:local time|on|in|and|to|until)\b|[A-Z]{2,4}\b"
)
_ORDINAL = re.compile(r"(?:(?P<word>[^\W\d_]+)[ \u00a0]+|(?P<mark>[,:(–—-])\s*)?(?<![\w.,])(?P<number>\d{1,3})\.$")
_WORD = re.compile(r"[^\W\d_][^\W_]*(?:-[^\W_]+)*")
_ENDS_PHRASE = re.compile(r"\s*(?:[,;:)\n]|\Z)")
_OPENING, _CLOSING = "「『“«‹（【", "」』”»›）】"
_LONGEST_QUOTED = 600  # characters: a quotation that goes on for longer lacks its end
_SAID = re.compile(
    r"(?:(?:the|a|an|his|her|one)\s+)?(?:[\w.’'-]+\s+){1,6}?"
    r"(?:said|says|asked|asks|wondered|added|replied|wrote|told|cried|shouted|tweeted|exclaimed)\b",
    re.IGNORECASE,
)
_OPENING_LAST = re.compile(r"\s[“«„‘(\[\"]$")
_WINDOW = 3_000  # characters
_MIN_WRAPPED_LINES = 4  # a block of fewer lines never counts as hard-wrapped


class Span(NamedTuple):
    """Half-open character offsets into a text."""

    start: int
    end: int


def trim(text: str, start: int, end: int) -> Span:
    """The span without white space at either end."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def paragraphs(text: str) -> list[Span]:
    """Paragraphs of `text`: the lines of each block between blank lines.

    The lines of a hard-wrapped block, in which most lines end in mid-sentence at a similar width, are one paragraph.
    """
    spans = []
    for block in _BLOCK.finditer(text):
        lines = [Span(block.start() + m.start(), block.start() + m.end()) for m in _LINE.finditer(block.group())]
        if _is_wrapped([text[s:e] for s, e in lines]):
            lines = [Span(block.start(), block.end())]
        spans += [span for s, e in lines if (span := trim(text, s, e)) and span.start < span.end]
    return spans


def _is_wrapped(lines: list[str]) -> bool:
    """Whether a block's lines were broken at a width: the next line's first word would not have fitted behind each."""
    if len(lines) < _MIN_WRAPPED_LINES:
        return False
    lines = [line.rstrip() for line in lines]
    width = max(map(len, lines))
    inner = lines[:-1]
    running_on = sum(not _ENDS_SENTENCE.search(line) for line in inner)
    broken = sum(len(line) + 1 + len(after.split()[0]) > width for line, after in pairwise(lines) if after.split())
    return running_on > len(inner) / 2 and broken >= 0.9 * len(inner) and 40 <= width <= 120


def sentences(text: str, language: str = "en") -> list[Span]:
    """Sentences of `text` in order, without surrounding white space. No sentence crosses a paragraph."""
    return [span for paragraph in paragraphs(text) for span in sentences_within(text, paragraph, language)]


def sentences_within(text: str, within: Span, language: str = "en") -> list[Span]:
    """Sentences of one span of `text`."""
    start, end = within
    words = table(language, "sentences")
    titles = frozenset(words.get("titles", ()))
    spans: list[Span] = []
    joined = False
    begin = start
    for boundary in _boundaries(text, start, end, primary(language)):
        span = trim(text, begin, boundary)
        if opening := _OPENING_LAST.search(text, span.start, span.end):
            span = trim(text, span.start, opening.start())  # the mark belongs to the next sentence
        begin = span.end
        if span.start >= span.end:
            continue
        if joined or (spans and _continues(text, spans[-1], span, language)):
            span = Span(spans.pop().start, span.end)
        spans.append(span)
        joined = _is_unfinished(text, span, titles)
    if missed := words.get("words_not_abbreviations"):
        return [part for span in spans for part in _split_behind(text, span, missed)]
    return spans


def _boundaries(text: str, start: int, end: int, language: str) -> Iterator[int]:
    """The ends of the sentences of a span, as sentencex finds them in windows: its time grows with the square.

    A window begins behind the last sentence that the one before it surely holds whole.
    """
    while end - start > _WINDOW:
        window = text[start : start + _WINDOW]
        ends = [boundary["end_index"] for boundary in sentencex.get_sentence_boundaries(language, window)][:-1]
        if not ends:  # no sentence ends in the window
            start += _WINDOW
            continue
        yield from (start + each for each in ends)
        start += ends[-1]
    for boundary in sentencex.get_sentence_boundaries(language, text[start:end]):
        yield start + boundary["end_index"]


def _is_unfinished(text: str, span: Span, titles: frozenset[str]) -> bool:
    """Whether what ends a sentence is a title or another abbreviation, as in `M. Durand`."""
    tail = text[max(span.start, span.end - 14) : span.end]
    if _PARTY.search(tail):
        return True
    last = _LAST_WORD.search(tail)
    return last is not None and last[1].lower() in titles


def _continues(text: str, before: Span, span: Span, language: str) -> bool:
    """Whether the boundary is wrong, as in `"Will it rain?" Ida Moe asked.` after the question mark."""
    if span.end - before.start <= _LONGEST_QUOTED and _is_open(text[before.start : before.end]):
        return True
    if primary(language) == "ja" and text[before.end - 1] in "」』":
        return text[span.start] in "とっをのはがにで、"
    if _HALF_OF_DAY.search(text[max(before.start, before.end - 6) : before.end]):
        return _NAMED_DAY.match(text, span.start, span.end) is not None
    if _is_behind_ordinal(text, before, span, language):
        return True
    quote_ends = text[before.end - 2 : before.end - 1] in {"?", "!"} and text[before.end - 1] in "\"”’'»"
    return quote_ends and _SAID.match(text, span.start, span.end) is not None


def _is_behind_ordinal(text: str, before: Span, span: Span, language: str) -> bool:
    """Whether a number that a point ends is an ordinal of the noun behind it: `7. März`, `die 3. Kammer`."""
    ordinal = _ORDINAL.search(text, max(before.start, before.end - 40), before.end)
    noun = _WORD.match(text, span.start, span.end)
    if ordinal is None or noun is None or "\n" in text[before.end : span.start]:
        return False
    known = figure_words(language)
    if not known.ordinal_dot:
        return False
    if noun.group().lower() in known.months:
        return int(ordinal["number"]) <= 31
    words = table(language, "sentences")
    if not noun.group()[0].isupper() or noun.group().lower() in words.get("no_nouns", "").split():
        return False
    if (ordinal["word"] or "").lower() in words.get("before_ordinals", "").split():
        return True
    begins = ordinal.start("number") == before.start or ordinal["mark"] is not None
    return begins and _ENDS_PHRASE.match(text, noun.end()) is not None


def _is_open(said: str) -> bool:
    """Whether a quotation or bracket begins in these words and does not end in them."""
    if "„" in said:  # whose other half is what opens quotations elsewhere
        said = said.replace("“", "”")
        if said.count("„") > said.count("”"):
            return True
    return any(said.count(opening) > said.count(closing) for opening, closing in zip(_OPENING, _CLOSING, strict=True))


def _split_behind(text: str, span: Span, words: list[str]) -> list[Span]:
    """A span parted behind words that end a sentence though they are abbreviations too, as Spanish `no.`"""
    parts, start = [], span.start
    pattern = re.compile(rf"\b(?:{'|'.join(words)})\.[\"”»)]*\s+(?=[¿¡\"“«(]*([^\W\d_]))", re.IGNORECASE)
    for match in pattern.finditer(text, span.start, span.end):
        if match[1].islower():
            continue
        parts.append(trim(text, start, match.end()))
        start = match.end()
    return [*parts, trim(text, start, span.end)]
