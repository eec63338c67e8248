"""Compressed sitemaps and feeds, as the text of the XML in them. Other compressed files are not read."""

import zlib

from sources.extraction.readers import xml
from sources.extraction.readers.result import Reading

MOST_BYTES = 10_000_000  # inflated
_NO_FEED = "This is a compressed file, not a page of text. Upload it as a file instead."


def read(body: bytes) -> Reading:
    """Raises `ValueError` if there is no XML in it. XML that is too large is read in no part."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        found = inflater.decompress(body, MOST_BYTES + 1)
    except zlib.error as error:
        raise ValueError("The compressed file is damaged.") from error
    if not found.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise ValueError(_NO_FEED)
    if len(found) > MOST_BYTES:
        return Reading("", limited=True)
    if not inflater.eof:
        raise ValueError("The compressed file breaks off.")
    try:
        return xml.read(found.decode("utf-8-sig", errors="replace"))
    except ValueError as error:
        raise ValueError(_NO_FEED) from error
