"""Admin pages of webhook endpoints and their deliveries."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.timezone import is_naive, make_aware
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from claims.permissions import Refused
from factcheck.newsrooms.models import EVENTS, Newsroom, WebhookDelivery, WebhookEndpoint
from factcheck.newsrooms.webhooks import endpoints
from factcheck.newsrooms.webhooks.endpoint_health import disabled_automatically, health
from factcheck.newsrooms.webhooks.payloads import type_of
from sources.admin.base import DeskAdmin, LogAdmin, Verb, ago, badge, outside_link, row_link

SHOWN = 30  # latest deliveries on the page of an endpoint
_FILTERS = ["event_filter", "claims", "speakers", "topics", "hosts"]


class WordsField(forms.CharField):
    """Words separated by commas."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        return [word.strip() for word in (super().clean(value) or "").split(",") if word.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.clean(data) != list(initial or [])


class EndpointForm(forms.ModelForm):  # type: ignore[type-arg]
    """The URL and the filters of an endpoint; without filters everything is sent."""

    url = forms.CharField(
        max_length=2000,
        label="URL",
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "url"}),
        help_text="https only; redirects are not followed.",
    )
    event_filter = forms.MultipleChoiceField(
        choices=EVENTS,
        required=False,
        label="Events",
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="None selected: all events.",
    )
    claims = WordsField(required=False, widget=UnfoldAdminTextInputWidget, help_text="clm_…, separated by commas.")
    speakers = WordsField(required=False, widget=UnfoldAdminTextInputWidget, help_text="spk_…, separated by commas.")
    topics = WordsField(required=False, widget=UnfoldAdminTextInputWidget, help_text="Slugs, separated by commas.")
    hosts = WordsField(
        required=False, widget=UnfoldAdminTextInputWidget, help_text="Of quoted pages: www.example.org, …"
    )

    class Meta:
        model = WebhookEndpoint
        fields = ["newsroom", "url", *_FILTERS]

    def clean_url(self) -> str:
        try:
            return endpoints.check_url(self.cleaned_data["url"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(DeskAdmin):
    offers = ("add", "change")  # the verb deletes it: deliveries stay on record
    form = EndpointForm
    list_display = ["link", "newsroom", "state", "failures", "last_success", "created_at"]
    list_display_links = ["newsroom"]
    list_filter = ["is_active", "disabled_by", ("deleted_at", admin.EmptyFieldListFilter), "newsroom"]
    list_select_related = ["newsroom", "progress"]
    search_fields = ["url", "newsroom__name", "public_id"]
    autocomplete_fields = ["newsroom"]
    fieldsets = [
        (None, {"fields": ["newsroom", "url", *_FILTERS]}),
        ("Record", {"fields": ["public_id", "created_at", "deleted_at"], "classes": ["collapse"]}),
    ]
    add_fieldsets = [(None, {"fields": ["newsroom", "url", *_FILTERS]})]
    change_form_template = "admin/newsrooms/webhookendpoint.html"
    refusals = (*DeskAdmin.refusals, Refused)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["public_id", "created_at", "deleted_at", *(["newsroom"] if obj else [])]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        exists = obj is None or obj.deleted_at is None
        return exists and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: WebhookEndpoint, form: Any, change: bool) -> None:
        data = form.cleaned_data
        actor = request.user.get_username()
        filters = {name: data[name] for name in _FILTERS}
        if change:
            endpoints.change(obj, actor=actor, url=data["url"], filters=filters)
            return
        newsroom: Newsroom = data["newsroom"]
        created, secret = endpoints.create(newsroom, url=data["url"], actor=actor, filters=filters)
        obj.pk = created.pk
        obj.refresh_from_db()
        obj.new_secret = secret  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._show_secret(request, obj, obj.new_secret)

    def _show_secret(self, request: HttpRequest, endpoint: WebhookEndpoint, secret: str) -> HttpResponse:
        return self.page_shown_once(request, "admin/newsrooms/new_secret.html", "New secret", endpoint, secret=secret)

    def get_verbs(self, request: HttpRequest, row: WebhookEndpoint) -> list[Verb]:
        if row.deleted_at is not None or not self.has_change_permission(request, row):
            return []
        verbs = [Verb("test", "Send a test", self._test, "primary", help="Sends a webhook.test message once.")]
        if row.is_active:
            verbs.append(Verb("disable", "Switch off", self._disable, help="Only the desk can switch it on again."))
        else:
            verbs.append(Verb("enable", "Switch on", self._enable, help="It resumes where it stopped."))
        return [
            *verbs,
            Verb("replay", "Send again", self._replay, note="from"),
            Verb("rotate", "New secret", self._rotate, help="The old secret remains valid for a while."),
            Verb("rotate-now", "New secret, end the old", self._rotate_now, "danger", help="For a secret that leaked."),
            Verb(
                "delete",
                "Delete",
                self._delete,
                "danger",
                help="Nothing more is sent; its deliveries stay.",
            ),
        ]

    def _test(self, request: HttpRequest, endpoint: WebhookEndpoint) -> str:
        endpoints.send_test(endpoint, actor=request.user.get_username())
        return "The test is being sent; reload this page in a moment to see the result."

    def _disable(self, request: HttpRequest, endpoint: WebhookEndpoint) -> str:
        endpoints.disable(endpoint, actor=request.user.get_username(), by=endpoints.DisabledBy.DESK)
        return "Switched off: nothing is sent from now on."

    def _enable(self, request: HttpRequest, endpoint: WebhookEndpoint) -> str:
        endpoints.enable(endpoint, actor=request.user.get_username(), by=endpoints.DisabledBy.DESK)
        return "Switched on: it resumes where it stopped."

    def _replay(self, request: HttpRequest, endpoint: WebhookEndpoint) -> str:
        start = request.POST.get("from", "").strip()
        arguments: dict[str, Any] = {}
        if re.fullmatch("[0-9]{1,15}", start):
            arguments["after"] = int(start)
        else:
            try:
                moment = parse_datetime(start)
            except ValueError:
                moment = None
            if moment is None:
                raise Refused("Give a sequence of the log, such as 4700, or a time (UTC), such as 2026-03-01 09:30.")
            arguments["since"] = make_aware(moment) if is_naive(moment) else moment
        after, upto = endpoints.replay(endpoint, actor=request.user.get_username(), **arguments)
        return f"Everything after {after} is sent again, up to {upto}."

    def _rotate(self, request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponse:
        return self._show_secret(request, endpoint, endpoints.rotate(endpoint, actor=request.user.get_username()))

    def _rotate_now(self, request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponse:
        actor = request.user.get_username()
        return self._show_secret(request, endpoint, endpoints.rotate(endpoint, actor=actor, overlap=timedelta(0)))

    def _delete(self, request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponse:
        endpoints.delete(endpoint, actor=request.user.get_username())
        messages.success(request, "The webhook is deleted.")
        return HttpResponseRedirect(self.address_of(endpoint))

    def page_context(self, request: HttpRequest, row: WebhookEndpoint) -> dict[str, Any]:
        deliveries = row.deliveries.select_related("publication__claim", "draft_event").order_by("-pk")[:SHOWN]
        return {
            "state_badge": _state(row),
            "health": health(row),
            "secrets": row.secrets.order_by("-pk")[: endpoints.MAX_SECRETS + 1],
            "deliveries": deliveries,
            "may_replay": row.deleted_at is None and self.has_change_permission(request, row),
        }

    @admin.display(description="URL", ordering="url")
    def link(self, endpoint: WebhookEndpoint) -> SafeString:
        return outside_link(endpoint.url)

    @admin.display(description="state", ordering="is_active")
    def state(self, endpoint: WebhookEndpoint) -> SafeString:
        return _state(endpoint)

    @admin.display(description="failures in a row", ordering="progress__failures")
    def failures(self, endpoint: WebhookEndpoint) -> int:
        return endpoint.progress.failures

    @admin.display(description="last success", ordering="progress__last_success_at")
    def last_success(self, endpoint: WebhookEndpoint) -> str:
        return ago(endpoint.progress.last_success_at)


def _state(endpoint: WebhookEndpoint) -> SafeString:
    if endpoint.deleted_at is not None:
        return badge("deleted")
    if not endpoint.is_active:
        return badge(f"switched off by {endpoint.get_disabled_by_display()}", "bad")
    return badge("failing", "warn") if endpoint.progress.failures else badge("active", "good")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(LogAdmin):
    list_display = [
        "public_id",
        "what",
        "endpoint",
        "state",
        "attempts",
        "last_status",
        "next_attempt_at",
        "created_at",
    ]
    list_filter = ["state", "created_at"]
    list_select_related = ["endpoint", "publication", "draft_event"]
    search_fields = ["public_id", "endpoint__url", "endpoint__public_id"]
    fields = readonly_fields = [
        *("public_id", "what", "log", "endpoint", "state", "attempts", "first_attempt_at", "last_attempt_at"),
        *("next_attempt_at", "delivered_at", "last_status", "last_detail", "last_answer", "milliseconds", "created_at"),
    ]

    @admin.display(description="message")
    def what(self, delivery: WebhookDelivery) -> str:
        return type_of(delivery)

    @admin.display(description="publication")
    def log(self, delivery: WebhookDelivery) -> SafeString:
        return row_link(delivery.publication)


def disabled_webhooks(request: HttpRequest) -> list[WebhookEndpoint]:
    """The webhooks that were disabled automatically, for Today of those who may view them."""
    if not request.user.has_perm("newsrooms.view_webhookendpoint"):
        return []
    return list(disabled_automatically().select_related("newsroom").order_by("-disabled_at", "pk")[:12])
