"""Read who made a claim, and where, from the `itemReviewed` of a ClaimReview.

Nobody is given a place or words that a record does not give them: the speaker of one work is not that of another, and
a name that is no single person or organisation (“Facebook users”, “A. Moe, B. Falk and others”) makes no speaker.
"""

import re
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from claims.claim_length import LONGEST_CLAIM
from claims.formats.claimreview import DOCUMENT_TYPES
from claims.imports.formats import dates, repair
from claims.imports.formats.json_ld import types_of
from claims.imports.formats.languages import language
from claims.imports.formats.records import MOST_APPEARANCES, AppearedIn, Person, Record, Repairs
from claims.json_object import Json

_KINDS = {named: kind for kind, named in DOCUMENT_TYPES.items()}
_KINDS_BY_TYPE = {
    "article": "article", "newsarticle": "article", "blogposting": "article", "report": "article", "webpage": "other",
    "socialmediaposting": "post", "discussionforumposting": "post", "comment": "post",
}  # fmt: skip
_WIKIDATA = re.compile(r"wikidata\.org/(?:wiki|entity)/(Q[1-9][0-9]{0,15})$")
_ANY_WORD = re.compile(r"\w")
_SUFFIX = re.compile(
    r",\s*(?:Jr|Sr|II|III|IV|MD|PhD|Ph\.D|MP|MEP|QC|KC|Esq|Inc|Ltd|LLC|GmbH|S\.?A|Co)\.?$", re.IGNORECASE
)
_SEVERAL = re.compile(r"[,;]|\s(?:and|und|et|y|e|en|i|и|&|og|och|ve|dan)\s")


def appearances(
    item: list[Json], record: Record, repairs: Repairs, *, page: str, now: datetime, known: Json
) -> tuple[AppearedIn, ...]:
    """Where the claim was made and by whom; a speaker without a known place has an entry without an address."""
    return _Reader(record, repairs, page, now, known).places(item)


def things(value: Any, known: Json, *, named: bool = False) -> list[Json]:
    """The nodes in a value, with references to the graph resolved; with `named` a bare string is a node's name."""
    if value is None:
        return []
    if type(value) is dict and "@id" not in value:
        return [value]
    found: list[Json] = []
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, list):
            found += things(each, known, named=named)
        elif isinstance(each, str) and each.strip():
            if each in known:
                found.append(known[each])
            elif named:
                found.append({"name": each})
            elif each.startswith(("http://", "https://")):
                found.append({"url": each})
        elif isinstance(each, dict):
            found.append(known.get(each.get("@id", ""), each) if set(each) <= {"@id", "@type"} else each)
        if len(found) >= MOST_APPEARANCES:
            break
    return found


def name_of(thing: Any) -> Any:
    """The name in a thing as it is given, or empty."""
    if isinstance(thing, dict):
        return thing.get("name") or thing.get("legalName") or thing.get("alternateName") or ""
    return thing if isinstance(thing, str) else ""


@lru_cache(maxsize=4096)
def is_nobody_in_particular(name: str, kind: str) -> bool:
    """Whether the name is of no single person or organisation, so that no speaker may be made of it."""
    nobody, besides = _words_of_nobody()
    if (
        name.isascii()
        and (first := name.partition(" ")[0].lower()).isalpha()
        and first not in nobody
        and first not in besides
    ):
        return _names_several(name, kind)
    words = re.findall(r"[^\W\d_]+(?:[\u0900-\u0dff]+[^\W\d_]*)*", name.casefold())
    meant = [word for word in words if word not in besides]
    if meant and all(word in nobody for word in meant):
        return True
    return _names_several(name, kind)


def _names_several(name: str, kind: str) -> bool:
    if kind == "organisation" or ("," not in name and ";" not in name and name.count(" ") < 2):
        return False
    return bool(_SEVERAL.search(_SUFFIX.sub("", name)))


@lru_cache(maxsize=1)
def _words_of_nobody() -> tuple[frozenset[str], frozenset[str]]:
    lines = files(__package__).joinpath("nobody_in_particular.txt").read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if not line.startswith("#")]
    besides = {word for line in told if line.startswith("+") for word in line[1:].split()}
    return frozenset(word for line in told if not line.startswith("+") for word in line.split()), frozenset(besides)


