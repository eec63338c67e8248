"""Admin pages of documents: ingest a pasted or uploaded text, list its statements, create or link claims."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from claims.admin.base import ClaimsAdmin, demo_label, shortened
from claims.admin.claim import row_address
from claims.admin.submissions import sent_by
from claims.models import Document, Statement, Tip
from claims.permissions import may_edit
from claims.statements import ingest, intake
from claims.tips import groups
from claims.visibility import visible, visible_claims
from claims.visible_text import NO_LANGUAGE, is_language_tag
from sources.admin.base import outside_link, row_link, sentence
from sources.reordered import shown

MAX_BYTES = 2_000_000


class IngestForm(forms.Form):
    """A pasted or uploaded text and its origin. Nothing is fetched."""

    text = forms.CharField(
        required=False,
        strip=False,
        max_length=MAX_BYTES,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 14}),
        help_text="Paste the text here, or choose a file below.",
    )
    file = forms.FileField(
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text="Plain text, HTML, Markdown, PDF or Word, 2 MB at most.",
    )
    title = forms.CharField(
        required=False, max_length=500, widget=UnfoldAdminTextInputWidget, help_text="Empty: taken from the text."
    )
    kind = forms.ChoiceField(choices=Document.Kind.choices, widget=UnfoldAdminSelectWidget)
    publisher = forms.CharField(required=False, max_length=300, widget=UnfoldAdminTextInputWidget)
    date = forms.DateField(required=False, label="Published on", widget=UnfoldAdminSingleDateWidget)
    language = forms.CharField(
        required=False,
        max_length=35,
        widget=UnfoldAdminTextInputWidget,
        help_text="BCP 47, for example en or pt-BR. Empty: told from the text.",
    )
    url = forms.URLField(
        required=False,
        label="URL",
        max_length=2000,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text="Where it was published. It is recorded, not fetched.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("language") and not is_language_tag(data["language"]):
            self.add_error("language", NO_LANGUAGE)
        text, file = str(data.get("text") or "").strip(), data.get("file")
        if bool(text) == bool(file):
            self.add_error("text", "Paste the text or choose a file: one of the two.")
        elif file and file.size > MAX_BYTES:
            self.add_error("file", "The file is larger than 2 MB; cut out the part that matters.")
        return data


@admin.register(Document)
class DocumentAdmin(ClaimsAdmin):
    list_screen, row_screen, new_screen = "desk:documents", "desk:document", "desk:read"
    list_display = ["name", "kind", "publisher", "published_on", "language", "statements_count", "created_at"]
    list_filter = ["kind", sent_by("document"), "reading", "language", "is_demo", "created_at"]
    search_fields = ["title", "publisher", "url", "public_id"]
    fieldsets = [
        (None, {"fields": ["title", ("publisher", "published_on"), ("kind", "language"), "url"]}),
        ("Record", {"fields": ["public_id", "created_at", "created_by"], "classes": ["collapse"]}),
    ]
    readonly_fields = ["public_id", "created_at", "created_by"]
    change_form_template = "admin/claims/document.html"
    history_of = ((Statement, "document"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        rows = super().get_queryset(request).annotate(_statements=Count("statements"))
        if request.resolver_match and request.resolver_match.url_name == "claims_document_changelist":
            return rows.defer("text")  # a list of full texts weighs megabytes
        return rows

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Show the ingest form; on POST ingest the text."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if (screen := self.led_on(request)) is not None:
            return screen
        tip = _tip(request)
        initial = {"text": tip.text, "url": tip.url, "kind": Document.Kind.TIP} if tip else {}
        if tip and tip.language:
            initial["language"] = tip.language
        form = IngestForm(request.POST or None, request.FILES or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                taken = self._ingest(request, form.cleaned_data, tip)
            except (ingest.UnreadableDocument, intake.NotFetched) as error:
                form.add_error("file" if form.cleaned_data.get("file") else "text", str(error))
            except self.refusals as refusal:
                form.add_error(None, sentence(refusal))
            except intake.KnownText as known:
                form.add_error(None, _known(known))
            else:
                _report(request, taken.document, is_new=taken.is_new)
                return HttpResponseRedirect(row_address(taken.document))
        return self.desk_page(request, "admin/claims/ingest.html", "Ingest a document", form=form, tip=tip)

    def _ingest(self, request: HttpRequest, data: dict[str, Any], tip: Tip | None) -> intake.Taken:
        """Take in what was typed. Raises `KnownText` where it would be lost."""
        file = data.get("file")
        upload = intake.Upload(file.read(), file.name, file.content_type or "") if file else None
        names = ("title", "publisher", "date", "language", "url", "kind")
        told = intake.Told(**{name: data[name] for name in names})
        taken = intake.take_in(data["text"], actor=request.user, told=told, upload=upload)
        if tip is not None:
            groups.take(tip, taken.document, actor=request.user)
        return taken

    def save_model(self, request: HttpRequest, obj: Document, form: Any, change: bool) -> None:
        obj.canonical_url = ingest.canonical_address(obj.url)
        super().save_model(request, obj, form, change)

    def page_context(self, request: HttpRequest, row: Document) -> dict[str, Any]:
        claims = Prefetch("claims", queryset=visible_claims(request.user))
        statements = (
            row.statements.select_related("speaker")
            .prefetch_related(claims, "attributions__speaker")
            .order_by("start", "pk")[:500]
        )
        return {
            "statements": statements,
            "text": shown(row.text[:200_000]),
            "cut": len(row.text) > 200_000,
            "may_make": may_edit(request.user),
            "outside_url": outside_link(row.url) if row.url else "",
        }

    @admin.display(description="document", ordering="title")
    def name(self, document: Document) -> SafeString | str:
        title = shortened(document.title) if document.title else f"(no title) {document.public_id}"
        return demo_label(document, title)

    @admin.display(description="statements", ordering="_statements")
    def statements_count(self, document: Any) -> int | str:
        is_read = document.reading == Document.Reading.DONE
        return int(document._statements) if is_read else document.get_reading_display()


def _known(known: intake.KnownText) -> SafeString:
    """A sentence that links the document that holds the text, and says what to do."""
    then = (
        "Open it and change it there, or give another address here."
        if known.has_address
        else "If this text stands elsewhere too, give its URL here; else open that document and change it there."
    )
    where = "at this address" if known.has_address else "without an address"
    return format_html(
        "{} holds this text {}, with another {}. Nothing was saved. {}",
        row_link(known.document),
        where,
        " and ".join(known.differs),
        then,
    )


def _report(request: HttpRequest, document: Document, *, is_new: bool) -> None:
    if not is_new:
        messages.info(request, "This text is known already: this is its document, as it was. Nothing was added.")
        return
    same = Document.objects.filter(text_sha256=document.text_sha256).exclude(pk=document.pk).defer("text")
    others = list(visible(same, request.user).order_by("pk")[:3])
    if others:
        links = format_html_join(", ", "{}", ((row_link(each),) for each in others))
        messages.warning(
            request, format_html("The same text stands in {} too. Each document keeps its own statements.", links)
        )
    if document.reading == Document.Reading.DONE:
        messages.success(request, f"Ingested: {document.statements.count()} statements found.")
    elif document.reading == Document.Reading.WAITING:
        messages.success(request, "Saved. The text is long, so its statements are found in the background.")
    else:
        messages.warning(request, f"Saved without statements. {document.reading_note}")


def _tip(request: HttpRequest) -> Tip | None:
    key = request.GET.get("tip", "")
    return Tip.objects.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
