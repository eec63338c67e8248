"""The second factor as a stage of logging in, which what was done to the account in the meantime ends."""

from typing import Any

from allauth.account.internal.flows.login import resume_login
from allauth.mfa.stages import AuthenticateStage as BaseAuthenticateStage
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare

_OVER = "Your password was changed, or your account disabled, since you gave the password. Log in again."
_HASH = "password_hash"


class AuthenticateStage(BaseAuthenticateStage):  # type: ignore[misc]
    """Asks for the code. The password must still be the one that was given before, and the account active."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        response, goes_on = super().handle()
        if response is not None:
            self.state[_HASH] = self.login.user.get_session_auth_hash()
        return response, goes_on

    def exit(self) -> HttpResponse:
        # As it is now: the log-in has read the account before the code was looked at.
        user: Any = get_user_model()._default_manager.filter(pk=self.login.user.pk, is_active=True).first()
        if user is None or not constant_time_compare(user.get_session_auth_hash(), self.state.get(_HASH, "")):
            messages.error(self.request, _OVER)
            over: HttpResponse = self.abort()
            return over
        self.login.user = user
        self.controller.set_handled(self.key)
        there: HttpResponse = resume_login(self.request, self.login)
        return there
