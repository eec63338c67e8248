"""What every document reader returns, `ReaderResult`, and its error for password-protected documents."""

from dataclasses import dataclass


class PasswordProtected(ValueError):
    """The document needs a password. The message is a sentence for people."""


@dataclass(frozen=True)
class ReaderResult:
    """The text and title of a document. `limited`: not all of it was read, so missing text may be in it."""

    text: str
    title: str = ""
    limited: bool = False
