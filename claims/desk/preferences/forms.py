"""The form of a person's own settings."""

import zoneinfo
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from claims.models import Notice, Preferences
from claims.visible_text import unreadable

_OTHER_NAMES = ("Etc/", "posix/", "right/", "SystemV/")


def zones() -> list[tuple[str, str]]:
    """The time zones to choose from, by place."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(_OTHER_NAMES))
    return [("", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a person wants of the desk. Kinds are ticked to be sent; what is not ticked is muted."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    sent = forms.MultipleChoiceField(
        label=_("Kinds that are sent"), required=False, choices=Notice.Kind, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Preferences
        fields = ["language", "time_zone", "theme", "keys", "mail", "quiet_from", "quiet_to", "chat_name"]
        labels = {
            "theme": _("Colours"),
            "keys": _("Single letters are shortcuts"),
            "mail": _("Notices by e-mail"),
            "quiet_from": _("Quiet from"),
            "quiet_to": _("until"),
            "chat_name": _("Your name in chats"),
        }
        widgets = {
            "theme": forms.RadioSelect,
            "mail": forms.RadioSelect,
            "quiet_from": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "quiet_to": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "chat_name": forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = [("", _("as the browser asks")), *settings.LANGUAGES]
        fields: Any = self.fields
        fields["language"].choices = languages
        fields["time_zone"].choices = zones()
        # The empty value has a name of its own.
        fields["theme"].choices = Preferences.Theme.choices
        fields["mail"].choices = Preferences.Mail.choices
        self.initial.setdefault("sent", [kind for kind in Notice.Kind.values if kind not in self.instance.muted])

    def clean_chat_name(self) -> str:
        name = " ".join(self.cleaned_data["chat_name"].split())
        if name and (why := unreadable(name)):
            raise ValidationError(why)
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("quiet_from"), cleaned.get("quiet_to")
        if (start is None) != (end is None):
            raise ValidationError(_("Quiet hours need both a beginning and an end; empty both for none."))
        if start is not None and start == end:
            raise ValidationError(_("Quiet hours end when they begin; choose another time, or empty both for none."))
        return cleaned

    def save(self, commit: bool = True) -> Preferences:
        self.instance.muted = [kind for kind in Notice.Kind.values if kind not in self.cleaned_data["sent"]]
        row: Preferences = super().save(commit=commit)
        return row


def clock(row: Preferences) -> datetime:
    """The time that it is for this person."""
    return datetime.now(row.zone)
