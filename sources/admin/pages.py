"""Admin pages of watched web pages, their snapshots and their changes."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince, timeuntil

from sources.admin.archives import copy_rows
from sources.admin.base import DeskAdmin, LogAdmin, Verb, ago, badge, outside_link, row_link
from sources.admin.difference import difference, with_context
from sources.changes import change_kinds
from sources.extraction import browser, sandbox
from sources.extraction.main_text import Article
from sources.http.addresses import canonical
from sources.models import Change, Outcome, Page, Polling, Snapshot
from sources.pages import page_for
from sources.polling import poller
from sources.snapshots import default_store
from sources.snapshots.store import StorageError

MAX_TEXT_SHOWN = 200_000  # characters of captured text on one admin page


class ReadableFilter(admin.SimpleListFilter):
    """Filter pages by whether the last poll could read them."""

    title = "readable"
    parameter_name = "reading"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "yes"), ("no", "no"), ("never", "never polled")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Page]) -> QuerySet[Page]:
        if self.value() == "yes":
            return queryset.filter(polling__last_outcome__in=Outcome.readable())
        if self.value() == "no":
            return queryset.filter(unreadable())
        if self.value() == "never":
            return queryset.filter(Q(polling__isnull=True) | Q(polling__last_outcome=""))
        return queryset


def unreadable() -> Q:
    """Select pages that the last poll could not read."""
    return Q(polling__isnull=False) & ~Q(polling__last_outcome__in=["", *Outcome.readable()])


RENDERING_DISCLOSURE = (
    "A browser on this server runs the page's scripts. The site, and every host that it loads scripts or data from, "
    f"see up to {browser.MAX_REQUESTS} more requests each time, without cookies, referrer, pictures or fonts."
)


def polling_disclosure(page: Page | None = None) -> list[str]:
    """List what a site learns when its page is watched, as sentences for the editor who decides."""
    every = timesince(timezone.now() - timedelta(seconds=settings.POLL_INTERVAL))
    return [
        f"A request for the page now, and again about every {every} for as long as it is watched.",
        "The address of this server.",
        f"The name “{settings.FETCH_USER_AGENT}”.",
        "No cookie, no referrer, nothing about the claim or you. Its robots.txt is read and obeyed.",
        *([RENDERING_DISCLOSURE] if page is not None and page.render else []),
    ]


class AddressForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that adds a row by its URL. Unless a source is chosen, the host of the URL determines it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].required = False
        self.fields["source"].help_text = "Empty: the source of the same host, or a new one."

    def clean_url(self) -> str:
        try:
            return canonical(self.cleaned_data["url"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class NewPageForm(AddressForm):
    """A form that adds a page by its URL, without sending anything to the site."""

    url = forms.CharField(max_length=2000, label="URL", help_text="Adding a page sends nothing to its site.")

    class Meta:
        model = Page
        fields = ["url", "title", "source"]

    def clean_url(self) -> str:
        address = super().clean_url()
        if Page.objects.filter(url=address).exists():
            raise forms.ValidationError(f"This page exists already, as {address}.")
        return address


# A person can see whether such a page is correct; a machine cannot.
_ACCEPTABLE = frozenset({Outcome.SHRUNK, Outcome.REDIRECTED, Outcome.REPLACED, Outcome.PAYWALL})
_ACCEPT_HELP = "Accept the page as it is, though it was not taken for the page. Its quotes are searched for there."


@admin.register(Page)
class PageAdmin(DeskAdmin):
    offers = ("add", "change")  # snapshots and changes refer to pages
    list_display = ["name", "source", "watching", "outcome", "last_success", "failures", "due"]
    list_filter = ["watch", ReadableFilter, "source__kind", "is_demo"]
    list_select_related = ["source", "polling"]
    search_fields = ["title", "url", "source__name"]
    autocomplete_fields = ["source"]
    readonly_fields = ["address", "entered_url", "watching", "public_id", "created_at"]
    fieldsets = [
        (None, {"fields": ["address", "title", "source"]}),
        ("Watching", {"fields": ["watching", "pinned_interval", "confirm_after", "render"]}),
        ("Record", {"fields": ["entered_url", "public_id", "created_at"], "classes": ["collapse"]}),
    ]
    add_fieldsets = [(None, {"fields": ["url", "title", "source"]})]
    change_form_template = "admin/sources/page.html"
    refusals = (*DeskAdmin.refusals, poller.PageUnreadable, ValueError)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewPageForm
        form = super().get_form(request, obj, change=change, **kwargs)
        if "render" in form.base_fields:
            help_text = Page._meta.get_field("render").help_text
            sentences = [help_text, RENDERING_DISCLOSURE, browser.missing_requirement(settings.CHROMIUM)]
            form.base_fields["render"].help_text = " ".join(str(each) for each in sentences if each)
        return form

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        page = page_for(obj.url, source=obj.source if obj.source_id else None)
        if obj.title:
            page.title = obj.title
            page.save(update_fields=["title"])
        obj.pk = page.pk
        obj.refresh_from_db()

    def get_verbs(self, request: HttpRequest, row: Page) -> list[Verb]:
        if not self.has_change_permission(request, row):
            return []
        if row.watch == Page.Watch.WATCHED:
            verbs = [Verb("poll", "Poll now", self._poll, "primary", help="The site sees one request.")]
            if (state := _state(row)) is not None and state.last_outcome in _ACCEPTABLE:
                verbs.append(Verb("accept", "Accept as it is now", self._accept, help=_ACCEPT_HELP))
            return verbs
        return [Verb("fetch", "Fetch once", self._fetch, help="The site sees one request.")]

    def _poll(self, request: HttpRequest, page: Page) -> str:
        poller.poll_now(page)
        return "The page will be polled within seconds."

    def _accept(self, request: HttpRequest, page: Page) -> str:
        poller.accept(page)
        return "The page will be polled within seconds and accepted as it is; missing text will count as gone."

    def _fetch(self, request: HttpRequest, page: Page) -> str:
        snapshot = poller.fetch_once(page, actor=request.user)
        return f"Fetched at {snapshot.taken_at:%Y-%m-%d %H:%M:%S} UTC."

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.watch_view)
        return [path("<path:object_id>/watch/", view, name="sources_page_watch"), *super().get_urls()]

    def watch_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask an editor to confirm watching before first publication, and show what the site will see."""
        page = self.get_object(request, object_id)
        if page is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_change_permission(request, page):
            raise PermissionDenied
        if request.method == "POST":
            poller.start_watching(page)
            messages.success(request, "The page is watched from now on.")
            return HttpResponseRedirect(self.address_of(page))
        return self.desk_page(
            request,
            "admin/sources/watch.html",
            "Watch this page?",
            row=page,
            sees=polling_disclosure(page),
            address=self.address_of(page),
        )

    def page_context(self, request: HttpRequest, row: Page) -> dict[str, Any]:
        snapshots = row.snapshots.select_related("blob").order_by("-taken_at", "-pk")[:20]
        return {
            "polling_state": Polling.objects.filter(page=row).first(),
            "snapshots": snapshots,
            "changes": row.changes.order_by("-detected_at", "-pk")[:20],
            "copies": copy_rows(row.archive_copies.all()),
            "outside_page": outside_link(row.url, "Open the live page"),
            "may_watch": row.watch != Page.Watch.WATCHED and self.has_change_permission(request, row),
            "watch_address": reverse("admin:sources_page_watch", args=[row.pk]),
        }

    @admin.display(description="page", ordering="title")
    def name(self, page: Page) -> SafeString | str:
        return format_html("{} {}", badge("demo", "demo"), page) if page.is_demo else str(page)

    @admin.display(description="URL")
    def address(self, page: Page) -> SafeString:
        return outside_link(page.url)

    @admin.display(description="URL as entered")
    def entered_url(self, page: Page) -> SafeString | str:
        return outside_link(page.given_url) if page.given_url else "–"

    @admin.display(description="watched", ordering="watch")
    def watching(self, page: Page) -> SafeString | str:
        if page.watch == Page.Watch.WATCHED and page.watched_since:
            return badge(f"watched since {page.watched_since:%Y-%m-%d}", "good")
        return badge("not watched")

    @admin.display(description="last outcome", ordering="polling__last_outcome")
    def outcome(self, page: Page) -> SafeString | str:
        state = _state(page)
        if state is None or not state.last_outcome:
            return "–"
        tone = "good" if state.last_outcome in Outcome.readable() else "bad"
        return badge(state.get_last_outcome_display(), tone)

    @admin.display(description="last read", ordering="polling__last_success_at")
    def last_success(self, page: Page) -> str:
        state = _state(page)
        return ago(state.last_success_at if state else None)

    @admin.display(description="failures in a row", ordering="polling__failures")
    def failures(self, page: Page) -> str:
        state = _state(page)
        return str(state.failures) if state and state.failures else "–"

    @admin.display(description="due", ordering="polling__due_at")
    def due(self, page: Page) -> str:
        state = _state(page)
        if state is None or state.due_at is None:
            return "–"
        wait = state.due_at - timezone.now()
        if wait <= timedelta(0):
            return "now"
        return "in seconds" if wait < timedelta(minutes=1) else f"in {timeuntil(state.due_at)}"


