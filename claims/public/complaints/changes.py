"""What we changed of our own reviews, from the public log: corrections, clarifications, updates, withdrawals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from statistics import median
from threading import Lock
from typing import Any

from django.db.models import Count

from claims.json_object import Json
from claims.models.publication import Audience
from claims.public import wording
from claims.public.bodies import current_of, parsed
from claims.publication.log_reader import Event, Selection, in_year
from claims.publication.site.log import complaints_answered, complaints_received
from sources.reordered import shown
from sources.timestamp import timestamp

KINDS = ("corrected", "clarified", "updated", "withdrawn")
SHOWN = 20
_MOST_COMPLAINTS = 10_000  # of a year, for the median
_OWN: dict[str, object] = {"review__origin": "own"}


@dataclass(frozen=True)
class Change:
    """One change, as the page and the feed tell it."""

    sequence: int
    id: str
    at: datetime
    on: str
    event: str
    label: str
    claim: str
    text: str
    """The claim as it reads now; empty if its words were removed."""
    language: str
    organisation: str
    note: str
    before: str
    after: str
    """The verdicts in words; empty unless both are known, differ, and one still stands."""
    verdict: str
    """The verdict, if the change left it as it was and it still stands."""
    standing: str
    """What readers must know first, where no verdict stands now."""
    after_complaint: str = ""


@dataclass(frozen=True)
class Figures:
    """The year in figures; `median` in days from a complaint to the change that followed, None if there was none."""

    year: int
    published: int
    corrected: int
    rating_changed: int
    withdrawn: int
    median: float | None


def changes(kinds: Sequence[str], *, year: int | None, before: int | None, limit: int) -> list[Change]:
    """The newest changes of these kinds. Three queries, and one more where complaints led to them."""
    selection = Selection(Audience.PUBLIC, events=kinds, reviews=_OWN)
    rows = selection.visible().filter(event__in=kinds, **_OWN)
    if year is not None:
        rows = rows.filter(in_year(year))
    if before is not None:
        rows = rows.filter(sequence__lt=before)
    events = list(selection.read(rows.order_by("-sequence")[:limit]))
    now = current_of({event.claim for event in events})
    led = _complaints_that_led()
    return [_change(event, now.get(event.claim), led.get(event.sequence, "")) for event in events]


def figures(year: int) -> Figures:
    """What was published and changed in a year."""
    counted = _counts.of(year)
    return Figures(year, counted.published, counted.corrected, counted.ratings, counted.withdrawn, _median(year))


def _change(event: Event, now: Json | None, complaint: str) -> Change:
    body = parsed(event)
    review = _review(body, event.review)
    history: list[Json] = review["history"] if review else []
    last = history[-1] if history else {}
    old, new = (str(each.get("rating") or "") for each in (history[-2] if len(history) > 1 else {}, last))
    standing = _standing(now, event.review)
    stands = not standing and event.event != "withdrawn" and now is not None
    return Change(
        sequence=event.sequence,
        id=event.id,
        at=event.at,
        on=wording.day(timestamp(event.at)),
        event=event.event,
        label=wording.event(event.event, last.get("correction_kind")),
        claim=event.claim,
        text=shown(now["text"]) if now else "",
        language=now["language"] if now else "",
        organisation=review["organisation"]["name"] if review else "",
        note=shown(last.get("public_note") or "") if now else "",
        before=old if stands and old != new else "",
        after=new if stands and old != new else "",
        verdict=new if stands and old == new else "",
        standing=standing,
        after_complaint=complaint,
    )


def _review(body: Json | None, name: str | None) -> Json | None:
    if body is None:
        return None
    found: Json | None = next((each for each in body["reviews"] if each["id"] == name), None)
    return found


def _standing(now: Json | None, review: str | None) -> str:
    """Why no verdict of the review stands now; empty if one does."""
    if now is None:
        return wording.event("redacted")
    if now["merged_into"]:
        return wording.event("merged")
    current = _review(now, review)
    if current is None or current["withdrawn_at"]:
        return wording.event("withdrawn")
    return wording.event("suspended") if current["suspended_since"] else ""


def _complaints_that_led() -> dict[int, str]:
    """The numbers of complaints by the place in the log of the change that followed."""
    found = {}
    for number, answers in complaints_answered().items():
        if change := answers[-1].body.get("change"):
            found[int(change["sequence"])] = number
    return found


def _median(year: int) -> float | None:
    """Days from a complaint of the year to the change that followed, where one is named."""
    received = {
        each.subject: date.fromisoformat(each.body["received_on"])
        for each in complaints_received(year=year, limit=_MOST_COMPLAINTS)
    }
    led = {sequence: number for sequence, number in _complaints_that_led().items() if number in received}
    if not led:
        return None
    rows = Selection(Audience.PUBLIC).visible().filter(sequence__in=led).values_list("sequence", "at")
    return median((at.astimezone(UTC).date() - received[led[sequence]]).days for sequence, at in rows)


@dataclass
class _Counted:
    last: int = 0
    hash: str = ""
    published: int = 0
    corrected: int = 0
    ratings: int = 0
    withdrawn: int = 0


class _Counts:
    """Counts of each year, continued from the last entry that this process counted: the log only grows."""

    def __init__(self) -> None:
        self._known: dict[int, _Counted] = {}
        self._lock = Lock()

    def of(self, year: int) -> _Counted:
        with self._lock:
            found = self._known.get(year, _Counted())
        visible = Selection(Audience.PUBLIC).visible()
        if found.last and not visible.filter(sequence=found.last, hash=found.hash).exists():
            found = _Counted()  # another log, as after a restore
        end = visible.order_by("-sequence").values_list("sequence", "hash").first()
        if end is None or end[0] == found.last:
            return found
        rows = visible.filter(in_year(year), sequence__gt=found.last, sequence__lte=end[0])
        redacted = found.last and visible.filter(sequence__gt=found.last, event="redacted").exists()
        if redacted:
            rows, found = visible.filter(in_year(year), sequence__lte=end[0]), _Counted()
        counted = self._continued(found, rows, end)
        with self._lock:
            self._known[year] = counted
        return counted

    def _continued(self, found: _Counted, rows: Any, end: tuple[int, str]) -> _Counted:
        numbers = dict(
            rows.filter(event__in=("published", "corrected", "withdrawn"), **_OWN)
            .order_by()
            .values_list("event")
            .annotate(number=Count("pk"))
        )
        ratings = 0
        if numbers.get("corrected"):
            events = Selection(Audience.PUBLIC).read(rows.filter(event="corrected", **_OWN))
            ratings = sum(_corrects_rating(event) for event in events)
        return _Counted(
            *end,
            found.published + numbers.get("published", 0),
            found.corrected + numbers.get("corrected", 0),
            found.ratings + ratings,
            found.withdrawn + numbers.get("withdrawn", 0),
        )


def _corrects_rating(event: Event) -> bool:
    review = _review(parsed(event), event.review)
    return bool(review and review["history"] and review["history"][-1]["correction_kind"] == "rating")


_counts = _Counts()
