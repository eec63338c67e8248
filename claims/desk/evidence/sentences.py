"""A saved text as sentences that can be chosen: paragraphs of sentences, with the place of each in the text."""

from collections import Counter
from dataclasses import dataclass

from claims.statements.sentences import paragraphs, sentences_within
from sources.quotes.normalization import normal

SHOWN = 40_000
"""Characters of a text on one screen; the rest is reached by pages and by searching."""
_WORTH_COUNTING = 20  # characters: a shorter sentence that stands twice is no copy of a quote


@dataclass(frozen=True)
class Sentence:
    """A sentence of the text. `copy` is its number among equal ones, from 1; 0 if it stands once on this screen."""

    start: int
    end: int
    text: str
    copy: int = 0
    chosen: bool = False

    @property
    def value(self) -> str:
        return f"{self.start}-{self.end}"


@dataclass(frozen=True)
class Section:
    """The part of a text that one screen shows."""

    paragraphs: tuple[tuple[Sentence, ...], ...]
    start: int
    end: int
    length: int

    @property
    def before(self) -> int | None:
        """Where the part before this one begins; None at the beginning."""
        return max(0, self.start - SHOWN) if self.start else None

    @property
    def after(self) -> int | None:
        return self.end if self.end < self.length else None


def section(text: str, *, at: int = 0, language: str = "en", chosen: tuple[int, int] | None = None) -> Section:
    """The sentences of about `SHOWN` characters from the line in which `at` stands."""
    start = text.rfind("\n", 0, max(0, min(at, len(text)))) + 1
    end = len(text)
    if end - start > SHOWN:
        end = text.rfind("\n", start, start + SHOWN) + 1 or start + SHOWN
        end = start + SHOWN if end <= start else end
    part = text[start:end]
    spans = [
        [(start + each.start, start + each.end) for each in sentences_within(part, paragraph, language)]
        for paragraph in paragraphs(part)
    ]
    often = Counter(normal(text[first:last]) for group in spans for first, last in group)
    seen: Counter[str] = Counter()
    found = []
    for group in spans:
        sentences = []
        for first, last in group:
            words = normal(text[first:last])
            seen[words] += 1
            copy = seen[words] if often[words] > 1 and len(words) >= _WORTH_COUNTING else 0
            is_chosen = chosen is not None and chosen[0] <= first and last <= chosen[1]
            sentences.append(Sentence(first, last, text[first:last], copy, is_chosen))
        found.append(tuple(sentences))
    return Section(tuple(found), start, end, len(text))


def span_of(values: list[str], length: int) -> tuple[int, int] | None:
    """From the first to the last of the chosen sentences; None without one. Raises ValueError for what is none."""
    if not values:
        return None
    places = []
    for value in values:
        start, found, end = value.partition("-")
        if not found or not start.isdecimal() or not end.isdecimal() or len(value) > 30:
            raise ValueError(value)
        places.append((int(start), int(end)))
    first, last = min(start for start, _ in places), max(end for _, end in places)
    if not 0 <= first < last <= length:
        raise ValueError(values[0])
    return first, last
