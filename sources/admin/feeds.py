"""Admin pages of feeds and sitemaps and of the pages they list."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminTextInputWidget

from sources.admin.base import DeskAdmin, LogAdmin, Verb, ago, badge, outside_link, row_link
from sources.admin.pages import AddressForm, polling_disclosure
from sources.feeds import reader
from sources.models import Feed, FeedItem, Outcome
from sources.models.page import interval_fault
from sources.polling import poller

SHOWN = 50  # items on the page of a feed


class NewFeedForm(AddressForm):
    """A form that adds a feed by its URL. From then on the site sees regular visits."""

    url = forms.CharField(
        max_length=2000,
        label="URL",
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "url"}),
        help_text="The URL of the feed itself (RSS, Atom, JSON Feed) or of a sitemap.",
    )
    interval = forms.DurationField(
        required=False,
        label="Poll interval",
        widget=UnfoldAdminTextInputWidget,
        help_text="hh:mm:ss, for example 00:15:00. Empty: the schedule decides.",
    )

    class Meta:
        model = Feed
        fields = ["url", "source", "interval"]

    def clean_url(self) -> str:
        address = super().clean_url()
        if Feed.objects.filter(page__url=address, active=True).exists():
            raise forms.ValidationError(f"This feed exists already, as {address}.")
        return address

    def clean_interval(self) -> Any:
        interval = self.cleaned_data["interval"]
        if fault := interval_fault(interval):
            raise forms.ValidationError(fault)
        return interval


@admin.register(Feed)
class FeedAdmin(DeskAdmin):
    offers = ("add", "change")  # proposals refer to its items
    list_display = ["name", "source", "kind", "state_badge", "new_items", "last_read"]
    list_filter = ["active", "reading__kind", "source__kind"]
    list_select_related = ["source", "page__polling", "reading"]
    search_fields = ["page__url", "page__title", "source__name", "public_id"]
    autocomplete_fields = ["source"]
    readonly_fields = ["address", "page_link", "kind", "since", "public_id"]
    fieldsets = [
        (None, {"fields": ["address", "source", "kind", "page_link"]}),
        ("Record", {"fields": ["since", "public_id"], "classes": ["collapse"]}),
    ]
    add_fieldsets = [(None, {"fields": ["url", "source", "interval"]})]
    change_form_template = "admin/sources/feed.html"
    refusals = (*DeskAdmin.refusals, reader.FeedRefused)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feed]:
        new = FeedItem.objects.filter(feed=OuterRef("pk"), baseline=False).order_by().values("feed")
        counted = Subquery(new.annotate(count=Count("pk")).values("count"), output_field=IntegerField())
        return super().get_queryset(request).annotate(_new=Coalesce(counted, 0))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewFeedForm
        return super().get_form(request, obj, change=change, **kwargs)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().add_view(request, form_url, {**(extra_context or {}), "sees": polling_disclosure()})

    def save_model(self, request: HttpRequest, obj: Feed, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        data = form.cleaned_data
        feed = reader.add_feed(data["url"], actor=request.user, source=data["source"], interval=data["interval"])
        obj.pk = feed.pk
        obj.refresh_from_db()

    def get_verbs(self, request: HttpRequest, row: Feed) -> list[Verb]:
        if not self.has_change_permission(request, row):
            return []
        if not row.active:
            warning = "The site sees regular visits again. Pages listed in the meantime count as known."
            return [Verb("take-up", "Resume reading", self._resume, help=warning)]
        return [
            Verb("look", "Poll now", self._poll, "primary", help="The site sees one request."),
            Verb("remove", "Stop reading", self._remove, "danger", help="The pages it has listed are kept."),
        ]

    def _poll(self, request: HttpRequest, feed: Feed) -> str:
        poller.poll_now(feed.page)
        return "The feed will be polled within seconds; its new pages are proposed within a minute."

    def _remove(self, request: HttpRequest, feed: Feed) -> str:
        if reader.remove_feed(feed, actor=request.user):
            return "The feed is no longer read, and its site no longer polled for it."
        return "The feed is no longer read. Its page is still polled, because evidence quotes it."

    def _resume(self, request: HttpRequest, feed: Feed) -> str:
        reader.add_feed(feed.page.url, actor=request.user, source=feed.source)
        return "The feed is read again from now on."

    def page_context(self, request: HttpRequest, row: Feed) -> dict[str, Any]:
        items = list(row.items.order_by("-pk")[: SHOWN + 1])
        return {
            "state_badge": _state(row),
            "polling_state": row.page.polling,
            "unread": _unread(row),
            "problem": row.reading.problem,
            "items": items[:SHOWN],
            "more": len(items) > SHOWN,
        }

    @admin.display(description="feed", ordering="page__title")
    def name(self, feed: Feed) -> str:
        return str(feed)

    @admin.display(description="kind", ordering="reading__kind")
    def kind(self, feed: Feed) -> str:
        return feed.reading.get_kind_display() or "–"

    @admin.display(description="state")
    def state_badge(self, feed: Feed) -> SafeString:
        return _state(feed)

    @admin.display(description="new pages so far", ordering="_new")
    def new_items(self, feed: Any) -> int:
        return int(feed._new)

    @admin.display(description="last read", ordering="page__polling__last_success_at")
    def last_read(self, feed: Feed) -> str:
        return ago(feed.page.polling.last_success_at)

    @admin.display(description="URL")
    def address(self, feed: Feed) -> SafeString:
        return outside_link(feed.page.url)

    @admin.display(description="page")
    def page_link(self, feed: Feed) -> SafeString:
        return row_link(feed.page)


def _unread(feed: Feed) -> bool:
    """Whether the last poll of its page failed."""
    return feed.page.polling.last_outcome not in {"", *Outcome.readable()}


def _state(feed: Feed) -> SafeString:
    if not feed.active:
        return badge("stopped")
    if _unread(feed):
        return badge(feed.page.polling.get_last_outcome_display(), "bad")
    if feed.reading.problem:
        return badge("problem", "bad")
    return badge("read", "good") if feed.reading.last_read_at else badge("not read yet", "warn")


@admin.register(FeedItem)
class FeedItemAdmin(LogAdmin):
    list_display = ["what", "feed", "published", "listed", "first_seen_at"]
    list_filter = ["baseline", "first_seen_at"]
    list_select_related = ["feed__page"]
    search_fields = ["title", "url"]
    fields = readonly_fields = ["title", "address", "feed", "published", "listed", "first_seen_at"]

    @admin.display(description="page", ordering="title")
    def what(self, item: FeedItem) -> str:
        return str(item)

    @admin.display(description="URL")
    def address(self, item: FeedItem) -> SafeString:
        return outside_link(item.url)

    @admin.display(description="status", ordering="baseline")
    def listed(self, item: FeedItem) -> SafeString:
        return badge("known") if item.baseline else badge("new", "good")
