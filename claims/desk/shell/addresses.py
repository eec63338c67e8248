"""Read what stands in addresses and hidden fields: the number of a row, the path to which a form leads back."""

from django.utils.http import url_has_allowed_host_and_scheme

_DIGITS = 18
"""The most that a key of the database has."""


def number(text: str | None) -> int | None:
    """The key of a row in an address or a field; None for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


def local_path(text: str) -> str:
    """The text if it is a path of this site, with its query; else empty."""
    return text if text.startswith("/") and url_has_allowed_host_and_scheme(text, allowed_hosts=None) else ""
