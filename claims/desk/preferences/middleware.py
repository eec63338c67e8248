"""Middleware that shows the desk in the language and the time zone of whoever looks at it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from claims.desk.preferences.wanted import wanted_of

_DESK = ("/admin/", "/account/")


class PreferencesMiddleware:
    """Set `request.desk_preferences`, and activate its language and time zone, on pages of the desk alone.

    What newsrooms and readers are answered depends on nobody's preferences, and stays as it is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(_DESK):
            return self.get_response(request)
        wanted = wanted_of(request)
        request.desk_preferences = wanted  # type: ignore[attr-defined]
        with translation.override(wanted.language), timezone.override(wanted.zone):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", wanted.language)
        return response


def theme(request: HttpRequest) -> str:
    """The theme for the pages that Unfold frames: the person's, or as the device."""
    wanted = getattr(request, "desk_preferences", None)
    return (wanted.theme if wanted is not None else "") or "auto"
