"""Admin pages of statements and speakers: create a claim from a statement, or link it to an existing one."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.admin.base import ClaimsAdmin, ClaimsInline, demo_label, shortened
from claims.admin.claim import row_address
from claims.admin.submissions import sent_by
from claims.models import Appearance, Claim, Speaker, Statement
from claims.permissions import may_edit
from claims.statements import link_claim
from claims.visibility import hidden_claims, visible, visible_claims
from sources.admin.base import Verb, row_link, sentence


class ClaimChoiceForm(forms.Form):
    """Choose the claim that the statement makes."""

    claim = forms.ModelChoiceField(
        Claim.objects.none(),
        help_text="Type some of its words.",
        widget=AutocompleteSelect(Appearance._meta.get_field("claim"), admin.site),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["claim"].queryset = visible_claims(user).filter(  # type: ignore[attr-defined]
            merged_into__isnull=True
        )


class StatementAppearanceInline(ClaimsInline):
    """The claims that the statement makes."""

    model = Appearance
    autocomplete_fields = ["claim"]
    fields = ["claim", "created_at"]
    readonly_fields = ["created_at"]
    verbose_name = "claim"
    verbose_name_plural = "claims it makes"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appearance]:
        return super().get_queryset(request).select_related("claim")


@admin.register(Statement)
class StatementAdmin(ClaimsAdmin):
    offers = ("change", "delete")  # created by ingest
    list_display = ["said", "who", "cue", "is_quote", "worth", "in_document", "claims_count"]
    list_filter = ["checkworthy", "quoted", "document__kind", sent_by("statement")]
    list_select_related = ["speaker", "document"]
    search_fields = ["text", "speaker__name", "speaker_as_written", "public_id"]
    autocomplete_fields = ["speaker"]
    fields = [
        "whole",
        "in_document",
        "speaker",
        "speaker_as_written",
        "cue",
        "quoted",
        "figures_listed",
        "checkworthy",
        "reasons",
        "public_id",
    ]
    readonly_fields = ["whole", "in_document", "figures_listed", "reasons", "public_id"]
    inlines = [StatementAppearanceInline]
    change_form_template = "admin/claims/statement.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        seen = ~Q(appearances__claim__in=hidden_claims(request.user))
        rows = super().get_queryset(request).annotate(_claims=Count("appearances", filter=seen))
        return rows.defer("document__text") if request.method == "GET" else rows

    def get_verbs(self, request: HttpRequest, row: Statement) -> list[Verb]:
        if not may_edit(request.user) or visible(row.appearances.all(), request.user).exists():
            return []
        return [Verb("claim", "Create a claim", self._create_claim, "primary")]

    def all_verbs(self, request: HttpRequest, row: Statement) -> list[Verb]:
        return [Verb("claim", "", self._create_claim)]

    def _create_claim(self, request: HttpRequest, statement: Statement) -> HttpResponse:
        claim = link_claim.claim_from_statement(statement, actor=request.user)
        messages.success(request, format_html("{} {}", "Claim created:", row_link(claim)))
        stay = request.POST.get("stay") == "document"
        return HttpResponseRedirect(
            f"{row_address(statement.document)}#{statement.public_id}" if stay else row_address(claim)
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.link_view)
        return [path("<path:object_id>/link/", view, name="claims_statement_link"), *super().get_urls()]

    def link_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Link the statement to an existing claim."""
        statement = self.get_object(request, unquote(object_id))
        if statement is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not may_edit(request.user):
            raise PermissionDenied
        form = ClaimChoiceForm(request.POST or None, user=request.user)
        if request.method == "POST" and form.is_valid():
            try:
                link_claim.link_statement(statement, form.cleaned_data["claim"], actor=request.user)
            except self.refusals as refusal:
                form.add_error("claim", sentence(refusal))
            else:
                messages.success(request, format_html("{} {}", "Linked to", row_link(form.cleaned_data["claim"])))
                return HttpResponseRedirect(f"{row_address(statement.document)}#{statement.public_id}")
        return self.desk_page(
            request,
            "admin/claims/link_statement.html",
            "Link to a claim",
            row=statement,
            form=form,
            media=self.media + form.media,
            address=row_address(statement.document),
        )

    @admin.display(description="statement", ordering="text")
    def said(self, statement: Statement) -> str:
        return shortened(statement.text)

    @admin.display(description="statement")
    def whole(self, statement: Statement) -> str:
        return statement.text

    @admin.display(description="speaker", ordering="speaker__name")
    def who(self, statement: Statement) -> str:
        return str(statement.speaker) if statement.speaker else statement.speaker_as_written or "–"

    @admin.display(description="quote", ordering="quoted")
    def is_quote(self, statement: Statement) -> str:
        return "direct" if statement.quoted else "paraphrase" if statement.cue else "–"

    @admin.display(description="worth checking", ordering="checkworthy")
    def worth(self, statement: Statement) -> str:
        return "yes" if statement.checkworthy else "–"

    @admin.display(description="document")
    def in_document(self, statement: Statement) -> SafeString:
        document = statement.document
        return row_link(document, shortened(document.title or document.public_id, 60))

    @admin.display(description="claims", ordering="_claims")
    def claims_count(self, statement: Any) -> int:
        return int(statement._claims)

    @admin.display(description="figures")
    def figures_listed(self, statement: Statement) -> SafeString | str:
        return format_html_join("; ", "{}", ((figure_text(each),) for each in statement.figures)) or "–"

    @admin.display(description="why it is worth checking")
    def reasons(self, statement: Statement) -> str:
        return "; ".join(statement.checkworthy_reasons) or "–"


def figure_text(figure: Any) -> str:
    """A figure as text: as written, and what it counts."""
    if not isinstance(figure, dict):
        return str(figure)
    text = str(figure.get("text") or figure.get("value") or "")
    counts = figure.get("counts")
    return f"{text} ({counts})" if counts else text


@admin.register(Speaker)
class SpeakerAdmin(ClaimsAdmin):
    list_display = ["label", "kind", "role", "wikidata_id", "statements_count"]
    list_filter = ["kind", "is_demo"]
    search_fields = ["name", "aliases", "wikidata_id"]
    fields = ["name", "kind", "role", "wikidata_id", "aliases", "public_id", "created_at"]
    readonly_fields = ["public_id", "created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Speaker]:
        return super().get_queryset(request).annotate(_statements=Count("statements"))

    @admin.display(description="speaker", ordering="name")
    def label(self, speaker: Speaker) -> SafeString | str:
        return demo_label(speaker, speaker.name)

    @admin.display(description="statements", ordering="_statements")
    def statements_count(self, speaker: Any) -> int:
        return int(speaker._statements)
