"""Ingest: statements of four kinds of story, storing them, the command, and refused input."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from claims.models import Document, Speaker, Statement
from claims.permissions import Refused
from claims.statements import ingest
from claims.statements.document_reader import UnreadableDocument
from tests.factories import editor
from tests.sources.documents import docx, pdf
from tests.sources.servers import Site, answer, page, serve

ROOT = Path(__file__).resolve().parents[3]
STORIES = Path(__file__).parent / "stories"

# (speaker as written, resolved, cue, quoted) of each sentence; None where nobody is quoted
Expected = tuple[str, str | None, str, bool] | None
WIRE: list[Expected] = [
    ("the Ministry of Transport", "the Ministry of Transport", "said", False),
    None,
    None,
    ("the ministry", "the Ministry of Transport", "said", False),
    ("a statement from the ministry", "the Ministry of Transport", "said", True),
    ("the statement", "the Ministry of Transport", "read", True),
    None,
    ("The islands' Chief Harbourmaster Ottar Venn", "Ottar Venn", "promised", False),
    ("Venn", "Ottar Venn", "said", True),
    ("The ministry of transport", "the Ministry of Transport", "said", False),
    ("Earlier reports", None, "said", False),
]
SPEECH: list[Expected] = [
    None,
    None,
    None,
    None,
    ("The Institute for Town Planning", "the Institute for Town Planning", "told", False),
    ("the institute", "the Institute for Town Planning", "According to", False),
    ("Ingrid Solheim, the first librarian of Lindal", "Ingrid Solheim", "wrote", True),
    ("She", "Ingrid Solheim", "said", False),
    ("My opponents", None, "say", False),
    None,
    None,
    None,
]
STATISTICS: list[Expected] = [
    None,
    ("Statistics Arvenia", "Statistics Arvenia", "announced", False),
    ("the agency", "Statistics Arvenia", "said", False),
    None,
    ("Marta Keller, head of the price unit", "Marta Keller", "said", True),
    ("Keller", "Marta Keller", "told", False),
    ("She", "Marta Keller", "warned", False),
    None,
    ("the chamber", "the Chamber of Trade", "according to", False),
    None,
]
POST: list[Expected] = [
    None,
    None,
    ("The health office", "The health office", "says", False),
    None,
    ("spokesman Pavel Orsini", "Pavel Orsini", "wrote", True),
    ("Orsini", "Pavel Orsini", "claimed", False),
    None,
    None,
    None,
    None,
]
FIGURES = {
    "wire.txt": [
        "May 3",
        "14 ports",
        "24/7",
        "6,300 travellers",
        "the past few decades",
        "April this year",
        "some 412,000 rivets",
        "more than 90 hulls",
        "the start of this year",
    ],
    "speech.txt": [
        "Four years",
        "23 places",
        "11 months",
        "2,400 square metres",
        "8.6 million crowns",
        "one in three",
        "12 percent",
        "between 2019 and 2023",
    ],
    "statistics.html": [
        "3.4 percent",
        "3.4 percent",
        "October 2031",
        "2.9 percent",
        "between 5 and 6 percent",
        "0.8 percentage points",
        "1,250 goods",
        "87 shops",
        "less than half",
        "€312",
        "€19",
        "2030",
        "eight of the 12 regions",
        "December 9",
    ],
    "post.md": ["3 of the 5 clinics", "40%", "9,000 patients", "81", "June 14", "7 p.m."],
}


def statements_of(name: str) -> tuple[ingest.ParsedDocument, list[ingest.ExtractedStatement]]:
    document = ingest.read((STORIES / name).read_bytes(), filename=name)
    return document, ingest.statements(document.text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("wire.txt", WIRE), ("speech.txt", SPEECH), ("statistics.html", STATISTICS), ("post.md", POST)],
)
def test_speakers_of_a_story(name: str, expected: list[Expected]) -> None:
    _, found = statements_of(name)
    told = [None if s.speaker is None else (s.speaker, s.speaker_resolved, s.cue, s.quoted) for s in found]
    assert told == expected


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_all_figures_of_a_story_are_found(name: str) -> None:
    _, found = statements_of(name)
    assert [figure.text for s in found for figure in s.figures] == FIGURES[name]


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_offsets_cut_out_exactly_the_sentence(name: str) -> None:
    document, found = statements_of(name)
    for statement in found:
        assert document.text[statement.start : statement.end] == statement.text == statement.text.strip()
        assert statement.content
        for start, end in statement.content:
            assert statement.start <= start < end <= statement.end
        for figure in statement.figures:
            assert document.text[figure.start : figure.end] == figure.text
    gaps = [document.text[a.end : b.start] for a, b in pairwise(found)]
    assert not any(c.isalnum() for gap in gaps for c in gap), "text between two statements was lost"


def test_a_split_quote_has_a_content_span_for_each_part() -> None:
    document, found = statements_of("statistics.html")
    (keller,) = (s for s in found if s.speaker == "Marta Keller, head of the price unit")
    assert [document.text[a:b] for a, b in keller.content] == [
        '"The rise is broad,"',
        '"and energy explains less than half of it."',
    ]


def test_plain_text_keeps_its_offsets() -> None:
    document = ingest.read(b"\n\n  Two lines.\r\nIt rained, the mayor said.\r\n")
    assert document.text == "\n\n  Two lines.\nIt rained, the mayor said.\n"
    assert [s.text for s in ingest.statements(document.text)] == ["Two lines.", "It rained, the mayor said."]


def test_html_is_read_without_its_menus() -> None:
    document, _ = statements_of("statistics.html")
    assert "Contact us" not in document.text
    assert "Cookies" not in document.text
    assert document.title.startswith("Consumer prices")
    assert document.language == "en"


def test_markdown_is_reduced_to_its_rendered_text() -> None:
    document, _ = statements_of("post.md")
    assert document.title == "Harbour Ward Residents"
    assert "3 of the 5 clinics" in document.text
    assert "https://" not in document.text
    assert "**" not in document.text


def test_characters_that_the_database_cannot_store_are_replaced() -> None:
    document = ingest.read("It rained.\x00 The mayor \ud800 said so." + " More." * 100)
    assert "\x00" not in document.text
    document.text.encode()


def test_other_languages_give_sentences_without_speakers() -> None:
    text = "Am 3. Mai kamen 4.000 Menschen. Das sagte der Minister."
    found = ingest.statements(text, "de")
    assert [s.text for s in found] == ["Am 3. Mai kamen 4.000 Menschen.", "Das sagte der Minister."]
    assert all(s.speaker is None for s in found)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"%PDF-1.7 ...", "PDF is damaged"),
        (b"PK\x03\x04 ...", "locked or damaged"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (bytes(range(256)) * 20, "binary"),
        (b"<html><body><script>1</script></body></html>", "No article text"),
        (b"<!doctype html>" + b"<div>" * 5000 + b"It rained.", "deeply"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(raw: bytes, says: str) -> None:
    with pytest.raises(UnreadableDocument, match=says):
        ingest.read(raw)


WORDS = ("The bridges are sound, said Ada Poe.", "It rained in May.")


def word_document(*paragraphs: str) -> bytes:
    return docx("".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in paragraphs))


@pytest.mark.parametrize(
    ("media_type", "filename"), [("", "story.docx"), ("application/octet-stream", ""), ("text/html", "")]
)
def test_a_word_document_is_read_whatever_it_is_called(media_type: str, filename: str) -> None:
    document = ingest.read(word_document(*WORDS), media_type=media_type, filename=filename)
    assert document.text == "\n".join(WORDS)
    assert [s.speaker for s in ingest.statements(document.text)] == ["Ada Poe", None]


def test_a_pdf_is_read() -> None:
    document = ingest.read(pdf(WORDS[1]), media_type="application/pdf")
    assert document.text == WORDS[1]


@pytest.mark.parametrize(
    ("raw", "says"),
    [(pdf("x", pages=2_001), "too long"), (pdf("").replace(b"() Tj", b"0 0 m"), "pictures and no text")],
)
def test_a_document_that_is_not_read_whole_is_refused(raw: bytes, says: str) -> None:
    with pytest.raises(UnreadableDocument, match=says):
        ingest.read(raw)


# -- storing ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def story() -> tuple[ingest.ParsedDocument, list[ingest.ExtractedStatement]]:
    return statements_of("wire.txt")


@pytest.mark.django_db
def test_store_writes_document_statements_and_speakers(story: Any) -> None:
    document, found = story
    user = editor()
    row = ingest.store(
        document,
        found,
        publisher="Harbour Post",
        date=date(2031, 5, 1),
        language="en",
        url="https://example.org/a",
        actor=user,
    )
    assert (row.publisher, row.published_on, row.created_by) == ("Harbour Post", date(2031, 5, 1), user)
    stored = list(row.statements.order_by("start"))
    assert len(stored) == len(found)
    assert all(row.text[s.start : s.end] == s.text for s in stored)
    by_name = {s.name: s.kind for s in Speaker.objects.all()}
    assert by_name == {"Ministry of Transport": "organisation", "Ottar Venn": "person"}
    assert stored[3].speaker_as_written == "the ministry"
    assert stored[3].speaker == stored[0].speaker == Speaker.objects.get(name="Ministry of Transport")
    assert stored[-1].speaker is None
    assert stored[-1].speaker_as_written == "Earlier reports"
    assert stored[1].figures[0]["value"] == "05-03"
    assert stored[9].checkworthy
    assert stored[9].checkworthy_reasons[0].startswith("states a figure")


@pytest.mark.django_db
def test_a_text_is_stored_once_at_an_address(story: Any) -> None:
    document, found = story
    first = ingest.store(document, found, url="https://example.org/a")
    for url in ("https://example.org/a", "http://www.example.org/a/?utm_source=feed", ""):
        assert ingest.store(document, found, url=url) == first
    assert Document.objects.count() == 1
    assert Statement.objects.count() == len(found)


@pytest.mark.django_db
def test_a_text_of_two_papers_is_two_documents(story: Any) -> None:
    document, found = story
    first = ingest.store(document, found, title="A", publisher="Harbour Post", url="https://example.org/a")
    second = ingest.store(document, found, title="B", publisher="Ward", url="https://example.org/copy")
    bare = ingest.store(document, found, publisher="Wire")
    assert [each.publisher for each in (first, second, bare)] == ["Harbour Post", "Ward", "Wire"]
    assert (first.title, second.title) == ("A", "B")
    assert Statement.objects.count() == 3 * len(found)
    again = ingest.store(document, found, publisher="Another wire")  # no address tells them apart
    assert again == bare and ingest.told_otherwise(again, publisher="Another wire") == ["publisher"]


@pytest.mark.django_db
def test_speakers_are_found_by_alias_and_namesakes_are_left_to_an_editor(story: Any) -> None:
    document, found = story
    known = Speaker.objects.create(name="Transport Ministry", aliases=["Ministry of Transport"], kind="organisation")
    Speaker.objects.create(name="Ottar Venn", kind="person", role="harbourmaster")
    Speaker.objects.create(name="Ottar Venn", kind="person", role="singer")
    row = ingest.store(document, found)
    assert row.statements.filter(speaker=known).count() == 5
    assert row.statements.get(speaker_as_written="Venn").speaker is None
    assert Speaker.objects.count() == 3


@pytest.mark.django_db
def test_only_editors_may_store(story: Any) -> None:
    document, found = story
    with pytest.raises(Refused):
        ingest.store(document, found, actor=User.objects.create_user("reader"))
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_store_writes_all_or_nothing(story: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    document, found = story

    def half() -> Iterator[ingest.ExtractedStatement]:
        yield found[0]
        raise RuntimeError("stopped half-way")

    with pytest.raises(RuntimeError):
        ingest.store(document, half())
    assert not Document.objects.exists()
    assert not Speaker.objects.exists()


@pytest.mark.sql
def test_two_at_once_store_one_document(story: Any, live_database: Any) -> None:
    document, found = story

    def store(_: int) -> int:
        try:
            return int(ingest.store(document, found, url="https://example.org/a").pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        keys = set(pool.map(store, range(4)))
    assert len(keys) == 1
    assert Document.objects.count() == 1
    assert Speaker.objects.count() == 2


# -- the command -----------------------------------------------------------------------------------------------------


def run(*args: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("ingest", *args, stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_dry_run_needs_no_database() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "ingest", str(STORIES / "wire.txt"), "--dry-run"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "postgresql://nobody:x@127.0.0.1:1/none"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    answer = json.loads(line)
    assert answer["document"] is None
    assert {
        "text", "start", "end", "content", "speaker", "speaker_resolved", "cue", "quoted", "figures", "checkworthy"
    } <= set(answer["statements"][0])  # fmt: skip
    assert [s["speaker"] for s in answer["statements"]] == [told and told[0] for told in WIRE]


@pytest.mark.django_db
def test_ingesting_again_returns_the_stored_document() -> None:
    first = run(str(STORIES / "post.md"), "--publisher", "Ward", "--date", "2031-06-01", "--language", "en-GB")
    again = run(str(STORIES / "post.md"))
    assert first["document"] == again["document"] is not None
    assert "existing" not in first
    assert again["existing"] is True
    stored = Document.objects.get(public_id=first["document"])
    assert (stored.publisher, stored.published_on, stored.language) == ("Ward", date(2031, 6, 1), "en-GB")
    assert stored.statements.count() == len(first["statements"])


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    with serve() as made:
        settings.FETCH_ALLOWED_LOOPBACK = made.address
        yield made


@pytest.mark.django_db
def test_a_page_is_fetched_and_its_address_kept(site: Site) -> None:
    site.pages["/prices"] = page((STORIES / "statistics.html").read_text())
    answer = run(site.url("/prices"))
    stored = Document.objects.get(public_id=answer["document"])
    assert stored.url == site.url("/prices")
    assert stored.title.startswith("Consumer prices")
    assert len(answer["statements"]) == len(STATISTICS)


@pytest.mark.django_db
def test_a_private_address_is_not_fetched(site: Site, settings: Any) -> None:
    settings.FETCH_ALLOWED_LOOPBACK = ""
    with pytest.raises(CommandError, match="could not be fetched"):
        run(site.url("/prices"))
    assert site.asked == []


@pytest.mark.django_db
def test_bad_input_is_one_sentence_and_writes_nothing(tmp_path: Path, site: Site) -> None:
    binary = tmp_path / "a.bin"
    binary.write_bytes(bytes(range(256)) * 20)
    empty = tmp_path / "empty.txt"
    empty.touch()
    image = answer(b"\x89PNG\r\n", "200 OK", "Content-Type: image/png")
    site.pages["/image"] = image
    good = str(STORIES / "wire.txt")
    for arguments, says in [
        ([str(tmp_path / "missing.txt")], "no file"),
        ([str(tmp_path)], "folder"),
        ([str(empty)], "empty"),
        ([str(binary)], "binary"),
        ([good, "--date", "1.5.2031"], "2024-05-31"),
        ([good, "--language", "x y"], "language tag"),
        ([site.url("/nowhere")], "could not be fetched"),
        ([site.url("/image")], "fetched|image"),
        (["ftp://example.org/a"], "could not be fetched"),
    ]:
        with pytest.raises(CommandError, match=says) as refused:
            run(*arguments)
        assert "\n" not in str(refused.value)
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("told", "own", "text", "expected"),
    [
        ("pt-BR", "en", "Die Brücke ist seit Montag zu, und der Rat sagt, dass sie nicht mehr öffnet.", "pt-BR"),
        ("", "en", "Die Brücke ist seit Montag zu, und der Rat sagt, dass sie nicht mehr öffnet.", "de"),
        ("", "de-AT", "Die Brücke ist seit Montag zu, und der Rat sagt, dass sie nicht mehr öffnet.", "de-AT"),
        ("", "sv", "Bron stängd", "sv"),
        ("", None, "Aldby 12 %", "und"),
    ],
)
def test_the_language_of_a_document_is_told_by_somebody_or_its_text_before_its_page(
    told: str, own: str | None, text: str, expected: str
) -> None:
    assert ingest.language_for(ingest.ParsedDocument(text, language=own), told) == expected
