"""Make a quote of words that an editor copied from a page, or say truly why that cannot be done.

What is copied from a browser differs from the text that is read: notes' numbers, list marks, capitals of a style sheet,
words that a line's end divides. Where only such typography differs, the page's own words are taken.

Pure: no network, no database.
"""

import re
import unicodedata
from dataclasses import dataclass

from sources.quotes.exact_match import LETTER, TextQuote, find_exact, find_unspaced, find_with_omissions
from sources.quotes.grade import is_typography
from sources.quotes.nearest_sentence import nearest
from sources.quotes.normalization import extent, normal
from sources.quotes.surroundings import context, likeness_around, prose_around
from sources.quotes.words.signs import is_sign, note_spans

LONGEST = 5_000
"""Characters of the longest quote."""
_LIKE = 0.68
"""Likeness from which a sentence of the page is named as the one that may be meant."""
_SHOWN = 200
"""Characters of the page that a message shows."""
_SOME = 20
"""Letters and figures that must stand on the page to be named as the beginning of a quote."""
_PLACES = 200
_AWAY = "These words do not stand on the page as we read it."

Span = tuple[int, int]


class QuoteNotFound(ValueError):
    """The words do not stand on the page, or it is not clear which of several places is meant."""


def select(exact: str, text: str, prefix: str = "", suffix: str = "") -> TextQuote:
    """Make a quote of words that stand in `text`, with what stands before and after them.

    The words are kept as the page has them, spaces and line breaks made single spaces. Of several places the one is
    taken that `prefix` and `suffix` name, else the one in the running text. Raises `QuoteNotFound` if the words do not
    stand there, or are short and stand in several places that `prefix` and `suffix` do not tell apart.
    """
    wanted = " ".join(exact.split())
    if len(normal(wanted)) < 3:
        raise QuoteNotFound("Quote at least three characters.")
    if len(wanted) > LONGEST:
        raise QuoteNotFound(f"Quote at most {LONGEST:,} characters; take the sentences that matter.")
    quote = TextQuote(wanted, prefix, suffix)
    places = find_copied(exact, text, prefix, suffix)
    if not places:
        if spans := find_with_omissions(quote, text):
            return TextQuote(wanted, *context(text, spans[0][0], spans[-1][1]), spans[0][0], omission=True)
        raise QuoteNotFound(_why_not(exact, text))
    if len(places) > 1 and extent(wanted) < 40 and not (prefix or suffix):
        around = {tuple(part.strip() for part in context(text, *place, around=32)) for place in places}
        if len(around) > 1:
            raise QuoteNotFound(
                f"These words stand in {len(places)} places on the page. Quote the whole sentence that is meant."
            )
    start, end = max(places, key=lambda place: (_named(quote, text, *place), prose_around(text, *place)))
    return TextQuote(" ".join(text[start:end].split()), *context(text, start, end), start)


def _named(quote: TextQuote, text: str, start: int, end: int) -> tuple[float, float]:
    """How well prefix and suffix name a place: by the better of them, then by the other if it names it too.

    A paragraph has the prefix that was copied, and the box below it the suffix: both are named, neither by the other
    side, so that what is alike there by chance does not count.
    """
    sides = [
        likeness_around(TextQuote(quote.exact, *side), text, start, end)
        for side in ((quote.prefix, ""), ("", quote.suffix))
        if any(side)
    ] or [1.0]
    return round(max(sides), 2), min(sides) if min(sides) >= _BOTH else 0.0


_BOTH = 0.6
"""Likeness from which the less like of two sides is taken for the one that stood there."""


def find_copied(exact: str, text: str, prefix: str = "", suffix: str = "") -> list[Span]:
    """The places where copied words stand, as a whole and but for typography."""
    wanted = " ".join(exact.split())
    places = list(find_exact(TextQuote(wanted, prefix, suffix), text)) or find_unspaced(wanted, text)
    if not places and (unmarked := _NOTE_MARK.sub("", wanted)) != wanted:
        places = list(find_exact(TextQuote(unmarked, prefix, suffix), text))
    return places or _Copied(exact, text).places


