"""What we changed of our own reviews, from the public log: corrections, clarifications, updates, withdrawals."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from statistics import median

from claims.json_object import Json
from claims.models.publication import Audience
from claims.public import wording
from claims.public.bodies import current_of, parsed, review_of
from claims.public.complaints.own_changes import own_changes
from claims.public.history import why_no_verdict
from claims.publication.log_reader import Event, Selection
from claims.publication.site.complaints import complaints_told
from sources.reordered import shown
from sources.timestamp import timestamp

SHOWN = 20


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
    """The newest changes of these kinds, of a year, from before a place in the log."""
    own = own_changes()
    found = (
        each.sequence
        for each in reversed(own.changed)
        if each.event in kinds and year in (None, each.year) and (before is None or each.sequence < before)
    )
    sequences = list(islice(found, limit))
    selection = Selection(Audience.PUBLIC)
    events = selection.read(selection.visible().filter(sequence__in=sequences)) if sequences else []
    events.sort(key=lambda event: -event.sequence)
    now = current_of({event.claim for event in events})
    led = complaints_told().led_to()
    return [_change(event, now.get(event.claim), led.get(event.sequence, "")) for event in events]


def figures(year: int) -> Figures:
    """What was published and changed in a year."""
    own = own_changes()
    told = Counter(each.event for each in own.changed if each.year == year)
    ratings = sum(each.year == year and each.rating for each in own.changed)
    return Figures(year, own.published[year], told["corrected"], ratings, told["withdrawn"], _median(year))


def _change(event: Event, now: Json | None, complaint: str) -> Change:
    body = parsed(event)
    review = review_of(body, event.review)
    history: list[Json] = review["history"] if review else []
    last = history[-1] if history else {}
    old, new = (str(each.get("rating") or "") for each in (history[-2] if len(history) > 1 else {}, last))
    standing = why_no_verdict(now, event.review)
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


def _median(year: int) -> float | None:
    """Days from a complaint of the year to the change that followed, where one is named."""
    told = complaints_told()
    received = {each.subject: date.fromisoformat(each.body["received_on"]) for each in told.listed(year)}
    led = {sequence: number for sequence, number in told.led_to().items() if number in received}
    if not led:
        return None
    rows = Selection(Audience.PUBLIC).visible().filter(sequence__in=led).values_list("sequence", "at")
    return median((at.astimezone(UTC).date() - received[led[sequence]]).days for sequence, at in rows)
