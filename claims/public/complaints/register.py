"""The register of complaints: number, day, claim, clock and outcome, from the site's own log and the day alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.utils.translation import ngettext

from claims.complaints.clock import DAYS, working_days
from claims.public import wording
from claims.public.bodies import texts_of
from claims.publication.site.complaints import complaints_told
from claims.publication.site.log import SiteEvent

SHOWN = 30
SHOWN_APART = 100
OUTCOMES = {
    "upheld": __("Upheld"),
    "in_part": __("Upheld in part"),
    "not_upheld": __("Not upheld"),
    "no_complaint": __("No complaint about our work"),
}


@dataclass(frozen=True)
class Line:
    """A complaint as the register lists it."""

    sequence: int
    number: str
    received: str
    claim: str
    """The public id; empty for a complaint about the site."""
    text: str
    language: str
    clock: str
    due: str
    is_overdue: bool
    outcome: str
    change: int | None
    change_of: str
    """The public id of the claim that was changed, which another one may have become part of."""
    change_name: str


@dataclass(frozen=True)
class Register:
    """A page of the register; `more` leads to the next one."""

    lines: tuple[Line, ...]
    none: tuple[Line, ...]
    """Reports that the desk answered as none about its work, apart: who reads can see that they were. The newest."""
    none_count: int
    more: int | None


def register(year: int | None = None, before: int | None = None, today: date | None = None) -> Register:
    """The register, the newest first, as of the day."""
    today = today or datetime.now(UTC).date()
    told = complaints_told()
    received = list(islice(told.listed(year, before), SHOWN + 1))
    shown, apart = received[:SHOWN], told.none(year)
    texts = texts_of({each.claim for each in (*shown, *apart[:SHOWN_APART])} - {""})

    def line(each: SiteEvent) -> Line:
        return _line(each, told.answers.get(each.subject, ()), texts.get(each.claim, ("", "")), today)

    more = shown[-1].sequence if len(received) > SHOWN else None
    return Register(tuple(map(line, shown)), tuple(map(line, apart[:SHOWN_APART])), len(apart), more)


def _line(received: SiteEvent, answers: Sequence[SiteEvent], about: tuple[str, str], today: date) -> Line:
    first, due = (date.fromisoformat(received.body[name]) for name in ("received_on", "due_on"))
    last = answers[-1].body if answers else {}
    change = last.get("change") or {}
    return Line(
        sequence=received.sequence,
        number=received.subject,
        received=wording.day(first),
        claim=received.claim,
        text=about[0],
        language=about[1],
        clock=_answered(last["working_days"]) if last else _open(first, due, today),
        due="" if last else wording.day(due),
        is_overdue=not last and today > due,
        outcome=str(OUTCOMES.get(last.get("outcome", ""), "")),
        change=change.get("sequence"),
        change_of=change.get("claim", received.claim),
        change_name=wording.event(change["event"]) if change else "",
    )


def _open(received: date, due: date, today: date) -> str:
    if today > due:
        late = working_days(due, today)
        if not late:
            return _("overdue")
        return ngettext("overdue by %(late)s working day", "overdue by %(late)s working days", late) % {"late": late}
    return _("day %(day)s of %(days)s") % {"day": working_days(received, today), "days": DAYS}


def _answered(days: int) -> str:
    if not days:
        return _("answered within a working day")
    sentence = ngettext("answered after %(days)s working day", "answered after %(days)s working days", days)
    if days > DAYS:
        sentence = _("answered late, after %(days)s working days")
    return sentence % {"days": days}
