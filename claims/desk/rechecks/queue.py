"""The queue of re-checks: the gravest first, with state, age and who took it."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as __

from claims.causes import rank_expression
from claims.desk.lists.base import List
from claims.desk.lists.columns import Cell, Column
from claims.desk.lists.filters import Choice
from claims.desk.rechecks import words
from claims.desk.rechecks.comparison import for_queue, pages_of
from claims.desk.shell.navigation import count
from claims.models import Organisation, Recheck, SourceRequest
from claims.people import name_of
from claims.visibility import visible

_OPEN = (Recheck.State.RAISED, Recheck.State.CONFIRMED)
State = SourceRequest.State


def _why(row: Any) -> list[Cell]:
    worst = next((check for check in row.broken if check.why == row.cause), None)
    cells = [Cell(words.cause(row.cause, worst), tone="off" if row.is_open else "plain")]
    return [*cells, Cell(words.grade(row.grade), tone="plain")] if row.grade else cells


def _changed(row: Any) -> Cell:
    check = next((check for check in row.broken if check.why == row.cause), row.broken[0] if row.broken else None)
    return Cell(pages_of(row), small=words.explained(check) if check is not None else "")


def _who(row: Any) -> str:
    assigned = getattr(row.review.claim, "assignment", None)
    person = (assigned.assignee if assigned is not None else None) or row.seen_by
    return name_of(person)


def _by_state(rows: QuerySet[Any], value: str, _user: Any) -> QuerySet[Any]:
    return rows.filter(state__in=_OPEN) if value == "open" else rows.filter(state=value)


def _by_person(rows: QuerySet[Any], value: str, user: Any) -> QuerySet[Any]:
    assigned = "review__claim__assignment__assignee"
    if value == "me":
        return rows.filter(Q(**{assigned: user.pk}) | Q(seen_by=user.pk, **{f"{assigned}__isnull": True}))
    return rows.filter(seen_by__isnull=True, **{f"{assigned}__isnull": True})


def _by_letter(rows: QuerySet[Any], value: str, _user: Any) -> QuerySet[Any]:
    letters = SourceRequest.objects.filter(recheck=OuterRef("pk"))
    if value == "none":
        return rows.filter(~Exists(letters))
    return rows.filter(Exists(letters.filter(state=State.SENT if value == "waiting" else State.ANSWERED)))


@count("rechecks")
def open_rechecks(request: HttpRequest) -> QuerySet[Recheck]:
    """The open re-checks that this person may see."""
    return visible(Recheck.objects.open(), request.user).order_by()


class Rechecks(List):
    """Re-checks, open ones unless the address asks for others."""

    title = __("Re-checks")
    item = "rechecks"
    path = "desk:rechecks"
    permission = "claims.view_recheck"
    search_label = __("Words of the claim, or an address")
    order = "why"
    nothing_yet = __("No re-check was raised yet: every quote that is watched stands where it was quoted.")
    columns = (
        Column(
            "claim", __("claim"), lambda row: Cell(row.review.claim.text, lang=row.review.claim.language), wide=True
        ),
        Column("why", __("what changed"), _why, ("rank", "raised_at", "pk"), plain=lambda row: _why(row)[0]),
        Column("grade", __("how grave"), lambda row: words.grade(row.grade) if row.grade else "", only_csv=True),
        Column("page", __("page"), _changed),
        Column("found", __("what was found"), lambda row: _changed(row).small, only_csv=True),
        Column("state", __("state"), words.state, ("state",)),
        Column("since", __("raised"), lambda row: row.raised_at, ("raised_at",), falls=True),
        Column("who", __("who took it"), _who),
        Column("organisation", __("organisation"), lambda row: str(row.review.organisation), only_csv=True),
        Column("id", __("id"), lambda row: row.public_id, only_csv=True),
    )
    filters = (
        Choice(
            "state",
            __("State"),
            (("open", __("open")), *words.STATES.items()),
            _by_state,
            default="open",
        ),
        Choice(
            "cause",
            __("What changed"),
            tuple(words.CAUSES.items()),
            lambda rows, value, user: rows.filter(cause=value),
        ),
        Choice("who", __("Who took it"), (("me", __("I")), ("nobody", __("nobody yet"))), _by_person),
        Choice(
            "letter",
            __("Letter to the source"),
            (("waiting", __("waits for an answer")), ("answered", __("answered")), ("none", __("none"))),
            _by_letter,
        ),
        Choice(
            "organisation",
            __("Organisation"),
            lambda user: [
                (str(key), name)
                for key, name in Organisation.objects.filter(reviews__rechecks__isnull=False)
                .distinct()
                .order_by("name")
                .values_list("pk", "name")[:200]
            ],
            lambda rows, value, user: rows.filter(review__organisation=value),
        ),
    )

    def rows(self) -> QuerySet[Any]:
        return visible(Recheck.objects.annotate(rank=rank_expression()), self.user)

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return for_queue(rows).select_related("review__claim__assignment__assignee")

    def search(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        if words.startswith("rck_"):
            return rows.filter(public_id=words)
        by_page = Recheck.objects.filter(pk=OuterRef("pk"), checks__evidence__page__url__icontains=words)
        return rows.filter(Q(review__claim__text__icontains=words) | Exists(by_page))

    def url(self, row: Any) -> str:
        return reverse("desk:recheck", args=[row.pk])
