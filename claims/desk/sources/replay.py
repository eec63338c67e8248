"""A saved page in a frame, with the quote marked: no script, no form, no link, and nothing that loads.

The page was rewritten in the sandbox (sources/extraction/replay.py). The frame has a policy of its own that allows one
style sheet, by its hash, and no origin, so that even what slipped through could neither run nor reach a network.
"""

import hashlib
from base64 import b64encode
from html import escape

from sources.extraction import sandbox
from sources.extraction.replay import Token, is_inline
from sources.models import Snapshot
from sources.quotes.exact_match import TextQuote
from sources.quotes.selection import QuoteNotFound, find_copied, select
from sources.snapshots.default_store import store
from sources.snapshots.store import StorageError

_STYLE = (
    "html{color-scheme:light;background:#fff;color:#17202a;font:16px/1.6 ui-serif,Charter,Cambria,serif}"
    "body{max-width:46rem;margin:1.5rem auto;padding:0 1.25rem;overflow-wrap:anywhere}"
    "mark{background:#ffe58f;color:#17202a;padding:.1em 0;outline:2px solid #774a04}"
    "table{border-collapse:collapse}td,th{border:1px solid #828e9b;padding:.2rem .5rem;text-align:start}"
    "pre{white-space:pre-wrap}"
)
_STYLE_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox"
)


class NoReplay(Exception):
    """The saved bytes cannot be shown as a page. The message is a sentence."""


def document(snapshot: Snapshot, quote: TextQuote | None) -> str:
    """The page as a whole HTML document. Raises `NoReplay`."""
    try:
        body = store().get(snapshot.blob_id)
    except StorageError as error:
        raise NoReplay(str(error)) from error
    tokens = sandbox.replay(body, snapshot.content_type)
    if tokens is None:
        raise NoReplay("This is no web page, or it is too large to be shown as one; its text is below.")
    inner = "".join(_marked(tokens, quote))
    language = snapshot.language if snapshot.language.replace("-", "").isalnum() else ""
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f"<title>{escape(snapshot.title)}</title><style>{_STYLE}</style></head><body>{inner}</body></html>"
    )


def place_of(quote: TextQuote | None, text: str) -> tuple[int, int] | None:
    """Where the quote stands in a text: from its first to behind its last character; None where it does not."""
    if quote is None:
        return None
    places = find_copied(quote.exact, text)
    try:
        start = select(quote.exact, text, quote.prefix, quote.suffix).start
    except QuoteNotFound:
        start = None
    return next((place for place in places if place[0] == start), places[0] if places else None)


def _marked(tokens: list[Token], quote: TextQuote | None) -> list[str]:
    """The tokens as HTML, with a mark round each run of text that belongs to the quote."""
    text, starts = "", []
    parts: list[str] = []
    length = 0
    for token in tokens:
        starts.append(length)
        piece = ("" if is_inline(token.value) else "\n") if token.is_tag else token.value
        parts.append(piece)
        length += len(piece)
    text = "".join(parts)
    place = place_of(quote, text)
    written = []
    is_first = True
    for token, start in zip(tokens, starts, strict=True):
        if token.is_tag:
            written.append(token.value)
            continue
        end = start + len(token.value)
        first, last = (max(start, place[0]), min(end, place[1])) if place else (end, end)
        if first >= last or not text[first:last].strip():
            written.append(escape(token.value))
            continue
        name = ' id="quote"' if is_first else ""
        is_first = False
        written.append(
            f"{escape(text[start:first])}<mark{name}>{escape(text[first:last])}</mark>{escape(text[last:end])}"
        )
    return written
