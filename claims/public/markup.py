"""Render the Markdown of “How we checked” for desk and readers: no HTML, no pictures, and links that tell nothing."""

from collections.abc import MutableMapping, Sequence
from functools import cache
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


def rendered(text: str, *, top: int | None = None) -> SafeString:
    """The text as HTML. The parser lets no HTML through and escapes what it is given.

    Its headings become two levels deeper, or, with `top`, the highest of them becomes one of that level.
    """
    parser, env = _parser(), {"deeper": 2}
    tokens = parser.parse(shown(text)[:LONGEST], env)
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    if top is not None and levels:
        env["deeper"] = top - min(levels)
    html: str = parser.renderer.render(tokens, parser.options, env)
    return SafeString(html)


@cache
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
    tokens[index].tag = f"h{min(6, int(tokens[index].tag[1]) + env['deeper'])}"
    return renderer.renderToken(tokens, index, options, env)
