"""The desk's guide (docs/editors.md) as a screen, and the part of it that belongs to each screen."""

import re
from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from claims.desk.shell.screen import render

_FOLDER = settings.BASE_DIR / "docs"


def view(request: HttpRequest) -> HttpResponse:
    """The guide in the person's language, or in English."""
    code = get_language() or ""
    path = _FOLDER / f"editors.{code}.md"
    if not re.fullmatch(r"[a-z]{2,3}", code) or not path.exists():
        path, code = _FOLDER / "editors.md", "en"
    title, guide = _rendered(path.read_text(encoding="utf-8"))
    context = {"guide": guide, "guide_language": code, "guide_title": title}
    return render(request, "desk/shell/help.html", context, title=_("Help"), item="")


def anchor(heading: str) -> str:
    """Where a heading can be linked: the last word of it, as the navigation's keys are (“Public record”: `record`)."""
    return re.sub(r"\W", "", heading.split()[-1]).lower() if heading.split() else ""


@cache
def _rendered(text: str) -> tuple[str, SafeString]:
    """The title, and the rest as HTML. The text is the product's own."""
    title, _newline, rest = text.removeprefix("# ").partition("\n")
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("heading_open", _heading)
    # Other pages of the docs are files, not screens.
    rest = re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]*\)", r"docs/\1", rest)
    return title, mark_safe(parser.render(rest))  # noqa: S308 - html is off


def _heading(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    tokens[index].attrSet("id", anchor(tokens[index + 1].content))
    return renderer.renderToken(tokens, index, options, env)
