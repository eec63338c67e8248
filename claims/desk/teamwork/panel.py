"""What the workbench shows of working together: people, comments, checklist and timer of one claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk.shell import typed
from claims.desk.teamwork.seen_here import sentence
from claims.models import Assignment, ChecklistItem, Claim, Comment, Organisation, PublicationTimer, ReviewVersion
from claims.people import name_of
from claims.permissions import User, may_assign, may_comment, may_create, may_set_timer, may_write
from claims.teamwork import checklists, comments, presence, timers
from claims.teamwork.checklists import Line
from claims.teamwork.colleagues import colleagues
from sources.database import clock

COMMENT = "comment"
"""The field of a new comment; `text` would be the claim's own."""
LOCAL = "%Y-%m-%dT%H:%M"
ABOUT = {
    "claim": gettext_lazy("the claim"),
    "rating": gettext_lazy("the rating"),
    "summary": gettext_lazy("the finding"),
    "body": gettext_lazy("how we checked"),
    "public_note": gettext_lazy("what changed"),
    "true_as_of": gettext_lazy("the day of the finding"),
    "evidence": gettext_lazy("the evidence"),
    "statements": gettext_lazy("who said it"),
}


@dataclass(frozen=True)
class Person:
    """A colleague who can be chosen, by the name that is shown."""

    pk: int
    username: str
    name: str


@dataclass(frozen=True)
class People:
    """Who works on the claim, until when, and who has it open."""

    claim: Claim
    assignment: Assignment | None
    due: str  # as a field for local time holds it
    choices: Sequence[Person]
    may_assign: bool
    presence_url: str
    here: str
    timer: PublicationTimer | None
    may_take_back: bool


@dataclass(frozen=True)
class Said:
    """A comment as the page shows it to one person."""

    row: Comment
    about: str
    may_edit: bool


@dataclass(frozen=True)
class Comments:
    """The comments on the claim, those that are settled apart."""

    claim: Claim
    version: ReviewVersion | None
    open: Sequence[Said]
    settled: Sequence[Said]
    may_comment: bool
    about: Sequence[tuple[str, Any]]
    typed: str
    """What was typed and refused."""
    names: Sequence[dict[str, str]]
    """Whom the script offers after an @."""


@dataclass(frozen=True)
class Checklist:
    """The checklist of the version, or of the review that would be begun."""

    organisation: Organisation | None
    lines: Sequence[Line]
    may_tick: bool
    missing: int


def of_claim(claim: Claim, version: ReviewVersion | None, user: User) -> dict[str, Any]:
    """The context of `desk/teamwork/people.html`, `comments.html` and `checklist.html`."""
    choices = [Person(each.pk, each.get_username(), name_of(each)) for each in colleagues(claim)]
    return {
        "people": _people(claim, version, user, choices),
        "comments": _comments(claim, version, user, choices),
        "checklist": checklist_of(version, user, claim),
    }


def local(moment: datetime | None) -> str:
    """The time as a `datetime-local` field holds it, in the person's zone."""
    return "" if moment is None else timezone.localtime(moment).strftime(LOCAL)


def checklist_of(version: ReviewVersion | None, user: User, claim: Claim | None = None) -> Checklist:
    """The checklist of a version; without one, that of the only organisation of ours, for the review to be begun."""
    if version is None:
        ours = list(Organisation.objects.filter(is_ours=True)[:2])
        organisation = ours[0] if len(ours) == 1 else None
        items: Sequence[ChecklistItem] = list(checklists.items_of(organisation)) if organisation else []
        lines = [Line(item, is_done=False) for item in items]
        return Checklist(organisation, lines, may_tick=may_create(user, claim), missing=len(lines))
    lines = [] if version.kind == ReviewVersion.Kind.WITHDRAWAL else checklists.lines(version)
    may = version.state in (ReviewVersion.State.DRAFT, ReviewVersion.State.IN_REVIEW) and may_write(user, version)
    missing = sum(not line.is_done for line in lines)
    return Checklist(version.review.organisation, lines, may_tick=may, missing=missing)


def _people(claim: Claim, version: ReviewVersion | None, user: User, choices: Sequence[Person]) -> People:
    assignment = Assignment.objects.filter(claim=claim).select_related("assignee", "assigned_by").first()
    timer = None if version is None else timers.waiting(version)
    may_take_back = timer is not None and version is not None
    return People(
        claim=claim,
        assignment=assignment,
        due=local(assignment.due_at) if assignment else "",
        choices=choices,
        may_assign=may_assign(user, claim),
        presence_url=reverse("desk:presence", args=[claim.pk]),
        here=sentence(presence.others(user, claim)),
        timer=timer,
        may_take_back=may_take_back
        and timer is not None
        and version is not None
        and (timer.set_by_id == user.pk or may_set_timer(user, version)),
    )


def _comments(claim: Claim, version: ReviewVersion | None, user: User, choices: Sequence[Person]) -> Comments:
    rows = list(Comment.objects.filter(claim=claim).select_related("author", "settled_by", "version"))
    now = clock.now() if any(row.author_id == user.pk for row in rows) else None
    said = [Said(row, str(ABOUT.get(row.about, "")), comments.may_edit(user, row, now=now)) for row in rows]
    kept = typed.kept(user, f"claim:{claim.pk}")
    held = kept.values.get(COMMENT, [""]) if kept is not None else [""]
    return Comments(
        claim=claim,
        version=version,
        open=[each for each in said if each.row.settled_at is None],
        settled=[each for each in said if each.row.settled_at is not None],
        may_comment=may_comment(user, claim),
        about=[("", _("the claim as a whole")), *ABOUT.items()],
        typed=held[0] if isinstance(held, list) else str(held),
        names=[{"username": each.username, "name": each.name} for each in choices],
    )
