"""Admin pages of statements and speakers: create a claim from a statement, or link it to an existing one."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from claims.admin.base import ClaimsAdmin, ClaimsInline, demo_label, shortened
from claims.admin.claim import row_address
from claims.admin.submissions import sent_by
from claims.desk.documents.sent import as_text, submission_of
from claims.models import Appearance, Attribution, Claim, Speaker, Statement
from claims.permissions import Refused, may_edit
from claims.statements import link_claim, mend
from claims.visibility import hidden_claims, visible, visible_claims
from sources.admin.base import Verb, row_link, sentence
from sources.reordered import shown


class ClaimChoiceForm(forms.Form):
    """Choose the claim that the statement makes."""

    claim = forms.ModelChoiceField(
        Claim.objects.none(),
        help_text="Type some of its words.",
        widget=AutocompleteSelect(Appearance._meta.get_field("claim"), admin.site),
    )

    attribution = forms.ModelChoiceField(
        Attribution.objects.none(),
        required=False,
        label="Who made it",
        empty_label="nobody: the claim gets no speaker from this statement",
        widget=UnfoldAdminSelectWidget,
        help_text="Only what the document says was said gives a claim its speaker.",
    )

    def __init__(self, *args: Any, user: Any, statement: Statement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if statement.attributions.exists():
            asserted = statement.attributions.filter(polarity=Attribution.Polarity.ASSERTED)
            self.fields["attribution"].queryset = asserted  # type: ignore[attr-defined]
            self.fields["attribution"].initial = link_claim.sole_attribution(statement)
        else:
            del self.fields["attribution"]
        self.fields["claim"].queryset = visible_claims(user).filter(  # type: ignore[attr-defined]
            merged_into__isnull=True
        )


class AttributionForm(forms.ModelForm):  # type: ignore[type-arg]
    """An attribution as an editor mends it: what was said as words of the statement, a part a line."""

    said = forms.CharField(
        required=False,
        label="What was said",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="Words of the statement, letter by letter; a part a line.",
    )

    class Meta:
        model = Attribution
        fields = ["speaker", "speaker_as_written", "cue", "quoted", "polarity"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.fields["said"].initial = "\n".join(self.instance.pieces(self.instance.statement))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        pieces = [line.strip() for line in str(data.get("said") or "").splitlines() if line.strip()]
        try:
            data["content"] = mend.spans_of(pieces, self.instance.statement)
        except Refused as refusal:
            self.add_error("said", str(refusal))
        if data.get("polarity") != Attribution.Polarity.ASSERTED:
            data["speaker"] = None  # nobody is the speaker of what was not said
        return data


class AttributionInline(ClaimsInline):
    """Who is said to have said what in the statement."""

    model = Attribution
    form = AttributionForm
    autocomplete_fields = ["speaker"]
    fields = [("speaker_as_written", "speaker"), ("cue", "polarity", "quoted"), "said", "unsure", "mended"]
    readonly_fields = ["unsure", "mended"]
    verbose_name = "attribution"
    verbose_name_plural = "who says what"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attribution]:
        return super().get_queryset(request).select_related("statement", "speaker", "mended_by")

    @admin.display(description="mended by")
    def mended(self, attribution: Attribution) -> str:
        if attribution.mended_at is None:
            return "–"
        return f"{attribution.mended_by}, {attribution.mended_at:%Y-%m-%d}. No later reading changes it."


class StatementAppearanceInline(ClaimsInline):
    """The claims that the statement makes."""

    model = Appearance
    autocomplete_fields = ["claim"]
    fields = ["claim", "attribution", "created_at"]
    readonly_fields = ["attribution", "created_at"]
    verbose_name = "claim"
    verbose_name_plural = "claims it makes"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appearance]:
        return super().get_queryset(request).select_related("claim", "attribution")


@admin.register(Statement)
class StatementAdmin(ClaimsAdmin):
    list_screen, row_screen = "desk:documents", "desk:statement"
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
    inlines = [AttributionInline, StatementAppearanceInline]
    change_form_template = "admin/claims/statement.html"
    history_of = ((Attribution, "statement"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        seen = ~Q(appearances__claim__in=hidden_claims(request.user))
        rows = super().get_queryset(request).annotate(_claims=Count("appearances", filter=seen))
        return rows.defer("document__text") if request.method == "GET" else rows

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Those of its first asserted attribution are edited there."""
        own = super().get_readonly_fields(request, obj)
        return [*own, *_SPEAKS] if obj is not None and obj.attributions.exists() else [*own]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is not Attribution:
            for row in formset.save(commit=False):
                if isinstance(row, Appearance) and row.pk is None:
                    row.created_by = request.user
                    row.attribution = link_claim.sole_attribution(row.statement)
                row.save()
            for row in formset.deleted_objects:
                row.delete()
            return
        formset.save(commit=False)
        for each in formset.deleted_objects:
            mend.remove(each, actor=request.user)
        for each in formset.forms:
            if each.has_changed() and each not in formset.deleted_forms:
                each.instance.content = each.cleaned_data["content"]
                mend.mend(each.instance, actor=request.user)

    def page_context(self, request: HttpRequest, row: Statement) -> dict[str, Any]:
        sent = submission_of(request.user, statement=row)
        return {"sent": sent, "sent_text": as_text(sent), "speaker_matched": row.speaker_id is not None}

    def get_verbs(self, request: HttpRequest, row: Statement) -> list[Verb]:
        if not may_edit(request.user) or not _unclaimed(row, request.user):
            return []
        return [Verb("claim", "Create a claim", self._create_claim, "primary")]

    def all_verbs(self, request: HttpRequest, row: Statement) -> list[Verb]:
        return [Verb("claim", "", self._create_claim)]

    def _create_claim(self, request: HttpRequest, statement: Statement) -> HttpResponse:
        if "text" not in request.POST:  # shown first
            return HttpResponseRedirect(reverse("admin:claims_statement_claim", args=[statement.pk]))
        key = request.POST.get("attribution", "")
        attribution = statement.attributions.filter(public_id=key[:24]).first() if key else None
        if key and attribution is None:
            raise Refused(_("This attribution was removed meanwhile; look at the statement again."))
        silent = attribution is None or "without_speaker" in request.POST
        try:
            if not silent and attribution is not None and attribution.is_read_as and "confirmed" not in request.POST:
                raise Refused(
                    _("Confirm who speaks: the document says %(speaker_as_read)s.")
                    % {"speaker_as_read": attribution.speaker_as_read}
                )
            claim = link_claim.claim_from_statement(
                statement,
                actor=request.user,
                text=request.POST["text"],
                attribution=attribution,
                without_speaker="without_speaker" in request.POST,
            )
        except Refused as refusal:
            if "stay" not in request.POST:
                raise
            return self._claim_page(request, statement, refused=(key, request.POST["text"], str(refusal)))
        messages.success(request, format_html("{} {}", "Claim created:", row_link(claim)))
        stay = request.POST.get("stay") == "document"
        if _unclaimed(statement, request.user):
            return HttpResponseRedirect(reverse("admin:claims_statement_claim", args=[statement.pk]))
        return HttpResponseRedirect(
            f"{row_address(statement.document)}#{statement.public_id}" if stay else row_address(claim)
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.link_view)
        make = self.admin_site.admin_view(self.claim_view)
        return [
            path("<path:object_id>/link/", view, name="claims_statement_link"),
            path("<path:object_id>/make-claim/", make, name="claims_statement_claim"),
            *super().get_urls(),
        ]

    def claim_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the claims that can be made of the statement, each with its text and its speaker; nothing is written."""
        statement = self.get_object(request, unquote(object_id))
        if statement is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not may_edit(request.user):
            raise PermissionDenied
        return self._claim_page(request, statement)

    def _claim_page(
        self, request: HttpRequest, statement: Statement, refused: tuple[str, str, str] | None = None
    ) -> HttpResponse:
        """The page; `refused` is the attribution's id, what was typed and why no claim was made of it."""
        made = {each.attribution_id: each.claim for each in _appearances(statement, request.user)}
        proposed = [
            (
                _with_refusal(each, refused),
                made.get(each.attribution.pk if each.attribution else None) if not each.needs_word else None,
            )
            for each in link_claim.proposed_claims(statement)
        ]
        return self.desk_page(
            request,
            "admin/claims/make_claim.html",
            "Make a claim",
            row=statement,
            original_text=shown(statement.text),
            proposed=proposed,
            address=f"{row_address(statement.document)}#{statement.public_id}",
        )

    def link_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Link the statement to an existing claim."""
        statement = self.get_object(request, unquote(object_id))
        if statement is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not may_edit(request.user):
            raise PermissionDenied
        form = ClaimChoiceForm(request.POST or None, user=request.user, statement=statement)
        if request.method == "POST" and form.is_valid():
            try:
                link_claim.link_statement(
                    statement,
                    form.cleaned_data["claim"],
                    actor=request.user,
                    attribution=form.cleaned_data.get("attribution"),
                    without_speaker="attribution" in form.fields and form.cleaned_data["attribution"] is None,
                )
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
            said=" ".join(
                statement.text[start - statement.start : end - statement.start] for start, end in statement.content
            ),
            address=row_address(statement.document),
        )

    @admin.display(description="statement", ordering="text")
    def said(self, statement: Statement) -> str:
        return shortened(statement.text)

    @admin.display(description="statement")
    def whole(self, statement: Statement) -> str:
        return shown(statement.text)

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


def _with_refusal(proposed: link_claim.ProposedClaim, refused: tuple[str, str, str] | None) -> link_claim.ProposedClaim:
    """The proposal with what was typed instead and why it was refused, if it was this one."""
    own = proposed.attribution.public_id if proposed.attribution else ""
    if refused is None or refused[0] != own:
        return proposed
    return replace(proposed, text=refused[1], warning=refused[2])


_SPEAKS = ("speaker", "speaker_as_written", "cue", "quoted")


def _appearances(statement: Statement, user: Any) -> QuerySet[Appearance]:
    return visible(statement.appearances.select_related("claim"), user)


def _unclaimed(statement: Statement, user: Any) -> bool:
    """Whether somebody said something in the statement of which no claim was made, or nothing was made of it at all."""
    made = set(_appearances(statement, user).values_list("attribution", flat=True))
    asserted = set(statement.attributions.filter(polarity=Attribution.Polarity.ASSERTED).values_list("pk", flat=True))
    return not made or bool(asserted - made)


def figure_text(figure: Any) -> str:
    """A figure as text: as written, and what it counts."""
    if not isinstance(figure, dict):
        return str(figure)
    text = str(figure.get("text") or figure.get("value") or "")
    counts = figure.get("counts")
    return f"{text} ({counts})" if counts else text


@admin.register(Speaker)
class SpeakerAdmin(ClaimsAdmin):
    list_screen, row_screen = "desk:speakers", "desk:speaker"
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
