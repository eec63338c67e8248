"""Admin pages of claims, topics, and the links between claims and statements."""

import tempfile
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminSelectWidget

from claims.admin.base import ClaimsAdmin, ClaimsInline, demo_label, shortened, state_label
from claims.admin.submissions import sent_by
from claims.desk import merges
from claims.desk.documents.sent import as_text, submission_of
from claims.desk.rechecks import words
from claims.exports import warc
from claims.models import Appearance, Attribution, Claim, Organisation, Publication, Recheck, Restriction, Topic
from claims.models.verification import Verification, with_verification
from claims.newsroom_drafts.drafts import take_over_claim
from claims.permissions import Refused, may_edit, may_restrict
from claims.reviews import workflow
from claims.reviews.drafts.claim_edits import why_not_edit
from claims.statements.link_claim import sole_attribution
from claims.visibility import hidden_claims, is_visible
from sources.admin.base import Verb, row_link
from sources.snapshots.store import StorageError


class VerificationFilter(admin.SimpleListFilter):
    """Filter claims by their derived verification status."""

    title = "verification"
    parameter_name = "verification"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(key), str(label)) for key, label in Verification.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        rows: QuerySet[Any] = queryset  # with_verification: an annotation that the types do not know
        return rows.filter(verification=self.value()) if self.value() else queryset


class AppearanceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A statement that makes the claim, and by which of its attributions."""

    attribution = forms.ChoiceField(required=False, label="made by", widget=UnfoldAdminSelectWidget)

    class Meta:
        model = Appearance
        fields = ["statement", "attribution"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = list(self.instance.statement.attributions.all()) if self.instance.statement_id else []
        self._asserted = {str(each.pk): each for each in every if each.polarity == Attribution.Polarity.ASSERTED}
        named = [(key, str(each)) for key, each in self._asserted.items()]
        self.fields["attribution"].choices = [("", "nobody, or the only one who says it"), *named]  # type: ignore[attr-defined]

    def clean_attribution(self) -> Attribution | None:
        return self._asserted.get(str(self.cleaned_data["attribution"]))


class AppearanceInline(ClaimsInline):
    """The statements in which the claim is made; of several who speak in one, the editor says who made the claim."""

    model = Appearance
    form = AppearanceForm
    autocomplete_fields = ["statement"]
    fields = ["statement", "attribution", "who", "created_at"]
    readonly_fields = ["who", "created_at"]
    verbose_name = "statement"
    verbose_name_plural = "statements that make this claim"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_merged(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if isinstance(obj, Claim) and why_not_edit(request.user, obj) is not None:
            return False
        return not _is_merged(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_merged(obj) and super().has_delete_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appearance]:
        rows = super().get_queryset(request).select_related("statement__speaker", "statement__document")
        return rows.select_related("attribution__speaker").prefetch_related("statement__attributions")

    @admin.display(description="said by, in")
    def who(self, appearance: Appearance) -> str:
        if appearance.statement_id is None:
            return "–"
        statement = appearance.statement
        said = appearance.attribution or (None if statement.attributions.all() else statement)
        if isinstance(said, Attribution):
            speaker = said.speaker_as_read or "nobody"
        else:
            speaker = str((said and said.speaker) or (said and said.speaker_as_written) or "nobody")
        return f"{speaker}, in “{shortened(str(statement.document), 60)}”"


class ClaimForm(forms.ModelForm):  # type: ignore[type-arg]
    """The editable fields of a claim."""

    class Meta:
        model = Claim
        fields = ["text", "language", "topics", "period_start", "period_end", "place", "repeats"]
        help_texts = {"text": "The assertion that can be checked, in one sentence. All else here can follow later."}

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).strip()
        if not text:
            raise forms.ValidationError(_("Write the assertion that can be checked, in one sentence."))
        return text


@admin.register(Claim)
class ClaimAdmin(ClaimsAdmin):
    row_screen = "desk:claim"
    form = ClaimForm
    text_rows = {"text": 3}
    list_display = ["claim", "verification_status", "language", "reviews_count", "created_at"]
    list_filter = [VerificationFilter, sent_by("claim"), "language", "topics", "is_demo"]
    search_fields = ["text", "public_id"]
    autocomplete_fields = ["topics", "repeats"]
    readonly_fields = ["public_id", "verification_status", "merged", "created_at", "created_by"]
    fieldsets = [
        (None, {"fields": ["text", "verification_status", "topics", "language"]}),
        ("What it is about", {"fields": [("period_start", "period_end"), "place", "repeats"]}),
        ("Record", {"fields": ["public_id", "merged", "created_at", "created_by"], "classes": ["collapse"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["text", "topics", "language"]}),
        ("What it is about", {"fields": [("period_start", "period_end"), "place", "repeats"]}),
    ]
    inlines = [AppearanceInline]
    change_form_template = "admin/claims/claim.html"
    history_of = ((Appearance, "claim"),)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_merged(obj) and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *self._replaced(request, obj).values()]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        replaced = self._replaced(request, obj)
        return [
            (title, {**options, "fields": [replaced.get(str(name), name) for name in options["fields"]]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def _replaced(self, request: HttpRequest, claim: Claim | None) -> dict[str, str]:
        """The fields that name another claim, each with what stands there if that one is restricted to others."""
        if claim is None:
            return {}
        named = {"repeats": claim.repeats, "merged": claim.merged_into}
        hidden = (name for name, other in named.items() if other is not None and not is_visible(other, request.user))
        return {name: f"{name}_hidden" for name in hidden}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        rows = with_verification(super().get_queryset(request))
        return rows.annotate(_reviews=Count("reviews", distinct=True)).select_related("merged_into")

    def save_model(self, request: HttpRequest, obj: Claim, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            take_over_claim(obj, actor=request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for row in formset.save(commit=False):
            if isinstance(row, Appearance) and row.attribution and row.attribution.statement_id != row.statement_id:
                row.attribution = sole_attribution(row.statement)  # the statement was changed
            if isinstance(row, Appearance) and row.pk is None:
                row.created_by = request.user
                row.attribution = sole_attribution(row.statement)
            row.save()
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()

    def get_verbs(self, request: HttpRequest, row: Claim) -> list[Verb]:
        if not may_edit(request.user) or row.merged_into_id is not None:
            return []
        return [
            Verb("review", "Start a review", self._start_review, "primary", note="organisation"),
            Verb("warc", "Download the saved pages (WARC)", self._download, help="Confidential evidence is left out."),
        ]

    def _download(self, request: HttpRequest, claim: Claim) -> Any:
        """The claim's saved pages as WARC; not in the REST API, because it holds whole pages of other publishers."""
        file = tempfile.SpooledTemporaryFile(max_size=10_000_000)  # noqa: SIM115 - the response closes it
        try:
            warc.write(claim, file)
        except (warc.NothingToExport, StorageError) as error:
            file.close()
            raise Refused(str(error)) from error
        file.seek(0)
        return FileResponse(
            file, as_attachment=True, filename=f"{claim.public_id}.warc.gz", content_type="application/warc"
        )

    def _start_review(self, request: HttpRequest, claim: Claim) -> HttpResponse:
        key = _number(request.POST.get("organisation"))
        organisation = None if key is None else Organisation.objects.filter(pk=key).first()
        if organisation is None:
            raise Refused(_("Choose the organisation that publishes the review."))
        version = workflow.start_review(claim=claim, organisation=organisation, author=request.user)
        return HttpResponseRedirect(row_address(version))

    def page_context(self, request: HttpRequest, row: Claim) -> dict[str, Any]:
        reviews = row.reviews.select_related("organisation").prefetch_related("versions__author")
        submission = submission_of(request.user, claim=row)
        return {
            "sent": submission,
            "sent_text": as_text(submission),
            "reviews": reviews.order_by("pk"),
            "rechecks": [
                (recheck, words.found(recheck.cause, recheck.grade))
                for recheck in Recheck.objects.filter(review__claim=row).select_related("review__organisation")[:20]
            ],
            "publications": Publication.objects.filter(claim=row).order_by("-sequence")[:20],
            "organisations": Organisation.objects.order_by("-is_ours", "name")[:100],
            "similar_query": f"but={row.pk}",
            "restriction": Restriction.objects.filter(claim=row).first(),
            "may_restrict": may_restrict(request.user, row),
            "may_review": may_edit(request.user) and row.merged_into_id is None,
            **merges.of_claim(row, request.user),
        }

    @admin.display(description="claim", ordering="text")
    def claim(self, claim: Claim) -> SafeString | str:
        return demo_label(claim, shortened(claim.text))

    @admin.display(description="verification")
    def verification_status(self, claim: Any) -> SafeString | str:
        key = getattr(claim, "verification", "")
        return state_label(key, Verification(key).label) if key else "–"

    @admin.display(description="reviews", ordering="_reviews")
    def reviews_count(self, claim: Any) -> int:
        return int(claim._reviews)

    @admin.display(description="merged into")
    def merged(self, claim: Claim) -> SafeString:
        return row_link(claim.merged_into)

    @admin.display(description="repeats")
    def repeats_hidden(self, claim: Claim) -> str:
        return "a claim that is restricted to others"

    @admin.display(description="merged into")
    def merged_hidden(self, claim: Claim) -> str:
        return "a claim that is restricted to others"


