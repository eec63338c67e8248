"""What a language must offer so that attributions are found in it."""

from __future__ import annotations

from typing import Protocol

from claims.statements.attribution.report import Attribution
from claims.statements.attribution.tokens import Token
from claims.statements.sentences import Span


class Language(Protocol):
    """The rules of one language, for one sentence at a time; its words are in `claims/statements/languages/`."""

    code: str

    def attributions(self, tokens: list[Token]) -> list[Attribution]:
        """Those of a sentence, without what belongs to the content of another."""

    def announcement(self, tokens: list[Token]) -> tuple[Span, Span] | None:
        """Source and cue of a sentence that ends in "X said:", so that the next paragraph is what was said."""
