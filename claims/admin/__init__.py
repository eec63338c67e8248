"""The desk's pages of claims, by subject. Rules are in the verbs; pages only call them."""

from claims.admin import (
    audit,
    claim,
    documents,
    evidence,
    organisations,
    proposals,
    publications,
    rechecks,
    reviews,
    statements,
    submissions,
    tips,
)

audit.register_event_tables()

__all__ = [
    "audit",
    "claim",
    "documents",
    "evidence",
    "organisations",
    "proposals",
    "publications",
    "rechecks",
    "reviews",
    "statements",
    "submissions",
    "tips",
]
