"""How the desk calls a person: by name, else by user name. Pure."""

from typing import Any


def name_of(person: Any, nobody: str = "") -> str:
    """The person's name as colleagues read it; `nobody` without a person."""
    return nobody if person is None else str(person.get_full_name() or person.get_username())
