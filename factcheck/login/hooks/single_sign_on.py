"""Single sign-on by OpenID Connect: whose account it is, and whether the provider's second factor counts."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError
from django.http import HttpRequest
from django.shortcuts import render

from claims.models import Sender
from factcheck.login import events
from sources.database.audit import acting, acting_as

BY_PROVIDER = "second_factor_by_provider"
"""Attribute of the request, and key in the session: the provider asked for the second factor."""
_FACTORS = frozenset({"mfa", "otp", "hwk", "swk", "fpt", "face", "sc", "pop"})
"""Values of `amr` (RFC 8176) that are more than a password."""


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """An identity of the provider opens the account with its e-mail address, which the provider must have verified."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        claims = _claims(request, sociallogin)
        if sociallogin.state.get("process") not in (None, "login"):
            raise _refused(request, "an identity is linked by logging in with it, in no other way")
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                raise _refused(request, "the account is disabled", sociallogin.user)
        else:
            account = _account_of(request, claims) or _new_account(request, claims)
            with acting(account, reason="logged in by single sign-on for the first time"):
                sociallogin.connect(request, account)
        if settings.OIDC_SECOND_FACTOR == "trust" or (
            settings.OIDC_SECOND_FACTOR == "amr" and _FACTORS & set(claims.get("amr") or ())
        ):
            setattr(request, BY_PROVIDER, True)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        reason = type(exception).__name__ if exception is not None else str(error or "")
        raise _refused(request, f"the provider's answer could not be used ({reason})")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail: the desk shows each account its log-ins."""


def _claims(request: HttpRequest, sociallogin: Any) -> dict[str, Any]:
    """The claims of the ID token, and what the provider's own page says of the same person beside them."""
    data = sociallogin.account.extra_data
    token, more = data.get("id_token"), data.get("userinfo") or {}
    if not token:
        raise _refused(request, "the provider sent no ID token")
    if more and more.get("sub") != token.get("sub"):
        raise _refused(request, "the provider spoke of two people")
    return {**more, **token}


def _account_of(request: HttpRequest, claims: dict[str, Any]) -> Any:
    """The one active account that the claim names. Raises if the claim is missing, not verified, or fits several."""
    name = settings.OIDC_CLAIM
    value = claims.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _refused(request, f"the provider does not say {name}")
    if name == "email" and claims.get("email_verified") is not True:
        raise _refused(request, "the provider has not verified the e-mail address")
    people = get_user_model()._default_manager
    field = "email__iexact" if name == "email" else "username"
    stand_ins = Sender.objects.values("user")
    found = list(people.filter(**{field: value.strip()}).exclude(pk__in=stand_ins)[:2])
    if len(found) > 1:
        raise _refused(request, "several accounts have this e-mail address")
    if found and not found[0].is_active:
        raise _refused(request, "the account is disabled", found[0])
    return found[0] if found else None


def _new_account(request: HttpRequest, claims: dict[str, Any]) -> Any:
    """An account without any role, if the setting allows it: it opens only what it is invited to."""
    if not settings.OIDC_CREATE:
        raise _refused(request, "no account fits; an administrator makes one")
    name = str(claims[settings.OIDC_CLAIM]).strip()[:150]
    email = str(claims.get("email") or "")[:254] if claims.get("email_verified") is True else ""
    try:
        with acting_as("single sign-on", reason="first log-in of somebody without an account"):
            return get_user_model()._default_manager.create_user(name, email=email, is_staff=True)
    except IntegrityError:
        raise _refused(request, "another account has this user name") from None


def _refused(request: HttpRequest, why: str, account: Any = None) -> ImmediateHttpResponse:
    events.record(events.Kind.REFUSED, request, account, detail=why)
    page = render(request, "socialaccount/refused.html", {"why": why}, status=403)
    return ImmediateHttpResponse(page)
