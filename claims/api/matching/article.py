"""Read the statements of an article that somebody asks about: what each says, and where it stands in the text as sent.

The article is read in a process of its own, within limits (claims/statements/statement_sandbox.py). It is not stored.
"""

import re
import time
from typing import NamedTuple

from rest_framework.exceptions import APIException

from claims.api.concurrency import Busy, Slots
from claims.api.request.body_fields import invalid
from claims.statements.extracted import ExtractedStatement
from claims.statements.statement_sandbox import Limits, NotRead, extract

MOST_STATEMENTS = 200  # of one answer
LIMITS = Limits(cpu_seconds=5, seconds=8.0)
LEAST_WORDS = 4  # of what is said, to be looked for without the rest of its sentence

_READERS = Slots(3, per_caller=2)  # at once in this process: the other threads of the server keep serving
_CARRIAGE_RETURN = re.compile("\r(?!\n)")


class StatementText(NamedTuple):
    """A statement: the words to look for, and the offsets of its sentence in the article."""

    text: str
    start: int
    end: int


class ReadersBusy(Busy):
    """This process is reading as many articles as it can."""

    default_detail = "As many articles are being read as can be; try again in a few seconds, or send statements."
    wait = 5


class NotReadInTime(Busy):
    """The process that reads articles did not answer."""

    default_detail = "Articles cannot be read at the moment; try again in a minute, or send statements as texts."


def statements(article: str, language: str, caller: object) -> list[StatementText]:
    """The statements of the article in order. Raises `APIException`."""
    if not _READERS.acquire(caller):
        raise ReadersBusy
    began = time.monotonic()
    try:
        found = extract(_with_line_feeds(article), language, LIMITS)
    except NotRead as error:
        # Without its cause, which could hold words of the text.
        raise _refusal(error, time.monotonic() - began) from None
    finally:
        _READERS.release(caller)
    return [StatementText(_said(article, each), each.start, each.end) for each in found]


def _with_line_feeds(text: str) -> str:
    """The text with the line ends that extraction knows, at the same places."""
    return _CARRIAGE_RETURN.sub("\n", text.replace("\r\n", " \n"))


def _said(article: str, statement: ExtractedStatement) -> str:
    """What is asserted in the statement; its whole sentence if that is too little to be looked for."""
    said = " ".join(article[start:end] for start, end in statement.content)
    return said if len(said.split()) >= LEAST_WORDS else article[statement.start : statement.end]


def _refusal(error: NotRead, seconds: float) -> APIException:
    """Why the article was not read after this time. Another try helps only if the reader could not even begin."""
    if error.lasting or seconds >= LIMITS.cpu_seconds / 2:
        return invalid("/article", "This article takes too long to read; send it in parts, or its statements as texts.")
    return NotReadInTime()
