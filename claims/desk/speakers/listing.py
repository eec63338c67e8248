"""The list of speakers, with what tells namesakes apart."""

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from claims.desk.documents.progress import seen_appearances
from claims.desk.lists.base import List
from claims.desk.lists.columns import Cell, Column
from claims.desk.lists.filters import Choice
from claims.desk.shell.labels import in_words, said
from claims.desk.speakers.namesakes import counted
from claims.models import Speaker, Statement


def _by_kind(rows: QuerySet[Any], value: str, user: Any) -> QuerySet[Any]:
    return rows.filter(kind=value)


def _by_twins(rows: QuerySet[Any], value: str, user: Any) -> QuerySet[Any]:
    twins = Speaker.objects.filter(name=OuterRef("name")).exclude(pk=OuterRef("pk"))
    return rows.filter(Exists(twins)) if value == "twins" else rows.filter(wikidata_id="")


def _name(row: Any) -> Cell:
    also = _("also %(names)s") % {"names": ", ".join(row.aliases[:5])} if row.aliases else ""
    return Cell(row.name, small=also)


def _twins(row: Any) -> Any:
    if not row.twins:
        return ""
    text = ngettext("%(number)s namesake", "%(number)s namesakes", row.twins) % {"number": row.twins}
    return Cell(text, tone="dim")


class Speakers(List):
    """All speakers."""

    title = lazy("Speakers")
    item = "speakers"
    path = "desk:speakers"
    permission = "claims.view_speaker"
    order = "name"
    search_label = lazy("A name, an alias, a role or a Wikidata id")
    nothing_yet = lazy("There are no speakers yet. They come with the documents that name them.")
    columns = (
        Column("name", lazy("speaker"), _name, order=("name",)),
        Column("aliases", lazy("also called"), lambda row: "; ".join(row.aliases), only_csv=True),
        Column("twins", lazy("namesakes"), _twins, plain=lambda row: row.twins),
        Column("role", lazy("role"), lambda row: row.role, order=("role",)),
        Column("kind", lazy("kind"), lambda row: in_words(row.get_kind_display()), order=("kind",)),
        Column("wikidata", lazy("Wikidata"), lambda row: row.wikidata_id, order=("wikidata_id",)),
        Column("last", lazy("last said"), lambda row: row.last or ""),
        Column("statements", lazy("statements"), lambda row: row.statements_count),
        Column("claims", lazy("claims"), lambda row: row.claims_count),
        Column("id", lazy("id"), lambda row: row.public_id),
    )
    filters = (
        Choice("kind", lazy("kind"), lambda user: said(Speaker.Kind.choices), _by_kind),
        Choice(
            "show",
            lazy("show"),
            (("twins", lazy("who share a name")), ("unknown", lazy("without a Wikidata id"))),
            _by_twins,
        ),
    )

    def rows(self) -> QuerySet[Any]:
        return Speaker.objects.all()

    def search(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        found = Q()
        for word in words.split()[:10]:
            found &= (
                Q(name__icontains=word)
                | Q(role__icontains=word)
                | Q(aliases__icontains=word)
                | Q(wikidata_id__iexact=word)
                | Q(public_id=word)
            )
        return rows.filter(found)

    def url(self, row: Any) -> str:
        return reverse("desk:speaker", args=[row.pk])

    def prepared(self, rows: list[Any]) -> None:
        keys = [row.pk for row in rows]
        said = Statement.objects.filter(speaker__in=keys).order_by().values("speaker")
        statements = dict(said.annotate(number=Count("pk")).values_list("speaker", "number"))
        claims = dict(
            seen_appearances(self.user)
            .filter(statement__speaker__in=keys)
            .order_by()
            .values_list("statement__speaker")
            .annotate(number=Count("claim", distinct=True))
        )
        last = dict(
            Statement.objects.filter(speaker__in=keys)
            .order_by("speaker", F("document__published_on").desc(nulls_last=True), "-document__created_at")
            .distinct("speaker")
            .values_list("speaker", "document__title")
        )
        twins = counted(rows)
        for row in rows:
            row.statements_count = statements.get(row.pk, 0)
            row.claims_count = claims.get(row.pk, 0)
            row.last = last.get(row.pk, "")
            row.twins = twins[row.pk]


def speakers(request: HttpRequest) -> HttpResponse:
    """The list of speakers."""
    return Speakers.screen(request)
