"""Parse ClaimReview JSON-LD, as publishers really write it, into records.

Sources of the field rules: schema.org's vocabulary, Google's "Fact check (ClaimReview) structured data", and
claims/formats/claimreview.py, whose tables of document types and correction names are inverted here.
"""

import re
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from claims.claim_length import too_long
from claims.formats.claimreview import CORRECTION_NAMES, UNDER_REVIEW, WITHDRAWN
from claims.imports.formats import dates, languages, periods, repair
from claims.imports.formats.appearances import appearances, name_of, things
from claims.imports.formats.json_ld import types_of
from claims.imports.formats.rating import read_rating
from claims.imports.formats.records import MOST_APPEARANCES, Note, Record, RecordRefused, Repairs
from claims.json_object import Json
from claims.statements.languages import UNDETERMINED

LONGEST_TEXT = 200_000
_NOTES = {name.casefold(): named for named, name in CORRECTION_NAMES.items()}
_WORDS = re.compile(r"\w", re.UNICODE)
# Works whose name or description is their own and not the claim that was made in them.
_CLAIM_TYPES = frozenset({"claim", "thing", ""})
# The charsets in which programs wrote a language before UTF-8: WHATWG encoding standard, defaults by locale.
_LEGACY_CHARSETS = {
    **dict.fromkeys(
        ("en", "de", "es", "fr", "it", "pt", "nl", "sv", "da", "nb", "nn", "no", "fi", "is", "id", "ms", "ca", "gl",
        "eu", "af", "sq"),
        "windows-1252",
    ),
    **dict.fromkeys(("pl", "cs", "sk", "sl", "hr", "hu", "ro", "bs"), "windows-1250"),
    **dict.fromkeys(("ru", "uk", "bg", "be", "mk", "sr", "kk", "ky"), "windows-1251"),
    **dict.fromkeys(("lt", "lv", "et"), "windows-1257"),
    "el": "windows-1253", "tr": "windows-1254", "az": "windows-1254", "he": "windows-1255", "ar": "windows-1256",
    "fa": "windows-1256", "ur": "windows-1256", "vi": "windows-1258", "th": "windows-874", "ja": "shift_jis",
    "ko": "cp949", "zh": "gb18030",
}  # fmt: skip


def read(
    thing: Json,
    *,
    now: datetime,
    known: Json | None = None,
    page: str = "",
    language: str = "",
    forms: tuple[str, ...] = (),
) -> Record:
    """One ClaimReview as a record. Raises `RecordRefused`.

    `known` are the nodes of its graph, `page` is the URL of the page that contains it, `language` the default if it
    states none, `forms` what was unusual in the form in which it was found.
    """
    return _Reader(thing, now, known or {}, page, language, forms).record()


