"""Who said what: sources, cues and contents in English text, by rules.

    attributions(text)  ->  [Attribution(source, cue, content, quoted, speech, nested), …]   all of them, in order

The terms are those of the annotated corpora PARC 3 and PolNeAR. Only English is read; a text in another language
has no attributions rather than wrong ones.
"""

from __future__ import annotations

from dataclasses import replace

from claims.attribution.cues import Attribution, Sentence
from claims.attribution.tokens import Token, inner, quotations, tokenize
from claims.sentences import Span, paragraphs, sentences

__all__ = ["Attribution", "attributions"]
_QUOTED_TEXT = 25  # characters: shorter quotations hold no attribution of their own


def attributions(text: str, language: str = "en") -> list[Attribution]:
    """All attributions of `text`, in the order of their cues."""
    if language.split("-")[0].lower() != "en":
        return []
    found: list[Attribution] = []
    spans = sentences(text)
    carried: Attribution | None = None  # a quotation that its paragraph left open
    for paragraph in paragraphs(text):
        quotes = list(quotations(text, *paragraph))
        units = _units(text, paragraph, quotes, spans)
        of_paragraph: list[Attribution] = []
        last = carried if carried is not None and quotes and quotes[0].start == paragraph.start else None
        for tokens in units:
            if last is not None and _only_quotes(tokens):
                grown = _grow(last, tokens)
                for among in (of_paragraph, found):
                    if last in among:
                        among[among.index(last)] = grown
                last = grown
                continue
            here = Sentence(tokens).attributions()
            of_paragraph += here
            spoken = [a for a in here if a.speech and a.source is not None]
            last = spoken[-1] if spoken else (None if here else last if False else None)
        for quote in quotes:
            span = inner(text, quote)
            if span.end - span.start >= _QUOTED_TEXT:
                for tokens in _units(text, span, list(quotations(text, *span)), _within(spans, text, span)):
                    of_paragraph += Sentence(tokens, nested=True).attributions()
        open_ended = bool(quotes) and quotes[-1].end == paragraph.end and _is_open(text, quotes[-1])
        carried = last if open_ended or text[paragraph.end - 1] == ":" else None
        found += of_paragraph
    return sorted(found, key=lambda a: a.cue)


def _is_open(text: str, quote: Span) -> bool:
    return text[quote.end - 1] not in "\"'”’»“"


def _within(spans: list[Span], text: str, span: Span) -> list[Span]:
    shifted = sentences(text[span.start : span.end])
    return [Span(s + span.start, e + span.start) for s, e in shifted]


def _units(text: str, paragraph: Span, quotes: list[Span], spans: list[Span]) -> list[list[Token]]:
    """Sentences of a paragraph as tokens; no sentence ends inside a quotation."""
    units: list[list[Token]] = []
    start = paragraph.start
    for span in spans:
        if span.start < paragraph.start or span.end > paragraph.end:
            continue
        if any(q.start < span.end < q.end for q in quotes):
            continue
        units.append(tokenize(text, start, span.end, quotes))
        start = span.end
    if start < paragraph.end:
        units.append(tokenize(text, start, paragraph.end, quotes))
    return [tokens for tokens in units if tokens]


def _only_quotes(tokens: list[Token]) -> bool:
    return any(t.quote for t in tokens) and not any(t.is_word for t in tokens)


def _grow(attribution: Attribution, tokens: list[Token]) -> Attribution:
    more = tuple(Span(t.start, t.end) for t in tokens if t.quote)
    return replace(attribution, content=(*attribution.content, *more))