@admin.register(Topic)
class TopicAdmin(ClaimsAdmin):
    list_display = ["name", "slug", "claims_count"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        seen = ~Q(claims__in=hidden_claims(request.user))
        return super().get_queryset(request).annotate(_claims=Count("claims", filter=seen))

    @admin.display(description="claims", ordering="_claims")
    def claims_count(self, topic: Any) -> int:
        return int(topic._claims)


def _is_merged(claim: Claim | None) -> bool:
    """Whether the claim is part of another, which is edited in its place."""
    return claim is not None and claim.merged_into_id is not None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def row_address(row: Any) -> str:
    """The URL of the admin page of a row."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def _is_approved(request: HttpRequest, row: Any) -> bool:
    """Whether the person may not undo an approval that covers the statements of this link's claim."""
    return isinstance(row, Appearance) and why_not_edit(request.user, row.claim, approved_only=True) is not None


@admin.register(Appearance)
class AppearanceAdmin(ClaimsAdmin):
    """Links between statements and claims; usually edited on the page of either."""

    list_display = ["claim_text", "statement_text", "created_at", "created_by"]
    list_select_related = ["claim", "statement", "created_by"]
    search_fields = ["claim__text", "statement__text"]
    autocomplete_fields = ["claim", "statement"]
    readonly_fields = ["attribution", "created_at", "created_by"]

    @admin.display(description="claim", ordering="claim__text")
    def claim_text(self, appearance: Appearance) -> str:
        return shortened(appearance.claim.text, 80)

    @admin.display(description="statement", ordering="statement__text")
    def statement_text(self, appearance: Appearance) -> str:
        return shortened(appearance.statement.text, 80)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_approved(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_approved(request, obj) and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Appearance, form: Any, change: bool) -> None:
        if _is_approved(request, obj):
            raise PermissionDenied
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
        if not change or "statement" in form.changed_data:
            obj.attribution = sole_attribution(obj.statement)
        super().save_model(request, obj, form, change)
