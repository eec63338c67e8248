"""Extract text from gzip-compressed XML, such as sitemaps and feeds; other compressed files are refused."""

import zlib

from sources.extraction.readers import xml
from sources.extraction.readers.result import ReaderResult

MAX_BYTES = 10_000_000  # decompressed
_NO_FEED = "This is a compressed file, not a page of text. Upload it as a file instead."


def read(body: bytes) -> ReaderResult:
    """Extract the text of compressed XML; none if it is too large. Raises `ValueError` for other content."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        data = inflater.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise ValueError("The compressed file is damaged.") from error
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise ValueError(_NO_FEED)
    if len(data) > MAX_BYTES:
        return ReaderResult("", limited=True)
    if not inflater.eof:
        raise ValueError("The compressed file is cut short.")
    try:
        return xml.read(data.decode("utf-8-sig", errors="replace"))
    except ValueError as error:
        raise ValueError(_NO_FEED) from error
