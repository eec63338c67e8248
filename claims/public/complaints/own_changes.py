"""Which entries of the log changed reviews of our own, as each process keeps them: the log only grows.

A log of 100,000 imported reviews that were updated once a year has few of ours among them, and no index tells them
apart. So each process notes the places of ours once, and from then on reads what is new. One query says whether there
is something new.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC
from typing import NamedTuple

from django.db.models import Count
from django.db.models.functions import ExtractYear

from claims.models.publication import Audience
from claims.public.bodies import parsed, review_of
from claims.publication.log_reader import CHANGES, Event, Selection

_OWN = {"review__origin": "own"}


class OwnChange(NamedTuple):
    """The place of a change in the log, and whether it corrected the rating."""

    sequence: int
    event: str
    year: int
    rating: bool


@dataclass(frozen=True)
class OwnChanges:
    """Our changes up to the entry `sequence`, the oldest first, and how many reviews we published in each year."""

    sequence: int = 0
    hash: str = ""
    changed: tuple[OwnChange, ...] = ()
    published: Counter[int] = field(default_factory=Counter)


_known = OwnChanges()


def own_changes() -> OwnChanges:
    """Our changes as the log has them now."""
    global _known
    known, visible = _known, Selection(Audience.PUBLIC).visible()
    sequence, hash = visible.order_by("-sequence").values_list("sequence", "hash").first() or (0, "")
    if (sequence, hash) == (known.sequence, known.hash):
        return known
    if known.sequence and (
        not visible.filter(sequence=known.sequence, hash=known.hash).exists()  # another log, as after a restore
        or visible.filter(sequence__gt=known.sequence, event="redacted").exists()  # bodies are gone
    ):
        known = OwnChanges()
    new = visible.filter(sequence__gt=known.sequence, sequence__lte=sequence, **_OWN)
    changes = new.filter(event__in=CHANGES).order_by("sequence")
    rows = list(changes.values_list("sequence", "event", ExtractYear("at", tzinfo=UTC)))
    ratings = _ratings([place for place, event, _year in rows if event == "corrected"])
    changed = (OwnChange(place, event, year, place in ratings) for place, event, year in rows)
    years = new.filter(event="published").annotate(year=ExtractYear("at", tzinfo=UTC)).values("year")
    published = known.published + Counter(dict(years.annotate(reviews=Count("pk")).values_list("year", "reviews")))
    _known = OwnChanges(sequence, hash, (*known.changed, *changed), published)
    return _known


def _ratings(corrected: list[int]) -> set[int]:
    """Those of these entries that corrected a rating; of a redacted one nobody can tell any more."""
    selection = Selection(Audience.PUBLIC)
    events = selection.read(selection.visible().filter(sequence__in=corrected)) if corrected else []
    return {event.sequence for event in events if _corrects_rating(event)}


def _corrects_rating(event: Event) -> bool:
    """Whether the rating is another than before, whatever the correction is called."""
    review = review_of(parsed(event), event.review)
    history = review["history"] if review is not None else []
    if not history:
        return False
    changed = len(history) > 1 and history[-1]["rating"] != history[-2]["rating"]
    return bool(changed or history[-1]["correction_kind"] == "rating")
