"""Register the place at which a quote stands in a snapshot, and find it again in what a later extractor reads."""

import hashlib

from sources.models import Passage, Snapshot, Text
from sources.passages import readings
from sources.passages.place_again import Place, place_again
from sources.passages.readings import SnapshotReading
from sources.quotes.exact_match import TextQuote, find_exact
from sources.quotes.locate import Result, locate
from sources.quotes.surroundings import context


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
    return _save(snapshot, now, quote, Place(found.start, found.end, quote.exact), snapshot.text_id)


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


def _save(snapshot: Snapshot, now: SnapshotReading, quote: TextQuote, place: Place, digest: str) -> Passage:
    text = now.text
    prefix, suffix = context(text, place.start, place.end)
    values = {
        "page_id": snapshot.page_id,
        "snapshot_id": snapshot.pk,
        "text_id": digest,
        "start": place.start,
        "end": place.end,
        "exact": place.exact,
        "prefix": prefix,
        "suffix": suffix,
        "omission": quote.omission,
        "extractor": now.extractor,
    }
    known = Passage.objects.filter(**values).order_by("pk").first()
    copies = max(1, sum(1 for _ in find_exact(TextQuote(place.exact), text)))
    return known or Passage.objects.create(**values, copies=copies)
