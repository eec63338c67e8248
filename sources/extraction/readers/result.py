"""What every reader answers."""

from dataclasses import dataclass


class Locked(ValueError):
    """The document can be opened with a password alone. The message is a sentence for people."""


@dataclass(frozen=True)
class Reading:
    """`limited`: there was more than is read; what is missing from the text may well be in the document."""

    text: str
    title: str = ""
    limited: bool = False
