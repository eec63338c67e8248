"""Extract the statements of a text: every sentence, with who is said to have said it, figures and check-worthiness.

    statements("The dam holds, said Ida Moe.", "en")  ->  [ExtractedStatement(…)]

Pure, and without Django, so that `sandbox` can run it in a process of its own. Its time grows with the text's length.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from claims.statements.attribution import Attribution, attributions
from claims.statements.checkworthiness import Checkworthiness, checkworthiness
from claims.statements.extracted import Assertion, ExtractedAttribution, ExtractedStatement, Sureness
from claims.statements.figures import Figure, figures
from claims.statements.languages import primary
from claims.statements.sentences import Span, sentences
from claims.statements.speakers.names import UNKNOWN
from claims.statements.speakers.resolution import Resolved, Resolver

_READ = frozenset({"en", "de", "es"})
# Soft hyphens, zero-width characters and byte order marks; not those that change the order in which a text is shown.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]")


def statements(text: str, language: str = "en") -> list[ExtractedStatement]:
    """Every sentence of `text` as a statement, in order.

    Speakers and cues are recognised in English, German and Spanish; elsewhere no statement has a speaker.
    """
    if primary(language) in _READ and len(shown := _INVISIBLE.sub("", text)) < len(text):
        places = [k for k, c in enumerate(text) if not _INVISIBLE.match(c)]
        return [_placed(each, text, places) for each in statements(shown, language)]
    reports = [a for a in attributions(text, language) if _is_report(text, a)]
    resolver = Resolver(text, language, [a.source for a in reports if a.source is not None])
    resolved: dict[Span, Resolved] = {}
    for attribution in sorted(reports, key=lambda a: a.source or a.cue):
        if attribution.source is not None and attribution.source not in resolved:
            resolved[attribution.source] = resolver.resolve(attribution.source, attribution.cue, attribution.content)
    spans = [span for span in sentences(text, language) if re.search(r"\w", text[span.start : span.end])]
    of_sentence = _by_sentence(reports, spans)
    return [_statement(text, span, of_sentence[n], resolved, language) for n, span in enumerate(spans)]


def _placed(statement: ExtractedStatement, text: str, places: Sequence[int]) -> ExtractedStatement:
    """A statement of a text without its invisible characters where it stands in `text`; `places` are those of each."""

    def of(start: int, end: int) -> Span:
        return Span(places[start], places[end - 1] + 1) if end > start else Span(places[start], places[start])

    def slice_of(start: int, end: int) -> tuple[str, int, int]:
        span = of(start, end)
        return text[span.start : span.end], span.start, span.end

    whole, start, end = slice_of(statement.start, statement.end)
    found = []
    for figure in statement.figures:
        as_written, first, last = slice_of(figure.start, figure.end)
        found.append(replace(figure, text=as_written, start=first, end=last))
    attributed = tuple(
        replace(
            each,
            speaker_span=of(*each.speaker_span) if each.speaker_span is not None else None,
            cue_span=of(*each.cue_span),
            content=tuple(of(*span) for span in each.content),
        )
        for each in statement.attributions
    )
    return replace(
        statement,
        text=whole,
        start=start,
        end=end,
        content=tuple(of(*span) for span in statement.content),
        figures=tuple(found),
        attributions=attributed,
    )


def _by_sentence(reports: Iterable[Attribution], spans: Sequence[Span]) -> list[list[tuple[Attribution, list[Span]]]]:
    """The attributions whose content overlaps each sentence, each with the parts that do."""
    ends = [span.end for span in spans]
    of_sentence: list[list[tuple[Attribution, list[Span]]]] = [[] for _ in spans]
    for attribution in reports:
        for content in attribution.content:
            n = bisect_right(ends, content.start)
            while n < len(spans) and spans[n].start < content.end:
                if not of_sentence[n] or of_sentence[n][-1][0] != attribution:
                    of_sentence[n].append((attribution, []))
                of_sentence[n][-1][1].append(content)
                n += 1
    return of_sentence


def _is_report(text: str, attribution: Attribution) -> bool:
    """Whether it reports somebody else's words, unlike "I believe" or "if you say"."""
    if not attribution.speech:
        return False
    if attribution.source is None:
        return True  # "it was said that": somebody, who is not named
    source = text[attribution.source.start : attribution.source.end].lower()
    if source in {"ich", "wir", "yo", "nosotros"}:
        return False
    if source in {"i", "we"}:
        return text[attribution.cue.start : attribution.cue.end].lower() in {"said", "told", "announced", "wrote"}
    return source not in {"you", "one", "anyone", "who"}


def _statement(
    text: str,
    sentence: Span,
    here: Sequence[tuple[Attribution, list[Span]]],
    resolved: dict[Span, Resolved],
    language: str,
) -> ExtractedStatement:
    found = tuple(_extracted(text, attribution, parts, sentence, resolved) for attribution, parts in here)
    said = first_assertion(found)
    content = said.content if said is not None else (sentence,)
    numbers = tuple(figures(text[sentence.start : sentence.end], sentence.start, language))
    worth = checkworthiness(
        " ".join(text[s:e] for s, e in content),
        [f for f in numbers if any(s <= f.start and f.end <= e for s, e in content)],
        attributed=said is not None and said.speaker is not None,
    )
    return ExtractedStatement(
        text=text[sentence.start : sentence.end],
        start=sentence.start,
        end=sentence.end,
        content=content,
        speaker=said.speaker if said is not None else None,
        speaker_resolved=said.speaker_resolved if said is not None else None,
        speaker_kind=said.speaker_kind if said is not None else UNKNOWN,
        cue=said.cue if said is not None else None,
        quoted=said is not None and said.quoted,
        figures=numbers,
        checkworthy=worth.worthy,
        checkworthy_score=worth.score,
        checkworthy_reasons=worth.reasons,
        attributions=found,
    )


def _extracted(
    text: str, attribution: Attribution, parts: Sequence[Span], sentence: Span, resolved: dict[Span, Resolved]
) -> ExtractedAttribution:
    source = attribution.source
    who = resolved[source] if source is not None else Resolved(None, UNKNOWN)
    return ExtractedAttribution(
        speaker=text[source.start : source.end] if source is not None else None,
        speaker_span=source,
        speaker_resolved=who.name if who.sureness is Sureness.SURE else None,
        speaker_kind=who.kind,
        sureness=who.sureness,
        cue=text[attribution.cue.start : attribution.cue.end],
        cue_span=attribution.cue,
        content=_clip(parts, sentence),
        quoted=attribution.quoted,
        polarity=attribution.polarity,
        unsure=who.unsure,
        proper=who.proper,
        role=who.role,
    )


def _clip(spans: Sequence[Span], sentence: Span) -> tuple[Span, ...]:
    """The spans cut to the sentence, in order and without those inside another."""
    cut = sorted(
        {
            Span(max(s.start, sentence.start), min(s.end, sentence.end))
            for s in spans
            if s.start < sentence.end and s.end > sentence.start
        }
    )
    return tuple(s for s in cut if not any(o != s and o.start <= s.start and s.end <= o.end for o in cut))


def assess(
    text: str, offset: int, language: str, said: str, *, attributed: bool
) -> tuple[tuple[Figure, ...], Checkworthiness]:
    """The figures of one statement, and how worth checking what is said in it is."""
    found = tuple(figures(text, offset, language))
    return found, checkworthiness(said, found, attributed=attributed)


def first_assertion(attributions: Iterable[ExtractedAttribution]) -> Assertion | None:
    """The first attribution that is asserted: the only one whose speaker a statement has."""
    return next((said for attribution in attributions if (said := attribution.assertion) is not None), None)
