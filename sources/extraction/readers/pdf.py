"""Extract text from PDF files with pdfium. Call it in the sandbox only: it is C++ code that parses untrusted files."""

from contextlib import suppress

from sources.extraction.readers import pdf_lines, pdf_shapes
from sources.extraction.readers.pdf_blank_page import is_blank
from sources.extraction.readers.result import PasswordProtected, ReaderResult

MAX_PAGES = 2_000
MAX_CHARACTERS = 5_000_000


def read(body: bytes) -> ReaderResult:
    """Extract the text of all pages. Raises `PasswordProtected`, or `ValueError` for a damaged or unreadable file."""
    import pypdfium2  # type: ignore[import-untyped]  # loads megabytes that most processes never need

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise PasswordProtected("This PDF needs a password. Upload a copy that opens without one.") from error
        raise ValueError("This PDF is damaged. Open it and save it again, or paste its text.") from error
    with document:
        pages: list[str] = []
        letters = pdf_shapes.Letters()
        length, unread = 0, False
        for number in range(min(len(document), MAX_PAGES)):
            page = document[number]
            textpage = page.get_textpage()
            text = textpage.get_text_range(errors="replace")
            if textpage.count_chars() == len(text):  # else characters of the text cannot be found on the page
                with suppress(pypdfium2.PdfiumError):
                    letters.count(text, textpage)
                    text = pdf_shapes.with_raised_figures(text, textpage)
            pages.append(text.replace("\r\n", "\n"))
            textpage.close()
            if not pypdfium2.raw.FPDFPage_CountObjects(page):
                unread = unread or not is_blank(document, number)
            page.close()
            length += len(pages[-1])
            if length > MAX_CHARACTERS:
                break
        if refusal := letters.refusal():
            raise ValueError(refusal)
        title = document.get_metadata_value("Title") or ""
        return ReaderResult(pdf_lines.join(pages), title, limited=unread or len(pages) < len(document))
