"""Gather a year's checks, corrections, complaints and policies from the publication log and the site's own log.

Nothing else is read, and no clock: the same logs give the same dossier. What stands is told as of the last entry of the
year that anybody may read. Reviews of other publishers and of the demo are left out.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from claims.formats.dated import first_published_at
from claims.formats.suspended import is_suspended
from claims.json_object import Json
from claims.models.publication import Audience
from claims.public.bodies import parsed
from claims.publication.log_reader import CHANGES, START, Event, Place, Selection
from claims.publication.site.complaints import NO_COMPLAINT, complaints_told
from claims.publication.site.log import Kind, site_events, site_head

_BATCH = 500
_OWN = b'"origin":"own"'


@dataclass(frozen=True)
class Source:
    """A piece of evidence that is no confidential one."""

    kind: str
    stance: str
    name: str
    address: str
    saved_on: str


@dataclass(frozen=True)
class Check:
    """A review of ours that was first published in the year, as it stood at the end."""

    claim: str
    review: str
    published_on: str
    text: str
    language: str
    organisation: str
    status: str
    rating: str
    """As its publisher words it; empty if none stands."""
    topics: tuple[str, ...]
    speakers: tuple[str, ...]
    sources: tuple[Source, ...]
    unnamed: int
    """Pieces of evidence that are described and not named."""
    speaker_asked: bool
    corrections: int

    @property
    def different_sources(self) -> int:
        return len({each.name for each in self.sources})


@dataclass(frozen=True)
class Change:
    """A change of a published review of ours."""

    sequence: int
    on: str
    claim: str
    review: str
    event: str
    kind: str
    before: str
    after: str
    note: str
    status: str = ""
    """What became of the review by the end: a rating that it once had may not stand any more."""


@dataclass(frozen=True)
class Complaint:
    """A complaint of the register."""

    number: str
    received_on: str
    due_on: str
    claim: str
    answered_on: str
    working_days: int | None
    outcome: str
    change: int | None


@dataclass(frozen=True)
class Policy:
    """A version of a page of the site that was in force on some day of the year."""

    page: str
    version: int
    since: str
    text: str


@dataclass
class Year:
    """All of it, and the entries of the logs up to which it was read."""

    year: int
    place: Place = START
    site_place: Place = START
    checks: list[Check] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)
    removed: int = 0
    """Claims of which the words were removed; nothing else is said of them."""

    @property
    def name(self) -> str:
        """The name of the desk at its last check; empty without one."""
        return self.checks[-1].organisation if self.checks else ""

    @property
    def ratings(self) -> list[tuple[str, int]]:
        return _counted(check.rating or check.status for check in self.checks)

    @property
    def topics(self) -> list[tuple[str, int]]:
        return _counted(topic for check in self.checks for topic in check.topics)

    @property
    def speakers(self) -> list[tuple[str, int]]:
        return _counted(speaker for check in self.checks for speaker in check.speakers)

    @property
    def answered_in_time(self) -> int:
        return sum(bool(each.answered_on) and each.answered_on <= each.due_on for each in self.about_work)

    @property
    def about_work(self) -> list[Complaint]:
        """Without reports that the desk answered as no complaints about its work; those are listed and not counted."""
        return [each for each in self.complaints if each.outcome != NO_COMPLAINT]

    @property
    def no_complaints(self) -> int:
        return len(self.complaints) - len(self.about_work)


def gather(year: int) -> Year:
    """The dossier of the year, by days of UTC."""
    found = Year(year)
    latest: dict[str, tuple[Json, Json]] = {}
    statuses: dict[str, str] = {}
    removed: set[str] = set()
    for event in _events(year):
        found.place = event.place
        if event.body is None:
            removed.add(event.claim)
            continue
        removed.discard(event.claim)
        if _OWN in event.body and (body := parsed(event)) is not None and not body["demo"]:
            _read(event, body, found, latest)
            statuses |= {each["id"]: _status(each) for each in body["reviews"]}
    gone = [name for name, (body, _) in latest.items() if body["id"] in removed]
    for name in gone:
        del latest[name]
    found.removed = len(removed)
    found.changes = [replace(each, status=statuses[each.review]) for each in found.changes if each.claim not in removed]
    found.checks = sorted(
        (_check(*each) for each in latest.values()), key=lambda each: (each.published_on, each.review)
    )
    found.site_place = Place(*site_head())
    _complaints(found)
    _policies(found)
    return found


def _events(year: int) -> Iterator[Event]:
    selection = Selection(Audience.PUBLIC)
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    rows, last = selection.visible().filter(at__gte=start, at__lt=end), 0
    while batch := selection.read(rows.filter(sequence__gt=last).order_by("sequence")[:_BATCH]):
        yield from batch
        last = batch[-1].sequence


def _read(event: Event, body: Json, found: Year, latest: dict[str, tuple[Json, Json]]) -> None:
    for review in body["reviews"]:
        if review["origin"] != "own":
            continue
        if (first_published_at(review) or "")[:4] == str(found.year) and not (
            body["merged_into"] and review["id"] in latest
        ):
            latest[review["id"]] = (body, review)
        if review["id"] == event.review and event.event in CHANGES:
            found.changes.append(_change(event, body, review))


def _change(event: Event, body: Json, review: Json) -> Change:
    *earlier, last = review["history"]
    before = next((each["rating"] for each in reversed(earlier) if each["rating"]), "")
    return Change(
        sequence=event.sequence,
        on=event.at.astimezone(UTC).date().isoformat(),
        claim=body["id"],
        review=review["id"],
        event=event.event,
        kind=last["correction_kind"] or "",
        before=before or "",
        after="" if event.event == "withdrawn" else last["rating"] or "",
        note=last["public_note"] or "",
    )


def _check(body: Json, review: Json) -> Check:
    status = _status(review)
    named = [item for item in review["evidence"] if item["visibility"] == "public"]
    return Check(
        claim=body["merged_into"] or body["id"],
        review=review["id"],
        published_on=(first_published_at(review) or "")[:10],
        text=body["text"],
        language=body["language"],
        organisation=review["organisation"]["name"],
        status=status,
        rating=review["rating"]["label"] if review["rating"] and status == "stands" else "",
        topics=tuple(topic["name"] for topic in body["topics"]),
        speakers=tuple(
            dict.fromkeys(
                ", ".join(filter(None, (each["speaker"]["name"], each["speaker"]["role"])))
                for each in body["statements"]
                if each["speaker"]
            )
        ),
        sources=tuple(_source(item) for item in named),
        unnamed=len(review["evidence"]) - len(named),
        speaker_asked="right_of_reply" in review or any(item["kind"] == "interview" for item in review["evidence"]),
        corrections=sum(each["kind"] == "correction" for each in review["history"]),
    )


def _status(review: Json) -> str:
    return "withdrawn" if review["withdrawn_at"] else "under review" if is_suspended(review) else "stands"


def _source(item: Json) -> Source:
    page = item.get("page") or {}
    url = page.get("url") or ""
    name = (item.get("source") or {}).get("name") or urlsplit(url).netloc
    other = next((item[each] for each in ("interview", "broadcast", "dataset", "file") if item.get(each)), None) or {}
    named = next((str(other[each]) for each in ("who", "programme", "dataset", "name") if other.get(each)), "")
    return Source(
        kind=item["kind"],
        stance=item["stance"],
        name=name or named or item["description"] or "",
        address=url,
        saved_on=(item.get("snapshot") or {}).get("taken_at", "")[:10],
    )


def _complaints(found: Year) -> None:
    told = complaints_told()
    for each in sorted([*told.listed(found.year), *told.none(found.year)], key=lambda event: event.sequence):
        answers = told.answers.get(each.subject, ())
        last = answers[-1].body if answers else {}
        found.complaints.append(
            Complaint(
                number=each.subject,
                received_on=each.body["received_on"],
                due_on=each.body["due_on"],
                claim=each.claim,
                answered_on=last.get("answered_on", ""),
                working_days=last.get("working_days"),
                outcome=last.get("outcome", ""),
                change=(last.get("change") or {}).get("sequence"),
            )
        )


def _policies(found: Year) -> None:
    """Each version in force in the year: those of the year, and the last of each page before it."""
    inherited: dict[str, Policy] = {}
    for event in reversed(site_events(Kind.PAGE_PUBLISHED)):
        on = event.at.astimezone(UTC).date()
        policy = Policy(event.subject, event.body["version"], on.isoformat(), event.body["text"])
        if on.year < found.year:
            inherited[event.subject] = policy
        elif on.year == found.year:
            found.policies.append(policy)
    found.policies = [*(inherited[each] for each in sorted(inherited)), *found.policies]


def _counted(names: Iterator[str]) -> list[tuple[str, int]]:
    """How often each occurs, the most frequent first."""
    return sorted(Counter(names).items(), key=lambda each: (-each[1], each[0]))
