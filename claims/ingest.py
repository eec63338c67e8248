"""From a document to its statements: what is said in it, by whom, with which figures, and is it worth checking.

    document = read(raw, filename="story.txt")
    found = statements(document.text)
    store(document, found, publisher="…", date=…, language="en", url="", actor=user)

`read` and `statements` are pure; `store` is the one function here that writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from claims.attribution import Attribution, attributions
from claims.attribution.resolution import UNKNOWN, Resolved, Resolver
from claims.checkworthiness import checkworthiness
from claims.documents import ReadDocument, UnreadableDocument, read
from claims.figures import Figure, figures
from claims.sentences import Span, sentences

__all__ = ["ExtractedStatement", "ReadDocument", "UnreadableDocument", "read", "statements"]


@dataclass(frozen=True, slots=True)
class ExtractedStatement:
    """One sentence of a document; every offset counts characters of the document's text.

    `content` are the spans of what is said: of a quotation split around its cue each part, of a sentence without a
    cue the sentence. `speaker` is the source as written, None without a cue; `speaker_resolved` the last full name
    it can mean, None where nothing fits. `quoted` tells a direct quote from a paraphrase.
    """

    text: str
    start: int
    end: int
    content: tuple[Span, ...]
    speaker: str | None
    speaker_resolved: str | None
    speaker_kind: str
    cue: str | None
    quoted: bool
    figures: tuple[Figure, ...]
    checkworthy: bool
    checkworthy_score: float
    checkworthy_reasons: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain lists and dictionaries, as the command prints and the database keeps them."""
        data = asdict(self)
        data["content"] = [list(span) for span in self.content]
        data["figures"] = [asdict(figure) for figure in self.figures]
        data["checkworthy_reasons"] = list(self.checkworthy_reasons)
        return data


def statements(text: str, language: str = "en") -> list[ExtractedStatement]:
    """Every sentence of `text` as a statement, in order.

    Speakers and cues are read in English only; in other languages every statement is without a speaker.
    """
    said = [a for a in attributions(text, language) if _reports(text, a)]
    resolver = Resolver(text)
    resolved: dict[Span, Resolved] = {}
    for attribution in said:
        if attribution.source is not None and attribution.source not in resolved:
            resolved[attribution.source] = resolver.resolve(attribution.source)
    found = []
    for span in sentences(text, language):
        if not re.search(r"\w", text[span.start : span.end]):
            continue
        found.append(_statement(text, span, _of_sentence(said, span), resolved))
    return found


def _reports(text: str, attribution: Attribution) -> bool:
    """Whether somebody else's words are reported: not "I believe", "if you say", nor a quotation in a quotation."""
    if attribution.source is None or attribution.nested or not attribution.speech:
        return False
    source = text[attribution.source.start : attribution.source.end].lower()
    if source in {"i", "we"}:
        return text[attribution.cue.start : attribution.cue.end].lower() in {"said", "told", "announced", "wrote"}
    return source not in {"you", "one", "anyone", "who"}


def _of_sentence(said: Iterable[Attribution], sentence: Span) -> list[Attribution]:
    """The attributions of one source that report the most of the sentence, in order."""
    here = [a for a in said if _cover(a.content, sentence)]
    if not here:
        return []
    main = max(here, key=lambda a: (_cover(a.content, sentence), -a.cue.start))
    return [a for a in here if a.source == main.source]


def _cover(spans: Iterable[Span], sentence: Span) -> int:
    return sum(max(0, min(s.end, sentence.end) - max(s.start, sentence.start)) for s in spans)


def _statement(
    text: str, sentence: Span, said: Sequence[Attribution], resolved: dict[Span, Resolved]
) -> ExtractedStatement:
    content: tuple[Span, ...] = (sentence,)
    speaker = cue = None
    meant = Resolved(None, UNKNOWN)
    quoted = False
    if said:
        first = said[0]
        content = _clip([span for a in said for span in a.content], sentence)
        if first.source is not None:
            speaker = text[first.source.start : first.source.end]
            meant = resolved[first.source]
        cue = text[first.cue.start : first.cue.end]
        quoted = first.quoted
    numbers = tuple(figures(text[sentence.start : sentence.end], offset=sentence.start))
    worth = checkworthiness(
        " ".join(text[s:e] for s, e in content),
        [f for f in numbers if any(s <= f.start and f.end <= e for s, e in content)],
        attributed=speaker is not None,
    )
    return ExtractedStatement(
        text=text[sentence.start : sentence.end],
        start=sentence.start,
        end=sentence.end,
        content=content,
        speaker=speaker,
        speaker_resolved=meant.name,
        speaker_kind=meant.kind,
        cue=cue,
        quoted=quoted,
        figures=numbers,
        checkworthy=worth.worthy,
        checkworthy_score=worth.score,
        checkworthy_reasons=worth.reasons,
    )


def _clip(spans: Sequence[Span], sentence: Span) -> tuple[Span, ...]:
    """The spans cut to the sentence, in order, those inside another left out."""
    cut = sorted(
        {
            Span(max(s.start, sentence.start), min(s.end, sentence.end))
            for s in spans
            if s.start < sentence.end and s.end > sentence.start
        }
    )
    return tuple(s for s in cut if not any(o != s and o.start <= s.start and s.end <= o.end for o in cut))