class _Reader:
    def __init__(
        self, thing: Json, now: datetime, known: Json, page: str, language: str, forms: tuple[str, ...]
    ) -> None:
        self.thing = thing
        self.now = now
        self.known = known
        self.page = page
        self.language = language
        self.repairs = Repairs()
        for form in forms:
            self.repairs.at("record").append(form)

    def record(self) -> Record:
        thing, repairs = self.thing, self.repairs
        if thing.get("@type") != "ClaimReview":
            repairs.at("@type").append("the type written as ClaimReview")
        item = things(thing.get("itemReviewed"), self.known)
        language, claim_language = self._languages(item)
        said = claim_language if claim_language != UNDETERMINED else ""
        self.language = language or said
        repairs.legacy_charset = _LEGACY_CHARSETS.get(claim_language.partition("-")[0], "")
        claim_text = self._claim_text(item, claim_language)
        publisher, site = self._publisher()
        place = self._address(site)
        if not publisher:
            publisher = urlsplit(place[1]).netloc.removeprefix("www.")
            repairs.at("author").append("the publisher named by its host")
        label, numbers = self._rating(language)
        of_claim = item[0] if item else {}
        record = Record(
            text=claim_text,
            language=claim_language,
            publisher=publisher,
            site=site,
            url=place[0],
            address=place[1],
            title=repair.line(
                thing.get("headline") or thing.get("name"), repairs.at("headline"), 500, language=language
            ),
            article_language=language or claim_language,
            rating=label,
            numbers=numbers,
            licence=self._licence(),
            summary=self._long("description", "abstract"),
            body=self._long("reviewBody", "articleBody"),
            true_as_of=self._true_as_of(said),
            published_at=self._moment(thing, "datePublished", "dateCreated"),
            modified_at=self._moment(thing, "dateModified"),
            notes=self._notes(),
            withdrawn=_last_part(thing.get("creativeWorkStatus")) == WITHDRAWN.lower(),
            repairs=repairs.made,
        )
        if "temporalCoverage" in of_claim:
            repairs.at("itemReviewed.temporalCoverage")
            record.period = periods.period(of_claim["temporalCoverage"], repairs, language=said)
        if "spatialCoverage" in of_claim:
            record.place = repair.line(
                name_of(of_claim["spatialCoverage"]), repairs.at("itemReviewed.spatialCoverage"), 300
            )
        record.appearances = appearances(item, record, repairs, page=self.page, now=self.now, known=self.known)
        if record.modified_at and record.published_at and record.modified_at < record.published_at:
            repairs.at("dateModified").append("a change before the publication left out")
            record.modified_at = None
        if repairs.undecodable:
            self._judge_undecodable()
        return record

    def _languages(self, item: list[Json]) -> tuple[str, str]:
        """The languages of the review and of the claim; the first empty, the second `und` if it is not stated."""
        claimed = self.thing.get("claimReviewed")
        text = claimed if isinstance(claimed, str) else ""
        tag = self.thing.get("inLanguage")
        if tag == UNDETERMINED:  # as we publish an article whose language nothing tells
            stated = UNDETERMINED
        else:
            stated = languages.language(tag, self.repairs.at("inLanguage"), text=text) or self.language
        repairs = self.repairs.at("itemReviewed.inLanguage")
        of_claim = languages.language(item[0].get("inLanguage"), repairs, text=text) if item else ""
        if not of_claim and isinstance(claimed, dict) and claimed.get("@language"):
            of_claim = languages.language(claimed["@language"], self.repairs.at("claimReviewed"))
        return stated, of_claim or stated or UNDETERMINED

    def _claim_text(self, item: list[Json], language: str) -> str:
        value = self.thing.get("claimReviewed")
        repairs = self.repairs.at("claimReviewed")
        if isinstance(value, list) and _distinct_claims(value) > 1:
            raise RecordRefused("It names several claims in one review; each needs a ClaimReview of its own.")
        given = repair.text(value, repairs, language=language).strip()
        text = given if _WORDS.search(given) else ""
        if not text:
            for thing in item:
                types = types_of(thing) or [""]
                names = ("text", "name", "description") if _CLAIM_TYPES & set(types) else ("text",)
                value = next((thing[name] for name in names if thing.get(name)), None)
                if text := repair.text(value, repairs, language=language).strip():
                    repairs.append("the claim taken from itemReviewed")
                    break
        if len(_WORDS.findall(text[:200])) < 2:
            if given:
                raise RecordRefused("It does not say which claim it reviews: claimReviewed holds no words.")
            raise RecordRefused("It does not say which claim it reviews: claimReviewed is missing or empty.")
        if reason := too_long(text):
            raise RecordRefused(reason)
        return text

    def _judge_undecodable(self) -> None:
        """Refuse what would be published with words that nobody wrote; count the rest."""
        lost = self.repairs.undecodable
        if words := [name for name in ("claimReviewed", "reviewRating", "author") if name in lost]:
            count = sum(lost[name] for name in words)
            raise RecordRefused(
                f"Bytes that are not UTF-8 stand in {', '.join(words)} ({count:,}), and no charset is declared; "
                "import it again with --charset, for example --charset windows-1252."
            )

    # publisher and address

    def _publisher(self) -> tuple[str, str]:
        """Name and site; no name if only a person is named, since readers know the organisation that published it."""
        candidates: list[tuple[bool, str, str]] = []
        for name in ("author", "publisher", "creator", "sourceOrganization"):
            if name not in self.thing:
                continue
            repairs = self.repairs.at(name)
            for each in things(self.thing.get(name), self.known, named=True):
                called = repair.line(name_of(each), repairs, 300, language=self.language)
                address = repair.address(each.get("url") or each.get("sameAs") or each.get("@id"), [], base=self.page)
                site = address[0] if address else ""
                if called.lower().startswith(("http://", "https://")):
                    called = urlsplit(called).netloc.removeprefix("www.")
                    repairs.append("the publisher named by its host")
                if called or site:
                    candidates.append(("person" in types_of(each), called, site))
        for wants_name in (True, False):
            for person, called, site in candidates:
                if not person and (called or not wants_name):
                    return called, site
        return "", ""

    def _address(self, site: str) -> tuple[str, str]:
        base = self.page or site
        for name in ("url", "mainEntityOfPage", "@id", "sameAs"):
            repairs = self.repairs.at(name)
            address = repair.address(self.thing.get(name), repairs, base=base)
            if address is not None:
                if name != "url":
                    repairs.append(f"the address taken from {name}")
                return address
        if self.page and (address := repair.address(self.page, self.repairs)):
            self.repairs.at("url").append("the address of the page taken")
            return address
        raise RecordRefused("It has no address: url is missing, relative or no public http address.")

    def _licence(self) -> str:
        for name in ("license", "sdLicense"):
            if (value := self.thing.get(name)) and (address := repair.address(value, self.repairs.at(name))):
                return address[0]
        return ""

    # the review

    def _long(self, *names: str) -> str:
        for name in names:
            if self.thing.get(name):
                return self._text(self.thing[name], name)
        return ""

    def _text(self, value: Any, field: str) -> str:
        repairs = self.repairs.at(field)
        text = repair.text(value, repairs, language=self.language) if value else ""
        if len(text) > LONGEST_TEXT:
            repairs.append(f"a text of {len(text):,} characters left out")
            return ""
        return text

    def _rating(self, language: str) -> tuple[str, tuple[float, float | None, float | None] | None]:
        rating = self.thing.get("reviewRating")
        if not rating and rating != 0 and _last_part(self.thing.get("creativeWorkStatus")) == UNDER_REVIEW.lower():
            raise RecordRefused(
                "Its publisher has put it under review, without a rating; import it when that has ended."
            )
        return read_rating(rating, self.known, self.repairs.at("reviewRating"), language=language)

    def _moment(self, thing: Json, *names: str) -> datetime | None:
        name = names[0] if thing.get(names[0]) else names[-1]
        if name not in thing:
            return None
        return dates.moment(thing.get(name), self.repairs.at(name), now=self.now, language=self.language)

    def _true_as_of(self, language: str) -> date | None:
        value = self.thing.get("temporalCoverage")
        if not value:
            return None
        return periods.single_day(value, self.repairs.at("temporalCoverage"), now=self.now, language=language)

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
            name = repair.line(each.get("name") or each.get("headline"), self.repairs.at("correction"), 300)
            kind, sort = _NOTES.get(name.casefold(), ("correction", None))
            text = self._text(each.get("text") or each.get("description"), "correction") or name
            at = self._moment(each, "datePublished", "dateCreated")
            notes.append(Note(kind, sort or "", text or "Corrected by its publisher.", at))
        if len(notes) > MOST_APPEARANCES:
            self.repairs.at("correction").append(f"{len(notes) - MOST_APPEARANCES:,} of {len(notes):,} notes left out")
        return tuple(notes[:MOST_APPEARANCES])


def _distinct_claims(value: list[Any]) -> int:
    """How many claims a list names; the same claim in several languages is one."""
    tags = [each.get("@language") for each in value if isinstance(each, dict)]
    if len(tags) == len(value) and all(tags) and len(set(map(str, tags))) == len(tags):
        return 1
    return len({str(each) for each in value if each})


def _last_part(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("name")
    return re.split(r"[/#]", value)[-1].strip().lower() if isinstance(value, str) else ""
