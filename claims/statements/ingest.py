"""Extract the statements of a document, with speaker, figures and check-worthiness, and store both.

    document = read(raw, filename="story.txt")
    extracted = statements(document.text)
    store(document, extracted, publisher="…", date=…, language="en", url="", actor=user)

`read` and `statements` are pure; only `store` writes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date as Date

from django.db import transaction

from claims.models import Attribution as AttributionRow
from claims.models import Document, Statement
from claims.permissions import User, may_edit, require
from claims.statements.attribution import Attribution, attributions
from claims.statements.checkworthiness import checkworthiness
from claims.statements.document_reader import ParsedDocument, UnreadableDocument, read
from claims.statements.extracted import Assertion, ExtractedAttribution, ExtractedStatement, Sureness
from claims.statements.figures import figures
from claims.statements.languages import UNDETERMINED, primary
from claims.statements.languages.detection import language_of
from claims.statements.sentences import Span, sentences
from claims.statements.speaker_rows import SpeakerRows
from claims.statements.speakers.names import UNKNOWN
from claims.statements.speakers.resolution import Resolved, Resolver
from sources.database.audit import acting, acting_as
from sources.database.locks import lock_until_commit
from sources.http.addresses import canonical

__all__ = [
    "ExtractedStatement",
    "ParsedDocument",
    "UnreadableDocument",
    "canonical_address",
    "find_stored",
    "language_for",
    "read",
    "statements",
    "store",
]


_MAX_TITLE = 200  # characters of a first line


def statements(text: str, language: str = "en") -> list[ExtractedStatement]:
    """Every sentence of `text` as a statement, in order.

    Speakers and cues are recognised in English, German and Spanish; elsewhere no statement has a speaker.
    """
    reports = [a for a in attributions(text, language) if _is_report(text, a)]
    resolver = Resolver(text, language, [a.source for a in reports if a.source is not None])
    resolved: dict[Span, Resolved] = {}
    for attribution in sorted(reports, key=lambda a: a.source or a.cue):
        if attribution.source is not None and attribution.source not in resolved:
            resolved[attribution.source] = resolver.resolve(attribution.source, attribution.cue, attribution.content)
    spans = [span for span in sentences(text, language) if re.search(r"\w", text[span.start : span.end])]
    of_sentence = _by_sentence(reports, spans)
    return [_statement(text, span, of_sentence[n], resolved, language) for n, span in enumerate(spans)]


def _by_sentence(reports: Iterable[Attribution], spans: Sequence[Span]) -> list[list[Attribution]]:
    """The attributions whose content overlaps each sentence."""
    ends = [span.end for span in spans]
    of_sentence: list[list[Attribution]] = [[] for _ in spans]
    for attribution in reports:
        for content in attribution.content:
            n = bisect_right(ends, content.start)
            while n < len(spans) and spans[n].start < content.end:
                if attribution not in of_sentence[n][-1:]:
                    of_sentence[n].append(attribution)
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
    text: str, sentence: Span, here: Sequence[Attribution], resolved: dict[Span, Resolved], language: str
) -> ExtractedStatement:
    found = tuple(_extracted(text, attribution, sentence, resolved) for attribution in here)
    said = _said(found)
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
    text: str, attribution: Attribution, sentence: Span, resolved: dict[Span, Resolved]
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
        content=_clip(attribution.content, sentence),
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


def language_for(document: ParsedDocument, told: str = "") -> str:
    """The language of a document as a BCP 47 tag: as somebody told, else as its text shows, else as the page states.

    A page's own statement comes last, since templates state English over texts in any language. `und` if nothing tells.
    """
    if told:
        return told
    found = language_of(document.text)
    own = document.language or ""
    if found != UNDETERMINED:
        return own if primary(own) == found else found  # the page's tag may tell the country too
    return own or UNDETERMINED


def _first_line(text: str) -> str:
    """The title of a document that states none."""
    line = " ".join(text.strip().partition("\n")[0].split())
    return line if len(line) <= _MAX_TITLE else line[: _MAX_TITLE - 1].rsplit(" ", 1)[0] + "…"


def find_stored(document: ParsedDocument) -> Document | None:
    """The stored document with exactly this text, at whatever address; None if there is none."""
    return Document.objects.filter(text_sha256=document.text_sha256).order_by("pk").first()


def canonical_address(url: str) -> str:
    """The canonical form of a document's URL, by which it is found again; empty for an invalid URL."""
    try:
        return canonical(url) if url else ""
    except ValueError:
        return ""


def store(
    document: ParsedDocument,
    extracted: Iterable[ExtractedStatement],
    *,
    publisher: str = "",
    date: Date | None = None,
    language: str = "",
    url: str = "",
    actor: User | None = None,
    kind: str = Document.Kind.ARTICLE,
    is_demo: bool = False,
) -> Document:
    """Store a document, its statements and the speakers they name, in one transaction.

    Returns the stored document unchanged if there is one with this text. Publisher and date default to what the
    document states, the title to its first line, the language to `language_for`. `actor` is None on the command line;
    any other user needs the right to edit, else `Refused` is raised.
    """
    if actor is not None:
        require(
            may_edit(actor), "You may not add documents; ask an administrator for the role of a reporter or an editor."
        )
    audit = (
        acting(actor, reason="added a document")
        if actor is not None
        else acting_as("ingest", reason="added a document")
    )
    with audit, transaction.atomic():
        lock_until_commit(int(document.text_sha256[:15], 16))  # two ingests of one text wait for each other
        existing = find_stored(document)
        if existing is not None:
            return existing
        row = Document.objects.create(
            kind=kind,
            title=(document.title or _first_line(document.text))[:500],
            text=document.text,
            text_sha256=document.text_sha256,
            url=url[:2000],
            canonical_url=canonical_address(url),
            publisher=(publisher or document.publisher)[:300],
            published_on=date or document.published_on,
            language=language_for(document, language),
            is_demo=is_demo,
            created_by=actor,
        )
        speakers = SpeakerRows(is_demo=is_demo)
        extracted = list(extracted)
        statements = Statement.objects.bulk_create(
            Statement(
                document=row,
                text=statement.text,
                start=statement.start,
                end=statement.end,
                content=[list(span) for span in statement.content],
                speaker=speakers.of(_said(statement.attributions)).row,
                speaker_as_written=(statement.speaker or "")[:300],
                cue=(statement.cue or "")[:100],
                quoted=statement.quoted,
                figures=[asdict(figure) for figure in statement.figures],
                checkworthy=statement.checkworthy,
                checkworthy_reasons=list(statement.checkworthy_reasons),
            )
            for statement in extracted
        )
        AttributionRow.objects.bulk_create(
            AttributionRow(
                statement=of,
                start=attribution.cue_span.start,
                end=attribution.cue_span.end,
                speaker=(filed := speakers.of(attribution.assertion)).row,
                speaker_as_written=(attribution.speaker or "")[:300],
                cue=attribution.cue[:100],
                content=[list(span) for span in attribution.content],
                quoted=attribution.quoted,
                polarity=attribution.polarity.value,
                unsure=attribution.unsure or filed.unsure,
            )
            for of, statement in zip(statements, extracted, strict=True)
            for attribution in statement.attributions
        )
        return row


def _said(attributions: Iterable[ExtractedAttribution]) -> Assertion | None:
    """The first that is asserted: the only one whose speaker a statement has."""
    return next((said for attribution in attributions if (said := attribution.assertion) is not None), None)
