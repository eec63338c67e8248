"""Template tags of the desk's pages of claims."""

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
    """A figure in words."""
    return figure_text(value)
