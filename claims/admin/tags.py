"""Template tags for the admin pages of claims: the verification badge, and figures as text."""

from typing import Any

from django.utils.safestring import SafeString

from claims.admin.base import state_label
from claims.admin.statements import figure_text
from claims.models.verification import Verification
from sources.admin.tags import register


@register.simple_tag
def verification(key: str) -> SafeString:
    """The badge of a claim's verification status."""
    return state_label(key, Verification(key).label)


@register.simple_tag
def figure(value: Any) -> str:
    """A figure as text."""
    return figure_text(value)
