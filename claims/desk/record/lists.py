"""The lists of the public record: what went out, corrections, letters to sources."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from claims.desk.lists.base import List
from claims.desk.lists.columns import Cell, Column
from claims.desk.lists.filters import Choice, Days
from claims.desk.rechecks.words import LETTER_GRADES, LETTER_STATES, letter_state
from claims.desk.record.words import AUDIENCES, EVENTS, audience_label, event_label, event_sentence
from claims.models import Publication, ReviewVersion, SourceRequest
from claims.models.publication import last_before
from claims.people import name_of
from claims.visibility import visible
from claims.watch.review_days import today

Kind = ReviewVersion.Kind
KINDS = {
    Kind.CORRECTION.value: __("correction"),
    Kind.UPDATE.value: __("update"),
    Kind.CLARIFICATION.value: __("clarification"),
    Kind.WITHDRAWAL.value: __("withdrawal"),
}
CORRECTION_KINDS = {
    ReviewVersion.CorrectionKind.RATING.value: __("the rating was wrong"),
    ReviewVersion.CorrectionKind.SUBSTANTIVE.value: __("a fact was wrong"),
    ReviewVersion.CorrectionKind.TYPO.value: __("a name or a typing error"),
}
_TABS = (
    ("desk:record", __("What went out")),
    ("desk:record_corrections", __("Corrections")),
    ("desk:record_complaints", __("Complaints")),
    ("desk:record_letters", __("Letters to sources")),
    ("desk:record_proof", __("Proof")),
)


def tabs(current: str) -> list[dict[str, Any]]:
    """The parts of the public record."""
    return [
        {"label": label, "url": reverse(route), "count": None, "current": route == current} for route, label in _TABS
    ]


def first_moment(day: date) -> datetime:
    """When a day begins in the person's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _went_out(rows: QuerySet[Any], first: date | None, last: date | None) -> QuerySet[Any]:
    # The log is in the order of time, so its days are found by sequence.
    if first is not None:
        rows = rows.filter(sequence__gt=last_before(first_moment(first)))
    if last is not None:
        rows = rows.filter(sequence__lte=last_before(first_moment(last + timedelta(days=1))))
    return rows


def _between(field: str) -> Any:
    def cut(rows: QuerySet[Any], first: date | None, last: date | None) -> QuerySet[Any]:
        if first is not None:
            rows = rows.filter(**{f"{field}__gte": first_moment(first)})
        if last is not None:
            rows = rows.filter(**{f"{field}__lt": first_moment(last + timedelta(days=1))})
        return rows

    return cut


class OfTheRecord(List):
    """A tab of the public record."""

    item = "record"
    permission = "claims.view_publication"
    search_label = __("Words of the claim, or an id")

    def tabs(self) -> list[dict[str, Any]]:
        return tabs(self.path)