def _state(page: Page) -> Polling | None:
    return getattr(page, "polling", None)


@admin.register(Snapshot)
class SnapshotAdmin(LogAdmin):
    list_display = ["taken_at", "page", "origin", "status", "size", "marks"]
    list_filter = ["origin", "taken_at"]
    list_select_related = ["page", "blob"]
    search_fields = ["page__url", "page__title", "public_id"]
    readonly_fields = ["page", "taken_at", "origin", "status", "final", "size", "blob", "text", "title"]
    fields = [*readonly_fields, "language", "extractor", "marks", "public_id"]
    change_form_template = "admin/sources/snapshot.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self.fields)

    @admin.display(description="bytes", ordering="blob__size")
    def size(self, snapshot: Snapshot) -> str:
        return f"{snapshot.blob.size:,} ({snapshot.blob.media_type or 'unknown type'})"

    @admin.display(description="notes")
    def marks(self, snapshot: Snapshot) -> str:
        return ", ".join(snapshot.flags) or "–"

    @admin.display(description="final URL")
    def final(self, snapshot: Snapshot) -> SafeString | str:
        return outside_link(snapshot.final_url) if snapshot.final_url else "–"

    def page_context(self, request: HttpRequest, row: Snapshot) -> dict[str, Any]:
        previous = (
            Snapshot.objects.filter(page=row.page_id)
            .filter(Q(taken_at__lt=row.taken_at) | Q(taken_at=row.taken_at, pk__lt=row.pk))
            .select_related("text")
            .first()
        )
        return {
            "previous": previous,
            "copies": copy_rows(row.archive_copies.all()),
            "text": row.text.text[:MAX_TEXT_SHOWN],
            "cut": len(row.text.text) > MAX_TEXT_SHOWN,
            **comparison(previous, row),
        }


