"""A person's preferences as the pages of the desk need them, kept in the session so that no request asks for them."""

import time
from dataclasses import asdict, dataclass
from datetime import tzinfo
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from claims.models import Preferences
from claims.models.desk.preferences import zone_of

SESSION_KEY = "desk_preferences"
READ_AGAIN_AFTER = 300.0  # seconds: another browser of the same person follows a change within this time


@dataclass(frozen=True)
class Wanted:
    """What a page needs to know. `language` is one that the desk has; `time_zone` is an IANA name."""

    language: str = settings.LANGUAGE_CODE
    time_zone: str = "UTC"
    theme: str = ""
    """light, dark, or empty: as the device."""
    keys: bool = True
    """Whether single letters are shortcuts."""

    @property
    def zone(self) -> tzinfo:
        return zone_of(self.time_zone)


def wanted_of(request: HttpRequest) -> Wanted:
    """What the person who makes the request wants; what her browser asks for, if nobody is logged in."""
    asked = translation.get_language_from_request(request)
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return Wanted(language=asked)
    kept = _kept(request)
    if kept is None:
        kept = keep(request, Preferences.objects.filter(pk=request.user.pk).first() or Preferences())
    known = language if (language := kept["language"]) in dict(settings.LANGUAGES) else asked
    return Wanted(language=known, time_zone=kept["time_zone"] or "UTC", theme=kept["theme"], keys=kept["keys"])


def keep(request: HttpRequest, row: Preferences) -> dict[str, Any]:
    """Keep what the row says in the session of the request, and return it."""
    kept = {
        **asdict(Wanted(language=row.language, time_zone=row.time_zone, theme=row.theme, keys=row.keys)),
        "user": request.user.pk,
        "read_at": time.time(),
    }
    request.session[SESSION_KEY] = kept
    return kept


def _kept(request: HttpRequest) -> dict[str, Any] | None:
    kept = request.session.get(SESSION_KEY)
    if not isinstance(kept, dict) or kept.get("user") != request.user.pk:
        return None
    return kept if 0 <= time.time() - kept.get("read_at", 0.0) < READ_AGAIN_AFTER else None
