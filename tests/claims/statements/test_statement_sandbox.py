"""The sandbox of statements: the same answer as in place, limits, and sentences that say what to do."""

import os
import sys
import time
from collections.abc import Iterator

import pytest

from claims.statements import ingest, statement_sandbox
from claims.statements.document_reader import UnreadableDocument, read
from claims.statements.extraction import statements
from claims.statements.statement_sandbox import IN_BACKGROUND, IN_REQUEST, Limits, NotRead, extract

TEXT = (
    "“The dam holds 3.4 million litres,” Ida Moe, the minister of works, said on 5 May 2031. Falk never said that it "
    "leaks. It was said that €1,200 was paid.\n\nThe lake is 9" + "9" * 40 + " metres deep."
)
HARMFUL = """
import os, time
from claims.statements import extraction, statement_sandbox
from claims.statements.extraction import statements
def harm(text, language):
    if text.startswith("#"):
        exec(text)
    return statements(text, language)
extraction.statements = harm
statement_sandbox._serve()
"""


@pytest.fixture
def harmful(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Workers execute code from the text, as the worst that a vulnerable pattern would allow."""
    statement_sandbox.close()
    monkeypatch.setattr(statement_sandbox, "_PROGRAM", [sys.executable, "-c", HARMFUL])
    yield
    statement_sandbox.close()


def test_the_answer_is_that_of_the_program_itself() -> None:
    assert extract(TEXT, "en") == statements(TEXT, "en")
    assert extract("Der Damm hält, sagte Moe.", "de") == statements("Der Damm hält, sagte Moe.", "de")
    assert extract("…", "en") == []


@pytest.mark.usefixtures("harmful")
@pytest.mark.parametrize(
    ("code", "lasting"),
    [
        ("#\nwhile True: pass", False),
        ("#\ntime.sleep(60)", False),
        ("#\nx = bytearray(5_000_000_000)", False),
        ("#\nos._exit(1)", False),
        ("#\nos.kill(os.getpid(), 11)", False),
        ("#\nraise ValueError('of the text')", True),
    ],
)
def test_over_a_limit_there_is_a_sentence_and_the_next_text_is_read(code: str, lasting: bool) -> None:
    started = time.monotonic()
    with pytest.raises(NotRead, match=r"Paste the part that matters into a document of its own\.$") as caught:
        extract(code, "en", Limits(1, 3.0))
    assert caught.value.lasting is lasting
    assert time.monotonic() - started < 8
    assert [each.text for each in extract("The dam holds.", "en")] == ["The dam holds."]


@pytest.mark.usefixtures("harmful")
def test_a_reading_ends_when_it_may_not_go_on() -> None:
    extract("The dam holds.", "en")
    answers = iter([True, False, False])
    started = time.monotonic()
    with pytest.raises(NotRead) as caught:
        extract("#\ntime.sleep(60)", "en", IN_BACKGROUND, lambda: next(answers))
    assert not caught.value.lasting and time.monotonic() - started < 5


def test_a_text_of_too_many_sentences_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_sandbox, "MAX_STATEMENTS", 2)
    assert statement_sandbox._answer(b"One rose. Two fell. Three stayed.", ["statements", 1, "en"]) == (
        b"rThe text has more than 2 sentences. Paste the part that matters into a document of its own."
    )


def test_a_long_text_is_left_to_the_background_and_a_short_one_is_not() -> None:
    long = ingest.extract_at_once("The dam holds. " * 20_000, "en")
    assert isinstance(long, NotRead) and not long.lasting
    assert isinstance(ingest.extract_at_once(TEXT, "en"), list)


def test_the_cost_of_a_short_text_is_that_of_a_pipe() -> None:
    extract(TEXT, "en")
    started = time.process_time()
    for _ in range(50):
        extract(TEXT, "en", IN_REQUEST)
    assert (time.process_time() - started) / 50 < 0.005, "CPU seconds of this process, a text"


def test_markdown_that_occupies_the_parser_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_sandbox, "IN_REQUEST", Limits(1, 3.0))
    with pytest.raises(UnreadableDocument, match="could not be read within 1 seconds"):
        read(b"[a](" * 100_000 + b"*a_ " * 100_000 + b"[" * 50_000, filename="a.md")
    assert os.getpid()
