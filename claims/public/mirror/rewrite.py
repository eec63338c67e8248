"""Turn the links of a page into links between files; what is not among the files leads to the live site.

Pages are ours: attributes stand in double quotes, and texts of people are escaped, so that none looks like a tag.
"""

import html
import re
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from claims.public.mirror.addresses import Target, relative, target

_TAG = re.compile(r"<(a|link|img|form|script|source|iframe)\b[^>]*>")
_ATTRIBUTE = re.compile(r'(?<= )(href|src|action)="([^"]*)"')
_STATIC = "/static/"


class Rewritten(NamedTuple):
    """The page, the addresses that it leads to among the files, and the static files that it needs."""

    text: str
    links: list[str]
    static: list[str]


def rewritten(text: str, *, address: str, file: str, base: str) -> Rewritten:
    """The HTML of the page at `address` as the file; `base` is the origin of the live site."""
    links: dict[str, None] = {}
    static: dict[str, None] = {}

    def changed(tag: re.Match[str]) -> str:
        if " data-live" in tag[0]:  # leads to the live site whatever it names
            return tag[0].replace(" data-live", "")

        def new(attribute: re.Match[str]) -> str:
            value = _value(tag[1], html.unescape(attribute[2]), address, file, base, links, static)
            return f'{attribute[1]}="{html.escape(value)}"'

        return _ATTRIBUTE.sub(new, tag[0])

    return Rewritten(_TAG.sub(changed, text), [*links], [*static])


def _value(
    tag: str, link: str, address: str, file: str, base: str, links: dict[str, None], static: dict[str, None]
) -> str:
    if link.startswith("#") or (tag == "link" and link.startswith(("http://", "https://"))):
        return link  # the live page is the one that search engines and consumers are to know
    full = urljoin(f"{base}{address}", link)
    if not full.startswith(f"{base}/") and full != base:
        return link
    parts = urlsplit(full.removeprefix(base) or "/")
    if parts.path.startswith(_STATIC):
        static[parts.path] = None
        return relative(parts.path.strip("/"), of=file)
    found: Target | None = None if tag == "form" else target(f"{parts.path}{'?' if parts.query else ''}{parts.query}")
    if found is None:
        return full
    links[found.address] = None
    return relative(found.file, of=file) + (f"#{parts.fragment}" if parts.fragment else "")
