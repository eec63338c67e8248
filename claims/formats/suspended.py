"""What a suspended review shows in formats that have no words for it: neither its rating nor its finding. Pure."""

from collections.abc import Mapping
from typing import Any


def is_suspended(review: Mapping[str, Any]) -> bool:
    """Whether a review, as a published body has it, is under review. Older bodies lack the field."""
    return bool(review.get("suspended_since"))


def shown_rating(review: Mapping[str, Any]) -> Any:
    """The rating that may be shown and searched for; None while the review is suspended, when it is history."""
    return None if is_suspended(review) else review["rating"]
