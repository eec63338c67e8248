"""Extract text from Word documents (ECMA-376): the paragraphs of the body and of notes, without deleted text."""

import io
import zipfile

from sources.extraction.readers import xml
from sources.extraction.readers.result import ReaderResult

MAX_BYTES = 50_000_000
"""Of one part, decompressed."""

_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")


def read(body: bytes) -> ReaderResult:
    """Extract the text of a Word document. Raises `ValueError` if the bytes are something else."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = set(archive.namelist())
            if _PARTS[0] not in names:
                raise ValueError("This is an archive or another office document, not a page of text.")
            texts, limited = [], False
            for name in _PARTS:
                if name not in names:
                    continue
                with archive.open(name) as part:
                    data = part.read(MAX_BYTES + 1)
                if len(data) > MAX_BYTES:
                    limited = True
                    continue
                result = xml.read(data.decode("utf-8-sig"))
                texts.append(result.text)
                limited = limited or result.limited
    except (zipfile.BadZipFile, RuntimeError, UnicodeDecodeError) as error:
        raise ValueError(
            "This office document is locked or damaged. Open it and save it again, or paste its text."
        ) from error
    return ReaderResult("\n".join(texts), limited=limited)
