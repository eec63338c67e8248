"""The base class of the desk's lists.

    class Letters(List):
        title, item, path = _("Letters"), "record", "desk:letters"
        columns = (Column("to", _("to"), lambda row: row.to), …)
        filters = (Choice("state", …), Days("sent", …))
        def rows(self): return visible(Letter.objects.all(), self.user)

    urlpatterns = [path("letters/", desk_view(Letters.screen), name="letters")]

`rows` is what is filtered and ordered, so it should be bare; `shown` adds what the cells need to the rows of one page
alone. No list counts a big table: of more than `COUNTED` rows it says "1,000 or more".
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from claims.desk.lists.bulk import BulkVerb, offered
from claims.desk.lists.columns import Cell, Column, Words
from claims.desk.lists.filters import Control, Filter, Read, number_of, text_of
from claims.desk.lists.page import Empty, Head, Page, Row, cell_of
from claims.desk.shell import screen
from claims.formats.csv import encoded

ON_A_PAGE = 50
COUNTED = 1_000
MOST_PAGES = 200
MOST_IN_CSV = 10_000
_CSV_CHUNK = 500


class List(ABC):
    """A list of rows; one instance serves one request."""

    title: ClassVar[Words]
    item: ClassVar[str]
    """Of the navigation."""
    path: ClassVar[str]
    """The name of its route."""
    columns: ClassVar[Sequence[Column]]
    filters: Sequence[Filter] = ()
    order: ClassVar[str] = ""
    """The column that it is ordered by unless the address says so, "-name" for descending."""
    search_label: ClassVar[Words] = ""
    """What the search field looks through; without it there is none."""
    permission: ClassVar[str] = ""
    """The right to look, as `app.view_model`."""
    nothing_yet: ClassVar[Words]
    """What an empty table says, with what to do to begin."""
    bulk: Sequence[BulkVerb] = ()
    template: ClassVar[str] = "desk/list.html"
    on_a_page: ClassVar[int] = ON_A_PAGE

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: Any = request.user
        self.data = request.GET

    # What a list says of itself

    @abstractmethod
    def rows(self) -> QuerySet[Any]:
        """All rows that the user may see: without order, and with nothing that only cells need."""

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of a page with all that their cells need."""
        return rows

    def url(self, row: Any) -> str:
        """Where the first cell of a row leads."""
        return ""

    def prepared(self, rows: list[Any]) -> None:  # noqa: B027 - few lists need it
        """Give rows that are about to be shown what takes a query for all of them."""

    def search(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        """The rows that have the words: none, unless the list says how it is searched."""
        return rows.none()

    def jump(self, words: str) -> str:
        """The address of the one thing that the words name; empty if they are for the search."""
        return ""

    def found(self, words: str) -> Sequence[int] | None:
        """The keys of the rows that the words find, the best first; None if only the database can tell."""
        return None

    def remarks(self) -> list[str]:
        """Sentences above the rows."""
        return []

    def tabs(self) -> list[dict[str, Any]]:
        """Lists beside this one: label, url, count, current."""
        return []

    def actions(self) -> list[Cell]:
        """Links beside the heading: what can be begun here."""
        return []

    def context(self) -> dict[str, Any]:
        """More for a template of its own."""
        return {}

    # How it is served

    @classmethod
    def screen(cls, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The view."""
        return cls(request, **kwargs).response()

    def response(self) -> HttpResponse:
        if self.permission and not self.user.has_perm(self.permission):
            raise PermissionDenied
        if self.words and (there := self.jump(self.words)):
            return HttpResponseRedirect(there)
        if self.data.get("format") == "csv":
            return self.csv()
        context = {"list": self.page(), **self.context()}
        return screen.render(self.request, self.template, context, title=str(self.title), item=self.item)

    @cached_property
    def words(self) -> str:
        """What is looked for."""
        return text_of(self.data, "q") if self.search_label else ""

    @cached_property
    def read(self) -> list[tuple[Filter, Read]]:
        """Each filter with what it read of the address."""
        return [(each, each.read(self.data, self.user)) for each in self.filters]

    @cached_property
    def ordered_by(self) -> tuple[Column | None, bool]:
        """The column that orders the rows and whether it does so descending; (None, …) for the order of the search."""
        by_name = {each.name: each for each in self.columns if each.order}
        asked = text_of(self.data, "order")
        name = asked.removeprefix("-")
        if name in by_name:
            return by_name[name], asked.startswith("-")
        if self._ranked is not None or not self.order:
            return None, False
        return by_name[self.order.removeprefix("-")], self.order.startswith("-")

    @cached_property
    def _ranked(self) -> Sequence[int] | None:
        return self.found(self.words) if self.words else None

    @cached_property
    def _kept_of_ranked(self) -> set[int]:
        """The keys of those rows that the search found and the filters leave."""
        return set(self._filtered.order_by().values_list("pk", flat=True))

    @cached_property
    def _filtered(self) -> QuerySet[Any]:
        rows = self.rows()
        for each, read in self.read:
            if read.value is not None:
                rows = each.cut(rows, read.value, self.user)
        if self.words:
            ranked = self._ranked
            rows = self.search(rows, self.words) if ranked is None else rows.filter(pk__in=list(ranked))
        return rows

    def _in_order(self) -> QuerySet[Any]:
        column, falls = self.ordered_by
        fields = column.order if column else ("-pk",)
        terms = []
        for each in (*fields, *([] if fields[-1] in ("pk", "-pk") else [f"{_sign(fields[-1])}pk"])):
            descending = each.startswith("-") != falls
            terms.append(F(each.removeprefix("-")).desc() if descending else F(each.removeprefix("-")).asc())
        return self._filtered.order_by(*terms)

    def keys(self, first: int, last: int) -> list[int]:
        """The keys of some of the rows, in order."""
        if self.ordered_by[0] is None and self._ranked is not None:
            return [key for key in self._ranked if key in self._kept_of_ranked][first:last]
        return list(self._in_order().values_list("pk", flat=True)[first:last])

    def of_keys(self, keys: Sequence[int]) -> list[Any]:
        """The rows with these keys, ready to be shown, in the order of the keys."""
        by_key = {row.pk: row for row in self.shown(self.rows().filter(pk__in=list(keys)))} if keys else {}
        rows = [by_key[key] for key in keys if key in by_key]
        self.prepared(rows)
        return rows

    def page(self) -> Page:
        """Everything that the template shows."""
        number = min(max(number_of(text_of(self.data, "page")) or 1, 1), MOST_PAGES)
        first = (number - 1) * self.on_a_page
        keys = self.keys(first, first + self.on_a_page + 1)
        rows = self.of_keys(keys[: self.on_a_page])
        columns = [each for each in self.columns if not each.only_csv]
        is_filtered = bool(self.words) or any(read.value is not None for _each, read in self.read)
        more = len(keys) > self.on_a_page and number < MOST_PAGES
        verbs = offered(self.bulk, self.user)
        return Page(
            title=self.title,
            heads=[self._head(each) for each in columns],
            rows=[Row(row.pk, self.url(row), [cell_of(each, row) for each in columns]) for row in rows],
            controls=[control for _each, read in self.read for control in read.controls],
            problems=[read.problem for _each, read in self.read if read.problem],
            remarks=self.remarks(),
            search=Control("q", self.search_label, self.words) if self.search_label else None,
            kept=self._kept(),
            is_filtered=is_filtered,
            is_set=bool(self.words) or any(read.is_set for _each, read in self.read),
            set_filters=sum(read.is_set for _each, read in self.read),
            count=self._count(number, len(rows), bool(more)),
            number=number,
            before=self._address(page=str(number - 1) if number > 2 else None) if number > 1 else "",
            after=self._address(page=str(number + 1)) if more else "",
            is_last_of_many=len(keys) > self.on_a_page and not more,
            clear=reverse(self.path),
            csv=self._address(page=None, format="csv") if rows else "",
            empty=None if rows else self._empty(number, is_filtered),
            tabs=self.tabs(),
            actions=self.actions(),
            bulk=verbs,
            here=self.request.get_full_path(),
        )

    def csv(self) -> HttpResponse:
        """All rows as filtered, as a file that is sent while it is made; at most `MOST_IN_CSV` of them."""
        keys = self.keys(0, MOST_IN_CSV + 1)
        lines = self._lines(keys, translation.get_language() or "en")
        response: Any = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        name = self.path.rpartition(":")[2].replace("_", "-")
        response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.now():%Y-%m-%d}.csv"'
        return response  # type: ignore[no-any-return]

    def _lines(self, keys: Sequence[int], language: str) -> Iterator[bytes]:
        yield "\ufeff".encode()  # by which spreadsheets know UTF-8
        with translation.override(language):
            columns = [each for each in self.columns if not each.no_csv]
            yield encoded([[str(each.label) for each in columns]])
        for start in range(0, min(len(keys), MOST_IN_CSV), _CSV_CHUNK):
            with translation.override(language):  # other requests may have been served between two chunks
                rows = self.of_keys(keys[start : min(start + _CSV_CHUNK, MOST_IN_CSV)])
                yield encoded([[each.csv(row) for each in columns] for row in rows])
        if len(keys) > MOST_IN_CSV:
            with translation.override(language):
                yield encoded([[_("Cut after %(count)s rows. Filter the list to get the others.") % {
                    "count": MOST_IN_CSV}]])  # fmt: skip

    def _head(self, column: Column) -> Head:
        if not column.order:
            return Head(column.label, wide=column.wide)
        current, falls = self.ordered_by
        is_current = current is column
        next_falls = not falls if is_current else column.falls
        url = self._address(page=None, order=f"{'-' if next_falls else ''}{column.name}")
        sort = ("descending" if falls else "ascending") if is_current else "none"
        return Head(column.label, url, sort, wide=column.wide)

    def _count(self, number: int, rows: int, more: bool) -> tuple[int, bool]:
        """How many rows there are, and whether there are more than were counted."""
        if not more and (rows or number == 1):
            return (number - 1) * self.on_a_page + rows, False
        if self._ranked is not None:
            return len(self._kept_of_ranked), False
        counted = self._filtered.order_by()[: COUNTED + 1].count()
        return min(counted, COUNTED), counted > COUNTED

    def _empty(self, number: int, is_filtered: bool) -> Empty:
        """Why there are no rows. A filter that hides rows is never called an empty table."""
        if number > 1:
            return Empty(
                _("There are no rows on this page of the list."), _("To the first page"), self._address(page=None)
            )
        if is_filtered and self.rows().exists():
            return Empty(_("No rows match these filters."), _("Clear the filters"), reverse(self.path))
        return Empty(self.nothing_yet)

    def _kept(self) -> list[tuple[str, str]]:
        """What the form of filters has to keep of the address."""
        return [("order", self.data["order"][:60])] if self.data.get("order") else []

    def _address(self, **changes: str | None) -> str:
        """This list with other parameters; None takes one away."""
        data = self.data.copy()
        for name in [each for each in data if each not in self._parameters]:
            del data[name]
        for name in list(data):
            if not data[name]:
                del data[name]
        for name, value in changes.items():
            if value is None:
                data.pop(name, None)
            else:
                data[name] = value
        query = data.urlencode()
        return f"{self.request.path}?{query}" if query else self.request.path

    @cached_property
    def _parameters(self) -> set[str]:
        return {"q", "order", "page", *(name for each in self.filters for name in each.names)}


def _sign(field: str) -> str:
    return "-" if field.startswith("-") else ""
