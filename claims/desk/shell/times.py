"""Times in words, as the desk says them; the person's time zone is active."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def said(local: datetime) -> str:
    """The time in words, as `moment` shows it."""
    now = timezone.localtime()
    clock = f"{local:%H:%M}"
    if local.date() == now.date():
        return _("today, %(time)s") % {"time": clock}
    return f"{said_day(local.date())}, {clock}"


def said_day(value: date) -> str:
    """A day in words: “18 Nov”, or “18 Nov 2025” of another year."""
    pattern = _("j M") if value.year == timezone.localdate().year else _("j M Y")
    return date_format(value, pattern)
