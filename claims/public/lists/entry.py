"""An entry of a list: a claim with its verdicts while they stand, else in what state it is, and its day."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.formats.suspended import is_suspended
from claims.json_object import Json
from claims.models.verification import Verification
from claims.public import wording
from sources.reordered import shown

_MOST = 3  # reviews that an entry names
_TONES = {
    Verification.NEEDS_RECHECK.value: "dim",
    Verification.SUSPENDED.value: "dim",
    Verification.WITHDRAWN.value: "off",
}


@dataclass(frozen=True)
class Verdict:
    """What an organisation says of the claim now; `label` is empty if it gave no rating."""

    organisation: str
    label: str
    language: str


@dataclass(frozen=True)
class Entry:
    """A claim in a list."""

    id: str
    text: str
    language: str
    state: str
    """Why no verdict, or not every one, stands; empty if all do."""
    tone: str
    verdicts: tuple[Verdict, ...]
    others: tuple[str, ...]
    """Organisations whose reviews say nothing now."""
    on: str
    changed_on: str
    """The day of its last change, if that is another one."""
    is_demo: bool

    @property
    def words(self) -> str:
        """State and verdicts in one line of plain text."""
        said = (f"{each.organisation}: {each.label}" for each in self.verdicts if each.label)
        return " · ".join([*filter(None, [self.state]), *said]) or _("no rating")


def entry_of(body: Json) -> Entry:
    """The entry of the current body of a claim that stands alone."""
    verification = body["verification"]
    standing = [review for review in body["reviews"] if _stands(review, verification)]
    rest = [review for review in body["reviews"] if review not in standing]
    on, changed_on = wording.day(body["first_published_at"]), wording.day(body["changed_at"])
    return Entry(
        id=body["id"],
        text=shown(body["text"]),
        language=body["language"],
        state=_state(verification),
        tone=_TONES.get(verification["status"], ""),
        verdicts=tuple(list(dict.fromkeys(_verdicts(body, standing)))[:_MOST]),
        others=tuple(list(dict.fromkeys(shown(review["organisation"]["name"]) for review in rest))[:_MOST]),
        on=on,
        changed_on=changed_on if changed_on != on else "",
        is_demo=body["demo"],
    )


def _stands(review: Json, verification: Json) -> bool:
    """Whether its verdict may be shown in a list, where nothing can be said beside it."""
    if review["withdrawn_at"] or is_suspended(review):
        return False
    if verification["status"] in (Verification.WITHDRAWN, Verification.MERGED):
        return False
    broken = {cause["review"] for cause in verification["because"]}
    unclear = not broken and verification["status"] == Verification.NEEDS_RECHECK  # then any of them may be meant
    return not unclear and review["id"] not in broken


def _verdicts(body: Json, reviews: list[Json]) -> Iterator[Verdict]:
    for review in reviews:
        rating, article = review["rating"], review["article"] or {}
        language = article.get("language") or body["language"]
        yield Verdict(shown(review["organisation"]["name"]), shown(rating["label"]) if rating else "", language)


def _state(verification: Json) -> str:
    status, since = verification["status"], verification["since"]
    if status == Verification.CHECKED:
        return ""
    if not since:
        return wording.status(status)
    day = {"day": wording.day(since)}
    if status == Verification.NEEDS_RECHECK:
        return _("being looked at again since %(day)s") % day
    if status == Verification.SUSPENDED:
        return _("under review since %(day)s") % day
    if status == Verification.WITHDRAWN:
        return _("withdrawn on %(day)s") % day
    return wording.status(status)
