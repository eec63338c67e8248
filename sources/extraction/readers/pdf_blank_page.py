"""Whether a page of a PDF on which the reader found nothing is blank, or could not be unpacked.

pdfium gives a page whose content it cannot unpack as an empty one, without a word. So the page is written alone into
a PDF of its own, whose form is pdfium's and plain, and the beginning of its content is looked at here.
"""

import io
import re
import zlib
from typing import Any

LOOKED_AT = 100_000  # bytes of content, unpacked; a blank page has some dozens
_OBJECT = re.compile(rb"(?:^|[\r\n])(\d+) 0 obj\b")
_CONTENTS = re.compile(rb"/Contents\s*(?:(\d+) 0 R|\[([^\]]*)\])")
_STREAM = re.compile(rb"\bstream\r?\n")
_LENGTH = re.compile(rb"/Length\s+(\d+)")
_FILTER = re.compile(rb"/Filter\s*(?:/(\w+)|\[([^\]]*)\])")
_DRAWS = re.compile(rb"(?:^|[\s\])>])(?:T[jJ]|Do|['\"])(?:\s|$)")  # ISO 32000-1, tables 87 and 109: text and forms


def blank(document: Any, number: int) -> bool:
    """False if the page's content would show words, or cannot be looked at."""
    import pypdfium2  # type: ignore[import-untyped]  # as in sources/extraction/readers/pdf.py

    alone = pypdfium2.PdfDocument.new()
    try:
        alone.import_pages(document, [number])
        written = io.BytesIO()
        alone.save(written)
    except pypdfium2.PdfiumError:
        return False
    finally:
        alone.close()
    objects = _objects(written.getvalue())
    for each in objects.values():
        head = _STREAM.split(each, maxsplit=1)[0]
        if re.search(rb"/Type\s*/Page\b", head) and (named := _CONTENTS.search(head)):
            numbers = [int(named[1])] if named[1] else [int(n) for n in re.findall(rb"(\d+) 0 R", named[2])]
            # An array of contents may itself stand in an object of its own.
            lists = [objects.get(n, b"") for n in numbers]
            numbers += [int(n) for each in lists if not _STREAM.search(each) for n in re.findall(rb"(\d+) 0 R", each)]
            return not any(_shows(objects.get(n, b"")) for n in numbers)
    return True


def _objects(data: bytes) -> dict[int, bytes]:
    """The objects of a plain PDF by number; bytes of a stream that look like one do no harm but to be looked at."""
    found: dict[int, bytes] = {}
    starts = list(_OBJECT.finditer(data))
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        found.setdefault(int(start[1]), data[start.end() : following.start() if following else len(data)])
    return found


def _shows(each: bytes) -> bool:
    """Whether a stream may show something."""
    head, *rest = _STREAM.split(each, maxsplit=1)
    length = _LENGTH.search(head)
    if not rest or length is None:
        return False
    content = rest[0][: int(length[1])]
    if filters := _FILTER.search(head):
        for name in [filters[1]] if filters[1] else re.findall(rb"/(\w+)", filters[2]):
            if name not in {b"FlateDecode", b"Fl"}:
                return len(content) > 64  # what is packed in other ways is not blank for certain
            unpacking = zlib.decompressobj()
            try:
                content = unpacking.decompress(content, LOOKED_AT)
            except zlib.error:
                return True
            if len(content) < LOOKED_AT and not unpacking.eof:
                return True  # cut off
    return len(content) >= LOOKED_AT or _DRAWS.search(content) is not None
