"""One sentence while its attributions are looked for."""

from __future__ import annotations

from claims.statements.attribution.english.polarity import verb_polarity
from claims.statements.attribution.lexicon import VERB_FORMS
from claims.statements.attribution.phrases import Range
from claims.statements.attribution.report import Attribution
from claims.statements.attribution.tokens import Token
from claims.statements.extracted import Polarity
from claims.statements.sentences import Span

_CONDITIONS = frozenset({"if", "unless", "should", "were", "had"})


class Sentence:
    """The tokens of a sentence and the attributions found in it so far."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.n = len(tokens)
        self.question = False
        while self.n and tokens[self.n - 1].text in {".", "!", "?", "…", "..."}:
            self.n -= 1  # the final mark belongs to no content
            self.question = self.question or tokens[self.n].text == "?"
        self.found: list[Attribution] = []
        self.subject: Range | None = None  # of the last attribution: "…, adding that" goes on with it

    def _without_consequence(self, content: list[Span], cue: Span) -> list[Span]:
        """`If X says it rains, the match is off`: the condition alone."""
        if len(content) != 1 or content[0].start < cue.end:
            return content
        inside = (t for t in self.tokens if t.text == "," and content[0].start < t.start < content[0].end)
        comma = next(inside, None)
        return [Span(content[0].start, comma.start)] if comma is not None else content

    def word(self, i: int) -> str:
        return self.tokens[i].lower if 0 <= i < self.n else ""

    def quote(self, i: int) -> bool:
        return 0 <= i < self.n and self.tokens[i].quote

    def add(
        self,
        source: Range | None,
        cue: Range,
        content: list[Span],
        *,
        speech: bool,
        main: bool = True,
        polarity: Polarity | None = None,
    ) -> None:
        """Keep an attribution; one of the `main` clause lends its source to ", adding that …".

        `polarity` is that of a cue that is no verb.
        """
        if not content:
            return
        source_span = None
        if source is not None:
            start, end = source
            while end > start and self.tokens[end - 1].text in {",", ":"}:
                end -= 1
            if end <= start:
                return
            source_span = Span(self.tokens[start].start, self.tokens[end - 1].end)
            if main:
                self.subject = source
        cue_span = Span(self.tokens[cue[0]].start, self.tokens[cue[1] - 1].end)
        form = VERB_FORMS.get(self.tokens[cue[0]].lower)
        if not speech and form is not None and (form.ing or (form.base and not form.past)) and polarity is None:
            return  # "to describe", "blaming": whether it was said is not sure
        covered = [t for t in self.tokens if any(s.start <= t.start and t.end <= s.end for s in content)]
        quoted = bool(covered) and not any(t.is_word for t in covered)
        if polarity is None:
            first = self.tokens[min(cue[0], source[0] if source is not None else cue[0])].start
            follows = any(span.end <= first for span in content)  # what stands before the source is content
            polarity = verb_polarity(
                self.tokens[: self.n], cue[0], source, question=self.question, governed=not follows
            )
        if polarity is Polarity.CONDITIONAL and self.word(0) in _CONDITIONS:
            content = self._without_consequence(content, cue_span)
        self.found.append(Attribution(source_span, cue_span, tuple(content), quoted, speech, polarity))
