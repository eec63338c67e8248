"""What follows a log-in, a log-out and the events of a second factor: marks in the session and rows in the log."""

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.signals import authentication_step_completed, password_changed
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_used
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from factcheck.login import events, lockout
from factcheck.login.hooks.single_sign_on import BY_PROVIDER
from factcheck.login.models import Session
from factcheck.login.session_store import ADDRESS, BROWSER, SEEN, STARTED, stored_key
from factcheck.newsrooms.client_identity import address_of

Kind = events.Kind
_METHODS = {"password": "password", "mfa": "second factor", "socialaccount": "single sign-on"}
_FACTORS = {"totp": "authenticator app", "recovery_codes": "recovery codes"}

WRONG_CODES = 5
"""So many are shown to administrators, since whoever typed them has the password; as many as allauth lets through."""


@receiver(user_logged_in)
def logged_in(request: HttpRequest | None, user: Any, **_: Any) -> None:
    """Start the session's time, and count the log-in as a confirmation that it is her."""
    if request is None or not hasattr(request, "session"):
        return
    request.session[STARTED] = request.session[SEEN] = time.time()
    request.session[ADDRESS], request.session[BROWSER] = address_of(request), events.browser_of(request)
    methods = [_METHODS.get(each["method"], "") for each in get_authentication_records(request, user)]
    record_authentication(request, user, "password", reauthenticated=True, at_log_in=True)
    if getattr(request, BY_PROVIDER, False):
        request.session[BY_PROVIDER] = True
    lockout.remember_browser(request, user)
    events.record(
        Kind.IN,
        request,
        user,
        detail=" and ".join(dict.fromkeys(_METHODS.get(each, each) for each in methods)) or "by a link",
    )


@receiver(user_logged_out)
def logged_out(request: HttpRequest | None, user: Any, **_: Any) -> None:
    if user is not None:
        events.record(Kind.OUT, request, user)


@receiver(authentication_step_completed)
def confirmed(request: HttpRequest, user: Any, method: str, **extra: Any) -> None:
    if extra.get("reauthenticated") and not extra.get("at_log_in"):
        events.record(Kind.CONFIRMED, request, user, detail=_METHODS.get(method, method))


@receiver(password_changed)
def password_was_changed(request: HttpRequest, user: Any, **_: Any) -> None:
    end_other_sessions(request, user)


@receiver(authentication_failed)
def wrong_code(request: HttpRequest, user: Any, **_: Any) -> None:
    events.record(Kind.WRONG_CODE, request, user)
    tries, _seconds = lockout.count(f"code:{user.pk}")
    if tries == WRONG_CODES:
        events.record(Kind.LOCKED, request, user, detail="wrong codes after the right password")


@receiver(authenticator_added)
def factor_added(request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    """Sessions that were opened without the second factor end, but for this one."""
    if authenticator.type == "totp":
        # The code that set it up opens nothing else.
        authenticator.wrap()._mark_code_used(request.POST.get("code", ""))
    if authenticator.type != "recovery_codes":
        end_other_sessions(request, user)
    events.record(Kind.FACTOR_ADDED, request, user, detail=_FACTORS.get(authenticator.type, ""))


@receiver(authenticator_removed)
def factor_removed(request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    events.record(Kind.FACTOR_REMOVED, request, user, detail=_FACTORS.get(authenticator.type, ""))


@receiver(authenticator_used)
def factor_used(request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    if authenticator.type == "recovery_codes":
        authenticator.refresh_from_db()
        left = len(authenticator.wrap().get_unused_codes())
        events.record(Kind.RECOVERY, request, user, detail=f"{left} left")


def end_other_sessions(request: HttpRequest, user: Any) -> int:
    """End this account's sessions in other browsers; returns their number."""
    own = stored_key(request.session.session_key) if request.session.session_key else ""
    return Session.objects.filter(account=user.pk).exclude(session_key=own).delete()[0]
