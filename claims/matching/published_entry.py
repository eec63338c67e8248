"""Read what a published body says of its claim, and make an index entry of it."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from claims.formats.suspended import is_suspended
from claims.matching.types import ClaimEntry

HIDDEN = ("withdrawn", "merged")
"""Verification states of claims that no index holds."""


class Wording(NamedTuple):
    """What a claim says: its text, language ("" if it is not known), first and last day, and place ("" for none)."""

    text: str
    language: str
    period: tuple[date | None, date | None]
    place: str


def wording_of(body: dict[str, Any]) -> Wording:
    """The wording of a published body, or of one of those that it has in `merged_from`."""
    period = body["period"] or {}
    return Wording(
        text=body["text"],
        language="" if body["language"] == "und" else body["language"],
        period=(_day(period.get("start")), _day(period.get("end"))),
        place=body["place"] or "",
    )


def entry_of(body: dict[str, Any]) -> ClaimEntry:
    """The entry of a claim whose published body this is.

    Headlines of withdrawn and suspended reviews are left out: they often say the verdict. Wordings of claims that were
    merged into this one find it as its headlines do.
    """
    wording = wording_of(body)
    reviews = body["reviews"]
    standing = [review for review in reviews if not review["withdrawn_at"] and not is_suspended(review)]
    titles = [review["article"]["title"] for review in standing if review["article"]]
    titles += [merged["text"] for merged in body.get("merged_from", ())]
    return ClaimEntry(
        id=body["id"],
        sequence=body["sequence"],
        text=wording.text,
        language=wording.language,
        titles=_distinct(titles),
        speakers=_distinct(each["speaker"]["name"] for each in body["statements"] if each["speaker"]),
        period_start=wording.period[0],
        period_end=wording.period[1],
        place=wording.place,
        organisations=_distinct(review["organisation"]["id"] for review in reviews),
        topics=_distinct(topic["slug"] for topic in body["topics"]),
    )


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
