"""The record of an imported review: its cleaned fields, and the key and digest that identify it and its changes."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import orjson

LONGEST_CLAIM = 10_000  # characters; a longer text is an article and no claim
MOST_APPEARANCES = 50
_MIRROR = re.compile(r"^(?:www\d?|m|mobile|amp)\.")
_QUOTES = " \t\n\"'“”‘’«»„‚‹›.…"


class RecordRefused(ValueError):
    """The record cannot be imported. The message is a sentence that says why."""


class Repair(NamedTuple):
    """What was changed in a field of a record so that it could be read: the field, and a few words."""

    field: str
    what: str


class Repairs:
    """The repairs of one record. `at(field)` names the field that is read next."""

    __slots__ = ("field", "legacy_charset", "made", "undecodable")

    def __init__(self) -> None:
        self.made: list[Repair] = []
        self.field = ""
        self.legacy_charset = ""
        """The charset in which bytes that are not UTF-8 are read, by the record's language; empty: in none."""
        self.undecodable: dict[str, int] = {}
        """Bytes that are in no known charset, by the field that holds them."""

    def at(self, field: str) -> "Repairs":
        self.field = field
        return self

    def append(self, what: str) -> None:
        repair = Repair(self.field, what)
        if repair not in self.made:
            self.made.append(repair)


RepairLog = Repairs | list[str]
"""Where a function notes what it repaired; a plain list for values that belong to no record."""


class Person(NamedTuple):
    """Who made the claim; `kind` is person, organisation or unknown, empty for a name of nobody in particular."""

    name: str
    kind: str = "unknown"
    role: str = ""
    wikidata_id: str = ""

    @property
    def is_identified(self) -> bool:
        """Whether it names one person or organisation, so that a speaker may be made of it."""
        return bool(self.kind)


class AppearedIn(NamedTuple):
    """A place where the claim was made: the words there, and the data of the document."""

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
    """A publisher's note on a change of its review; `kind` and `sort` are the kinds of version and correction."""

    kind: str
    sort: str
    text: str
    at: datetime | None


@dataclass(slots=True)
class Record:
    """One publisher's review of one claim. Texts are unchanged except for what the database cannot store."""

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
    repairs: list[Repair] = field(default_factory=list)
    """The repairs that were made, each with its field."""
    _key: str = field(default="", repr=False, compare=False)

    @property
    def key(self) -> str:
        """The identity of the review: a hash of its address and its claim, as one article may review several claims.

        Ignores `www.`, `m.` and the like, the scheme and a trailing slash of the address, and case, spaces and quotes
        of the claim.
        """
        if not self._key:
            self._key = _hash(f"{_normalized_address(self.address)}\n{normalized_claim(self.text)}".encode())
        return self._key

    def dated_versions(self, count: int) -> list[bool]:
        """Whether its publisher gave the date of each version: the publication, the notes, and what follows.

        `count` is the number of versions that the record makes (claims/imports/versions.py).
        """
        notes = [note.at is not None for note in self.notes]
        later = count - 1 - len(notes)
        return [self.published_at is not None, *notes, *[self.modified_at is not None] * later]

    @property
    def digest(self) -> str:
        """A hash of the fields that may change from one version to the next."""
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


def normalized_claim(text: str) -> str:
    """The claim in a form that ignores case, spaces, surrounding quotes and Unicode composition."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.casefold().split()).strip(_QUOTES)


def _normalized_address(address: str) -> str:
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    mirror = _MIRROR.match(parts.netloc)
    return f"{parts.netloc[mirror.end() :] if mirror else parts.netloc}{parts.path.rstrip('/')}{query}"


def _hash(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
