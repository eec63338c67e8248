"""The HTML that another site puts into its page. Neither form holds a verdict, so that none stays true too long."""

import math
from typing import NamedTuple

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.text import Truncator

from claims.public.page import address, site

MOST_WIDE = 576
LEAST_WIDE = 300
_MOST_HIGH = 640


class Size(NamedTuple):
    """Width and height of a frame in pixels."""

    width: int
    height: int


def frame(request: HttpRequest, id: str, text: str, language: str, size: Size | None = None) -> str:
    """The iframe that shows the card of a claim."""
    return _html("readers/embed/frame.html", request, id, text, language, size=size or size_of(text))


def plain_block(request: HttpRequest, id: str, text: str, language: str) -> str:
    """A quotation with a link, for where frames are not allowed. It does not say what the check found."""
    return _html("readers/embed/block.html", request, id, text, language)


def size_of(text: str, *, width: int = MOST_WIDE, height: int = _MOST_HIGH) -> Size:
    """The size of the frame for a claim, within these limits: a frame without scripts cannot fit itself to its card."""
    wide = min(width, MOST_WIDE)
    lines = math.ceil(len(Truncator(text).chars(300)) * 11 / max(wide - 40, 1))
    return Size(wide, min(height, _MOST_HIGH, 280 + 26 * lines + max(0, 480 - wide) // 2))


def _html(template: str, request: HttpRequest, id: str, text: str, language: str, **more: object) -> str:
    values = {
        "text": text,
        "language": language,
        "card": address(request, "embed", id),
        "link": address(request, "claim", id),
        "site": site(request),
        **more,
    }
    return render_to_string(template, values).strip()
