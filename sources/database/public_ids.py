"""Public ids: random, so that they reveal neither how many rows there are nor when one was made."""

import secrets
from typing import Any

from django.db import models

# Crockford's base 32 in lower case: no i, l, o, u to misread.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_OF_A_BYTE = (_ALPHABET * 8).encode()  # 256 is eight times 32, so that each character is as likely
_LENGTH = 16  # 80 random bits: a collision among 10⁹ ids has a probability below 10⁻⁶


def random_id(prefix: str) -> str:
    """`prefix_` and 16 random characters, for example `clm_4v9k2m0t7q8x1z3b`."""
    return f"{prefix}_{secrets.token_bytes(_LENGTH).translate(_OF_A_BYTE).decode()}"


def random_ids(prefix: str, count: int) -> list[str]:
    """So many of them at once."""
    text = secrets.token_bytes(_LENGTH * count).translate(_OF_A_BYTE).decode()
    return [f"{prefix}_{text[place : place + _LENGTH]}" for place in range(0, len(text), _LENGTH)]


class PublicIdField(models.CharField):  # type: ignore[type-arg]
    """The id by which the world outside names a row. Never changed, sorted by byte value."""

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
