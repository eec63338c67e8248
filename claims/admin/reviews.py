"""Admin pages of reviews and their versions: write, submit, approve, publish, correct."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.accounts import why_not_approve
from claims.admin.base import ClaimsAdmin, shortened, state_label
from claims.admin.claim import row_address
from claims.admin.submissions import sent_by
from claims.authorship import authors, byline, contributions
from claims.desk import quotes, suggestions
from claims.desk import suspension as desk_suspension
from claims.desk.documents.sent import as_text, submission_of
from claims.desk.merges import made_of
from claims.desk.what_leaves import what_leaves
from claims.models import Evidence, Rating, Recheck, Review, ReviewVersion
from claims.permissions import (
    authorship_refusal,
    may_approve,
    may_discard,
    may_edit,
    may_invite,
    may_publish,
    may_send_back,
    may_submit,
    may_write,
)
from claims.reviews import publish, suspension, workflow
from claims.reviews.drafts.days import is_to_come
from claims.teamwork import checklists
from claims.watch.quotes_now import objections
from sources.admin.base import Verb

# Verbs that show what leaves and ask once, with the words on their button.
_ASKED_FIRST = {"approve": "Approve", "publish": "Publish"}
NEXT_KINDS = [
    (ReviewVersion.Kind.CORRECTION, "Correction"),
    (ReviewVersion.Kind.UPDATE, "Update"),
    (ReviewVersion.Kind.CLARIFICATION, "Clarification"),
    (ReviewVersion.Kind.WITHDRAWAL, "Withdrawal"),
]

# By name. The one with a note has a form of its own on the page.
SUSPENSION_VERBS = {
    verb.name: verb
    for verb in (
        Verb("suspend", "Suspend…", desk_suspension.suspend, "danger"),
        Verb("ask-to-resume", "Ask to resume", desk_suspension.ask_to_resume, note="Why the verdict may stand again"),
        Verb("resume", "Resume", desk_suspension.resume, "primary"),
        Verb("keep-suspended", "Keep it suspended", desk_suspension.keep),
    )
}


def evidence_with_state(version: ReviewVersion) -> list[Evidence]:
    """The version's evidence, each quote of a page with what to show of it as `shown`."""
    shown = quotes.of_version(version)
    rows = list(version.evidence.select_related("page__source", "snapshot").order_by("pk"))
    for each in rows:
        each.shown = shown.get(each.pk)  # type: ignore[attr-defined]
    return rows


class ReviewForm(forms.ModelForm):  # type: ignore[type-arg]
    """The claim, organisation and article of a review; the text is in its versions."""

    class Meta:
        model = Review
        fields = ["claim", "organisation", "article"]