_NOTE_MARK = re.compile(r"\[\d{1,3}\]|(?<=[^\W\d_]{3})\d{1,2}(?!\w)|(?<=[.,;:!?”\"])\d{1,2}(?=\s|$)")
"""The number of a note, as browsers copy it with the word that it stands at; extraction leaves it out."""
_LIST_MARK = re.compile(r"^\s*(?:[-–—*+o•·▪◦‣]|\d{1,2}[.)])\s+", re.MULTILINE)
_OUTER_MARKS = re.compile(r"^\s*[\"“„«‘'](.*\S)\s*[\"”“»’']\s*$", re.DOTALL)
"""What stands between quotation marks that an editor put around all of it."""
_CUT_LETTER = re.compile(rf"{LETTER}\Z")
_CUT_NUMBER = re.compile(r"\d[.,'’\u00a0\u202f]?\Z")
_NUMBER_GOES_ON = re.compile(r"\d|[.,'’\u00a0\u202f]\d")


@dataclass(frozen=True)
class _Bare:
    """The letters, figures and signs of a text without case, and where each stands in it."""

    letters: str
    at: list[int]

    def span(self, start: int, end: int) -> Span:
        return self.at[start], self.at[end - 1] + 1


def _bare(text: str) -> _Bare:
    letters: list[str] = []
    at: list[int] = []
    notes = dict(note_spans(text))
    index = 0
    while index < len(text):
        if index in notes and notes[index] > index:
            index = notes[index]
            continue
        if not text[index].isspace():
            for each in _folded(text[index]):
                letters.append(each)
                at.append(index)
        index += 1
    return _Bare("".join(letters), at)


