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


def rendered(text: str, *, top: int = 3) -> SafeString:
    """The text as HTML. The parser lets no HTML through and escapes what it is given.

    The highest of its headings are of the level `top`, that below the heading they stand under, and none skips a level.
    """
    parser = _parser()
    env: dict[str, Any] = {}
    tokens = parser.parse(shown(text)[:LONGEST], env)
    _level(tokens, top)
    html: str = parser.renderer.render(tokens, parser.options, env)
    return SafeString(html)


def _level(tokens: Sequence[Token], top: int) -> None:
    """Give each heading the level below the one that it stands under, whatever levels the author left out."""
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            written = int(token.tag[1])
            while above and above[-1] >= written:
                above.pop()
            above.append(written)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, top + len(above) - 1)}"


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
    parser.disable(["image", "html_block", "html_inline"])
    parser.validateLink = _is_allowed  # type: ignore[assignment,method-assign]
    parser.add_render_rule("link_open", _link)
    return parser


def _is_allowed(address: str) -> bool:
    return address.strip().lower().startswith(_ALLOWED)


def _link(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    tokens[index].attrSet("rel", _REL)
    return renderer.renderToken(tokens, index, options, env)
