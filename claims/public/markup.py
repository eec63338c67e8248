"""Render the Markdown of “How we checked” for desk and readers: no HTML, no pictures, and links that tell nothing."""

from collections.abc import MutableMapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from sources.reordered import shown

_ALLOWED = ("http://", "https://", "mailto:")
_REL = "nofollow noopener noreferrer"
LONGEST = 200_000
"""Characters that are rendered; of a longer text nobody needs a preview."""


def rendered(text: str, *, below: int = 2) -> SafeString:
    """The text as HTML. The parser lets no HTML through and escapes what it is given.

    `below` is the level of the heading under which it stands: its own begin one deeper.
    """
    html: str = _parser().render(shown(text)[:LONGEST], {"below": below})
    return SafeString(html)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
    parser.disable(["image", "html_block", "html_inline"])
    parser.validateLink = _is_allowed  # type: ignore[assignment,method-assign]
    parser.add_render_rule("link_open", _link)
    for name in ("heading_open", "heading_close"):
        parser.add_render_rule(name, _heading)
    return parser


def _is_allowed(address: str) -> bool:
    return address.strip().lower().startswith(_ALLOWED)


def _link(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    tokens[index].attrSet("rel", _REL)
    return renderer.renderToken(tokens, index, options, env)


def _heading(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    tokens[index].tag = f"h{min(6, int(tokens[index].tag[1]) + env['below'])}"
    return renderer.renderToken(tokens, index, options, env)
