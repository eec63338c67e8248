"""Something that waits for a person, as a line of Today."""

from dataclasses import dataclass
from datetime import datetime

from claims.desk.lists.columns import Words


@dataclass
class Waiting:
    """What it is about, with what to do in a sentence."""

    url: str
    text: str
    sentence: str
    tag: Words = ""
    language: str = ""
    quote: str = ""
    due_at: datetime | None = None
    rank: int = 9
