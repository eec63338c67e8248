"""The list of all claims, in every state: where editors find one again."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk.lists.base import List
from claims.desk.lists.bulk import BulkField, BulkVerb
from claims.desk.lists.claim_filters import STATES, Known, claim_filters
from claims.desk.lists.claim_search import found_claims, is_address, place_of
from claims.desk.lists.columns import Cell, Column
from claims.models import Appearance, Claim, Recheck, ReviewVersion
from claims.people import name_of
from claims.permissions import may_edit
from claims.visibility import visible_claims

_State = ReviewVersion.State
_VERDICTS = 3
_TONES = {
    "recheck": "off",
    "suspended": "off",
    "withdrawn": "off",
    "in_review": "dim",
    "approved": "dim",
    "public": "ok",
}


def twin(claim: Any) -> str:
    """What tells a claim from another one with the same words: its period and place."""
    ends = [date_format(day, "j M Y") for day in (claim.period_start, claim.period_end) if day]
    return " · ".join(part for part in (" – ".join(dict.fromkeys(ends)), claim.place) if part)


def states(claim: Any) -> list[str]:
    """The names of the states that a claim's reviews are in, the most urgent first."""
    if claim.merged_into_id is not None:
        return ["merged"]
    found = {"recheck"} if claim.has_recheck else set()
    for version in claim.newest.values():
        review = version.review
        if version.state != _State.PUBLISHED:
            found.add(version.state)
        if review.suspended_at is not None:
            found.add("suspended")
        if review.withdrawn_at is not None:
            found.add("withdrawn")
        elif review.pk in claim.published:
            found.add("public")
    return [name for name in STATES if name in found] or ["none"]


def _text(claim: Any) -> Cell:
    language = "" if claim.language == "und" else claim.language
    return Cell(claim.text, lang=language, small=twin(claim))


def _speakers(claim: Any) -> list[Cell]:
    names = dict.fromkeys(_speaker(each) for each in claim.shown_appearances)
    return [Cell(name) for name in list(names)[:3] if name]


def _speaker(appearance: Appearance) -> str:
    source = appearance.attribution or appearance.statement
    return str(source.speaker or source.speaker_as_written)


def _label(version: Any) -> str:
    return str(version.rating.label if version.rating else version.rating_as_given)


def _ours_first(versions: Iterable[Any]) -> list[Any]:
    found = [version for version in versions if _label(version)]
    return sorted(found, key=lambda version: not version.review.organisation.is_ours)[:_VERDICTS]


def public_verdicts(claim: Any) -> list[Any]:
    """The published versions whose verdict readers see: of no review that is withdrawn or suspended."""
    reviews = (version for version in claim.published.values() if version.review.withdrawn_at is None)
    return _ours_first(version for version in reviews if version.review.suspended_at is None)


def waiting_verdicts(claim: Any) -> list[Any]:
    """The versions that are being written or wait for approval."""
    return _ours_first(version for version in claim.newest.values() if version.state != _State.PUBLISHED)


def _verdicts(claim: Any) -> list[Cell]:
    cells = []
    for version in public_verdicts(claim):
        organisation = version.review.organisation
        cells.append(Cell(_label(version), small="" if organisation.is_ours else organisation.name))
    for version in waiting_verdicts(claim):
        cells.append(Cell(_label(version), small=_("%(state)s, not public") % {"state": STATES[version.state]}))
    return cells


def _labels(versions: Iterable[Any]) -> str:
    return "; ".join(_label(version) for version in versions)


def _reviewers(claim: Any) -> str:
    return "; ".join(version.review.organisation.name for version in public_verdicts(claim))


def _period(claim: Any, name: str) -> str:
    day = getattr(claim, name)
    return day.isoformat() if day else ""


def _due(claim: Any) -> Any:
    assignment = getattr(claim, "assignment", None)
    return assignment.due_at if assignment is not None else None


def _states(claim: Any) -> list[Cell]:
    return [Cell(STATES[name], tone=_TONES.get(name, "plain")) for name in states(claim)]


def _work(claim: Any) -> Cell:
    assignment = getattr(claim, "assignment", None)
    if assignment is None:
        return Cell("")
    who = assignment.assignee
    name = name_of(who, _("nobody yet"))
    until = timezone.localtime(assignment.due_at) if assignment.due_at else None
    if until is None:
        return Cell(name)
    return Cell(name, small=_("due %(day)s, %(time)s") % {"day": date_format(until, "j M"), "time": f"{until:%H:%M}"})


def _colleagues(known: Known) -> list[tuple[str, Any]]:
    # Nobody first: pressed without a choice, the button gives the claims to nobody, not to the first colleague.
    return [("", _("nobody")), *known.of("colleague")]


