"""allauth's forms with the labels, hints and widgets of the desk."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm as BaseChangePasswordForm
from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as BaseReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as BaseCodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget


def _plain(form: Any, **fields: tuple[str, str, str]) -> None:
    """Give each field its label, its hint and the browser's autocomplete word."""
    for name, (label, hint, autocomplete) in fields.items():
        field = form.fields[name]
        secret = isinstance(field.widget, forms.PasswordInput)
        attributes = {"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
        if autocomplete == "one-time-code":
            attributes |= {"inputmode": "numeric", "autofocus": "autofocus"}
        field.widget = (UnfoldAdminPasswordWidget if secret else UnfoldAdminTextInputWidget)(attrs=attributes)
        field.label, field.help_text = label, hint


_CODE = ("Code", "Six digits from your authenticator app, or one of your recovery codes.", "one-time-code")


class LogInForm(LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, login=("User name", "", "username"), password=("Password", "", "current-password"))
        self.fields["login"].widget.attrs["autofocus"] = "autofocus"


class ReauthenticateForm(BaseReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, password=("Password", "", "current-password"))


class ChangePasswordForm(BaseChangePasswordForm):  # type: ignore[misc]
    """Wrong current passwords count for the lock-out too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self,
            oldpassword=("Current password", "", "current-password"),
            password1=("New password", " ".join(password_validators_help_texts()), "new-password"),
            password2=("New password again", "", "new-password"),
        )

    def clean_oldpassword(self) -> str:
        password = self.cleaned_data.get("oldpassword", "")
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return str(password)


class ResetForm(forms.Form):
    email = forms.EmailField(max_length=254)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, email=("E-mail address", "", "email"))


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, code=_CODE)


class CodeAgainForm(BaseCodeAgainForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, code=_CODE)


class ActivateForm(ActivateTOTPForm):  # type: ignore[misc]
    """The secret stays the same when the page is opened again, since the app may have it already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        session = context.request.session
        shown = session.get(SECRET_SESSION_KEY)
        super().__init__(*args, **kwargs)
        if shown:
            session[SECRET_SESSION_KEY] = self.secret = shown
        _plain(self, code=("Code", "The six digits that the app shows now.", "one-time-code"))
