"""The columns of Check's list exports, by what they hold. Pure.

Check (meedan/check-api) writes three lists that hold claims: items of a list, with a column for each annotation of the
workspace; fact-checks of a shared feed; articles of the kind fact-check. Names of earlier versions are known as well.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NAMES = {
    "claim": "claim|claim description|claim title",
    "title": "title|fact-check title|fact check title|item title|media title|report title",
    "summary": "summary|fact-check summary|fact check summary|analysis|analysis description|report summary|content",
    "item": "item page url|item url|check url|permalink",
    "id": "id|item id",
    "status": "status|item status",
    "rating": "rating|fact-check rating|verdict",
    "tags": "tags|tag",
    "article": "fact-check url|fact check url|report url|published article url|url",
    "link": "link|links|media url|media link|original link|item link|source url",
    "media_text": "media|media text|original claim|description|media content",
    "language": "language|fact-check language",
    "report_status": "report status",
    "created_by": "created by|author",
    "submitted_at": "submitted at|created at|date submitted",
    "posted_at": "social media posted at|media published at|published on social media at",
    "published_at": "report published at|published at|date published",
    "media": "number of media|media count|related count",
    "workspace": "workspace|team",
    "updated_at": "updated at|last updated",
    "imported": "imported?|imported",
}
_MEANINGS = {name: meaning for meaning, names in _NAMES.items() for name in names.split("|")}
_EXPLAINERS = {"id", "title", "description", "url", "language"}
_OF_CHECK = {"item", "status", "rating", "report_status", "article"}  # one of them makes a table one of Check


class NoListOfCheck(ValueError):
    """The header is not one of a list that can be taken over. The message is a sentence that says what to do."""


@dataclass(frozen=True)
class Columns:
    """Where each meaning stands, and which columns are annotations: their labels by place."""

    places: dict[str, int]
    annotations: dict[int, str]
    names: tuple[str, ...]

    def name_of(self, meaning: str) -> str:
        """The column as the file names it; empty if there is none."""
        return self.names[self.places[meaning]] if meaning in self.places else ""


def columns(header: Sequence[str]) -> Columns:
    """What each column of the header holds. Raises `NoListOfCheck`."""
    names = tuple(" ".join(name.split()) for name in header)
    plain = [re.sub(r"[\s_]+", " ", name.casefold()) for name in names]
    if set(filter(None, plain)) == _EXPLAINERS:
        raise NoListOfCheck(
            "This is a list of explainers, which are no claims. Export the items of a list, or the fact-checks."
        )
    places: dict[str, int] = {}
    annotations: dict[int, str] = {}
    for place, name in enumerate(plain):
        meaning = _MEANINGS.get(name)
        if meaning is not None and meaning not in places:
            places[meaning] = place
        elif name:
            annotations[place] = names[place]
    if not ({"claim", "title"} & set(places) and _OF_CHECK & set(places)):
        raise NoListOfCheck(
            "This is no list that Check exported: its first row has no column “Claim” or “Title”, or none of “Item page"
            " URL”, “Status”, “Rating” and “Fact-check URL”. In Check, open the list, then Export list."
        )
    return Columns(places, annotations, names)
