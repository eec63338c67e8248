"""Blocks of HTML, Word and PDF documents: none runs into another, and no sentence ends at the width of a page."""

from contextlib import suppress
from time import process_time

import pytest

from claims.statements import ingest
from claims.statements.document_reader import UnreadableDocument, document_text, read
from tests.sources.documents import docx

PDF = b"%PDF-1.7 \n"
PAGE = """Quay wall cracked
Olga Prim at the wall on Monday
The council closed the quay on Tuesday and will not open it before June, because the wall
is in danger. Asked whether the pumps had failed in the storm of the week before, Mayor
Olga Prim said they had not.
“We looked at every bolt of the wall in March and again in May, and none of it was loose.
Nobody wrote to us in all that time,” Karl Venn said.
Two rusted bolts
Bolts that were lost at the northern quay or that divers found below it in the spring of
2030 and later
Year Gaps
2030 Nine gaps"""


def test_the_lines_of_a_pdf_are_joined_to_sentences_and_blocks_are_not() -> None:
    text = document_text(PDF, PAGE)
    assert len(text) == len(PAGE)
    said = {s.text: (s.speaker_resolved, s.quoted) for s in ingest.statements(text)}
    whole = "The council closed the quay on Tuesday and will not open it before June, because the wall is in danger."
    assert whole in said and "Two rusted bolts" in said and "Year Gaps" in said
    [(asked, (speaker, _))] = [(text, who) for text, who in said.items() if text.startswith("Asked")]
    assert asked.endswith("Mayor Olga Prim said they had not.") and speaker == "Olga Prim"
    quoted = [text for text, who in said.items() if who == ("Karl Venn", True)]
    assert " ".join(quoted).startswith("“We looked") and "Nobody wrote" in " ".join(quoted)
    assert "Quay wall cracked" in said and "Olga Prim at the wall on Monday" in said


@pytest.mark.parametrize("raw", [b"PK\x03\x04", b""])
def test_the_lines_of_other_documents_stay(raw: bytes) -> None:
    assert document_text(raw, PAGE) == PAGE


def test_columns_stay_columns() -> None:
    table = "Year\nnine gaps\nand four\nmore"
    assert document_text(PDF, table) == table


def test_blocks_of_word_and_html_keep_apart() -> None:
    blocks = ["Quay wall cracked", "Gaps of 4 cm", "Olga Prim said it leaks.", "Two bolts", "Karl Venn denied it."]
    paragraph = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    cells = "".join(f"<w:tc>{paragraph.format(text)}</w:tc>" for text in blocks[3:4])
    word = (
        "".join(map(paragraph.format, blocks[:3]))
        + f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
        + paragraph.format(blocks[4])
    )
    page = (
        f"<html><body><article><h1>{blocks[0]}</h1><p>{blocks[1]}</p><p>{blocks[2]}</p>"
        f"<ul><li>{blocks[3]}</li></ul><p>{blocks[4]}</p></article></body></html>"
    )
    for raw, name in ((docx(word), "a.docx"), (page.encode(), "a.html")):
        read = ingest.read(raw, filename=name)
        assert [s.text.removeprefix("- ") for s in ingest.statements(read.text)] == blocks


def test_captions_of_a_page_are_blocks_of_their_own() -> None:
    filler = "The harbour board met on Monday and heard what the storm had done to the pier and to the two moles."
    page = (
        f"<html><body><article><h1>The pier is shut</h1><p>{filler}</p>"
        '<figure class="wide"><img src="a.jpg"><figcaption>The pier carries 7,200 people a week, <b>the board</b> says'
        f"</figcaption></figure><p>Nobody was hurt, and the ferries sail.</p>"
        f"<p>{filler.replace('Monday', 'Friday')}</p>"
        "<figure><img src='b.jpg'></figure><p>It reopens in June.</p></article></body></html>"
    )
    lines = read(page.encode(), filename="a.html").text.split("\n")
    after = lines.index("The pier carries 7,200 people a week, the board says")
    assert lines[after - 1 : after + 2 : 2] == [filler, "Nobody was hurt, and the ferries sail."]
    assert "It reopens in June." in lines


def test_marks_of_figures_that_never_end_cost_no_more_than_their_length() -> None:
    for junk in ("<figure>" * 100_000, "<figure><figcaption>" * 50_000, "<figure><figcaption>x" + " <b" * 300_000):
        begun = process_time()
        with suppress(UnreadableDocument):
            read(f"<html><body>{junk}")
        assert process_time() - begun < 20
