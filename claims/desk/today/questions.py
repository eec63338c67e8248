"""What asks one person something: comments that mention her, questions about re-checks, answers of sources, and work.

A question waits until the person has commented on the claim, or until there is nothing left to answer: the comment is
settled, the re-check is closed. Reading its notice is no answer.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from claims import notices
from claims.desk.lists.columns import one_line
from claims.desk.today.waiting import Waiting
from claims.models import Assignment, Claim, Comment, Recheck, Review, ReviewVersion, SourceRequest
from claims.people import name_of
from claims.permissions import User
from claims.visibility import visible_claims

_MOST = 12  # of each kind
_LOOKED_AT = 100  # the newest notices of each kind


def questions(user: User) -> list[Waiting]:
    """The questions to this person, the oldest of each kind first."""
    return [*_mentions(user), *_asked(user), *_answers(user)]


def assigned(user: User, listed: Collection[int]) -> list[Waiting]:
    """The claims assigned to her on which something is to do, but those (primary keys) that are listed already."""
    open_version = ReviewVersion.objects.filter(review__claim=OuterRef("claim")).exclude(
        state=ReviewVersion.State.PUBLISHED
    )
    reviews = Review.objects.filter(claim=OuterRef("claim"))
    to_do = (
        Exists(open_version) | ~Exists(reviews) | Exists(Recheck.objects.open().filter(review__claim=OuterRef("claim")))
    )
    rows = Assignment.objects.filter(to_do, assignee=user.pk, claim__in=visible_claims(user)).exclude(claim__in=listed)
    return [
        _waiting(
            each.claim,
            _("%(person)s assigned it to you.") % {"person": name_of(each.assigned_by, _("Somebody"))}
            if each.assigned_by_id != user.pk
            else _("You took it."),
            _("assigned"),
            rank=3,
            due_at=each.due_at,
        )
        for each in rows.select_related("claim", "assigned_by").order_by(F("due_at").asc(nulls_last=True), "pk")[:_MOST]
    ]


def _mentions(user: User) -> list[Waiting]:
    told = notices.of(user).filter(what="mentioned").values_list("parameters__comment", flat=True)
    mine = Comment.objects.filter(author=user.pk, claim=OuterRef("claim"), created_at__gt=OuterRef("created_at"))
    keys = list(told[:_LOOKED_AT])
    rows = Comment.objects.filter(~Exists(mine), pk__in=keys, settled_at__isnull=True, claim__in=visible_claims(user))
    return [
        _waiting(
            each.claim,
            _("%(person)s mentions you. Answer with a comment, or settle it.") % {"person": name_of(each.author)},
            _("question"),
            part=f"#comment-{each.pk}",
            quote=each.text,
        )
        for each in rows.select_related("claim", "author").order_by("pk")[:_MOST]
    ]


def _asked(user: User) -> list[Waiting]:
    mine = Comment.objects.filter(author=user.pk, claim=OuterRef("claim"), created_at__gt=OuterRef("created_at"))
    told = list(notices.of(user).filter(~Exists(mine), what="asked")[:_LOOKED_AT])
    keys = {notice.parameters["recheck"] for notice in told}
    still_open = set(Recheck.objects.open().filter(pk__in=keys).values_list("pk", flat=True))
    return [
        _waiting(
            notice.claim,
            _("%(person)s asks about its re-check.") % {"person": name_of(notice.actor, _("Somebody"))},
            _("question"),
            url=reverse("desk:recheck", args=[notice.parameters["recheck"]]),
            quote=notice.parameters["question"],
        )
        for notice in reversed(told)
        if notice.parameters["recheck"] in still_open and notice.claim is not None
    ][:_MOST]


def _answers(user: User) -> list[Waiting]:
    mine = Q(sent_by=user.pk) | Q(recheck__review__claim__assignment__assignee=user.pk)
    rows = SourceRequest.objects.filter(
        mine,
        state=SourceRequest.State.ANSWERED,
        recheck__in=Recheck.objects.open().filter(review__claim__in=visible_claims(user)).values("pk"),
    )
    return [
        _waiting(
            each.recheck.review.claim,
            _("The source answered. Decide on the re-check."),
            _("answer"),
            url=reverse("desk:recheck", args=[each.recheck_id]),
        )
        for each in rows.select_related("recheck__review__claim").order_by("ended_at", "pk")[:_MOST]
    ]


def _waiting(
    claim: Claim,
    sentence: str,
    tag: str,
    *,
    url: str = "",
    part: str = "",
    quote: str = "",
    rank: int = 1,
    due_at: datetime | None = None,
) -> Waiting:
    more: dict[str, Any] = {"quote": one_line(quote), "rank": rank, "due_at": due_at}
    return Waiting(
        url=(url or reverse("desk:claim", args=[claim.pk])) + part,
        text=one_line(claim.text),
        language="" if claim.language == "und" else claim.language,
        sentence=sentence,
        tag=tag,
        **more,
    )
