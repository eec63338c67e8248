"""Write events of the log as Atom (RFC 4287) and JSON Feed 1.1 documents. Pure functions."""

import re
from calendar import month_name
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import orjson

from claims.formats.suspended import is_suspended
from claims.json_object import Json
from sources.timestamp import timestamp

ATOM = "application/atom+xml"
JSON_FEED = "application/feed+json"
_NAMESPACE = "http://www.w3.org/2005/Atom"
# XML 1.0 allows the rest of Unicode.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# How the title of an entry begins, by its event. The words are careful: what is known, never who or why, and
# nothing that could be read as said of the claim, whose text follows: "confirmed" before a false one.
TITLES = {
    "published": "Checked",
    "updated": "Updated",
    "clarified": "Clarified",
    "corrected": "Corrected",
    "recheck_raised": "A source changed",
    "recheck_open": "A source changed",
    "recheck_confirmed": "To be checked again",
    "recheck_dismissed": "The finding stands",
    "reconfirmed": "The finding stands",
    "source_asked": "A source was asked",
    "source_answered": "A source answered",
    "source_silent": "A source did not answer",
    "watch_lost": "A source can no longer be read",
    "watch_resumed": "A source can be read again",
    "suspended": "Under review",
    "resumed": "No longer under review",
    "merged": "Merged with another",
    "unmerged": "Separate again",
    "withdrawn": "Withdrawn",
    "redacted": "Taken away",
}
_TAKEN_AWAY = "What stood here was taken away."
_NOT_PUBLISHED = "This review is no longer published."
_WITHDRAWN, _SUSPENDED, _RECHECK, _RAISED = "withdrawn", "under review", "to be checked again", "a source changed"
_OWN_WORDS = {
    "withdrawn": _WITHDRAWN,
    "suspended": _SUSPENDED,
    "recheck_confirmed": _RECHECK,
    "recheck_raised": _RAISED,
    "recheck_open": _RAISED,
}
# Of these events a verdict in the title would read as if nothing had happened.
_NAMES_NO_VERDICT = frozenset({*_OWN_WORDS, "watch_lost", "merged", "unmerged", "redacted"})
_RECHECK_IN_WORDS = "Needs a re-check since"  # in bodies without codes
_LONGEST_LABEL = 60  # characters of a rating in a title


@dataclass(frozen=True)
class Entry:
    """One event as feed readers show it; `url` is None where nothing answers a reader."""

    id: str
    url: str | None
    title: str
    text: str
    at: datetime
    authors: tuple[tuple[str, str | None], ...]
    tags: tuple[str, ...]
    language: str | None


def entry(
    *,
    id: str,
    event: str,
    review: str | None,
    at: datetime,
    body: Json | None,
    page: str | None,
    now: Mapping[str, Json],
) -> Entry:
    """The entry of a publication; `id` is its public id, and `body` is None if it was redacted.

    It leads to the article. Without one it leads to `page`, the address of the claim; None where nothing of it answers
    who has no key, as feed readers.

    `now` are the reviews as their claims have them today, by id. A verdict stands in the title only if it stands today
    as it was; what is said of another is what is said of it today.
    """
    name = f"urn:factcheck:{id}"
    if body is None:
        return Entry(name, page, TITLES["redacted"], _TAKEN_AWAY, at, (), (), None)
    about = [one for one in body["reviews"] if one["id"] == review] or body["reviews"]
    articles = (one["article"]["url"] for one in about if one["article"])
    article = next((url for url in articles if url.startswith(("http://", "https://"))), None)
    organisations = dict.fromkeys((one["organisation"]["name"], one["organisation"]["site"]) for one in about)
    finding = _finding(event, about[0], now.get(about[0]["id"])) if len(about) == 1 else ""
    return Entry(
        id=name,
        url=article or page,
        title=f"{TITLES[event]}{f' ({finding})' if finding else ''}: {body['text']}",
        text="\n\n".join(_paragraphs(body, about, now)) or body["text"],
        at=at,
        authors=tuple(organisations),
        tags=tuple(topic["name"] for topic in body["topics"]),
        language=body["language"],
    )


def entry_of_imports(
    *, day: date, at: datetime, count: int, publishers: int, more: bool, organisations: Sequence[str], page: str | None
) -> Entry:
    """The one entry of all reviews that were imported on a day (UTC); `more` if there may be more than `count`.

    `organisations` are some of the `publishers`, whose number this is. The id is that of the day, so that it stays one
    entry while the import goes on. `page` is the address of the claims.
    """
    number = f"{'More than ' if more else ''}{count:,} review{'' if count == 1 else 's'}"
    others = publishers - len(organisations)
    named = publishers < 3 and others == 0
    whose = " and ".join(organisations) if named else f"{publishers} publisher{'' if publishers == 1 else 's'}"
    listed = ", ".join([*organisations, *([f"{others} more"] if others else [])])
    on = f"{day.day} {month_name[day.month]} {day.year}"
    return Entry(
        id=f"urn:factcheck:imports:{day.isoformat()}",
        url=page,
        title=f"{number} imported from {whose}",
        text=f"Imported on {on} from {listed}. Their ratings are their publishers' own.",
        at=at,
        authors=(),
        tags=(),
        language=None,
    )