@admin.register(Review)
class ReviewAdmin(ClaimsAdmin):
    row_screen = "desk:review"
    offers = ("add", "change")
    form = ReviewForm
    list_display = ["claim_text", "organisation", "state", "versions_count", "origin", "created_at"]
    list_filter = [
        "origin",
        "organisation",
        sent_by("review"),
        ("suspended_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["claim", "organisation"]
    search_fields = ["claim__text", "organisation__name", "public_id"]
    autocomplete_fields = ["claim", "organisation", "article"]
    readonly_fields = ["state", "origin", "suspended_at", "withdrawn_at", "public_id", "created_at"]
    fieldsets = [
        (None, {"fields": ["claim", "organisation", "article", "state"]}),
        (
            "Record",
            {"fields": ["origin", "suspended_at", "withdrawn_at", "public_id", "created_at"], "classes": ["collapse"]},
        ),
    ]
    add_fieldsets = [(None, {"fields": ["claim", "organisation", "article"]})]
    change_form_template = "admin/claims/review.html"
    history_of = ((ReviewVersion, "review"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        published = ReviewVersion.objects.filter(review=OuterRef("pk"), state=ReviewVersion.State.PUBLISHED)
        opened = ReviewVersion.objects.filter(review=OuterRef("pk")).exclude(state=ReviewVersion.State.PUBLISHED)
        rows = super().get_queryset(request)
        return rows.annotate(
            _versions=Count("versions"),
            _published=Exists(published),
            _open_state=Subquery(opened.values("state")[:1]),
            _recheck=Exists(Recheck.objects.open().filter(review=OuterRef("pk"))),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = ["claim", "organisation"] if obj is not None else []
        return [*fixed, *super().get_readonly_fields(request, obj)]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.origin == Review.Origin.IMPORTED:
            return False  # its publisher corrects it
        return super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Review, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        version = workflow.start_review(
            claim=obj.claim, organisation=obj.organisation, author=request.user, article=obj.article
        )
        obj.pk = version.review_id
        obj.refresh_from_db()

    def response_add(self, request: HttpRequest, obj: Review, post_url_continue: Any = None) -> HttpResponse:
        version = obj.open_version()
        if version is None or "_popup" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(row_address(version))

    def get_verbs(self, request: HttpRequest, row: Review) -> list[Verb]:
        suspending = [SUSPENSION_VERBS[name] for name in desk_suspension.offered(request.user, row)]
        if (
            not may_edit(request.user)
            or row.origin == Review.Origin.IMPORTED
            or row.withdrawn_at is not None
            or row.latest_published() is None
            or row.open_version() is not None
        ):
            return [verb for verb in suspending if not verb.note]
        starting = [Verb(kind.value, label, self._starter(kind)) for kind, label in NEXT_KINDS]
        return [*starting, *(verb for verb in suspending if not verb.note)]

    def all_verbs(self, request: HttpRequest, row: Review) -> list[Verb]:
        # The rules refuse, and say why: whoever asked to resume and posts “resume” is told to ask a colleague.
        return [*self.get_verbs(request, row), *SUSPENSION_VERBS.values()]

    def _starter(self, kind: str) -> Any:
        def start(request: HttpRequest, review: Review) -> HttpResponse:
            version = workflow.start_version(review, kind=kind, actor=request.user)
            return HttpResponseRedirect(row_address(version))

        return start

    def page_context(self, request: HttpRequest, row: Review) -> dict[str, Any]:
        versions = row.versions.select_related("author", "approver", "rating").order_by("-number")
        suspended = {
            "suspension": suspension.open_suspension(row),
            "may_ask": "ask-to-resume" in desk_suspension.offered(request.user, row),
        }
        return suspended | {
            "versions": versions,
            "rechecks": row.rechecks.order_by("-raised_at", "-pk")[:20],
            "claim_row": row.claim,
            "made_of": made_of(row),
        }

    @admin.display(description="claim", ordering="claim__text")
    def claim_text(self, review: Review) -> str:
        return shortened(review.claim.text)

    @admin.display(description="state")
    def state(self, review: Any) -> SafeString | str:
        if review.withdrawn_at:
            return state_label("withdrawn", "withdrawn")
        labels = [state_label("suspended", "under review")] if review.suspended_at else []
        if getattr(review, "_recheck", False):
            labels.append(state_label("raised", "needs re-check"))
        if getattr(review, "_published", False):
            labels.append(state_label("published", "published"))
        state = getattr(review, "_open_state", None)
        if state:
            label = ReviewVersion.State(state).label
            labels.append(state_label(state, f"next version: {label}" if review._published else label))
        return format_html_join(" ", "{}", ((label,) for label in labels)) or "–"

    @admin.display(description="versions", ordering="_versions")
    def versions_count(self, review: Any) -> int:
        return int(review._versions)


class ReviewVersionForm(forms.ModelForm):  # type: ignore[type-arg]
    """The text of one version, with a rating of the review's own organisation."""

    class Meta:
        model = ReviewVersion
        fields = ["rating", "summary", "body", "true_as_of", "correction_kind", "public_note", "embargo_until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "rating" in self.fields and self.instance.pk:
            scale = Rating.objects.filter(scale__organisation=self.instance.review.organisation_id)
            offered = scale.filter(Q(retired_at__isnull=True) | Q(pk=self.instance.rating_id))
            self.fields["rating"].queryset = offered.select_related("scale")  # type: ignore[attr-defined]
        if self.instance.kind != ReviewVersion.Kind.CORRECTION:
            self.fields.pop("correction_kind", None)

    def clean_embargo_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["embargo_until"]
        if until is not None and "embargo_until" in self.changed_data and until <= timezone.now():
            raise forms.ValidationError("This time is past; leave it empty to publish without an embargo.")
        return until

    def clean_true_as_of(self) -> date | None:
        day: date | None = self.cleaned_data["true_as_of"]
        if day is not None and is_to_come(day):
            raise forms.ValidationError("This day is still to come; a finding holds for a day that has been.")
        return day


@admin.register(ReviewVersion)
class ReviewVersionAdmin(ClaimsAdmin):
    row_screen = "desk:version"
    offers = ("change",)  # a version is started from its claim, its review or a re-check
    form = ReviewVersionForm
    text_rows = {"summary": 3, "public_note": 3}
    ordering = ["-created_at", "-pk"]
    list_display = [
        "claim_text",
        "organisation",
        "number",
        "kind_short",
        "state_badge",
        "author",
        "approver",
        "published_at",
    ]
    list_filter = ["state", "kind", sent_by("review", "review"), "author", "review__organisation"]
    list_select_related = ["review__claim", "review__organisation", "author", "approver"]
    search_fields = ["review__claim__text", "summary", "author__username"]
    readonly_fields = ["kind", "author", "approver", "approved_at", "published_at", "created_at"]
    change_form_template = "admin/claims/reviewversion.html"
    history_of = ((Evidence, "version"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewVersion]:
        return (
            super()
            .get_queryset(request)
            .select_related("review__claim", "review__organisation", "author", "approver", "rating")
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        finding = ["rating", "summary", "body", "true_as_of", "embargo_until"]
        record = ["kind", ("author", "approver"), ("approved_at", "published_at"), "created_at"]
        if obj is not None and obj.kind != ReviewVersion.Kind.ORIGINAL:
            correction = ["correction_kind"] if obj.kind == ReviewVersion.Kind.CORRECTION else []
            changed = ("What changed", {"fields": [*correction, "public_note"]})
            return [changed, ("Finding", {"fields": finding}), ("Record", {"fields": record, "classes": ["collapse"]})]
        return [("Finding", {"fields": finding}), ("Record", {"fields": record, "classes": ["collapse"]})]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and not may_write(request.user, obj):
            return False
        return super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: ReviewVersion, form: Any, change: bool) -> None:
        before = ReviewVersion.objects.filter(pk=obj.pk).values_list("state", flat=True).first()
        super().save_model(request, obj, form, change)
        if form.changed_data:
            workflow.take_over(obj, actor=request.user)
            _warn_of_voided_approval(request, obj, before)

    def get_verbs(self, request: HttpRequest, row: ReviewVersion) -> list[Verb]:
        """The actions that this user can do in this state; authors cannot approve their own version."""
        user, verbs = request.user, []
        if may_submit(user, row):
            verbs.append(Verb("submit", "Submit for approval", self._submit, "primary"))
        if may_approve(user, row):
            verbs.append(Verb("approve", "Approve", self._approve, "primary"))
        if may_publish(user, row):
            verbs.append(Verb("publish", "Publish", self._publish, "primary"))
        if may_send_back(user, row):
            verbs.append(Verb("send-back", "Send back", self._send_back))
        if may_discard(user, row):
            verbs.append(Verb("discard", "Discard this version", self._discard, "danger"))
        return verbs

    def all_verbs(self, request: HttpRequest, row: ReviewVersion) -> list[Verb]:
        # The rules themselves refuse, and say why: the author who posts “approve” is told to ask a colleague.
        return [
            Verb("submit", "", self._submit),
            Verb("approve", "", self._approve),
            Verb("publish", "", self._publish),
            Verb("send-back", "", self._send_back),
            Verb("discard", "", self._discard),
        ]

    def _submit(self, request: HttpRequest, version: ReviewVersion) -> str:
        workflow.submit(version, actor=request.user)
        _warn_of_quotes(request, version)
        return "Submitted. A colleague has to approve it."

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:pk>/leaves/<slug:name>/",
            self.admin_site.admin_view(self.what_leaves_view),
            name="claims_reviewversion_leaves",
        )
        return [own, *super().get_urls()]

    def what_leaves_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """What exactly leaves, with the button that approves or publishes it."""
        version = self.get_object(request, str(pk))
        verbs = {verb.name: verb for verb in self.get_verbs(request, version)} if version else {}
        if version is None or name not in _ASKED_FIRST or name not in verbs:
            messages.error(request, "That cannot be done here any more; this is how it stands now.")
            listed = reverse("admin:claims_reviewversion_changelist")
            return HttpResponseRedirect(row_address(version) if version else listed)
        title = f"{_ASKED_FIRST[name]}: {shortened(version.review.claim.text, 60)}"
        return self.desk_page(
            request,
            "admin/claims/what_leaves.html",
            title,
            row=version,
            page=what_leaves(version),
            made_of=made_of(version.review),
            objections=objections(version),
            name=name,
            verb=_ASKED_FIRST[name],
        )

    def _ask(self, version: ReviewVersion, name: str) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:claims_reviewversion_leaves", args=[version.pk, name]))

    def _approve(self, request: HttpRequest, version: ReviewVersion) -> str | HttpResponse:
        shown = request.POST.get("shown")
        if shown is None and may_approve(request.user, version):
            return self._ask(version, "approve")
        workflow.approve(version, actor=request.user, shown=shown or "")
        _warn_of_quotes(request, version)
        return "Approved, exactly as it stands now. Any edit voids the approval."

    def _publish(self, request: HttpRequest, version: ReviewVersion) -> str | HttpResponse:
        if "shown" not in request.POST and may_publish(request.user, version):
            return self._ask(version, "publish")
        publication = publish.publish(version, actor=request.user)
        return f"Published as log entry {publication.sequence}. Its pages are watched from now on."

    def _send_back(self, request: HttpRequest, version: ReviewVersion) -> str:
        reason = request.POST.get("reason", "")
        workflow.send_back(version, actor=request.user, reason=reason)
        return "Sent back to its author as a draft" + (", with your reason." if reason.strip() else ".")

    def _discard(self, request: HttpRequest, version: ReviewVersion) -> HttpResponse:
        claim = version.review.claim
        workflow.discard(version, actor=request.user)
        messages.success(request, "Discarded. The history keeps what it said.")
        return HttpResponseRedirect(row_address(claim))

    def page_context(self, request: HttpRequest, row: ReviewVersion) -> dict[str, Any]:
        locked = row.state == ReviewVersion.State.PUBLISHED
        organisation = row.review.organisation
        submission = submission_of(request.user, review=row.review_id) if row.number == 1 else None
        return {
            "sent": submission,
            "sent_text": as_text(submission),
            "may_send_back": may_send_back(request.user, row),
            "longest_reason": workflow.LONGEST_REASON,
            "evidence": evidence_with_state(row),
            "is_demo": row.review.claim.is_demo,
            "state_badge": state_label(row.state, row.get_state_display()),
            "state_text": _state_text(row, request.user),
            "claim_row": row.review.claim,
            "made_of": made_of(row.review),
            "review_row": row.review,
            "organisation_row": organisation,
            "checklist": checklists.lines(row),
            "siblings": row.review.versions.exclude(pk=row.pk).select_related("rating").order_by("-number"),
            "open_recheck": Recheck.objects.open().filter(review=row.review_id).first(),
            "guests": row.guests.active().select_related("user"),
            "may_invite": not locked and may_invite(request.user, row.review.claim),
            "may_attach": may_write(request.user, row),
            "locked": locked,
            "suggested": suggestions.on_page(request.user, row),
        }

    @admin.display(description="claim", ordering="review__claim__text")
    def claim_text(self, version: ReviewVersion) -> str:
        return shortened(version.review.claim.text, 90)

    @admin.display(description="organisation", ordering="review__organisation__name")
    def organisation(self, version: ReviewVersion) -> str:
        return str(version.review.organisation)

    @admin.display(description="kind", ordering="kind")
    def kind_short(self, version: ReviewVersion) -> str:
        return version.get_kind_display().split(":")[0]


def _warn_of_quotes(request: HttpRequest, version: ReviewVersion) -> None:
    """Say early which quotes publishing would refuse. The page may still come back, so this refuses nothing."""
    for sentence in objections(version):
        messages.warning(request, f"It cannot be published as it is. {sentence}")


def _warn_of_voided_approval(request: HttpRequest, version: ReviewVersion, before: str | None) -> None:
    now = ReviewVersion.objects.filter(pk=version.pk).values_list("state", flat=True).first()
    if before != ReviewVersion.State.DRAFT and now == ReviewVersion.State.DRAFT:
        messages.warning(
            request,
            "It is a draft again, and has to be submitted again. Whoever edits the words becomes an author and cannot"
            " approve them: put the earlier words back to undo this, and use “Suggest a change” instead.",
        )


def _state_text(version: ReviewVersion, user: Any) -> SafeString | str:
    if version.author is None:
        return "imported; its publisher corrects it, and the next import brings the changes"
    changes = contributions(version.pk)
    written = f"written by {byline(changes)}" if authors(changes) else f"started by {version.author}"
    if version.state == ReviewVersion.State.DRAFT:
        return written
    if version.state == ReviewVersion.State.IN_REVIEW:
        writers = {change.user_id for change in changes if change.user_id is not None}
        reason = authorship_refusal(user, changes) or why_not_approve(user, [version.author_id, *writers]) or ""
        return f"{written}, waiting for another editor's approval. {reason}"
    if version.state == ReviewVersion.State.APPROVED:
        return f"{written}, approved by {version.approver}; any edit voids the approval"
    return format_html(
        "{}, approved by {}, published {} UTC; locked for ever, what follows is a new version",
        written,
        version.approver or "–",
        f"{version.published_at:%Y-%m-%d %H:%M}" if version.published_at else "–",
    )
