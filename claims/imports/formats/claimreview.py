"""Parse ClaimReview JSON-LD, as publishers really write it, into records.

Sources of the field rules: schema.org's vocabulary, Google's "Fact check (ClaimReview) structured data", and
claims/formats/claimreview.py, whose tables of document types and correction names are inverted here.
"""

import functools
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from claims.formats.claimreview import CORRECTION_NAMES, DOCUMENT_TYPES, UNDER_REVIEW, WITHDRAWN
from claims.imports.formats import repair
from claims.imports.formats.records import (
    LONGEST_CLAIM,
    MOST_APPEARANCES,
    AppearedIn,
    Note,
    Person,
    Record,
    RecordRefused,
)
from claims.json_object import Json

LONGEST_TEXT = 200_000
_DEEPEST = 12
_ANY_TIME = datetime(9000, 1, 1, tzinfo=UTC)  # claims may be about future years
_INSIDE = (
    "@graph",
    "dataFeedElement",
    "item",
    "itemListElement",
    "mainEntity",
    "mainEntityOfPage",
    "review",
    "hasPart",
)
_KINDS = {named: kind for kind, named in DOCUMENT_TYPES.items()}
_KINDS_BY_TYPE = {
    "article": "article", "newsarticle": "article", "blogposting": "article", "report": "article", "webpage": "other",
    "socialmediaposting": "post", "discussionforumposting": "post", "comment": "post",
}  # fmt: skip
_NOTES = {name.casefold(): named for named, name in CORRECTION_NAMES.items()}
_WIKIDATA = re.compile(r"wikidata\.org/(?:wiki|entity)/(Q[1-9][0-9]{0,15})$")
_WORDS = re.compile(r"\w", re.UNICODE)


def claim_reviews(value: Any) -> Iterator[tuple[Json, Json]]:
    """Every ClaimReview in the value, each with the nodes of its `@graph` by `@id`."""
    yield from _found(value, {}, 0)


