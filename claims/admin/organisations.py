"""Admin pages of organisations, their rating scales and their articles."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from claims.admin.base import ClaimsAdmin, ClaimsInline
from claims.models import Article, Organisation, Rating, RatingScale
from claims.visibility import hidden_claims
from sources.admin.base import outside_link


@admin.register(Organisation)
class OrganisationAdmin(ClaimsAdmin):
    list_display = ["name", "site_link", "is_ours", "reviews_count", "demo"]
    list_filter = ["is_ours", "is_demo"]
    search_fields = ["name", "site"]
    fields = ["name", "site", "licence", "is_ours", "checklist", "public_id"]
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
    fields = ["label", "value", "verdict"]


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
    list_display = ["label", "scale", "value", "verdict"]
    list_select_related = ["scale__organisation"]
    list_filter = ["verdict", "scale"]
    search_fields = ["label", "scale__name"]
    autocomplete_fields = ["scale"]


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
