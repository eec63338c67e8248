"""Represent sources, pages, polling health and changes as JSON for newsrooms; callers decide which may be shown.

Full texts and bytes of pages, editors' notes, and the details of failed polls are never included.
"""

from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers

from sources.models import Change, Outcome, Page, Polling, Source

# A page that may not be read counts as not watched.
_FORBIDDEN = frozenset({Outcome.DISALLOWED, Outcome.PAYWALL})


class SourceSerializer(serializers.Serializer[Source]):
    """A publisher of pages that published reviews rest on."""

    id = serializers.CharField(help_text="src_…")
    url = serializers.CharField(help_text="Path of this answer.")
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Source.Kind.values)
    homepage = serializers.CharField(allow_null=True)
    language = serializers.CharField(allow_null=True, help_text="BCP 47.")
    demo = serializers.BooleanField(help_text="Made up for the demonstration.")


class NamedSourceSerializer(serializers.Serializer[Source]):
    """A source in short."""

    id = serializers.CharField(help_text="src_…")
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Source.Kind.values)


class NamedPageSerializer(serializers.Serializer[Page]):
    """A page in short."""

    id = serializers.CharField(help_text="pag_…")
    url = serializers.CharField(help_text="Of the page itself, on the web.")
    title = serializers.CharField(allow_null=True)


class HealthSerializer(serializers.Serializer[Polling]):
    """How reading the page went. Only `ok` and `unchanged` say anything about its text."""

    outcome = serializers.ChoiceField(
        choices=[each.value for each in Outcome],
        allow_null=True,
        help_text="Of the last attempt; null before the first.",
    )
    last_attempt_at = serializers.DateTimeField(allow_null=True)
    last_success_at = serializers.DateTimeField(allow_null=True, help_text="When its text was last read.")
    failures = serializers.IntegerField(help_text="Failed attempts in a row.")


def timestamp(moment: datetime | None) -> str | None:
    """Format a time as ISO 8601 in UTC with microseconds and a Z."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def source(row: Source) -> dict[str, Any]:
    """Represent a source as `SourceSerializer` describes."""
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
    """Represent a source in short, as `NamedSourceSerializer` describes."""
    return {"id": row.public_id, "name": row.name, "kind": row.kind}


def named_page(row: Page) -> dict[str, Any]:
    """Represent a page in short, as `NamedPageSerializer` describes."""
    return {"id": row.public_id, "url": row.url, "title": row.title or None}


def watch(row: Page) -> str:
    """Return `watched` or `not_watched`, the latter also if robots.txt or a paywall prevents reading."""
    if row.polling.last_outcome in _FORBIDDEN:
        return Page.Watch.NOT_WATCHED.value
    return str(row.watch)


def health(polling: Polling) -> dict[str, Any]:
    """Represent the health of a page as `HealthSerializer` describes."""
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