def _found(value: Any, known: Json, depth: int) -> Iterator[tuple[Json, Json]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from _found(each, known, depth + 1)
    elif isinstance(value, dict):
        graph = value.get("@graph")
        if isinstance(graph, list):
            known = {each["@id"]: each for each in graph if isinstance(each, dict) and isinstance(each.get("@id"), str)}
        if _is_claim_review(value):
            yield value, known
            return
        for name in _INSIDE:
            if name in value:
                yield from _found(value[name], known, depth + 1)


def _types(thing: Json) -> list[str]:
    """Its types in lower case, without their namespaces."""
    value = thing.get("@type", thing.get("type"))
    if isinstance(value, str):
        return [_type(value)]
    if not isinstance(value, list):
        return []
    return [_type(each) for each in value if isinstance(each, str)]


@functools.lru_cache(maxsize=1024)
def _type(value: str) -> str:
    return re.split(r"[/:#]", value[:200])[-1].lower()


def _is_claim_review(thing: Json) -> bool:
    return (
        thing.get("@type") == "ClaimReview"
        or "claimreview" in _types(thing)
        or ("claimReviewed" in thing and "reviewRating" in thing)
    )


def read(thing: Json, *, now: datetime, known: Json | None = None, page: str = "", language: str = "") -> Record:
    """One ClaimReview as a record. Raises `RecordRefused`.

    `known` are the nodes of its graph, `page` is the URL of the page that contains it, `language` the default if it
    states none.
    """
    return _Reader(thing, now, known or {}, page, language).record()


class _Reader:
    def __init__(self, thing: Json, now: datetime, known: Json, page: str, language: str) -> None:
        self.thing = thing
        self.now = now
        self.known = known
        self.page = page
        self.language = language
        self.repairs: list[str] = []

    def record(self) -> Record:
        thing, repairs = self.thing, self.repairs
        if thing.get("@type") != "ClaimReview":
            repairs.append("the type written as ClaimReview")
        item = self._things(thing.get("itemReviewed"))
        claim_text = self._claim_text(item)
        publisher, site = self._publisher()
        place = self._address(site)
        if not publisher:
            publisher = urlsplit(place[1]).netloc.removeprefix("www.")
            repairs.append("the publisher named by its host")
        label, numbers = self._rating()
        language = repair.language(thing.get("inLanguage"), repairs) or self.language
        of_claim = item[0] if item else {}
        claim_language = repair.language(of_claim.get("inLanguage"), repairs) or language or repair.UNDETERMINED
        record = Record(
            text=claim_text,
            language=claim_language,
            publisher=publisher,
            site=site,
            url=place[0],
            address=place[1],
            title=repair.line(thing.get("headline") or thing.get("name"), repairs, 500) or claim_text[:500],
            article_language=language or claim_language,
            rating=label,
            numbers=numbers,
            licence=self._licence(),
            summary=self._long(thing.get("description") or thing.get("abstract")),
            body=self._long(thing.get("reviewBody") or thing.get("articleBody")),
            true_as_of=repair.day(thing.get("temporalCoverage"), repairs, now=self.now),
            published_at=self._moment(thing.get("datePublished") or thing.get("dateCreated")),
            modified_at=self._moment(thing.get("dateModified")),
            notes=self._notes(),
            withdrawn=_last_part(thing.get("creativeWorkStatus")) == WITHDRAWN.lower(),
            repairs=repairs,
        )
        if "temporalCoverage" in of_claim:
            record.period = self._period(of_claim["temporalCoverage"])
        if "spatialCoverage" in of_claim:
            record.place = repair.line(_named(of_claim["spatialCoverage"]), repairs, 300)
        record.appearances = self._appearances(item, record)
        if record.modified_at and record.published_at and record.modified_at < record.published_at:
            repairs.append("a change before the publication left out")
            record.modified_at = None
        return record

    def _claim_text(self, item: list[Json]) -> str:
        value = self.thing.get("claimReviewed")
        if isinstance(value, list) and len({str(each) for each in value if each}) > 1:
            raise RecordRefused("It names several claims in one review; each needs a ClaimReview of its own.")
        text = repair.text(value, self.repairs).strip()
        if not text:
            for thing in item:
                text = repair.text(thing.get("text") or thing.get("name") or thing.get("description"), []).strip()
                if text:
                    self.repairs.append("the claim taken from itemReviewed")
                    text = repair.clean(text, self.repairs)
                    break
        if len(_WORDS.findall(text[:200])) < 2:
            raise RecordRefused("It does not say which claim it reviews: claimReviewed is missing or empty.")
        if len(text) > LONGEST_CLAIM:
            raise RecordRefused(f"The claim is {len(text):,} characters long; at most {LONGEST_CLAIM:,} are taken.")
        return text

    # publisher and address

    def _publisher(self) -> tuple[str, str]:
        """Name and site. If the author is a person, the publisher is preferred."""
        candidates: list[tuple[bool, str, str]] = []
        for name in ("author", "publisher", "creator", "sourceOrganization"):
            for each in self._things(self.thing.get(name), named=True):
                called = repair.line(_named(each), self.repairs, 300)
                address = repair.address(each.get("url") or each.get("sameAs") or each.get("@id"), [], base=self.page)
                site = address[0] if address else ""
                if called.lower().startswith(("http://", "https://")):
                    called = urlsplit(called).netloc.removeprefix("www.")
                    self.repairs.append("the publisher named by its host")
                if called or site:
                    candidates.append(("person" in _types(each), called, site))
        for wants_name in (True, False):
            for is_person in (False, True):
                for person, called, site in candidates:
                    if person == is_person and (called or not wants_name):
                        return called, site
        return "", ""

    def _address(self, site: str) -> tuple[str, str]:
        things = self.thing
        base = self.page or site
        for name in ("url", "mainEntityOfPage", "@id", "sameAs"):
            address = repair.address(things.get(name), self.repairs, base=base)
            if address is not None:
                if name != "url":
                    self.repairs.append(f"the address taken from {name}")
                return address
        if self.page and (address := repair.address(self.page, self.repairs)):
            self.repairs.append("the address of the page taken")
            return address
        raise RecordRefused("It has no address: url is missing, relative or no http address.")

    def _licence(self) -> str:
        for name in ("license", "sdLicense"):
            address = repair.address(self.thing.get(name), [])
            if address is not None:
                return address[0]
        return ""

    # the review

    def _long(self, value: Any) -> str:
        text = repair.text(value, self.repairs) if value else ""
        if len(text) > LONGEST_TEXT:
            self.repairs.append(f"a text of {len(text):,} characters left out")
            return ""
        return text

    def _rating(self) -> tuple[str, tuple[float, float | None, float | None] | None]:
        rating = self.thing.get("reviewRating")
        if isinstance(rating, list):
            rating = next((each for each in rating if each), None)
            self.repairs.append("the first of several ratings taken")
        if isinstance(rating, dict) and set(rating) == {"@id"}:
            rating = self.known.get(rating["@id"], rating)
        if isinstance(rating, str | int | float):
            rating = {"alternateName" if repair.number(rating) is None else "ratingValue": rating}
            self.repairs.append("a bare rating taken")
        if not isinstance(rating, dict) and _last_part(self.thing.get("creativeWorkStatus")) == UNDER_REVIEW.lower():
            raise RecordRefused(
                "Its publisher has put it under review, without a rating; import it when that has ended."
            )
        if not isinstance(rating, dict):
            raise RecordRefused("It has no rating: reviewRating is missing.")
        label = repair.line(rating.get("alternateName") or rating.get("name"), self.repairs, 300)
        value, best = rating.get("ratingValue"), rating.get("bestRating")
        if isinstance(value, list):
            value = value[0] if value else None
        parts = repair.out_of(value)
        if parts is not None:
            self.repairs.append("a rating such as 3/5 read as numbers")
            number, best = parts
            if not label:
                label = str(value).strip()
        else:
            number = repair.number(value)  # type: ignore[assignment]
            if number is None and isinstance(value, str) and value.strip():
                # The publisher's word was put where the number should be.
                if not label:
                    label = repair.line(value, self.repairs, 300)
                self.repairs.append("a rating's word found in place of its number")
        if not label:
            label = repair.line(rating.get("ratingExplanation") or rating.get("description"), self.repairs, 300)
            if label:
                self.repairs.append("the rating's explanation taken for its name")
        if not label and number is not None and number != -1:
            label = f"{number}/{best}" if repair.number(best) is not None else str(number)
            self.repairs.append("a rating without a word shown as its number")
        if not label:
            raise RecordRefused("Its rating says nothing: neither a name nor a number.")
        return label, self._numbers(number, repair.number(rating.get("worstRating")), repair.number(best))

    def _numbers(
        self, value: float | None, worst: float | None, best: float | None
    ) -> tuple[float, float | None, float | None] | None:
        """The numbers of the rating; None if they contradict each other, since the label counts."""
        if value is None:
            return None
        if worst is not None and best is not None and (worst >= best or not worst <= value <= best):
            self.repairs.append("numbers of a rating that contradict each other left out")
            return None
        if value < 0 and worst is None:
            self.repairs.append("a number that says “not rated” left out")
            return None
        return value, worst, best

    def _moment(self, value: Any) -> datetime | None:
        return repair.moment(value, self.repairs, now=self.now)

    def _notes(self) -> tuple[Note, ...]:
        corrections = self.thing.get("correction")
        if not corrections:
            return ()
        notes = []
        for each in corrections if isinstance(corrections, list) else [corrections]:
            if isinstance(each, str):
                each = {"text": each}
            if not isinstance(each, dict):
                continue
            name = repair.line(each.get("name") or each.get("headline"), self.repairs, 300)
            kind, sort = _NOTES.get(name.casefold(), ("correction", None))
            text = self._long(each.get("text") or each.get("description")) or name
            at = self._moment(each.get("datePublished") or each.get("dateCreated"))
            notes.append(Note(kind, sort or "", text or "Corrected by its publisher.", at))
        return tuple(notes[:MOST_APPEARANCES])

    # the claim

    def _period(self, value: Any) -> tuple[date | None, date | None] | None:
        if not isinstance(value, str):
            return None
        first, _, last = value.partition("/")
        start, end = (
            None if part.strip() in {"", ".."} else repair.day(part.strip(), self.repairs, now=_ANY_TIME)
            for part in (first, last or first)
        )
        if start and end and start > end:
            start, end = end, start
            self.repairs.append("a period turned round")
        return (start, end) if start or end else None

    def _things(self, value: Any, *, named: bool = False) -> list[Json]:
        """The nodes in a value, with references to the graph resolved; with `named` a bare string is a node's name."""
        things: list[Json] = []
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, list):
                things += self._things(each, named=named)
            elif isinstance(each, str) and each.strip():
                if each in self.known:
                    things.append(self.known[each])
                elif named:
                    things.append({"name": each})
                elif each.startswith(("http://", "https://")):
                    things.append({"url": each})
            elif isinstance(each, dict):
                things.append(self.known.get(each.get("@id", ""), each) if set(each) <= {"@id", "@type"} else each)
            if len(things) >= MOST_APPEARANCES:
                break
        return things

    def _person(self, thing: Json) -> Person | None:
        name = repair.line(_named(thing), self.repairs, 300)
        if not name or name.lower().startswith(("http://", "https://")) or not _WORDS.search(name):
            return None
        types = _types(thing)
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
        role = repair.line(
            thing.get("jobTitle") or (kind == "organisation" and thing.get("description")) or "", self.repairs, 300
        )
        return Person(name, kind, role, wikidata)

    def _appearances(self, item: list[Json], record: Record) -> tuple[AppearedIn, ...]:
        """Where the claim was made and by whom; a speaker without a known place has an entry without an address."""
        speakers: list[Person] = []
        places: list[AppearedIn] = []
        first: list[AppearedIn] = []
        made_on: date | None = None
        for thing in item:
            people = (self._person(each) for each in self._things(thing.get("author"), named=True))
            speakers += [person for person in people if person]
            made_on = made_on or repair.day(thing.get("datePublished"), self.repairs, now=self.now)
            places += [p for each in self._things(thing.get("appearance")) if (p := self._appeared(each, record))]
            first += [p for each in self._things(thing.get("firstAppearance")) if (p := self._appeared(each, record))]
            if "claim" not in _types(thing):  # the work itself in which it was made
                work = self._appeared({"url": thing.get("sameAs"), **thing, "hasPart": None}, record)
                places += [work] if work is not None and work.url else []
        listed = {place.url for place in places}
        places = [place for place in first if place.url and place.url not in listed] + places
        if made_on is not None and places and not any(place.published_on for place in places):
            place = first[0].url if first else places[0].url
            places = [p._replace(published_on=made_on) if p.url == place else p for p in places]
        if speakers and not any(place.speaker for place in places):
            places = [place._replace(speaker=speakers[0]) for place in places]
        named_speakers = {place.speaker.name for place in places if place.speaker}
        for speaker in speakers:
            if speaker.name not in named_speakers:
                named_speakers.add(speaker.name)
                places.append(
                    AppearedIn(
                        record.text, speaker, published_on=made_on if not places else None, language=record.language
                    )
                )
        if not places and made_on is not None:
            places.append(AppearedIn(record.text, None, published_on=made_on, language=record.language))
        return tuple(dict.fromkeys(places))[:MOST_APPEARANCES]

    def _appeared(self, thing: Json, record: Record) -> AppearedIn | None:
        address = repair.address(thing.get("url") or thing.get("contentUrl") or thing.get("@id"), [], base=self.page)
        parts = self._things(thing.get("hasPart"))
        part = parts[0] if parts else {}
        words = repair.text(part["text"], self.repairs) if "text" in part else ""
        if address is None and not words.strip():
            return None
        by = self._things(part.get("author"), named=True)
        types = _types(thing)
        genre = thing.get("genre") if isinstance(thing.get("genre"), str) else None
        kind = next((known for (type_, of), known in _KINDS.items() if type_.lower() in types and of == genre), None)
        return AppearedIn(
            text=words if words.strip() and len(words) <= LONGEST_CLAIM else record.text,
            speaker=self._person(by[0]) if by else None,
            url=address[0] if address else "",
            kind=kind or next((_KINDS_BY_TYPE[each] for each in types if each in _KINDS_BY_TYPE), "other"),
            title=repair.line(thing.get("headline") or thing.get("name"), self.repairs, 500),
            publisher=repair.line(
                _named(next(iter(self._things(thing.get("publisher"), named=True)), {})), self.repairs, 300
            ),
            published_on=repair.day(thing.get("datePublished"), self.repairs, now=self.now),
            language=repair.language(thing.get("inLanguage"), self.repairs) or record.language,
            quoted="quotation" in _types(part),
        )


def _named(thing: Any) -> Any:
    if isinstance(thing, dict):
        return thing.get("name") or thing.get("legalName") or thing.get("alternateName") or ""
    return thing if isinstance(thing, str) else ""


def _last_part(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("name")
    return re.split(r"[/#]", value)[-1].strip().lower() if isinstance(value, str) else ""
