"""What a person wants of the desk: language, time zone, how to be told."""

import zoneinfo
from datetime import UTC, tzinfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def zone_of(name: str) -> tzinfo:
    """The time zone of this IANA name; UTC for none, and for one that this machine does not know."""
    try:
        return zoneinfo.ZoneInfo(name) if name else UTC
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


class Preferences(models.Model):
    """A person's own settings. Who has no row gets the defaults of the fields."""

    class Theme(models.TextChoices):
        AUTO = "", _("as the device")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    class Mail(models.TextChoices):
        OFF = "", _("never")
        AT_ONCE = "at_once", _("within ten minutes")
        HOURLY = "hourly", _("once an hour")
        DAILY = "daily", _("once a day")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="preferences"
    )
    language = models.CharField(max_length=10, blank=True, help_text="Empty: as the browser asks.")
    time_zone = models.CharField(max_length=60, blank=True, help_text="IANA name; empty: UTC.")
    theme = models.CharField(max_length=5, choices=Theme, blank=True)
    keys = models.BooleanField(default=True, help_text="Whether single letters are shortcuts.")
    mail = models.CharField(max_length=10, choices=Mail, blank=True)
    muted = models.JSONField(default=list, help_text="Kinds of notices that are not sent outside the desk.")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    chat_name = models.CharField(max_length=100, blank=True, help_text="How the chat names this person.")
    mailed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="preferences_quiet_hours_whole",
            )
        ]

    @property
    def zone(self) -> tzinfo:
        return zone_of(self.time_zone)

    def __str__(self) -> str:
        return f"preferences of {self.user_id}"
