"""Extract text from PDF files with pdfium. Call it in the sandbox only: it is C++ code that parses untrusted files."""

from sources.extraction.readers.pdf_blank_page import is_blank
from sources.extraction.readers.result import PasswordProtected, ReaderResult

MAX_PAGES = 2_000
MAX_CHARACTERS = 5_000_000


def read(body: bytes) -> ReaderResult:
    """Extract the text of all pages. Raises `PasswordProtected`, or `ValueError` for a damaged file."""
    import pypdfium2  # type: ignore[import-untyped]  # loads megabytes that most processes never need

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise PasswordProtected("This PDF needs a password. Upload a copy that opens without one.") from error
        raise ValueError("This PDF is damaged. Open it and save it again, or paste its text.") from error
    with document:
        pages: list[str] = []
        length, unread = 0, False
        for number in range(min(len(document), MAX_PAGES)):
            page = document[number]
            textpage = page.get_textpage()
            pages.append(textpage.get_text_range(errors="replace"))
            textpage.close()
            if not pypdfium2.raw.FPDFPage_CountObjects(page):
                unread = unread or not is_blank(document, number)
            page.close()
            length += len(pages[-1])
            if length > MAX_CHARACTERS:
                break
        # U+FFFE (U+0002 in older versions) represents a hyphen within a broken word.
        text = "\n\n".join(pages).replace("\r\n", "\n").replace("\ufffe\n", "").replace("\x02\n", "")
        title = document.get_metadata_value("Title") or ""
        return ReaderResult(text.replace("\ufffe", ""), title, limited=unread or len(pages) < len(document))
