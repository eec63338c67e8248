"""Admin pages of evidence: “Watch this” attaches a page quote, a form adds the other kinds; checks and sweeps."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin import archive_copies
from claims.admin.base import ClaimsAdmin, ClaimsLogAdmin, shortened, state_label
from claims.admin.claim import row_address
from claims.admin.submissions import sent_by
from claims.desk import quotes
from claims.desk.evidence_forms import COMMON, FIELDS_OF_KIND, EvidenceForm, WatchThisForm
from claims.desk.rechecks import words
from claims.models import Evidence, EvidenceCheck, ReviewVersion, Submission, Sweep
from claims.newsroom_drafts.saved_pages import saved_page_of
from claims.permissions import Refused, may_write
from claims.reviews import workflow
from claims.reviews.evidence import attach_quote
from claims.watch.quotes_now import quotes_now
from sources.admin.base import badge, row_link, sentence
from sources.passages.chosen_copy import SeveralPlaces
from sources.reordered import shown


@admin.register(Evidence)
class EvidenceAdmin(ClaimsAdmin):
    form = EvidenceForm
    text_rows = {"note": 3, "kept_because": 3}
    list_display = ["what", "kind", "stance", "visibility", "claim_text", "version_state"]
    list_filter = ["kind", "stance", "visibility", "version__state", sent_by("evidence")]
    list_select_related = ["version__review__claim", "page"]
    search_fields = ["exact", "note", "dataset", "who", "page__url", "version__review__claim__text"]
    change_form_template = "admin/claims/evidence.html"
    # Expressions for the browser; a read-only page has no `kind` field.
    conditional_fields = {
        name: "typeof kind === 'undefined' || "
        + " || ".join(f"kind == '{kind}'" for kind, names in FIELDS_OF_KIND.items() if name in names)
        for name in sorted({name for names in FIELDS_OF_KIND.values() for name in names})
    } | {"description": "typeof visibility === 'undefined' || visibility == 'described'"}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        return super().get_queryset(request).select_related("version__review__claim", "page", "snapshot")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and obj.kind == Evidence.Kind.PAGE_QUOTE:
            kept = ["kept_because"] if _may_be_kept(obj) else []
            return [(None, {"fields": ["version_link", "page_link", "quoted", "taken", *kept, *COMMON]})]
        own = sorted({name for names in FIELDS_OF_KIND.values() for name in names})
        fields = ["kind", "stance", *own, "note", "visibility", "description"]
        return [(None, {"fields": (["version_link"] if obj else []) + fields})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["version_link", "page_link", "quoted", "taken"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and not may_write(request.user, obj.version):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and not may_write(request.user, obj.version):
            return False
        return super().has_delete_permission(request, obj)

    # adding evidence, always to a version

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("watch/<int:version_id>/", view(self.watch_this), name="claims_evidence_watch"),
            path("other/<int:version_id>/", view(self.add_other), name="claims_evidence_other"),
            path(
                "<path:object_id>/keep/", view(partial(archive_copies.request_view, self)), name="claims_evidence_keep"
            ),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        version = _open_version(request.GET.get("version"))
        if version is None:
            messages.info(request, "Evidence belongs to a version of a review; open the version and add it there.")
            return HttpResponseRedirect(_versions_address())
        return HttpResponseRedirect(_address("claims_evidence_other", version.pk))

    def watch_this(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """Attach a page quote to a version. A refusal is shown at the field it is about."""
        version = self._version(request, version_id)
        if isinstance(version, HttpResponse):
            return version
        form = WatchThisForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            try:
                evidence = attach_quote(
                    version,
                    url_or_page=data["url"],
                    exact=data["exact"],
                    stance=data["stance"],
                    visibility=data["visibility"],
                    description=data["description"],
                    note=data["note"],
                    copy=data["copy"],
                    actor=request.user,
                )
            except (Refused, ValidationError) as refusal:
                message = sentence(refusal)
                several = isinstance(refusal.__cause__, SeveralPlaces)
                form.add_error("copy" if several else "url" if _is_about_page(message) else "exact", message)
            else:
                read = f", as read on {evidence.snapshot.taken_at:%Y-%m-%d %H:%M} UTC" if evidence.snapshot else ""
                messages.success(request, f"Attached. The quote is on {evidence.page}{read}.")
                return HttpResponseRedirect(row_address(version))
        return self.desk_page(
            request,
            "admin/claims/watch_this.html",
            "Watch this",
            row=version,
            form=form,
            claim_row=version.review.claim,
            agent=settings.FETCH_USER_AGENT,
            address=row_address(version),
        )

    def add_other(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """Add evidence of a kind that cannot be watched."""
        version = self._version(request, version_id)
        if isinstance(version, HttpResponse):
            return version
        request.desk_version = version  # type: ignore[attr-defined]
        context = {
            "title": "Add evidence",
            "claim_row": version.review.claim,
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            "has_add_permission": False,  # hides the button that would add evidence without a version
        }
        return self.changeform_view(request, None, "", context)

    def _version(self, request: HttpRequest, version_id: int) -> ReviewVersion | HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        version = ReviewVersion.objects.select_related("review__claim").filter(pk=version_id).first()
        if version is None:
            messages.error(request, "There is no such version.")
            return HttpResponseRedirect(_versions_address())
        if version.state == ReviewVersion.State.PUBLISHED:
            messages.error(request, "This version is published and locked; start a new version to add evidence.")
            return HttpResponseRedirect(row_address(version))
        if not may_write(request.user, version):
            raise PermissionDenied
        return version

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        version = getattr(request, "desk_version", None)
        if obj is None and version is not None:
            # So that the model's constraints see the whole row.
            class ForVersion(form):  # type: ignore[misc, valid-type]
                def __init__(self, *args: Any, **inner: Any) -> None:
                    super().__init__(*args, **inner)
                    self.instance.version = version

            return ForVersion
        return form

    def save_model(self, request: HttpRequest, obj: Evidence, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data or not change:
            workflow.take_over(obj.version, actor=request.user)

    def delete_model(self, request: HttpRequest, obj: Evidence) -> None:
        super().delete_model(request, obj)
        workflow.take_over(obj.version, actor=request.user)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        # The only dependent row is the record that a newsroom sent it.
        rows, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return rows, counts, lacking - {Submission._meta.verbose_name}, protected

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Evidence]) -> None:
        versions = list(ReviewVersion.objects.filter(evidence__in=queryset).distinct())
        super().delete_queryset(request, queryset)
        for version in versions:
            workflow.take_over(version, actor=request.user)

    def response_add(self, request: HttpRequest, obj: Evidence, post_url_continue: Any = None) -> HttpResponse:
        messages.success(request, "Attached.")
        return HttpResponseRedirect(row_address(obj.version))

    def response_change(self, request: HttpRequest, obj: Evidence) -> HttpResponse:
        messages.success(request, "Saved.")
        return HttpResponseRedirect(row_address(obj.version))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        evidence = self.get_object(request, unquote(object_id))
        answer = super().delete_view(request, object_id, extra_context)
        if request.method == "POST" and evidence is not None and isinstance(answer, HttpResponseRedirect):
            return HttpResponseRedirect(row_address(evidence.version))
        return answer

    def page_context(self, request: HttpRequest, row: Evidence) -> dict[str, Any]:
        saved = saved_page_of(row)
        sent = {"saved": saved, "saved_quote": shown(saved.exact), "saved_text": shown(saved.text)} if saved else {}
        return {
            **sent,
            **archive_copies.context(request, row),
            "shown": quotes.of_version(row.version).get(row.pk),
            "checks": [(check, words.label(check)) for check in row.checks.order_by("-pk")[:50]],
            "is_demo": row.version.review.claim.is_demo,
            "claim_row": row.version.review.claim,
        }

    @admin.display(description="evidence")
    def what(self, evidence: Evidence) -> str:
        return shortened(evidence.exact or evidence.note or evidence.dataset or evidence.who or evidence.file_name, 90)

    @admin.display(description="claim")
    def claim_text(self, evidence: Evidence) -> str:
        return shortened(evidence.version.review.claim.text, 70)

    @admin.display(description="version", ordering="version__state")
    def version_state(self, evidence: Evidence) -> SafeString:
        version = evidence.version
        return state_label(version.state, f"{version.number}, {version.get_state_display()}")

    @admin.display(description="of")
    def version_link(self, evidence: Evidence) -> SafeString:
        return row_link(evidence.version, f"{shortened(evidence.version.review.claim.text, 80)} – {evidence.version}")

    @admin.display(description="page")
    def page_link(self, evidence: Evidence) -> SafeString:
        return row_link(evidence.page)

    @admin.display(description="quote")
    def quoted(self, evidence: Evidence) -> SafeString:
        return format_html("{}<mark>{}</mark>{}", evidence.prefix, evidence.exact, evidence.suffix)

    @admin.display(description="snapshot")
    def taken(self, evidence: Evidence) -> SafeString:
        if evidence.snapshot is None:
            return SafeString("–")
        return row_link(evidence.snapshot, f"{evidence.snapshot.taken_at:%Y-%m-%d %H:%M:%S} UTC")


@admin.register(EvidenceCheck)
class EvidenceCheckAdmin(ClaimsLogAdmin):
    list_display = ["checked_at", "outcome", "quote", "page", "reason"]
    list_filter = ["result", "cause", "grade", "reason", "checked_at"]
    list_select_related = ["evidence__page"]
    search_fields = ["evidence__exact", "evidence__page__url"]
    fields = readonly_fields = [
        "evidence",
        "outcome",
        "reason",
        "full_quote",
        "found",
        "surroundings",
        "kinds_listed",
        "snapshot",
        "before",
        "version",
        "change",
        "recheck",
        "checked_at",
    ]

    @admin.display(description="result", ordering="result")
    def outcome(self, check: EvidenceCheck) -> SafeString:
        return badge(words.label(check), quotes.tone(check))

    @admin.display(description="quote")
    def quote(self, check: EvidenceCheck) -> str:
        return shortened(check.evidence.exact, 80)

    @admin.display(description="quote")
    def full_quote(self, check: EvidenceCheck) -> str:
        return check.evidence.exact

    @admin.display(description="what changed")
    def kinds_listed(self, check: EvidenceCheck) -> str:
        return ", ".join(map(str, check.kinds)) or "–"

    @admin.display(description="page")
    def page(self, check: EvidenceCheck) -> str:
        return str(check.evidence.page or "–")


@admin.register(Sweep)
class SweepAdmin(ClaimsLogAdmin):
    list_display = ["swept_at", "change", "page", "checks"]
    list_select_related = ["change__page"]
    list_filter = ["swept_at"]
    fields = readonly_fields = ["change", "swept_at", "checks"]

    @admin.display(description="page")
    def page(self, sweep: Sweep) -> str:
        return str(sweep.change.page)


def _may_be_kept(evidence: Evidence) -> bool:
    """Whether to ask why the review keeps the quote: it is broken in a later version, or a reason is given."""
    if evidence.kept_because:
        return True
    if evidence.version.state == ReviewVersion.State.PUBLISHED or evidence.version.kind in (
        ReviewVersion.Kind.ORIGINAL,
        ReviewVersion.Kind.WITHDRAWAL,
    ):
        return False
    return any(each.broken for each in quotes_now(evidence.version) if each.evidence.pk == evidence.pk)


def _is_about_page(message: str) -> bool:
    return message.startswith(("The URL", "This is not a URL", "The page"))


def _open_version(key: str | None) -> ReviewVersion | None:
    return ReviewVersion.objects.filter(pk=int(key)).first() if key and key.isdecimal() and len(key) < 19 else None


def _address(name: str, *args: Any) -> str:
    return reverse(f"admin:{name}", args=args)


def _versions_address() -> str:
    return _address("claims_reviewversion_changelist")
