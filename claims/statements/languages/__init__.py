"""What is known of each language: one TOML file a language, with a table for each reader ([sentences], [figures], …).

A language without a file has no words: its texts are split and their digits read by general rules alone.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

UNDETERMINED = "und"
"""BCP 47's tag for a language that is not known."""


def primary(language: str) -> str:
    """The language of a BCP 47 tag without its country: `pt` of `pt-BR`."""
    return language.replace("_", "-").split("-")[0].lower()


@lru_cache(maxsize=256)
def table(language: str, name: str) -> dict[str, Any]:
    """One table of a language's file; empty if there is none."""
    found: dict[str, Any] = _file(primary(language)).get(name, {})
    return found


@lru_cache(maxsize=64)
def _file(code: str) -> dict[str, Any]:
    if not (code.isascii() and code.isalpha()):
        return {}
    path = files(__package__).joinpath(f"{code}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def known() -> tuple[str, ...]:
    """The codes of the languages that have a file."""
    return tuple(sorted(path.name[:-5] for path in files(__package__).iterdir() if path.name.endswith(".toml")))