def _assign(known: Known) -> BulkVerb:
    """Give several claims to a colleague; it replaces who had them, and the time by which they are due."""
    return BulkVerb(
        "claim",
        "assign",
        gettext_lazy("Assign"),
        rule="assign",
        effect=gettext_lazy("Replaces colleague and time; tells the colleague"),
        fields=(
            BulkField("assignee", gettext_lazy("Colleague"), choices=lambda user: _colleagues(known)),
            BulkField("due", gettext_lazy("Due"), "datetime-local"),
        ),
    )


class Claims(List):
    """All claims. Newest first, or as the search ranks them."""

    title = gettext_lazy("Claims")
    item, path, permission, order = "claims", "desk:claims", "claims.view_claim", "-made"
    search_label = gettext_lazy("Words of the claim, an address, or an id")
    nothing_yet = gettext_lazy(
        "There are no claims yet. Read a text for statements on Today, or write the first claim."
    )
    columns = (
        Column("claim", gettext_lazy("Claim"), _text, plain=lambda row: row.text, wide=True),
        Column("begins", gettext_lazy("About the time from"), lambda row: _period(row, "period_start"), only_csv=True),
        Column("ends", gettext_lazy("About the time until"), lambda row: _period(row, "period_end"), only_csv=True),
        Column("place", gettext_lazy("Place"), lambda row: row.place, only_csv=True),
        Column("language", gettext_lazy("Language"), lambda row: row.language, only_csv=True),
        Column("speaker", gettext_lazy("Said by"), _speakers),
        Column("verdict", gettext_lazy("Verdict"), _verdicts, no_csv=True),
        Column("public", gettext_lazy("Verdict, public"), lambda row: _labels(public_verdicts(row)), only_csv=True),
        Column("of", gettext_lazy("Verdict of"), _reviewers, only_csv=True),
        Column(
            "waiting", gettext_lazy("Verdict, not public"), lambda row: _labels(waiting_verdicts(row)), only_csv=True
        ),
        Column("state", gettext_lazy("State"), _states),
        Column("work", gettext_lazy("Worked on by"), _work),
        Column("due", gettext_lazy("Due"), _due, only_csv=True),
        Column("made", gettext_lazy("Made"), lambda row: row.created_at, ("pk",), falls=True),
        Column("id", gettext_lazy("Id"), lambda row: row.public_id),
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        known = Known()
        self.filters = claim_filters(known)
        self.bulk = (_assign(known),)
        self.is_by_words = False

    @cached_property
    def _rows(self) -> QuerySet[Claim]:
        return visible_claims(self.user)

    def rows(self) -> QuerySet[Any]:
        return self._rows.all()

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        appearances = Appearance.objects.select_related("attribution__speaker", "statement__speaker").only(
            "claim", "attribution__speaker__name", "attribution__speaker_as_written", "statement__speaker__name",
            "statement__speaker_as_written",
        )  # fmt: skip
        shown = rows.select_related("assignment__assignee").annotate(
            has_recheck=Exists(Recheck.objects.open().filter(review__claim=OuterRef("pk")))
        )
        prefetched: QuerySet[Any] = shown.prefetch_related(
            Prefetch("appearances", appearances.order_by("pk"), "shown_appearances")
        )
        return prefetched

    def prepared(self, rows: list[Any]) -> None:
        by_key = {row.pk: row for row in rows}
        for row in rows:
            row.newest, row.published = {}, {}
        versions = ReviewVersion.objects.filter(review__claim__in=list(by_key)).order_by("review", "number")
        narrow = versions.select_related("review__organisation", "rating").only(
            "number", "state", "rating_as_given", "review__claim", "review__suspended_at", "review__withdrawn_at",
            "review__organisation__name", "review__organisation__is_ours", "rating__label",
        )  # fmt: skip
        for version in narrow if rows else ():
            claim = by_key[version.review.claim_id]
            claim.newest[version.review_id] = version
            if version.state == _State.PUBLISHED:
                claim.published[version.review_id] = version

    def url(self, row: Any) -> str:
        return reverse("desk:claim", args=[row.pk])

    def jump(self, words: str) -> str:
        if is_address(words):
            return f"{reverse(self.path)}?{urlencode({'address': words})}"
        return place_of(words, self.user)

    def found(self, words: str) -> Sequence[int] | None:
        keys, by_matcher = found_claims(words)
        self.is_by_words = not by_matcher
        return keys

    def remarks(self) -> list[str]:
        if not self.is_by_words:
            return []
        return [
            _(
                "The matcher is off or still reading the claims, so this search knows the very words alone: no typing "
                "errors, no other spellings."
            )
        ]

    def actions(self) -> list[Cell]:
        if not may_edit(self.user):
            return []
        return [Cell(_("Write a claim"), url=reverse("desk:new_claim"))]
