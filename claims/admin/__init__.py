"""Admin pages of claims, one module per subject. They call functions of the app, which enforce the rules."""

from claims.admin import (  # noqa: F401 - importing a module registers its pages
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
from claims.admin.imports import conflicts, merge_proposals  # noqa: F401
from claims.desk import admin  # noqa: F401

audit.register_event_tables()
