"""Routes of draft statements: list, create and read statements with their documents; they cannot be changed."""

from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpResponse
from rest_framework.request import Request

from claims.api.drafts import examples, operations
from claims.api.drafts.base import NEWEST_FIRST, DraftView, refusals_as_conflicts
from claims.api.drafts.bodies import StatementBody, StatementDraft
from claims.api.request.body_fields import as_json, invalid, read
from claims.models import Document
from claims.newsroom_drafts.drafts import Submitter, create_document, create_statement

_EXCERPT = 80  # characters of a document that an error quotes


class DraftStatementList(DraftView):
    """Statements that were sent with the key."""

    target: ClassVar = "statement"
    keyset: ClassVar = NEWEST_FIRST

    @operations.list_rows("desk_statements", StatementDraft, examples.STATEMENT_ANSWER)
    def get(self, request: Request) -> HttpResponse:
        """Statements that were sent with this key, the last first."""
        return self.list_drafts()

    @operations.create(
        "desk_send_statement",
        StatementBody,
        StatementDraft,
        examples.STATEMENT_ANSWER,
        examples.STATEMENT,
        {**examples.STATEMENT, "document": "doc_4v9k2m0t7q8x1z3b"},
        repeatable=True,
    )
    def post(self, request: Request) -> HttpResponse:
        """Send a statement with its document, or with the id of a document that was sent before.

        `text` must be exactly the document's characters from `start` to `end`, so that both sides are known to
        count alike: Unicode code points, from 0. The same statement sent again answers 200.
        """
        data = read(StatementBody, request.data)
        submitter = self.submitter()
        with refusals_as_conflicts(), transaction.atomic():
            document, document_json = self._document(submitter, data.pop("document"))
            _require_exact_span(document.text, data)
            data.setdefault("content", [[data["start"], data["end"]]])
            as_sent = as_json(data | {"document": document_json})
            data.pop("text")
            submission, new = create_statement(submitter, document=document, as_sent=as_sent, **data)
        return self.created(submission, new=new)

    def _document(self, submitter: Submitter, given: Any) -> tuple[Document, dict[str, Any]]:
        """The document, and its JSON as it was sent, without the text."""
        if isinstance(given, str):
            submission = self.own("document").filter(document__public_id=given).first()
            if submission is None or submission.document is None:
                raise invalid("/document", "No document with this id was sent with this key; send it whole.")
            return submission.document, {"id": given, **submission.as_sent}
        document_json = as_json({name: value for name, value in given.items() if name != "text"})
        document = create_document(submitter, as_sent=document_json, **given)
        return document, {"id": document.public_id, **document_json}


class DraftStatement(DraftView):
    """One statement that was sent with the key."""

    target: ClassVar = "statement"

    @operations.get("desk_statement", StatementDraft, examples.STATEMENT_ANSWER)
    def get(self, request: Request, id: str) -> HttpResponse:
        """A statement as it was sent."""
        return self.show(id)


def _require_exact_span(text: str, data: dict[str, Any]) -> None:
    start, end = data["start"], data["end"]
    if text[start:end] != data["text"]:
        actual = text[start:end][:_EXCERPT]
        raise invalid(
            "/text", f"The document's characters {start} to {end} are “{actual}”, not this; count Unicode code points."
        )
