"""A review as it came from elsewhere, cleaned, and by what it is known again."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import orjson

LONGEST_CLAIM = 10_000  # characters; what is longer is an article, and no claim
MOST_APPEARANCES = 50
_MIRROR = re.compile(r"^(?:www\d?|m|mobile|amp)\.")
_QUOTES = " \t\n\"'“”‘’«»„‚‹›.…"


class RecordRefused(ValueError):
    """This record cannot be taken in. The message is a sentence that says why."""


class Person(NamedTuple):
    """Who is said to have made the claim; `kind` is person, organisation or unknown."""

    name: str
    kind: str = "unknown"
    role: str = ""
    wikidata_id: str = ""


class AppearedIn(NamedTuple):
    """A place where the claim was made: the words there, and what is known of the document."""

    text: str
    speaker: Person | None
    url: str = ""
    kind: str = "other"
    title: str = ""
    publisher: str = ""
    published_on: date | None = None
    language: str = ""
    quoted: bool = False


class Note(NamedTuple):
    """What a publisher says of a change to its review: `kind` and `sort` as of a version, `at` if it says when."""

    kind: str
    sort: str
    text: str
    at: datetime | None


@dataclass(slots=True)
class Record:
    """One publisher's review of one claim. Texts are as they came but for what the database cannot hold."""

    text: str
    language: str
    publisher: str
    url: str
    address: str
    """The canonical form of `url`."""
    title: str
    rating: str
    site: str = ""
    licence: str = ""
    article_language: str = ""
    numbers: tuple[float, float | None, float | None] | None = None
    """Value, worst and best of the rating."""
    summary: str = ""
    body: str = ""
    true_as_of: date | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    notes: tuple[Note, ...] = ()
    withdrawn: bool = False
    period: tuple[date | None, date | None] | None = None
    place: str = ""
    appearances: tuple[AppearedIn, ...] = ()
    repairs: list[str] = field(default_factory=list)
    """What had to be repaired, a few words each."""
    _key: str = field(default="", repr=False, compare=False)

    @property
    def key(self) -> str:
        """By which the review is known again: where it stands and which claim it is about.

        An article may review several claims, so the address alone is not enough. `www.`, `m.` and the like, the
        scheme and a last slash make no other article; case, spaces and quotes no other claim.
        """
        if not self._key:
            self._key = _hash(f"{_place(self.address)}\n{said(self.text)}".encode())
        return self._key

    @property
    def digest(self) -> str:
        """Of what may change from one version to the next."""
        notes = [tuple(note) for note in self.notes]
        return _hash(
            orjson.dumps(
                (
                    self.title,
                    self.rating,
                    self.numbers,
                    self.summary,
                    self.body,
                    self.true_as_of,
                    self.published_at,
                    self.modified_at,
                    notes,
                    self.withdrawn,
                )
            )
        )


def said(text: str) -> str:
    """The words of a claim without what makes no difference: case, spaces, quotes around, composed or decomposed."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.casefold().split()).strip(_QUOTES)


def _place(address: str) -> str:
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    mirror = _MIRROR.match(parts.netloc)
    return f"{parts.netloc[mirror.end() :] if mirror else parts.netloc}{parts.path.rstrip('/')}{query}"


def _hash(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
