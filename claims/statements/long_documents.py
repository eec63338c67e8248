"""Read long documents in the background: those that were stored before their statements were extracted.

    Document (waiting) ──extract──> statements written, read
                           └──over a limit──> not read, with a sentence that says what to do

A reader holds the document's advisory lock, and writes in one transaction: a crash loses nothing, and a rerun or a
second process repeats nothing.
"""

from collections.abc import Callable

from django.db import transaction

from claims.models import Document
from claims.statements.extracted import ExtractedStatement
from claims.statements.ingest import finish_reading
from claims.statements.statement_sandbox import IN_BACKGROUND, NotRead, extract
from sources.database.audit import acting_as
from sources.database.locks import Lock, held
from sources.faults import point

_LARGEST_KEY = 2**31  # of a lock's second number


def read_waiting(may_continue: Callable[[], bool] = lambda: True) -> int:
    """Read the documents that wait for it, oldest first, while `may_continue`. Returns how many were finished.

    A reading under way ends too once it may not continue; the document then waits for the next run.
    """
    finished = 0
    waiting = Document.objects.filter(reading=Document.Reading.WAITING).order_by("pk").values_list("pk", flat=True)
    for pk in list(waiting[:100]):
        if not may_continue():
            break
        finished += _read(pk, may_continue)
    return finished


def _read(pk: int, may_continue: Callable[[], bool]) -> bool:
    with held(Lock.LONG_DOCUMENT, pk % _LARGEST_KEY) as taken:
        if not taken:
            return False
        document = Document.objects.filter(pk=pk, reading=Document.Reading.WAITING).only("text", "language").first()
        if document is None:
            return False
        extracted: list[ExtractedStatement] | NotRead
        try:
            extracted = extract(document.text, document.language, IN_BACKGROUND, may_continue)
        except NotRead as reason:
            extracted = reason
        point("long document extracted")
        with acting_as("ingest", reason="read a long document"), transaction.atomic():
            finished = finish_reading(pk, extracted)
            point("long document before commit")
        return finished
