"""What of a record may change, and how another record of the same review differs from it. Pure.

A record says only what it states: one without a summary does not say that there is none. So of what it leaves out
nothing is taken back, unless both have a date and it has the later one; it then stands for the whole.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Place(NamedTuple):
    """Where the claim was made: the words there, normalised, who is named as their speaker, and the document's key."""

    words: str
    speaker: str
    page: str

    def is_told_by(self, other: "Place") -> bool:
        """Whether the other says the same, or more."""
        return self.words == other.words and self.speaker in {"", other.speaker} and self.page in {"", other.page}


Numbers = tuple[float | None, float | None, float | None]


class Content(NamedTuple):
    """The parts of a record that may change; empty is what it does not state."""

    rating: str
    numbers: Numbers | None
    summary: str
    body: str
    headline: str
    true_as_of: date | None
    language: str
    places: tuple[Place, ...]
    withdrawn: bool


class Part(StrEnum):
    """A part of a record, in the words of the note that says what its publisher changed."""

    RATING = "the rating"
    TEXT = "the text"
    HEADLINE = "the headline"
    DAY = "the day for which it holds"
    LANGUAGE = "the language of the claim"
    PLACES = "by whom and where the claim was made"
    WITHDRAWAL = "its withdrawal"


class Changes(NamedTuple):
    """How what came differs: parts that say something else, and parts that were not here before."""

    contradicted: tuple[Part, ...]
    added: tuple[Part, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """All of them, in the order of `Part`."""
        found = {*self.contradicted, *self.added}
        return tuple(part for part in Part if part in found)

    def __bool__(self) -> bool:
        return bool(self.contradicted or self.added)


def changes(here: Content, came: Content, *, later: bool, own_places: Iterable[Place] | None = None) -> Changes:
    """The changes from what is here to what came; `later` says that both have a date and what came the later one.

    `here.places` are all places of the claim, `own_places` those that this review brought, if others brought some.
    """
    contradicted: list[Part] = []
    added: list[Part] = []

    def compare(part: Part, before: object, now: object) -> None:
        if now == before or not (now or later):
            return
        (contradicted if before else added).append(part)

    compare(Part.RATING, here.rating, came.rating)
    # Numbers alone are no other rating: an export counts from 1, or by the steps of a scale.
    if later and here.rating == came.rating and from_one(here.numbers) != from_one(came.numbers):
        contradicted.append(Part.RATING)
    compare(Part.TEXT, here.summary, came.summary)
    compare(Part.TEXT, here.body, came.body)
    compare(Part.HEADLINE, here.headline, came.headline)
    compare(Part.DAY, here.true_as_of, came.true_as_of)
    if came.language:
        compare(Part.LANGUAGE, here.language, came.language)
    if not all(_is_told(place, here.places) for place in came.places):
        known = all(_is_told(place, came.places) for place in here.places)
        (added if known else contradicted).append(Part.PLACES)
    elif later and not all(
        _is_told(place, came.places) for place in (here.places if own_places is None else own_places)
    ):
        contradicted.append(Part.PLACES)
    if here.withdrawn != came.withdrawn:
        (added if came.withdrawn else contradicted).append(Part.WITHDRAWAL)
    return Changes(tuple(dict.fromkeys(contradicted)), tuple(dict.fromkeys(added)))


def _is_told(place: Place, places: Iterable[Place]) -> bool:
    return any(place.is_told_by(other) for other in places)


def from_one(numbers: Numbers | None) -> Numbers | None:
    """The numbers moved up so that the worst is 1 at least, as ClaimReview has them."""
    if numbers is None:
        return None
    worst = numbers[1]
    up = max(0, 1 - worst) if worst is not None else 0
    value, worst, best = (None if each is None else each + up for each in numbers)
    return value, worst, best
