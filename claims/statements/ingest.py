"""Extract the statements of a document, with speaker, figures and check-worthiness, and store both.

    document = read(raw, filename="story.txt")
    language = language_for(document)
    store(document, extract_at_once(document.text, language), publisher="…", date=…, language=language, actor=user)

Only `store` and `finish_reading` write. A text that takes longer than a request may is stored without statements, and
`long_documents` reads it in the background.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date as Date
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Attribution as AttributionRow
from claims.models import Document, Statement
from claims.permissions import User, may_edit, require
from claims.statements.document_reader import ParsedDocument, UnreadableDocument, read
from claims.statements.extracted import ExtractedStatement
from claims.statements.extraction import first_assertion, statements
from claims.statements.languages import UNDETERMINED, primary
from claims.statements.languages.detection import language_of
from claims.statements.speaker_rows import SpeakerRows
from claims.statements.statement_sandbox import NotRead, extract
from sources.database.audit import acting, acting_as
from sources.database.locks import lock_until_commit
from sources.http.addresses import canonical
from sources.http.url_key import stored_key

__all__ = [
    "ExtractedStatement",
    "NotRead",
    "ParsedDocument",
    "UnreadableDocument",
    "canonical_address",
    "extract_at_once",
    "find_stored",
    "finish_reading",
    "language_for",
    "read",
    "statements",
    "store",
    "told_otherwise",
]


LONG = 200_000  # characters; longer texts are read in the background
_MAX_TITLE = 200  # characters of a first line
_BATCH = 2_000  # statements written at a time


def extract_at_once(text: str, language: str) -> list[ExtractedStatement] | NotRead:
    """The statements of a text, or why somebody who waits for an answer does not get them now.

    A reason that lasts is stored with the document; else it is read in the background.
    """
    if len(text) > LONG:
        return NotRead("The text is long, so it is read in the background.", lasting=False)
    try:
        return extract(text, language)
    except NotRead as reason:
        return reason


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


def find_stored(
    document: ParsedDocument, *, url: str = "", title: str = "", publisher: str = "", date: Date | None = None
) -> Document | None:
    """The stored document that this one is, by what was told of it; None if there is none.

    The same text at the same address is one document, and at another address another one. A text that comes without an
    address is the one that has none, else the first with this text of which nothing else was told.
    """
    rows = list(Document.objects.filter(text_sha256=document.text_sha256).defer("text").order_by("pk"))
    if url:
        key = stored_key(url)
        return next((row for row in rows if row.url == url[:2000] or (key and row.url_key == key)), None)
    bare = next((row for row in rows if not row.url), None)
    told = (row for row in rows if not told_otherwise(row, title=title, publisher=publisher, date=date))
    return bare or next(told, None)


def told_otherwise(row: Document, *, title: str = "", publisher: str = "", date: Date | None = None) -> list[str]:
    """Names of what was told of a document and stands otherwise in the stored one."""
    told = {
        "title": bool(title) and title[:500] != row.title,
        "publisher": bool(publisher) and publisher[:300] != row.publisher,
        "date": date is not None and date != row.published_on,
    }
    return [name for name, differs in told.items() if differs]


def canonical_address(url: str) -> str:
    """The canonical form of a document's URL, by which it is found again; empty for an invalid URL."""
    try:
        return canonical(url) if url else ""
    except ValueError:
        return ""


def store(
    document: ParsedDocument,
    extracted: Iterable[ExtractedStatement] | NotRead,
    *,
    title: str = "",
    publisher: str = "",
    date: Date | None = None,
    language: str = "",
    url: str = "",
    actor: User | None = None,
    kind: str = Document.Kind.ARTICLE,
    is_demo: bool = False,
) -> Document:
    """Store a document, its statements and the speakers they name, in one transaction.

    Returns the stored document if this is one (`find_stored`), as it was; it gets the statements it waits for. Title,
    publisher and date default to what the document states, else the title to its first line, the language to
    `language_for`. Without statements
    it is stored as waiting for them, or with the reason for which it has none. `actor` is None on the command line; any
    other user needs the right to edit, else `Refused` is raised.
    """
    if actor is not None:
        require(
            may_edit(actor),
            _("You may not add documents; ask an administrator for the role of a reporter or an editor."),
        )
    audit = (
        acting(actor, reason="added a document")
        if actor is not None
        else acting_as("ingest", reason="added a document")
    )
    with audit, transaction.atomic():
        lock_until_commit(int(document.text_sha256[:15], 16))  # two ingests of one text wait for each other
        existing = find_stored(document, url=url, title=title, publisher=publisher, date=date)
        if existing is not None:
            if existing.reading != Document.Reading.DONE and not isinstance(extracted, NotRead):
                finish_reading(existing.pk, extracted)
                existing.refresh_from_db()
            return existing
        row = Document.objects.create(
            kind=kind,
            title=(title or document.title or _first_line(document.text))[:500],
            text=document.text,
            text_sha256=document.text_sha256,
            url=url[:2000],
            canonical_url=canonical_address(url),
            publisher=(publisher or document.publisher)[:300],
            published_on=date or document.published_on,
            language=language_for(document, language),
            is_demo=is_demo,
            created_by=actor,
            **_reading(extracted),
        )
        if not isinstance(extracted, NotRead):
            _add_statements(row, extracted)
        return row


def finish_reading(pk: int, extracted: Iterable[ExtractedStatement] | NotRead) -> bool:
    """Give a document that waits for its statements what was extracted, or the reason for which it has none.

    Returns whether it is finished: False if it was deleted or finished meanwhile, or if the reason does not last. Call
    it in a transaction.
    """
    row = Document.objects.select_for_update().filter(pk=pk).exclude(reading=Document.Reading.DONE).first()
    if row is None or (isinstance(extracted, NotRead) and not extracted.lasting):
        return False
    if isinstance(extracted, NotRead):
        row.reading, row.reading_note = Document.Reading.STOPPED, str(extracted)
    else:
        sent = set(row.statements.values_list("start", "end"))  # by a newsroom, with the same text
        _add_statements(row, (each for each in extracted if (each.start, each.end) not in sent))
        row.reading, row.reading_note = Document.Reading.DONE, ""
    row.save(update_fields=["reading", "reading_note"])
    return True


def _reading(extracted: object) -> dict[str, str]:
    if not isinstance(extracted, NotRead):
        return {}
    state = Document.Reading.STOPPED if extracted.lasting else Document.Reading.WAITING
    return {"reading": state, "reading_note": str(extracted) if extracted.lasting else ""}


def _add_statements(document: Document, extracted: Iterable[ExtractedStatement]) -> None:
    speakers = SpeakerRows(is_demo=document.is_demo)
    rest = iter(extracted)
    while batch := list(islice(rest, _BATCH)):
        _add_batch(document, batch, speakers)


def _add_batch(document: Document, extracted: list[ExtractedStatement], speakers: SpeakerRows) -> None:
    rows = Statement.objects.bulk_create(
        Statement(
            document=document,
            text=statement.text,
            start=statement.start,
            end=statement.end,
            content=[list(span) for span in statement.content],
            speaker=speakers.of(first_assertion(statement.attributions)).row,
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
        for of, statement in zip(rows, extracted, strict=True)
        for attribution in statement.attributions
    )
