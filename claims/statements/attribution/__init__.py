"""Find who said what: the source, cue and content of each attribution, and whether the text says that it was said.

    attributions(text, "en")  ->  [Attribution(source, cue, content, quoted, speech, polarity), …]   in order

The terms are those of the annotated corpora PARC 3 and PolNeAR. A text in a language without rules yields no
attributions rather than wrong ones. What a quoted person reports of others is part of the quotation.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from claims.statements.attribution.blocks import is_quotation, posted, runs_on, signed
from claims.statements.attribution.english.language import English
from claims.statements.attribution.labels import is_abbreviation, is_furniture
from claims.statements.attribution.language import Language
from claims.statements.attribution.lexicon import FINDINGS, ORGANISATION_HEADS
from claims.statements.attribution.parts_of_speech import is_person_noun
from claims.statements.attribution.plain.language import Plain
from claims.statements.attribution.report import Attribution
from claims.statements.attribution.tokens import Token, quotations, tokenize
from claims.statements.attribution.transcripts import transcript_attributions
from claims.statements.languages import primary
from claims.statements.sentences import Span, paragraphs, sentences_within

__all__ = ["Attribution", "attributions"]
_PRONOUNS = frozenset({"he", "she", "they", "er", "sie", "él", "ella"})
_LONGEST_SENTENCE = 300  # tokens: what runs on longer is a list or a table, no reported speech
_MOST_PARTS = 1_000
_LANGUAGES: dict[str, Language] = {language.code: language for language in (English(), Plain("de"), Plain("es"))}


def attributions(text: str, language: str = "en") -> list[Attribution]:
    """All attributions of `text`, in the order of their cues; none in a language that has no rules."""
    rules = _LANGUAGES.get(primary(language))
    if rules is None:
        return []
    document = _Document(text, rules)
    document.read()
    return sorted(document.without_headings(), key=lambda a: a.cue)


class _Document:
    """The attributions of a text, found paragraph by paragraph."""

    def __init__(self, text: str, rules: Language) -> None:
        self.text = text
        self.rules = rules
        self.found: list[Attribution] = []
        self.transcribed: set[Span] = set()
        """Cues that are labels of a transcript."""
        self.open: int | None = None
        """Index of the attribution whose quotation the paragraph before left open."""
        self.quoted: int | None = None
        """Index of the attribution whose quotation the paragraph before ended with, which another may go on with."""
        self.announced: tuple[Span, Span] | None = None
        """Source and cue of a paragraph that ended in "X said:"."""
        self.above: Span | None = None
        """The paragraph before."""
        self.waiting: Span | None = None
        """A paragraph that is a quotation and nothing else, whose source may stand in the next one."""

    def read(self) -> None:
        transcript = transcript_attributions(self.text)
        for paragraph in paragraphs(self.text):
            if paragraph.start in transcript:
                self.found.append(transcript[paragraph.start])
                self.transcribed.add(transcript[paragraph.start].cue)
                self.open = self.quoted = self.announced = self.waiting = self.above = None
            else:
                self._paragraph(paragraph)

    def without_headings(self) -> list[Attribution]:
        """What was found, without labels such as `Harbour fire:` that name nobody who speaks elsewhere in the text."""
        text = self.text
        colons = [a for a in self.found if a.source is not None and text[a.cue.start : a.cue.end] == ":"]
        furniture = {a.cue for a in colons if is_furniture(_label(text, a))}
        self.found = [a for a in self.found if a.cue not in furniture]
        labels = [a for a in colons if not a.quoted and a.cue not in furniture]
        if not labels:
            return self.found
        speaking: set[str] = set()
        headings = {a.cue for a in labels}
        for a in self.found:
            if a.source and a.cue not in self.transcribed and text[a.cue.start : a.cue.end] != ":":
                speaking.update(text[a.source.start : a.source.end].lower().split())
        return [
            a
            for a in self.found
            if a.cue not in headings
            or a.cue in self.transcribed
            or _is_role(_label(text, a))
            or _label(text, a).split()[-1].lower() in speaking
        ]

    def _paragraph(self, paragraph: Span) -> None:
        text = self.text
        quotes = list(quotations(text, *paragraph))
        opens = bool(quotes) and quotes[0].start == paragraph.start
        alone = is_quotation(text, paragraph, quotes)
        before, self.waiting = self.waiting, paragraph if alone else None
        above, self.above = self.above, paragraph
        signature = signed(text, paragraph, quotes, before) or (
            posted(text, paragraph, above) if above is not None and not self._speaks(above) else None
        )
        if signature is not None:
            self.found.append(signature)
            self.open = self.quoted = self.announced = None
            return
        if self.announced is not None:
            self._announced(*self.announced, paragraph, quotes)
            return
        if before is not None and not opens and runs_on(text, before):
            self._sentences(paragraph, quotes, last=None, lead=before)
            return
        last = self.open if opens else None
        if alone and last is None and self.quoted is not None and not runs_on(text, paragraph):
            last = self.quoted
        self._sentences(paragraph, quotes, last=last)

    def _announced(self, source: Span, cue: Span, paragraph: Span, quotes: list[Span]) -> None:
        """Give the paragraph behind "X said:" to X: its opening quotation, or all of it."""
        self.announced = None
        opens = bool(quotes) and quotes[0].start == paragraph.start
        said = quotes[0] if opens else paragraph
        self.found.append(Attribution(source, cue, (said,), quoted=True, speech=True))
        if opens and quotes[0].end != paragraph.end:
            self._sentences(paragraph, quotes, last=len(self.found) - 1)
            return
        self.open = len(self.found) - 1 if opens and self._left_open(paragraph, quotes) else None
        self.quoted = len(self.found) - 1 if opens else None

    def _sentences(self, paragraph: Span, quotes: list[Span], *, last: int | None, lead: Span | None = None) -> None:
        """Read the sentences of a paragraph; `last` is the attribution with which its first quotation goes on.

        `lead` is a quotation of the paragraph before, which the first sentence gives its source.
        """
        quoted: int | None = None
        dialogue = self.rules.code == "es" and self.text[paragraph.start] in "—–"
        for tokens in _units(self.text, paragraph, quotes, self.rules.code):
            if lead is not None:
                tokens.insert(0, Token(self.text[lead.start : lead.end], *lead, quote=True))
                lead = None
            if _only_quotes(tokens):
                if last is not None:
                    self.found[last] = _grow(self.found[last], tokens)
                    quoted = last
                continue
            first = len(self.found)
            more = self.rules.attributions(tokens)
            if dialogue and not more and last is not None:
                self.found[last] = _with(self.found[last], [Span(tokens[0].start, tokens[-1].end)])
                continue
            self.found += more
            self.announced = self.rules.announcement(tokens)
            if not more and last is not None and self.found[last].quoted and tokens[0].lower in _PRONOUNS:
                continue  # "“…,” she said. She smiled. “…”"
            spoken = [k for k in range(first, len(self.found)) if self.found[k].speech and self.found[k].source]
            last = next((k for k in spoken if self.found[k].quoted), spoken[-1] if spoken else None)
            quoted = last if last is not None and self.found[last].quoted else None
        self.open = last if self._left_open(paragraph, quotes) else None
        self.quoted = quoted if quotes and quotes[0].start == paragraph.start and not _asks(self.text, quotes) else None

    def _speaks(self, paragraph: Span) -> bool:
        """Whether something is attributed within a paragraph, the last one read."""
        return bool(self.found) and self.found[-1].cue.start >= paragraph.start

    def _left_open(self, paragraph: Span, quotes: list[Span]) -> bool:
        """Whether the paragraph ends inside a quotation, which the next one goes on with."""
        return bool(quotes) and quotes[-1].end == paragraph.end and self.text[paragraph.end - 1] not in "\"'”’»“"


def _label(text: str, attribution: Attribution) -> str:
    source = attribution.source
    return text[source.start : source.end] if source is not None else "-"


def _is_role(label: str) -> bool:
    """Whether a label names an office, a body or a finding: "Mayor", "Central bank", "UN", "Poll"."""
    last = label.split()[-1].lower()
    return is_person_noun(last) or last in ORGANISATION_HEADS | FINDINGS or is_abbreviation(label)


def _asks(text: str, quotes: list[Span]) -> bool:
    """Whether a quotation is a question, so that what is quoted behind it may be somebody's answer."""
    return any("?" in text[q.end - 3 : q.end] for q in quotes)


