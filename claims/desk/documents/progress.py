"""How far the desk is with the statements of a document: which wait, which are done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from claims.desk.shell.labels import in_words
from claims.models import Appearance, Claim, Document, Statement
from claims.models.verification import Verification, with_verification
from claims.permissions import hidden_restrictions

WORTH, ALL, LEFT = "worth", "all", "todo"
SHOWS = {WORTH: _("Worth checking"), ALL: _("All"), LEFT: _("To do")}
"""Which statements are highlighted, and passed through by next and previous."""


@dataclass(frozen=True)
class Marked:
    """A statement as the text shows it. `look` is the class of its mark; `tag` says how far its claim is."""

    row: Statement
    number: int
    look: str
    words: Any
    tag: str = ""

    @property
    def start(self) -> int:
        return self.row.start

    @property
    def end(self) -> int:
        return self.row.end


def seen_appearances(user: Any) -> QuerySet[Appearance]:
    """The links of claims that this person may see."""
    return Appearance.objects.exclude(claim__in=hidden_restrictions(user).values("claim"))


def made(user: Any) -> Exists:
    """Whether a claim was made of a statement, as far as the person may know."""
    return Exists(seen_appearances(user).filter(statement=OuterRef("pk")))


def chosen(rows: QuerySet[Statement], show: str, user: Any) -> QuerySet[Statement]:
    """The statements that a filter shows."""
    if show == WORTH:
        return rows.filter(checkworthy=True)
    if show == LEFT:
        return rows.filter(checkworthy=True, set_aside_at=None).exclude(made(user))
    return rows


def counts(document: Document, user: Any) -> dict[str, int]:
    """How many statements each filter shows."""
    rows = document.statements.annotate(_made=made(user))
    waits = Q(checkworthy=True, set_aside_at=None, _made=False)
    return rows.aggregate(
        **{WORTH: Count("pk", filter=Q(checkworthy=True)), ALL: Count("pk"), LEFT: Count("pk", filter=waits)}
    )


def marked(rows: Iterable[Statement], before: int, user: Any) -> list[Marked]:
    """The statements with their numbers and marks; `before` of them stand before the first."""
    rows = list(rows)
    claims = claims_of(rows, user)
    return [_marked(row, number, claims.get(row.pk, [])) for number, row in enumerate(rows, before + 1)]


def claims_of(rows: Sequence[Statement], user: Any) -> dict[int, list[Claim]]:
    """The claims made of statements, by the statement's key, each with how far it is (`verification`)."""
    links = list(seen_appearances(user).filter(statement__in=[row.pk for row in rows]).order_by("pk"))
    if not links:
        return {}
    by_key = {
        claim.pk: claim for claim in with_verification(Claim.objects.filter(pk__in={each.claim_id for each in links}))
    }
    found: dict[int, list[Claim]] = {}
    for link in links:
        if link.claim_id in by_key:
            found.setdefault(link.statement_id, []).append(by_key[link.claim_id])
    return found


def _marked(row: Statement, number: int, claims: Sequence[Any]) -> Marked:
    if claims:
        return Marked(row, number, "done", _("linked to a claim"), in_words(Verification(claims[0].verification).label))
    if row.set_aside_at is not None:
        return Marked(row, number, "aside", _("set aside"), str(_("set aside")))
    if row.checkworthy:
        return Marked(row, number, "w2", _("worth checking"))
    if row.figures:
        return Marked(row, number, "perhaps", _("perhaps"))
    return Marked(row, number, "no", _("not marked"))


def neighbour(row: Statement, show: str, user: Any, *, forward: bool) -> Statement | None:
    """The next or the previous statement that the filter shows."""
    rows = chosen(Statement.objects.filter(document=row.document_id), show, user)
    if forward:
        later = Q(start__gt=row.start) | Q(start=row.start, end__lt=row.end)
        return rows.filter(later).order_by("start", "-end").first()
    earlier = Q(start__lt=row.start) | Q(start=row.start, end__gt=row.end)
    return rows.filter(earlier).order_by("-start", "end").first()
