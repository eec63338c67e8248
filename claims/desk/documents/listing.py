"""The list of documents: what waits in each, what was made of it, from where it came and who took it in."""

from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from claims.desk.documents import progress
from claims.desk.documents.addresses import document_address
from claims.desk.documents.paste import document_of_ours
from claims.desk.lists.base import List
from claims.desk.lists.columns import Cell, Column
from claims.desk.lists.filters import Choice, Days
from claims.desk.shell.labels import in_words, said
from claims.desk.shell.tags import person
from claims.models import Document, Sender, Statement, Submission, Tip
from claims.permissions import may_edit

_OWN = "own"


def _by_state(rows: QuerySet[Any], value: str, user: Any) -> QuerySet[Any]:
    waits = Statement.objects.filter(document=OuterRef("pk"), checkworthy=True, set_aside_at=None)
    waits = waits.exclude(progress.made(user))
    if value == "waits":
        return rows.filter(Exists(waits))
    if value == "done":
        return rows.filter(~Exists(waits), reading=Document.Reading.DONE)
    return rows.exclude(reading=Document.Reading.DONE)


def _by_kind(rows: QuerySet[Any], value: str, user: Any) -> QuerySet[Any]:
    return rows.filter(kind=value)


def _senders(user: Any) -> list[tuple[str, Any]]:
    return [(_OWN, lazy("our own desk")), *Sender.objects.order_by("name").values_list("newsroom", "name")[:100]]


def _by_sender(rows: QuerySet[Any], value: str, user: Any) -> QuerySet[Any]:
    sent = Submission.objects.filter(document=OuterRef("pk"))
    return rows.filter(~Exists(sent)) if value == _OWN else rows.filter(Exists(sent.filter(sender__newsroom=value)))


def _by_day(rows: QuerySet[Any], first: date | None, last: date | None) -> QuerySet[Any]:
    found = rows.filter(created_at__date__gte=first) if first else rows
    return found.filter(created_at__date__lte=last) if last else found


def _statements(row: Any) -> Any:
    if row.reading != Document.Reading.DONE:
        return Cell(in_words(row.get_reading_display()), tone="dim")
    counts = row.counted
    if not counts["all"]:
        return _("none")
    if counts["todo"]:
        return Cell(_("%(number)s wait") % {"number": counts["todo"]}, tone="on", small=_of(counts))
    return Cell(_("nothing waits"), tone="plain", small=_of(counts))


def _of(counts: dict[str, int]) -> str:
    return _("%(worth)s worth checking of %(all)s") % {"worth": counts["worth"], "all": counts["all"]}


def _from(row: Any) -> Any:
    if row.sender:
        return Cell(row.sender, small=_("newsroom"))
    if row.is_of_tip:
        return _("a tip")
    return Cell(row.publisher or "–", small=row.published_on.isoformat() if row.published_on else "")


def _title(row: Any) -> Cell:
    small = " · ".join(part for part in (in_words(row.get_kind_display()), row.url) if part)
    language = "" if row.language == "und" else row.language
    return Cell(row.title or _("Document %(id)s") % {"id": row.public_id}, small=small, lang=language)


class Documents(List):
    """All documents."""

    title = lazy("Documents")
    item = "documents"
    path = "desk:documents"
    permission = "claims.view_document"
    template = "desk/documents/list.html"
    order = "-added"
    search_label = lazy("Words of the title, publisher or address")
    nothing_yet = lazy("There are no documents yet. Paste a link or a text above to read the first.")
    columns = (
        Column("title", lazy("document"), _title, order=("title",), wide=True),
        Column("statements", lazy("statements"), _statements, no_csv=True),
        Column("read", lazy("read"), lambda row: in_words(row.get_reading_display()), only_csv=True),
        Column("all", lazy("statements"), lambda row: row.counted["all"], only_csv=True),
        Column("worth", lazy("worth checking"), lambda row: row.counted["worth"], only_csv=True),
        Column("todo", lazy("waiting"), lambda row: row.counted["todo"], only_csv=True),
        Column("claims", lazy("claims made"), lambda row: row.counted["claims"]),
        Column("from", lazy("from"), _from, order=("publisher",)),
        Column("published", lazy("published on"), lambda row: row.published_on, only_csv=True),
        Column("kind", lazy("kind"), lambda row: in_words(row.get_kind_display()), only_csv=True),
        Column("language", lazy("language"), lambda row: row.language, order=("language",)),
        Column("added", lazy("added"), lambda row: row.created_at, order=("created_at",), falls=True),
        Column("by", lazy("by"), lambda row: person(row.created_by) if row.created_by else _("the program")),
        Column("id", lazy("id"), lambda row: row.public_id, only_csv=True),
        Column("address", lazy("address"), lambda row: row.url, only_csv=True),
    )
    filters = (
        Choice(
            "state",
            lazy("state"),
            (
                ("waits", lazy("statements wait")),
                ("done", lazy("nothing waits")),
                ("unread", lazy("not read yet")),
            ),
            _by_state,
        ),
        Choice("kind", lazy("kind"), lambda user: said(Document.Kind.choices), _by_kind),
        Choice("sender", lazy("from"), _senders, _by_sender),
        Days("added", lazy("added from"), lazy("to"), _by_day),
    )

    def rows(self) -> QuerySet[Any]:
        return Document.objects.all()

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        is_of_tip = Exists(Tip.objects.filter(document=OuterRef("pk")))
        found: QuerySet[Any] = rows.defer("text").select_related("created_by").annotate(is_of_tip=is_of_tip)
        return found

    def search(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        found = Q()
        for word in words.split()[:10]:
            found &= Q(title__icontains=word) | Q(publisher__icontains=word) | Q(url__icontains=word)
        return rows.filter(found)

    def jump(self, words: str) -> str:
        return document_of_ours(words, self.request.get_host(), self.user)

    def url(self, row: Any) -> str:
        return document_address(row)

    def prepared(self, rows: list[Any]) -> None:
        keys = [row.pk for row in rows]
        appearances = progress.seen_appearances(self.user)
        waits = Q(checkworthy=True, set_aside_at=None, _made=False)
        counted = {
            each["document"]: {name: each[name] for name in ("all", "worth", "todo")}
            for each in Statement.objects.filter(document__in=keys)
            .annotate(_made=progress.made(self.user))
            .values("document")
            .order_by()
            .annotate(all=Count("pk"), worth=Count("pk", filter=Q(checkworthy=True)), todo=Count("pk", filter=waits))
        }
        made = dict(
            appearances.filter(statement__document__in=keys)
            .order_by()
            .values_list("statement__document")
            .annotate(number=Count("claim", distinct=True))
        )
        senders = dict(Submission.objects.filter(document__in=keys).values_list("document", "sender__name"))
        for row in rows:
            row.counted = {"all": 0, "worth": 0, "todo": 0, **counted.get(row.pk, {}), "claims": made.get(row.pk, 0)}
            row.sender = senders.get(row.pk, "")

    def context(self) -> dict[str, Any]:
        return {"may_write": may_edit(self.user)}


def documents(request: HttpRequest) -> HttpResponse:
    """The list of documents."""
    return Documents.screen(request)
