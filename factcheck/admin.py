"""Admin pages of users, groups and process heartbeats, and the data of the admin's start page."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.templatetags import unfold_list

from claims.accounts import hears_of_grants
from claims.desk.today.cards import Card, cards_of
from claims.models import Sender
from claims.permissions import Refused
from factcheck.audit import state as audit_state
from factcheck.backup import state as backup_state
from factcheck.login import account_pages, links, second_factor
from factcheck.login import admin as login_admin
from factcheck.models import Heartbeat
from factcheck.newsrooms.keys import made_by
from factcheck.newsrooms.webhooks import admin as webhooks_admin
from factcheck.set_up.steps import unfinished
from factcheck.web.refusals import refusals
from sources.admin.base import LogAdmin

admin.site.unregister(User)
admin.site.unregister(Group)
# allauth's own pages would show secrets of second factors, and log people in past the rules of factcheck/login.
for model in (Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(model)
# The admin's own pages of logging in are other doors: each leads to the one of factcheck/login.
admin.site.login = account_pages.to_log_in  # type: ignore[method-assign, assignment]
admin.site.password_change = account_pages.to_change_password  # type: ignore[method-assign, assignment]
# Rows are deleted one at a time, on their own pages and by their own rules.
admin.site.disable_action("delete_selected")

# The theme writes some 30 class names into every cell, 2.5 KB a row. One class of desk.css replaces them, which halves
# the size of a list of 50 rows.
unfold_list.ROW_CLASSES[:] = ["desk-cell"]
unfold_list.LINK_CLASSES[:] = ["desk-celllink"]


# The words of the docs, in the menu and on the pages.
User._meta.verbose_name, User._meta.verbose_name_plural = "account", "accounts"
Group._meta.verbose_name, Group._meta.verbose_name_plural = "role", "roles"


class _NewAccount(UserCreationForm):
    """A new account, with or without a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "usable_password" in self.fields:
            self.fields["usable_password"].label = "Log in by password"
            self.fields[
                "usable_password"
            ].help_text = (
                "Disabled: a log-in link, which you make on the page of the account, lets its owner choose one."
            )


