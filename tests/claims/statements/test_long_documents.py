"""Long documents: stored at once, read in the background, nothing lost and nothing doubled by a crash."""

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from claims import tasks
from claims.models import Attribution, Document, Statement
from claims.statements import ingest, long_documents, statement_sandbox
from claims.statements.statement_sandbox import Limits, NotRead
from tests import factories

pytestmark = pytest.mark.sql
SENTENCE = "“The dam holds,” Ida Moe said. "
TEXT = SENTENCE * 40 + "\n\nThe lake is 12 metres deep."
LATER = NotRead("Later.", lasting=False)


@pytest.fixture
def waiting(db: None) -> Document:
    return store(TEXT)


def store(text: str, extracted: Any = LATER) -> Document:
    return ingest.store(ingest.read(text.encode()), extracted, language="en", actor=factories.editor())


def test_a_long_text_waits_and_is_read_whole(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "LONG", 1_000)
    client.force_login(factories.editor("ana"))
    answer = client.post("/admin/claims/document/add/", {"text": TEXT, "kind": "article"}, follow=True)
    page = answer.content.decode()
    assert "found in the background, which takes" in page and "Saved. The text is long" in page
    row = Document.objects.get()
    assert (row.reading, row.statements.count()) == ("waiting", 0)
    assert "being read" in client.get("/admin/documents/").content.decode()
    assert tasks.read_long_documents() == 1
    row.refresh_from_db()
    assert (row.reading, row.statements.count()) == ("done", 41)
    assert all(row.text[s.start : s.end] == s.text for s in row.statements.all())
    assert "found in the background" not in client.get(f"/admin/documents/{row.pk}/").content.decode()
    assert tasks.read_long_documents() == 0


def test_who_spoke_is_filed_as_for_a_short_text(waiting: Document) -> None:
    long_documents.read_waiting()
    (short,) = store(SENTENCE, ingest.statements(SENTENCE.strip())).statements.all()
    first = waiting.statements.order_by("start").first()
    assert first is not None and first.speaker == short.speaker and first.cue == short.cue == "said"
    assert Attribution.objects.filter(statement__document=waiting).count() == 40


def test_over_its_limit_the_document_is_kept_and_says_what_to_do(
    waiting: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*_: object) -> None:
        raise NotRead("Paste the part that matters into a document of its own.")

    monkeypatch.setattr(long_documents, "extract", too_long)
    assert long_documents.read_waiting() == 1
    waiting.refresh_from_db()
    assert (waiting.reading, waiting.text) == ("stopped", TEXT)
    assert waiting.reading_note == "Paste the part that matters into a document of its own."
    assert long_documents.read_waiting() == 0


def test_it_goes_on_waiting_if_the_worker_stops(waiting: Document) -> None:
    assert long_documents.read_waiting(lambda: False) == 0
    waiting.refresh_from_db()
    assert waiting.reading == "waiting"
    assert long_documents.read_waiting() == 1


def test_what_a_newsroom_sent_of_the_same_text_stays(waiting: Document) -> None:
    sent = Statement.objects.create(document=waiting, text=TEXT[: len(SENTENCE) - 1], start=0, end=len(SENTENCE) - 1)
    long_documents.read_waiting()
    assert waiting.statements.count() == 41
    assert waiting.statements.get(start=0) == sent


def test_ingesting_the_text_again_finishes_it(waiting: Document) -> None:
    assert store(TEXT, ingest.statements(TEXT)) == waiting
    waiting.refresh_from_db()
    assert (waiting.reading, waiting.statements.count()) == ("done", 41)
    assert store(TEXT, ingest.statements(TEXT)).statements.count() == 41


def test_a_text_that_takes_too_long_in_a_request_is_read_in_the_background(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement_sandbox.extract, "__defaults__", (Limits(1, 0.0), None))
    assert store(TEXT, ingest.extract_at_once(TEXT, "en")).reading == "waiting"


@pytest.fixture
def live(live_database: object, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def test_a_killed_reader_loses_and_repeats_nothing(live: None, settings: Any) -> None:
    row = store(TEXT)
    for at in ("long document extracted", "long document before commit"):
        statement_sandbox.close()
        connections.close_all()
        child = os.fork()
        if child == 0:
            try:
                settings.FAULT_POINT = at
                long_documents.read_waiting()
            finally:
                os._exit(0)  # reached only if the point was not
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        row.refresh_from_db()
        assert (row.reading, row.statements.count()) == ("waiting", 0)
    assert long_documents.read_waiting() == 1
    row.refresh_from_db()
    assert (row.reading, row.statements.count(), Attribution.objects.count()) == ("done", 41, 40)
