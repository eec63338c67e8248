"""Read the text and the title of a Markdown document. Pure."""

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token


def read(source: str) -> tuple[str, str]:
    """The text of paragraphs, headings, quotations and list items, separated by blank lines, and the title.

    There is no code and no HTML in it.
    """
    front = re.match(r"---\n(.*?)\n---\n", source, re.DOTALL)
    title = ""
    if front:
        source = source[front.end() :]
        match = re.search(r"^title:\s*(.+)$", front[1], re.MULTILINE)
        title = match[1].strip().strip("\"'") if match else ""
    blocks: list[str] = []
    heading = False
    for token in MarkdownIt("commonmark").parse(source):
        if token.type == "heading_open":
            heading = token.tag == "h1"
        elif token.type == "inline":
            block = " ".join(_inline(token).split())
            if heading and not title:
                title = block
            if block:
                blocks.append(block)
        elif token.type == "heading_close":
            heading = False
    return "\n\n".join(blocks), title[:500]


def _inline(token: Token) -> str:
    parts = []
    for child in token.children or []:
        if child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
    return "".join(parts)
