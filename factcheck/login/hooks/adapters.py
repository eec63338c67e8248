"""What django-allauth asks of us: nobody signs up, texts are ours, secrets of second factors are encrypted."""

import base64
import hashlib
import hmac
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.http import HttpRequest
from django.urls import reverse

from factcheck.login.hooks.single_sign_on import BY_PROVIDER
from factcheck.login.reauthentication import is_fresh
from factcheck.newsrooms.client_identity import address_of

_PURPOSE = b"factcheck second factors 1"
# allauth's messages that are worth saying, in our words; all others are left out.
_MESSAGES = {
    "mfa/messages/totp_activated.txt": "Your second factor is set up.",
    "mfa/messages/totp_deactivated.txt": "Your second factor is removed.",
    "account/messages/password_changed.txt": "Your password is changed. Your other sessions have ended.",
}
_WRONG = "The user name or the password is wrong."
WRONG_CODE = "This code is wrong, has expired or was used already. Wait for the next one, and check the device's clock."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by administrators; log-ins are counted by the lock-out."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _WRONG,
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your password.",
        "too_many_login_attempts": "Too many wrong codes. Wait five minutes, then try again.",
        "rate_limited": "Too many tries. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = authenticate(request, **credentials)
        locked = getattr(request, "locked", None)
        if user is None and locked is not None:
            raise ValidationError(str(locked))
        return user

    def reauthenticate(self, user: Any, password: str) -> bool:
        found = self.authenticate(self.request, username=user.get_username(), password=password)
        return found is not None and found.pk == user.pk

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request).removesuffix("/64")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def is_reauthentication_required(self, *, app: str) -> bool:
        """An account without a password, which single sign-on opens, confirms that it is her by logging in anew."""
        user = self.request.user
        if user.is_authenticated and not user.has_usable_password() and is_fresh(self.request):
            return False
        return bool(super().is_reauthentication_required(app=app))

    def get_login_stages(self) -> list[str]:
        """Without our second factor where the provider asked for its own."""
        stages: list[str] = super().get_login_stages()
        place = stages.index("allauth.mfa.stages.AuthenticateStage")
        ours = [] if getattr(self.request, BY_PROVIDER, False) else ["factcheck.login.hooks.stages.AuthenticateStage"]
        return [*stages[:place], *ours, *stages[place + 1 :]]

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        text = message or _MESSAGES.get(message_template or "")
        if text:
            messages.add_message(request, level, text)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail: the desk shows each account its log-ins."""

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses within this site, as paths: `/admin/…`."""
        return bool(url) and str(url).startswith("/") and super().is_safe_url(url)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets are encrypted with a key derived from SECRET_KEY, so that neither table nor backup holds them."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": "A second factor is needed here. Set up another before you remove this one.",
    }

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())

    def encrypt(self, text: str) -> str:
        return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise ImproperlyConfigured(
                "The secret of a second factor was encrypted with another SECRET_KEY. Restore that key, or have an"
                " administrator remove the second factor, so that it is set up anew."
            ) from error

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail: the desk shows each account its log-ins."""


def _cipher(master: str) -> Fernet:
    """AES-CBC with HMAC, by a key that HKDF-SHA256 makes of SECRET_KEY for this purpose alone."""
    extracted = hmac.digest(b"\0" * 32, master.encode(), hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(hmac.digest(extracted, _PURPOSE + b"\x01", hashlib.sha256)))
