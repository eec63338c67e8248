"""Lists of sources: pages, those that cannot be read, changes, feeds, saved pages, copies in web archives."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk.lists.base import List
from claims.desk.lists.columns import Cell, Column
from claims.desk.lists.filters import Choice, Filter
from claims.desk.shell.labels import in_words
from claims.desk.shell.navigation import count
from claims.desk.sources.tabs import tabs
from claims.models import Evidence, EvidenceCheck
from claims.models.watch.evidence_check import BROKE
from claims.permissions import User
from claims.visibility import visible
from sources.admin.pages import unreadable
from sources.http.addresses import canonical
from sources.models import ArchiveCopy, Change, Feed, Outcome, Page, Polling, Snapshot
from sources.models.page import UNREAD

KINDS_OF_CHANGE = {
    "correction": gettext_lazy("correction notice added"),
    "figures": gettext_lazy("figures changed in a sentence"),
    "headline": gettext_lazy("headline changed"),
    "moved": gettext_lazy("moved to another address"),
}
_CHANGES = {
    Change.Kind.TEXT.value: (gettext_lazy("text changed"), "plain"),
    Change.Kind.GONE.value: (gettext_lazy("page gone"), "off"),
    Change.Kind.BLOCKED.value: (gettext_lazy("cannot be read"), "dim"),
    Change.Kind.BACK.value: (gettext_lazy("can be read again"), "ok"),
    Change.Kind.MOVED.value: (gettext_lazy("moved to another address"), "plain"),
}
_COPY_TONES = {"confirmed": "ok", "failed": "off", "refused": "off", "succeeded": "dim"}


def outcome_cell(state: Any) -> Cell:
    """How a page was read last, as a tag."""
    if state is None or not state.last_outcome:
        return Cell(_("never read"), tone="plain")
    is_read = state.last_outcome in Outcome.readable()
    return Cell(in_words(state.get_last_outcome_display()), tone="ok" if is_read else "dim")


def _name(page: Page) -> Cell:
    return Cell(page.title or page.url, small=f"{page.source} · {page.url}")


def _of(page: Page, name: str) -> Any:
    return getattr(getattr(page, "polling", None), name, None)


def _of_page(page: Callable[[Any], Page]) -> tuple[Column, ...]:
    """The columns of the CSV for what stands below the name of a page."""
    return (
        Column("source", gettext_lazy("publisher"), lambda row: str(page(row).source), only_csv=True),
        Column("address", gettext_lazy("address"), lambda row: page(row).url, only_csv=True),
    )


class SourceList(List):
    """What the lists of sources have in common."""

    item = "sources"
    permission = "sources.view_page"

    def tabs(self) -> list[dict[str, Any]]:
        return tabs(self.path)


class Pages(SourceList):
    """All pages that were ever read or quoted, with how they are."""

    title = gettext_lazy("Sources")
    path = "desk:sources"
    search_label = gettext_lazy("Title, address or publisher")
    nothing_yet = gettext_lazy("No page was read yet. Open a claim and paste the address of a page to quote it.")
    order = "-added"
    columns: ClassVar[Sequence[Column]] = (
        Column("page", gettext_lazy("page"), _name, ("title", "url"), wide=True),
        *_of_page(lambda page: page),
        Column("state", gettext_lazy("last reading"), lambda page: outcome_cell(getattr(page, "polling", None))),
        Column(
            "weight",
            gettext_lazy("reviews on it"),
            lambda page: _of(page, "weight") or 0,
            ("polling__weight",),
            falls=True,
        ),
        Column(
            "read", gettext_lazy("last read"), lambda page: _of(page, "last_success_at"), ("polling__last_success_at",)
        ),
        Column("due", gettext_lazy("next visit"), lambda page: _of(page, "due_at"), ("polling__due_at",)),
        Column("added", gettext_lazy("first opened"), lambda page: page.created_at, ("pk",), falls=True),
    )
    filters: Sequence[Filter] = (
        Choice(
            "watched",
            gettext_lazy("watched"),
            (("yes", gettext_lazy("watched")), ("no", gettext_lazy("not watched"))),
            lambda rows, value, user: rows.filter(watch="watched" if value == "yes" else "not_watched"),
        ),
        Choice(
            "reading",
            gettext_lazy("last reading"),
            (
                ("yes", gettext_lazy("could be read")),
                ("no", gettext_lazy("could not be read")),
                ("never", gettext_lazy("never read")),
            ),
            lambda rows, value, user: rows.filter(_reading(value)),
        ),
    )

    def rows(self) -> QuerySet[Page]:
        return Page.objects.all()

    def shown(self, rows: QuerySet[Page]) -> QuerySet[Page]:
        return rows.select_related("source", "polling")

    def search(self, rows: QuerySet[Page], words: str) -> QuerySet[Page]:
        return rows.filter(Q(title__icontains=words) | Q(url__icontains=words) | Q(source__name__icontains=words))

    def jump(self, words: str) -> str:
        if not words.startswith(("http://", "https://")):
            return ""
        try:
            page = Page.objects.filter(url=canonical(words)).first()
        except ValueError:
            return ""
        return self.url(page) if page is not None else ""

    def url(self, row: Page) -> str:
        return reverse("desk:source_page", args=[row.pk])


def _reading(value: str) -> Q:
    if value == "no":
        return unreadable()
    if value == "yes":
        return Q(polling__last_outcome__in=Outcome.readable())
    return Q(polling__isnull=True) | Q(polling__last_outcome="")


class Blind(Pages):
    """Pages that the last visit could not read, those on which most rests first."""

    title = gettext_lazy("Pages that cannot be read")
    path = "desk:blind_pages"
    nothing_yet = gettext_lazy("Every page could be read at its last visit.")
    order = "-weight"
    columns = (
        Column("page", gettext_lazy("page"), _name, ("title", "url"), wide=True),
        *_of_page(lambda page: page),
        Column(
            "why",
            gettext_lazy("why"),
            lambda page: Cell(
                in_words(page.polling.get_last_outcome_display()), tone="dim", small=page.polling.last_detail
            ),
        ),
        Column("detail", gettext_lazy("detail"), lambda page: page.polling.last_detail, only_csv=True),
        Column("weight", gettext_lazy("reviews on it"), lambda page: page.polling.weight, ("polling__weight",), True),
        Column(
            "since", gettext_lazy("unread since"), lambda page: page.polling.unread_since, ("polling__unread_since",)
        ),
        Column("due", gettext_lazy("next visit"), lambda page: page.polling.due_at, ("polling__due_at",)),
    )
    filters = (
        Choice(
            "rests",
            gettext_lazy("reviews on it"),
            (("yes", gettext_lazy("a published review rests on it")),),
            lambda rows, value, user: rows.filter(polling__weight__gt=0),
        ),
    )

    def rows(self) -> QuerySet[Page]:
        return Page.objects.filter(pk__in=Polling.objects.filter(UNREAD).values("pk"))


@count("sources")
def blind(request: Any) -> QuerySet[Polling]:
    """The pages that cannot be read on which published reviews rest."""
    return Polling.objects.filter(UNREAD, weight__gt=0).order_by()


def broken_checks(user: User) -> QuerySet[EvidenceCheck]:
    """The checks after changes that found a quote broken, as far as this person may see its claim."""
    return visible(EvidenceCheck.objects.filter(BROKE, change__isnull=False), user)


def _kinds(change: Any) -> str:
    return ", ".join(str(KINDS_OF_CHANGE.get(kind, kind)) for kind in change.kinds)


def _what(change: Any) -> list[Cell]:
    label, tone = _CHANGES[change.kind]
    cells = [Cell(label, tone=tone, small=_kinds(change))]
    if change.kind != Change.Kind.BACK:
        cells.append(Cell(_("seen again") if change.confirmed_at else _("seen once"), tone="plain"))
    return cells


class Changes(SourceList):
    """Periods of pages: a line for each time in which a page was in one state, not for each look at it."""

    title = gettext_lazy("Changes of pages")
    path = "desk:changes"
    nothing_yet = gettext_lazy("No page has changed since it was first read.")
    order = "-from"
    columns = (
        Column("page", gettext_lazy("page"), lambda change: _name(change.page), wide=True),
        *_of_page(lambda change: change.page),
        Column("what", gettext_lazy("what"), _what, plain=lambda change: _CHANGES[change.kind][0]),
        Column("kinds", gettext_lazy("kinds of change"), lambda change: _kinds(change), only_csv=True),
        Column("seen_again", gettext_lazy("seen again"), lambda change: change.confirmed_at, only_csv=True),
        Column("from", gettext_lazy("from"), lambda change: change.detected_at, ("detected_at",), falls=True),
        Column("until", gettext_lazy("until"), lambda change: change.until or _("now")),
        Column(
            "quotes",
            gettext_lazy("quotes"),
            lambda change: Cell(str(change.touched), tone="off") if change.touched else "–",
        ),
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.filters = (
            Choice(
                "quotes",
                gettext_lazy("quotes"),
                (
                    ("yes", gettext_lazy("only those that touch a quote")),
                    ("no", gettext_lazy("those that touch none")),
                ),
                self._touching,
                default="yes",
                any_label=gettext_lazy("all changes"),
            ),
            Choice(
                "kind",
                gettext_lazy("what"),
                tuple((key, label) for key, (label, _tone) in _CHANGES.items()),
                lambda rows, value, user: rows.filter(kind=value),
            ),
        )

    @cached_property
    def _broken(self) -> QuerySet[EvidenceCheck]:
        return broken_checks(self.user)

    def _touching(self, rows: QuerySet[Any], value: str, user: User) -> QuerySet[Any]:
        touched = Q(pk__in=self._broken.values("change"))
        return rows.filter(touched) if value == "yes" else rows.exclude(touched)

    def rows(self) -> QuerySet[Change]:
        return Change.objects.filter(beginnings(OuterRef))

    def shown(self, rows: QuerySet[Change]) -> QuerySet[Change]:
        later = Change.objects.filter(page=OuterRef("page"), pk__gt=OuterRef("pk"))
        same = later.filter(kind=OuterRef("kind"), after=OuterRef("after"), certainty=Change.Certainty.CONFIRMED)
        unread = later.filter(kind=OuterRef("kind"), after=None, certainty=Change.Certainty.CONFIRMED)
        following = later.filter(beginnings(OuterRef)).order_by("pk")
        return rows.select_related("page__source").annotate(
            confirmed_at=Subquery((same | unread).order_by("pk").values("detected_at")[:1]),
            until=Subquery(following.values("detected_at")[:1]),
        )

    def prepared(self, rows: list[Any]) -> None:
        found = self._broken.filter(change__in=[row.pk for row in rows])
        touched = dict(found.order_by().values_list("change").annotate(quotes=Count("evidence", distinct=True)))
        for row in rows:
            row.touched = touched.get(row.pk, 0)

    def url(self, row: Change) -> str:
        if row.before_id and row.after_id and row.before_id != row.after_id:
            address = reverse("desk:compare_pages", args=[row.page_id])
            return f"{address}?before={row.before_id}&after={row.after_id}"
        return reverse("desk:source_page", args=[row.page_id])


def beginnings(outer: type[OuterRef]) -> Q:
    """The changes with which a period begins: those seen first, and those that no earlier one of them announced."""
    announced = Change.objects.filter(
        page=outer("page"), kind=outer("kind"), certainty=Change.Certainty.SUSPECTED, pk__lt=outer("pk")
    )
    same = announced.filter(Q(after=outer("after")) | Q(after=None))
    return Q(certainty=Change.Certainty.SUSPECTED) | Q(kind=Change.Kind.BACK) | Q(~Exists(same))


class Feeds(SourceList):
    """Feeds and sitemaps that are read for new pages."""

    title = gettext_lazy("Feeds")
    path = "desk:feeds"
    nothing_yet = gettext_lazy("No feed is read. A feed brings new articles of a publisher into the inbox.")
    columns = (
        Column("feed", gettext_lazy("feed"), lambda feed: _name(feed.page), ("page__url",), wide=True),
        *_of_page(lambda feed: feed.page),
        Column(
            "state",
            gettext_lazy("state"),
            lambda feed: Cell(_("read"), tone="ok") if feed.active else Cell(_("stopped"), tone="plain"),
            ("active",),
        ),
        Column("kind", gettext_lazy("kind"), lambda feed: in_words(_reading_of(feed, "get_kind_display"))),
        Column("read", gettext_lazy("last read"), lambda feed: _reading_of(feed, "last_read_at")),
        Column("problem", gettext_lazy("problem"), lambda feed: _reading_of(feed, "problem")),
    )

    def rows(self) -> QuerySet[Feed]:
        return Feed.objects.all()

    def shown(self, rows: QuerySet[Feed]) -> QuerySet[Feed]:
        return rows.select_related("page__source", "reading")

    def url(self, row: Feed) -> str:
        return reverse("desk:source_page", args=[row.page_id])


def _reading_of(feed: Feed, name: str) -> Any:
    value = getattr(getattr(feed, "reading", None), name, "")
    return value() if callable(value) else value


class SavedPages(SourceList):
    """Our own copies, the newest first."""

    title = gettext_lazy("Saved pages")
    path = "desk:saved_pages"
    nothing_yet = gettext_lazy("Nothing is saved yet; a page is saved when it is first read.")
    order = "-at"
    _ORIGINS: ClassVar = {
        "poll": gettext_lazy("by a visit"),
        "attached": gettext_lazy("when it was quoted"),
        "uploaded": gettext_lazy("by an upload"),
    }
    columns = (
        Column("page", gettext_lazy("page"), lambda each: _name(each.page), wide=True),
        *_of_page(lambda each: each.page),
        Column("at", gettext_lazy("saved"), lambda each: each.taken_at, ("pk",), falls=True),
        Column("why", gettext_lazy("how"), lambda each: SavedPages._ORIGINS[each.origin]),
        # The number tells two of one minute apart.
        Column(
            "type",
            gettext_lazy("type"),
            lambda each: Cell(each.blob.media_type, small=each.public_id),
        ),
        Column("id", gettext_lazy("id"), lambda each: each.public_id, only_csv=True),
    )
    filters = (
        Choice(
            "origin",
            gettext_lazy("how"),
            tuple(_ORIGINS.items()),
            lambda rows, value, user: rows.filter(origin=value),
        ),
    )

    def rows(self) -> QuerySet[Snapshot]:
        return Snapshot.objects.all()

    def shown(self, rows: QuerySet[Snapshot]) -> QuerySet[Snapshot]:
        return rows.select_related("page__source", "blob")

    def url(self, row: Snapshot) -> str:
        return reverse("desk:saved_page", args=[row.pk])


class Copies(SourceList):
    """Copies of quoted pages that a web archive was asked for."""

    title = gettext_lazy("Copies in the web archive")
    path = "desk:copies"
    nothing_yet = gettext_lazy("No copy was asked for. That happens when a review with a public quote is published.")
    columns = (
        Column("page", gettext_lazy("page"), lambda copy: _name(copy.page), wide=True),
        *_of_page(lambda copy: copy.page),
        Column(
            "state",
            gettext_lazy("state"),
            lambda copy: Cell(
                in_words(copy.get_state_display()), tone=_COPY_TONES.get(copy.state, "plain"), small=copy.detail
            ),
            ("state",),
        ),
        Column("detail", gettext_lazy("detail"), lambda copy: copy.detail, only_csv=True),
        Column("asked", gettext_lazy("asked"), lambda copy: copy.asked_at, ("asked_at",), falls=True),
        Column("by", gettext_lazy("by"), lambda copy: copy.chosen_by or _("publication")),
    )

    def rows(self) -> QuerySet[ArchiveCopy]:
        return ArchiveCopy.objects.all()

    def shown(self, rows: QuerySet[ArchiveCopy]) -> QuerySet[ArchiveCopy]:
        return rows.select_related("page__source")

    def url(self, row: ArchiveCopy) -> str:
        return reverse("desk:source_page", args=[row.page_id])


def resting_on(page: Page, user: User) -> QuerySet[Evidence]:
    """The evidence that quotes a page: of published reviews and of drafts, as far as this person may see it."""
    in_force = Evidence.objects.in_force().values("pk")
    rows = Evidence.objects.filter(page=page).filter(Q(pk__in=in_force) | ~Q(version__state="published"))
    return visible(rows, user).select_related("version__review__claim", "page", "snapshot").order_by("-pk")
