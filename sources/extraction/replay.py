"""Rewrite an HTML page so that it can be shown in a frame: its structure and its words, and nothing that acts or loads.

Nothing of the page's own markup is passed on. The page is read tag by tag, and what comes out is written anew: the
elements below without attributes of the page (but for direction, language, and cells that span others), and text,
escaped. Scripts, styles, forms, frames, pictures, links and drawings are left out; a picture leaves its description.

    <div onclick=… style=…>Some <a href=…>words</a><img alt="A chart">  →  <div>Some words<i>[A chart]</i></div>

Pure: no network, no database, no files. A hostile page can occupy it for long: call it in `sources.extraction.sandbox`.
"""

import re
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple

from sources.extraction import full_text, html_text
from sources.extraction.charset import decode

MAX_CHARACTERS = 2_000_000
"""Of what comes out; a longer page is cut there."""
_DEEPEST = 60  # elements; deeper ones are left out, their words are not


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_INLINE = _names("b cite code del dfn em i ins kbd q rp rt ruby s samp small span strong sub sup time u var")
_ELEMENTS = _INLINE | _names(
    "address article aside blockquote caption dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header"
    " hgroup li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
_EMPTY = _names("br hr wbr")
_LEFT_OUT = _names(
    "script style template noscript iframe object applet svg math head select textarea button audio video canvas"
    " noembed noframes xmp datalist frameset map dialog"
)
"""Elements whose content goes with them."""
_MAY_HIDE = _names("div section article aside span ul ol table nav header footer form main figure")
"""Elements that always have an end, so that what a page hides in them can be left out as far as that."""
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,4}")


class Token(NamedTuple):
    """A piece of the page: a tag of ours, or text that is not escaped yet."""

    is_tag: bool
    value: str


def read(body: bytes, media_type: str = "") -> list[Token] | None:
    """The page as tokens; None if it is no HTML page."""
    if not full_text.is_html(body, media_type):
        return None
    body = body[: full_text.MAX_BYTES]
    charset = full_text.HEADER_CHARSET.search(media_type)
    source = decode(html_text.rename(body), charset[1] if charset else None).text
    writer = _Writer()
    writer.feed(source)
    writer.close()
    return writer.finished()


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._tokens: list[Token] = []
        self._open: list[str] = []
        self._skipped: list[str] = []
        self._length = 0

    def finished(self) -> list[Token]:
        self._close_to(0)
        return self._tokens

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipped:
            if tag == self._skipped[0]:
                self._skipped.append(tag)
            return
        if self._length >= MAX_CHARACTERS:
            return
        given = dict(attrs)
        if tag in _LEFT_OUT or (tag in _MAY_HIDE and self._is_hidden(given)):
            self._skipped.append(tag)
        elif tag == "body":
            self._close_to(0)
        elif tag == "img":
            if words := " ".join((given.get("alt") or "").split())[:300]:
                self._tag(f"<i>[{escape(words)}]</i>")
        elif tag in _EMPTY:
            self._tag(f"<{tag}>")
        elif tag in _ELEMENTS and len(self._open) < _DEEPEST:
            self._open.append(tag)
            self._tag(f"<{tag}{self._attributes(tag, given)}>")

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag == self._skipped[0]:
                self._skipped.pop()
            return
        if tag in self._open:
            self._close_to(len(self._open) - 1 - self._open[::-1].index(tag))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # In HTML a slash at the end of a tag means nothing, but in a drawing it does.
        if tag not in _LEFT_OUT:
            self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if not self._skipped and self._length < MAX_CHARACTERS:
            self._length += len(data)
            self._tokens.append(Token(False, data.replace("\x00", "\ufffd")))

    def _tag(self, value: str) -> None:
        self._length += len(value)
        self._tokens.append(Token(True, value))

    def _close_to(self, depth: int) -> None:
        while len(self._open) > depth:
            self._tokens.append(Token(True, f"</{self._open.pop()}>"))

    @staticmethod
    def _is_hidden(given: dict[str, str | None]) -> bool:
        return ("hidden" in given and given["hidden"] != "until-found") or bool(
            _HIDDEN.search((given.get("style") or "")[:2_000])
        )

    @staticmethod
    def _attributes(tag: str, given: dict[str, str | None]) -> str:
        kept = []
        if (direction := (given.get("dir") or "").lower()) in ("ltr", "rtl", "auto"):
            kept.append(f' dir="{direction}"')
        if (language := given.get("lang") or "") and _LANGUAGE.fullmatch(language):
            kept.append(f' lang="{language}"')
        if tag in ("td", "th"):
            kept += [
                f' {name}="{number}"'
                for name in ("colspan", "rowspan")
                if (number := given.get(name) or "") and number.isascii() and number.isdecimal() and len(number) < 4
            ]
        return "".join(kept)


def is_inline(tag: str) -> bool:
    """Whether a tag of a token stands within a line, so that words on both sides of it may be one."""
    return tag.strip("</>").partition(" ")[0] in _INLINE or tag == "<wbr>"