class _Reader:
    def __init__(self, record: Record, repairs: Repairs, page: str, now: datetime, known: Json) -> None:
        self.record = record
        self.repairs = repairs
        self.page = page
        self.now = now
        self.known = known

    def places(self, item: list[Json]) -> tuple[AppearedIn, ...]:
        places: list[AppearedIn] = []
        for thing in item:
            places += self._of_item(thing)
        if len(places) < 2:
            return tuple(places)
        unique = list(dict.fromkeys(places))
        # The same words of the same speaker, once with an address: then the entry without one says nothing more.
        placed = {place.speaker for place in unique if place.url}
        unique = [
            place
            for place in unique
            if place.url or place.published_on or not (place.speaker and place.speaker in placed)
        ]
        if len(unique) > MOST_APPEARANCES:
            self.repairs.at("itemReviewed").append(
                f"{len(unique) - MOST_APPEARANCES:,} of {len(unique):,} places left out"
            )
        return tuple(unique[:MOST_APPEARANCES])

    def _of_item(self, thing: Json) -> list[AppearedIn]:
        """The places of one item, and its speakers; of several items each has its own."""
        record, repairs = self.record, self.repairs
        repairs.at("itemReviewed.author")
        people = [
            self._person(each) for each in things(thing.get("author") or thing.get("creator"), self.known, named=True)
        ]
        speakers = list(dict.fromkeys(person for person in people if person)) if people else []
        made_on: date | None = None
        if "datePublished" in thing:
            repairs.at("itemReviewed.datePublished")
            made_on = dates.day(thing["datePublished"], repairs, now=self.now, language=record.language)
        repairs.at("itemReviewed.appearance")
        first = self._appeared(thing.get("firstAppearance"))
        places = self._appeared(thing.get("appearance"))
        if "claim" not in types_of(thing):  # the work itself in which it was made
            work = {"url": thing.get("sameAs"), **thing, "hasPart": None}
            places += [place for place in self._appeared([work], itself=True) if place.url]
        listed = {place.url for place in places}
        places = [place for place in first if place.url and place.url not in listed] + places
        if made_on is not None and places and not any(place.published_on for place in places):
            place_url = first[0].url if first else places[0].url
            places = [p._replace(published_on=made_on) if p.url == place_url else p for p in places]
        if speakers and not any(place.speaker for place in places):
            places = [place._replace(speaker=speakers[0]) for place in places]
        named_speakers = {place.speaker.name for place in places if place.speaker}
        for speaker in speakers:
            if speaker.name not in named_speakers:
                named_speakers.add(speaker.name)
                said_on = made_on if not places else None
                places.append(AppearedIn(record.text, speaker, published_on=said_on, language=record.language))
        if not places and made_on is not None:
            places.append(AppearedIn(record.text, None, published_on=made_on, language=record.language))
        return places

    def _person(self, thing: Json) -> Person | None:
        repairs = self.repairs
        inner = thing.get("author")
        if not name_of(thing) and isinstance(inner, dict):
            repairs.append("an author within an author taken")
            thing = inner
        given = name_of(thing)
        names = list(dict.fromkeys(each for each in given if isinstance(each, str))) if isinstance(given, list) else []
        if len(names) > 1:  # nobody can tell whether they are one person's
            return self._as_written(", ".join(names))
        name = repair.line(given, repairs, 300, language=self.record.language)
        if not name or name.lower().startswith(("http://", "https://")) or not _ANY_WORD.search(name):
            return None
        types = types_of(thing)
        kind = (
            "person"
            if "person" in types
            else "organisation"
            if any("organization" in each for each in types)
            else "unknown"
        )
        wikidata = ""
        same = thing.get("sameAs")
        for each in same if isinstance(same, list) else [same, thing.get("@id")]:
            if isinstance(each, str) and (match := _WIKIDATA.search(each)):
                wikidata = match[1]
                break
        if not wikidata and is_nobody_in_particular(name, kind):
            return self._as_written(name)
        role = repair.line(
            thing.get("jobTitle") or (kind == "organisation" and thing.get("description")) or "", repairs, 300
        )
        return Person(name, kind, role, wikidata)

    def _as_written(self, name: str) -> Person:
        self.repairs.append(f"“{name[:60]}” kept as written: it names no single person or organisation")
        return Person(name[:300], "")

    def _appeared(self, value: Any, *, itself: bool = False) -> list[AppearedIn]:
        """The places in a value; a thing with several addresses is several places."""
        places: list[AppearedIn] = []
        for thing in things(value, self.known):
            urls = thing.get("url") or thing.get("contentUrl") or (None if itself else thing.get("@id"))
            for url in urls if isinstance(urls, list) else [urls]:
                place = self._place(thing, url)
                if place is not None:
                    places.append(place)
        return places

    def _place(self, thing: Json, url: Any) -> AppearedIn | None:
        record, repairs = self.record, self.repairs
        address = repair.address(url, repairs, base=self.page)
        parts = things(thing.get("hasPart"), self.known)
        part = parts[0] if parts else {}
        words = repair.text(part["text"], repairs, language=record.language) if "text" in part else ""
        if address is None and not words.strip():
            return None
        by = things(part.get("author"), self.known, named=True)
        types = types_of(thing)
        genre = thing.get("genre") if isinstance(thing.get("genre"), str) else None
        kind = next((known for (type_, of), known in _KINDS.items() if type_.lower() in types and of == genre), None)
        publisher = next(iter(things(thing.get("publisher"), self.known, named=True)), {})
        return AppearedIn(
            text=words if words.strip() and len(words) <= LONGEST_CLAIM else record.text,
            speaker=self._person(by[0]) if by else None,
            url=address[0] if address else "",
            kind=kind or next((_KINDS_BY_TYPE[each] for each in types if each in _KINDS_BY_TYPE), "other"),
            title=repair.line(thing.get("headline") or thing.get("name"), repairs, 500, language=record.language),
            publisher=repair.line(name_of(publisher), repairs, 300),
            published_on=self._day(thing),
            language=language(thing.get("inLanguage"), repairs) or record.language,
            quoted="quotation" in types_of(part),
        )

    def _day(self, thing: Json) -> date | None:
        return dates.day(thing.get("datePublished"), self.repairs, now=self.now, language=self.record.language)