def _units(text: str, paragraph: Span, quotes: list[Span], language: str) -> Iterator[list[Token]]:
    """Sentences of a paragraph as tokens. No sentence ends inside a quotation."""
    start = paragraph.start
    starts = [quote.start for quote in quotes]
    for end in [*(end for _, end in sentences_within(text, paragraph, language)), paragraph.end]:
        k = bisect_left(starts, end) - 1
        if end <= start or (k >= 0 and quotes[k].start < end < quotes[k].end):
            continue
        if end < paragraph.end and text[end : end + 3].lstrip()[:1] in {"—", "–", "―"}:
            continue  # before a dash that names its source
        first = bisect_left(starts, start)
        first -= first > 0 and quotes[first - 1].end > start
        tokens = tokenize(text, start, end, quotes[first : max(first, k + 1)])
        start = end
        if 0 < len(tokens) <= _LONGEST_SENTENCE:
            yield tokens


def _only_quotes(tokens: list[Token]) -> bool:
    return any(t.quote for t in tokens) and not any(t.is_word for t in tokens)


def _grow(attribution: Attribution, tokens: list[Token]) -> Attribution:
    return _with(attribution, [Span(t.start, t.end) for t in tokens if t.quote])


def _with(attribution: Attribution, more: list[Span]) -> Attribution:
    """The attribution with more content, up to a number of parts that no quotation has."""
    if len(attribution.content) >= _MOST_PARTS:
        return attribution
    return replace(attribution, content=(*attribution.content, *more))
