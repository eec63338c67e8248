"""Random public ids such as `clm_4v9k2m0t7q8x1z3b`, which reveal neither row counts nor creation times."""

import secrets
from typing import Any

from django.db import models

# Crockford's base 32 in lower case: no i, l, o, u to misread.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_BYTE_TO_CHARACTER = (_ALPHABET * 8).encode()  # 256 = 8 × 32, so every character is equally likely
_LENGTH = 16  # 80 random bits: a collision among 10⁹ ids has a probability below 10⁻⁶


def random_id(prefix: str) -> str:
    """Return `prefix_` and 16 random characters."""
    return f"{prefix}_{secrets.token_bytes(_LENGTH).translate(_BYTE_TO_CHARACTER).decode()}"


def random_ids(prefix: str, count: int) -> list[str]:
    """Return `count` ids as `random_id` does."""
    text = secrets.token_bytes(_LENGTH * count).translate(_BYTE_TO_CHARACTER).decode()
    return [f"{prefix}_{text[start : start + _LENGTH]}" for start in range(0, len(text), _LENGTH)]


class PublicIdField(models.CharField):  # type: ignore[type-arg]
    """A model field for the public id of a row, generated on insert and sorted by byte value. Never changed."""

    def __init__(self, *args: Any, prefix: str = "", **kwargs: Any) -> None:
        self.prefix = prefix
        defaults = {"max_length": 24, "editable": False, "db_collation": "C"}
        super().__init__(*args, **{**defaults, **kwargs})
        self.verbose_name = "id"

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("verbose_name", None)
        return name, path, args, {**kwargs, "prefix": self.prefix}

    def get_default(self) -> str:
        return random_id(self.prefix)
