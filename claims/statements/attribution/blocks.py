"""Attributions that paragraphs make with each other: signatures under quotations, posts, quotations that go on.

“The bridge is no wider.” — Olga Prim, Aldby
“Tolls are a tax.” ⏎ – Samuel Ott, bus driver
No toll has gone up. Not one. — Olga Prim (@prim) March 3, 2031
"""

from __future__ import annotations

import re

from claims.statements.attribution.report import Attribution
from claims.statements.sentences import Span, trim

_NAME = r"(?P<name>[A-ZÀ-Þ@][^\n.!?;:\"“”«»()]{1,60}?(?:\.[^\n.!?;:\"“”«»()]{1,60}?)?)"
_SIGNED = re.compile(rf"(?:(?<=[\"”’»“'])\s*|^\s*)(?P<dash>—|–|―|--|-)\s?{_NAME}\s*$")
_POSTED = re.compile(rf"(?P<dash>—|–|―|-)\s?{_NAME}\s\(@\w{{1,30}}\)(?P<date>[^\n\"“”]{{0,40}})$")
_LONGEST_SIGNATURE = 150  # characters
_MARKS = "\"“«„‘'»"


def signed(text: str, paragraph: Span, quotes: list[Span], before: Span | None) -> Attribution | None:
    """The attribution of a quotation or post to the signature at the end of its paragraph, or in the one behind it.

    `before` is the paragraph before this one, if it is a quotation of its own.
    """
    start = max(paragraph.start, paragraph.end - _LONGEST_SIGNATURE)
    post = _POSTED.search(text, start, paragraph.end)
    if post:
        content = trim(text, paragraph.start, post.start())
        return _signature(post, (content,)) if content.start < content.end else None
    last = next((q for q in reversed(quotes) if q.end < paragraph.end), None)
    if last is not None:
        match = _SIGNED.search(text, last.end, paragraph.end) or _signed_at(text, last.end, paragraph.end)
        alone = all(not c.isalnum() for c in text[paragraph.start : quotes[0].start])
        if match and alone:
            return _signature(match, tuple(q for q in quotes if q.end <= match.start("dash")))
    if before is not None and not quotes:
        match = _signed_at(text, paragraph.start, paragraph.end)
        if match:
            return _signature(match, (before,))
    return None


def posted(text: str, paragraph: Span, above: Span) -> Attribution | None:
    """The attribution of the paragraph above to a post's signature: "— Olga Prim (@prim) March 3, 2031"."""
    match = _POSTED.match(text, paragraph.start, paragraph.end)
    return _signature(match, (above,)) if match else None


def _signed_at(text: str, start: int, end: int) -> re.Match[str] | None:
    return re.compile(rf"\s*(?P<dash>—|–|―|--|-)\s?{_NAME}\s*$").match(text, start, end)


def _signature(match: re.Match[str], content: tuple[Span, ...]) -> Attribution:
    return Attribution(
        source=Span(*match.span("name")), cue=Span(*match.span("dash")), content=content, quoted=True, speech=True
    )


def is_quotation(text: str, paragraph: Span, quotes: list[Span]) -> bool:
    """Whether a paragraph is one quotation and nothing else, closed by its mark."""
    return len(quotes) == 1 and quotes[0] == paragraph and text[paragraph.end - 1] in "\"”’»'“"


def runs_on(text: str, paragraph: Span) -> bool:
    """Whether a quotation ends in a comma: its source stands in the next paragraph."""
    return text[paragraph.start : paragraph.end].rstrip(_MARKS + "”’").endswith(",")
