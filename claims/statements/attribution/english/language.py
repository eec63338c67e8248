"""English as a language of attribution."""

from __future__ import annotations

from claims.statements.attribution.english.capitals import write_small
from claims.statements.attribution.english.cues import announcement, sentence_attributions
from claims.statements.attribution.english.sentence import Sentence
from claims.statements.attribution.report import Attribution
from claims.statements.attribution.tokens import Token
from claims.statements.sentences import Span


class English:
    """English news prose, headlines and lines in capitals included."""

    code = "en"

    def attributions(self, tokens: list[Token]) -> list[Attribution]:
        write_small(tokens)
        return sentence_attributions(Sentence(tokens))

    def announcement(self, tokens: list[Token]) -> tuple[Span, Span] | None:
        return announcement(Sentence(tokens))