def _folded(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() or (character != '"' and is_sign(character)) else ""
    plain = unicodedata.normalize("NFKD" if not character.isalpha() else "NFD", normal(character)).lower()
    return "".join(
        each
        for each in plain
        if each.isalnum() or unicodedata.category(each) == "Mc" or (each != '"' and is_sign(each))
    )


class _Copied:
    """Where copied words stand but for typography; else where they stand with other marks, or as a part of words."""

    def __init__(self, exact: str, text: str) -> None:
        self.page = _bare(text)
        self.places: list[Span] = []
        self.otherwise: Span | None = None
        self.within: Span | None = None
        items = _LIST_MARK.sub("", exact)
        unmarked = _NOTE_MARK.sub("", items)
        for words in dict.fromkeys((exact, items, unmarked, *_OUTER_MARKS.findall(unmarked))):
            wanted, line = _bare(words).letters, _line(words)
            found = [self.page.span(at, at + len(wanted)) for at in _everywhere(wanted, self.page.letters)]
            whole = [_with_marks(line, text, *each) for each in found if _whole(text, *each) == each]
            alike = [each for each in whole if _in_same_case(line, text[slice(*each)])]
            self.places = [each for each in alike if is_typography(line, text[slice(*each)])]
            if self.places:
                return
            self.otherwise = self.otherwise or next(iter(whole), None)
            self.within = self.within or next(iter(found), None)


def _in_same_case(words: str, found: str) -> bool:
    """Whether two wordings have their capitals in the same places; those of a style sheet say nothing."""
    was, now = ("".join(filter(str.isalpha, normal(each))) for each in (words, found))
    return was == now or was.casefold() != now.casefold() or was.isupper() or now.isupper()


def _everywhere(wanted: str, letters: str) -> list[int]:
    found: list[int] = []
    at = letters.find(wanted) if wanted else -1
    while at >= 0 and len(found) < _PLACES:
        found.append(at)
        at = letters.find(wanted, at + 1)
    return found


def _line(words: str) -> str:
    """The words on one line, with those joined that a hyphen at a line's end divides."""
    return " ".join(re.sub(rf"(?<={LETTER})[-‐]\s*\n\s*(?={LETTER})", "", words).split())


def _whole(text: str, start: int, end: int) -> Span:
    """The place with the whole of the words and numbers in which it begins and ends."""
    while end < len(text) and (
        (_CUT_LETTER.match(text[end - 1]) and re.match(LETTER, text[end]) and _joined(text[end - 1], text[end]))
        or (text[end - 1].isdigit() and _NUMBER_GOES_ON.match(text, end))
        or (text[end - 1] in ".,'’\u00a0\u202f" and text[end].isdigit())
    ):
        end += 1
    while start > 0 and (
        (_CUT_LETTER.match(text[start - 1]) and re.match(LETTER, text[start]) and _joined(text[start - 1], text[start]))
        or (text[start].isdigit() and _CUT_NUMBER.search(text, max(0, start - 2), start))
        or (text[start] in ".,'’\u00a0\u202f" and text[start - 1].isdigit())
    ):
        start -= 1
    return start, end


def _with_marks(words: str, text: str, start: int, end: int) -> Span:
    """The place with the marks at its ends that the words have there too: a full stop, quotation marks."""
    first = len(words) - len(words.lstrip(_MARKS))
    last = len(words.rstrip(_MARKS))
    if text[:start].endswith(words[:first]):
        start -= first
    if text.startswith(words[last:], end):
        end += len(words) - last
    return start, end


_MARKS = ".,;:!?…\"'“”„‘’«»()[]。，、；：！？「」『』।؟،"


def _joined(left: str, right: str) -> bool:
    """Whether two characters side by side are of one word: a raised figure is a mark of its own."""
    return left.isalpha() == right.isalpha() or (left.isdecimal() and right.isdecimal())


def _cut(text: str, start: int, end: int) -> str:
    first, last = _whole(text, start, end)
    said = []
    if first < start:
        word = text[first:].split(maxsplit=1)[0]
        said.append(f"begins within “{word.strip('.,;:')}”")
    if last > end:
        word = text[:last].split()[-1]
        said.append(f"ends within “{word.strip('.,;:')}”")
    whole = _shown(text, first, last)
    return f"The quote {' and '.join(said)}, so that it says something else. Quote all of {whole}."


def _why_not(exact: str, text: str) -> str:
    copied = _Copied(exact, text)
    if copied.otherwise:
        return f"{_AWAY} With other marks or capitals it says: {_shown(text, *copied.otherwise)} Copy that."
    if copied.within:
        return _cut(text, *copied.within)
    words = _NOTE_MARK.sub("", _line(exact))
    if like := nearest(normal(words), text, new=_LIKE, anywhere=_LIKE):
        return f"{_AWAY} It says instead: {_shown(text, like.run.start, like.run.end)} Copy that."
    wanted = _bare(words)
    most = 0
    step = len(wanted.letters)
    while step:
        if most + step <= len(wanted.letters) and wanted.letters[: most + step] in copied.page.letters:
            most += step
        step //= 2
    if most >= _SOME:
        stands, rest = words[: wanted.at[most - 1] + 1], words[wanted.at[most - 1] + 1 :]
        cut = max(stands.rfind(" "), 0) if rest[:1].isalnum() else len(stands)
        last, first = stands[:cut][-60:].strip(), words[cut:].strip(" .,;:")[:60]
        return (
            f"{_AWAY} Their beginning does, up to “{last}”, but “{first}” does not follow there. Quote what stands "
            "together."
        )
    return (
        f"{_AWAY} Copy them from the saved text; a sentence that only a browser's scripts put there cannot be watched."
    )


def _shown(text: str, start: int, end: int) -> str:
    words = " ".join(text[start:end].split())
    return f"“{words if len(words) <= _SHOWN else words[: _SHOWN - 1] + '…'}”"
