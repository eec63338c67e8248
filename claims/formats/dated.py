"""The dates of a review that its publisher gave; None for one that nobody gave, though the log knows when it came."""

from collections.abc import Mapping
from typing import Any


def first_published_at(review: Mapping[str, Any]) -> str | None:
    """When the review was first published, as its publisher says."""
    return None if review.get("undated") else review["first_published_at"]


def published_at(review: Mapping[str, Any]) -> str | None:
    """When the version that stands was published, as its publisher says."""
    return None if _is_undated(review) else review["published_at"]


def withdrawn_at(review: Mapping[str, Any]) -> str | None:
    """When the review was withdrawn, as its publisher says; None too if it stands."""
    return None if _is_undated(review) else review["withdrawn_at"]


def _is_undated(review: Mapping[str, Any]) -> bool:
    history = review.get("history")
    last = history[-1] if history else review
    return bool(last.get("undated"))
