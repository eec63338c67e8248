"""The desk's pages of watched pages: their health, what was seen on them, and what changed."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince, timeuntil

from sources.admin.archives import shown_copies
from sources.admin.base import DeskAdmin, LogAdmin, Verb, ago, badge, outside_link, row_link
from sources.admin.difference import difference, with_context
from sources.changes import kinds
from sources.extraction import browser, sandbox
from sources.extraction.main_text import Article
from sources.http.addresses import canonical
from sources.models import Change, Outcome, Page, Polling, Snapshot
from sources.pages import page_for
from sources.polling import poller
from sources.snapshots import default_store
from sources.snapshots.store import StorageError

LONGEST_SHOWN = 200_000  # characters of captured text in one page of the desk


class Reading(admin.SimpleListFilter):
    """Whether we can look at the page at all."""

    title = "can be looked at"
    parameter_name = "reading"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "yes"), ("no", "no"), ("never", "never tried")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Page]) -> QuerySet[Page]:
        if self.value() == "yes":
            return queryset.filter(polling__last_outcome__in=Outcome.readable())
        if self.value() == "no":
            return queryset.filter(cannot_be_read())
        if self.value() == "never":
            return queryset.filter(Q(polling__isnull=True) | Q(polling__last_outcome=""))
        return queryset


def cannot_be_read() -> Q:
    """Pages whose last attempt said nothing of their text."""
    return Q(polling__isnull=False) & ~Q(polling__last_outcome__in=["", *Outcome.readable()])


RENDERING_IS_SEEN = (
    f"A browser of ours runs the page's scripts: the site, and every host that it takes scripts or data from, see up "
    f"to {browser.MOST_REQUESTS} more requests each time, without cookies, referrer, pictures or fonts."
)


def what_the_site_sees(page: Page | None = None) -> list[str]:
    """What a site learns when one of its pages is watched, in sentences for the person who decides."""
    every = timesince(timezone.now() - timezone.timedelta(seconds=settings.POLL_INTERVAL))
    return [
        f"A request for the page now, and again about every {every} for as long as it is watched.",
        "The address of this server.",
        f"The name “{settings.FETCH_USER_AGENT}”.",
        "No cookie, no referrer, nothing of the claim or of you. Its robots.txt is read and obeyed.",
        *([RENDERING_IS_SEEN] if page is not None and page.render else []),
    ]


class AddressForm(forms.ModelForm):  # type: ignore[type-arg]
    """Something is added by its address, and its source is found by that unless one is chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].required = False
        self.fields["source"].help_text = "Empty: found by its host, or made."

    def clean_url(self) -> str:
        try:
            return canonical(self.cleaned_data["url"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class NewPageForm(AddressForm):
    """A page is added by its URL; adding it sends nothing to the site."""

    url = forms.CharField(max_length=2000, label="URL", help_text="Nothing is sent to the site by adding it.")

    class Meta:
        model = Page
        fields = ["url", "title", "source"]

    def clean_url(self) -> str:
        address = super().clean_url()
        if Page.objects.filter(url=address).exists():
            raise forms.ValidationError(f"This page is there already, as {address}.")
        return address


# Outcomes of pages that may well be right as they are, which a person can see and a machine cannot.
_ACCEPTABLE = frozenset({Outcome.SHRUNK, Outcome.REDIRECTED})
_ACCEPTING = (
    "Take the page as it is, however little is left of it or wherever it leads. Its quotes are looked for there."
)


@admin.register(Page)
class PageAdmin(DeskAdmin):
    list_display = ["name", "source", "watching", "outcome", "last_success", "failures", "due"]
    list_filter = ["watch", Reading, "source__kind", "is_demo"]
    list_select_related = ["source", "polling"]
    search_fields = ["title", "url", "source__name"]
    autocomplete_fields = ["source"]
    readonly_fields = ["address", "given", "watching", "public_id", "created_at"]
    fieldsets = [
        (None, {"fields": ["address", "title", "source"]}),
        ("Watching", {"fields": ["watching", "pinned_interval", "confirm_after", "render"]}),
        ("Record", {"fields": ["given", "public_id", "created_at"], "classes": ["collapse"]}),
    ]
    add_fieldsets = [(None, {"fields": ["url", "title", "source"]})]
    change_form_template = "admin/sources/page.html"
    refusals = (*DeskAdmin.refusals, poller.PageUnreadable, ValueError)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewPageForm
        form = super().get_form(request, obj, change=change, **kwargs)
        if "render" in form.base_fields:
            told = [Page._meta.get_field("render").help_text, RENDERING_IS_SEEN, browser.missing(settings.CHROMIUM)]
            form.base_fields["render"].help_text = " ".join(filter(None, told))
        return form

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made = page_for(obj.url, source=obj.source if obj.source_id else None)
        if obj.title:
            made.title = obj.title
            made.save(update_fields=["title"])
        obj.pk = made.pk
        obj.refresh_from_db()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # history rests on pages

    def get_verbs(self, request: HttpRequest, row: Page) -> list[Verb]:
        if not self.has_change_permission(request, row):
            return []
        if row.watch == Page.Watch.WATCHED:
            verbs = [Verb("poll", "Poll now", self._poll, "primary", help="The site sees one request.")]
            if (state := _state(row)) is not None and state.last_outcome in _ACCEPTABLE:
                verbs.append(Verb("accept", "This is the page now", self._accept, help=_ACCEPTING))
            return verbs
        return [Verb("fetch", "Fetch once", self._fetch, help="The site sees one request.")]

    def _poll(self, request: HttpRequest, page: Page) -> str:
        poller.poll_now(page)
        return "The page is due now; a worker looks at it within seconds."

    def _accept(self, request: HttpRequest, page: Page) -> str:
        poller.accept(page)
        return "The page is due now and taken as it is; what it lacks will count as gone from it."

    def _fetch(self, request: HttpRequest, page: Page) -> str:
        snapshot = poller.fetch_once(page, actor=request.user)
        return f"Fetched at {snapshot.taken_at:%Y-%m-%d %H:%M:%S} UTC."

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.watch_view)
        return [path("<path:object_id>/watch/", view, name="sources_page_watch"), *super().get_urls()]

    def watch_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Watching before first publication is an editor's choice, made where it says what the site sees."""
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
            sees=what_the_site_sees(page),
            address=self.address_of(page),
        )

    def page_context(self, request: HttpRequest, row: Page) -> dict[str, Any]:
        snapshots = row.snapshots.select_related("blob").order_by("-taken_at", "-pk")[:20]
        return {
            "polling_state": Polling.objects.filter(page=row).first(),
            "snapshots": snapshots,
            "changes": row.changes.order_by("-detected_at", "-pk")[:20],
            "copies": shown_copies(row.archive_copies.all()),
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

    @admin.display(description="URL as given")
    def given(self, page: Page) -> SafeString | str:
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
    readonly_fields = ["page", "taken_at", "origin", "status", "final", "size", "blob_id", "text_id", "title"]
    fields = [*readonly_fields, "language", "extractor", "marks", "public_id"]
    change_form_template = "admin/sources/snapshot.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self.fields)

    @admin.display(description="bytes", ordering="blob__size")
    def size(self, snapshot: Snapshot) -> str:
        return f"{snapshot.blob.size:,} ({snapshot.blob.media_type or 'unknown type'})"

    @admin.display(description="noted")
    def marks(self, snapshot: Snapshot) -> str:
        return ", ".join(snapshot.flags) or "–"

    @admin.display(description="answered from")
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
            "copies": shown_copies(row.archive_copies.all()),
            "text": row.text.text[:LONGEST_SHOWN],
            "cut": len(row.text.text) > LONGEST_SHOWN,
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
        return comparison(row.before, row.after) | {"kinds": kinds_of(row)}


_KINDS = {
    "correction": "correction notice added",
    "figures": "a sentence has other figures",
    "headline": "headline changed",
    "moved": "moved to another address",
}


def kinds_of(change: Change) -> list[str]:
    """In what the two sides differ, in words, the most telling first."""
    before, after, found = change.before, change.after, change.kinds
    words = [_KINDS[kind] for kind in found]
    if before is None or after is None or before.pk == after.pk:
        return words
    if before.text_id != after.text_id and not found and _only_boilerplate(before, after):
        words.append("only around the article: menus, teasers, counters")
    return words


def _only_boilerplate(before: Snapshot, after: Snapshot) -> bool:
    try:
        return kinds.only_boilerplate(_article(before), _article(after))
    except StorageError:
        return False  # without the bytes nothing is said; the scrub reports that they are missing


def _article(snapshot: Snapshot) -> Article:
    header = next((value for name, value in snapshot.headers if name.lower() == "content-type"), "")
    return sandbox.article(default_store.store().get(snapshot.blob_id), header or snapshot.blob.media_type)


def comparison(before: Snapshot | None, after: Snapshot | None) -> dict[str, Any]:
    """For the diff on the page of a snapshot or a change: pieces, or why there are none."""
    if before is None or after is None:
        return {"pieces": None}
    if before.text_id == after.text_id:
        return {"pieces": [], "same_text": True, "same_bytes": before.blob_id == after.blob_id}
    pieces = with_context(difference(before.text.text, after.text.text))
    return {"pieces": pieces[:2000], "other_extractor": before.extractor != after.extractor}


def latest_snapshot_times() -> Subquery:
    """When each page of a query was last read."""
    latest = Snapshot.objects.filter(page=OuterRef("pk")).order_by("-taken_at", "-pk")
    return Subquery(latest.values("taken_at")[:1])
