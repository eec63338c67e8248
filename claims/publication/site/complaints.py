"""The complaints of the site's own log, as each process keeps them: a log only grows, so it reads what is new.

One query says whether there is something new; another one reads it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from claims.publication.site.log import Kind, SiteEvent, has_site_entry, site_events, site_head

NO_COMPLAINT = "no_complaint"
"""The outcome of what the desk answered as no complaint about its work."""


@dataclass(frozen=True)
class ComplaintsTold:
    """What the log tells of complaints up to its entry `sequence`; never changed once it is made."""

    sequence: int = 0
    hash: str = ""
    received: tuple[SiteEvent, ...] = ()
    """The newest first."""
    answers: Mapping[str, tuple[SiteEvent, ...]] = field(default_factory=dict)
    """By the complaint's number, the oldest first: what followed can be named later."""

    def listed(self, year: int | None = None, before: int | None = None) -> Iterator[SiteEvent]:
        """Those about our work, the newest first; of a year, from before an entry."""
        for each in self._of(year):
            if (before is None or each.sequence < before) and not self._is_none(each.subject):
                yield each

    def none(self, year: int | None = None) -> list[SiteEvent]:
        """Those that were answered as no complaints about our work, the newest first."""
        return [each for each in self._of(year) if self._is_none(each.subject)]

    def led_to(self) -> dict[int, str]:
        """The numbers of complaints by the place in the log of claims of the change that followed."""
        changes = ((number, answers[-1].body["change"]) for number, answers in self.answers.items())
        return {change["sequence"]: number for number, change in changes if change}

    def _of(self, year: int | None) -> Iterator[SiteEvent]:
        start = "" if year is None else f"{year}-"
        return (each for each in self.received if each.subject.startswith(start))

    def _is_none(self, number: str) -> bool:
        answers = self.answers.get(number)
        return bool(answers) and answers[-1].body["outcome"] == NO_COMPLAINT  # type: ignore[index]


_known = ComplaintsTold()


def complaints_told() -> ComplaintsTold:
    """What the log tells of complaints now. Two queries, one if there is nothing new."""
    global _known
    known, (sequence, hash) = _known, site_head()
    if (sequence, hash) == (known.sequence, known.hash):
        return known
    if known.sequence and not has_site_entry(known.sequence, known.hash):
        known = ComplaintsTold()  # another log, as after a restore
    new = site_events(Kind.COMPLAINT_RECEIVED, Kind.COMPLAINT_ANSWERED, after=known.sequence)
    received = (*(each for each in new if each.kind == Kind.COMPLAINT_RECEIVED), *known.received)
    answers = dict(known.answers)
    for each in reversed(new):
        if each.kind == Kind.COMPLAINT_ANSWERED:
            answers[each.subject] = (*answers.get(each.subject, ()), each)
    _known = ComplaintsTold(sequence, hash, received, answers)
    return _known
