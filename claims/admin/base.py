"""What the desk's pages of claims share: verbs say no with `Refused`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.models.verification import Verification
from claims.permissions import Refused
from sources.admin.base import DeskAdmin, LogAdmin, badge

_TONES = {
    Verification.CHECKED.value: "good",
    Verification.NEEDS_RECHECK.value: "bad",
    Verification.BEING_CHECKED.value: "warn",
    "draft": "",
    "in_review": "warn",
    "approved": "warn",
    "published": "good",
    "proposed": "warn",
    "accepted": "good",
    "raised": "bad",
    "confirmed": "bad",
    "intact": "good",
    "moved": "good",
    "altered": "bad",
    "gone": "bad",
    "unverifiable": "warn",
}


class ClaimsAdmin(DeskAdmin):
    """Base of the editorial tables of claims."""

    refusals = (Refused, ValidationError)


class ClaimsLogAdmin(LogAdmin):
    """Base of the logs of claims."""

    refusals = (Refused, ValidationError)


def state_label(key: str, label: object) -> SafeString:
    """A badge in the colour of its state."""
    return badge(label, _TONES.get(key, ""))


def demo_label(row: Any, text: str = "") -> SafeString | str:
    """The text, behind the badge that rows of the demo carry."""
    return format_html("{} {}", badge("demo", "demo"), text) if row.is_demo else text


def shortened(text: str, length: int = 110) -> str:
    """Text for one cell of a list."""
    flat = " ".join(text[: length * 3].split())
    return flat if len(flat) <= length else flat[: length - 1].rstrip() + "…"
