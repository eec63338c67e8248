"""Addresses of the documents' screens."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from claims.models import Document, Statement

RAIL = "#sel"


def document_address(document: Document | int, **query: Any) -> str:
    """The screen of a document; empty parts of the query are left out."""
    key = document if isinstance(document, int) else document.pk
    given = {name: value for name, value in query.items() if value}
    address = reverse("desk:document", args=[key])
    return f"{address}?{urlencode(given)}" if given else address


def statement_address(statement: Statement, show: str = "") -> str:
    """The screen of a document with this statement chosen."""
    return document_address(statement.document_id, show=show, s=statement.public_id) + RAIL
