"""Keyword arguments from the settings for the HTTP client, the fetcher and the browser: user agent, deadline, size."""

from typing import Any

from django.conf import settings


def request_defaults() -> dict[str, Any]:
    """Return `user_agent`, and `allow`, the one private address that may be reached."""
    return {"user_agent": settings.FETCH_USER_AGENT, "allow": settings.FETCH_ALLOWED_LOOPBACK or None}


def fetch_defaults() -> dict[str, Any]:
    """Return `request_defaults` with the deadline (seconds) and the size limit (bytes) of a fetch."""
    return request_defaults() | {"total_deadline": settings.FETCH_TOTAL_DEADLINE, "max_bytes": settings.FETCH_MAX_BYTES}
