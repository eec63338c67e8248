"""Render a screen of the desk in its frame."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import get_language, get_language_bidi

from claims.desk.shell.navigation import navigation

POLICY = {"script-src": ["'self'"], "style-src": ["'self'"], "frame-src": ["'self'"]}
"""What replaces the admin site's content security policy: no inline style, no inline script, no eval."""


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    title: str,
    item: str,
    crumbs: Sequence[tuple[str, str]] = (),
    status: int = 200,
) -> TemplateResponse:
    """Answer with a template that extends `desk/base.html`.

    `item` is the key of the current entry in the navigation, or empty. `crumbs` are labels and addresses of what stands
    above this screen.
    """
    frame = {
        "title": title,
        "item": item,
        "crumbs": crumbs,
        "navigation": navigation(request, item),
        "language": get_language() or settings.LANGUAGE_CODE,
        "direction": "rtl" if get_language_bidi() else "ltr",
        "preferences": getattr(request, "desk_preferences", None),
        "desk_name": settings.UNFOLD["SITE_TITLE"],
    }
    response = TemplateResponse(request, template, frame | dict(context or {}), status=status)
    response._csp_replace = POLICY  # type: ignore[attr-defined]
    return response
