"""PDF by pdfium. Not to be called outside of a bounded process: it is C++ that reads what strangers made."""

from sources.extraction.readers.pdf_blank_page import blank
from sources.extraction.readers.result import Locked, Reading

MOST_PAGES = 2_000
MOST_CHARACTERS = 5_000_000


def read(body: bytes) -> Reading:
    """The text of all pages, one after the other. Raises `Locked`, or `ValueError` if it cannot be read."""
    import pypdfium2  # type: ignore[import-untyped]  # loads megabytes that most processes never need

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Locked("This PDF is locked with a password. Upload a copy that opens without.") from error
        raise ValueError("This PDF is damaged. Open it and save it anew, or paste its text.") from error
    with document:
        pages: list[str] = []
        length, unread = 0, False
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            textpage = page.get_textpage()
            pages.append(textpage.get_text_range(errors="replace"))
            textpage.close()
            if not pypdfium2.raw.FPDFPage_CountObjects(page):
                unread = unread or not blank(document, number)
            page.close()
            length += len(pages[-1])
            if length > MOST_CHARACTERS:
                break
        # U+FFFE (U+0002 in older versions) stands for a hyphen at which a word is broken.
        text = "\n\n".join(pages).replace("\r\n", "\n").replace("\ufffe\n", "").replace("\x02\n", "")
        title = document.get_metadata_value("Title") or ""
        return Reading(text.replace("\ufffe", ""), title, limited=unread or len(pages) < len(document))
