"""Register the place at which a quote stands in a snapshot, and find it again in what a later extractor reads."""

import hashlib
from dataclasses import dataclass

from rapidfuzz import fuzz

from sources.models import Passage, Snapshot, Text
from sources.passages import readings
from sources.passages.readings import SnapshotReading
from sources.quotes.exact_match import TextQuote, find_exact
from sources.quotes.grade import Grade
from sources.quotes.locate import Result, locate
from sources.quotes.normalization import normal
from sources.quotes.surroundings import CONTEXT

SAME_NEIGHBOURS = 60.0
"""Likeness (0 to 100) of what stands on each side, from which words read otherwise are in the same place."""
_SHORTEST = 0.5
"""Share of a quote's characters that a new extractor must still read in its place."""


@dataclass(frozen=True)
class _Place:
    start: int
    end: int
    exact: str


def quote_of(passage: Passage) -> TextQuote:
    """The words to look for, with the place of the copy that was chosen."""
    return TextQuote(passage.exact, passage.prefix, passage.suffix, passage.start, passage.omission)


def text_of(passage: Passage) -> str:
    """The text in which the passage stands."""
    same = passage.text_id == passage.snapshot.text_id
    return passage.snapshot.text.text if same else passage.text.text


def register(snapshot: Snapshot, quote: TextQuote) -> Passage | None:
    """Register where the quote stands in the snapshot's text. None if its words do not stand there.

    The same words at the same place are one passage.
    """
    now = readings.stored(snapshot)
    found = locate(quote, now.text)
    if found.result is Result.GONE or found.start is None or found.end is None:
        return None
    return _save(snapshot, now, quote, _Place(found.start, found.end, quote.exact), snapshot.text_id)


def re_read(passage: Passage) -> Passage | None:
    """The passage as this version's extractor reads the bytes of its snapshot; itself if they agree.

    None if it stands nowhere in them any more, as words that the page had struck out. Raises as `readings.read`.
    """
    if readings.is_current(passage.extractor):
        return passage
    now = readings.read(passage.snapshot)
    if now.extractor == passage.extractor:
        return passage
    quote = quote_of(passage)
    place = place_again(quote, text_of(passage), now.text)
    if place is None:
        return None
    digest = hashlib.sha256(now.text.encode()).hexdigest()
    Text.objects.bulk_create([Text(sha256=digest, text=now.text)], ignore_conflicts=True)
    return _save(passage.snapshot, now, quote, place, digest)


def place_again(quote: TextQuote, was: str, now: str) -> _Place | None:
    """Where a quote that stands in `was` stands in `now`, another extractor's reading of the same bytes.

    Other words are taken only if one reading merely has what the other leaves out, such as a footnote's mark, and the
    same stands on both sides: the sentence beside a struck one is another sentence.
    """
    found = locate(quote, now, was)
    if found.start is None or found.end is None:
        return None
    if found.result in (Result.INTACT, Result.MOVED):
        return _Place(found.start, found.end, quote.exact)
    words = " ".join(now[found.start : found.end].split())
    same = found.grade is Grade.COSMETIC or _leaves_out(quote.exact, words)
    if not same or not _same_neighbours(quote, now, found.start, found.end):
        return None
    return _Place(found.start, found.end, words)


def _leaves_out(first: str, second: str) -> bool:
    """Whether one of two readings is the other without some of its characters."""
    short, long = sorted((normal(first).replace(" ", ""), normal(second).replace(" ", "")), key=len)
    if len(short) < _SHORTEST * len(long):
        return False
    rest = iter(long)
    return all(character in rest for character in short)


def _same_neighbours(quote: TextQuote, text: str, start: int, end: int) -> bool:
    left = normal(text[max(0, start - len(quote.prefix)) : start])
    right = normal(text[end : end + len(quote.suffix)])
    pairs = ((normal(quote.prefix), left), (normal(quote.suffix), right))
    return all(not old or fuzz.ratio(old, new) >= SAME_NEIGHBOURS for old, new in pairs)


def _save(snapshot: Snapshot, now: SnapshotReading, quote: TextQuote, place: _Place, digest: str) -> Passage:
    text = now.text
    values = {
        "page_id": snapshot.page_id,
        "snapshot_id": snapshot.pk,
        "text_id": digest,
        "start": place.start,
        "end": place.end,
        "exact": place.exact,
        "prefix": text[max(0, place.start - CONTEXT) : place.start],
        "suffix": text[place.end : place.end + CONTEXT],
        "omission": quote.omission,
        "extractor": now.extractor,
    }
    known = Passage.objects.filter(**values).order_by("pk").first()
    copies = max(1, sum(1 for _ in find_exact(TextQuote(place.exact), text)))
    return known or Passage.objects.create(**values, copies=copies)
