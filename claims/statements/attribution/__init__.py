"""Find who said what in English text: the source, cue and content of each attribution, by rules.

    attributions(text)  ->  [Attribution(source, cue, content, quoted, speech), …]   in order

The terms are those of the annotated corpora PARC 3 and PolNeAR. A text in another language yields no attributions
rather than wrong ones. What a quoted person reports of others is part of the quotation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from claims.statements.attribution.english.cues import announcement, sentence_attributions
from claims.statements.attribution.english.sentence import Sentence
from claims.statements.attribution.lexicon import VERB_FORMS
from claims.statements.attribution.report import Attribution
from claims.statements.attribution.tokens import Token, quotations, tokenize
from claims.statements.attribution.transcripts import transcript_attributions
from claims.statements.sentences import Span, paragraphs, sentences_within

__all__ = ["Attribution", "attributions"]
_FEWEST_WORDS, _HEADLINE = 4, 0.8  # words of four letters and more, and how many of them have capitals in a headline
_LONGEST_SENTENCE = 400  # tokens: what runs on longer is a list or a table, no reported speech


def attributions(text: str, language: str = "en") -> list[Attribution]:
    """All attributions of `text`, in the order of their cues."""
    if language.split("-")[0].lower() != "en":
        return []
    found: list[Attribution] = []
    transcript = transcript_attributions(text)
    open_until_next: int | None = None  # index of an attribution whose quotation its paragraph left open
    announced: tuple[Span, Span] | None = None  # source and cue of a paragraph that ends in "X said:"
    for paragraph in paragraphs(text):
        quotes = list(quotations(text, *paragraph))
        if paragraph.start in transcript:
            found.append(transcript[paragraph.start])
            open_until_next = announced = None
            continue
        opens = bool(quotes) and quotes[0].start == paragraph.start
        last = open_until_next if opens else None
        if announced is not None:
            found.append(_announced(*announced, paragraph, quotes[0] if opens else None))
            last = len(found) - 1
            if not opens or quotes[0].end == paragraph.end:
                quotes = quotes if opens else []
                announced = None
                open_until_next = last if _left_open(text, paragraph, quotes) else None
                continue
        announced = None
        for tokens in _units(text, paragraph, quotes):
            if _only_quotes(tokens):
                if last is not None:
                    found[last] = _grow(found[last], tokens)
                continue
            first = len(found)
            sentence = Sentence(tokens)
            found += sentence_attributions(sentence)
            announced = announcement(sentence)
            spoken = [k for k in range(first, len(found)) if found[k].speech and found[k].source is not None]
            last = next((k for k in spoken if found[k].quoted), spoken[-1] if spoken else None)
        open_until_next = last if _left_open(text, paragraph, quotes) else None
    return sorted(found, key=lambda a: a.cue)


def _left_open(text: str, paragraph: Span, quotes: list[Span]) -> bool:
    """Whether the paragraph ends inside a quotation, which the next one goes on with."""
    return bool(quotes) and quotes[-1].end == paragraph.end and text[paragraph.end - 1] not in "\"'”’»“"


def _announced(source: Span, cue: Span, paragraph: Span, quote: Span | None) -> Attribution:
    """What stands in the paragraph behind "X said:" — its opening quotation, or all of it."""
    return Attribution(source, cue, (quote or paragraph,), quoted=True, speech=True)


def _units(text: str, paragraph: Span, quotes: list[Span]) -> Iterator[list[Token]]:
    """Sentences of a paragraph as tokens.

    No sentence ends inside a quotation, or before a dash that names its source (`"…" — Anna Berg`).
    """
    start = paragraph.start
    ends = [end for _, end in sentences_within(text, paragraph) if not any(q.start < end < q.end for q in quotes)]
    for end in [*ends, paragraph.end]:
        if end <= start or (end < paragraph.end and text[end : end + 3].lstrip()[:1] in {"—", "–", "―"}):
            continue
        tokens = tokenize(text, start, end, quotes)
        _uncapitalise_headline(tokens)
        start = end
        if 0 < len(tokens) <= _LONGEST_SENTENCE:
            yield tokens


def _uncapitalise_headline(tokens: list[Token]) -> None:
    """Write the verbs of `Mayor Says Dam Holds` small, so that they are not taken for names."""
    long_words = [t for t in tokens if t.is_word and len(t.text) > 3 and t.text[0].isalpha()]
    capitals = sum(t.is_name and not t.text.isupper() for t in long_words)
    if len(long_words) < _FEWEST_WORDS or capitals < _HEADLINE * len(long_words):
        return
    for token in tokens[1:]:
        form = VERB_FORMS.get(token.lower)
        if form is not None and (form.third or form.past) and not token.text.isupper():
            token.text = token.text.lower()


def _only_quotes(tokens: list[Token]) -> bool:
    return any(t.quote for t in tokens) and not any(t.is_word for t in tokens)


def _grow(attribution: Attribution, tokens: list[Token]) -> Attribution:
    more = tuple(Span(t.start, t.end) for t in tokens if t.quote)
    return replace(attribution, content=(*attribution.content, *more))