class WentOut(OfTheRecord):
    """The publication log in words, newest first."""

    title = __("Public record")
    path = "desk:record"
    order = "-at"
    nothing_yet = __("Nothing went out yet. The first entry comes with the first claim that is published.")
    columns = (
        Column("at", __("when"), lambda row: row.at, ("sequence",), falls=True),
        Column(
            "event",
            __("what was told"),
            lambda row: Cell(event_label(row.event), tone="plain", small=event_sentence(row.event)),
        ),
        Column("audience", __("to whom"), lambda row: audience_label(row.audience)),
        Column(
            "claim",
            __("claim"),
            lambda row: Cell(
                row.claim.text,
                url=reverse("desk:claim", args=[row.claim_id]),
                lang=row.claim.language,
                small=str(row.review.organisation) if row.review else "",
            ),
            wide=True,
        ),
        Column(
            "organisation",
            __("review of"),
            lambda row: str(row.review.organisation) if row.review else "",
            only_csv=True,
        ),
        Column("number", __("number among the claim’s entries"), lambda row: row.version, only_csv=True),
        Column("entry", __("entry"), lambda row: Cell(str(row.sequence), small=row.public_id)),
        Column("entry_id", __("id of the entry"), lambda row: row.public_id, only_csv=True),
        Column("claim_id", __("id of the claim"), lambda row: row.claim.public_id, only_csv=True),
    )
    filters = (
        Choice(
            "event",
            __("What was told"),
            tuple(EVENTS.items()),
            lambda rows, value, user: rows.filter(event=value),
        ),
        Choice(
            "audience",
            __("To whom"),
            tuple(AUDIENCES.items()),
            lambda rows, value, user: rows.filter(audience=value),
        ),
        Days("day", __("From"), __("To"), _went_out),
    )

    def rows(self) -> QuerySet[Any]:
        return visible(Publication.objects.all(), self.user)

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("claim", "review__organisation")

    def search(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        if words.startswith("clm_"):
            return rows.filter(claim__public_id=words)
        if words.startswith("pub_"):
            return rows.filter(public_id=words)
        if words.isascii() and words.isdecimal() and len(words) < 19:
            return rows.filter(sequence=int(words))
        return rows.filter(claim__text__icontains=words)


class Corrections(OfTheRecord):
    """Versions that changed what was public, with what readers were told."""

    title = __("Corrections")
    path = "desk:record_corrections"
    permission = "claims.view_reviewversion"
    order = "-at"
    nothing_yet = __("Nothing that went out was corrected, updated or withdrawn yet.")
    columns = (
        Column("at", __("when"), lambda row: row.published_at, ("published_at",), falls=True),
        Column(
            "kind",
            __("kind"),
            lambda row: Cell(KINDS[row.kind], tone="plain", small=CORRECTION_KINDS.get(row.correction_kind, "")),
        ),
        Column(
            "claim",
            __("claim"),
            lambda row: Cell(
                row.review.claim.text,
                url=f"{reverse('desk:claim', args=[row.review.claim_id])}?version={row.pk}",
                lang=row.review.claim.language,
                small=str(row.review.organisation),
            ),
            wide=True,
        ),
        Column(
            "wrong",
            __("what was wrong"),
            lambda row: CORRECTION_KINDS.get(row.correction_kind, ""),
            only_csv=True,
        ),
        Column("organisation", __("review of"), lambda row: str(row.review.organisation), only_csv=True),
        Column("note", __("what readers were told"), lambda row: row.public_note, wide=True),
        Column("who", __("by whom"), lambda row: _two(row), no_csv=True),
        Column("author", __("written by"), lambda row: name_of(row.author), only_csv=True),
        Column("approver", __("approved by"), lambda row: name_of(row.approver), only_csv=True),
        Column("id", __("id of the claim"), lambda row: row.review.claim.public_id, only_csv=True),
    )
    filters = (
        Choice(
            "kind",
            __("Kind"),
            tuple(KINDS.items()),
            lambda rows, value, user: rows.filter(kind=value),
            default=Kind.CORRECTION.value,
        ),
        Choice(
            "wrong",
            __("What was wrong"),
            tuple(CORRECTION_KINDS.items()),
            lambda rows, value, user: rows.filter(correction_kind=value),
        ),
        Days("day", __("From"), __("To"), _between("published_at")),
    )

    def rows(self) -> QuerySet[Any]:
        published = ReviewVersion.objects.filter(state=ReviewVersion.State.PUBLISHED)
        return visible(published.exclude(kind=Kind.ORIGINAL), self.user)

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("review__claim", "review__organisation", "author", "approver")

    def search(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        if words.startswith("clm_"):
            return rows.filter(review__claim__public_id=words)
        return rows.filter(Q(review__claim__text__icontains=words) | Q(public_note__icontains=words))


class Letters(OfTheRecord):
    """Letters to the sources of pages, in every state."""

    title = __("Letters to sources")
    path = "desk:record_letters"
    permission = "claims.view_recheck"
    order = "-written"
    search_label = __("Words of the letter or the claim, or an address")
    nothing_yet = __("No source was asked yet. A letter begins on a re-check, with “Ask the source”.")
    columns = (
        Column("page", __("page"), lambda row: Cell(str(row.page), small=row.recipient), wide=True),
        Column("address", __("address"), lambda row: row.page.url, only_csv=True),
        Column("recipient", __("recipient"), lambda row: row.recipient, only_csv=True),
        Column("grade", __("how grave"), lambda row: Cell(LETTER_GRADES[row.grade], tone="plain"), ("grade",)),
        Column("state", __("state"), lambda row: _state(row), ("state",)),
        Column("written", __("written"), lambda row: row.created_at, ("created_at",), falls=True),
        Column("sent", __("sent"), lambda row: row.sent_at or "", ("sent_at",), falls=True),
        Column("deadline", __("answer by"), lambda row: row.deadline or "", ("deadline",)),
        Column(
            "claim",
            __("claim"),
            lambda row: Cell(
                row.recheck.review.claim.text,
                url=reverse("desk:claim", args=[row.recheck.review.claim_id]),
                lang=row.recheck.review.claim.language,
            ),
            wide=True,
        ),
        Column("who", __("by whom"), lambda row: name_of(row.sent_by or row.drafted_by)),
    )
    filters = (
        Choice(
            "state",
            __("State"),
            (*LETTER_STATES.items(), ("late", __("the day is over"))),
            lambda rows, value, user: (
                rows.filter(state=SourceRequest.State.SENT, deadline__lt=today())
                if value == "late"
                else rows.filter(state=value)
            ),
        ),
        Choice(
            "grade",
            __("How grave"),
            tuple(LETTER_GRADES.items()),
            lambda rows, value, user: rows.filter(grade=value),
        ),
        Days("day", __("Sent from"), __("To"), _between("sent_at")),
    )

    def rows(self) -> QuerySet[Any]:
        return visible(SourceRequest.objects.all(), self.user)

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("page", "recheck__review__claim", "sent_by", "drafted_by")

    def search(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        return rows.filter(
            Q(text__icontains=words)
            | Q(page__url__icontains=words)
            | Q(recipient__icontains=words)
            | Q(recheck__review__claim__text__icontains=words)
        )

    def url(self, row: Any) -> str:
        return reverse("desk:recheck", args=[row.recheck_id])


def _state(row: Any) -> Cell:
    if row.state == SourceRequest.State.SENT and row.deadline is not None and row.deadline < today():
        return Cell(_("the day is over"), tone="off")
    return Cell(letter_state(row), tone="dim" if row.state == SourceRequest.State.SENT else "plain")


def _two(row: Any) -> str:
    author, approver = name_of(row.author), name_of(row.approver)
    if not approver:
        return author
    return _("%(author)s, approved by %(approver)s") % {"author": author, "approver": approver}
