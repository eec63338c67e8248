"""Lay suspensions over a claim's published JSON: a status and fixed words, beside the words of the review. Pure."""

from collections.abc import Iterable
from datetime import datetime

from claims.models.verification import Verification
from claims.publication import published_claim as published
from claims.publication.citation import display, display_codes
from sources.timestamp import timestamp


def with_suspensions(verification: published.Verification, suspended_since: Iterable[str]) -> published.Verification:
    """The verification of a claim of which reviews are suspended since these times.

    One suspended review is enough, whatever the others say: it is the strongest caution. The causes of open re-checks
    stay.
    """
    since = min(suspended_since, default=None)
    if since is None:
        return verification
    return {**verification, "status": Verification.SUSPENDED.value, "since": since}


def preview(review: published.ReviewContent, at: datetime) -> str:
    """The sentence that readers would be shown of the review if it were suspended at this time."""
    suspended: published.ReviewContent = {**review, "suspended_since": timestamp(at)}
    return display(suspended, display_codes(suspended))
