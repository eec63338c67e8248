"""One attribution found in a text."""

from __future__ import annotations

from dataclasses import dataclass

from claims.statements.extracted import Polarity
from claims.statements.sentences import Span


@dataclass(frozen=True, slots=True)
class Attribution:
    """One reported content. Spans are offsets into the document; `source` is None for a cue without a source.

    `quoted`: all of the content is in quotation marks. `speech`: somebody put it in words; otherwise the cue
    only reveals an attitude (wants, supports). Only an asserted attribution says that its source said anything.
    """

    source: Span | None
    cue: Span
    content: tuple[Span, ...]
    quoted: bool
    speech: bool
    polarity: Polarity = Polarity.ASSERTED