class _WithRoles(UserChangeForm):
    """The roles of an account as boxes to tick; docs/roles.md says what each may do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "groups" in self.fields:
            self.fields["groups"] = forms.ModelMultipleChoiceField(
                Group.objects.order_by("pk"),
                label="Roles",
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text="Reporters write; editors also approve and publish; chiefs also restrict claims and invite "
                "guests; administrators manage accounts and keys, and have no editorial right by that. "
                "Without a role an account opens only what it is invited to as a guest.",
            )


@admin.register(User)
class UserAdmin(BaseUserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """Accounts. Rights are given as roles, never one by one."""

    form = _WithRoles
    add_form = _NewAccount
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "first_name", "last_name", "roles", "is_active", "is_superuser"]
    list_filter = ["groups", "is_active", "is_superuser"]
    list_per_page = 50
    show_full_result_count = False
    filter_horizontal = ()
    change_form_outer_before_template = "admin/auth/account_verbs.html"
    readonly_fields = ["has_password", "password_state", "last_login", "date_joined"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return super().get_fieldsets(request, obj)
        password = "has_password" if self.has_change_permission(request, obj) else "password_state"
        account = ["is_active", *(["is_superuser"] if request.user.is_superuser else [])]
        return [
            (None, {"fields": ["username", password]}),
            ("Name", {"fields": ["first_name", "last_name", "email"]}),
            ("Roles", {"fields": ["groups"]}),
            ("Account", {"fields": [*account, "last_login", "date_joined"]}),
        ]

    def get_urls(self) -> list[Any]:
        own = [
            path("<int:pk>/log-in-link/", self.admin_site.admin_view(self.log_in_link), name="auth_user_log_in_link"),
            path(
                "<int:pk>/second-factor/",
                self.admin_site.admin_view(self.remove_second_factor),
                name="auth_user_second_factor",
            ),
        ]
        return [*own, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        row = self.get_object(request, unquote(object_id))
        more: dict[str, Any] = {"may_help": False}
        if row is not None and row.is_active and self.has_change_permission(request, row):
            more = {
                "may_help": True,
                "has_second_factor": second_factor.has_second_factor(row),
                "keys": made_by(row) if request.user.has_perm("newsrooms.change_apikey") else (),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def log_in_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a one-time link by which this person sets a new password, and show it once."""
        account = self._helped(request, pk)
        try:
            token = links.create(account, purpose=links.Purpose.RESET, maker=request.user)  # type: ignore[arg-type]
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:auth_user_change", args=[pk]))
        address = request.build_absolute_uri(links.path(token))
        context = {**self.admin_site.each_context(request), "title": "Log-in link", "link": address, "account": account}
        response = TemplateResponse(request, "admin/auth/log_in_link.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def remove_second_factor(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Remove it, for whoever lost device and recovery codes."""
        account = self._helped(request, pk)
        if account == request.user:
            messages.error(
                request, "Change your own second factor under “Your account”. Lost it? Ask another administrator."
            )
            return HttpResponseRedirect(reverse("admin:auth_user_change", args=[pk]))
        second_factor.remove(request, account)
        messages.success(request, f"{account} sets up a new second factor at the next log-in.")
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[pk]))

    def _helped(self, request: HttpRequest, pk: int) -> User:
        account = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        if request.method != "POST":
            raise Http404
        return account

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not of a newsroom's stand-in, who cannot log in; and of a superuser for superusers alone."""
        if obj is not None and (Sender.objects.filter(user=obj.pk).exists() or _is_above(obj, request)):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: the audit names people. An account that is not used any more is made inactive."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.is_staff = True  # whoever has an account logs in here, if only as a guest
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active:
            messages.warning(
                request,
                f"{obj} cannot log in any more: the sessions have ended, log-in links no longer work, and the API keys"
                " that this account made are revoked, with their webhooks. Make new ones for the newsrooms concerned.",
            )
        elif change and _takes_a_role(form) and made_by(obj):
            messages.warning(
                request,
                f"{obj} knows API keys that still work; the page of the account lists them, with buttons that"
                " revoke them.",
            )

    @admin.display(description="password")
    def has_password(self, user: User) -> SafeString:
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('{}. <a class="desk-link" href="{}">Set a new one</a>', self.password_state(user), address)

    @admin.display(description="password")
    def password_state(self, user: User) -> str:
        """For those who may not set another."""
        return "set" if user.has_usable_password() else "none yet"

    @admin.display(description="roles")
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all()) or "–"


def _takes_a_role(form: Any) -> bool:
    return "groups" in form.changed_data and bool({*form.initial.get("groups", ())} - {*form.cleaned_data["groups"]})


def _is_above(user: User, request: HttpRequest) -> bool:
    return user.is_superuser and not request.user.is_superuser


@admin.register(Group)
class GroupAdmin(BaseGroupAdmin, ModelAdmin):
    show_full_result_count = False


@admin.register(Heartbeat)
class HeartbeatAdmin(LogAdmin):
    list_display = ["part", "at"]
    fields = readonly_fields = ["part", "at"]


@cards_of
def administrators_cards(request: HttpRequest) -> list[Card]:
    """The cards of Today about the server, the accounts and the newsrooms, for those who look after them."""
    user = request.user
    cards = []
    if left := unfinished(user):  # type: ignore[arg-type]
        context = {"steps": left, "done": sum(step.done for step in left)}
        cards.append(Card("desk/today/set_up.html", context, urgent=True))
    if user.has_perm("auth.change_user") or hears_of_grants(user):
        proof = audit_state.for_desk()
        found = proof["report"] is not None and bool(proof["report"].findings)
        cards.append(Card("desk/today/proof.html", {"proof": proof}, urgent=found))
    if user.has_perm("backup.view_backuprun"):
        cards.append(Card("desk/today/backup.html", {"backup": backup_state.state()}))
    if stopped := login_admin.lock_outs(request):
        cards.append(Card("desk/today/lock_outs.html", {"lock_outs": stopped}))
    if disabled := webhooks_admin.disabled_webhooks(request):
        cards.append(Card("desk/today/webhooks.html", {"endpoints": disabled}))
    if user.has_perm("auth.change_user") and (rows := refusals.rows()):
        cards.append(Card("desk/today/refusals.html", {"refusals": rows, "since": refusals.since}))
    return cards
