"""Do at the start of a web process what its first page for a reader would have to wait for; without the database.

Routes, templates, the words of the language, the parser of Markdown, and the text of the largest statement: 80 ms, of
which a process that has not answered `/healthz` yet needs most anyway.
"""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver, reverse
from django.utils.translation import override

from claims.public.markup import rendered
from claims.public.page import ROUTES
from claims.watch.public_watch import statement

_TEMPLATES = "readers"


def warm_up() -> None:
    """Load and compile what readers' pages are made of, in their language; nothing if they are switched off."""
    if not settings.READERS:
        return
    with override(settings.READERS_LANGUAGE):
        get_resolver(ROUTES).resolve("/")
        reverse("readers:home")
        for name in template_names():
            get_template(name)
        rendered("## How we checked\n\nWe *read* [the report](https://agency.example).")
    statement()


def template_names() -> list[str]:
    """The names of all templates of readers' pages."""
    folder = Path(apps.get_app_config("claims").path, "templates")
    return sorted(each.relative_to(folder).as_posix() for each in (folder / _TEMPLATES).rglob("*.html"))
