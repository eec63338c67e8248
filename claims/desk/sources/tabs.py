"""The lists of sources, beside one another."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

_TABS = (
    ("desk:sources", gettext_lazy("Pages")),
    ("desk:blind_pages", gettext_lazy("Cannot be read")),
    ("desk:changes", gettext_lazy("Changes")),
    ("desk:quotes", gettext_lazy("Quotes")),
    ("desk:feeds", gettext_lazy("Feeds")),
    ("desk:saved_pages", gettext_lazy("Saved pages")),
    ("desk:copies", gettext_lazy("Web archive")),
)


def tabs(current: str) -> list[dict[str, Any]]:
    """What a list says of those beside it."""
    return [{"label": label, "url": reverse(name), "current": name == current} for name, label in _TABS]
