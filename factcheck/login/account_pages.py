"""Everybody's own page: the latest log-ins, the open sessions, the second factor; and what frames all such pages."""

import math
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from factcheck.login import events, lockout, resets, second_factor
from factcheck.login.hooks import signals
from factcheck.login.hooks.forms import ResetForm
from factcheck.login.models import LogInEvent, Session
from factcheck.login.session_store import stored_key
from factcheck.newsrooms.client_identity import address_of

SHOWN = 20  # latest log-ins
RESETS = 20  # links by mail that one address can ask for in FACTCHECK_LOGIN_LOCK_MINUTES
PREFIX = "/account/"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what the desk's theme needs on the pages of logging in, and what their links lead to."""
    if not request.path.startswith(PREFIX):
        return {}
    return {
        **admin.site.each_context(request),
        "reset_by_mail": bool(settings.EMAIL_HOST),
        "single_sign_on": settings.OIDC_NAME,
        "second_factor_needed": settings.SECOND_FACTOR,
        "wanted": request.session.get(second_factor.WANTED) or reverse("admin:index"),
    }


@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show one's own log-ins and sessions."""
    now = timezone.now()
    sessions = Session.objects.filter(account=request.user.pk, expire_date__gt=now, started_at__isnull=False).order_by(
        "-seen_at"
    )
    here = stored_key(request.session.session_key or "")
    return render(
        request,
        "login/account.html",
        {
            "title": "Your account",
            "log_ins": [
                {"row": each, "browser": events.short(each.browser)}
                for each in LogInEvent.objects.filter(account=request.user.pk).order_by("-id")[:SHOWN]
            ],
            "sessions": [
                {"row": each, "browser": events.short(each.browser), "is_this": each.session_key == here}
                for each in sessions
            ],
            "factors": Authenticator.objects.filter(user=request.user.pk).order_by("type", "pk"),
        },
    )


@require_POST
@login_required
def end_session(request: HttpRequest, session: str) -> HttpResponse:
    """End one of one's own sessions, in this or another browser."""
    row = get_object_or_404(Session, account=request.user.pk, session_key=session)
    row.delete()
    events.record(events.Kind.ENDED, request, request.user)
    messages.success(request, "The session is ended.")
    return HttpResponseRedirect(reverse("account"))


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one."""
    number = signals.end_other_sessions(request, request.user)
    events.record(events.Kind.ENDED, request, request.user, detail=f"{number} others")
    messages.success(request, f"{number} other session{' is' if number == 1 else 's are'} ended.")
    return HttpResponseRedirect(reverse("account"))


def to_log_in(request: HttpRequest, **_: Any) -> HttpResponse:
    """Lead from the admin's own log-in page, and from pages of allauth that are closed here, to ours."""
    if request.user.is_authenticated:
        if not admin.site.has_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:index"))
    there = request.GET.get("next", "")
    query = f"?{urlencode({'next': there})}" if there else ""
    return HttpResponseRedirect(f"{reverse('account_login')}{query}")


@never_cache
def reset_by_mail(request: HttpRequest) -> HttpResponse:
    """Send a link by mail for a forgotten password; without a mail server there is no such page."""
    if not settings.EMAIL_HOST:
        return to_log_in(request)
    form = ResetForm(request.POST or None)
    if not form.is_valid():
        return render(request, "account/password_reset.html", {"form": form})
    tries, seconds = lockout.count(f"reset:{address_of(request)}")
    if tries > RESETS:
        minutes = math.ceil(seconds / 60)
        page = render(request, "429.html", {"minutes": minutes, "locked_out": True}, status=429)
        page["Retry-After"] = str(math.ceil(seconds))
        return page
    resets.send_later(request, form.cleaned_data["email"])
    return HttpResponseRedirect(reverse("account_reset_password_done"))


def reset_sent(request: HttpRequest) -> HttpResponse:
    """What was done, whether or not anybody has the address."""
    if not settings.EMAIL_HOST:
        return to_log_in(request)
    return render(request, "account/password_reset_done.html")


def to_change_password(request: HttpRequest, **_: Any) -> HttpResponse:
    """Lead from the admin's own password page to ours."""
    return HttpResponseRedirect(reverse("account_change_password"))
