"""Admin pages of newsrooms and their API keys; those of webhooks are in `webhooks/admin.py`."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from claims.permissions import Refused
from factcheck.newsrooms import feed_tokens
from factcheck.newsrooms.keys import ORDINARY_SCOPES, create_key, expiry, keys_of, live_keys, revoke_key
from factcheck.newsrooms.models import ApiKey, FeedToken, Newsroom, Scope, WebhookEndpoint
from factcheck.newsrooms.webhooks import admin as webhooks_admin
from sources.admin.base import DeskAdmin, Verb

__all__ = ["ApiKeyAdmin", "NewsroomAdmin", "webhooks_admin"]  # Django finds the admin pages here


@admin.register(Newsroom)
class NewsroomAdmin(DeskAdmin):
    list_display = ["name", "active", "keys_count", "requests_per_minute", "demo", "created_at"]
    list_filter = ["is_active", "is_demo"]
    search_fields = ["name", "public_id"]
    fields = ["name", "is_active", "requests_per_minute", "public_id", "created_at"]
    readonly_fields = ["public_id", "created_at"]
    change_form_template = "admin/newsrooms/newsroom.html"
    refusals = (*DeskAdmin.refusals, Refused)
    history_of = ((ApiKey, "newsroom"), (FeedToken, "newsroom"), (WebhookEndpoint, "newsroom"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Newsroom]:
        now = timezone.now()
        live = Q(keys__revoked_at__isnull=True) & (Q(keys__expires_at__isnull=True) | Q(keys__expires_at__gt=now))
        return super().get_queryset(request).annotate(_keys=Count("keys", filter=live & Q(keys__isnull=False)))

    def get_verbs(self, request: HttpRequest, row: Newsroom) -> list[Verb]:
        if not request.user.has_perm("newsrooms.add_apikey"):
            return []
        return [
            Verb("key", "Create a key", self._create_key, "primary", note="scopes"),
            Verb("feed-token", "Create a feed token", self._create_feed_token, note="label"),
            Verb("revoke-feed-token", "Revoke", self._revoke_feed_token, "danger", note="prefix"),
        ]

    def _create_key(self, request: HttpRequest, newsroom: Newsroom) -> HttpResponse:
        key = create_key(
            newsroom.name,
            request.POST.getlist("scopes"),
            expires_at=expiry(request.POST.get("expires", "")),
            is_demo=newsroom.is_demo,
        )
        return self.page_shown_once(request, "admin/newsrooms/new_key.html", "New key", newsroom, key=key)

    def _create_feed_token(self, request: HttpRequest, newsroom: Newsroom) -> HttpResponse:
        token = feed_tokens.create_feed_token(newsroom.name, request.POST.get("label", ""))
        template = "admin/newsrooms/new_feed_token.html"
        paths = sorted(feed_tokens.PATHS)
        return self.page_shown_once(request, template, "New feed token", newsroom, key=token, paths=paths)

    def _revoke_feed_token(self, request: HttpRequest, newsroom: Newsroom) -> str:
        prefix = request.POST.get("prefix", "")
        feed_tokens.revoke_feed_token(newsroom.name, prefix)
        return f"The feed token fct_{prefix}_… is revoked."

    def page_context(self, request: HttpRequest, row: Newsroom) -> dict[str, Any]:
        return {
            "keys": keys_of(row.name),
            "live": {key.pk for key in live_keys(row)},
            "scopes": [(scope.value, scope.label) for scope in Scope if scope in ORDINARY_SCOPES],
            "feed_tokens": feed_tokens.feed_tokens_of(row.name),
            "may_create": request.user.has_perm("newsrooms.add_apikey"),
            "may_revoke": request.user.has_perm("newsrooms.change_apikey"),
        }

    @admin.display(description="active", boolean=True, ordering="is_active")
    def active(self, newsroom: Newsroom) -> bool:
        return newsroom.is_active

    @admin.display(description="live keys", ordering="_keys")
    def keys_count(self, newsroom: Any) -> int:
        return int(newsroom._keys)


@admin.register(ApiKey)
class ApiKeyAdmin(DeskAdmin):
    """Keys are created on their newsroom's page, shown once, and revoked here or there; they are never edited."""

    offers = ("change",)
    list_display = ["shown", "newsroom", "scopes_listed", "created_at", "expires_at", "revoked_at", "last_used"]
    list_filter = ["newsroom", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["newsroom", "use"]
    search_fields = ["prefix", "newsroom__name"]
    fields = readonly_fields = list_display
    refusals = (*DeskAdmin.refusals, Refused)

    def get_verbs(self, request: HttpRequest, row: ApiKey) -> list[Verb]:
        if row.revoked_at is not None or not self.has_change_permission(request, row):
            return []
        return [Verb("revoke", "Revoke now", self._revoke, "danger", help="The key stops working at once.")]

    def _revoke(self, request: HttpRequest, key: ApiKey) -> HttpResponse:
        revoke_key(key.newsroom.name, key.prefix)
        webhooks = key.webhook_endpoints.filter(disabled_by=WebhookEndpoint.DisabledBy.KEY, deleted_at=None).count()
        suspended = f" {webhooks} webhook{'s' if webhooks > 1 else ''} of it switched off." if webhooks else ""
        messages.success(request, f"The key {key} is revoked.{suspended}")
        return HttpResponseRedirect(reverse("admin:newsrooms_newsroom_change", args=[key.newsroom_id]))

    @admin.display(description="key", ordering="prefix")
    def shown(self, key: ApiKey) -> str:
        return str(key)

    @admin.display(description="scopes")
    def scopes_listed(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    @admin.display(description="last used", ordering="use__last_used_at")
    def last_used(self, key: ApiKey) -> datetime | None:
        return key.last_used_at