@admin.register(Change)
class ChangeAdmin(LogAdmin):
    list_display = ["detected_at", "page", "kind", "certainty", "outcome"]
    list_filter = ["kind", "certainty", "outcome", "detected_at"]
    list_select_related = ["page"]
    search_fields = ["page__url", "page__title", "public_id"]
    fields = ["page", "kind", "certainty", "outcome", "detected_at", "snapshot_before", "snapshot_after"]
    readonly_fields = fields
    change_form_template = "admin/sources/change.html"

    @admin.display(description="before")
    def snapshot_before(self, change: Change) -> SafeString:
        return row_link(change.before)

    @admin.display(description="after")
    def snapshot_after(self, change: Change) -> SafeString:
        return row_link(change.after)

    def page_context(self, request: HttpRequest, row: Change) -> dict[str, Any]:
        return comparison(row.before, row.after) | {"kinds": kind_labels(row)}


_KIND_LABELS = {
    "correction": "correction notice added",
    "figures": "figures changed in a sentence",
    "headline": "headline changed",
    "moved": "moved to another address",
}


def kind_labels(change: Change) -> list[str]:
    """Describe how the two snapshots of a change differ, most significant first."""
    before, after = change.before, change.after
    labels = [_KIND_LABELS[kind] for kind in change.kinds]
    if before is None or after is None or before.pk == after.pk:
        return labels
    if before.text_id != after.text_id and not change.kinds and _only_boilerplate(before, after):
        labels.append("only around the article: menus, teasers, counters")
    return labels


def _only_boilerplate(before: Snapshot, after: Snapshot) -> bool:
    try:
        return change_kinds.only_boilerplate(_article(before), _article(after))
    except StorageError:
        return False  # the integrity check reports missing bytes


def _article(snapshot: Snapshot) -> Article:
    return sandbox.article(default_store.store().get(snapshot.blob_id), snapshot.content_type)


def comparison(before: Snapshot | None, after: Snapshot | None) -> dict[str, Any]:
    """Build the template context of a diff between two snapshots: its pieces, or why there are none."""
    if before is None or after is None:
        return {"pieces": None}
    if before.text_id == after.text_id:
        return {"pieces": [], "same_text": True, "same_bytes": before.blob_id == after.blob_id}
    pieces = with_context(difference(before.text.text, after.text.text))
    return {"pieces": pieces[:2000], "other_extractor": before.extractor != after.extractor}
