"""Admin pages of claims, one module a subject. They call functions of claims, which hold the rules."""

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
