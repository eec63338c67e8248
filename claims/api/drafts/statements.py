"""Statements that a newsroom sends in, with their documents. Verbatim: what was sent stays as it was sent."""

from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpResponse
from rest_framework.request import Request

from claims.api.drafts import examples
from claims.api.drafts.base import LAST_FIRST, Drafts, refusals
from claims.api.drafts.bodies import StatementBody, StatementDraft, page_of
from claims.api.drafts.operations import listing, making, showing
from claims.api.request.body_fields import as_json, invalid, read
from claims.models import Document
from claims.newsroom_drafts.drafts import Outside, send_document, send_statement

_SHOWN = 80  # characters of a document that an error quotes


class DraftStatementList(Drafts):
    """Statements that were sent with the key."""

    target: ClassVar = "statement"
    keyset: ClassVar = LAST_FIRST

    @listing("desk_statements", page_of(StatementDraft, "StatementDraftPage"), examples.STATEMENT_ANSWER)
    def get(self, request: Request) -> HttpResponse:
        """Statements that were sent with this key, the last first."""
        return self.list_drafts()

    @making(
        "desk_send_statement",
        StatementBody,
        StatementDraft,
        examples.STATEMENT_ANSWER,
        examples.STATEMENT,
        {**examples.STATEMENT, "document": "doc_4v9k2m0t7q8x1z3b"},
        again=True,
    )
    def post(self, request: Request) -> HttpResponse:
        """Send a statement with its document, or with the id of a document that was sent before.

        `text` must be exactly the document's characters from `start` to `end`, so that both sides are known to
        count alike: Unicode code points, from 0. The same statement sent again answers 200.
        """
        asked = read(StatementBody, request.data)
        outside = self.outside()
        with refusals(), transaction.atomic():
            document, shown = self._document(outside, asked.pop("document"))
            _must_cut(document.text, asked)
            asked.setdefault("content", [[asked["start"], asked["end"]]])
            as_sent = as_json(asked | {"document": shown})
            asked.pop("text")
            submission, new = send_statement(outside, document=document, as_sent=as_sent, **asked)
        return self.made(submission, new=new)

    def _document(self, outside: Outside, given: Any) -> tuple[Document, dict[str, Any]]:
        """The document, and how it is shown: as it was sent, without its text."""
        if isinstance(given, str):
            found = self.own("document").filter(document__public_id=given).first()
            if found is None or found.document is None:
                raise invalid("/document", "No document with this id was sent with this key; send it whole.")
            return found.document, {"id": given, **found.as_sent}
        shown = as_json({name: value for name, value in given.items() if name != "text"})
        document = send_document(outside, as_sent=shown, **given)
        return document, {"id": document.public_id, **shown}


class DraftStatement(Drafts):
    """One statement that was sent with the key."""

    target: ClassVar = "statement"

    @showing("desk_statement", StatementDraft, examples.STATEMENT_ANSWER)
    def get(self, request: Request, id: str) -> HttpResponse:
        """A statement as it was sent."""
        return self.show(id)


def _must_cut(text: str, asked: dict[str, Any]) -> None:
    start, end = asked["start"], asked["end"]
    if text[start:end] != asked["text"]:
        found = text[start:end][:_SHOWN]
        raise invalid(
            "/text", f"The document's characters {start} to {end} are “{found}”, not this; count Unicode code points."
        )
