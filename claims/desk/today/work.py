"""What waits for one person: re-checks, versions, suggestions, and what two people decide."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import notices
from claims.causes import rank_expression
from claims.desk.lists.columns import Words, one_line
from claims.desk.rechecks import words
from claims.desk.today.questions import assigned, questions
from claims.desk.today.waiting import Waiting
from claims.models import EvidenceCheck, Notice, Recheck, ReviewVersion, Suggestion
from claims.people import name_of
from claims.permissions import User, rights
from claims.visibility import visible

RECHECKS = 6
SHOWN = 12
_State = ReviewVersion.State
_KINDS = {"=": "same", "-": "removed", "+": "added"}


@dataclass(frozen=True)
class Piece:
    """A piece of the difference between two sentences, as the tag `diff` shows it."""

    kind: str
    text: str


@dataclass(frozen=True)
class OpenRecheck:
    """A re-check as a line of Today."""

    row: Recheck
    url: str
    claim: str
    language: str
    cause: str
    grade: Words
    raised_at: datetime
    pieces: list[Piece]
    notice: str
    rating: str
    published_at: datetime | None
    organisation: str
    who: Words
    is_asked: bool


_GRADES = {"substance": gettext_lazy("substance"), "wording": gettext_lazy("wording")}


def open_rechecks(user: User) -> tuple[list[OpenRecheck], int]:
    """The gravest open re-checks, and how many there are."""
    queue = visible(Recheck.objects.open(), user)
    broken = EvidenceCheck.objects.broken().select_related("evidence").order_by("-pk")
    published = ReviewVersion.objects.filter(state=_State.PUBLISHED).select_related("rating").order_by("-number")
    rows = (
        queue.select_related("review__claim__assignment__assignee", "review__organisation")
        .prefetch_related(
            Prefetch("checks", broken, "broken"),
            Prefetch("review__versions", published, "published"),
            "source_requests",
        )
        .order_by(rank_expression(), "raised_at", "pk")[:RECHECKS]
    )
    return [_recheck(row, user) for row in rows], queue.count()


def _recheck(row: Any, user: User) -> OpenRecheck:
    claim = row.review.claim
    check = row.broken[0] if row.broken else None
    version = row.review.published[0] if row.review.published else None
    assignment = getattr(claim, "assignment", None)
    who = assignment.assignee if assignment else None
    return OpenRecheck(
        row=row,
        url=reverse("desk:recheck", args=[row.pk]),
        claim=one_line(claim.text),
        language="" if claim.language == "und" else claim.language,
        cause=words.cause(row.cause, check),
        grade=_GRADES.get(row.grade, ""),
        raised_at=row.raised_at,
        pieces=[Piece(_KINDS.get(sign, "same"), words) for sign, words in _short(check.diff)] if check else [],
        notice=one_line(check.notice) if check else "",
        rating=str(version.rating.label if version and version.rating else ""),
        published_at=version.published_at if version else None,
        organisation=row.review.organisation.name,
        who=_("yours") if who and who.pk == user.pk else name_of(who) if who else _("nobody’s yet"),
        is_asked=any(each.state == "sent" for each in row.source_requests.all()),
    )


def _short(diff: Any) -> Iterator[tuple[str, str]]:
    """The pieces of a difference, with long equal parts cut."""
    pieces = [each for each in diff if isinstance(each, list) and len(each) == 2][:40]
    for sign, said in pieces:
        text = str(said)
        if sign == "=" and len(text) > 160:
            text = f"{text[:70]} … {text[-70:]}"
        yield str(sign), text[:400] + (" " if sign == "-" else "")  # what went and what came do not touch


def waiting(user: User) -> list[Waiting]:
    """What this person may approve, publish or decide, what she is asked, what was sent back to her, and her drafts."""
    mine = Q(author=user.pk)
    may = rights(user)
    wanted = mine & Q(state=_State.DRAFT)
    if "claims.approve_review" in may:
        wanted |= Q(state=_State.IN_REVIEW) & ~mine
    if "claims.publish_review" in may:
        wanted |= Q(state=_State.APPROVED)
    rows = visible(ReviewVersion.objects.exclude(state=_State.PUBLISHED).filter(wanted), user)
    versions = list(
        rows.select_related("review__claim__assignment", "author__sender", "approver").order_by("-state", "-pk")[:40]
    )
    back = _sent_back(user, versions)
    found = [_version(each, user, back.get(each.review.claim_id, "")) for each in versions]
    found += [*_suggestions(user), *questions(user)]
    found += assigned(user, {each.review.claim_id for each in versions})
    found.sort(key=lambda each: (each.rank, each.due_at is None, each.due_at.timestamp() if each.due_at else 0))
    return found[: 2 * SHOWN]


def _version(version: Any, user: User, reason: str) -> Waiting:
    claim = version.review.claim
    author = name_of(version.author, _("nobody"))
    assignment = getattr(claim, "assignment", None)
    shown = Waiting(
        url=reverse("desk:claim", args=[claim.pk]),
        text=one_line(claim.text),
        language="" if claim.language == "und" else claim.language,
        sentence="",
        due_at=assignment.due_at if assignment else None,
    )
    if version.state == _State.IN_REVIEW:
        shown.sentence, shown.tag, shown.rank = (
            _("Written by %(author)s. Read it, then approve it or send it back.") % {"author": author},
            _("to approve"),
            0,
        )
    elif version.state == _State.APPROVED:
        shown.sentence, shown.tag, shown.rank = (
            _("Approved by %(approver)s. It can go out.") % {"approver": name_of(version.approver, _("nobody"))},
            _("approved"),
            2,
        )
    elif reason:
        shown.sentence, shown.tag, shown.rank, shown.quote = _("Sent back to you."), _("your draft"), 1, reason
    else:
        shown.sentence, shown.tag, shown.rank = _("Not submitted yet."), _("your draft"), 4
    return shown


def _sent_back(user: User, versions: list[Any]) -> dict[int, str]:
    """Why drafts of this person were sent back, by claim: the newest notice about each."""
    claims = {each.review.claim_id for each in versions if each.state == _State.DRAFT and each.author_id == user.pk}
    if not claims:
        return {}
    told = notices.of(user).filter(kind=Notice.Kind.SENT_BACK, claim__in=claims).order_by("pk")
    return {row.claim_id: one_line(row.said) for row in told if row.claim_id is not None}


def _suggestions(user: User) -> list[Waiting]:
    rows = Suggestion.objects.filter(state=Suggestion.State.OPEN, version__author=user.pk)
    rows = visible(rows.select_related("version__review__claim", "suggested_by"), user)
    return [
        Waiting(
            url=reverse("desk:claim", args=[each.version.review.claim_id]),
            text=one_line(each.version.review.claim.text),
            sentence=_("%(person)s suggests a change. Accept or decline it.") % {"person": name_of(each.suggested_by)},
            tag=_("suggestion"),
            rank=1,
        )
        for each in rows.order_by("pk")[:SHOWN]
    ]
