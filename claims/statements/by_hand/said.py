"""Say by whom a claim was made that somebody writes without a document to read.

The words get a document that holds them alone, as those of an imported claim do: no page is polled for it.
"""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Appearance, Claim, Document, Speaker, Statement
from claims.permissions import Refused, User, may_create, require
from claims.statements import ingest
from claims.statements.document_reader import ParsedDocument
from claims.visible_text import readable, unreadable
from sources.database.audit import acting


def said_by(
    claim: Claim, speaker: Speaker, *, actor: User, words: str = "", url: str = "", day: date | None = None
) -> Appearance:
    """Link the claim to what the speaker said; without the very words, as a paraphrase in the claim's own.

    Raises `Refused`.
    """
    require(
        may_create(actor, claim),
        _("You may not write claims; ask an administrator for the role of a reporter or an editor."),
    )
    text = " ".join((words or claim.text).split())
    if readable(text) != text:
        raise Refused(unreadable(text))
    with acting(actor, reason="said by whom a claim was made"), transaction.atomic():
        document = ingest.store(
            ParsedDocument(text), [], language=claim.language, url=url, date=day, kind=Document.Kind.OTHER, actor=actor
        )
        whole = {"document": document, "start": 0, "end": len(text)}
        given = {"text": text, "content": [[0, len(text)]], "quoted": bool(words), "speaker": speaker}
        statement, is_new = Statement.objects.get_or_create(
            **whole, defaults=given | {"speaker_as_written": speaker.name[:300]}
        )
        if not is_new and statement.speaker_id != speaker.pk:
            raise Refused(_("A document has these very words by somebody else. Open that, or write where it was said."))
        return Appearance.objects.create(claim=claim, statement=statement, created_by=actor)
