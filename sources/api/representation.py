"""Represent sources, pages, polling health and changes as JSON for newsrooms; callers decide which may be shown.

Full texts and bytes of pages, editors' notes, and the details of failed polls are never included.
"""

from typing import Any

from sources.models import Change, Outcome, Page, Polling, Source
from sources.timestamp import timestamp

# A page that may not be read counts as not watched.
_FORBIDDEN = frozenset({Outcome.DISALLOWED, Outcome.PAYWALL})


def source(row: Source) -> dict[str, Any]:
    """Represent a source."""
    return {
        "id": row.public_id,
        "url": f"/api/v1/sources/{row.public_id}/",
        "name": row.name,
        "kind": row.kind,
        "homepage": row.homepage or None,
        "language": row.language or None,
        "demo": row.is_demo,
    }


def named_source(row: Source) -> dict[str, Any]:
    """Represent a source in short."""
    return {"id": row.public_id, "name": row.name, "kind": row.kind}


def named_page(row: Page) -> dict[str, Any]:
    """Represent a page in short."""
    return {"id": row.public_id, "url": row.url, "title": row.title or None}


def watch(row: Page) -> str:
    """Return `watched` or `not_watched`, the latter also if robots.txt or a paywall prevents reading."""
    if row.polling.last_outcome in _FORBIDDEN:
        return Page.Watch.NOT_WATCHED.value
    return str(row.watch)


def health(polling: Polling) -> dict[str, Any]:
    """Represent the health of a page."""
    return {
        "outcome": polling.last_outcome or None,
        "last_attempt_at": timestamp(polling.last_attempt_at),
        "last_success_at": timestamp(polling.last_success_at),
        "failures": polling.failures,
    }


def change(row: Change) -> dict[str, Any]:
    """Represent a change of a page, without its text."""
    return {
        "id": row.public_id,
        "url": f"/api/v1/changes/{row.public_id}/",
        "page": named_page(row.page),
        "source": named_source(row.page.source),
        "kind": row.kind,
        "kinds": row.kinds,
        "certainty": row.certainty,
        "outcome": row.outcome,
        "detected_at": timestamp(row.detected_at),
    }
