"""Times as the API, the feeds and the exports write them."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import overload


@overload
def timestamp(moment: datetime) -> str: ...
@overload
def timestamp(moment: datetime | None) -> str | None: ...
def timestamp(moment: datetime | None) -> str | None:
    """ISO 8601 (RFC 3339) in UTC with microseconds and a Z."""
    return None if moment is None else _iso_8601(moment)


@lru_cache(maxsize=4096)
def _iso_8601(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
