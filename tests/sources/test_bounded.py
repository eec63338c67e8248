"""Documents and large pages are read in a child, and what harms the child harms nobody else."""

import io
import os
import signal
import zipfile

import pytest

from sources import bounded
from sources.text import UnsupportedMedia


def pdf(words: str, pages: int = 1) -> bytes:
    """A PDF of one line a page."""
    content = f"BT /F1 12 Tf 20 100 Td ({words}) Tj ET".encode()
    kids = " ".join("3 0 R" for _ in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]>>".encode(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj" % number + each + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )


def docx(xml: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="w"><w:body>{xml}</w:body></w:document>')
    return file.getvalue()


@pytest.mark.parametrize("media_type", ["application/pdf", "text/html", ""])
def test_a_pdf_is_read_whatever_the_server_calls_it(media_type: str) -> None:
    page = bounded.extract(pdf("412 bridges need repair."), media_type)
    assert page.text.strip() == "412 bridges need repair."
    assert page.extractor_version.startswith("pdf-1 ") and page.flags == ()


def test_a_word_document_is_read_without_what_is_deleted() -> None:
    words = "<w:p><w:r><w:t>412 </w:t></w:r><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:r><w:t>bridges"
    assert bounded.extract(docx(f"{words}</w:t></w:r></w:p><w:p><w:r><w:t>End</w:t></w:r></w:p>")).text == (
        "412 bridges\nEnd"
    )


def test_too_many_pages_are_read_in_part() -> None:
    assert bounded.extract(pdf("x", pages=2_001)).limited


@pytest.mark.parametrize("body", [b"%PDF-1.7 broken", b"PK\x03\x04broken"])
def test_what_is_damaged_is_refused_with_a_sentence(body: bytes) -> None:
    with pytest.raises(UnsupportedMedia, match=r"\.$"):
        bounded.extract(body)


def test_an_archive_that_unpacks_without_end_is_read_in_part() -> None:
    assert bounded.extract(docx("x" * 60_000_000)).limited


def test_a_child_over_its_time_is_ended_and_the_next_page_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert bounded.extract(pdf("one")).text.strip() == "one"
    child = bounded._child
    assert child is not None
    os.kill(child.process.pid, signal.SIGSTOP)
    monkeypatch.setattr(bounded, "SECONDS", 0.3)
    assert bounded.extract(pdf("two")).flags == ("parse_limited",)
    monkeypatch.undo()
    assert child.process.poll() is not None
    assert bounded.extract(pdf("three")).text.strip() == "three"


def test_large_pages_are_read_in_the_child_too() -> None:
    page = bounded.extract(b"<p>words</p>" * 100_000, "text/html")
    assert page.text.count("words") == 100_000
    assert bounded._child is not None and bounded._child.pages > 0
