"""The record of an imported review: its cleaned fields, and the key and digest that identify it and its changes.

The article, the claim's words, its period and its place are what a record is. Who made the claim, where, and in which
language may change, and so may the review; a date alone changes nothing.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from claims.imports.formats.content import Content, Place, from_one
from claims.json_object import Json
from claims.statements.languages import UNDETERMINED
from sources.http.url_key import stored_key, url_key

MOST_APPEARANCES = 50
DIGEST_VERSION = "2:"
"""How digests of today begin; those without it are of earlier versions."""
# Where an instance shows a review without an article: the id of the review is enough, and a dump names no host.
_REVIEW = re.compile(r"/claims/clm_[0-9a-z]+/?#(rev_[0-9a-z]+)$")
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
    def claim_sha(self) -> str:
        """What tells its claim from others of the article."""
        return claim_sha(self.text, self.period, self.place)

    @property
    def has_scope(self) -> bool:
        """Whether it names a period or a place."""
        return bool(self.period or self.place)

    @property
    def key_without_period(self) -> str:
        """The key of the same record if it named neither period nor place."""
        return record_key(self.url, claim_sha(self.text, None, ""))

    @property
    def key(self) -> str:
        """The identity of the record: a hash of its article and its claim, as one article may review several claims."""
        if not self._key:
            self._key = record_key(self.url, self.claim_sha)
        return self._key

    @property
    def content(self) -> Content:
        """What of the record may change, without its dates and its publisher's notes."""
        return Content(
            rating=self.rating,
            numbers=self.numbers,
            summary=self.summary,
            body=self.body,
            headline=self.title,
            true_as_of=self.true_as_of,
            language="" if self.language == UNDETERMINED else self.language,
            places=tuple(
                Place(normalized_claim(place.text), place.speaker.name if place.speaker else "", stored_key(place.url))
                for place in self.appearances
            ),
            withdrawn=self.withdrawn,
        )

    @property
    def digest(self) -> str:
        """A hash of the content and the notes, whatever they are dated.

        Without names of nobody in particular, which an export leaves out: else each would be looked up in all its rows.
        """
        *told, places, withdrawn = self.content._replace(numbers=from_one(self.numbers))
        notes = [(note.kind, note.sort, note.text) for note in self.notes]
        named = [
            (place.words, place.speaker if each.speaker and each.speaker.is_identified else "", place.page)
            for place, each in zip(places, self.appearances, strict=True)
        ]
        content = orjson.dumps((told, named, withdrawn, notes))
        return DIGEST_VERSION + _hash(content)[len(DIGEST_VERSION) :]

    @property
    def digest_of_earlier_versions(self) -> str:
        """The digest as it was made until 0.5, which a stored record has until it is imported again."""
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


class RecordVersion(NamedTuple):
    """One version of an imported review, as its record has it; `dated` says that its publisher gave the time."""

    kind: str
    sort: str
    note: str
    at: datetime
    dated: bool


def versions_of(record: Record, *, now: datetime) -> list[RecordVersion]:
    """The versions in a record, the current one last: publication, corrections, latest change."""
    known = [note.at for note in record.notes if note.at]
    first = record.published_at or min(known, default=None) or record.modified_at or now
    versions = [RecordVersion("original", "", "", first, record.published_at is not None)]
    changed = record.modified_at
    is_withdrawn_apart = record.withdrawn and all(note.kind != "withdrawal" for note in record.notes)
    latest = None if is_withdrawn_apart else _latest_undated(record)
    versions += [
        RecordVersion(note.kind, note.sort, note.text, note.at or changed or first, bool(note.at) or number == latest)
        for number, note in enumerate(record.notes)
    ]
    if is_withdrawn_apart:
        note = "Withdrawn by its publisher."
        versions.append(RecordVersion("withdrawal", "", note, changed or first, changed is not None))
    if changed and changed > max(version.at for version in versions):
        note = f"Changed by its publisher on {changed:%-d %B %Y}, who does not say in what."
        versions.append(RecordVersion("update", "", note, changed, dated=True))
    return versions


def _latest_undated(record: Record) -> int | None:
    """The index of the note without a date that tells of the record's latest change, whose date the record gives."""
    changed = record.modified_at
    if changed is None or any(note.at and note.at >= changed for note in record.notes):
        return None
    return max((number for number, note in enumerate(record.notes) if note.at is None), default=None)


def as_json(record: Record) -> Json:
    """The record as JSON, which `from_json` reads."""
    made: Json = orjson.loads(orjson.dumps(record, default=tuple))  # `default` is asked for named tuples
    return made


def from_json(value: Json) -> Record:
    """The record that `as_json` wrote."""
    numbers, period = value["numbers"], value["period"]
    return Record(
        **value
        | {
            "numbers": tuple(numbers) if numbers else None,
            "period": tuple(map(_day, period)) if period else None,
            "true_as_of": _day(value["true_as_of"]),
            "published_at": _moment(value["published_at"]),
            "modified_at": _moment(value["modified_at"]),
            "notes": tuple(Note(kind, sort, text, _moment(at)) for kind, sort, text, at in value["notes"]),
            "appearances": tuple(_place(*each) for each in value["appearances"]),
            "repairs": [Repair(*each) for each in value["repairs"]],
        }
    )


def _place(text: str, speaker: Any, url: str, kind: str, title: str, publisher: str, on: Any, *rest: Any) -> AppearedIn:
    return AppearedIn(text, Person(*speaker) if speaker else None, url, kind, title, publisher, _day(on), *rest)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@lru_cache(maxsize=4_096)
def normalized_claim(text: str) -> str:
    """The claim in a form that ignores case, spaces, surrounding quotes and Unicode composition."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.casefold().split()).strip(_QUOTES)


def claim_sha(text: str, period: tuple[date | None, date | None] | None, place: str) -> str:
    """A hash of a claim's words, period and place; ignores case, spaces and surrounding quotes of words and place."""
    start, end = period or (None, None)
    return _hash(f"{normalized_claim(text)}\n{start or ''}/{end or ''}\n{normalized_claim(place)}".encode())


def record_key(url: str, claim: str) -> str:
    """The key of a record by its address, in any form, and its `claim_sha`."""
    if review := _REVIEW.search(url):
        return _hash(f"{review[1]}\n{claim}".encode())
    try:
        page = url_key(url)
    except ValueError:  # stored by an earlier version that took other addresses
        page = url
    return _hash(f"{page}\n{claim}".encode())


def _hash(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
