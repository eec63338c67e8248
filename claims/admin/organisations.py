"""Admin pages of organisations, their rating scales and their articles."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString

from claims.admin.base import ClaimsAdmin, ClaimsInline
from claims.models import Article, Organisation, Rating, RatingScale
from claims.reviews import scales
from claims.visibility import hidden_claims
from sources.admin.base import Verb, outside_link


@admin.register(Organisation)
class OrganisationAdmin(ClaimsAdmin):
    list_display = ["name", "site_link", "is_ours", "reviews_count", "demo"]
    list_filter = ["is_ours", "is_demo"]
    search_fields = ["name", "site"]
    fields = ["name", "site", "licence", "is_ours", "public_id"]
    readonly_fields = ["public_id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        return (
            super()
            .get_queryset(request)
            .annotate(_reviews=Count("reviews", filter=~Q(reviews__claim__in=hidden_claims(request.user))))
        )

    @admin.display(description="site")
    def site_link(self, organisation: Organisation) -> SafeString | str:
        return outside_link(organisation.site) if organisation.site else "–"

    @admin.display(description="reviews", ordering="_reviews")
    def reviews_count(self, organisation: Any) -> int:
        return int(organisation._reviews)


class RatingInline(ClaimsInline):
    """The steps of a scale, from worst to best."""

    model = Rating
    fields = ["label", "value", "verdict", "retired_at"]
    readonly_fields = ["retired_at"]
    show_change_link = True


@admin.register(RatingScale)
class RatingScaleAdmin(ClaimsAdmin):
    list_display = ["name", "organisation", "steps"]
    list_select_related = ["organisation"]
    list_filter = ["organisation"]
    search_fields = ["name", "organisation__name"]
    autocomplete_fields = ["organisation"]
    fields = ["organisation", "name", "public_id"]
    readonly_fields = ["public_id"]
    inlines = [RatingInline]
    history_of = ((Rating, "scale"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RatingScale]:
        return super().get_queryset(request).annotate(_steps=Count("ratings"))

    @admin.display(description="steps", ordering="_steps")
    def steps(self, scale: Any) -> int:
        return int(scale._steps)


@admin.register(Rating)
class RatingAdmin(ClaimsAdmin):
    list_display = ["label", "scale", "value", "verdict", "retired_at"]
    list_select_related = ["scale__organisation"]
    list_filter = ["verdict", "scale", ("retired_at", admin.EmptyFieldListFilter)]
    search_fields = ["label", "scale__name"]
    autocomplete_fields = ["scale"]
    fields = ["scale", "label", "value", "verdict", "retired_at"]
    change_form_template = "admin/claims/rating.html"
    readonly_fields = ["retired_at"]

    def get_verbs(self, request: HttpRequest, row: Rating) -> list[Verb]:
        if row.retired_at is not None or not self.has_change_permission(request, row):
            return []
        return [
            Verb(
                "retire", "Retire", self._retire, help="No review is rated by it from now on; published ones keep it."
            ),
            Verb(
                "replace",
                "Retire and replace",
                self._replace,
                note="The new label",
                help="A new step takes its number and its verdict. Published reviews keep the old one.",
            ),
        ]

    def _retire(self, request: HttpRequest, rating: Rating) -> str:
        scales.retire(rating, actor=request.user)
        return f"“{rating.label}” is retired. Published reviews keep it."

    def _replace(self, request: HttpRequest, rating: Rating) -> HttpResponse:
        made = scales.replace(rating, label=request.POST.get("note", ""), actor=request.user)
        messages.success(
            request, f"“{made.label}” takes the place of “{rating.label}”. Published reviews keep the old."
        )
        return HttpResponseRedirect(self.address_of(made))


@admin.register(Article)
class ArticleAdmin(ClaimsAdmin):
    list_display = ["title", "organisation", "link", "language"]
    list_select_related = ["organisation"]
    list_filter = ["organisation", "language"]
    search_fields = ["title", "url"]
    autocomplete_fields = ["organisation"]
    fields = ["title", "url", "organisation", "language", "public_id"]
    readonly_fields = ["public_id"]

    @admin.display(description="URL", ordering="url")
    def link(self, article: Article) -> SafeString:
        return outside_link(article.url)