def _finding(event: str, then: Json, now: Json | None) -> str:
    """Whose verdict the title names, and which, if it stands today as it was; else in words why it does not."""
    if (caveat := _caveat(then, now)) or event in _NAMES_NO_VERDICT:
        return "" if caveat == _OWN_WORDS.get(event) else caveat
    name, rating = then["organisation"]["name"], then["rating"]
    return f"{name}: {_shortened(rating['label'])}" if rating else name


def _caveat(then: Json, now: Json | None) -> str:
    """Why the verdict of an earlier body does not stand as it was; empty if it does."""
    if now is None:
        return "no longer published"
    if now["withdrawn_at"]:
        return _WITHDRAWN
    if is_suspended(now):
        return _SUSPENDED
    codes = {each["code"] for each in now.get("display_codes") or ()}
    if codes & {"recheck_confirmed", "recheck_page_confirmed"}:
        return _RECHECK
    if codes & {"recheck_raised", "recheck_page_raised"} or _RECHECK_IN_WORDS in now["display"]:
        return _RAISED
    return "" if _label(then) == _label(now) else "changed since"


def _label(review: Json) -> str | None:
    return review["rating"]["label"] if review["rating"] else None


def _shortened(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"


def _paragraphs(body: Json, reviews: Sequence[Json], now: Mapping[str, Json]) -> list[str]:
    found = []
    for review in reviews:
        today = now.get(review["id"])
        texts = [review["display"], review["summary"], review["public_note"]]
        if _caveat(review, today):
            # The words of today alone: an earlier summary must not be read as the finding.
            texts = [today["display"] if today else _NOT_PUBLISHED]
        found += [text for text in texts if text]
    found += dict.fromkeys(cause["wording"] for cause in body["verification"]["because"])
    return found


def atom(
    entries: Sequence[Entry], *, title: str, base: str, path: str, links_to_itself: bool = True, is_open: bool = True
) -> bytes:
    """An Atom document in UTF-8. `path` is the path of the feed with its query; `is_open` if reading takes no key."""
    feed = ElementTree.Element("feed", {"xmlns": _NAMESPACE})
    _add(feed, "id", f"{base}{path}")
    _add(feed, "title", title)
    _add(feed, "updated", timestamp(max((one.at for one in entries), default=datetime(1970, 1, 1, tzinfo=UTC))))
    _add(_add(feed, "author"), "name", title)
    if links_to_itself:
        _add(feed, "link", rel="self", type=ATOM, href=f"{base}{path}")
    if is_open:
        _add(feed, "link", rel="alternate", type="application/json", href=f"{base}/api/v1/feed/")
    for one in entries:
        element = _add(feed, "entry", **({"xml:lang": one.language} if one.language else {}))
        _add(element, "id", one.id)
        _add(element, "title", one.title, type="text")
        _add(element, "updated", timestamp(one.at))
        _add(element, "published", timestamp(one.at))
        if one.url:
            _add(element, "link", rel="alternate", href=one.url)
        for name, site in one.authors:
            author = _add(element, "author")
            _add(author, "name", name)
            if site:
                _add(author, "uri", site)
        for tag in one.tags:
            _add(element, "category", term=tag)
        _add(element, "content", one.text, type="text")
    declared: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return declared


def json_feed(entries: Sequence[Entry], *, title: str, base: str, path: str, links_to_itself: bool = True) -> bytes:
    """A JSON Feed 1.1 document. `path` is the path of the feed with its query."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": f"{base}/",
        **({"feed_url": f"{base}{path}"} if links_to_itself else {}),
        "items": [_item(one) for one in entries],
    }
    return orjson.dumps(feed)


def _item(one: Entry) -> Json:
    item: Json = {
        "id": one.id,
        "url": one.url,
        "title": one.title,
        "content_text": one.text,
        "date_published": timestamp(one.at),
        "date_modified": timestamp(one.at),
        "authors": [{"name": name, **({"url": site} if site else {})} for name, site in one.authors],
        "tags": list(one.tags),
        "language": one.language,
    }
    return {name: value for name, value in item.items() if value not in (None, [])}


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    clean = {key: _NOT_IN_XML.sub("\ufffd", value) for key, value in attributes.items()}
    element = ElementTree.SubElement(parent, name, clean)
    if text is not None:
        element.text = _NOT_IN_XML.sub("\ufffd", text)
    return element
