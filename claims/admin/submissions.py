"""Admin pages of drafts sent by newsrooms: sender, key, content as sent, and present state."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from claims.admin.base import ClaimsLogAdmin, shortened, state_label
from claims.desk.documents.sent import as_text
from claims.models import MarkupPage, Sender, Submission
from claims.models.submission import TARGETS
from sources.admin.base import outside_link, row_link

_STATES = {
    "draft": "draft",
    "in_review": "in review",
    "taken_over": "taken over by an editor",
    "published": "published",
}


def sent_by(target: str, path: str = "pk") -> type[admin.SimpleListFilter]:
    """A list filter by the newsroom that sent a row; `path` leads from the row to its `target`."""

    class SentBy(admin.SimpleListFilter):
        title = "sent by"
        parameter_name = "sent_by"

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            named = [(sender.newsroom, sender.name) for sender in Sender.objects.order_by("name")[:100]]
            return [("any", "any newsroom"), ("none", "our own editors"), *named]

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            newsroom = self.value()
            sent = Submission.objects.filter(**{target: OuterRef(path)})
            if newsroom == "any":
                return queryset.filter(Exists(sent))
            if newsroom == "none":
                return queryset.filter(~Exists(sent))
            return queryset.filter(Exists(sent.filter(sender__newsroom=newsroom))) if newsroom else queryset

    return SentBy


class TargetFilter(admin.SimpleListFilter):
    """Filter by the type of row that was sent."""

    title = "type"
    parameter_name = "target_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(target, target) for target in TARGETS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Submission]) -> QuerySet[Submission]:
        target = self.value()
        return queryset.filter(**{f"{target}__isnull": False}) if target in TARGETS else queryset


@admin.register(Submission)
class SubmissionAdmin(ClaimsLogAdmin):
    list_display = ["target_type", "content", "sender", "state_badge", "sent_at", "taken_at"]
    list_filter = [TargetFilter, "sender", ("taken_at", admin.EmptyFieldListFilter)]
    list_select_related = ["sender", "document", "statement", "claim", "review__claim", "evidence__page", "markup_page"]
    search_fields = ["claim__text", "review__claim__text", "statement__text", "document__title", "sender__name"]
    fields = readonly_fields = [
        "target_type",
        "row",
        "state_badge",
        "sender",
        "shortened_key",
        "sent_at",
        "taken_at",
        "revision",
        "markup_page",
        "sent",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        rows: Any = super().get_queryset(request)
        return rows.with_state()

    @admin.display(description="type")
    def target_type(self, submission: Submission) -> str:
        return submission.target

    @admin.display(description="content")
    def content(self, submission: Submission) -> SafeString:
        row = getattr(submission, submission.target)
        return row_link(row, shortened(str(row.claim) if submission.target == "review" else str(row), 90))

    @admin.display(description="present row")
    def row(self, submission: Submission) -> SafeString:
        return row_link(getattr(submission, submission.target))

    @admin.display(description="state")
    def state_badge(self, submission: Submission) -> SafeString | str:
        return state_of(submission) if submission.target in ("claim", "review") else "–"

    @admin.display(description="key")
    def shortened_key(self, submission: Submission) -> str:
        return f"fc_{submission.key}_…"

    @admin.display(description="as it was sent")
    def sent(self, submission: Submission) -> str:
        return as_text(submission)


def state_of(submission: Submission) -> SafeString:
    """The badge of a claim's or review's state as its newsroom sees it."""
    return state_label(submission.state, _STATES[submission.state])


@admin.register(MarkupPage)
class MarkupPageAdmin(ClaimsLogAdmin):
    """Pages of fact-checks that were sent in the format of Google's API."""

    list_display = ["page", "sender", "version", "sent_at"]
    list_filter = ["sender"]
    list_select_related = ["sender"]
    search_fields = ["page_url", "sender__name"]
    fields = readonly_fields = ["page", "sender", "drafts", "version", "sent_at", "sent"]
    list_display_links = ["sender"]

    @admin.display(description="page")
    def page(self, page: MarkupPage) -> SafeString:
        return outside_link(page.page_url)

    @admin.display(description="drafts")
    def drafts(self, page: MarkupPage) -> SafeString:
        sent = page.submissions.filter(review__isnull=False).select_related("review__claim").order_by("pk")
        links = (row_link(each.review, shortened(str(each.review.claim), 70)) for each in sent if each.review)
        return format_html_join(SafeString("<br>"), "{}", ((link,) for link in links))

    @admin.display(description="as it was sent")
    def sent(self, page: MarkupPage) -> str:
        return as_text(page)


@admin.register(Sender)
class SenderAdmin(ClaimsLogAdmin):
    """Newsrooms that have sent drafts by API; their keys are on their own pages."""

    list_display = ["name", "newsroom", "user", "created_at"]
    list_select_related = ["user"]
    search_fields = ["name", "newsroom"]
    fields = readonly_fields = ["name", "newsroom", "user", "created_at"]
