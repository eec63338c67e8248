"""The forms of the set-up."""

from django import forms
from django.contrib.auth.models import User

from claims.models import Organisation
from claims.roles import Role
from factcheck.newsrooms.keys import ORDINARY_SCOPES
from factcheck.newsrooms.models import Scope
from factcheck.set_up.scales import read

_ROLES = {
    Role.EDITOR: "Editor: writes, approves what others wrote, publishes",
    Role.REPORTER: "Reporter: writes, and approves nothing",
    Role.CHIEF: "Chief: an editor who also defines scales and restricts claims",
    Role.ADMINISTRATOR: "Administrator: accounts and keys, no editorial right",
}


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who the administrator is."""

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email")
        help_texts = {"username": "You log in with it, and the history names you by it.", "email": "Optional."}


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who publishes."""

    site = forms.URLField(
        required=False,
        max_length=2000,
        assume_scheme="https",
        widget=forms.TextInput,  # a browser's own check would want the scheme
        help_text="Optional, for example www.example.org",
    )

    class Meta:
        model = Organisation
        fields = ("name", "site")


class ScaleForm(forms.Form):
    """Choose one of the scales that are shipped."""

    scale = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["scale"].choices = [(key, each.name) for key, each in read().items()]  # type: ignore[attr-defined]


class ColleagueForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom to invite."""

    role = forms.ChoiceField(choices=[(role.value, text) for role, text in _ROLES.items()])

    class Meta:
        model = User
        fields = ("username", "email")
        help_texts = {
            "username": "The colleague logs in with it, and the history shows it.",
            "email": "Optional. Nothing is sent: you pass the link on yourself.",
        }


class KeyForm(forms.Form):
    """For whom the key is, and what it may do."""

    newsroom = forms.CharField(max_length=200, label="For", initial="Our website")
    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope.label) for scope in Scope if scope in ORDINARY_SCOPES],
        initial=[Scope.READ],
        widget=forms.CheckboxSelectMultiple,
        label="It may",
        help_text="Whoever makes a key that writes drafts can write with it, and so approves nothing that it sends.",
    )
