"""What settings say of every request that leaves, as `fetching`, `asking` and `rendering` take it."""

from typing import Any

from django.conf import settings


def caller() -> dict[str, Any]:
    """Who asks, and the one address that may be asked although it is not public."""
    return {"user_agent": settings.FETCH_USER_AGENT, "allow": settings.FETCH_ALLOWED_LOOPBACK or None}


def fetch_bounds() -> dict[str, Any]:
    """The same, and what one fetch may cost."""
    return caller() | {"total_deadline": settings.FETCH_TOTAL_DEADLINE, "max_bytes": settings.FETCH_MAX_BYTES}
