"""Represent what the poller found, health and changes, as JSON for newsrooms; callers decide which may be shown.

Full texts and bytes of pages and the details of failed polls are never included, and no words of editors: those that
leave come from published bodies.
"""

from typing import Any

from sources.models import Change, Outcome, Page, Polling
from sources.timestamp import timestamp

# A page that may not be read counts as not watched.
_FORBIDDEN = frozenset({Outcome.DISALLOWED, Outcome.PAYWALL})


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
        "last_validated_at": timestamp(polling.last_validated_at),
        "failures": polling.failures,
    }


def change(row: Change) -> dict[str, Any]:
    """Represent a change, without the page's text and without the names of page and source, which people write."""
    return {
        "id": row.public_id,
        "url": f"/api/v1/changes/{row.public_id}/",
        "kind": row.kind,
        "kinds": row.kinds,
        "certainty": row.certainty,
        "outcome": row.outcome,
        "detected_at": timestamp(row.detected_at),
    }
